"""``argosy lint``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from argosy.cli.exits import Exit
from argosy.cli.parameters import Argument, Option
from argosy.cli.shared import STDIN, ArgoVersionOption, read_text, rule_names
from argosy.report import names, render

if TYPE_CHECKING:
    from argosy.lint.result import LintResult


def run(
    *,
    paths: Annotated[Sequence[str], Argument("Manifests, folders, Python files; - is standard input.", metavar="PATH")],
    argo_version: ArgoVersionOption = None,
    format: Annotated[str, Option("How to show the findings.", choices=lambda: names("lint"))] = "text",
    strict: Annotated[bool, Option("Exit with 1 on warnings, too.")] = False,
    select: Annotated[
        Sequence[str], Option("Only these rules (comma-separated).", metavar="RULES", suggest=rule_names)
    ] = (),
    ignore: Annotated[
        Sequence[str], Option("None of these rules (comma-separated).", metavar="RULES", suggest=rule_names)
    ] = (),
    severity: Annotated[
        Sequence[str], Option("Take a rule more or less seriously.", metavar="RULE=error|warning|info|off")
    ] = (),
    with_: Annotated[
        Sequence[str], Option("Look up templates that manifests refer to here as well.", metavar="PATH")
    ] = (),
    only_argo: Annotated[
        bool, Option("Pass over the files that hold no manifest of Argo's, although they are named.")
    ] = False,
    fix: Annotated[bool, Option("Write the safe fixes into the files, and show what is left.")] = False,
    unsafe_fixes: Annotated[
        bool, Option("With --fix or --diff: those fixes, too, that may change what a workflow does.")
    ] = False,
    diff: Annotated[bool, Option("Show what --fix would change instead; exit with 1 if that is anything.")] = False,
    no_config: Annotated[bool, Option("Do without argosy.toml and pyproject.toml.")] = False,
    no_cache: Annotated[bool, Option("Do without the cache.")] = False,
    stdin_filename: Annotated[str | None, Option("The name to report standard input under.", metavar="PATH")] = None,
) -> int:
    """Find what is wrong with manifests, and tell whether Argo would take them.

    An *error* will not work: Argo refuses it, or it is certain to end in error, to hang, or never to run its exit
    handler. A *warning* is likely to hurt. Argo's own verdict is shown apart, and always equals that of `argo lint`.

    Examples:

        argosy lint workflow.yaml
        argosy lint . --argo-version 3.7 --format github
        argosy lint workflow.yaml --with ../shared-templates/
        argosy lint pipeline.py
        argosy lint workflow.yaml --fix
        argosy lint workflow.yaml --diff --unsafe-fixes
        helm template chart/ | argosy lint - --stdin-filename chart.yaml
    """
    from argosy.cli import lean

    lean.load()
    from argosy.lint.result import LintResult
    from argosy.lint.run import lint

    chosen: dict[str, Any] = {
        "argo_version": argo_version,
        "select": split(select) or None,
        "ignore": split(ignore),
        "severity": split(severity),
        "config": not no_config,
    }
    if unsafe_fixes and not (fix or diff):
        from argosy.errors import UsageError

        raise UsageError("--unsafe-fixes does nothing by itself", hint="add --fix or --diff")
    paths = [path for path in paths if not only_argo or holds_argo(path)]
    python = [path for path in paths if path.endswith(".py")]
    others = [path for path in paths if path not in python]
    result, stream = LintResult(), sys.stdout
    more: dict[str, Any] = {"with_": with_, "cache": not no_cache, "stdin_filename": stdin_filename}
    if others and (fix or diff):
        from argosy.cli import fixes

        fixed = fixes.fix(others, unsafe=unsafe_fixes, **more, **chosen)
        if diff:
            return fixes.show(fixed, stdin_filename)
        result, stream = fixed.result, fixes.write(fixed, others)
        paths, more["with_"] = python, [*with_, *(path for path in others if path != STDIN)]
    if paths:
        result.files += lint(paths, **more, **chosen).files
    stream.write(render("lint", format, result, stream))
    return exit_code(result, strict)


def holds_argo(path: str) -> bool:
    """Say whether a file may hold a manifest of Argo's: whether it names a kind of it. Other than files always do."""
    import re
    from pathlib import Path

    if path.endswith(".py") or not Path(path).is_file():
        return True
    kind = rb"""kind["']?\s*:\s*["']?((Cluster|Cron)?Workflow|List\b)"""
    return re.search(kind, read_text(path)) is not None


def split(values: Sequence[str]) -> list[str]:
    """Take lists apart that were given with commas.

    >>> split(["a,b", "c"])
    ['a', 'b', 'c']
    """
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def exit_code(result: LintResult, strict: bool) -> Exit:
    """Give the exit code for what was found."""
    from argosy.lint.finding import Severity

    bad = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    rejected = any(file.accepted is False and not file.foreign for file in result.files)
    return Exit.FOUND if rejected or any(found.finding.severity in bad for found in result.findings()) else Exit.CLEAN
