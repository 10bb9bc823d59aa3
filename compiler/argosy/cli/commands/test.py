"""``argosy test``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

from argosy.cli.exits import Exit
from argosy.cli.parameters import Argument, Option
from argosy.cli.shared import ArgoVersionOption, SeedOption, write_text
from argosy.report import names, render


def run(
    *,
    paths: Annotated[Sequence[str], Argument("Scenario files, or folders with *.scenario.yaml.", metavar="PATH")] = (),
    keyword: Annotated[
        str, Option("Only scenarios with this in their path or name.", names=("--keyword", "-k"), metavar="TEXT")
    ] = "",
    update: Annotated[bool, Option("Rewrite expectations to say what happens now; comments stay.")] = False,
    format: Annotated[str, Option("How to show the results.", choices=lambda: names("test"))] = "text",
    output: Annotated[str | None, Option("Write to this file.", names=("--output", "-o"), metavar="FILE")] = None,
    coverage: Annotated[bool, Option("Show what of the workflows the scenarios exercised.")] = False,
    coverage_html: Annotated[str | None, Option("Write the coverage as a page to this file.", metavar="FILE")] = None,
    fail_under: Annotated[int, Option("Exit with 1 if less than this much is exercised.", metavar="PERCENT")] = 0,
    argo_version: ArgoVersionOption = None,
    seed: SeedOption = 0,
) -> int:
    """Run scenario files and report like a test runner.

    A scenario passes if its expectations hold, all of it came about, and the invariants of its workflow hold.

    Examples:

        argosy test
        argosy test scenarios/ -k notify
        argosy test --format junit -o results.xml
        argosy test --update outage.scenario.yaml
        argosy test --coverage --fail-under 80
    """
    from argosy.explore.cases import run_cases

    found = run_cases(list(paths) or ["."], keyword=keyword, argo_version=argo_version, seed=seed)
    if update:
        from argosy.explore.update import update as rewrite

        for path in rewrite(found):
            sys.stderr.write(f"updated {path}\n")
        found = run_cases(list(paths) or ["."], keyword=keyword, argo_version=argo_version, seed=seed)
    write_text(render("test", format, found, None if output else sys.stdout), output)
    enough = True
    if coverage or coverage_html or fail_under:
        from argosy.explore.coverage import coverage as measure

        measured = measure(found)
        enough = measured.percent >= fail_under
        if coverage or fail_under:
            (sys.stdout if format == "text" or output else sys.stderr).write(
                "\n" + render("coverage", "text", measured)
            )
        if coverage_html:
            write_text(render("coverage", "html", measured), coverage_html)
    return Exit.FOUND if found.failed or not enough or not found.cases else Exit.CLEAN
