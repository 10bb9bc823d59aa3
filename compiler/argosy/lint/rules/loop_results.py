"""What the items of a loop print, and what Argo makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from argosy.lint import tables
from argosy.lint.context import Context, Target, table
from argosy.lint.fate import aftermath
from argosy.lint.finding import Severity
from argosy.lint.given import by_default
from argosy.lint.rule import Problem, rule
from argosy.lint.rules.expression_tags import TagAt, tags
from argosy.lint.rules.shell_code import scripts
from argosy.lint.shell import interpreter
from argosy.model.container import ScriptTemplate


@table
def _result_tags(context: Context) -> Iterator[TagAt]:
    for one in tags(context):
        if ".outputs.result" in one.tag.content:
            yield one


@cache
def _result() -> re.Pattern[str]:
    return re.compile(r"\b(step|task)s(?:\.([\w-]+)|\['([^']+)'\])\.outputs\.result\b")


@rule(Severity.ERROR, over=_result_tags)
def loop_result_is_no_json(one: TagAt, context: Context) -> Iterator[Problem]:
    """The results of a loop are used whose items print text that is no JSON: the workflow ends in Error.

    `{{steps.NAME.outputs.result}}` of a loop is a JSON list of what its items printed, each of which Argo reads as
    JSON: "invalid character 'h' looking for beginning of value". Print JSON (`echo '"text"'`), or make it an output
    parameter, which may be any text: `{{steps.NAME.outputs.parameters.text}}`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: greet-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - {name: greet, template: greet, withItems: [1, 2]}
                - - name: show
                    template: show
                    arguments:
                      parameters:
                        - name: all
                          value: "{{steps.greet.outputs.result}}"  # here
            - name: greet
              script: {image: "alpine:3.20", command: [sh], source: echo hello from $HOSTNAME}
            - name: show
              inputs: {parameters: [{name: all}]}
              container: {image: "alpine:3.20", command: [echo, "{{inputs.parameters.all}}"]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: greet-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - {name: greet, template: greet, withItems: [1, 2]}
                - - name: show
                    template: show
                    arguments:
                      parameters:
                        - name: all
                          value: "{{steps.greet.outputs.result}}"
            - name: greet
              script: {image: "alpine:3.20", command: [sh], source: "echo '\\"hello\\"'"}
            - name: show
              inputs: {parameters: [{name: all}]}
              container: {image: "alpine:3.20", command: [echo, "{{inputs.parameters.all}}"]}
    """
    for found in _result().finditer(one.tag.content):
        call = _loops(context)[0].get((found[1], found[2] or found[3]))
        if call is None or one.address[: len(call.inside.address)] != call.inside.address:
            continue
        target = context.resolve(call.call)
        printed = _prints(context)[0].get(id(target.template)) if isinstance(target, Target) else None
        if printed is not None:
            yield Problem(
                f"the items of {call.name!r} print {printed!r}..., which is no JSON{aftermath(call.inside, context)}",
                one.address,
                "print JSON, or use an output parameter",
                chars=(one.tag.start, one.tag.end),
            )


@table
def _loops(context: Context) -> Iterator[dict[tuple[str, str], tables.CallAt]]:
    """Give the looped steps and tasks by name; of names that stand twice, none."""
    out: dict[tuple[str, str], tables.CallAt] = {}
    twice = set()
    for one in tables.calls(context):
        key = (one.kind, one.name)
        twice |= {key} & out.keys()
        out[key] = one
    yield {key: one for key, one in out.items() if one.has_loop and key not in twice}


@cache
def _no_json() -> re.Pattern[str]:
    return re.compile(r"(?!tr|fa|nu)[A-Za-z]{2}[\w ,.:!-]*")


@table
def _prints(context: Context) -> Iterator[dict[int, str]]:
    """Give the templates (``id``) whose first words on standard output are known, and can't begin a JSON text."""
    out: dict[int, str] = {}
    for one in tables.containers(context):
        container = one.container
        words = [*container.command, *container.args]
        if one.role == "main" and len(words) > 1 and words[0].rpartition("/")[2] == "echo":
            _note(out, one, words[1:])
        elif isinstance(container, ScriptTemplate) and interpreter(container.command) == "python":
            printed = re.match(
                r"(?:(?:import|from|#)[^\n]*\n|\s*\n)*print\(f?(['\"])(?P<text>[^'\"{\\]*)", container.source
            )
            if printed is not None:
                _note(out, one, [printed["text"]])
    for script in scripts(context):
        silent = ("set", "export", "cd", "sleep", ":", "true", "mkdir")
        first = next((one for one in script.script.commands if one.words and one.words[0] not in silent), None)
        if first is None or first.words[0] != "echo" or first.depth or first.joined or first.redirected:
            continue
        if script.code.holder.role in ("main", "script"):
            _note(out, script.code.holder, [_literal(word) for word in first.words[1:]])
    yield out


def _literal(word: str) -> str:
    """Give the beginning of what a word of a shell stands for, as far as it is plain."""
    quote = word[0] if word[0] in "'\"" else ""
    return re.split(r"'" if quote == "'" else r"[\"'\\$`{]", word.removeprefix(quote), maxsplit=1)[0]


def _note(out: dict[int, str], holder: tables.ContainerAt, words: list[str]) -> None:
    text = next((word for word in words if not word.startswith("-")), "")
    found = _no_json().match(text)
    if found is not None:
        out[id(holder.inside.template)] = found[0]


@rule(Severity.INFO, over=_result_tags, on_by_default=False)
def loop_result_may_be_missing(one: TagAt, context: Context) -> Iterator[Problem]:
    """The results of a loop are used that may have no items: then the workflow hangs, Running for ever.

    A loop over an empty list is skipped, and has no results: a step that uses `{{steps.NAME.outputs.result}}` waits for
    them. Write `{{=steps.NAME.outputs.result ?? "[]"}}`, or give both steps the same `when`. Output parameters
    (`outputs.parameters.a`) do not hang. Off by default, as many a list is never empty.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: count-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - {name: list, template: list}
                - - {name: count, template: count, withParam: "{{steps.list.outputs.result}}"}
                - - name: sum
                    template: sum
                    arguments:
                      parameters:
                        - name: all
                          value: "{{steps.count.outputs.result}}"  # here
            - name: list
              script: {image: "alpine:3.20", command: [sh], source: list}
            - name: count
              script: {image: "alpine:3.20", command: [sh], source: count}
            - name: sum
              inputs: {parameters: [{name: all}]}
              container: {image: "alpine:3.20", command: [sum, "{{inputs.parameters.all}}"]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: count-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - {name: list, template: list}
                - - {name: count, template: count, withParam: "{{steps.list.outputs.result}}"}
                - - name: sum
                    template: sum
                    arguments:
                      parameters:
                        - name: all
                          value: "{{=steps.count.outputs.result ?? '[]'}}"
            - name: list
              script: {image: "alpine:3.20", command: [sh], source: list}
            - name: count
              script: {image: "alpine:3.20", command: [sh], source: count}
            - name: sum
              inputs: {parameters: [{name: all}]}
              container: {image: "alpine:3.20", command: [sum, "{{inputs.parameters.all}}"]}
    """
    if one.tag.is_expression:
        return
    for found in _result().finditer(one.tag.content):
        call = _loops(context)[0].get((found[1], found[2] or found[3]))
        if call is None or one.address[: len(call.inside.address)] != call.inside.address or call.call.when:
            continue
        if one.address[len(call.inside.address)] == "outputs":
            continue
        if "{{" in call.call.with_param and by_default(call.call.with_param, context) in (None, "[]"):
            yield Problem(
                f"if the list of {call.name!r} is empty, this waits for its results for ever",
                one.address,
                f'write {{{{={one.tag.name} ?? "[]"}}}}',
                chars=(one.tag.start, one.tag.end),
            )
