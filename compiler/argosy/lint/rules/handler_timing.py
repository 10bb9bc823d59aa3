"""Exit handlers that run less often, or more often, than their author may think."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from argosy import model
from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.reach import workflow_handlers
from argosy.lint.rule import Problem, rule

MANY = 10
"""From so many items on, a handler for each is worth a word."""


def _exit_hook_of_call(hook: tables.HookAt) -> tables.CallAt | None:
    return hook.holder if hook.is_exit and hook.holder is not None else None


@rule(Severity.INFO, over=tables.hooks)
def exit_hook_may_be_skipped(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """A step or task that may be skipped has an exit hook, which then does not run.

    Argo runs the exit hook of a node that Succeeded, Failed or was in Error, not of one that is Skipped or Omitted. If
    the hook is to run in any case, give it to the step that calls this template, or make it a step of its own.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: deploy, value: "no"}]}
          templates:
            - name: main
              steps:
                - - name: deploy
                    template: deploy
                    when: "{{workflow.parameters.deploy}} == yes"
                    hooks:
                      exit: {template: unlock}  # here
            - name: deploy
              container: {image: "alpine:3.20", command: [deploy]}
            - name: unlock
              container: {image: "alpine:3.20", command: [unlock]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: unlock
          arguments: {parameters: [{name: deploy, value: "no"}]}
          templates:
            - name: main
              steps:
                - - name: deploy
                    template: deploy
                    when: "{{workflow.parameters.deploy}} == yes"
            - name: deploy
              container: {image: "alpine:3.20", command: [deploy]}
            - name: unlock
              container: {image: "alpine:3.20", command: [unlock]}
    """
    call = _exit_hook_of_call(hook)
    if call is None:
        return
    depends = getattr(call.call, "depends", "")
    why = "its `when` is false" if call.call.when else "its `depends` does not hold" if _picky(depends) else ""
    if why:
        yield Problem(
            f"the exit hook of the {call.kind} {call.name!r} does not run if {why}",
            hook.address,
            part="value" if hook.is_on_exit else "key",
        )


def _picky(depends: str) -> bool:
    """Whether a `depends` asks for something that an ordinary run does not bring."""
    return re.search(r"!|\.(Failed|Errored|Skipped|Omitted|Daemoned|AllFailed|AnySucceeded)\b", depends) is not None


@rule(Severity.INFO, over=tables.hooks)
def exit_hook_for_each_item(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """A step that loops over many items has an exit hook, which runs once for each of them.

    Each handler is a pod of its own, so that the loop makes twice as many. If one handler for all is enough, put the
    loop into a template of its own, and give the hook to the step that calls it.

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
                    withSequence: {count: 200}
                    hooks:
                      exit: {template: notify}  # here
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
                - - name: all
                    template: all
                    hooks:
                      exit: {template: notify}
            - name: all
              steps:
                - - name: build
                    template: build
                    withSequence: {count: 200}
            - name: build
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}
    """
    call = _exit_hook_of_call(hook)
    if call is None or call.kind != "step" or not call.has_loop:
        return
    number = items(call)
    if number is None or number >= MANY:
        times = "each of its items" if number is None else f"each of its {number} items"
        yield Problem(
            f"the exit hook of the step {call.name!r} runs for {times}",
            hook.address,
            "give it to the step that calls this template, if one is enough",
            part="value" if hook.is_on_exit else "key",
        )


def items(call: tables.CallAt) -> int | None:
    """Give how many items a loop has, or None where only the run can tell."""
    sequence = call.call.with_sequence
    if call.call.with_items:
        return len(call.call.with_items)
    if sequence is None or call.call.with_param:
        return None
    try:
        if sequence.count is not None:
            return int(sequence.count)
        return abs(int(sequence.end or 0) - int(sequence.start or 0)) + 1
    except ValueError:
        return None


@rule(Severity.INFO, over=tables.hooks, on_by_default=False)
def terminate_skips_handler(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """`argo terminate` ends a workflow without its exit handlers; only `argo stop` runs them.

    What must be cleaned up in any case needs something outside of the workflow, too: an owner reference on what it
    makes (`setOwnerReference`), a time to live, or a CronWorkflow that looks for what was left behind.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: test-}
        spec:
          entrypoint: main
          onExit: clean-up  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make, test]}
            - name: clean-up
              resource: {action: delete, flags: [namespace, test]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: test-}
        spec:
          entrypoint: main
          onExit: notify
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make, test]}
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}
    """
    if hook.level != "workflow" or not hook.is_exit:
        return
    for one in workflow_handlers(context):
        resource, body = one.template.resource, one.template.script or one.template.container
        text = " ".join([*(body.command + body.args if body is not None else ()), getattr(body, "source", "")])
        if (resource is not None and resource.action == "delete") or _deletes().search(text):
            yield Problem(
                f"if somebody terminates the workflow, {one.template.name!r} does not run", hook.template_address
            )
            return


@cache
def _deletes() -> re.Pattern[str]:
    return re.compile(r"\b(kubectl delete|helm uninstall|terraform destroy|rm -r)")


def cleans(call: model.WorkflowStep | model.DAGTask) -> bool:
    """Whether a step or task is named like one that cleans up."""
    return _cleaning().search(f"{call.name} {call.template}") is not None


@cache
def _cleaning() -> re.Pattern[str]:
    return re.compile(r"(?i)clean|tear-?_?down|delete|destroy|unlock|release-?lock|roll-?back|finali[sz]e|always")


@rule(Severity.INFO, over=tables.calls)
def clean_up_not_on_stop(one: tables.CallAt, context: Context) -> Iterator[Problem]:
    """A step that cleans up comes after one that may fail, as a step: it does not run if the workflow is stopped.

    `continueOn`, and `depends: build.Failed`, go on after a failure. When somebody stops the workflow, or its deadline
    is over, no further step is started; only exit handlers are.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: test-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - {name: test, template: test, continueOn: {failed: true}}
                - - name: clean-up  # here
                    template: clean-up
            - name: test
              container: {image: "alpine:3.20", command: [make, test]}
            - name: clean-up
              container: {image: "alpine:3.20", command: [make, clean]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: test-}
        spec:
          entrypoint: main
          onExit: clean-up
          templates:
            - name: main
              steps:
                - - {name: test, template: test}
            - name: test
              container: {image: "alpine:3.20", command: [make, test]}
            - name: clean-up
              container: {image: "alpine:3.20", command: [make, clean]}
    """
    if not cleans(one.call) or any(_handlers(context)):
        return
    if one.kind == "step":
        before = [step for group in one.inside.template.steps[: one.number] for step in group]
        forgives = any(step.continue_on is not None for step in before)
    else:
        forgives = re.search(r"\.(Failed|Errored)\b", getattr(one.call, "depends", "")) is not None
    if forgives:
        yield Problem(
            f"{one.name!r} does not run if the workflow is stopped or its deadline is over",
            one.at("name"),
            "make it an exit handler",
        )


def _handlers(context: Context) -> Iterator[tables.HookAt]:
    yield from (hook for hook in tables.hooks(context) if hook.is_exit)


@rule(Severity.INFO, over=tables.hooks, on_by_default=False)
def handler_failure_is_ignored(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """The exit hook of a step or task may fail, and the workflow succeeds all the same.

    Only the exit handler of the workflow counts: when it fails, a workflow that Succeeded becomes Failed. If what a
    step's hook does must be done, make it a step.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: deploy
                    template: deploy
                    hooks:
                      exit: {template: verify}  # here
            - name: deploy
              container: {image: "alpine:3.20", command: [deploy]}
            - name: verify
              container: {image: "alpine:3.20", command: [verify]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - {name: deploy, template: deploy}
                - - {name: verify, template: verify}
            - name: deploy
              container: {image: "alpine:3.20", command: [deploy]}
            - name: verify
              container: {image: "alpine:3.20", command: [verify]}
    """
    call = _exit_hook_of_call(hook)
    if call is not None:
        yield Problem(
            f"if the exit hook of the {call.kind} {call.name!r} fails, the workflow does not",
            hook.address,
            part="value" if hook.is_on_exit else "key",
        )
