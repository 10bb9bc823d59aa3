"""``argosy import``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated, Any

from argosy.cli.exits import Exit
from argosy.cli.parameters import Argument, Option
from argosy.cli.shared import read_text, write_text


def run(
    *,
    paths: Annotated[Sequence[str], Argument("Manifests; - is standard input.", metavar="PATH")],
    output: Annotated[str | None, Option("Write to this file.", ("--output", "-o"), "PATH")] = None,
) -> int:
    """Write typed Python for manifests that exist.

    What is written is compiled again and compared: it means the same as the manifests. The few things that have no
    typed words are kept as plain data, and named on standard error, with the reason.

    Examples:

        argosy import workflow.yaml -o workflow.py
        kubectl get workflowtemplate build -o yaml | argosy import -
    """
    from argosy.frontend.importer.documents import import_documents

    imported = import_documents(documents(paths))
    write_text(imported.text, output)
    for key, reason in imported.kept.items():
        sys.stderr.write(f"kept as data: {key.partition(':')[2]}: {reason}\n")
    return Exit.CLEAN


def documents(paths: Sequence[str]) -> list[dict[str, Any]]:
    """Read the workflows of files. Raises ReadError for text that is no YAML, or where there are none."""
    from argosy.errors import Place, ReadError
    from argosy.yaml.read import read

    kinds = ("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow")
    found: list[dict[str, Any]] = []
    for path in paths:
        for document in read(read_text(path), path):
            if document.problems:
                span = document.problems[0].span
                raise ReadError(document.problems[0].message, place=Place(span.path, span.line, span.column))
            if document.kind in kinds:
                found.append(document.data)
    if not found:
        raise ReadError("there is no workflow in it", place=Place(paths[0]), hint=f"known kinds: {', '.join(kinds)}")
    return found
