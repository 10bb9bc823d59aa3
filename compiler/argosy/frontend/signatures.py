"""What a template takes and gives, read off its function's signature."""

from __future__ import annotations

import dataclasses
import inspect
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from argosy.errors import Place
from argosy.frontend import hints
from argosy.frontend.context import Environment, Exit, NodeExit
from argosy.frontend.declare import Artifact, Parameter
from argosy.frontend.expressions import Expression
from argosy.frontend.places import fail

InputKind = Literal["parameter", "artifact", "exit", "node-exit", "environment"]
OutputKind = Literal["stdout", "parameter", "artifact"]

MISSING: Any = inspect.Parameter.empty

_PLAIN_PARAMETER = Parameter()
_PLAIN_ARTIFACT = Artifact()


@dataclass(frozen=True, slots=True)
class Input:
    """One argument of a template."""

    python: str
    name: str
    kind: InputKind
    hint: Any
    default: Any = MISSING
    parameter: Parameter = _PLAIN_PARAMETER
    artifact: Artifact = _PLAIN_ARTIFACT

    @property
    def optional(self) -> bool:
        """Whether a call may leave it out."""
        return self.default is not MISSING or self.parameter.default is not None or self.artifact.optional


@dataclass(frozen=True, slots=True)
class Output:
    """One result of a template."""

    python: str
    name: str
    kind: OutputKind
    hint: Any
    parameter: Parameter = _PLAIN_PARAMETER
    artifact: Artifact = _PLAIN_ARTIFACT


@dataclass(frozen=True, slots=True)
class Signature:
    """All that a template takes and gives."""

    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    returns: Any
    python: inspect.Signature

    def parameters(self) -> list[Input]:
        """Give the inputs that a call passes: parameters and artifacts."""
        return [i for i in self.inputs if i.kind in ("parameter", "artifact")]

    def named(self, python: str) -> Input:
        """Give an input by its Python name."""
        return next(i for i in self.inputs if i.python == python)


def read(function: Callable[..., Any], place: Place, *, stdout: bool) -> Signature:
    """Read the signature of a template's function. ``stdout``: a single result is what the pod prints.

    Raises CompileError where an annotation is missing or cannot be resolved.
    """
    python = inspect.signature(function)
    resolved = _resolve(function, place)
    inputs = tuple(_input(p, resolved, function, place) for p in python.parameters.values())
    returns = resolved.get("return", None)
    returns = None if returns is type(None) else returns
    return Signature(inputs, tuple(_outputs(returns, stdout, place)), returns, python)


def _resolve(function: Callable[..., Any], place: Place) -> dict[str, Any]:
    closure = inspect.getclosurevars(function).nonlocals if getattr(function, "__closure__", None) else {}
    try:
        return typing.get_type_hints(function, localns=dict(closure), include_extras=True)
    except NameError as error:
        fail(
            f"the annotation {error.name!r} of {function.__name__} is not known when the file runs",
            hint="import it at the top of the module, not under TYPE_CHECKING or within a function",
            place=place,
        )


def _input(parameter: inspect.Parameter, resolved: dict[str, Any], function: Callable[..., Any], place: Place) -> Input:
    name = parameter.name
    if parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
        fail(f"{function.__name__} takes *{name}: Argo's templates have a fixed list of inputs", place=place)
    if name not in resolved:
        fail(f"{name!r} of {function.__name__} has no type", hint=f"write `{name}: str`, or what it is", place=place)
    hint, extras = hints.split(resolved[name])
    default = parameter.default
    if hint is Exit:
        return Input(name, name, "exit", hint)
    if hint is NodeExit or typing.get_origin(hint) is NodeExit:
        return Input(name, name, "node-exit", hint)
    if isinstance(default, (Environment, Expression)):
        return Input(name, name, "environment", hint, default)
    perhaps = hints.optional_artifact(hint)
    if hints.is_artifact(hint) or perhaps:
        artifact = next((e for e in extras if isinstance(e, Artifact)), Artifact())
        artifact = default if isinstance(default, Artifact) else artifact
        artifact = dataclasses.replace(artifact, optional=True) if perhaps else artifact
        return Input(name, artifact.name or name, "artifact", hint, default, artifact=artifact)
    declared = next((e for e in extras if isinstance(e, Parameter)), Parameter())
    _check_travels(f"{name!r} of {function.__name__}", hint, place)
    wrong = None if default is MISSING else hints.problem(default, hint)
    if wrong:
        fail(f"the default of {name!r} in {function.__name__}: {wrong}", place=place)
    return Input(name, declared.name or name, "parameter", hint, default, parameter=declared)


def _check_travels(what: str, hint: Any, place: Place) -> None:
    foreign = hints.foreign(hint)
    if foreign is not None:
        name = hints.name_of(typing.get_origin(foreign) or foreign)
        fail(
            f"{what} is {hints.name_of(hint)}, but Argo passes text and JSON, which {name} is not",
            hint=_INSTEAD.get(name, "take a str, and read it in the script"),
            place=place,
        )


_INSTEAD = {
    "set": "use a list",
    "frozenset": "use a list",
    "bytes": "use a pathlib.Path, which is an artifact",
    "Path": "give each file a parameter of its own, or pass a folder",
}
"""What to write instead of a type that cannot travel."""


def _outputs(returns: Any, stdout: bool, place: Place) -> list[Output]:
    if returns is None:
        return []
    hint, _ = hints.split(returns)
    if hints.is_named_tuple(hint):
        found = typing.get_type_hints(hint, include_extras=True)
        made = [_output(name, of, False) for name, of in found.items()]
    else:
        made = [_output("result", returns, stdout)]
    for one in made:
        if one.kind != "artifact":
            _check_travels(f"the result {one.python!r}" if len(made) > 1 else "the result", one.hint, place)
    return made


def _output(name: str, returns: Any, stdout: bool) -> Output:
    hint, extras = hints.split(returns)
    perhaps = hints.optional_artifact(hint)
    if hints.is_artifact(hint) or perhaps:
        artifact = next((e for e in extras if isinstance(e, Artifact)), Artifact())
        artifact = dataclasses.replace(artifact, optional=True) if perhaps else artifact
        return Output(name, artifact.name or name, "artifact", hint, artifact=artifact)
    declared = next((e for e in extras if isinstance(e, Parameter)), None)
    if declared is None:
        return Output(name, name, "stdout" if stdout else "parameter", hint)
    from_pod = stdout and not (declared.path or declared.name or declared.global_name)
    return Output(name, declared.name or name, "stdout" if from_pod else "parameter", hint, parameter=declared)
