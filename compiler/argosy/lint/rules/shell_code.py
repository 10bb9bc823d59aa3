"""Shell scripts that no shell can read, that split what a user gave, and that go on after a failure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

from argosy.lint import tables
from argosy.lint.context import Context, table
from argosy.lint.finding import Edit, Fix, Severity
from argosy.lint.reach import handler_templates
from argosy.lint.rule import Problem, rule
from argosy.lint.shell import Code, code
from argosy.lint.taint import sources, tags_of

if TYPE_CHECKING:
    from argosy.lint.shell_syntax import Script


class ShellCode(Struct, frozen=True, eq=False):
    """A shell script of a container, read."""

    code: Code
    script: Script
    words: list[str]
    """The command that runs it, and its options."""


_READ = {"sh", "bash", "ash", "dash"}
"""The shells whose grammar is read; zsh and ksh have more of their own."""


@table
def scripts(context: Context) -> Iterator[ShellCode]:
    """Give all scripts for `sh` or `bash` in the document; tags in them count as a word each."""
    for one in code(context):
        if one.language != "shell" or "\r" in one.text or "\0" in one.text:
            continue
        container = one.holder.container
        words = [*container.command, *([] if one.holder.role == "script" else container.args)]
        shell = next((word.rpartition("/")[2] for word in words if word.rpartition("/")[2] in _READ), "")
        if not shell:
            continue
        from argosy.lint.shell_syntax import read

        yield ShellCode(one, read(_without_tags(one.text), bash=shell == "bash"), words)


def _without_tags(text: str) -> str:
    for tag in tags_of(text):
        text = text[: tag.start] + "x" * (tag.end - tag.start) + text[tag.end :]
    return text


@cache
def _tag_as_code() -> re.Pattern[str]:
    return re.compile(r"(?m)^\s*\{\{[^}]*\}\}")


@rule(Severity.ERROR, over=scripts)
def shell_code_invalid(one: ShellCode, context: Context) -> Iterator[Problem]:
    """A shell cannot read a script to its end: a quote sign is open, an `if` has no `fi`, a `done` is too much.

    A shell runs a script as it reads it, so what stands before the fault is done, and then the container fails. Only
    what both `sh` and `bash` refuse is told. A tag counts as a word; where one stands at the beginning of a line, it
    may bring code with it, and nothing is told.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              script:
                image: alpine:3.20
                command: [sh]
                source: |
                  if [ -f Makefile ]; then  # here
                    make
                  echo done

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              script:
                image: alpine:3.20
                command: [sh]
                source: |
                  if [ -f Makefile ]; then
                    make
                  fi
                  echo done
    """
    fault = one.script.fault
    text = one.code.text
    if fault is None or _tag_as_code().search(text) or text.count("{{") != len(tags_of(text)):
        return
    line = text.count("\n", 0, fault.start) + 1
    where = f" (line {line})" if "\n" in text.strip() else ""
    chars = (fault.start, max(fault.end, fault.start + 1))
    yield Problem(f"a shell cannot read this script: {fault.message}{where}", one.code.address, chars=chars)


@cache
def _meant_to_be_split() -> re.Pattern[str]:
    return re.compile(r"(?i)(arg|flag|opt|option|list|(?<![su])s)$")


@rule(Severity.WARNING, over=scripts)
def variable_unquoted(one: ShellCode, context: Context) -> Iterator[Problem]:
    """A script uses a variable that brings a value from outside, and does not quote it.

    The shell splits `$NAME` at blanks, and takes `*` and `?` in it for patterns of files: `rm -r $DIR` removes two
    things if the value has a blank, and none of them is what was meant. Write `"$NAME"`. A variable whose name says
    that it holds many (`$FLAGS`, `$EXTRA_ARGS`, `$FILES`) is left alone.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: branch, value: main}]}
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [sh, -c]
                args: ['git checkout $BRANCH']  # here
                env: [{name: BRANCH, value: '{{workflow.parameters.branch}}'}]

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: branch, value: main}]}
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [sh, -c]
                args: ['git checkout "$BRANCH"']
                env: [{name: BRANCH, value: '{{workflow.parameters.branch}}'}]
    """
    if not any(command.unquoted for command in one.script.commands):
        return
    brought = _brought(one.code.holder, context)
    if not brought:
        return
    text = one.code.text
    for command in one.script.commands:
        for found in command.unquoted:
            if found.name not in brought or re.search(rf"\b{found.name}=", text):
                continue
            written = f'{text[: found.start]}"{text[found.start : found.end]}"{text[found.end :]}'
            yield Problem(
                f"${found.name} is split at blanks, and brings {brought[found.name]}",
                one.code.address,
                f'write "${found.name}"',
                chars=(found.start, found.end),
                severity=Severity.INFO if command.words[:1] in (["echo"], ["printf"]) else None,
                fix=Fix("quote it", (Edit("set", one.code.address, written),), safe=False),
            )


def _brought(holder: tables.ContainerAt, context: Context) -> Mapping[str, str]:
    """Give the environment variables of a container that bring a value from outside, and what they bring."""
    out: dict[str, str] = {}
    for variable in holder.container.env:
        if "{{" in variable.value and not _meant_to_be_split().search(variable.name):
            found = {name for tag in tags_of(variable.value) for name in sources(tag, holder.inside, context)}
            if found:
                out[variable.name] = min(found)
    return out


_HARMLESS = frozenset(
    [
        "echo",
        "printf",
        ":",
        "true",
        "set",
        "export",
        "local",
        "readonly",
        "unset",
        "cd",
        "shift",
        "trap",
        "sleep",
        "exit",
    ]
)


@rule(Severity.INFO, over=scripts, on_by_default=False)
def failure_goes_unnoticed(one: ShellCode, context: Context) -> Iterator[Problem]:
    """The script of an exit handler goes on after a command that failed, and succeeds if its last one does.

    A shell ends with the result of the last command. If a command before it does not do its work, nobody is told.
    Begin the script with `set -e`, or join the commands with `&&`. Where a clean-up is to do as much as it can, that is
    as it should be: this rule is for those who want to know.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: clean-up
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: clean-up
              script:
                image: alpine:3.20
                command: [sh]
                source: |
                  kubectl delete namespace test  # here
                  echo gone

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: clean-up
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: clean-up
              script:
                image: alpine:3.20
                command: [sh]
                source: |
                  set -e
                  kubectl delete namespace test
                  echo gone
    """
    script = one.script
    if script.fault is not None or id(one.code.holder.inside.template) not in handler_templates(context)[0]:
        return
    if any(re.fullmatch(r"[-+][a-z]*e[a-z]*|errexit", word) for word in (*one.words[:-1], *_options(script))):
        return
    text = one.code.text
    if "$?" in text or "PIPESTATUS" in text:
        return
    for command in script.commands[:-1]:
        if command.depth or command.joined or not command.words or command.words[0] in _HARMLESS:
            continue
        end = min((found for found in (text.find(char, command.start) for char in "\n;") if found >= 0), default=None)
        yield Problem(
            f"if {command.words[0]!r} fails here, the exit handler goes on, and succeeds",
            one.code.address,
            "begin the script with set -e",
            chars=(command.start, end or len(text)),
        )
        return


def _options(script: Script) -> Iterator[str]:
    for command in script.commands:
        if command.words[:1] == ["set"]:
            yield from command.words[1:]
