"""``argosy compile``."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

from argosy.cli.exits import Exit
from argosy.cli.parameters import Argument, Option


def run(
    *,
    paths: Annotated[Sequence[str], Argument("Python files, folders, or modules (package.module).", metavar="PATH")],
    output: Annotated[
        str | None,
        Option(
            "Write to this file; to one file each in this folder, if it is one or ends in /.",
            ("--output", "-o"),
            "PATH",
        ),
    ] = None,
    check: Annotated[
        bool, Option("Write nothing; show a diff and exit with 1 if the files are not up to date.")
    ] = False,
    watch: Annotated[bool, Option("Compile again whenever a source changes, until interrupted.")] = False,
    parameter: Annotated[
        Sequence[str], Option("A value for a parameter of the workflows.", ("--parameter", "-p"), "NAME=VALUE")
    ] = (),
    parameter_file: Annotated[str | None, Option("Values for parameters, as YAML or JSON.", metavar="PATH")] = None,
    environment: Annotated[
        str | None, Option("The environment to compile for, such as staging.", ("--environment", "-e"), "NAME")
    ] = None,
) -> int:
    """Turn workflows in Python into YAML that Argo takes.

    The workflows of each file are compiled apart from those of all others, in the order in which it defines them.

    Examples:

        argosy compile pipeline.py
        argosy compile pipeline.py -o pipeline.yaml
        argosy compile workflows/ -o manifests/ --check
        argosy compile pipeline.py -e production -p replicas=5
    """
    from argosy.frontend import emit

    values = emit.parameter_values(parameter, parameter_file)
    if watch:
        return _watch(paths, output, environment, values)
    planned = emit.plan(emit.compile_sources(paths, environment, values), output)
    if check:
        diffs = list(emit.stale(planned))
        sys.stdout.write("".join(diffs))
        return Exit.FOUND if diffs else Exit.CLEAN
    for one in planned:
        if one.path is None:
            sys.stdout.write(one.text)
        else:
            emit.write(one)
    return Exit.CLEAN


def _watch(paths: Sequence[str], output: str | None, environment: str | None, values: Mapping[str, str]) -> int:
    import time

    from argosy.errors import UsageError
    from argosy.frontend import emit
    from argosy.report.errors import render
    from argosy.report.style import style_for

    if output is None:
        raise UsageError("--watch writes files", hint="say which: -o FILE or -o FOLDER/")
    seen: dict[Path, float] = {}
    while True:
        now = emit.watched(paths)
        if now != seen:
            seen = now
            changed, error = emit.once(paths, output, environment, values)
            for path in changed:
                sys.stderr.write(f"wrote {path}\n")
            if error is not None:
                sys.stderr.write(render(error, style_for(sys.stderr)))
        time.sleep(0.5)
