"""``argosy explore``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Annotated, Any

from argosy.cli.exits import Exit
from argosy.cli.parameters import Argument, Option
from argosy.cli.shared import STDIN, ArgoVersionOption, SeedOption, WithOption, read_text, tell_of_pods, write_text
from argosy.report import names, render

if TYPE_CHECKING:
    from argosy.explore.exploration import Exploration


MOST_SHOWN = 5
"""So many faults are shown in full at most."""


def run(
    *,
    manifest: Annotated[str, Argument("The workflow: YAML, Python, or - for standard input.", metavar="MANIFEST")],
    depth: Annotated[int, Option("How many things go wrong in one run: 1, or 2 for every pair.", metavar="N")] = 1,
    jobs: Annotated[int, Option("How many processes share the work.", metavar="N")] = 1,
    shard: Annotated[str | None, Option("Run only the i-th of n parts of the faults.", metavar="I/N")] = None,
    format: Annotated[str, Option("How to show what was found.", choices=lambda: names("explore"))] = "text",
    output: Annotated[str | None, Option("Write to this file.", names=("--output", "-o"), metavar="FILE")] = None,
    workflow: Annotated[str | None, Option("Which workflow, if there are several.", metavar="NAME")] = None,
    with_: WithOption = (),
    invariants: Annotated[
        Sequence[str],
        Option("A file of invariants, besides that of the manifest and its annotation.", metavar="FILE"),
    ] = (),
    show: Annotated[
        str | None,
        Option("Show in full what happens after the faults with this in their name.", metavar="FAULT"),
    ] = None,
    save: Annotated[
        str | None,
        Option(
            "Save scenarios in this folder: for each broken invariant the smallest, and the faults of --show.",
            metavar="FOLDER",
        ),
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
    seed: SeedOption = 0,
) -> int:
    """Run a workflow under every single fault, and see what its exit handler does in each.

    Each leaf fails in each way that pods fail, at each attempt; values make each condition true and false; the workflow
    is stopped, terminated, lost. Shown are the handler's steps after each fault, branches that nothing took, and the
    faults after which the handler never runs, each with the reason and the line. Nothing of yours is executed.

    With `--twice` the scripts and containers of the handlers are really run, and then again: is that without harm?

    Examples:

        argosy explore workflow.yaml
        argosy explore pipeline.py --depth 2 --jobs 4
        argosy explore workflow.yaml --show "build: exit 1"
        argosy explore workflow.yaml --format markdown
        argosy explore workflow.yaml --format html -o faults.html
        argosy explore workflow.yaml --shard 1/4 --format json -o part-1.json
        argosy explore workflow.yaml --twice
    """
    from argosy.explore.exploration import explore
    from argosy.explore.invariants import beside, check, load
    from argosy.explore.shards import read as read_shards

    if emit_workflow is not None:
        options = [*(["--depth", str(depth)] if depth > 1 else []), *(["--seed", str(seed)] if seed else [])]
        options += ["--argo-version", argo_version] if argo_version else []
        made = _emitted(manifest, workflow, with_, invariants, shards, options, strict=strict)
        from argosy.explore.emit import compiled

        write_text(made if emit_workflow.endswith(".py") else compiled(made), emit_workflow)
        return Exit.CLEAN
    more = [one for path in invariants for one in load(path)]
    known_ones = read_shards(merge)
    with progress() as tell:
        found = explore(
            read_text(STDIN).decode("utf-8", "replace") + "\n" if manifest == STDIN else manifest,
            depth=depth,
            jobs=jobs,
            shard=parse_shard(shard),
            argo_version=argo_version,
            seed=seed,
            workflow=workflow,
            with_=with_,
            known=known_ones.results,
            progress=tell,
        )
    if twice:
        return _twice(found, format, output, strict, seconds=time_limit, container_engine=container_engine)
    found.invariants = [*beside(found.given.main), *more]
    found.broken = check(found, found.invariants)
    known_ones.check(found)
    if save is not None:
        _save(found, save)
    if show is not None:
        return _show(found, show, save)
    write_text(render("explore", format, found, None if output else sys.stdout), output)
    return exit_code(found, strict)


def _twice(found: Exploration, format: str, output: str | None, strict: bool, **how: Any) -> Exit:
    """Run the handlers twice, and show what differs."""
    from argosy.errors import UsageError
    from argosy.explore.twice import twice

    if format not in names("twice"):
        raise UsageError(f"--twice is not shown as {format}", hint=f"it is as {' or '.join(names('twice'))}")
    done = twice(found, tell=tell_of_pods(), **how)
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


def _emitted(
    manifest: str,
    name: str | None,
    with_: Sequence[str],
    invariants: Sequence[str],
    shards: int,
    options: Sequence[str],
    *,
    strict: bool,
) -> str:
    """Give the Python of the workflow that explores on a cluster."""
    from argosy.explore.emit import source
    from argosy.explore.invariants import annotated
    from argosy.simulate.given import collect
    from argosy.simulate.scenario import Scenario
    from argosy.yaml.write import dump_all

    given = collect(read_text(STDIN).decode() + "\n" if manifest == STDIN else manifest, Scenario(), name, with_)
    text = dump_all([m.data for m in (annotated(given.main, invariants), *given.others)])
    return source(text, given.main.name, shards, options, strict=strict)


def _show(found: Exploration, text: str, save: str | None) -> Exit:
    """Print some faults in full, and save their scenarios if there is a folder for them."""
    from pathlib import Path

    from argosy.errors import UsageError
    from argosy.explore.play import named
    from argosy.explore.shrink import as_file, slug
    from argosy.report.matrix_fault import render as in_full
    from argosy.report.style import style_for

    results = named(found, text)
    if not results:
        some = ", ".join(repr(r.fault.name) for r in found.results[1:4])
        raise UsageError(f"there is no fault with {text!r} in its name", hint=f"there are {some}, ...")
    sys.stdout.write("\n".join(in_full(found, result, style_for(sys.stdout)) for result in results[:MOST_SHOWN]))
    if len(results) > MOST_SHOWN:
        names = "".join(f"  {r.fault.name}\n" for r in results[MOST_SHOWN:])
        sys.stdout.write(f"\n{len(results) - MOST_SHOWN} more have it in their name:\n{names}")
    for result in results[:MOST_SHOWN] if save is not None else ():
        path = Path(save or "") / f"{slug(result.fault.name)}.scenario.yaml"
        write_text(as_file(found, result.fault, found.scenario(result.fault), Path(save or "")), str(path))
        sys.stderr.write(f"saved {path}\n")
    return Exit.CLEAN


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
