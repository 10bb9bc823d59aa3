"""What hooks and exit handlers are given, and what they would need: Argo's linter looks at neither."""

from __future__ import annotations

from collections.abc import Iterator

from argosy.lint import tables
from argosy.lint.context import Context, Target
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.spelling import respelt
from argosy.model.parameter import Parameter
from argosy.scope.facts import has_location_or_key


def _target(hook: tables.HookAt, context: Context) -> Target | None:
    found = context.resolve(hook.hook)
    return None if found is None or found == "undefined" else found


def takes_workflow_arguments(hook: tables.HookAt) -> bool:
    """Whether a handler is given the workflow's arguments: what ``onExit`` names, and hooks without arguments do.

    Source: Argo v4.1 ``workflow/controller/exit_handler.go`` (``runOnExitNode``) and ``operator.go``.
    """
    given = hook.hook.arguments
    return hook.is_on_exit or (hook.is_exit and not given.parameters and not given.artifacts)


def _has_value(parameter: Parameter) -> bool:
    source = parameter.value_from
    return parameter.value is not None or parameter.default is not None or source is not None


def _supplied(hook: tables.HookAt, context: Context) -> set[str]:
    if takes_workflow_arguments(hook):
        return {one.name for one in context.spec.arguments.parameters}
    return {one.name for one in hook.hook.arguments.parameters}


@rule(Severity.ERROR, over=tables.hooks)
def hook_input_missing(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """A hook runs a template without giving it an input that it needs.

    Argo's linter looks only at the workflow's `onExit`. At run time a workflow's `hooks.exit` ends the workflow in
    Error after all its work is done; a step's fails the steps; a DAG task's handler never runs. What `onExit` names
    is given the arguments of the *workflow*, whatever the step or task was given.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          hooks:
            exit: {template: notify}  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              inputs: {parameters: [{name: channel}]}
              container: {image: "alpine:3.20", command: [notify, "{{inputs.parameters.channel}}"]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          hooks:
            exit:
              template: notify
              arguments: {parameters: [{name: channel, value: builds}]}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              inputs: {parameters: [{name: channel}]}
              container: {image: "alpine:3.20", command: [notify, "{{inputs.parameters.channel}}"]}
    """
    target = _target(hook, context)
    if target is None or (hook.level == "workflow" and hook.is_on_exit):
        return  # that one Argo looks at: template-input-missing says it
    if context.kind != "Workflow" and takes_workflow_arguments(hook):
        return  # a template's workflow may get more arguments than it says
    supplied = _supplied(hook, context)
    for parameter in target.template.inputs.parameters:
        if not _has_value(parameter) and parameter.name not in supplied:
            yield Problem(
                f"the {hook.name} hook of the {hook.level} gives {target.template.name!r} no value for "
                f"the input {parameter.name!r}",
                hook.template_address,
                _hint(hook, parameter.name),
            )
    if takes_workflow_arguments(hook):
        return
    passed = {one.name for one in hook.hook.arguments.artifacts}
    for artifact in target.template.inputs.artifacts:
        if not artifact.optional and artifact.name not in passed and not has_location_or_key(artifact):
            yield Problem(
                f"the {hook.name} hook of the {hook.level} gives {target.template.name!r} no {artifact.name!r}",
                hook.template_address,
                "pass it in the hook's arguments, or make it optional",
            )


def _hint(hook: tables.HookAt, name: str) -> str:
    if hook.is_on_exit:
        return f"write hooks.exit, which can have arguments, or give the input {name!r} a default"
    return f"pass it in the hook's arguments, or give the input {name!r} a default"


@rule(Severity.WARNING, over=tables.hooks)
def hook_argument_unknown(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """A hook passes an argument that its template has no input for.

    Argo ignores it without a word. Often it is a misspelt name, and the input keeps its default.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          hooks:
            exit:
              template: notify
              arguments:
                parameters:
                  - name: chanel  # here
                    value: builds
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              inputs: {parameters: [{name: channel, default: general}]}
              container: {image: "alpine:3.20", command: [notify, "{{inputs.parameters.channel}}"]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          hooks:
            exit:
              template: notify
              arguments:
                parameters:
                  - name: channel
                    value: builds
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              inputs: {parameters: [{name: channel, default: general}]}
              container: {image: "alpine:3.20", command: [notify, "{{inputs.parameters.channel}}"]}
    """
    target = _target(hook, context)
    if target is None:
        return
    known = [one.name for one in target.template.inputs.parameters]
    for n, parameter in enumerate(hook.hook.arguments.parameters):
        if parameter.name not in known:
            address = hook.at("arguments", "parameters", n, "name")
            given = {one.name for one in hook.hook.arguments.parameters}
            yield Problem(
                f"{target.template.name!r} has no input {parameter.name!r}: the argument is ignored",
                address,
                context.did_you_mean(parameter.name, known),
                fix=respelt(context, address, parameter.name, [one for one in known if one not in given]),
            )


@rule(Severity.WARNING, over=tables.hooks)
def step_handler_gets_workflow_arguments(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """The exit handler of a step or task has an input that the workflow's arguments fill, not those of the step.

    What `onExit` names, and a `hooks.exit` without arguments, is given the arguments of the *workflow*. A step that
    was called with another value for the same name is cleaned up with the wrong one.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: deploy-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: cluster, value: test}]}
          templates:
            - name: main
              steps:
                - - name: deploy
                    template: deploy
                    arguments: {parameters: [{name: cluster, value: staging}]}
                    hooks:
                      exit: {template: roll-back}  # here
            - name: deploy
              inputs: {parameters: [{name: cluster}]}
              container: {image: "alpine:3.20", command: [deploy, "{{inputs.parameters.cluster}}"]}
            - name: roll-back
              inputs: {parameters: [{name: cluster}]}
              container: {image: "alpine:3.20", command: [roll-back, "{{inputs.parameters.cluster}}"]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: deploy-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: cluster, value: test}]}
          templates:
            - name: main
              steps:
                - - name: deploy
                    template: deploy
                    arguments: {parameters: [{name: cluster, value: staging}]}
                    hooks:
                      exit:
                        template: roll-back
                        arguments: {parameters: [{name: cluster, value: staging}]}
            - name: deploy
              inputs: {parameters: [{name: cluster}]}
              container: {image: "alpine:3.20", command: [deploy, "{{inputs.parameters.cluster}}"]}
            - name: roll-back
              inputs: {parameters: [{name: cluster}]}
              container: {image: "alpine:3.20", command: [roll-back, "{{inputs.parameters.cluster}}"]}
    """
    target = _target(hook, context)
    if target is None or hook.holder is None or not takes_workflow_arguments(hook):
        return
    workflow = {one.name for one in context.spec.arguments.parameters}
    own = {one.name: one.value for one in hook.holder.call.arguments.parameters}
    for parameter in target.template.inputs.parameters:
        name = parameter.name
        same = f"{{{{workflow.parameters.{name}}}}}"
        if name in workflow and name in own and str(own[name]).replace(" ", "") != same:
            yield Problem(
                f"{target.template.name!r} gets {name!r} from the workflow's arguments, not from those of the "
                f"{hook.level} {hook.holder.name!r}",
                hook.template_address,
                f"write hooks.exit with the argument {name!r}",
            )


@rule(Severity.WARNING, over=tables.hooks)
def on_exit_arguments_lost(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """A step or task has both `onExit` and `hooks.exit`: only `onExit` runs, with the workflow's arguments.

    `onExit` of steps and tasks is deprecated; `hooks.exit` does the same, and can have arguments and a condition.

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
                    onExit: notify
                    hooks:
                      exit: {template: clean-up}  # here
            - name: build
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
          templates:
            - name: main
              steps:
                - - name: build
                    template: build
                    hooks:
                      exit: {template: after}
            - name: build
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
    if hook.is_exit and not hook.is_on_exit and hook.holder is not None and hook.holder.call.on_exit:
        yield Problem(
            f"hooks.exit of the {hook.level} {hook.holder.name!r} never runs, as it has onExit, too",
            hook.address,
            "keep one; a steps template can do both",
            part="key",
            severity=Severity.ERROR,
        )
