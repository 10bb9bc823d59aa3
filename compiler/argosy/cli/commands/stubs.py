"""``argosy stubs``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from argosy.cli.commands.import_ import documents
from argosy.cli.exits import Exit
from argosy.cli.parameters import Argument, Option
from argosy.cli.shared import write_text


def run(
    *,
    paths: Annotated[Sequence[str], Argument("Manifests of WorkflowTemplates; - is standard input.", metavar="PATH")],
    output: Annotated[str | None, Option("Write to this file.", ("--output", "-o"), "PATH")] = None,
) -> int:
    """Write typed Python functions for the templates of WorkflowTemplates.

    Steps that call them become templateRefs, and type checkers find wrong parameters of templates that live in another
    repository.

    Examples:

        argosy stubs ../platform/templates/build.yaml -o build_templates.py
    """
    from argosy.frontend.importer.stubs import stubs

    write_text(stubs(documents(paths)), output)
    return Exit.CLEAN
