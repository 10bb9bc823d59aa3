"""``argosy explore``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Annotated, Any

from argosy.cli.exits import Exit
from argosy.cli.parameters import Argument, Option
from argosy.cli.shared import STDIN, ArgoVersionOption, read_text, write_text
from argosy.report import names, render

if TYPE_CHECKING:
    from argosy.explore.exploration import Exploration
    from argosy.explore.observe import Observed


def run(
    *,
    manifest: Annotated[str, Argument("The workflow: YAML, Python, or - for standard input.", metavar="MANIFEST")],
    depth: Annotated[int, Option("How many things go wrong in one run: 1, or 2 for every pair.", metavar="N")] = 1,
    jobs: Annotated[int, Option("How many processes share the work.", metavar="N")] = 1,
    shard: Annotated[str | None, Option("Run only the i-th of n parts of the faults.", metavar="I/N")] = None,
    format: Annotated[str, Option("How to show what was found.", choices=lambda: names("explore"))] = "text",
    output: Annotated[str | None, Option("Write to this file.", names=("--output", "-o"), metavar="FILE")] = None,
    workflow: Annotated[str | None, Option("Which workflow, if there are several.", metavar="NAME")] = None,
    invariants: Annotated[
        Sequence[str],
        Option("A file of invariants, besides that of the manifest and its annotation.", metavar="FILE"),
    ] = (),
    save: Annotated[
        str | None, Option("Save the smallest scenario for each broken invariant in this folder.", metavar="FOLDER")
    ] = None,
    merge: Annotated[Sequence[str], Option("The JSON of a shard: its faults are not run again.", metavar="FILE")] = (),
    emit_workflow: Annotated[
        str | None,
        Option("Write a workflow that explores in shards on a cluster (.yaml, or .py for its source).", metavar="FILE"),
    ] = None,
    shards: Annotated[int, Option("With --emit-workflow: how many shards.", metavar="N")] = 4,
    twice: Annotated[
        bool, Option("Really run the handlers here, twice in the same world, and show what differs.")
    ] = False,
    container_engine: Annotated[
        str | None, Option("With --twice: run them in their images: docker or podman.", metavar="PROGRAM")
    ] = None,
    time_limit: Annotated[int, Option("With --twice: how many seconds each pod may run.", metavar="SECONDS")] = 60,
    strict: Annotated[
        bool,
        Option(
            "Exit with 1, too, if the handler never runs after a fault that could be helped; "
            "with --twice, if anything differs."
        ),
    ] = False,
    argo_version: ArgoVersionOption = None,
    seed: Annotated[int, Option("What made-up names derive from.", metavar="N")] = 0,
) -> int:
    """Run a workflow under every single fault, and see what its exit handler does in each.

    Each leaf fails in each way that pods fail, at each attempt; values make each condition true and false; the workflow
    is stopped, terminated, lost. Shown are the handler's steps after each fault, branches that nothing took, and the
    faults after which the handler never runs, each with the reason and the line. Nothing of yours is executed.

    With `--twice` the scripts and containers of the handlers are really run, and then again: is that without harm?

    Examples:

        argosy explore workflow.yaml
        argosy explore pipeline.py --depth 2 --jobs 4
        argosy explore workflow.yaml --format markdown
        argosy explore workflow.yaml --shard 1/4 --format json -o part-1.json
        argosy explore workflow.yaml --twice
    """
    from argosy.explore.exploration import explore
    from argosy.explore.invariants import beside, check, load

    if emit_workflow is not None:
        return _emit(manifest, workflow, emit_workflow, shards, depth)
    more = [one for path in invariants for one in load(path)]
    with progress() as tell:
        found = explore(
            read_text(STDIN).decode("utf-8", "replace") + "\n" if manifest == STDIN else manifest,
            depth=depth,
            jobs=jobs,
            shard=parse_shard(shard),
            argo_version=argo_version,
            seed=seed,
            workflow=workflow,
            known=known(merge),
            progress=tell,
        )
    if twice:
        return _twice(found, format, output, strict, seconds=time_limit, container_engine=container_engine)
    found.invariants = [*beside(found.given.main), *more]
    found.broken = check(found, found.invariants)
    if save is not None:
        _save(found, save)
    write_text(render("explore", format, found, None if output else sys.stdout), output)
    return exit_code(found, strict)


def _twice(found: Exploration, format: str, output: str | None, strict: bool, **how: Any) -> Exit:
    """Run the handlers twice, and show what differs."""
    from argosy.errors import UsageError
    from argosy.explore.twice import twice

    if format not in names("twice"):
        raise UsageError(f"--twice is not shown as {format}", hint=f"it is as {' or '.join(names('twice'))}")
    done = twice(found, **how)
    write_text(render("twice", format, done, None if output else sys.stdout), output)
    return Exit.FOUND if strict and not done.same else Exit.CLEAN


def exit_code(found: Exploration, strict: bool) -> Exit:
    """Give the exit code for an exploration."""
    bad = bool(found.broken) or (strict and any(never.survivable for never in found.never()))
    return Exit.FOUND if bad else Exit.CLEAN


def _save(found: Exploration, folder: str) -> None:
    """Write a scenario for each invariant that is broken, and say where it is."""
    from pathlib import Path

    from argosy.explore.shrink import reproduction, smallest

    for invariant in found.invariants:
        cases = [one for one in found.broken if one.invariant == invariant]
        if cases:
            name, text = reproduction(found, smallest(cases), Path(folder))
            write_text(text, str(Path(folder) / name))
            sys.stderr.write(f"saved {Path(folder) / name}\n")


def _emit(manifest: str, name: str | None, target: str, shards: int, depth: int) -> Exit:
    """Write the workflow that explores on a cluster."""
    from argosy.explore.emit import compiled, source
    from argosy.explore.invariants import annotated
    from argosy.simulate.given import collect
    from argosy.simulate.scenario import Scenario
    from argosy.yaml.write import dump_all

    given = collect(read_text(STDIN).decode() + "\n" if manifest == STDIN else manifest, Scenario(), name)
    text = dump_all([m.data for m in (annotated(given.main), *given.others)])
    python = source(text, given.main.name, shards, depth)
    write_text(python if target.endswith(".py") else compiled(python), target)
    return Exit.CLEAN


def known(paths: Sequence[str]) -> dict[str, Observed]:
    """Read what shards found, by the name of each fault. Raises UsageError."""
    import msgspec

    from argosy.errors import Place, UsageError
    from argosy.explore.observe import Observed

    out: dict[str, Observed] = {}
    for path in paths:
        try:
            data = msgspec.json.decode(read_text(path))
            out |= {fault["name"]: msgspec.convert(fault["observed"], Observed) for fault in data["faults"]}
        except (msgspec.MsgspecError, KeyError, TypeError):
            place = Place(path)
            raise UsageError("this is not what `argosy explore --format json` prints", place=place) from None
    return out


def parse_shard(text: str | None) -> tuple[int, int] | None:
    """Read ``2/4``. Raises UsageError."""
    if text is None:
        return None
    from argosy.errors import UsageError

    head, _, tail = text.partition("/")
    if head.isdigit() and tail.isdigit() and 1 <= int(head) <= int(tail):
        return int(head), int(tail)
    raise UsageError(f"not a shard: {text!r}", hint="write 1/4 for the first of four parts")


def progress() -> AbstractContextManager[Callable[[int, int], None] | None]:
    """Give what shows how far it is: a bar on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        return nullcontext(None)
    from argosy.report.progress import bar

    return bar("faults")
