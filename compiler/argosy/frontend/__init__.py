"""The typed front-end: Python functions are templates, and calling one in the body of a workflow adds a step.

``compile_path`` gives the manifests of a Python file, ``to_manifests`` those of a workflow of ours or of Hera's.
"""

from __future__ import annotations

from argosy.frontend.load import compile_path, to_hera, to_manifests, to_yaml

__all__ = ["compile_path", "to_hera", "to_manifests", "to_yaml"]
