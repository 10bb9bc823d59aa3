"""``argosy replay``."""

from __future__ import annotations

import sys
from typing import Annotated

from argosy.cli.exits import Exit
from argosy.cli.parameters import Argument, Option
from argosy.cli.shared import ArgoVersionOption, SeedOption, WithOption, write_text
from argosy.report import names, render


def run(
    *,
    run: Annotated[str, Argument("A workflow that ran, as `argo get NAME -o json` prints it.", metavar="RUN")],
    scenario: Annotated[
        str | None, Option("Write the recovered scenario to this file; - is standard output.", metavar="FILE")
    ] = None,
    format: Annotated[str, Option("How to show the comparison.", choices=lambda: names("replay"))] = "text",
    with_: WithOption = (),
    argo_version: ArgoVersionOption = None,
    seed: SeedOption = 0,
) -> int:
    """Turn a real run into a scenario, simulate it, and tell where simulation and reality differ.

    What each pod did, who stopped or resumed the workflow, and the values of outputs are recovered from its status. The
    exit code is 1 if the simulation differs from the run.

    Examples:

        argo get release-x7f2k -o json > run.json
        argosy replay run.json
        argosy replay run.json --scenario incident.scenario.yaml
    """
    from argosy.explore.replayed import replay

    found = replay(run, argo_version, seed, with_)
    if scenario is not None:
        write_text(found.file(), scenario)
    if scenario != "-":
        sys.stdout.write(render("replay", format, found, sys.stdout))
    return Exit.FOUND if found.differences else Exit.CLEAN
