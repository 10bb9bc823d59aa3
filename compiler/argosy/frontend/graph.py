"""Tracing the body of a steps or DAG template: each call of a template adds a node, as the blocks around it say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from argosy.errors import Place
from argosy.frontend import hints
from argosy.frontend.expressions import Expression, Operation, Variable
from argosy.frontend.places import caller, fail
from argosy.frontend.uses import fields_with_references, nodes_of, parts_of

if TYPE_CHECKING:
    from argosy.frontend.depends import Depends
    from argosy.frontend.signatures import Signature

T = TypeVar("T")
Scope = Literal["steps", "tasks"]


class Callee(Protocol):
    """What a step or task runs: a template of ours, or a reference to one elsewhere."""

    @property
    def name(self) -> str:
        """The template's name."""

    def signature(self) -> Signature:
        """What it takes and gives."""

    def also_to_file(self) -> None:
        """Let its result be an output parameter besides what the pod prints, or refuse."""


@dataclass(eq=False, slots=True)
class Loop:
    """The items that the steps of an ``each`` run for."""

    items: object
    item: Any
    place: Place
    sequence: dict[str, object] | None = None


@dataclass(eq=False, slots=True)
class Node:
    """One step or task, as the body said it."""

    name: str
    callee: Callee
    arguments: dict[str, object]
    options: dict[str, Any]
    place: Place
    recorder: Recorder
    group: int
    when: object = None
    loop: Loop | None = None
    after: tuple[Depends, ...] = ()
    needs: dict[int, Node] = field(default_factory=dict)
    """The tasks whose outputs it uses."""


@dataclass(eq=False, slots=True)
class Recorder:
    """What the body of one steps or DAG template said so far."""

    scope: Scope
    template: str
    nodes: list[Node] = field(default_factory=list)
    by_name: dict[str, Node] = field(default_factory=dict)
    conditions: list[Any] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)
    after: list[tuple[Depends, ...]] = field(default_factory=list)
    parallel: int = 0
    groups: int = 0
    chain: list[Node | None] = field(default_factory=list)
    closed: Any = None
    """The condition of the ``when`` that ended last, for ``otherwise``."""
    counts: dict[str, int] = field(default_factory=dict)
    host: Recorder | None = None
    """The recorder whose steps can be named as well: a hook's handler names the step that it is of."""

    def unique(self, wanted: str, given: bool) -> str:
        """Give a name no other node has: ``build``, ``build-2``, ... Raises CompileError if the user chose it."""
        if wanted not in self.by_name:
            return wanted
        if given:
            fail(f"{self.template} has two steps named {wanted!r}", hint="give one another name")
        count = self.counts.get(wanted, 1) + 1
        while f"{wanted}-{count}" in self.by_name:
            count += 1
        self.counts[wanted] = count
        return f"{wanted}-{count}"

    def next_group(self) -> int:
        """Give the number of the group of parallel steps that a new step belongs to."""
        if not self.parallel:
            self.groups += 1
        return self.groups

    def condition(self) -> Any:
        """Give what all enclosing ``when`` blocks ask for, as one condition."""
        if not self.conditions:
            return None
        joined = self.conditions[0]
        for more in self.conditions[1:]:
            joined = Operation("&&", joined, more, hint=bool)
        return joined

    def add(self, callee: Callee, arguments: dict[str, object], options: dict[str, Any]) -> Node:
        """Record a call."""
        place = caller()
        if len(self.loops) > 1:
            fail(
                "a loop within a loop needs a template of its own",
                hint="put the inner loop into a @steps function",
                place=place,
            )
        name = self.unique(options.get("name") or callee.name, "name" in options)
        loop = self.loops[-1] if self.loops else None
        node = Node(name, callee, {}, options, place, self, self.next_group(), self.condition(), loop)
        node.arguments = {key: self.use(value, node) for key, value in arguments.items()}
        if node.when is not None:
            node.when = self.use(node.when, node)
        if loop:
            self.use(loop.items, node)
            self.use(list((loop.sequence or {}).values()), node)
        for raw in ("when", "extra"):
            if raw in options:
                self.use(options[raw], node)
        node.after = self._order(node)
        self.by_name[name] = node
        self.nodes.append(node)
        return node

    def _order(self, node: Node) -> tuple[Depends, ...]:
        from argosy.frontend.depends import depends_on

        asked = [d for block in self.after for d in block]
        asked += depends_on(node.options["after"]) if "after" in node.options else []
        if self.chain and self.scope == "tasks":
            if self.chain[-1] is not None:
                asked += depends_on([self.chain[-1]])
            self.chain[-1] = node
        return tuple(asked)

    def use(self, value: object, node: Node) -> object:
        """Check the references in a value that ``node`` uses, note what it depends on, gather the results of loops."""
        if isinstance(value, str):
            return self._use_text(value, node)
        if isinstance(value, list):
            gathered = gather(value, self)
            if gathered is not None:
                value = gathered
            else:
                return [self.use(v, node) for v in value]
        if isinstance(value, dict):
            return {k: self.use(v, node) for k, v in value.items()}
        if not isinstance(value, Expression) and (fields := fields_with_references(value)):
            return {k: self.use(v, node) for k, v in fields.items()}
        if isinstance(value, (Expression, tuple)):
            for needed in nodes_of(value):
                self._need(needed, node)
            self._check_turns(value)
        return value

    def _check_turns(self, value: object) -> None:
        for one in parts_of(value):
            if isinstance(one, Variable) and one.node and one.node.loop and not is_gathered(one):
                if one.node.loop in self.loops:
                    continue
                fail(
                    f"this is what one turn of the loop gives; outside it, {one.node.name!r} has a list of results",
                    hint="collect them: results = [f(x) for x in each(items)], and pass the whole list",
                )

    def _use_text(self, value: str, node: Node) -> str:
        start = value.find("{{")
        while start >= 0:
            end = value.find("}}", start)
            parts = value[start + 2 : end].split(".") if end > 0 else []
            if len(parts) > 2 and parts[0] == self.scope and parts[1] in self.by_name:
                self._need(self.by_name[parts[1]], node)
            elif parts and parts[0].startswith("="):
                for name, other in self.by_name.items():
                    if f"{self.scope}.{name}." in value or f"{self.scope}['{name}']" in value:
                        self._need(other, node)
            start = value.find("{{", start + 2)
        return value

    def _need(self, needed: Node, node: Node) -> None:
        if needed.recorder is self.host:
            return
        if needed.recorder is not self:
            fail(
                f"{needed.name!r} is a step of {needed.recorder.template}, so {self.template} cannot see what it gives",
                hint="pass the value as an argument of the template, or return it from the other one",
                place=node.place,
            )
        if self.scope == "steps" and needed.group == node.group:
            fail(
                f"{node.name!r} runs beside {needed.name!r}, so it cannot use what that one gives: it waits forever",
                hint="move it after the `with parallel():` block",
                place=node.place,
            )
        if node.loop is not None and needed.loop is node.loop:
            fail(
                f"{node.name!r} uses what {needed.name!r} gives in the same turn, but each step loops by itself",
                hint="put both steps into one @steps function and call that in the loop",
                place=node.place,
            )
        node.needs[id(needed)] = needed


def gather(values: list[Any], recorder: Recorder) -> Variable | None:
    """Give the aggregated results for the list that a comprehension over ``each`` made; None for other lists.

    Argo joins what the turns printed only if that is JSON; else the workflow ends in Error, without its exit handler
    (Argo v4.1 ``operator.go:processAggregateNodeOutputs``). Text is therefore joined as an output parameter.
    """
    if len(values) != 1 or not isinstance(values[0], Variable):
        return None
    one = values[0]
    if (
        one.node is None
        or one.node.loop is None
        or one.node.loop in recorder.loops
        or one.node.recorder is not recorder
    ):
        return None
    path = one.path
    if path[-2:] == ("outputs", "result") and hints.base(one.hint) not in (int, float, bool) and not _is_json(one.hint):
        path = (*path[:-1], "parameters", "result")
        one.node.callee.also_to_file()
    return Variable(path, one.node, hint=list[one.hint])  # type: ignore[name-defined]  # a type made at run time


def whole(value: Any) -> Any:
    """Give the aggregated results for a list that a comprehension over ``each`` made, anything else as it is."""
    recorder = recording()
    if recorder is None or not isinstance(value, list):
        return value
    gathered = gather(value, recorder)
    return value if gathered is None else gathered


def _is_json(hint: Any) -> bool:
    return hints.is_json(hint) and hint is not Any


def is_gathered(value: Variable) -> bool:
    """Tell whether a reference to a looped step stands for all its results."""
    return getattr(value.hint, "__origin__", None) is list


_CURRENT: ContextVar[Recorder | None] = ContextVar("recorder", default=None)


def recording() -> Recorder | None:
    """Give the recorder of the body that is being traced, if any."""
    return _CURRENT.get()


@contextmanager
def record(recorder: Recorder | None) -> Iterator[None]:
    """Let calls of templates be recorded here."""
    token = _CURRENT.set(recorder)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def recorder_for(what: str) -> Recorder:
    """Give the recorder of the body that is being traced. Raises CompileError, naming what asks, outside of one."""
    recorder = _CURRENT.get()
    if recorder is None:
        fail(f"{what} is for the body of a workflow, a @steps or a @dag function")
    return recorder


def trace(body: Callable[..., Any], arguments: dict[str, Any], scope: Scope, template: str) -> tuple[Recorder, Any]:
    """Run a body with references for its arguments; give what it recorded and what it returned."""
    recorder = Recorder(scope, template)
    with record(recorder):
        returned = body(**arguments)
    return recorder, returned
