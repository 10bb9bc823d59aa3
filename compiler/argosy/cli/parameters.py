"""How a command declares its parameters: once, in the signature of its ``run`` function.

Two parsers read the declaration: ``quick`` (plain command lines, nothing to import) and ``full`` (Typer: help, errors,
completion). A parameter is ``Annotated[TYPE, Option(...)]`` or ``Annotated[TYPE, Argument(...)]``. TYPE is bool (a
flag, off by default), str, int, either ``| None``, or ``Sequence[str]`` (any number of times, empty by default).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

Run = Callable[..., int]
"""A command: takes its parameters by name, gives the exit code."""

Kind = Literal["flag", "text", "int", "texts"]


class Option(NamedTuple):
    """A parameter given by name; without ``names``, ``argo_version`` is called ``--argo-version``."""

    help: str
    names: tuple[str, ...] = ()
    metavar: str | None = None
    choices: Callable[[], Iterable[str]] | None = None
    """The only values there are; asked for late, as finding them may need an import."""
    suggest: Callable[[], Iterable[str]] | None = None
    """Values for shell completion, where others are possible too."""


class Argument(NamedTuple):
    """A parameter given by position; without a default it is required."""

    help: str
    metavar: str | None = None
    suggest: Callable[[], Iterable[str]] | None = None


class Parameter(NamedTuple):
    """One parameter as the parsers see it."""

    name: str
    kind: Kind
    spec: Option | Argument
    default: Any
    required: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The names of an option on the command line."""
        given = self.spec.names if isinstance(self.spec, Option) else ()
        return given or ("--" + self.name.rstrip("_").replace("_", "-"),)


class Call(NamedTuple):
    """A command with the arguments that the command line gives it."""

    run: Run
    arguments: dict[str, Any]


def parameters(run: Run) -> list[Parameter]:
    """Read the declared parameters of a command, in order. Raises TypeError for a declaration that is none."""
    hints = get_type_hints(run, include_extras=True)
    hints.pop("return", None)
    return [_parameter(name, hint, _defaults(run)) for name, hint in hints.items()]


def _defaults(run: Run) -> dict[str, Any]:
    code = run.__code__
    positional = code.co_varnames[: code.co_argcount]
    values = run.__defaults__ or ()
    return {**dict(zip(positional[len(positional) - len(values) :], values, strict=True)), **(run.__kwdefaults__ or {})}


def _parameter(name: str, hint: Any, defaults: dict[str, Any]) -> Parameter:
    if get_origin(hint) is not Annotated or not isinstance(hint.__metadata__[0], Option | Argument):
        raise TypeError(f"parameter {name!r} of a command needs Annotated[TYPE, Option(...)] or Argument(...)")
    kind = _kind(get_args(hint)[0])
    default = defaults.get(name)
    required = name not in defaults
    return Parameter(name, kind, hint.__metadata__[0], list(default or ()) if kind == "texts" else default, required)


def _kind(hint: Any) -> Kind:
    kinds: dict[Any, Kind] = {bool: "flag", str: "text", int: "int"}
    if get_origin(hint) is Sequence:
        return "texts"
    options = [option for option in get_args(hint) or (hint,) if option is not type(None)]
    return kinds[options[0]]
