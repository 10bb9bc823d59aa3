"""A run as a tree on a terminal, after Argo's own user interface; the exit handler has a part of its own."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from datetime import datetime

from argosy.report.became import condition, skipped_on, values
from argosy.report.cron import firings, is_cron, runs
from argosy.report.plain_json import HasDict
from argosy.report.pod_text import what_runs
from argosy.report.really_ran import really_ran
from argosy.report.run_view import GOOD, Item, RunView
from argosy.report.style import Style
from argosy.source import Json

SYMBOLS = {
    "Succeeded": ("✔", "green"),
    "Failed": ("✖", "red"),
    "Error": ("⚠", "red"),
    "Skipped": ("○", "dim"),
    "Omitted": ("○", "dim"),
    "Running": ("●", "cyan"),
    "Pending": ("◷", "yellow"),
}
MOST_ALIKE = 20
"""So many leaves that do not differ are listed one by one."""
FIRST_ALIKE = 3
"""Of more than that, so many are listed."""
STATUS = "workflow.status"
_LONGEST_VALUE = 300


def render(run: HasDict, style: Style) -> str:
    """Give the tree of a run; of a CronWorkflow, its firings and the tree of each run."""
    data = run.to_dict()
    trees = [draw(one, style) for one in runs(data)]
    if is_cron(data):
        told = [*firings(data, style), *_verdict(data.get("argosy") or {}, style)]
        trees = ["\n".join(told) + "\n", *trees]
    return "\n".join(trees)


def draw(run: RunView, style: Style) -> str:
    """Give the tree of a run that was read."""
    out = [_head(run, style), ""]
    if run.entry is not None:
        out += _lines(run.entry, style, {}, "", "", show_pods=False)
    for hook in run.hooks:
        title = style.paint("Hook", "bold") + f" {hook_name(run.name, hook)}:"
        out += ["", title, *_lines(hook, style, values(hook), "", "", show_pods=True)]
    out += ["", *_handler(run, style), *_verdict(run.ours, style)]
    return "\n".join(line.rstrip() for line in out) + "\n"


def _head(run: RunView, style: Style) -> str:
    took = f" after {duration(run.started, run.finished)}" if run.started and run.finished else ""
    took = took if took != " after 0s" else ""
    told = run.entry is not None and run.message == run.entry.message
    message = f": {run.message}" if run.message and not told else ""
    return f"{style.paint(run.name, 'bold')} {_phase(run.phase, style)}{took}{message}"


def _phase(phase: str, style: Style) -> str:
    return style.paint(phase, "bold", SYMBOLS[phase][1])


def duration(start: datetime, end: datetime) -> str:
    """Give a length of time as people say it.

    >>> duration(datetime(2026, 1, 1), datetime(2026, 1, 1, 1, 2, 3))
    '1h2m3s'
    """
    seconds = round((end - start).total_seconds())
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if minutes or hours else "") + f"{seconds % 60}s"


def _handler(run: RunView, style: Style) -> list[str]:
    title = style.paint("Exit handler", "bold")
    if run.handler is None:
        if run.handler_declared is None:
            return [f"{title}: the workflow has none."]
        ended = run.phase in ("Succeeded", "Failed", "Error")
        how = style.paint("it did not run", "bold", "red") if ended else "it did not run so far"
        return [f"{title} {run.handler_declared}: {how}."]
    became = {STATUS: run.entry.phase if run.entry else run.phase} | values(run.handler)
    entry = became[STATUS]
    ran = "ran" if entry == "Succeeded" else f"ran all the same after {_phase(entry, style)}"
    out = [f"{title} {run.handler.template_name}: {ran}, and ended {_phase(run.handler.phase, style)}."]
    known = sorted((name for name in became if name.startswith("workflow.")), key=lambda name: (name != STATUS, name))
    out += [f"  {style.paint(_tag(name), 'cyan')} became {_short(became[name])}" for name in known]
    return [*out, *_lines(run.handler, style, became, "", "", show_pods=True)]


def _verdict(ours: Mapping[str, Json], style: Style) -> list[str]:
    """Say why a run did not come to its end, and what of its scenario does not hold."""
    out: list[str] = []
    ended = ours.get("ended", "completed")
    if ended != "completed":
        out += ["", f"{style.paint('The run did not come to its end', 'bold', 'red')} ({ended}):"]
        out += [f"  {line}" for line in ours.get("waitsFor") or []]
    for key, title in (
        ("failures", "Expected, but not so:"),
        ("unused", "In the scenario, but it never came to that:"),
    ):
        if lines := ours.get(key):
            out += ["", style.paint(title, "bold", "red"), *(f"  {line}" for line in lines)]
    return out


def _tag(name: str) -> str:
    return "{{" + name + "}}"


def _short(text: str) -> str:
    line = text if text else "(empty)"
    return line if len(line) <= _LONGEST_VALUE else line[: _LONGEST_VALUE - 1] + "…"


def _lines(
    item: Item,
    style: Style,
    known: dict[str, str],
    first: str,
    rest: str,
    *,
    show_pods: bool,
    name: str | None = None,
    again: bool = False,
) -> list[str]:
    """Give the line of an item and those of all below it; ``first`` and ``rest`` are what stands before them.

    ``again``: its script is that of the attempt before.
    """
    below = [(child, "", more) for child, more in fold(_flat(item.children))]
    below += [(hook, "hook ", 0) for hook in item.hooks]
    out = [first + _line(item, style, known, name)]
    bar = rest + ("│  " if below else "   ")
    known = known | _inputs(item)
    if show_pods and item.pod and not ("http" in item.pod and item.requests):
        runs = [line for line in what_runs(item.pod) if not (again and line.startswith("|"))]
        out += [bar + style.paint(line, "dim") for line in (*runs, *(("| (the same script)",) if again else ()))]
    out += [bar + line for line in really_ran(item, style)]
    for number, (child, kind, more) in enumerate(below):
        last = number == len(below) - 1
        hook = kind + hook_name(item.node["name"], child) if kind else None
        out += _lines(
            child,
            style,
            known if not kind else values(child),
            rest + ("└─ " if last else "├─ "),
            rest + ("   " if last else "│  "),
            show_pods=show_pods or bool(kind),
            name=hook,
            again=number > 0 and item.node.get("type") == "Retry" and _script(child) == _script(below[number - 1][0]),
        )
        out += [rest + ("   " if last else "│  ") + style.paint(f"… {more} more like this one", "dim")] if more else []
    return out


def _script(item: Item) -> list[str]:
    """Give the lines of a script as its pod got it, if it is one; else something that is like nothing else."""
    lines = [line for line in what_runs(item.pod or {}) if line.startswith("|")]
    return lines or [item.node["name"]]


def _inputs(item: Item) -> dict[str, str]:
    """Give the inputs of an item as the steps in it can name them."""
    given = (item.node.get("inputs") or {}).get("parameters") or []
    return {f"inputs.parameters.{p.get('name')}": str(p.get("value", "")) for p in given}


def _flat(items: list[Item]) -> list[Item]:
    """Leave out groups of steps that hold one step only: they say nothing."""
    out: list[Item] = []
    for item in items:
        alone = item.node.get("type") == "StepGroup" and len(item.children) == 1 and not item.hooks
        out += item.children if alone else [item]
    return out


def fold(items: list[Item], by: Callable[[Item], Hashable] = lambda item: None) -> list[tuple[Item, int]]:
    """Leave out items of a loop that do not differ, ``by`` this, too, if they are many.

    Gives how many are left out after each that is there.
    """
    alike: dict[tuple[Hashable, ...], list[Item]] = {}
    for item in items:
        if not (item.children or item.hooks or item.log or item.requests or item.notes):
            key = item.name.partition("(")[0], item.template_name, item.phase, item.message, by(item)
            alike.setdefault(key, []).append(item)
    many = [some for some in alike.values() if len(some) > MOST_ALIKE]
    more = {some[FIRST_ALIKE - 1].node["id"]: len(some) - FIRST_ALIKE for some in many}
    hidden = {item.node["id"] for some in many for item in some[FIRST_ALIKE:]}
    return [(item, more.get(item.node["id"], 0)) for item in items if item.node["id"] not in hidden]


def hook_name(owner: str, hook: Item) -> str:
    """Give what the manifest calls a hook: what the name of its node has more than its owner's."""
    return str(hook.node["name"])[len(owner) :].lstrip(".").removeprefix("hooks.")


def _line(item: Item, style: Style, known: dict[str, str], name: str | None) -> str:
    symbol, colour = SYMBOLS[item.phase]
    bad = item.phase not in GOOD | {"Running", "Pending"}
    shown = name or label(item)
    out = f"{style.paint(symbol, colour)} {style.paint(shown, 'bold', colour) if bad else shown}"
    if item.template_name and item.template_name != shown.partition("(")[0]:
        out += style.paint(f" ({item.template_name})", "dim")
    for part in remarks(item, known):
        out += "  " + (style.paint(part, colour) if bad and part == item.message else part)
    return out


def label(item: Item) -> str:
    """Give what to call an item: the exit handler by its template, a step by its name."""
    if item.node.get("type") == "StepGroup":
        return "in parallel" if item.children else f"step {item.name}"
    if item.node.get("name", "").endswith(".onExit") or not item.node.get("boundaryID"):
        return item.template_name or item.name
    return item.name


def remarks(item: Item, known: dict[str, str]) -> list[str]:
    """Give what there is to say of an item: why its branch was taken or not, its inputs, its message."""
    out: list[str] = []
    skipped = skipped_on(item.message)
    if skipped is not None:
        out.append(f"not taken: {skipped} is false")
    elif when := condition(item, known):
        out.append(f"taken: {when}")
    inputs = (item.node.get("inputs") or {}).get("parameters") or []
    if inputs and item.phase not in ("Skipped", "Omitted"):
        out.append(" ".join(f"{p.get('name')}={_quoted(p.get('value'))}" for p in inputs))
    if item.message and skipped is None:
        out.append(item.message)
    return out


def _quoted(value: object) -> str:
    text = "" if value is None else str(value)
    text = text if len(text) <= 60 else text[:59] + "…"
    return text if text and not any(c.isspace() or c in "\"'" for c in text) else repr(text)
