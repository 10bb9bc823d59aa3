"""Bindings of events to workflows: expressions that the server cannot evaluate, and workflows that it cannot make."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from argosy import model
from argosy.errors import LanguageError
from argosy.lint.context import Context, table
from argosy.lint.finding import Edit, Fix, Severity
from argosy.lint.rule import Problem, rule
from argosy.source import Address

if TYPE_CHECKING:
    from argosy.language.expr.natures import Nature
    from argosy.language.expr.nodes import Node


class EventText(Struct, frozen=True):
    """An expression over an event."""

    text: str
    address: Address
    wants: str
    """What Argo needs of it: ``bool`` of a selector, ``string`` of a name or label, anything of an argument."""


@table
def _bindings(context: Context) -> Iterator[model.WorkflowEventBinding]:
    if context.kind == "WorkflowEventBinding":
        decoded = model.decode(context.manifest.data, "WorkflowEventBinding")
        assert isinstance(decoded, model.WorkflowEventBinding)
        yield decoded


@table
def event_texts(context: Context) -> Iterator[EventText]:
    """Give the expressions of a WorkflowEventBinding."""
    for one in _bindings(context):
        yield EventText(one.spec.event.selector, ("spec", "event", "selector"), "bool")
        submit = one.spec.submit
        if submit is None:
            continue
        at: Address = ("spec", "submit")
        metadata = submit.metadata
        for key, text in (("name", metadata.name), ("generateName", metadata.generate_name)):
            if text:
                yield EventText(text, (*at, "metadata", key), "string")
        for key, texts in (("labels", metadata.labels), ("annotations", metadata.annotations)):
            for name, text in texts.items():
                yield EventText(str(text), (*at, "metadata", key, name), "string")
        for n, parameter in enumerate(submit.arguments.parameters if submit.arguments is not None else []):
            if parameter.value_from is not None:
                where = (*at, "arguments", "parameters", n, "valueFrom", "event")
                yield EventText(parameter.value_from.event, where, "any")


def _environment() -> dict[str, Nature]:
    from argosy.language.expr import natures

    return {"namespace": natures.STRING, "discriminator": natures.STRING, "metadata": natures.MAP,
            "payload": natures.UNKNOWN}  # fmt: skip


@rule(Severity.ERROR, over=event_texts)
def event_expression_invalid(one: EventText, context: Context) -> Iterator[Problem]:
    """An expression of a WorkflowEventBinding cannot be evaluated: its events start nothing.

    Argo's linter looks at no WorkflowEventBinding, and the server only logs the error, for every event. There are
    `payload`, `metadata`, `discriminator` and `namespace`; the functions of Argo (`sprig`, `asInt`) only in the name,
    labels and annotations of what is submitted, which are expressions, too: a fixed text has quotes, `'"nightly"'`. A
    selector gives a truth value. Source: Argo v4.1 `server/event/dispatch/operation.go`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowEventBinding
        metadata: {name: build-on-push}
        spec:
          event:
            selector: payload.ref = "refs/heads/main"  # here
          submit:
            workflowTemplateRef: {name: build}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowEventBinding
        metadata: {name: build-on-push}
        spec:
          event:
            selector: payload.ref == "refs/heads/main"
          submit:
            workflowTemplateRef: {name: build}
    """
    from argosy.language.expr import parse
    from argosy.language.expr.check import check
    from argosy.language.expr.environment import with_functions
    from argosy.language.expr.natures import nature_of

    environment = _environment()
    if one.wants == "string":
        environment |= {name: nature_of(value) for name, value in with_functions({}).items()}
    try:
        tree = parse(one.text)
        found = check(tree, environment, one.text)[tree]
    except LanguageError as error:
        chars = (min(error.position, len(one.text) - 1), min(error.position + 1, len(one.text))) if one.text else None
        hint = "a fixed text needs quotes inside: '\"text\"'" if one.wants == "string" else error.hint
        message = f"the {_what(one)} cannot be evaluated: {error.message}"
        yield Problem(message, one.address if one.text else _there(one, context), hint, chars=chars)
        return
    if one.wants != "any" and found.kind not in (one.wants, "any", "unknown", "nil"):
        yield Problem(f"the {_what(one)} is a {found.kind}, where Argo needs a {one.wants}", one.address)


def _what(one: EventText) -> str:
    if one.wants == "bool":
        return "selector"
    return "expression of the argument" if one.wants == "any" else f"{one.address[-1]!r} of what is submitted"


def _there(one: EventText, context: Context) -> Address:
    """Give the nearest place that the document has."""
    from argosy.source import at

    address = one.address
    while address and at(context.manifest.data, address) is None:
        address = address[:-1]
    return address


@rule(Severity.WARNING, over=event_texts)
def event_header_never_matches(one: EventText, context: Context) -> Iterator[Problem]:
    """An expression asks for a header of the event in a way that is never true.

    `metadata` has headers whose names begin with `x-`, all in lower case, and each is a list:
    `metadata["x-github-event"] == ["push"]`. Other headers are left out, as they may hold secrets.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowEventBinding
        metadata: {name: build-on-push}
        spec:
          event:
            selector: metadata["X-GitHub-Event"] == ["push"]  # here
          submit:
            workflowTemplateRef: {name: build}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowEventBinding
        metadata: {name: build-on-push}
        spec:
          event:
            selector: metadata["x-github-event"] == ["push"]
          submit:
            workflowTemplateRef: {name: build}
    """
    if "metadata" not in one.text:
        return
    from argosy.language.expr import nodes as n
    from argosy.language.expr import parse

    try:
        tree = parse(one.text)
    except LanguageError:
        return
    for node in n.walk(tree):
        header = _header(node)
        if header is not None and (header != header.lower() or not header.startswith("x-")):
            why = "names begin with x-, in lower case"
            yield _header_problem(one, node, f"there is never a header {header!r} here: {why}", header)
        elif isinstance(node, n.Binary) and node.operator == "==":
            for left, right in ((node.left, node.right), (node.right, node.left)):
                if _header(left) is not None and isinstance(right, n.String):
                    message = f"a header is a list, and never equal to {right.value!r}"
                    yield Problem(message, one.address, f'write ["{right.value}"]', chars=(right.start, right.end))


def _header_problem(one: EventText, node: Node, message: str, header: str) -> Problem:
    right = header.lower()
    fix = None
    if right.startswith("x-") and one.text.count(header) == 1:
        fix = Fix(f"write {right}", (Edit("set", one.address, one.text.replace(header, right)),))
    hint = f"write {right!r}" if fix is not None else None
    return Problem(message, one.address, hint, chars=(node.start, node.end), fix=fix)


def _header(node: Node) -> str | None:
    """Give the header that a node stands for: ``metadata["x-event"]``."""
    from argosy.language.expr import nodes as n

    match node:
        case n.Member(object=n.Identifier(name="metadata"), property=n.String(value=name)):
            return name
        case _:
            return None


@rule(Severity.ERROR, over=_bindings)
def event_argument_missing(binding: model.WorkflowEventBinding, context: Context) -> Iterator[Problem]:
    """A WorkflowEventBinding does not make a workflow that can run: an argument has no expression, or is not given.

    Each argument needs a `valueFrom.event`; with a fixed `value` the server makes nothing, and only logs it. A
    parameter that the workflow template has without a value must be among the arguments. Argo's linter looks at no
    WorkflowEventBinding.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowEventBinding
        metadata: {name: build-on-push}
        spec:
          event:
            selector: payload.ref == "refs/heads/main"
          submit:
            workflowTemplateRef: {name: build}
            arguments:
              parameters:
                - name: branch  # here
                  value: main

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowEventBinding
        metadata: {name: build-on-push}
        spec:
          event:
            selector: payload.ref == "refs/heads/main"
          submit:
            workflowTemplateRef: {name: build}
            arguments:
              parameters:
                - name: branch
                  valueFrom: {event: '"main"'}
    """
    submit = binding.spec.submit
    if submit is None:
        return
    given = submit.arguments.parameters if submit.arguments is not None else []
    for n, parameter in enumerate(given):
        if parameter.value_from is None:
            where: Address = ("spec", "submit", "arguments", "parameters", n)
            hint = "write a fixed text as valueFrom: {event: '\"text\"'}"
            yield Problem(f"the argument {parameter.name!r} has no valueFrom.event", where, hint)
    reference = submit.workflow_template_ref
    target = context.workspace.referenced(reference.name, reference.cluster_scope, context.namespace)
    if target is None:
        return
    names = {parameter.name for parameter in given}
    for wanted in target.spec.arguments.parameters:
        if wanted.name not in names and wanted.value is None and wanted.default is None and wanted.value_from is None:
            where = ("spec", "submit", "workflowTemplateRef")
            yield Problem(f"{reference.name!r} needs a value for its parameter {wanted.name!r}", where)


@rule(Severity.WARNING, over=_bindings)
def event_template_misspelt(binding: model.WorkflowEventBinding, context: Context) -> Iterator[Problem]:
    """A WorkflowEventBinding submits a workflow template that is almost one of those given.

    If there is none of that name, the server makes no workflow, and only logs it.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowEventBinding
        metadata: {name: build-on-push}
        spec:
          event:
            selector: payload.ref == "refs/heads/main"
          submit:
            workflowTemplateRef: {name: biuld}  # here
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowTemplate
        metadata: {name: build}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowEventBinding
        metadata: {name: build-on-push}
        spec:
          event:
            selector: payload.ref == "refs/heads/main"
          submit:
            workflowTemplateRef: {name: build}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowTemplate
        metadata: {name: build}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    submit = binding.spec.submit
    if submit is None or not submit.workflow_template_ref.name:
        return
    reference = submit.workflow_template_ref
    if context.workspace.referenced(reference.name, reference.cluster_scope, context.namespace) is not None:
        return
    scope = "cluster" if reference.cluster_scope else "namespaced"
    known = [one.name for one in context.workspace.owners() if one.scope == scope]
    hint = context.did_you_mean(reference.name, known)
    if hint is not None:
        kind = "ClusterWorkflowTemplate" if reference.cluster_scope else "WorkflowTemplate"
        where = ("spec", "submit", "workflowTemplateRef", "name")
        yield Problem(f"the {kind} {reference.name!r} is not among the files given", where, hint)
