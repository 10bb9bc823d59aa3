"""Why the exit handler did not run: the reason, the line that is behind it, and what helps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from argosy.explore.exploration import Never, Result
from argosy.explore.faults import Fault
from argosy.source import Span

if TYPE_CHECKING:
    from argosy.explore.exploration import Exploration


class Reason(NamedTuple):
    """One row of the table: when it applies, what to say, which line is behind it, what helps."""

    applies: Callable[[Result], bool]
    words: str
    span: Callable[[Exploration, Result], Span]
    hint: str | Callable[[Exploration], str]
    survivable: bool
    """The workflow could be written so that its handler runs."""


def _kind(*kinds: str) -> Callable[[Result], bool]:
    return lambda result: any(fault.kind in kinds for fault in result.fault.all())


def _hung(result: Result) -> bool:
    return result.observed.ended not in ("completed", "deleted")


def _handler_line(exploration: Exploration, _: Result) -> Span:
    spec = exploration.templates.spec
    return spec.at("onExit") if "onExit" in spec.data else spec.at("hooks", "exit")


def _entrypoint_line(exploration: Exploration, _: Result) -> Span:
    placed = exploration.templates.by_name.get(str(exploration.templates.spec.data.get("entrypoint")))
    return placed.at("name") if placed else exploration.templates.spec.at("entrypoint")


def _leaf_line(exploration: Exploration, result: Result) -> Span:
    """Give where the template stands that the run waits for, or whose fault it is."""
    for fault in result.fault.all():
        placed = exploration.templates.by_name.get(fault.place.template) if fault.place else None
        if placed is not None:
            return placed.at("name")
    return _handler_line(exploration, result)


def _is_error(result: Result) -> bool:
    return result.observed.phase == "Error"


def _one_level_down(exploration: Exploration) -> str:
    placed = exploration.templates.by_name.get(str(exploration.templates.spec.data.get("entrypoint")))
    if placed is None or "steps" in placed.data or "dag" in placed.data:
        return ""
    return "one level down, the handler would run: let the entrypoint be steps that call it"


REASONS: tuple[Reason, ...] = (
    Reason(_kind("lost"), "the workflow object is gone: nobody knows of its handler", _handler_line, "", False),
    Reason(_kind("down"), "there is no controller to start the handler", _handler_line, "", False),
    Reason(
        _kind("terminate"),
        "terminate ends everything at once",
        _handler_line,
        "`argo stop` lets the handler run",
        False,
    ),
    Reason(_kind("invalid"), "the controller refuses the spec before anything runs", _handler_line, "", False),
    Reason(
        _kind("entrypoint"),
        "an error of the entrypoint's own template ends it all at once",
        _entrypoint_line,
        _one_level_down,
        False,
    ),
    Reason(
        lambda r: _hung(r) and _kind("hang")(r),
        "it never ends by itself, and no deadline ends it",
        _leaf_line,
        "set activeDeadlineSeconds on the template or the workflow",
        True,
    ),
    Reason(
        lambda r: _hung(r) and _kind("image")(r),
        "its pod never starts, and no deadline ends it",
        _leaf_line,
        "set activeDeadlineSeconds on the template or the workflow",
        True,
    ),
    Reason(
        lambda r: _hung(r) and _kind("unanswered")(r),
        "it waits for a person, and nobody comes",
        _leaf_line,
        "give the suspend template a duration",
        True,
    ),
    Reason(_hung, "the workflow never ends: {waits}", _leaf_line, "", True),
    Reason(_is_error, "an error of the controller ends the workflow at once: {message}", _leaf_line, "", True),
    Reason(lambda r: True, "the workflow ended {phase} without it: {message}", _handler_line, "", True),
)
"""The first that applies counts."""


def reasons(exploration: Exploration) -> list[Never]:
    """Give the reasons for which the handler did not run, each with its place and all its faults."""
    found: dict[Never, list[Fault]] = {}
    ranks: dict[Never, int] = {}
    for result in exploration.results:
        if result.observed.handler:
            continue
        rank, reason = next((i, one) for i, one in enumerate(REASONS) if one.applies(result))
        span = reason.span(exploration, result)
        hint = reason.hint if isinstance(reason.hint, str) else reason.hint(exploration)
        key = Never(_words(reason, result), span.path, span.line, (), hint, reason.survivable)
        found.setdefault(key, []).append(result.fault)
        ranks[key] = rank
    return [replace(key, those=tuple(found[key])) for key in sorted(found, key=lambda key: ranks[key])]


def _words(reason: Reason, result: Result) -> str:
    observed = result.observed
    message = observed.message.splitlines()[0] if observed.message else ""
    words = reason.words.format(waits=" and ".join(observed.waits_for), message=message, phase=observed.phase)
    return words.rstrip(": ")
