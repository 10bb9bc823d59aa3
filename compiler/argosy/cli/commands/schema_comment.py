"""``argosy schema-comment``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

from argosy.cli.exits import Exit
from argosy.cli.parameters import Argument, Option
from argosy.cli.shared import ArgoVersionOption, read_text
from argosy.errors import Place, UsageError

ARGO = "https://raw.githubusercontent.com/argoproj/argo-workflows/v{}.0/api/jsonschema/schema.json"
"""Where Argo publishes its own schema, which knows fewer mistakes."""


def run(
    *,
    paths: Annotated[Sequence[str], Argument("Manifests and folders.", metavar="PATH")],
    schema: Annotated[
        str, Option("Which schema: argosy (the installed one), argo (published by Argo), a path or a URL.")
    ] = "argosy",
    argo_version: ArgoVersionOption = None,
    remove: Annotated[bool, Option("Take the comments out.")] = False,
    check: Annotated[bool, Option("Write nothing; name the files that would change, and exit with 1 for any.")] = False,
) -> int:
    """Put a first line into manifests that tells editors their schema: mistakes then show while one types.

    The line is `# yaml-language-server: $schema=WHERE`; one that is there is replaced. Files that hold other documents
    than Argo's are passed over. The path of the installed schema differs from machine to machine: for files that are
    shared, copy it (`argosy schema > argo.schema.json`) and name the copy.

    Examples:

        argosy schema-comment workflow.yaml
        argosy schema-comment manifests/ --schema argo.schema.json
        argosy schema-comment manifests/ --schema argo --argo-version 3.7
        argosy schema-comment manifests/ --remove
    """
    from argosy.lint.folders import files
    from argosy.yaml.schema_comment import with_schema

    changed = 0
    for path in files(paths):
        text = read_text(path).decode("utf-8", "surrogateescape")
        where = None if remove else _where(schema, argo_version, Path(path))
        made = with_schema(text, where) if remove or _is_argo(text, path) else text
        if made == text:
            continue
        changed += 1
        sys.stdout.write(f"{'would change' if check else 'changed'} {path}\n")
        if not check:
            _write(Path(path), made)
    return Exit.FOUND if check and changed else Exit.CLEAN


def _is_argo(text: str, path: str) -> bool:
    from argosy.lint.context import KINDS
    from argosy.yaml.read import read

    documents = read(text.encode("utf-8", "surrogateescape"), path)
    return bool(documents) and all(one.kind in KINDS and not one.is_json for one in documents)


def _where(schema: str, version: str | None, path: Path) -> str:
    from argosy.model.schema_files import schema_file
    from argosy.versions import argo_version

    if schema == "argo":
        return ARGO.format(argo_version(version))
    if schema == "argosy":
        return str(schema_file(f"argo-{argo_version(version)}.schema.json"))
    if "://" in schema or Path(schema).is_absolute():
        return schema
    return "/".join(_steps(schema, path))


def _steps(schema: str, path: Path) -> Iterator[str]:
    """Give a path as seen from a manifest, as editors want it."""
    steps = Path(os.path.relpath(schema, path.parent)).parts
    yield from [] if steps[0] == ".." else ["."]
    yield from steps


def _write(path: Path, text: str) -> None:
    try:
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise UsageError(f"cannot write to it: {error.strerror}", place=Place(str(path))) from None
