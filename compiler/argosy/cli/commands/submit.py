"""``argosy submit``."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from argosy.cli.exits import Exit
from argosy.cli.parameters import Argument, Option

if TYPE_CHECKING:
    from argosy.frontend.submit import Server
    from argosy.source import Manifest


def run(
    *,
    paths: Annotated[Sequence[str], Argument("Python files or manifests.", metavar="PATH")],
    server: Annotated[str | None, Option("The Argo server (default: ARGO_SERVER).", metavar="URL")] = None,
    namespace: Annotated[
        str | None, Option("The namespace (default: ARGO_NAMESPACE, or default).", ("--namespace", "-n"), "NAME")
    ] = None,
    insecure: Annotated[bool, Option("Do not check the server's certificate.")] = False,
    parameter: Annotated[
        Sequence[str], Option("A value for a parameter of the workflows.", ("--parameter", "-p"), "NAME=VALUE")
    ] = (),
    environment: Annotated[
        str | None, Option("The environment to compile for, such as staging.", ("--environment", "-e"), "NAME")
    ] = None,
    no_follow: Annotated[bool, Option("Do not wait for workflows to end.")] = False,
    compare: Annotated[
        bool, Option("Simulate as well, and say where the run ended differently; exit with 1 if it did.")
    ] = False,
    fail: Annotated[
        Sequence[str], Option("What fails in the simulation, as for argosy simulate.", metavar="TEMPLATE[:...]")
    ] = (),
) -> int:
    """Send workflows to an Argo server, and follow them until they end.

    The token is taken from ARGO_TOKEN. Workflow templates and cron workflows are created, not followed. Exits with 1 if
    a workflow ends Failed or Error.

    Examples:

        argosy submit pipeline.py --server https://argo.example.com:2746 -n batch
        argosy submit pipeline.py --compare
    """
    from argosy.errors import UsageError
    from argosy.frontend.submit import Server, submit

    host = server or os.environ.get("ARGO_SERVER")
    if not host:
        raise UsageError("which server?", hint="--server URL, or set ARGO_SERVER")
    chosen = namespace or os.environ.get("ARGO_NAMESPACE") or "default"
    where = Server(host, os.environ.get("ARGO_TOKEN"), chosen, not insecure)
    code = Exit.CLEAN
    for manifest in _manifests(paths, parameter, environment):
        name = submit(manifest, where)
        sys.stdout.write(f"{manifest.kind} {name} created\n")
        sys.stdout.flush()
        if manifest.kind != "Workflow" or no_follow:
            continue
        ended = _follow(name, where)
        different = compare and _compare(manifest, name, where, fail)
        if different or (ended != "Succeeded" and not compare):
            code = Exit.FOUND
    return code


def _manifests(paths: Sequence[str], parameter: Sequence[str], environment: str | None) -> list[Manifest]:
    from pathlib import Path

    from argosy.cli.commands.import_ import documents
    from argosy.frontend import emit
    from argosy.source import Manifest

    values = emit.parameter_values(parameter, None)
    found: list[Manifest] = []
    for path in paths:
        if Path(path).suffix in (".yaml", ".yml", ".json") or path == "-":
            found += [Manifest(data) for data in documents([path])]
        else:
            found += [m for one in emit.compile_sources([path], environment, values) for m in one.manifests]
    return found


def _follow(name: str, server: Server) -> str:
    from argosy.frontend.submit import follow
    from argosy.report.style import style_for

    style = style_for(sys.stdout)
    signs = {"Succeeded": ("✔", "green"), "Failed": ("✖", "red"), "Error": ("✖", "red"), "Running": ("●", "blue")}
    phase = ""
    for one in follow(name, server):
        sign, colour = signs.get(one.phase, ("○", "dim"))
        message = f"  {one.message}" if one.message else ""
        sys.stdout.write(f"{style.paint(sign, colour)} {one.name or name} {one.phase}{message}\n")
        sys.stdout.flush()
        phase = one.phase
    return phase


def _compare(manifest: Manifest, name: str, server: Server, fail: Sequence[str]) -> bool:
    import argosy
    from argosy.frontend.submit import differences, state

    simulated = argosy.simulate(manifest, fail=list(fail))
    found = differences(state(name, server), simulated.workflow["status"])
    for one in found:
        sys.stdout.write(f"different: {one}\n")
    if not found:
        sys.stdout.write("It ended as in the simulation.\n")
    return bool(found)
