"""What is defined and used by nothing, and arguments that nobody takes: most often a misspelt name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from argosy import model
from argosy.later import regex
from argosy.lint import parts, tables
from argosy.lint.context import Caller, Context, table
from argosy.lint.finding import Edit, Fix, Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.spelling import respelt
from argosy.lint.volumes import names_of
from argosy.source import Json, at


@table
def _named_templates(context: Context) -> Iterator[frozenset[str]]:
    """Give one set: the names of all templates that anything in the document calls."""
    names = {context.spec.entrypoint, context.spec.on_exit}
    for call in _callers(context):
        names.add(call.template)
        if call.template_ref is not None:
            names.add(call.template_ref.template)
    yield frozenset(names)


def _callers(context: Context) -> list[Caller]:
    calls: list[Caller] = [one.call for one in tables.calls(context)]
    return [*calls, *(one.hook for one in tables.hooks(context))]


@table
def _has_undefined(context: Context) -> Iterator[bool]:
    """Give one truth: whether a call names a template that is not there. Then that is what is to be said."""
    names = {one.name for one in context.spec.templates}
    yield any(one.template and one.template not in names for one in _callers(context)) or (
        context.spec.entrypoint not in names or bool(context.spec.on_exit and context.spec.on_exit not in names)
    )


@rule(Severity.WARNING, over=tables.templates)
def template_unused(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """A template of a workflow is called by nothing.

    It is a leftover, or the name of a call is misspelt. The templates of a WorkflowTemplate are there to be called from
    elsewhere, and are not looked at.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: clean-up  # here
              container: {image: "alpine:3.20", command: [make, clean]}

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
              container: {image: "alpine:3.20", command: [make, clean]}
    """
    if context.kind not in ("Workflow", "CronWorkflow") or not one.name or not context.spec.entrypoint:
        return
    called = _named_templates(context)[0]
    if _has_undefined(context)[0] or len({x.name for x in context.spec.templates}) < len(context.spec.templates):
        return
    if one.name not in called and not any("{{" in name for name in called):
        yield Problem(f"the template {one.name!r} is called by nothing", one.at("name"))


@rule(Severity.WARNING, over=tables.calls)
def argument_unknown(one: tables.CallAt, context: Context) -> Iterator[Problem]:
    """A step or task passes an argument that its template has no input for.

    Argo ignores it without a word. Often it is a misspelt name, and the input keeps its default.

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
                    arguments:
                      parameters:
                        - name: trget  # here
                          value: all
            - name: build
              inputs: {parameters: [{name: target, default: small}]}
              container: {image: "alpine:3.20", command: [make, "{{inputs.parameters.target}}"]}

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
                    arguments:
                      parameters:
                        - name: target
                          value: all
            - name: build
              inputs: {parameters: [{name: target, default: small}]}
              container: {image: "alpine:3.20", command: [make, "{{inputs.parameters.target}}"]}
    """
    target = context.resolve(one.call)
    if target is None or target == "undefined":
        return
    given_to, inputs = one.call.arguments, target.template.inputs
    lists = (
        ("parameters", [x.name for x in given_to.parameters], [x.name for x in inputs.parameters]),
        ("artifacts", [x.name for x in given_to.artifacts], [x.name for x in inputs.artifacts]),
    )
    for key, given, known in lists:
        for n, name in enumerate(given):
            if name and name not in known and "{{" not in name:
                called = target.template.name or "the inline template"
                address = one.at("arguments", key, n, "name")
                yield Problem(
                    f"{called!r} has no input {name!r}: the argument is ignored",
                    address,
                    context.did_you_mean(name, known),
                    fix=respelt(context, address, name, [other for other in known if other not in given]),
                )


def _texts_with(word: str, data: Json) -> list[str]:
    """Give the texts somewhere in some data that have a word."""
    found: list[str] = []
    todo = [data]
    while todo:
        value = todo.pop()
        if isinstance(value, str):
            if word in value:
                found.append(value)
        elif isinstance(value, dict):
            todo += value.values()
        elif isinstance(value, list):
            todo += value
    return found


def _mentions(texts: list[str], prefix: str, name: str) -> bool:
    """Whether a text names a member of ``prefix``: ``PREFIX.NAME`` or ``PREFIX['NAME']``."""
    plain = f"{prefix}.{name}}}"
    if any(plain in text for text in texts):
        return True
    name = re.escape(name)
    pattern = re.compile(rf"{re.escape(prefix)}(\.{name}(?![\w-])|\[['\"]{name}['\"]\])")
    return any(pattern.search(text) for text in texts)


_ANY_PARAMETER = regex(r"workflow\.parameters(?![\w.\[])|workflow\.parameters\.json|workflow\[")
_ANY_INPUT = regex(r"inputs\.parameters(?![\w.\[])|\binputs\[|\binputs\b(?!\.)")


@rule(Severity.INFO, over=tables.specs)
def workflow_parameter_unused(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """A parameter of the workflow is used by nothing.

    Whoever submits the workflow sets it, and nothing changes. Inputs of the entrypoint and of `onExit` that have the
    same name take it.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments:
            parameters:
              - name: target  # here
                value: all
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments:
            parameters:
              - name: target
                value: all
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make, "{{workflow.parameters.target}}"]}
    """
    if spec.workflow_template_ref is not None or any(one.call.template_ref for one in tables.calls(context)):
        return  # templates of other documents may use it
    if any(hook.hook.template_ref for hook in tables.hooks(context)) or tables.unknown_tags(context):
        return
    if not spec.arguments.parameters:
        return
    texts = [text for text in parts.texts(context) if "workflow" in text]
    if any(map(_ANY_PARAMETER.search, texts)):
        return
    taken = {
        parameter.name
        for template in spec.templates
        if template.name in _handlers(context) | {spec.entrypoint}
        for parameter in template.inputs.parameters
    }
    for n, parameter in enumerate(spec.arguments.parameters):
        name = parameter.name
        if name and name not in taken and not _mentions(texts, "workflow.parameters", name):
            address = (*context.spec_address, "arguments", "parameters", n, "name")
            yield Problem(f"the parameter {name!r} of the workflow is used by nothing", address)


def _handlers(context: Context) -> set[str]:
    return {hook.hook.template for hook in tables.hooks(context)}


@rule(Severity.INFO, over=tables.templates)
def input_unused(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """An input parameter of a template is used by nothing in it.

    Bad names hide behind it: a tag that meant the input and names something else.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              inputs:
                parameters:
                  - name: target  # here
                    value: all
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              inputs:
                parameters:
                  - name: target
                    value: all
              container: {image: "alpine:3.20", command: [make, "{{inputs.parameters.target}}"]}
    """
    parameters = one.template.inputs.parameters
    if not parameters or one.template.plugin is not None or one.kind is None:
        return
    data = at(context.manifest.data, one.address)
    if not isinstance(data, dict):
        return
    body = _texts_with("inputs", {key: value for key, value in data.items() if key != "inputs"})
    if any(map(_ANY_INPUT.search, body)):
        return
    texts = body + _texts_with("inputs", data.get("inputs"))
    for n, parameter in enumerate(parameters):
        name = parameter.name
        if name and not _mentions(texts, "inputs.parameters", name):
            yield Problem(
                f"the input {name!r} of {one.name or 'an inline template'!r} is used by nothing",
                one.at("inputs", "parameters", n, "name"),
            )


@rule(Severity.INFO, over=tables.specs)
def volume_unused(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """A volume of the workflow is mounted by nothing.

    A volume claim that nothing mounts is made, waited for and paid for all the same.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          volumes:
            - name: work  # here
              emptyDir: {}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          volumes:
            - name: work
              emptyDir: {}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make], volumeMounts: [{name: work, mountPath: /work}]}
    """
    if context.kind not in ("Workflow", "CronWorkflow") or spec.workflow_template_ref is not None:
        return
    if any(one.call.template_ref for one in tables.calls(context)) or spec.pod_spec_patch:
        return
    mounted = {name for one in tables.containers(context) for name in names_of(one.container.volume_mounts)}
    for template in spec.templates:
        if template.pod_spec_patch:
            return
        if template.container_set is not None:
            mounted.update(names_of(template.container_set.volume_mounts))
    named = {*names_of(spec.volumes), *names_of(spec.volume_claim_templates)}
    named.update(name for template in spec.templates for name in names_of(template.volumes))
    if not mounted <= named:
        return  # one of them is misspelt, and another rule says so
    for key, volumes in (("volumes", spec.volumes), ("volumeClaimTemplates", spec.volume_claim_templates)):
        for n, name in enumerate(names_of(volumes)):
            if name and name not in mounted:
                yield Problem(f"the volume {name!r} is mounted by nothing", (*context.spec_address, key, n))


@rule(Severity.WARNING, over=tables.documents)
def status_in_manifest(one: Context, context: Context) -> Iterator[Problem]:
    """A manifest has what the cluster writes: a `status`, a `uid`, a `resourceVersion`.

    It was copied from a running workflow. Submitting it fails, or starts a workflow that believes that it has run
    already.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
        status:  # here
          phase: Succeeded

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    if not context.is_argo:
        return
    for address in (("status",), ("metadata", "uid"), ("metadata", "resourceVersion")):
        if at(context.manifest.data, address):
            yield Problem(
                f"{address[-1]} is what the cluster writes",
                address,
                "take it out",
                part="key",
                fix=Fix("take it out", (Edit("delete", address),)),
            )
