"""What stands below the matrix of an exploration: branches never taken, what was left undone, when nothing runs."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from itertools import zip_longest

from argosy.explore.exploration import Exploration, Never
from argosy.explore.reads import reads_failures
from argosy.explore.rows import labels_by_kind
from argosy.report.paths import relative
from argosy.report.style import Style
from argosy.report.summary import count

LEFT = 36
"""Columns for faults in the list of reasons, at most."""
MOST_LINES = 4
"""So many lines of faults are shown of a reason."""
MOST_BROKEN = 3
"""So many faults are shown of an invariant that does not hold."""
FAILURES = "workflow.failures"


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


def _left(found: Exploration, style: Style) -> str:
    """Say which pods were left behind by a workflow that was over."""
    left: dict[tuple[str, ...], list[str]] = {}
    for result in found.results:
        if result.observed.left and result.observed.ended == "completed":
            left.setdefault(result.observed.left, []).append(result.fault.name)
    lines = []
    for nodes, faults in left.items():
        more = f" and {count(len(faults) - 1, 'other fault')}" if len(faults) > 1 else ""
        lines.append(f"  {', '.join(nodes)}: after {faults[0]}{more}")
    return "\n".join([style.paint("Left behind when the workflow was over:", "bold"), *lines]) if lines else ""


def _failures(found: Exploration, style: Style) -> str:
    """Show what the handler saw as the failures, if it reads them."""
    if not reads_failures(found.templates):
        return ""
    seen: dict[str, str] = {}
    for result in found.results[1:]:
        value = result.observed.saw.get(FAILURES, "")
        if value and result.observed.saw.get("workflow.status") != "Succeeded":
            seen.setdefault(value, result.fault.name)
    if not seen:
        return ""
    value, name = next(iter(seen.items()))
    more = f"; {count(len(seen) - 1, 'other value')} with --show FAULT" if len(seen) > 1 else ""
    head = style.paint(f"{{{{{FAILURES}}}}} as the handler saw it after {name}{more}:", "bold")
    return f"{head}\n  {value}"


def _untaken(found: Exploration, style: Style) -> str:
    lines = [
        f"  {_place(one.span.path, one.span.line)}{one.words}" + (f": {one.condition}" if one.condition else "")
        for one in found.untaken()
    ]
    return "\n".join([style.paint("Branches that no fault ever took:", "bold"), *lines]) if lines else ""


def _could(found: Exploration, style: Style) -> str:
    return _never("The handler never runs, but could:", "yellow", [n for n in found.never() if n.survivable], style)


def _hopeless(found: Exploration, style: Style) -> str:
    return _never("No handler survives:", "dim", [n for n in found.never() if not n.survivable], style)


def _never(title: str, colour: str, some: list[Never], style: Style) -> str:
    """Give faults on the left, and why the handler did not run, with the line, on the right."""
    if not some:
        return ""
    grouped: dict[tuple[str, str], list[Never]] = {}
    for never in some:
        grouped.setdefault((never.reason, never.hint), []).append(never)
    texts = ["; ".join(labels_by_kind([f for n in same for f in n.those])) for same in grouped.values()]
    left = min(LEFT, max(map(len, texts)))
    lines = []
    for text, ((reason, hint), same) in zip(texts, grouped.items(), strict=True):
        faults = textwrap.wrap(text, left, break_on_hyphens=False)
        if len(faults) > MOST_LINES:
            faults = [*faults[: MOST_LINES - 1], f"... {count(sum(len(n.faults) for n in same), 'fault')} in all"]
        words = _why(reason, hint, same, max(40, style.width - left - 4), style)
        lines += [f"  {a:<{left}}  {b}".rstrip() for a, b in zip_longest(faults, words, fillvalue="")]
    return "\n".join([style.paint(title, "bold", colour), *lines])


def _why(reason: str, hint: str, same: list[Never], room: int, style: Style) -> list[str]:
    places = ", ".join(_where(same))
    words = textwrap.wrap(f"{reason} ({places})" if places else reason, room, break_on_hyphens=False)
    helps = textwrap.wrap(f"help: {hint}", room, break_on_hyphens=False) if hint else []
    return [*words, *(style.paint(line, "cyan") for line in helps)]


def _where(same: list[Never]) -> Iterator[str]:
    """Give the places of reasons, each file once: ``a.yaml:3, 7``."""
    lines: dict[str, list[int]] = {}
    for never in same:
        if never.line:
            lines.setdefault(never.path, []).append(never.line)
    for path, numbers in lines.items():
        yield f"{relative(path)}:{', '.join(map(str, sorted(set(numbers))))}"


def _invariants(found: Exploration, style: Style) -> str:
    lines = []
    for invariant in found.invariants:
        broken = [one for one in found.broken if one.invariant == invariant]
        mark = style.paint("✖", "red") if broken else style.paint("✔", "green")
        lines.append(f"  {mark} {invariant}")
        lines += [f"      after {one.result.fault.name}: {one.message}" for one in broken[:MOST_BROKEN]]
        lines += [f"      ... after {count(len(broken), 'fault')} in all"] if len(broken) > MOST_BROKEN else []
    return "\n".join([style.paint("Invariants:", "bold"), *lines]) if lines else ""


def _place(path: str, line: int) -> str:
    return f"{relative(path)}:{line}: " if line else ""


PARTS: tuple[Callable[[Exploration, Style], str], ...] = (
    _failures,
    _own_faults,
    _left,
    _untaken,
    _could,
    _hopeless,
    _invariants,
)
"""In the order in which they are shown; empty: there is nothing to say."""
