"""Runs rules over documents and collects findings. It knows no rule by name, nor files, nor output."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from argosy.lint.context import Context
from argosy.lint.finding import Finding, Severity
from argosy.lint.rule import Rule, Table, finding, rules

Plan = tuple[tuple[Table[Any], tuple[Rule[Any], ...]], ...]
"""The rules to run, grouped by the table that they go over."""

CRASHED = "rule-crashed"
"""The name under which a rule that crashed is reported; it is no rule itself."""


def plan(chosen: Iterable[Rule[Any]]) -> Plan:
    """Group rules by their table, so that each table is asked for once."""
    groups: dict[Table[Any], list[Rule[Any]]] = {}
    for one in chosen:
        groups.setdefault(one.over, []).append(one)
    return tuple((over, tuple(group)) for over, group in groups.items())


def choose(select: Sequence[str] | None = None, ignore: Sequence[str] = ()) -> tuple[Rule[Any], ...]:
    """Give the rules to run: those on by default, or those selected; ``all`` selects every rule.

    A name may be that of a rule or of a theme. Rules that decide Argo's verdict run in any case: see :func:`run`.
    Raises UsageError for a name that is neither.
    """
    from argosy.lint.rule import find

    known = rules()
    themes = {one.theme for one in known}
    for name in [*(select or ()), *ignore]:
        if name != "all" and name not in themes:
            find(name)

    def named(one: Rule[Any], names: Sequence[str]) -> bool:
        return "all" in names or one.name in names or one.theme in names

    return tuple(
        one for one in known if (one.on_by_default if select is None else named(one, select)) and not named(one, ignore)
    )


def run(context: Context, planned: Plan) -> list[Finding]:
    """Give the findings about one document, in the order of their places; never raises."""
    return run_all([context], planned)[0]


def run_all(contexts: Sequence[Context], planned: Plan) -> list[list[Finding]]:
    """Give the findings about each of some documents, in the order of their places; never raises.

    Each rule goes over all documents before the next does: its code then is where the processor finds it fast. A rule
    that crashes becomes a finding that names it: the fault is ours, and the other rules go on.
    """
    found: list[list[Finding]] = [[] for _ in contexts]
    for over, group in planned:
        for context, findings in zip(contexts, found, strict=True):
            _go_over(over, group, context, findings)
    return [_in_order(findings) if len(findings) > 1 else findings for findings in found]


def _go_over(over: Table[Any], group: tuple[Rule[Any], ...], context: Context, found: list[Finding]) -> None:
    try:
        entries = over(context)
    except Exception as error:  # noqa: BLE001  # a broken table must not take the other rules along
        found.append(_crash(", ".join(one.name for one in group), error))
        return
    for entry in entries:
        for one in group:
            try:
                for problem in one.check(entry, context):
                    found.append(finding(one, problem))
            except Exception as error:  # noqa: BLE001  # see above
                found.append(_crash(one.name, error))


def _in_order(found: list[Finding]) -> list[Finding]:
    once = {(one.rule, one.address, one.span, one.chars, one.message): one for one in found}
    return sorted(once.values(), key=_place)


def _place(one: Finding) -> tuple[list[tuple[int, int | str]], str]:
    return [(0, step) if isinstance(step, int) else (1, step) for step in one.address], one.rule


def _crash(name: str, error: Exception) -> Finding:
    return Finding(
        CRASHED,
        Severity.WARNING,
        f"the rule {name} crashed on this document and was skipped: {type(error).__name__}: {error}",
        hint="this is a fault of Argosy, not of the manifest: please report it with the manifest",
    )
