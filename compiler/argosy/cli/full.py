"""Read any command line with Typer, made from the same declarations as ``quick``: help, errors, shell completion."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any

import typer

from argosy.cli import commands
from argosy.cli.parameters import Argument, Call, Kind, Parameter, Run, parameters
from argosy.spelling import did_you_mean

PROGRAM = "argosy"

HELP = """Write, lint and simulate Argo Workflows before anything touches a cluster.

Start with your manifest, and a step of it that may fail:

    argosy lint workflow.yaml
    argosy simulate workflow.yaml --fail build

Each command explains itself: `argosy lint --help`.
"""

EPILOG = (
    "Exit codes: 0 clean, 1 errors found, 2 the request is off, 3 Argosy itself failed. "
    "Colours: NO_COLOR and FORCE_COLOR are respected."
)


def parse(words: Sequence[str]) -> Call:
    """Give the call that a command line asks for. Raises SystemExit once help, completion or a mistake is shown."""
    calls: list[Call] = []
    try:
        build(calls.append)(list(words), prog_name=PROGRAM)
    except SystemExit:
        if not calls:
            raise
    return calls[0]


def build(receive: Callable[[Call], None]) -> typer.Typer:
    """Give the Typer application of all commands; a command that is called hands its call to ``receive``."""
    app = typer.Typer(rich_markup_mode="markdown", no_args_is_help=True, pretty_exceptions_enable=False)
    app.callback(epilog=EPILOG)(_root)
    for name in commands.names():
        run = commands.find(name)
        assert run is not None
        app.command(name, help=inspect.getdoc(run), no_args_is_help=_needs_arguments(run))(_wrap(run, receive))
    return app


def _needs_arguments(run: Run) -> bool:
    return any(p.required for p in parameters(run))


def _show_version(asked: bool) -> None:
    if asked:
        from argosy import __version__

        sys.stdout.write(f"{PROGRAM} {__version__}\n")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback if Argosy itself fails.")] = False,
) -> None:
    """Hold the options of the program as a whole; ``--debug`` is taken by :mod:`argosy.cli.main` before."""


_root.__doc__ = HELP


def _wrap(run: Run, receive: Callable[[Call], None]) -> Callable[..., None]:
    declared = parameters(run)

    def command(**values: Any) -> None:
        receive(
            Call(run, {p.name: list(values[p.name] or ()) if p.kind == "texts" else values[p.name] for p in declared})
        )

    command.__doc__ = run.__doc__
    hints = {p.name: Annotated[_type(p), _info(p)] for p in declared}
    command.__annotations__ = hints
    command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # Typer reads the signature it is shown
        [
            inspect.Parameter(
                p.name,
                inspect.Parameter.KEYWORD_ONLY,
                annotation=hints[p.name],
                default=inspect.Parameter.empty
                if p.required
                else (p.default or None)
                if p.kind == "texts"
                else p.default,
            )
            for p in declared
        ]
    )
    return command


_TYPES: dict[Kind, tuple[Any, str]] = {
    "flag": (bool, ""),
    "text": (str, "TEXT"),
    "int": (int, "N"),
    "texts": (list[str], "TEXT"),
}
"""The type that Typer reads, and what help shows for a value; nothing for a flag, which takes none."""


def _type(parameter: Parameter) -> Any:
    kind = _TYPES[parameter.kind][0]
    return kind if parameter.required or parameter.default is not None else kind | None


def _info(parameter: Parameter) -> Any:
    spec = parameter.spec
    metavar = spec.metavar or _TYPES[parameter.kind][1]
    if isinstance(spec, Argument):
        complete = _completer(spec.suggest) if spec.suggest else None
        return typer.Argument(help=spec.help, metavar=metavar, autocompletion=complete, show_default=False)
    choices = tuple(spec.choices()) if spec.choices else ()
    suggest = spec.choices or spec.suggest
    shown = parameter.default not in (None, False, "") and parameter.kind != "texts"
    return typer.Option(
        *parameter.names,
        help=spec.help,
        metavar="|".join(choices) or metavar,
        autocompletion=_completer(suggest) if suggest else None,
        callback=_checker(choices) if choices else None,
        show_default=shown,
    )


def _checker(choices: Sequence[str]) -> Callable[[Any], Any]:
    """Check a choice here, for words of our own: Typer's speak of its inner workings."""

    def check(given: Any) -> Any:
        for word in given if isinstance(given, list | tuple) else (given,):
            if word is not None and word not in choices:
                hint = did_you_mean(word, choices) or f"known: {', '.join(choices)}"
                raise typer.BadParameter(f"{word!r} is not known; {hint}")
        return given

    return check


def _completer(suggest: Callable[[], Iterable[str]]) -> Callable[[str], list[str]]:
    def complete(incomplete: str) -> list[str]:
        return [word for word in suggest() if word.startswith(incomplete)]

    return complete
