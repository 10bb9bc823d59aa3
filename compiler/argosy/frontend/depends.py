"""Which outcomes of other tasks a task waits for: ``a.succeeded & (b.failed | b.errored)``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from argosy.frontend.expressions import Expression, Variable
from argosy.frontend.places import fail
from argosy.frontend.uses import nodes_of

if TYPE_CHECKING:
    from argosy.frontend.context import NodeStatus
    from argosy.frontend.graph import Node

R_co = TypeVar("R_co", covariant=True)


@dataclass(frozen=True, slots=True, eq=False)
class Depends:
    """One outcome of a task, or a combination of outcomes."""

    operator: str
    """``""`` for one outcome, else ``&&``, ``||`` or ``!``."""
    parts: tuple[Depends, ...] = ()
    node: Node | None = None
    outcome: str = ""

    def __and__(self, other: Depends) -> Depends:
        return Depends("&&", (self, other))

    def __or__(self, other: Depends) -> Depends:
        return Depends("||", (self, other))

    def __invert__(self) -> Depends:
        return Depends("!", (self,))

    def __bool__(self) -> bool:
        fail(
            "Python cannot decide on an outcome: it is known only when the workflow runs",
            hint="combine outcomes with & | ~",
        )

    def nodes(self) -> Iterable[Node]:
        """Give the tasks that it speaks of."""
        if self.node is not None:
            yield self.node
        for part in self.parts:
            yield from part.nodes()

    def text(self, outer: int = 0) -> str:
        """Give it as Argo's ``depends``."""
        if self.node is not None:
            return f"{self.node.name}.{self.outcome}" if self.outcome else self.node.name
        if self.operator == "!":
            return "!" + self.parts[0].text(9)
        binding = 2 if self.operator == "&&" else 1
        written = f" {self.operator} ".join(p.text(binding) for p in self.parts)
        return f"({written})" if binding < outer else written


class Step(Generic[R_co]):
    """A step or task, to speak of it: its result, its status, its outcomes."""

    def __init__(self, node: Node, result: R_co) -> None:
        self._node = node
        self.result = result

    def _variable(self, *path: str, hint: Any = str) -> Any:
        return Variable((self._node.recorder.scope, self._node.name, *path), self._node, hint=hint)

    def _outcome(self, outcome: str) -> Depends:
        return Depends("", node=self._node, outcome=outcome)

    @property
    def name(self) -> str:
        """Its name."""
        return self._node.name

    @property
    def status(self) -> NodeStatus:
        """Its phase."""
        from argosy.frontend.context import NodeStatus

        return cast("NodeStatus", self._variable("status", hint=NodeStatus))

    @property
    def id(self) -> str:
        """The id of its node."""
        return cast(str, self._variable("id"))

    @property
    def ip(self) -> str:
        """The address of its pod, if it is a daemon."""
        return cast(str, self._variable("ip"))

    @property
    def exit_code(self) -> int:
        """The exit code of its main container."""
        return cast(int, self._variable("exitCode", hint=int))

    @property
    def started_at(self) -> str:
        """When it started, as RFC 3339 text."""
        return cast(str, self._variable("startedAt"))

    @property
    def finished_at(self) -> str:
        """When it ended, as RFC 3339 text."""
        return cast(str, self._variable("finishedAt"))

    @property
    def host_node_name(self) -> str:
        """The machine that it ran on."""
        return cast(str, self._variable("hostNodeName"))

    @property
    def succeeded(self) -> Depends:
        """It succeeded."""
        return self._outcome("Succeeded")

    @property
    def failed(self) -> Depends:
        """It failed."""
        return self._outcome("Failed")

    @property
    def errored(self) -> Depends:
        """It ended in an error."""
        return self._outcome("Errored")

    @property
    def skipped(self) -> Depends:
        """Its condition did not hold."""
        return self._outcome("Skipped")

    @property
    def omitted(self) -> Depends:
        """What it depends on did not come to pass."""
        return self._outcome("Omitted")

    @property
    def daemoned(self) -> Depends:
        """It is a daemon, and ready."""
        return self._outcome("Daemoned")

    @property
    def any_succeeded(self) -> Depends:
        """At least one turn of its loop succeeded."""
        return self._outcome("AnySucceeded")

    @property
    def all_failed(self) -> Depends:
        """All turns of its loop failed."""
        return self._outcome("AllFailed")


def depends_on(values: object) -> list[Depends]:
    """Give what a task waits for, from steps, results, outcomes, or lists of them."""
    from argosy.frontend.graph import Node

    if isinstance(values, Depends):
        return [values]
    if isinstance(values, Step):
        return [Depends("", node=values._node)]
    if isinstance(values, Node):
        return [Depends("", node=values)]
    if isinstance(values, Expression):
        return [Depends("", node=n) for n in nodes_of(values)]
    if isinstance(values, (list, tuple)):
        return [d for v in values for d in depends_on(v)]
    return fail(
        "after(...) takes steps, their results, or their outcomes", hint="make a step with `template.step(...)`"
    )
