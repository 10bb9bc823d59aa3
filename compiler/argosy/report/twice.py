"""Handlers that were run twice: what each did again, or otherwise, the second time."""

from __future__ import annotations

from argosy.explore.twice import Handler, Twice
from argosy.report.style import Style
from argosy.report.summary import count


def render(found: Twice, style: Style) -> str:
    """Give each situation with its handlers; one that is as in a situation before is left out."""
    out = [f"{style.paint(found.name or 'workflow', 'bold')}: its handlers, run twice in the same world"]
    seen: dict[str, list[str]] = {}
    for situation in found.situations:
        lines = []
        for handler in situation.handlers:
            told = _lines(handler, style)
            if seen.get(handler.node) != told:
                seen[handler.node] = told
                lines += told
        if lines:
            out += ["", style.paint(situation.fault, "bold"), *(f"  {line}" for line in lines)]
    return "\n".join([*out, "", _summary(found, style)]) + "\n"


def _lines(handler: Handler, style: Style) -> list[str]:
    name = handler.node.removeprefix("onExit.")
    if handler.not_run:
        return [f"{style.paint('○', 'dim')} {name}  not run: {handler.not_run}"]
    if handler.failed and not handler.differences:
        return [f"{style.paint('✖', 'red')} {style.paint(name, 'bold')}  fails both times: {handler.failed}"]
    if not handler.differences:
        again = f"  {count(len(handler.again), 'request')} sent again, to no further effect" if handler.again else ""
        return [f"{style.paint('=', 'green')} {name}{again}"]
    lines = [f"    {difference.message}" for difference in handler.differences]
    return [f"{style.paint('≠', 'red')} {style.paint(name, 'bold')}", *lines]


def _summary(found: Twice, style: Style) -> str:
    differ = {handler.node for handler in found.handlers() if handler.differences}
    ran = {handler.node for handler in found.handlers() if not handler.not_run}
    failed = {handler.node for handler in found.handlers() if handler.failed}
    if not ran:
        return "Nothing of them could be run."
    if failed and not differ:
        return style.paint(
            f"{len(failed)} of {count(len(ran), 'step')} of handlers fail here: that says little.", "yellow"
        )
    if not differ:
        return style.paint("The second time changes nothing.", "green")
    return style.paint(f"{len(differ)} of {count(len(ran), 'step')} of handlers are not idempotent.", "bold", "red")
