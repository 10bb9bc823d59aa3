"""Manifests that stop the controller, hang, or lose a handler by what the controller does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from argosy import model
from argosy.errors import LanguageError
from argosy.lint import tables
from argosy.lint.context import Context, table
from argosy.lint.fate import aftermath
from argosy.lint.finding import Edit, Fix, Severity
from argosy.lint.reach import workflow_handlers
from argosy.lint.rule import Problem, rule
from argosy.source import at


def _starts_together(dag: model.DAGTemplate) -> int:
    return sum(not task.depends and not task.dependencies for task in dag.tasks)


@rule(Severity.ERROR, over=tables.specs)
def parallelism_crashes_controller(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """A limited `parallelism` and an exit handler that is a DAG with several first tasks stop the whole controller.

    When the limit is reached as the handler starts its tasks, the controller exits, and does so again after each
    restart: no workflow in the cluster goes on. Argo 3.7 and 4.1 do so. Make the handler a steps template, or chain
    its tasks.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: after
          parallelism: 1  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: after
              dag:
                tasks:
                  - {name: notify, template: tell}
                  - {name: record, template: tell}
            - name: tell
              container: {image: "alpine:3.20", command: [tell]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: after
          parallelism: 1
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: after
              steps:
                - - {name: notify, template: tell}
                  - {name: record, template: tell}
            - name: tell
              container: {image: "alpine:3.20", command: [tell]}
    """
    if not spec.parallelism:
        return
    for one in workflow_handlers(context):
        dag = one.template.dag
        if dag is not None and _starts_together(dag) > spec.parallelism:
            yield Problem(
                f"parallelism {spec.parallelism} is reached when the exit handler {one.template.name!r} starts its "
                f"{_starts_together(dag)} first tasks, which stops the controller",
                (*context.spec_address, "parallelism"),
                "make the handler a steps template, or let each task depend on the one before",
            )
            return


@rule(Severity.WARNING, over=tables.hooks)
def workflow_hook_under_parallelism(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """A hook of a workflow with limited `parallelism` can turn the workflow to Error.

    If the hook falls due while the limit is reached, the workflow ends in Error with "Max parallelism reached",
    though all its steps succeed. Put the hook on a step, or limit the parallelism of the template.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          parallelism: 1
          hooks:
            trouble:  # here
              template: tell
              expression: workflow.status != "Succeeded"
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
            trouble:
              template: tell
              expression: workflow.status != "Succeeded"
          templates:
            - name: main
              parallelism: 1
              steps:
                - - {name: build, template: build}
            - name: build
              container: {image: "alpine:3.20", command: [make]}
            - name: tell
              container: {image: "alpine:3.20", command: [tell]}
    """
    if hook.level == "workflow" and not hook.is_exit and context.spec.parallelism:
        yield Problem(
            f"the hook {hook.name!r} ends the workflow in Error if it falls due while parallelism is reached",
            hook.address,
            "limit the parallelism of the template instead",
            part="key",
        )


@rule(Severity.ERROR, over=tables.hooks)
def daemon_exit_hook_never_runs(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """The exit hook of a step or task that is a daemon never runs.

    A daemon does not end: it is stopped when its steps or DAG do, and Argo does not run its hook then. Put the
    clean-up into a step of its own, or into the exit handler of the workflow.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: test-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: database
                    template: database
                    hooks:
                      exit: {template: save}  # here
                - - {name: test, template: test}
            - name: database
              daemon: true
              container: {image: "postgres:16", command: [postgres]}
            - name: test
              container: {image: "alpine:3.20", command: [test]}
            - name: save
              container: {image: "alpine:3.20", command: [save]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: test-}
        spec:
          entrypoint: main
          onExit: save
          templates:
            - name: main
              steps:
                - - {name: database, template: database}
                - - {name: test, template: test}
            - name: database
              daemon: true
              container: {image: "postgres:16", command: [postgres]}
            - name: test
              container: {image: "alpine:3.20", command: [test]}
            - name: save
              container: {image: "alpine:3.20", command: [save]}
    """
    if not hook.is_exit or hook.holder is None:
        return
    target = context.resolve(hook.holder.call)
    if target is not None and target != "undefined" and target.template.daemon:
        yield Problem(
            f"the exit hook of {hook.holder.name!r} never runs, as {target.template.name!r} is a daemon",
            hook.address,
            "put it into a step of its own, or into the workflow's exit handler",
            part="value" if hook.is_on_exit else "key",
        )


@rule(Severity.WARNING, over=tables.specs)
def workflow_suspended(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """A workflow is submitted suspended: it can't even be stopped before somebody resumes it.

    `argo stop` and `argo terminate` do nothing to a workflow that has `suspend: true`. To wait for an approval, let
    the first step be a suspend template.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          suspend: true  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - {name: approve, template: approve}
                - - {name: build, template: build}
            - name: approve
              suspend: {}
            - name: build
              container: {image: "alpine:3.20", command: [make]}
    """
    for key, why in (("suspend", "it starts suspended, and can't be stopped before somebody resumes it"),
                     ("shutdown", "it is shut down before it starts")):  # fmt: skip
        address = (*context.spec_address, key)
        if at(context.manifest.data, address):
            yield Problem(why, address, "take it out", fix=Fix("take it out", (Edit("delete", address),), safe=False))


@rule(Severity.ERROR, over=tables.templates)
def steps_empty(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """A steps template has no steps.

    Argo's linter passes it; at run time the node ends in Error. If it is the entrypoint, the workflow's exit handler
    never runs.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps: []  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - {name: build, template: build}
            - name: build
              container: {image: "alpine:3.20", command: [make]}
    """
    if one.kind == "steps" and not one.template.steps:
        yield Problem(f"{one.name!r} has no steps{aftermath(one, context)}", one.at("steps"))


@rule(Severity.WARNING, over=tables.templates)
def memoize_key_constant(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """The key of a memoized template is the same for all inputs: it gets the outputs of another run.

    Everything that the outputs depend on belongs into the key.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: target, value: all}]}
          templates:
            - name: main
              inputs: {parameters: [{name: target}]}
              memoize:
                key: build  # here
                cache: {configMap: {name: builds}}
              container: {image: "alpine:3.20", command: [make, "{{inputs.parameters.target}}"]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: target, value: all}]}
          templates:
            - name: main
              inputs: {parameters: [{name: target}]}
              memoize:
                key: "build-{{inputs.parameters.target}}"
                cache: {configMap: {name: builds}}
              container: {image: "alpine:3.20", command: [make, "{{inputs.parameters.target}}"]}
    """
    memoize = one.template.memoize
    if memoize is not None and "{{" not in memoize.key and one.template.inputs.parameters:
        yield Problem(
            f"the key {memoize.key!r} is the same for all inputs of {one.name!r}",
            one.at("memoize", "key"),
            "put what the outputs depend on into the key: {{inputs.parameters...}}",
        )


@rule(Severity.WARNING, over=tables.calls)
def skipped_output_used(one: tables.CallAt, context: Context) -> Iterator[Problem]:
    """A step uses an output of a step that may be skipped, and has nothing to use instead.

    Where the `when` of the other step is false, its `outputs.result` never comes and the workflow hangs, Running for
    ever; an output parameter ends in an error. (Until Argo 3.7 the container got the tag as text.) Give the parameter
    a default in `valueFrom.default`, write `{{=steps.a.outputs.result ?? "none"}}`, or give both steps the same
    condition.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: tag, value: "no"}]}
          templates:
            - name: main
              steps:
                - - {name: version, template: version, when: "{{workflow.parameters.tag}} == yes"}
                - - name: build
                    template: build
                    arguments:
                      parameters:
                        - name: version
                          value: "{{steps.version.outputs.result}}"  # here
            - name: version
              script: {image: "alpine:3.20", command: [sh], source: cat VERSION}
            - name: build
              inputs: {parameters: [{name: version}]}
              container: {image: "alpine:3.20", command: [make, "{{inputs.parameters.version}}"]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: tag, value: "no"}]}
          templates:
            - name: main
              steps:
                - - {name: version, template: version, when: "{{workflow.parameters.tag}} == yes"}
                - - name: build
                    template: build
                    arguments:
                      parameters:
                        - name: version
                          value: "{{=steps.version.outputs.result ?? 'none'}}"
            - name: version
              script: {image: "alpine:3.20", command: [sh], source: cat VERSION}
            - name: build
              inputs: {parameters: [{name: version}]}
              container: {image: "alpine:3.20", command: [make, "{{inputs.parameters.version}}"]}
    """
    if one.call.when:
        return  # that may say that the other must have run
    for n, parameter in enumerate(one.call.arguments.parameters):
        if parameter.value is None or "{{" not in str(parameter.value):
            continue
        for found in _output().finditer(str(parameter.value)):
            other = _sibling(one, found[2], context)
            if other is None or not other.when or _input_has_default(one, parameter.name, context):
                continue
            if not _runs_after_skip(getattr(one.call, "depends", ""), found[2]):
                continue
            if found[4] and _has_default(other, found[4], context):
                continue
            yield Problem(
                f"{found[2]!r} may be skipped, and {one.name!r} has nothing to use instead of its output",
                one.at("arguments", "parameters", n, "value"),
                "write {{=... ?? 'something'}}, give the output a default, or give both the same condition",
                chars=found.span(),
            )


def _runs_after_skip(depends: str, name: str) -> bool:
    """Whether a `depends` lets its task run when the named one was skipped, and all others succeeded."""
    if not depends:
        return True
    from argosy.language.depends import evaluate, expand, results

    try:
        dependencies, logic = expand({"depends": depends}, {})
        states = {one: "Skipped" if one == name else "Succeeded" for one in dependencies}
        return evaluate(logic, {one: results(state) for one, state in states.items()})
    except LanguageError:
        return False


@cache
def _output() -> re.Pattern[str]:
    return re.compile(r"{{\s*(steps|tasks)\.([\w-]+)\.outputs\.(result|parameters\.([\w-]+))\s*}}")


@table
def _named(context: Context) -> Iterator[dict[tuple[int, str], model.WorkflowStep | model.DAGTask]]:
    """Give one map: the step or task of a name in a template (``id``), the first of that name."""
    yield {(id(one.inside.template), one.name): one.call for one in reversed(tables.calls(context))}


def _sibling(one: tables.CallAt, name: str, context: Context) -> model.WorkflowStep | model.DAGTask | None:
    return _named(context)[0].get((id(one.inside.template), name))


def _input_has_default(one: tables.CallAt, name: str, context: Context) -> bool:
    target = context.resolve(one.call)
    if target is None or target == "undefined":
        return True  # can't know
    return any(taken.name == name and taken.default is not None for taken in target.template.inputs.parameters)


def _has_default(call: model.WorkflowStep | model.DAGTask, name: str, context: Context) -> bool:
    target = context.resolve(call)
    if target is None or target == "undefined":
        return True  # can't know
    for parameter in target.template.outputs.parameters:
        if parameter.name == name:
            source = parameter.value_from
            return parameter.default is not None or (source is not None and source.default is not None)
    return False
