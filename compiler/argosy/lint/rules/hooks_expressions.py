"""Expressions of hooks: Argo's linter does not read them, and at run time a bad one takes the workflow with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from argosy.errors import LanguageError
from argosy.lint import tables
from argosy.lint.context import Context, table
from argosy.lint.finding import Edit, Fix, Severity
from argosy.lint.possible import FINAL, NODE_PHASES, combinations, workflow_status
from argosy.lint.rule import Problem, rule


@table
def expressions(context: Context) -> Iterator[tables.HookAt]:
    """Give the hooks whose expression Argo reads: not the workflow's exit hook."""
    for hook in tables.hooks(context):
        if hook.hook.expression and not (hook.level == "workflow" and hook.is_exit):
            yield hook


_DASHED = re.compile(r"\b(steps|tasks)\.([A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)+)(?=\.)")


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
    from argosy.language.expr import evaluate_bool, parse
    from argosy.lint.paths import paths

    text = hook.hook.expression
    if "{{" in text or _DASHED.search(text):
        return
    try:
        read = list(paths(parse(text)))
    except LanguageError:
        return
    root = {"step": "steps", "task": "tasks"}.get(hook.level, "")
    for path in read:
        if path.parts[0] == root and len(path.parts) > 1 and path.parts[1] not in _siblings(hook) and not path.optional:
            yield Problem(
                f"{_who(hook)} looks at {path.parts[1]!r}, which is no {hook.level} beside it",
                hook.at("expression"),
                context.did_you_mean(path.parts[1], _siblings(hook)),
                chars=(path.start, path.end),
            )
            return
    values = {path.name: _values(path.name, hook, context) for path in read}
    known = {name: found for name, found in values.items() if found}
    if not known or len(known) < len(values):
        return
    truths: set[bool] = set()
    for given in combinations(list(known), list(known.values())):
        try:
            truths.add(evaluate_bool(text, given))
        except LanguageError as error:
            yield Problem(
                f"the expression of {_who(hook)} cannot be evaluated: {error.message}",
                hook.at("expression"),
                error.hint,
            )
            return
        if True in truths:
            return
    name, possible = next(iter(known.items()))
    yield Problem(
        f"{_who(hook)} never runs: {name} is one of {', '.join(possible)} here",
        hook.at("expression"),
        f"look at {root}.{hook.holder.name}.status" if hook.holder and name == "workflow.status" else None,
    )


def _values(name: str, hook: tables.HookAt, context: Context) -> tuple[str, ...] | None:
    if name == "workflow.status":
        if hook.level == "workflow":
            return (*FINAL, "Running", "Pending")
        return workflow_status(hook.holder.inside if hook.holder else None, context)
    if re.fullmatch(r"(steps|tasks)\.[^.]+\.status", name):
        return FINAL if hook.is_exit and hook.holder and name.split(".")[1] == hook.holder.name else NODE_PHASES
    return None
