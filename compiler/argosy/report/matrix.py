"""An exploration on one screen: what the exit handler does after each fault, and when it never runs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from argosy.explore.exploration import Exploration, Never
from argosy.explore.rows import Row, rows
from argosy.report.paths import relative
from argosy.report.style import Style
from argosy.report.summary import count
from argosy.report.tree import SYMBOLS

NOT_REACHED = "·"
LEGEND = "✔ succeeded  ✖ failed  ⚠ error  ○ left out by its condition  ● never ended  · not reached"
MOST_COLUMNS = 8
"""So many steps get a column of their own; the rest of a long handler is in the JSON."""

MOST_LINES = 5
"""So many lines of faults are shown of a row."""


def render(found: Exploration, style: Style) -> str:
    """Give the matrix, the branches that were never taken, and the faults after which the handler never runs."""
    parts = [_head(found, style)]
    parts += [part for part in (_matrix(found, style), _own_faults(found, style), _untaken(found, style)) if part]
    parts += [part for part in _never(found, style) if part]
    parts += [part for part in [_invariants(found, style)] if part]
    parts.append(summary(found, style))
    return "\n\n".join(parts) + "\n"


def _head(found: Exploration, style: Style) -> str:
    handler = f"exit handler {style.paint(found.handler, 'bold')}" if found.handler else "no exit handler"
    name = style.paint(found.name or "workflow", "bold")
    pairs = f" ({count(found.others, 'fault')} left to other shards)" if found.others else ""
    return f"{name}: {count(len(found.results) - 1, 'fault')}{pairs}, {handler}"


def ran(found: Exploration) -> list[Row]:
    """Give the rows of faults after which the handler ran; all, if there is none."""
    return [row for row in rows(found) if row.observed.handler or not found.handler]


def columns(found: Exploration) -> list[str]:
    """Give the columns: steps of the handler, then hooks."""
    return [*found.columns(), *found.hooks()][:MOST_COLUMNS]


def cells(row: Row, names: list[str]) -> list[str]:
    """Give the phases of a row's columns; empty where one did not come up."""
    return [row.steps.get(name) or row.hooks.get(name) or "" for name in names]


def _matrix(found: Exploration, style: Style) -> str:
    names = columns(found)
    shown = ran(found)
    ended = [_ended(row) for row in shown]
    widths = [max(len("workflow"), *map(len, ended)), *(max(3, len(name)) for name in names)]
    room = max(28, style.width - sum(width + 2 for width in widths) - 2)
    title = "handler after" if found.handler else "fault"
    heads = [f"{name:<{width}}" for name, width in zip(["workflow", *names], widths, strict=True)]
    out = [style.paint(f"{title:<{room}}  {'  '.join(heads)}".rstrip(), "bold")]
    for row, end in zip(shown, ended, strict=True):
        lines = _labels(row, room)
        marks = [_mark(phase, width, style) for phase, width in zip(cells(row, names), widths[1:], strict=True)]
        colour = "green" if end == "Succeeded" else "red"
        first = f"{lines[0]:<{room}}  {style.paint(f'{end:<{widths[0]}}', colour)}  {'  '.join(marks)}"
        out += [first.rstrip(), *lines[1:]]
    hidden = len(found.columns()) + len(found.hooks()) - len(names)
    more = f"; {count(hidden, 'more column')} in --format json" if hidden else ""
    return "\n".join([*out, style.paint(LEGEND + more, "dim")])


def _labels(row: Row, room: int) -> list[str]:
    lines = [line for label in row.labels() for line in textwrap.wrap(label, room, subsequent_indent="  ")]
    if len(lines) <= MOST_LINES:
        return lines
    return [*lines[: MOST_LINES - 1], f"... {count(len(row.faults), 'fault')} in all"]


def _ended(row: Row) -> str:
    return row.observed.phase if row.observed.ended == "completed" else row.observed.ended


def _mark(phase: str, width: int, style: Style) -> str:
    symbol, colour = SYMBOLS.get(phase, (NOT_REACHED, "dim"))
    return style.paint(f"{symbol:<{width}}", colour)


def _own_faults(found: Exploration, style: Style) -> str:
    """Say which steps of the handler are not reached once an earlier one fails."""
    names = found.columns()
    lost: dict[str, set[str]] = {}
    for result in found.results:
        here = {step.path: step.phase for step in result.observed.steps}
        failed = [name for name in names if here.get(name) in ("Failed", "Error")]
        if failed and result.observed.ended == "completed":
            lost.setdefault(failed[0], set()).update(name for name in names if name not in here)
    lines = [
        f"  {name} fails: {', '.join(n for n in names if n in left)} left undone" for name, left in lost.items() if left
    ]
    return "\n".join([style.paint("The handler itself fails:", "bold"), *lines]) if lines else ""


def _untaken(found: Exploration, style: Style) -> str:
    lines = [
        f"  {place(one.span.path, one.span.line)}{one.words}" + (f": {one.condition}" if one.condition else "")
        for one in found.untaken()
    ]
    return "\n".join([style.paint("Branches that no fault ever took:", "bold"), *lines]) if lines else ""


def _invariants(found: Exploration, style: Style) -> str:
    lines = []
    for invariant in found.invariants:
        broken = [one for one in found.broken if one.invariant == invariant]
        mark = style.paint("✖", "red") if broken else style.paint("✔", "green")
        lines.append(f"  {mark} {invariant}")
        lines += [f"      after {one.result.fault.name}: {one.message}" for one in broken[:3]]
        lines += [f"      ... after {count(len(broken), 'fault')} in all"] if len(broken) > 3 else []
    return "\n".join([style.paint("Invariants:", "bold"), *lines]) if lines else ""


def place(path: str, line: int) -> str:
    """Give ``path:line: `` where a line is known."""
    return f"{relative(path)}:{line}: " if line else ""


def _never(found: Exploration, style: Style) -> Iterator[str]:
    never = found.never()
    for title, colour, some in (
        ("The handler never runs, but could:", "yellow", [n for n in never if n.survivable]),
        ("No handler survives:", "dim", [n for n in never if not n.survivable]),
    ):
        if some:
            yield "\n".join([style.paint(title, "bold", colour), *(line for n in some for line in _one(n, style))])


def _one(never: Never, style: Style) -> Iterator[str]:
    yield f"  {place(never.path, never.line)}{never.reason}"
    text = textwrap.wrap(", ".join(never.faults), max(40, style.width - 6))
    shown = text if len(text) <= 4 else [*text[:3], f"... {count(len(never.faults), 'fault')} in all"]
    yield from (f"      {line}" for line in shown)
    if never.hint:
        yield style.paint(f"      help: {never.hint}", "cyan")


def summary(found: Exploration, style: Style) -> str:
    """Give the last line: in how many faults the handler ran."""
    total = len(found.results) - 1
    if not found.handler:
        return f"There is no exit handler: nothing runs after any of {count(total, 'fault')}."
    did = sum(1 for r in found.results[1:] if r.observed.handler)
    could = sum(len(n.faults) for n in found.never() if n.survivable)
    colour = "green" if not could else "yellow"
    words = f"The handler runs after {did} of {count(total, 'fault')}"
    tail = f"; {total - did - could} that no handler survives"
    tail += f", {could} that could be helped" if could else ""
    return style.paint(words, "bold", colour) + (tail if did < total else "") + "."
