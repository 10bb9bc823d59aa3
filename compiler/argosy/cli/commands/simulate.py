"""``argosy simulate``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from argosy.cli.exits import Exit
from argosy.cli.parameters import Argument, Option
from argosy.cli.shared import STDIN, ArgoVersionOption, SeedOption, read_text, tell_of_pods, write_text
from argosy.report import names, render

if TYPE_CHECKING:
    from argosy.simulate.cron_run import CronRun
    from argosy.simulate.run import Run


def run(
    *,
    manifest: Annotated[
        str | None, Argument("The workflow: YAML, Python, or - for standard input.", metavar="MANIFEST")
    ] = None,
    fail: Annotated[
        Sequence[str],
        Option(
            "Let a template fail, and say how: build, build:exit=3, build:oom, build:attempt=0.", metavar="TEMPLATE"
        ),
    ] = (),
    scenario: Annotated[
        str | None, Option("A file that says what happens in the run, and how it should end.", metavar="FILE")
    ] = None,
    format: Annotated[str, Option("How to show the run.", choices=lambda: names("run"))] = "tree",
    output: Annotated[str | None, Option("Write to this file.", names=("--output", "-o"), metavar="FILE")] = None,
    workflow: Annotated[str | None, Option("Which workflow, if there are several.", metavar="NAME")] = None,
    exit_status: Annotated[bool, Option("Exit with 1 if the workflow ends Failed or Error, too.")] = False,
    run_scripts: Annotated[
        Sequence[str],
        Option("Really run the scripts and containers of these templates here: a name, or '*'.", metavar="TEMPLATE"),
    ] = (),
    container_engine: Annotated[
        str | None, Option("Really run them in their images: docker or podman.", metavar="PROGRAM")
    ] = None,
    map: Annotated[
        Sequence[str],
        Option("Let what is really run ask the catcher for this URL, even if it heeds no proxy.", metavar="URL"),
    ] = (),
    time_limit: Annotated[int, Option("How many seconds each may really run.", metavar="SECONDS")] = 60,
    argo_version: ArgoVersionOption = None,
    seed: SeedOption = 0,
) -> int:
    """Run a workflow as Argo's controller would, with any step failing, in virtual time and without a cluster.

    Pods do what the scenario and `--fail` say, and succeed where they say nothing; nothing of yours is executed. The
    exit code is 0 if the scenario's expectations hold (or it has none), and 1 if they do not.

    With `--run-scripts` the pods of the templates that you name are really run, in a scratch directory: their logs are
    shown, and the HTTP requests that they make are caught, shown, and answered as the scenario says.

    Examples:

        argosy simulate workflow.yaml
        argosy simulate workflow.yaml --fail build --fail deploy:exit=3
        argosy simulate pipeline.py --fail test:oom,attempt=0 --format timeline
        argosy simulate --scenario outage.yaml
        argosy simulate workflow.yaml --fail build --run-scripts notify
        argosy simulate workflow.yaml --fail build --format html -o run.html
        argosy simulate workflow.yaml --fail build --format json | jq .status.phase
    """
    from argosy.errors import UsageError
    from argosy.simulate.api import read_scenario, simulate

    chosen = read_scenario(scenario)
    given = read_text(STDIN).decode("utf-8", "replace") + "\n" if manifest == STDIN else manifest
    options: dict[str, Any] = {"argo_version": argo_version, "seed": seed, "workflow": workflow, "fail": list(fail)}
    if not run_scripts and not chosen.run_scripts:
        if map or container_engine:
            raise UsageError("nothing is really run", hint="say what with --run-scripts TEMPLATE")
        done = simulate(given, scenario=chosen, **options)
    else:
        from argosy.local.really import run_really

        how = {"maps": map, "container_engine": container_engine, "seconds": time_limit, "tell": tell_of_pods()}
        done = run_really(given, chosen, run_scripts, options=options, **how)
    write_text(render("run", format, done, None if output else sys.stdout), output)
    return exit_code(done, exit_status)


def exit_code(done: Run | CronRun, exit_status: bool) -> Exit:
    """Give the exit code for a run, or for all runs of a CronWorkflow."""
    from argosy.simulate.run import Run

    workflows = [done.workflow] if isinstance(done, Run) else done.workflows
    bad = exit_status and any(workflow["status"].get("phase") in ("Failed", "Error") for workflow in workflows)
    return Exit.FOUND if bad or not done.ok else Exit.CLEAN
