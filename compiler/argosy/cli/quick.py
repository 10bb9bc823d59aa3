"""Read a plain command line without loading anything that would have to show it.

It either gives what Typer would give or nothing: help, errors, abbreviations and whatever else is not plain are for
``full``. That they agree is tested on random command lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from argosy.cli import commands
from argosy.cli.parameters import Argument, Call, Option, Parameter, parameters


class _NotPlainError(Exception):
    """Leave this command line to Typer."""


def parse(words: Sequence[str]) -> Call | None:
    """Give the call that a command line asks for, or None if it is not plain."""
    if not words or words[0].startswith("-"):
        return None
    run = commands.find(words[0])
    if run is None:
        return None
    try:
        return Call(run, _bind(parameters(run), list(words[1:])))
    except _NotPlainError:
        return None


def _bind(declared: list[Parameter], words: list[str]) -> dict[str, Any]:
    options = {name: p for p in declared if isinstance(p.spec, Option) for name in p.names}
    values: dict[str, Any] = {}
    positional: list[str] = []
    while words:
        word = words.pop(0)
        if word == "--":
            positional += words
            break
        if word == "-" or not word.startswith("-"):
            positional.append(word)
        else:
            _take(options, word, words, values)
    _place([p for p in declared if isinstance(p.spec, Argument)], positional, values)
    if any(p.required and p.name not in values for p in declared):
        raise _NotPlainError
    return {p.name: values.get(p.name, p.default) for p in declared}


def _take(options: dict[str, Parameter], word: str, words: list[str], values: dict[str, Any]) -> None:
    """Take one option, and its value from the words that follow."""
    name, equals, text = word.partition("=")
    option = options.get(name)
    if option is None or (equals and (option.kind == "flag" or not name.startswith("--"))):
        raise _NotPlainError
    if option.kind == "flag":
        values[option.name] = True
        return
    if not equals:
        if not words or (words[0] != "-" and words[0].startswith("-")):
            raise _NotPlainError
        text = words.pop(0)
    value = _value(option, text)
    if option.kind == "texts":
        values.setdefault(option.name, []).append(value)
    else:
        values[option.name] = value


def _value(parameter: Parameter, text: str) -> str | int:
    choices = parameter.spec.choices if isinstance(parameter.spec, Option) else None
    if choices is not None and text not in choices():
        raise _NotPlainError
    if parameter.kind != "int":
        return text
    if not (text.isascii() and text.isdigit()):
        raise _NotPlainError
    return int(text)


def _place(arguments: list[Parameter], words: list[str], values: dict[str, Any]) -> None:
    """Hand the words without a name to the arguments, in order; a list takes what is left."""
    for argument in arguments:
        if argument.kind == "texts":
            if words:
                values[argument.name] = words
            return
        if words:
            values[argument.name] = _value(argument, words[0])
            words = words[1:]
    if words:
        raise _NotPlainError
