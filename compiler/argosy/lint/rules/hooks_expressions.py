"""Expressions of hooks: Argo's linter does not read them, and at run time a bad one takes the workflow with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from argosy.errors import LanguageError
from argosy.later import regex
from argosy.lint import tables
from argosy.lint.context import Context, table
from argosy.lint.finding import Edit, Fix, Severity
from argosy.lint.possible import NODE_PHASES
from argosy.lint.rule import Problem, rule
from argosy.lint.trial import ABSENT, Domain

if TYPE_CHECKING:
    from argosy.lint.paths import Path


@table
def expressions(context: Context) -> Iterator[tables.HookAt]:
    """Give the hooks whose expression Argo reads: not the workflow's exit hook."""
    for hook in tables.hooks(context):
        if hook.hook.expression and not (hook.level == "workflow" and hook.is_exit):
            yield hook


_DASHED = regex(r"\b(steps|tasks)\.([A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)+)(?=\.)")


def _siblings(hook: tables.HookAt) -> set[str]:
    if hook.holder is None:
        return set()
    template = hook.holder.inside.template
    names = {step.name for group in template.steps for step in group}
    return names | {task.name for task in (template.dag.tasks if template.dag is not None else ())}


def _who(hook: tables.HookAt) -> str:
    holder = f" {hook.holder.name!r}" if hook.holder is not None else ""
    return f"the hook {hook.name!r} of the {hook.level}{holder}"


@rule(Severity.ERROR, over=expressions)
def hook_expression_invalid(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """The expression of a hook cannot be read.

    Argo's linter passes it. At run time the workflow ends in Error while its pods stay behind; on a DAG task the hook
    silently never runs. Names with dashes need brackets: `steps['build-image'].status`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          hooks:
            failed:
              template: notify
              expression: workflow.status = "Failed"  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          hooks:
            failed:
              template: notify
              expression: workflow.status == "Failed"
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}
    """
    from argosy.language.expr import parse

    text = hook.hook.expression
    if "{{" in text or _DASHED.search(text):
        return  # rules of their own
    try:
        parse(text)
    except LanguageError as error:
        end = min(len(text), error.position + 1)
        yield Problem(
            f"the expression of {_who(hook)} cannot be read: {error.message}",
            hook.at("expression"),
            error.hint or ("compare with ==" if re.search(r"[^=!<>]=[^=~]", text) else None),
            chars=(min(error.position, max(0, end - 1)), end),
        )


@rule(Severity.ERROR, over=expressions)
def hook_expression_dashed_name(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """The expression of a hook names a step or task with a dash, which is read as a minus sign.

    The workflow ends in Error at run time. Write the name in brackets and quotes: `steps['build-image'].status`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: build-image
                    template: build
                    hooks:
                      failed:
                        template: notify
                        expression: steps.build-image.status == "Failed"  # here
            - name: build
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: build-image
                    template: build
                    hooks:
                      failed:
                        template: notify
                        expression: steps['build-image'].status == "Failed"
            - name: build
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}
    """
    text = hook.hook.expression
    found = _DASHED.search(text)
    if found:
        fixed = _DASHED.sub(r"\1['\2']", text)
        yield Problem(
            f"{found[0]} is read as a subtraction in {_who(hook)}",
            hook.at("expression"),
            f"write {found[1]}['{found[2]}']",
            chars=found.span(),
            fix=Fix("put the name in brackets", (Edit("set", hook.at("expression"), fixed),)),
        )


@rule(Severity.ERROR, over=expressions)
def hook_expression_in_braces(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """The expression of a hook has tags in braces: it is an expression already.

    Tags are replaced before the expression is read, without quotes, so that it becomes `Failed == "Failed"`, where
    `Failed` is no name that anybody knows. Write the name alone: `workflow.status == "Failed"`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          hooks:
            failed:
              template: notify
              expression: '{{workflow.status}} == "Failed"'  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          hooks:
            failed:
              template: notify
              expression: workflow.status == "Failed"
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}
    """
    text = hook.hook.expression
    for found in re.finditer(r"(['\"]?){{=?\s*([\w.\[\]'-]+?)\s*}}\1", text):
        if found[1] or found[2].startswith("inputs."):
            continue  # quoted, it is text by then; inputs are put in before
        fixed = text[: found.start()] + found[2] + text[found.end() :]
        yield Problem(
            f"{found[0]} is replaced before the expression of {_who(hook)} is read",
            hook.at("expression"),
            f"write {found[2]}",
            chars=found.span(),
            fix=Fix("take the braces away", (Edit("set", hook.at("expression"), fixed),), safe=False),
        )


@rule(Severity.ERROR, over=expressions)
def hook_never_fires(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """The expression of a hook can never be true, or never be evaluated: the hook never runs.

    Phases are Succeeded, Failed, Error, Skipped, Omitted, Running and Pending, written so. While a step or task runs,
    `workflow.status` is Running: its hooks should look at the status of the step. A name that is no step of the same
    template is unknown, and ends the workflow in Error.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: build
                    template: build
                    hooks:
                      failed:
                        template: notify
                        expression: workflow.status == "Failed"  # here
            - name: build
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: build
                    template: build
                    hooks:
                      failed:
                        template: notify
                        expression: steps.build.status == "Failed"
            - name: build
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}
    """
    yield from _faults(hook, context)


def never_fires(hook: tables.HookAt, context: Context) -> bool:
    """Whether ``hook-never-fires`` says so of a hook."""
    return any(True for _ in _faults(hook, context))


def _faults(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    from argosy.language.expr import parse
    from argosy.lint.hook_scope import domains
    from argosy.lint.paths import paths
    from argosy.lint.trial import attempt

    text = hook.hook.expression
    if "{{" in text or _DASHED.search(text):
        return
    try:
        tree = parse(text)
    except LanguageError:
        return
    read = list(paths(tree))
    root = {"step": "steps", "task": "tasks"}.get(hook.level, "")
    if any("(" in part for path in read for part in path.parts):
        return  # one item of a loop, by its name
    for path in read:
        if path.parts[0] == root and len(path.parts) > 1 and path.parts[1] not in _siblings(hook) and not path.optional:
            yield Problem(
                f"{_who(hook)} looks at {path.parts[1]!r}, which is no {hook.level} beside it",
                hook.at("expression"),
                context.did_you_mean(path.parts[1], _siblings(hook)),
                chars=(path.start, path.end),
            )
            return
    known = domains(tree, read, hook, context)
    if known is None:
        return
    came = attempt(text, tree, known)
    if came.fault is not None:
        given = " and ".join(f"{name} is {value}" for name, value in came.given.items() if name in _names(read))
        at = min(came.fault.position, max(0, len(text) - 1))
        chars = next(((path.start, path.end) for path in read if path.start <= at < path.end), None)
        yield Problem(
            f"the expression of {_who(hook)} cannot be evaluated{f' when {given}' if given else ''}: "
            f"{came.fault.message}",
            hook.at("expression"),
            _advice(came.fault, read, hook),
            chars=chars if came.fault.position else None,
        )
    elif came.verdict == "never":
        yield _never(hook, read, known)


def _names(read: list[Path]) -> set[str]:
    return {path.name for path in read}


def _advice(fault: LanguageError, read: list[Path], hook: tables.HookAt) -> str | None:
    root = {"step": "steps", "task": "tasks"}.get(hook.level, "workflow")
    if fault.message.startswith("unknown name"):
        roots = {path.parts[0] for path in read}
        if roots & {"steps", "tasks"} - {root}:
            return f"the hook of a {hook.level} knows {root}.NAME.status, and the workflow's variables"
        if (word := next((one for one in roots if one in NODE_PHASES), None)) is not None:
            return f"put quotes around {word}"
    return fault.hint


def _never(hook: tables.HookAt, read: list[Path], known: Mapping[str, Domain]) -> Problem:
    root = {"step": "steps", "task": "tasks"}.get(hook.level, "")
    for path in read:
        if known.get(path.name, ABSENT) == ABSENT and len(path.parts) > 1:
            return Problem(
                f"{_who(hook)} never runs: {path.name} has no value here",
                hook.at("expression"),
                f"of its own {hook.level}, a hook knows the status" if path.parts[0] == root else None,
                chars=(path.start, path.end),
            )
    for path in read:
        if path.name in known and known[path.name].complete:
            possible = ", ".join(one for one in known[path.name].values if one)
            return Problem(
                f"{_who(hook)} never runs: {path.name} is one of {possible} here",
                hook.at("expression"),
                f"look at {root}.{hook.holder.name}.status" if hook.holder and path.name == "workflow.status" else None,
            )
    return Problem(f"{_who(hook)} never runs: its expression is never true", hook.at("expression"))
