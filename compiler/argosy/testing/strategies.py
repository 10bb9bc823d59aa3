"""Hypothesis strategies: what may happen to a given workflow. They shrink to a run in which all goes well."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, get_args

from hypothesis import strategies as st

from argosy.errors import UsageError
from argosy.simulate.given import collect
from argosy.simulate.scenario import Action, Match, Outcome, Outputs, Response, Scenario, When
from argosy.simulate.shape import Seconds
from argosy.source import Json

Fault = Literal["exit", "error", "oom", "evicted", "deleted", "twice", "image", "pending", "hang"]
"""What can happen to a pod: it exits with a code; the executor fails; it runs out of memory, is evicted or deleted; its
work is delivered twice; its image is never there, it is never scheduled, it never ends."""
ENDING: tuple[Fault, ...] = ("exit", "error", "oom", "evicted", "twice")
"""The faults after which a run goes on. After the others it may wait for ever: a pod that is deleted is made again."""
Fields = dict[str, st.SearchStrategy[Any]]
"""Fields of an outcome, each with what it may be."""
LEAVES = ("container", "script", "containerSet", "resource", "data", "http", "plugin")

_MAKE: dict[str, Callable[[], Fields]] = {
    "exit": lambda: {"exit_code": st.integers(1, 255)},
    "error": lambda: {"phase": st.just("Error"), "message": st.just("the executor failed")},
    "oom": lambda: {"reason": st.just("OOMKilled")},
    "evicted": lambda: {"reason": st.just("Evicted")},
    "deleted": lambda: {"deleted": st.just(True)},
    "twice": lambda: {"delivered_twice": st.just(True)},
    "image": lambda: {"image_pull_back_off": st.just(True)},
    "pending": lambda: {"pending_forever": st.just(True)},
    "hang": lambda: {"run_forever": st.just(True)},
}


def outcomes(
    workflow: Any, *, faults: Iterable[Fault] = ENDING, templates: Iterable[str] | None = None, at_most: int = 4
) -> st.SearchStrategy[list[Outcome]]:
    """Give lists of outcomes for a workflow's pods: for each template at most one, for all its pods or for one attempt.

    ``workflow`` is whatever ``argosy.simulate`` takes; ``templates`` limits whom it may hit, ``faults`` what may
    happen. Templates with output files and results get values for them. Raises UsageError for a template or fault that
    there is not.
    """
    kinds = list(faults)
    if unknown := sorted(set(kinds) - set(get_args(Fault))):
        raise UsageError(f"there is no fault {unknown[0]!r}", hint=f"there are {', '.join(get_args(Fault))}")
    leaves = _leaves(workflow)
    wanted = list(leaves) if templates is None else list(templates)
    if missing := [name for name in wanted if name not in leaves]:
        raise UsageError(f"there is no template {missing[0]!r} with a pod", hint=f"there are {', '.join(leaves)}")
    if not wanted:
        return st.just([])
    one = st.one_of([_of_template(name, leaves[name], kinds) for name in wanted])
    return st.lists(one, max_size=at_most, unique_by=lambda outcome: outcome.match.template)


def scenarios(
    workflow: Any, *, people: bool = True, faults: Iterable[Fault] = ENDING, at_most: int = 4
) -> st.SearchStrategy[Scenario]:
    """Give scenarios for a workflow: outcomes, and with ``people`` perhaps somebody who stops or terminates it."""
    acts: st.SearchStrategy[list[Action]] = st.just([])
    if people:
        acts = st.lists(st.sampled_from(("stop", "terminate", "restart-controller")).map(_act), max_size=1)
    made = outcomes(workflow, faults=faults, at_most=at_most)
    return st.builds(Scenario, outcomes=made, actions=acts, missing_outputs=st.just("auto"))


def _act(verb: Any) -> Action:
    return Action(do=verb, when=When(workflow="Running"), after=Seconds(1.0))


def _of_template(name: str, template: dict[str, Json], faults: Sequence[str]) -> st.SearchStrategy[Outcome]:
    ways = [_success(template), *(_MAKE[fault]() for fault in faults)]
    if "http" in template:
        ways = [{"http": st.builds(Response, status_code=st.sampled_from((200, 404, 500, 503)))}]
    attempts: st.SearchStrategy[int | None] = st.none()
    if (retry := template.get("retryStrategy")) is not None:
        limit = str((retry or {}).get("limit", "2"))
        attempts = st.none() | st.integers(0, min(int(limit), 5) if limit.isdigit() else 2)
    match = st.builds(Match, template=st.just(name), attempt=attempts)
    duration = st.sampled_from((None, Seconds(1.0), Seconds(60.0)))
    return st.one_of([st.builds(Outcome, match=match, duration=duration, **way) for way in ways])


def _success(template: dict[str, Json]) -> Fields:
    """Give ways to succeed: with values for what the template leaves behind."""
    declared = (template.get("outputs") or {}).get("parameters") or []
    names = [str(p["name"]) for p in declared if (p.get("valueFrom") or {}).get("path")]
    text = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
    parameters = st.fixed_dictionaries(dict.fromkeys(names, text))
    return {"outputs": st.builds(Outputs, parameters=parameters, result=text)}


def _leaves(workflow: Any) -> dict[str, dict[str, Json]]:
    """Give the templates that have pods, of the workflow and of the templates beside it."""
    given = collect(workflow, Scenario())
    out: dict[str, dict[str, Json]] = {}
    for manifest in (given.main, *given.others):
        spec = manifest.data.get("spec") or {}
        spec = spec.get("workflowSpec") or spec
        for template in spec.get("templates") or []:
            if isinstance(template, dict) and any(kind in template for kind in LEAVES):
                out.setdefault(str(template.get("name", "")), template)
    return out
