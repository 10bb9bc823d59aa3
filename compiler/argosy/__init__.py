"""Argosy: write, lint and simulate Argo Workflows before anything touches a cluster."""

from __future__ import annotations

__version__ = "0.1.0"
