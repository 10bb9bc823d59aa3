"""The graph of a DAG's tasks: who depends on whom, in which order, and who comes before whom.

Source: Argo v4.1 ``workflow/common/ancestry.go``, ``util/sorting/topological_sorting.go``, ``validate.verifyNoCycles``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from msgspec import Struct, field

from argosy import model
from argosy.later import regex

_REFERENCE = regex(r"([a-zA-Z0-9][-a-zA-Z0-9]*?\.[A-Z][a-zA-Z]+)|([a-zA-Z0-9][-a-zA-Z0-9]*)")
_PLAIN = regex(r"[a-zA-Z0-9][-a-zA-Z0-9]*\Z")
ITEM_RESULTS = ("AnySucceeded", "AllFailed")
"""Results that speak of the turns of a loop."""
RESULTS = ("Succeeded", "Failed", "Errored", "Skipped", "Omitted", "Daemoned", *ITEM_RESULTS)
"""What may follow the name of a task in ``depends``."""


def references(depends: str) -> list[tuple[str, str, int]]:
    """Give the tasks that a ``depends`` names, as Argo finds them: name, result (or empty text), position.

    Argo does not parse the expression for this: every word is a task, ``not`` and ``and`` too.
    """
    out = []
    for match in _REFERENCE.finditer(depends):
        name, _, result = match[0].partition(".")
        out.append((name, result, match.start()))
    return out


def dependencies(task: model.DAGTask) -> dict[str, bool]:
    """Give the names that a task depends on, with whether it asks for a result of a loop."""
    found: dict[str, bool] = {}
    if task.depends:
        for name, result, _ in references(task.depends):
            if result:
                found[name] = found.get(name, False) or result in ITEM_RESULTS
            else:
                found[name] = False
        return found
    for name in task.dependencies or ():
        if _PLAIN.match(name):
            found[name] = False
        else:  # Argo writes the list out as a depends expression and reads the names back from that
            found |= {word: False for word, _, _ in references(f"({name}.Succeeded || {name}.Skipped)")}
    return found


class Graph(Struct, eq=False, dict=True):
    """The tasks of one DAG and their dependencies; tasks are spoken of by their place in the list."""

    names: Sequence[str]
    wanted: Sequence[dict[str, bool]]
    """By task: the names it depends on (:func:`dependencies`)."""
    index: dict[str, int] = field(default_factory=dict)
    """The task of a name: of the last one, where a name stands twice."""

    def __post_init__(self) -> None:
        self.index = {name: number for number, name in enumerate(self.names)}

    @cached_property
    def edges(self) -> list[list[int]]:
        """By task: the tasks it depends on; names of no task are left out."""
        return [[self.index[name] for name in wanted if name in self.index] for wanted in self.wanted]

    @property
    def missing(self) -> list[tuple[int, str]]:
        """Names that are depended on and are no task's, with the task that wants them."""
        return [(n, name) for n, wanted in enumerate(self.wanted) for name in wanted if name not in self.index]

    @property
    def repeated(self) -> list[int]:
        """Tasks whose name stands earlier in the list too."""
        seen: set[str] = set()
        out = []
        for number, name in enumerate(self.names):
            if name in seen:
                out.append(number)
            seen.add(name)
        return out

    @cached_property
    def _queue(self) -> list[int]:
        left = [len(before) for before in self.edges]
        after: list[list[int]] = [[] for _ in self.names]
        for number, before in enumerate(self.edges):
            for one in before:
                after[one].append(number)
        queue = [number for number, count in enumerate(left) if not count]
        for number in queue:
            for later in after[number]:
                left[later] -= 1
                if not left[later]:
                    queue.append(later)
        return queue

    @cached_property
    def order(self) -> list[int]:
        """The tasks, each after all that it depends on; those in or behind a cycle come last, in the list's order.

        Argo starts with the tasks that depend on nothing in an order that changes from run to run; here it is theirs.
        """
        placed = set(self._queue)
        return self._queue + [number for number in range(len(self.names)) if number not in placed]

    @cached_property
    def cycle(self) -> list[int]:
        """The tasks of one cycle, in order of dependency, or nothing."""
        stuck = set(range(len(self.names))) - set(self._queue)
        if not stuck:
            return []
        at = min(stuck)
        path: list[int] = []
        seen: dict[int, int] = {}
        while at not in seen:
            seen[at] = len(path)
            path.append(at)
            at = next(one for one in self.edges[at] if one in stuck)
        return path[seen[at] :]

    @cached_property
    def _before(self) -> list[int]:
        before = [0] * len(self.names)
        for number in self.order:
            bits = 0
            for one in self.edges[number]:
                bits |= before[one] | 1 << one
            before[number] = bits
        return before

    def is_before(self, earlier: str, task: int) -> bool:
        """Whether a task named so is an ancestor of another: it has ended when that one starts."""
        number = self.index.get(earlier)
        return number is not None and bool(self._before[task] >> number & 1)

    def ancestors(self, task: int) -> list[int]:
        """Give all ancestors of a task, in the list's order."""
        bits = self._before[task]
        return [number for number in range(len(self.names)) if bits >> number & 1]


def graph(tasks: Sequence[model.DAGTask]) -> Graph:
    """Make the graph of some tasks."""
    return Graph([task.name for task in tasks], [dependencies(task) for task in tasks])
