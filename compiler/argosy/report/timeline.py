"""A run in time: one bar for each pod and other leaf, in the order in which they came up."""

from __future__ import annotations

from datetime import datetime

from argosy.report.cron import runs
from argosy.report.plain_json import HasDict
from argosy.report.really_ran import really_ran
from argosy.report.run_view import Item, RunView
from argosy.report.style import Style
from argosy.report.tree import SYMBOLS, duration, fold

_BAR = "█"
NO_TIME = "no virtual time passed; outcomes of a scenario can have a duration"


def render(run: HasDict, style: Style) -> str:
    """Give the timeline of a run."""
    return "\n".join(draw(one, style) for one in runs(run.to_dict()))


def draw(run: RunView, style: Style) -> str:
    """Give the timeline of a run that was read."""
    folded = [(item, more) for item, more in fold(_leaves(run), Item.times) if _times(item)]
    rows = [(item, *times) for item, _ in folded if (times := _times(item))]
    if not rows:
        return f"{run.name} {run.phase}: nothing ran\n"
    start = min(begin for _, begin, _ in rows)
    end = max(finish for _, _, finish in rows)
    names = {item.node["name"]: _name(run, item) for item, _, _ in rows}
    wide = max(map(len, names.values()))
    room = max(10, style.width - wide - 24)
    took = f"{duration(start, end)}, one column is {_scale(start, end, room)}" if end > start else NO_TIME
    out = [f"{run.name} {run.phase}: {took}", ""]
    for (item, begin, finish), (_, more) in zip(rows, folded, strict=True):
        left = _place(begin, start, end, room)
        length = max(1, _place(finish, start, end, room) - left)
        symbol, colour = SYMBOLS[item.phase]
        bar = " " * left + style.paint(_BAR * length, colour) + " " * (room + 1 - left - length)
        when = f"+{duration(start, begin)}" + (f" for {duration(begin, finish)}" if finish > begin else "")
        out.append(f"{style.paint(symbol, colour)} {names[item.node['name']]:<{wide}}  {bar} {when}".rstrip())
        out += [style.paint(f"  … {more} more like this one", "dim")] if more else []
    for item, _, _ in rows:
        if lines := really_ran(item, style):
            out += ["", style.paint(names[item.node["name"]], "bold"), *(f"  {line}" for line in lines)]
    return "\n".join(out) + "\n"


def _leaves(run: RunView) -> list[Item]:
    return [item for item in run.items() if not item.children]


def _name(run: RunView, item: Item) -> str:
    """Give the node's full name without that of the workflow."""
    name = str(item.node["name"])
    short = name.removeprefix(run.name).lstrip(".")
    return short or name


def _times(item: Item) -> tuple[datetime, datetime] | None:
    begin, finish = item.times()
    return (begin, finish or begin) if begin else None


def _place(time: datetime, start: datetime, end: datetime, room: int) -> int:
    whole = (end - start).total_seconds()
    return round((time - start).total_seconds() / whole * room) if whole else 0


def _scale(start: datetime, end: datetime, room: int) -> str:
    return f"{(end - start).total_seconds() / room:.2g}s"
