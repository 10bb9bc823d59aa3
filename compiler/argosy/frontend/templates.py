"""A template: a function of the user's, what kind of template it is, and what calling it means."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Generic, ParamSpec, TypeVar, Unpack, cast

from argosy.errors import Place
from argosy.frontend import hints
from argosy.frontend.context import EXIT_FIELDS, Environment, Exit
from argosy.frontend.declare import Artifact
from argosy.frontend.depends import Step
from argosy.frontend.expressions import Expression, Variable
from argosy.frontend.graph import Callee, Node, Recorder, recording
from argosy.frontend.options import StepOptions, TemplateOptions, check
from argosy.frontend.places import caller, definition, fail
from argosy.frontend.signatures import Input, Signature, read
from argosy.source import Address, Json

P = ParamSpec("P")
R_co = TypeVar("R_co", covariant=True)

EXIT_REFERENCE = Exit(**cast(Any, EXIT_FIELDS))
"""The Exit that a handler's body sees while it is traced."""

RUNNING_LEAF: ContextVar[str | None] = ContextVar("leaf", default=None)
"""The name of the container or other leaf whose body is being traced."""


JOINED: ContextVar[set[Any] | None] = ContextVar("joined", default=None)
"""The scripts of the workflow being compiled whose text is joined over the turns of a loop."""


@dataclass(slots=True)
class Written:
    """One template as data, and what came to light on the way."""

    data: dict[str, Json]
    marks: dict[Address, Place] = field(default_factory=dict)
    reached: list[Callee] = field(default_factory=list)
    uses: set[str] = field(default_factory=set)
    """Names of what the exit context gave: ``failures``, ``status``."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of template: how it is called in messages, and how it is written."""

    name: str
    write: Callable[[Template[..., Any]], Written]
    stdout: bool = False
    """Whether a single result is what the pod prints (``outputs.result``)."""
    plain: bool = False
    """Whether the function does the work itself, so that it can be called outside a workflow."""
    options: type = TemplateOptions
    own: tuple[str, ...] = ()
    """Further options, which the decorator declares as arguments of its own."""


class Template(Generic[P, R_co]):
    """A template. Calling it in the body of a workflow adds a step, which stands for the value that it gives."""

    def __init__(self, kind: Kind, function: Callable[P, R_co], options: Mapping[str, Any], place: Place) -> None:
        _check_function(function, kind.name, place)
        check(options, kind.options, place, kind.own)
        self.kind = kind
        self.function = function
        self.declared = dict(options)
        self.place = place
        self.step_options: dict[str, Any] = {}
        self._name: str | None = None
        self._signature: Signature | None = None
        self.root: Template[P, R_co] = self
        """The template as declared, without options of a step."""
        self.reads_workflow = False
        """Whether it is the body of a workflow, whose arguments are the workflow's own parameters."""
        functools.update_wrapper(cast(Any, self), function)

    @property
    def name(self) -> str:
        """Its name in the manifest: ``do-work`` for a function ``do_work``, unless the decorator says another."""
        if self._name is None:
            given: str | None = self.declared.get("name")
            self._name = given or self.function.__name__.strip("_").replace("_", "-")
        return self._name

    def signature(self) -> Signature:
        """Give what it takes and gives. Raises CompileError where the function's annotations don't say."""
        if self._signature is None:
            place = definition(self.function)
            self._signature = read(self.function, place, stdout=self.kind.stdout)
        return self._signature

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co:
        """Add a step that runs the template; outside a workflow, run a script's function as it is."""
        recorder = recording()
        if recorder is None:
            return self._run_here(*args, **kwargs)
        return self.step(*args, **kwargs).result

    def step(self, *args: P.args, **kwargs: P.kwargs) -> Step[R_co]:
        """Add a step, and give the step itself rather than its result: to order tasks, or to ask for its status."""
        recorder = recording()
        if recorder is None:
            fail(f"{self.name}.step(...) is for the body of a workflow, a @steps or a @dag function")
        node = add(recorder, self, args, kwargs, self.step_options)
        return Step(node, cast(R_co, results(node)))

    def options(self, **options: Unpack[StepOptions[R_co]]) -> Template[P, R_co]:
        """Give the same template with options for the step that the next call adds."""
        check(options, StepOptions, caller())
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.step_options = {**self.step_options, **options}
        return other

    def also_to_file(self) -> None:
        """Let a script write its result to a file, too: text of several turns of a loop can be joined only so."""
        joined = JOINED.get()
        if not self.kind.plain or joined is None:
            fail(
                f"{self.name} prints text, and Argo joins what the turns of a loop print only if it is JSON",
                hint="write it to a file: `-> Annotated[str, Parameter(path=...)]`",
            )
        joined.add(self.root)

    def _run_here(self, *args: P.args, **kwargs: P.kwargs) -> R_co:
        leaf = RUNNING_LEAF.get()
        if leaf is not None:
            fail(
                f"{leaf} runs in a pod and cannot start {self.name}", hint="call templates in a @steps or @dag function"
            )
        if not self.kind.plain:
            fail(
                f"{self.name} is a {self.kind.name}: it runs only within a workflow",
                hint="call it in a workflow's body, or try it with argosy.simulate(...)",
            )
        return self.function(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<{self.kind.name} template {self.name}>"


def _check_function(function: object, kind: str, place: Place) -> None:
    if isinstance(function, types.FunctionType):
        return
    if isinstance(function, Template):
        fail(f"{function.name} is a {function.kind.name} template already", hint="give it one kind", place=place)
    shown = getattr(function, "__name__", type(function).__name__)
    fail(
        f"a {kind} template is made of a function, and {shown} is a {type(function).__name__}",
        hint="put the decorator right above the `def`, below which no other one stands",
        place=place,
    )


def add(
    recorder: Recorder, callee: Callee, args: tuple[Any, ...], kwargs: Mapping[str, Any], options: Mapping[str, Any]
) -> Node:
    """Record a call of a template. Raises CompileError where the arguments do not fit."""
    signature = callee.signature()
    given = _bind(callee, signature, args, kwargs)
    arguments: dict[str, object] = {}
    for one in signature.inputs:
        if one.python not in given:
            continue
        value = given[one.python]
        if one.kind == "exit":
            _check_exit(callee, value)
        elif one.kind == "environment":
            fail(f"{one.python!r} of {callee.name} takes its value from its default", hint="leave it out of the call")
        else:
            arguments[one.python] = value
    node = recorder.add(callee, arguments, dict(options))
    for name, value in node.arguments.items():
        _check(callee, signature.named(name), value, node.place)
    return node


def _bind(callee: Callee, signature: Signature, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Match arguments with inputs as Python does, with messages that name the template."""
    names = [i.python for i in signature.inputs]
    if len(args) > len(names):
        fail(f"{callee.name} takes {len(names)} arguments, not {len(args)}", hint=_takes(names))
    given = dict(zip(names, args, strict=False))
    for name, value in kwargs.items():
        if name not in names:
            fail(f"{callee.name} takes no {name!r}", hint=hints.known_are(name, names) if names else None)
        if name in given:
            fail(f"{name!r} of {callee.name} is given twice")
        given[name] = value
    for one in signature.inputs:
        if one.python not in given and not one.optional:
            fail(f"{callee.name} needs {one.python!r}", hint=_takes(names))
    return given


def _takes(names: list[str]) -> str:
    return f"it takes {', '.join(names) or 'nothing'}"


def _check_exit(callee: Callee, value: object) -> None:
    if value is not EXIT_REFERENCE:
        fail(
            f"{callee.name} takes an Exit, which only exit handlers have",
            hint="pass the handler's own Exit on, or use the template as on_exit",
        )


def _check(callee: Callee, one: Input, value: object, place: Place) -> None:
    if isinstance(value, Expression):
        if not hints.accepts(one.hint, value.hint):
            fail(
                f"{one.python!r} of {callee.name} is {hints.name_of(one.hint)}, but gets {hints.name_of(value.hint)}",
                hint="convert it in a script, or change the type of one of them",
                place=place,
            )
        return
    if one.kind == "artifact" and (isinstance(value, Artifact) or (value is None and one.artifact.optional)):
        return
    if _holds_reference(value):
        return
    if isinstance(value, Environment):
        fail(
            f"{one.python!r} of {callee.name} gets a value that only its own pod knows",
            hint=f"make it the default there: `{one.python}: str = secret(...)`",
            place=place,
        )
    wrong = hints.problem(value, one.hint)
    if wrong:
        advice = None
        if isinstance(value, Step):
            wrong, advice = f"a step is not {hints.name_of(one.hint)}", "pass what it gives: `step.result`"
        if isinstance(value, Template):
            wrong, advice = f"a template is not {hints.name_of(one.hint)}", f"call it: `{value.function.__name__}(...)`"
        fail(f"{one.python!r} of {callee.name}: {wrong}", hint=advice, place=place)


def _holds_reference(value: object) -> bool:
    """Tell whether there is a value of the run within a list or a text, so that its type is not known here."""
    if isinstance(value, str):
        return "{{" in value
    if isinstance(value, (list, tuple)):
        return any(_holds_reference(v) for v in value)
    if isinstance(value, dict):
        return any(_holds_reference(v) for v in value.values())
    return isinstance(value, Expression)


def results(node: Node) -> Any:
    """Give what a step's results are to the body that is being traced: references, or None."""
    signature = node.callee.signature()
    if not signature.outputs:
        return None
    values = [_reference(node, o.kind, o.name, o.hint) for o in signature.outputs]
    hint, _ = hints.split(signature.returns)
    return hint(*values) if hints.is_named_tuple(hint) else values[0]


def _reference(node: Node, kind: str, name: str, hint: Any) -> Variable:
    where = {"stdout": ("result",), "parameter": ("parameters", name), "artifact": ("artifacts", name)}[kind]
    return Variable((node.recorder.scope, node.name, "outputs", *where), node, hint=hint)
