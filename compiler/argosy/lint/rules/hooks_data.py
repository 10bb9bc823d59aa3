"""What reaches a hook or an exit handler, and what does not, though its tags look right."""

from __future__ import annotations

import re
from collections.abc import Iterator

from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.reach import entrypoint_templates, workflow_handlers
from argosy.lint.rule import Problem, rule
from argosy.lint.rules.exit_behaviour import handlers_here
from argosy.lint.rules.expression_tags import TagAt, tags
from argosy.lint.rules.handler_timing import cleans
from argosy.lint.taint import tags_of


@rule(Severity.WARNING, over=tables.hooks)
def hook_argument_stays_literal(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """A hook passes on its own step's result or exit code, which hooks do not get: the tag arrives as text.

    The outputs that a hook can use are the parameters and artifacts of its step. Write the result to a file and make
    it an output parameter, or let the handler look at `steps.NAME.status`.

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
                      exit:
                        template: notify
                        arguments:
                          parameters:
                            - name: code
                              value: "{{steps.build.exitCode}}"  # here
            - name: build
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              inputs: {parameters: [{name: code}]}
              container: {image: "alpine:3.20", command: [notify, "{{inputs.parameters.code}}"]}

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
                      exit:
                        template: notify
                        arguments:
                          parameters:
                            - name: code
                              value: "{{steps.build.status}}"
            - name: build
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              inputs: {parameters: [{name: code}]}
              container: {image: "alpine:3.20", command: [notify, "{{inputs.parameters.code}}"]}
    """
    if hook.holder is None:
        return
    root = "steps" if hook.level == "step" else "tasks"
    own = {f"{root}.{hook.holder.name}.{what}" for what in ("exitCode", "outputs.result")}
    for n, parameter in enumerate(hook.hook.arguments.parameters):
        for tag in tags_of(str(parameter.value or "")):
            if tag.name in own:
                yield Problem(
                    f"{{{{{tag.name}}}}} arrives as text: a hook gets no result and no exit code",
                    hook.at("arguments", "parameters", n, "value"),
                    "pass an output parameter, or the status",
                    chars=(tag.start, tag.end),
                )


@rule(Severity.WARNING, over=handlers_here)
def global_output_may_be_missing(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """An exit handler uses an output of the workflow that may never have been made: then the tag arrives as text.

    The step that makes it can fail, be skipped, or never start; handlers are there for that day. Give the output a
    `default`, or compare the value in the handler before it is used.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: test-}
        spec:
          entrypoint: main
          onExit: clean-up
          templates:
            - name: main
              steps:
                - - {name: create, template: create}
            - name: create
              container: {image: "alpine:3.20", command: [create]}
              outputs:
                parameters:
                  - {name: id, globalName: cluster, valueFrom: {path: /tmp/id}}
            - name: clean-up
              container:
                image: alpine:3.20
                command: [delete]
                args: ["{{workflow.outputs.parameters.cluster}}"]  # here

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
                - - {name: create, template: create}
            - name: create
              container: {image: "alpine:3.20", command: [create]}
              outputs:
                parameters:
                  - {name: id, globalName: cluster, valueFrom: {path: /tmp/id, default: none}}
            - name: clean-up
              container:
                image: alpine:3.20
                command: [delete]
                args: ["{{workflow.outputs.parameters.cluster}}"]
    """
    for entry in tags(context):
        if not entry.tag.name.startswith("workflow.outputs.") or entry.address[: len(one.address)] != one.address:
            continue
        found = re.fullmatch(r"workflow\.outputs\.parameters\.([\w-]+)", entry.tag.name)
        if found and found[1] not in _with_default(context):
            yield Problem(
                f"the output {found[1]!r} may be missing when the handler runs: the tag arrives as text then",
                entry.address,
                "give the output a default: valueFrom.default",
                chars=(entry.tag.start, entry.tag.end),
            )


def _with_default(context: Context) -> set[str]:
    """The global outputs that have a default, and those that nothing in the document makes."""
    return {
        parameter.global_name
        for one in tables.templates(context)
        for parameter in one.template.outputs.parameters
        if parameter.global_name and parameter.value_from is not None and parameter.value_from.default is not None
    }


@rule(Severity.WARNING, over=tags)
def failures_outside_handler(one: TagAt, context: Context) -> Iterator[Problem]:
    """An expression uses `workflow.failures` in a template that is no part of the exit handler: it is never there.

    The list of failures is made when the work is over, for the workflow's own exit handler.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [make]
                args: ["{{=workflow.failures}}"]  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: notify
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              container:
                image: alpine:3.20
                command: [notify]
                args: ["{{=workflow.failures}}"]
    """
    if not one.tag.is_expression or "workflow.failures" not in one.tag.content or context.kind != "Workflow":
        return
    handlers = {id(found.template) for found in workflow_handlers(context)}
    for found in entrypoint_templates(context):
        mine = one.address[: len(found.address)] == found.address and found.owner.manifest is context.manifest
        if mine and id(found.template) not in handlers:
            yield Problem(
                "workflow.failures is there only in the workflow's exit handler",
                one.address,
                chars=(one.tag.start, one.tag.end),
            )


@rule(Severity.INFO, over=tables.hooks)
def running_hook_may_be_missed(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """A hook waits for the phase Running, which Argo sees only if it looks in time.

    A step that ends between two looks of the controller is never seen Running, and the hook does not fire. Don't let
    anything depend on it: use a step before, or the exit hook.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          hooks:
            started:
              template: tell
              expression: workflow.status == "Running"  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: tell
              container: {image: "alpine:3.20", command: [tell]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          hooks:
            exit:
              template: tell
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: tell
              container: {image: "alpine:3.20", command: [tell]}
    """
    if re.search(r"==\s*['\"]Running['\"]", hook.hook.expression):
        yield Problem(f"the hook {hook.name!r} does not fire if nobody sees the phase Running", hook.at("expression"))


@rule(Severity.INFO, over=handlers_here)
def handler_failure_skips_the_rest(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """A step of an exit handler that fails keeps the clean-up after it from being done.

    A notification that cannot be sent should not keep a clean-up from being done. Put them into one group, or give
    the first `continueOn: {failed: true, error: true}`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: after
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: after
              steps:
                - - {name: notify, template: tell}  # here
                - - {name: clean-up, template: tell}
            - name: tell
              container: {image: "alpine:3.20", command: [tell]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: after
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: after
              steps:
                - - {name: notify, template: tell}
                  - {name: clean-up, template: tell}
            - name: tell
              container: {image: "alpine:3.20", command: [tell]}
    """
    steps = one.template.steps
    for n, group in enumerate(steps[:-1]):
        later = next((step.name for after in steps[n + 1 :] for step in after if cleans(step)), None)
        for m, step in enumerate(group):
            if later is not None and step.continue_on is None:
                yield Problem(
                    f"if {step.name!r} fails, {later!r} does not run", one.at("steps", n, m), "give it continueOn"
                )


@rule(Severity.INFO, over=tables.defaults)
def defaults_retry_handlers(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """`templateDefaults` retries every template, those of the exit handler too.

    A handler that sends a message sends it again after each failed attempt, and the workflow ends later by all its
    backoffs. Give the handler a `retryStrategy` of its own, even one with `limit: 0`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: notify
          templateDefaults:
            retryStrategy: {limit: 3}  # here
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
          onExit: notify
          templateDefaults:
            retryStrategy: {limit: 3}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              retryStrategy: {limit: 0}
              container: {image: "alpine:3.20", command: [notify]}
    """
    if one.template.retry_strategy is None:
        return
    without = [
        found.template.name
        for found in workflow_handlers(context)
        if found.template.retry_strategy is None and found.template.dag is None and not found.template.steps
    ]
    if without:
        yield Problem(
            f"the exit handler's {without[0]!r} is retried, too",
            one.at("retryStrategy"),
            f"give {without[0]!r} a retryStrategy of its own",
            part="key",
        )
