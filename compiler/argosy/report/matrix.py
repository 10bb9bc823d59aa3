"""An exploration on one screen: what the exit handler does after each fault, and when it never runs."""

from __future__ import annotations

import textwrap
from typing import NamedTuple

from argosy.explore.exploration import Exploration
from argosy.explore.faults import MOST_ATTEMPTS, MOST_BEFORE, MOST_ITEMS
from argosy.explore.rows import Row, rows
from argosy.report import matrix_parts
from argosy.report.paths import relative
from argosy.report.style import Style
from argosy.report.summary import count
from argosy.report.tree import SYMBOLS

NOT_REACHED = "·"
LEGEND = "✔ succeeded  ✖ failed  ⚠ error  ○ left out by its condition  ● never ended  · not reached"
MOST_COLUMNS = 20
"""So many steps get a column of their own; the rest of a long handler is in the JSON."""
MOST_LINES = 5
"""So many lines of faults are shown of a row."""
LEAST_ROOM = 44
"""The faults get so many columns of the screen at least; names of steps give way to numbers for it."""


class Table(NamedTuple):
    """The matrix, ready to be drawn."""

    heads: list[str]
    widths: list[int]
    room: int
    """Columns of the screen for the faults."""
    numbered: bool
    """The heads of steps are numbers."""


def render(found: Exploration, style: Style) -> str:
    """Give the matrix, the branches that were never taken, and the faults after which the handler never runs."""
    parts = [_head(found, style), *_baseline(found, style)]
    parts += [textwrap.fill(left_alone(found), style.width)] if found.left_alone else []
    parts += [_matrix(found, style)] if ran(found) else []
    parts += [text for part in matrix_parts.PARTS if (text := part(found, style))]
    parts.append(summary(found, style))
    return "\n\n".join(parts) + "\n"


def _head(found: Exploration, style: Style) -> str:
    handler = f"exit handler {style.paint(found.handler, 'bold')}" if found.handler else "no exit handler"
    name = style.paint(found.name or "workflow", "bold")
    others = f" ({count(found.others, 'fault')} left to other shards)" if found.others else ""
    return f"{name}: {count(len(found.results) - 1, 'fault')}{others}, {handler}"


def left_alone(found: Exploration) -> str:
    """Say how many leaves were not faulted, and why; empty: all were."""
    if not found.left_alone:
        return ""
    leaves = "leaf was" if found.left_alone == 1 else "leaves were"
    return (
        f"{found.left_alone:,} {leaves} left alone: of loops the first {MOST_ITEMS} turns are faulted, of retries the "
        f"first {MOST_ATTEMPTS} attempts, and not what only {MOST_BEFORE} faults together bring up."
    )


def _baseline(found: Exploration, style: Style) -> list[str]:
    """Say it if even the run in which nothing goes wrong ends badly: then the rest says little."""
    seen = found.baseline
    if seen.phase == "Succeeded":
        return []
    why = seen.message or " and ".join(seen.waits_for)
    words = f"Even if nothing goes wrong, the workflow {'ends ' + seen.phase if seen.ended == 'completed' else 'hangs'}"
    return [style.paint(words, "bold", "red") + (f": {why}" if why else "")]


def ran(found: Exploration) -> list[Row]:
    """Give the rows of faults after which the handler ran; all, if there is none."""
    return [row for row in rows(found) if row.observed.handler or not found.handler]


def columns(found: Exploration) -> list[str]:
    """Give the columns: steps of the handler, then hooks."""
    return [*found.columns(), *found.hooks()][:MOST_COLUMNS]


def cells(row: Row, names: list[str]) -> list[str]:
    """Give the phases of a row's columns; empty where one did not come up."""
    return [row.steps.get(name) or row.hooks.get(name) or "" for name in names]


def facts(row: Row, found: Exploration) -> list[str]:
    """Give how the workflow ended, and the status that the handler saw, if there is one."""
    return [_ended(row), *([row.observed.saw.get("workflow.status", "")] if found.handler else [])]


def titles(found: Exploration) -> list[str]:
    """Give the heads of the columns before the steps."""
    return ["workflow", *(["saw"] if found.handler else [])]


def _table(found: Exploration, shown: list[Row], names: list[str], width: int) -> Table:
    before = titles(found)
    widths = [max(len(t), *(len(facts(r, found)[i]) for r in shown)) for i, t in enumerate(before)]
    full = [max(3, len(name)) for name in names]
    taken = sum(w + 2 for w in [*widths, *full])
    if width - taken >= LEAST_ROOM:
        return Table([*before, *names], [*widths, *full], width - taken, False)
    numbers = [str(i) for i in range(1, len(names) + 1)]
    short = [len(number) for number in numbers]
    room = width - sum(w + 2 for w in [*widths, *short])
    return Table([*before, *numbers], [*widths, *short], max(28, room), True)


def _matrix(found: Exploration, style: Style) -> str:
    names, shown = columns(found), ran(found)
    table = _table(found, shown, names, style.width)
    title = "handler after" if found.handler else "fault"
    heads = "  ".join(f"{head:<{width}}" for head, width in zip(table.heads, table.widths, strict=True))
    out = [style.paint(f"{title:<{table.room}}  {heads}".rstrip(), "bold")]
    for row in shown:
        lines = _labels(row, table.room)
        ended, *saw = facts(row, found)
        given = [style.paint(f"{ended:<{table.widths[0]}}", "green" if ended == "Succeeded" else "red")]
        given += [f"{text:<{table.widths[1]}}" for text in saw]
        marks = zip(cells(row, names), table.widths[len(given) :], strict=True)
        given += [_mark(phase, width, style) for phase, width in marks]
        out += [f"{lines[0]:<{table.room}}  {'  '.join(given)}".rstrip(), *lines[1:]]
    if table.numbered:
        out += _key(names, style)
    hidden = len(found.columns()) + len(found.hooks()) - len(names)
    more = f"; {count(hidden, 'more column')} in --format json" if hidden else ""
    return "\n".join([*out, style.paint(LEGEND + more, "dim")])


def _key(names: list[str], style: Style) -> list[str]:
    """Say which step each number stands for."""
    words = [f"{i} {name}".replace(" ", "\0") for i, name in enumerate(names, 1)]
    lines = textwrap.wrap("  ".join(words), style.width, break_on_hyphens=False, break_long_words=False)
    return [line.replace("\0", " ") for line in lines]


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


def place(path: str, line: int) -> str:
    """Give ``path:line: `` where a line is known."""
    return f"{relative(path)}:{line}: " if line else ""


def summary(found: Exploration, style: Style) -> str:
    """Give the last line: in how many faults the handler ran."""
    total = len(found.results) - 1
    if not found.handler:
        hooked = sum(1 for r in found.results[1:] if r.observed.hooks)
        tail = f"; hooks ran in {hooked} of {count(total, 'fault')}" if found.hooks() else ""
        return f"There is no exit handler{tail}."
    did = sum(1 for r in found.results[1:] if r.observed.handler)
    never = found.never()
    could = sum(len(n.faults) for n in never if n.survivable) - (not found.baseline.handler)
    colour = "green" if not could else "yellow"
    words = f"The handler runs after {did} of {count(total, 'fault')}"
    tail = f"; {total - did - could} that no handler survives"
    tail += f", {could} that could be helped" if could else ""
    return style.paint(words, "bold", colour) + (tail if did < total else "") + "."
