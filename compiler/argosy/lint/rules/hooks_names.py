"""Names and conditions of hooks: which hooks run, and when."""

from __future__ import annotations

from collections.abc import Iterator

from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Edit, Fix, Severity
from argosy.lint.rule import Problem, rule


@rule(Severity.ERROR, over=tables.hooks)
def workflow_exit_hook_shadowed(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """The workflow has both `onExit` and `hooks.exit`: only `onExit` runs.

    Argo takes the first that it finds and never looks at the other. Let one template run both as its steps.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: notify
          hooks:
            exit: {template: clean-up}  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}
            - name: clean-up
              container: {image: "alpine:3.20", command: [make, clean]}

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
                - - {name: notify, template: notify}
                  - {name: clean-up, template: clean-up}
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}
            - name: clean-up
              container: {image: "alpine:3.20", command: [make, clean]}
    """
    if hook.level == "workflow" and hook.is_exit and not hook.is_on_exit and context.spec.on_exit:
        yield Problem(
            f"hooks.exit never runs, as the workflow has onExit: {context.spec.on_exit}, too",
            hook.address,
            "keep one; a steps template can do both",
            part="key",
        )


@rule(Severity.ERROR, over=tables.hooks)
def exit_hook_expression_ignored(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """The workflow's `hooks.exit` has an expression, which Argo never reads: the handler always runs.

    Only the exit hooks of steps and tasks are conditional. Put the condition into the handler: a steps template whose
    step has `when: '{{workflow.status}} == Failed'`. Source: Argo v4.1 `workflow/controller/operator.go`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          hooks:
            exit:
              template: notify
              expression: workflow.status == "Failed"  # here
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
            exit: {template: after}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: after
              steps:
                - - {name: notify, template: notify, when: "{{workflow.status}} == Failed"}
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}
    """
    if hook.level == "workflow" and hook.is_exit and hook.hook.expression:
        yield Problem(
            "Argo never reads the expression of the workflow's exit hook: the handler always runs",
            hook.at("expression"),
            "put the condition into the handler, as the `when` of its steps",
            fix=Fix("remove the expression", (Edit("delete", hook.at("expression")),)),
        )


_NEAR = {"exti", "exits", "onexit", "on-exit", "on_exit", "finally", "exithandler", "exit-handler", "always"}


@rule(Severity.WARNING, over=tables.hooks)
def hook_name_near_exit(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """A hook is named almost like `exit`, the only name that makes an exit handler.

    A hook of any other name runs while the workflow or the step does, beside it, as soon as its expression holds, and
    nobody waits for the end first.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          hooks:
            onExit:  # here
              template: notify
              expression: workflow.status == "Failed"
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
            exit:
              template: notify
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}
    """
    if not hook.is_exit and hook.name.lower() in {*_NEAR, "exit"}:
        yield Problem(
            f"the hook {hook.name!r} is no exit handler: only one named 'exit' is",
            hook.address,
            "name it 'exit'",
            part="key",
            fix=Fix("name it 'exit'", (Edit("rename", hook.address, "exit"),), safe=False),
        )


@rule(Severity.WARNING, over=tables.hooks)
def task_exit_hook_in_loop(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """A DAG task that loops has an exit hook, which Argo does not run for each item.

    It runs for the first item and once for the loop as a whole, with `{{item}}` left as it is. (On a step it runs for
    each item.) Call a steps template in the loop, whose step has the hook.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: deploy-}
        spec:
          entrypoint: main
          templates:
            - name: main
              dag:
                tasks:
                  - name: deploy
                    template: deploy
                    withItems: [eu, us]
                    arguments: {parameters: [{name: region, value: "{{item}}"}]}
                    hooks:
                      exit: {template: notify}  # here
            - name: deploy
              inputs: {parameters: [{name: region}]}
              container: {image: "alpine:3.20", command: [deploy, "{{inputs.parameters.region}}"]}
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: deploy-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: deploy
                    template: deploy
                    withItems: [eu, us]
                    arguments: {parameters: [{name: region, value: "{{item}}"}]}
                    hooks:
                      exit: {template: notify}
            - name: deploy
              inputs: {parameters: [{name: region}]}
              container: {image: "alpine:3.20", command: [deploy, "{{inputs.parameters.region}}"]}
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}
    """
    if hook.level == "task" and hook.is_exit and hook.holder is not None and hook.holder.has_loop:
        yield Problem(
            f"the exit hook of the looped task {hook.holder.name!r} does not run for each item",
            hook.address,
            "call a steps template in the loop, whose step has the hook",
            part="value" if hook.is_on_exit else "key",
        )


@rule(Severity.INFO, over=tables.hooks)
def step_on_exit_deprecated(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """A step or task has `onExit`, which is deprecated in favour of `hooks.exit`.

    `hooks.exit` can have arguments and a condition. Without arguments it does the same as `onExit`.

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
                    onExit: notify  # here
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
                    hooks: {exit: {template: notify}}
            - name: build
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}
    """
    if not hook.is_on_exit or hook.holder is None or "exit" in hook.holder.call.hooks:
        return
    hooks = {"exit": {"template": hook.hook.template}}
    edits = (Edit("delete", hook.address), Edit("set", hook.holder.at("hooks"), hooks))
    yield Problem(
        f"onExit of the {hook.level} {hook.holder.name!r} is deprecated",
        hook.address,
        f"write hooks: {{exit: {{template: {hook.hook.template}}}}}",
        part="key",
        fix=None if hook.holder.call.hooks else Fix("write hooks.exit", edits),
    )
