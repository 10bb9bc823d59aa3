"""``argosy schema``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from argosy.cli.exits import Exit
from argosy.cli.parameters import Argument, Option
from argosy.cli.shared import ArgoVersionOption
from argosy.errors import UsageError

_END = ".schema.json"


def _names() -> Iterable[str]:
    """Give what there are schemas of; those of Argo's manifests are one for each version."""
    from argosy.model.schema_files import schema_file

    found = schema_file("argo-4.1.schema.json").parent.glob(f"*{_END}")
    return sorted({"argo" if path.name.startswith("argo-") else path.name.removesuffix(_END) for path in found})


def run(
    *,
    name: Annotated[str, Argument("What the schema is of.", metavar="NAME", suggest=_names)] = "argo",
    argo_version: ArgoVersionOption = None,
    list_: Annotated[bool, Option("Show what there are schemas of.", names=("--list",))] = False,
    path: Annotated[bool, Option("Show where the schema is instead of what is in it.")] = False,
) -> int:
    """Show a JSON Schema: of Argo's manifests, of scenarios, of what Argosy prints as JSON.

    Editors can use it, for example with a first line `# yaml-language-server: $schema=PATH`.

    Examples:

        argosy schema > argo.schema.json
        argosy schema argo --argo-version 3.7 --path
        argosy schema --list
    """
    if list_:
        sys.stdout.write("".join(f"{one}\n" for one in _names()))
        return Exit.CLEAN
    file = _file(name, argo_version)
    sys.stdout.write(f"{file}\n" if path else file.read_text(encoding="utf-8"))
    return Exit.CLEAN


def _file(name: str, version: str | None) -> Path:
    from argosy.model.schema_files import schema_file
    from argosy.versions import argo_version

    known = list(_names())
    if name not in known:
        raise UsageError(f"there is no schema of {name!r}", hint=f"there are: {', '.join(known)}")
    return schema_file(f"argo-{argo_version(version)}{_END}" if name == "argo" else f"{name}{_END}")
