"""``argosy diff``."""

from __future__ import annotations

import sys
from typing import Annotated

from argosy.cli.commands.explore import progress
from argosy.cli.exits import Exit
from argosy.cli.parameters import Argument, Option
from argosy.cli.shared import ArgoVersionOption, SeedOption, WithOption
from argosy.report import names, render


def run(
    *,
    old: Annotated[str, Argument("The workflow as it was: YAML or Python.", metavar="OLD")],
    new: Annotated[str, Argument("The workflow as it is now.", metavar="NEW")],
    depth: Annotated[int, Option("How many things go wrong in one run: 1, or 2 for every pair.", metavar="N")] = 1,
    jobs: Annotated[int, Option("How many processes share the work.", metavar="N")] = 1,
    format: Annotated[str, Option("How to show the changes.", choices=lambda: names("diff"))] = "text",
    workflow: Annotated[str | None, Option("Which workflow, if there are several.", metavar="NAME")] = None,
    with_: WithOption = (),
    argo_version: ArgoVersionOption = None,
    seed: SeedOption = 0,
) -> int:
    """Tell what changed in behaviour between two versions of a workflow, under all faults.

    The exit code is 1 if a change is for the worse: the handler no longer runs after a fault, say.

    Examples:

        argosy diff old.yaml new.yaml
        git show main:pipeline.yaml > old.yaml; argosy diff old.yaml pipeline.yaml --format markdown
    """
    from argosy.explore.difference import compare
    from argosy.explore.exploration import explore

    with progress() as tell:
        before, after = (
            explore(
                path,
                depth=depth,
                jobs=jobs,
                workflow=workflow,
                with_=with_,
                argo_version=argo_version,
                seed=seed,
                progress=tell,
            )
            for path in (old, new)
        )
    found = compare(before, after)
    sys.stdout.write(render("diff", format, found, sys.stdout))
    return Exit.FOUND if found.worse else Exit.CLEAN
