"""``depends`` of a DAG task: which tasks it names, what Argo makes of it, whether the task runs.

After Argo 4.1 ``workflow/common/ancestry.go`` and ``evaluateDependsLogic`` in ``workflow/controller/dag.go``. Argo
finds task names with a regular expression, writes every bare name out as ``(A.Succeeded || A.Skipped || A.Daemoned)``
and evaluates the result as an expression, with underscores for dashes. ``parse`` gives the syntax tree of the grammar
that is meant: names, ``!``, ``&&``, ``||`` and brackets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Literal

from msgspec import Struct

from argosy.errors import LanguageError
from argosy.language.caching import remembered
from argosy.language.meaning import Meaning
from argosy.later import regex

TASK_RESULTS = ("Succeeded", "Failed", "Errored", "Skipped", "Omitted", "Daemoned", "AnySucceeded", "AllFailed")
"""The results of a task that ``depends`` can ask for."""

ITEM_RESULTS = frozenset(["AnySucceeded", "AllFailed"])
"""The results that look at the items of a task that loops."""

MAX_NESTING = 100
"""How deep brackets may nest."""

MAX_NAMES = 20_000
"""How often a ``depends`` may name tasks."""

DependencyType = Literal["task", "items"]

_NAME = regex(r"([a-zA-Z0-9][-a-zA-Z0-9]*?\.[A-Z][a-zA-Z]+)|([a-zA-Z0-9][-a-zA-Z0-9]*)")
_RESULT = regex(r"[a-zA-Z0-9][-a-zA-Z0-9]*?\.[A-Z][a-zA-Z]+")
_TOKEN = regex(
    r"(?P<space>\s+)|(?P<symbol>&&|\|\||[!()])|(?P<task>[a-zA-Z0-9][-a-zA-Z0-9]*)(?:\.(?P<result>[a-zA-Z]+))?"
)
_PHASE_RESULTS = {
    "Succeeded": "Succeeded",
    "Failed": "Failed",
    "Error": "Errored",
    "Skipped": "Skipped",
    "Omitted": "Omitted",
}
_KEYWORDS = frozenset(
    "true false nil not and or in matches contains startsWith endsWith let if else".split()  # noqa: SIM905 - reads better
)  # of expr
FULFILLED = frozenset([*_PHASE_RESULTS, "Daemoned"])
"""The states in which a task no longer holds back those that depend on it."""


# ---------------------------------------------------------------------- the tree


class Name(Meaning, frozen=True):
    """A task, or with ``result`` one result of it."""

    task: str
    result: str | None = None
    start: int = 0
    end: int = 0


class Not(Meaning, frozen=True):
    """``!operand``."""

    operand: Node
    start: int = 0
    end: int = 0


class Both(Meaning, frozen=True):
    """``a && b && c``: all of them."""

    operands: tuple[Node, ...]
    start: int = 0
    end: int = 0


class Either(Meaning, frozen=True):
    """``a || b || c``: any of them."""

    operands: tuple[Node, ...]
    start: int = 0
    end: int = 0


class Group(Meaning, frozen=True):
    """Round brackets."""

    inner: Node
    start: int = 0
    end: int = 0


Node = Name | Not | Both | Either | Group


def children(node: Node) -> tuple[Node, ...]:
    """Give the nodes directly below a node, from left to right."""
    match node:
        case Not():
            return (node.operand,)
        case Group():
            return (node.inner,)
        case Both() | Either():
            return node.operands
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Give a node and all nodes below it, from left to right."""
    yield node
    for child in children(node):
        yield from walk(child)


def names(text: str) -> list[Name]:
    """Give every task (and result) that Argo's regular expression finds in a ``depends``, whether or not it parses."""
    found = []
    for match in _NAME.finditer(text):
        task, _, result = match[0].partition(".") if match[1] else (match[2], "", "")
        found.append(Name(task, result or None, match.start(), match.end()))
    return found


def unparse(node: Node) -> str:
    """Give a text that parses to this tree."""
    match node:
        case Name():
            return f"{node.task}.{node.result}" if node.result else node.task
        case Not():
            return f"!{unparse(node.operand)}"
        case Group():
            return f"({unparse(node.inner)})"
        case Both():
            return " && ".join(map(unparse, node.operands))
        case Either():
            return " || ".join(map(unparse, node.operands))


# ---------------------------------------------------------------------- the parser


class _Token(Struct, frozen=True):
    text: str
    name: Name | None
    start: int
    end: int


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            raise LanguageError(
                f"unexpected {text[at]!r} in depends", at, text=text, hint="use task names, !, &&, || and brackets"
            )
        name = Name(match["task"], match["result"], at, match.end()) if match["task"] else None
        if not match["space"]:
            found.append(_Token(match[0], name, at, match.end()))
        at = match.end()
    return found


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0

    def fail(self, message: str) -> LanguageError:
        at = self.tokens[self.at].start if self.at < len(self.tokens) else len(self.text)
        return LanguageError(message, at, text=self.text)

    def next_is(self, symbol: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at].text == symbol

    def whole(self) -> Node:
        node = self.either()
        if self.at < len(self.tokens):
            raise self.fail(f"unexpected {self.tokens[self.at].text!r} in depends")
        return node

    def either(self) -> Node:
        operands = [self.both()]
        while self.next_is("||"):
            self.at += 1
            operands.append(self.both())
        if len(operands) == 1:
            return operands[0]
        return Either(tuple(operands), operands[0].start, operands[-1].end)

    def both(self) -> Node:
        operands = [self.operand()]
        while self.next_is("&&"):
            self.at += 1
            operands.append(self.operand())
        if len(operands) == 1:
            return operands[0]
        return Both(tuple(operands), operands[0].start, operands[-1].end)

    def operand(self) -> Node:
        if self.at >= len(self.tokens):
            raise self.fail("depends ends where a task is expected")
        token = self.tokens[self.at]
        self.at += 1
        if token.name:
            return token.name
        if token.text not in ("!", "("):
            self.at -= 1
            raise self.fail(f"unexpected {token.text!r} in depends where a task is expected")
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise self.fail(f"depends is nested deeper than {MAX_NESTING}")
        node: Node
        if token.text == "!":
            operand = self.operand()
            node = Not(operand, token.start, operand.end)
        else:
            node = self.group(token)
        self.depth -= 1
        return node

    def group(self, token: _Token) -> Group:
        inner = self.either()
        if not self.next_is(")"):
            raise self.fail("a bracket is not closed in depends")
        self.at += 1
        return Group(inner, token.start, self.tokens[self.at - 1].end)


@remembered(2048)
def parse(text: str) -> Node:
    """Give the syntax tree of a ``depends``.

    Raises LanguageError, with the place, for text outside the grammar that Argo documents. Argo itself evaluates a
    little more (``A.Succeeded == B.Succeeded``), and finds out at run time only that something does not parse.
    """
    return _Parser(text).whole()


# ---------------------------------------------------------------------- Argo's reading of it

Task = Mapping[str, Any]


def _expanded(name: str, task: Task | None) -> str:
    wanted = ["Succeeded", "Skipped", "Daemoned"]
    tolerated = (task or {}).get("continueOn") or {}
    wanted += ["Errored"] if tolerated.get("error") else []
    wanted += ["Failed"] if tolerated.get("failed") else []
    return "(" + " || ".join(f"{name}.{result}" for result in wanted) + ")"


_PLAIN = regex(r"[A-Za-z0-9][-A-Za-z0-9]*")
"""Names of tasks that need no second look."""


def expand(task: Task, tasks: Mapping[str, Task]) -> tuple[dict[str, DependencyType], str]:
    """Give what a task depends on and its logic, with bare names written out (``GetTaskDependencies``).

    ``task`` is a DAG task with ``depends`` or ``dependencies``; ``tasks`` has the tasks by name, for their
    ``continueOn``.
    """
    listed = task.get("dependencies") or []
    logic = task.get("depends") or " && ".join(_expanded(n, tasks.get(n)) for n in listed)
    if not task.get("depends") and all(map(_PLAIN.fullmatch, listed)):
        return dict.fromkeys(listed, "task"), logic
    dependencies: dict[str, DependencyType] = {}
    parts, at = [], 0
    found = names(logic)
    if len(found) > MAX_NAMES:
        raise LanguageError(f"depends names more than {MAX_NAMES} tasks", found[MAX_NAMES].start, text=logic)
    for name in found:
        if name.result is None:
            dependencies[name.task] = "task"
            parts += [logic[at : name.start], _expanded(name.task, tasks.get(name.task))]
            at = name.end
        elif name.result in ITEM_RESULTS:
            dependencies[name.task] = "items"
        else:
            dependencies.setdefault(name.task, "task")
    return dependencies, "".join([*parts, logic[at:]])


def invalid_results(depends: str) -> list[Name]:
    """Give the results in a ``depends`` that no task has, such as ``A.Done`` (``ValidateTaskResults``)."""
    found = []
    for match in _RESULT.finditer(depends):
        task, _, result = match[0].partition(".")
        if result not in TASK_RESULTS:
            found.append(Name(task, result, match.start(), match.end()))
    return found


def results(state: str, children: Sequence[str] = (), *, daemoned: bool = False) -> dict[str, bool]:
    """Give the results of a task from its phase, and those of its items if it loops.

    ``Daemoned`` as the state stands for a daemon that runs.
    """
    found = dict.fromkeys(TASK_RESULTS, False)
    if state in _PHASE_RESULTS:
        found[_PHASE_RESULTS[state]] = True
    found["Daemoned"] = state == "Daemoned" or (daemoned and state != "Pending")
    found["AnySucceeded"] = "Succeeded" in children
    found["AllFailed"] = bool(children) and all(child == "Failed" for child in children)
    return found


def evaluate(logic: str, scope: Mapping[str, Mapping[str, bool]]) -> bool:
    """Evaluate expanded logic against the results of the tasks, by task name.

    Raises LanguageError where Argo fails: unknown tasks and results, text that is no expression or gives no truth
    value.
    """
    fast = _evaluate_plain(logic, scope)
    if fast is not None:
        return fast
    from argosy.language.expr import nodes
    from argosy.language.expr.parser import parse as parse_expression
    from argosy.language.expr.program import run

    typed = _typed_results()
    env = {name.replace("-", "_"): typed(values) for name, values in scope.items()}
    text = logic.replace("-", "_")
    try:
        for node in nodes.walk(parse_expression(text)):
            if isinstance(node, nodes.Member) and isinstance(node.object, nodes.Identifier):
                wanted = node.property
                if isinstance(wanted, nodes.String) and wanted.value not in TASK_RESULTS:
                    raise LanguageError(f"type TaskResults has no field {wanted.value}", node.start)
        value = run(text, env)
        if not isinstance(value, bool):
            raise LanguageError(f"unable to cast expression result '{value}' to bool")
        return value
    except LanguageError as error:
        message = f"unable to evaluate expression '{text}': {error.message}"
        raise LanguageError(message, error.position, text=logic, hint=error.hint) from None


@cache
def _typed_results() -> type[dict[str, bool]]:
    """Give the type of a task's results that tells the checker of expressions that all of them are bools."""
    from argosy.language.expr.natures import BOOL, STRING, Nature

    class TaskResults(dict[str, bool]):
        nature = Nature("controller.TaskResults", "map", BOOL, STRING)

    return TaskResults


def _evaluate_plain(logic: str, scope: Mapping[str, Mapping[str, bool]]) -> bool | None:
    """Evaluate logic within the documented grammar; None where that takes a full expression."""
    try:
        tree = parse(logic)
    except LanguageError:
        return None
    for node in walk(tree):
        if isinstance(node, Name) and (
            not node.task[0].isalpha()
            or node.task in _KEYWORDS
            or node.result is None
            or node.result not in scope.get(node.task, ())
        ):
            return None
    return _truth(tree, scope)


def _truth(node: Node, scope: Mapping[str, Mapping[str, bool]]) -> bool:
    match node:
        case Name():
            return scope[node.task][node.result or ""]
        case Not():
            return not _truth(node.operand, scope)
        case Group():
            return _truth(node.inner, scope)
        case Both():
            return all(_truth(operand, scope) for operand in node.operands)
        case Either():
            return any(_truth(operand, scope) for operand in node.operands)


def resolve_depends(task: str, tasks: Sequence[Task]) -> dict[str, Any]:
    """Resolve one task of a list whose tasks carry a ``state`` (a phase, or ``Daemoned``) and, for loops,
    ``children`` phases.

    Gives ``dependencies`` (name to ``task`` or ``items``), ``logic`` (written out), ``execute`` (None while waiting),
    ``waiting`` and ``missing`` (names that are no task). Raises LanguageError where Argo fails to evaluate the logic.
    """
    by_name = {t["name"]: t for t in tasks}
    if task not in by_name:
        raise LanguageError(f"there is no task {task!r}", hint=f"the tasks are: {', '.join(by_name)}")
    dependencies, logic = expand(by_name[task], by_name)
    named = {*dependencies, *(() if by_name[task].get("depends") else by_name[task].get("dependencies") or ())}
    missing = sorted(name for name in named if name not in by_name)
    found: dict[str, Any] = {"dependencies": dependencies, "logic": logic, "execute": None, "missing": missing}
    states = {name: by_name[name].get("state") for name in dependencies if name in by_name}
    found["waiting"] = bool(missing) or any(state not in FULFILLED for state in states.values())
    if not found["waiting"]:
        scope = {n: results(str(s), by_name[n].get("children") or ()) for n, s in states.items()}
        found["execute"] = evaluate(logic, scope)
    return found
