"""Tags that Argo leaves as they are, or cannot evaluate: misspelt names, broken expressions, failures read wrongly."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from argosy import variables
from argosy.errors import LanguageError
from argosy.language.tags import Tag
from argosy.later import regex
from argosy.lint import parts
from argosy.lint.context import Context, table
from argosy.lint.finding import Edit, Fix, Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.taint import tags_of
from argosy.source import Address


class TagAt(Struct, frozen=True, eq=False):
    """A tag of the document, in the text that has it."""

    tag: Tag
    text: str
    address: Address


@table
def tags(context: Context) -> Iterator[TagAt]:
    """Give every tag of the spec."""
    for text, address in parts.with_tags(context):
        for tag in tags_of(text):
            yield TagAt(tag, text, address)


@rule(Severity.ERROR, over=tags)
def expression_tag_invalid(one: TagAt, context: Context) -> Iterator[Problem]:
    """An expression in `{{=...}}` cannot be read.

    Argo's linter never looks into expressions. At run time the node ends in Error or Failed; in the arguments of the
    entrypoint, the workflow's exit handler never runs. The tag ends at the first `}}`: write `} }` where maps are
    nested.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: jobs, value: "4"}]}
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [make, "{{=asInt(workflow.parameters.jobs) *}}"]  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: jobs, value: "4"}]}
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [make, "{{=asInt(workflow.parameters.jobs) * 2}}"]
    """
    if not one.tag.is_expression:
        return
    from argosy.language.expr import parse

    try:
        parse(one.tag.expression)
    except LanguageError as error:
        start = min(one.tag.expression_start + error.position, one.tag.end - 2)
        cut = one.text[one.tag.end : one.tag.end + 1] == "}"
        yield Problem(
            f"the expression cannot be read: {error.message.splitlines()[0]}",
            one.address,
            "the tag ends at the first }}: put a blank between braces" if cut else error.hint,
            chars=(start, min(start + 1, one.tag.end)),
        )


@rule(Severity.WARNING, over=tags)
def expression_tag_with_blank(one: TagAt, context: Context) -> Iterator[Problem]:
    """A tag has a blank before its `=`: it is no expression then, and stays as it is.

    Bad things that look right: `{{ =x}}` reaches the container as text. Write `{{=x}}` or `{{= x }}`.

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
                command: [make, "{{ =workflow.name}}"]  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [make, "{{=workflow.name}}"]
    """
    if not one.tag.is_expression and one.tag.name.startswith("="):
        fixed = one.text[: one.tag.start] + "{{" + one.tag.name + "}}" + one.text[one.tag.end :]
        yield Problem(
            "this is no expression, as a blank stands before its =",
            one.address,
            "take the blank away",
            chars=(one.tag.start, one.tag.end),
            fix=Fix("take the blank away", (Edit("set", one.address, fixed),), safe=False),
        )


_ESCAPED = regex(r"{{-?\s*[\"`']{{[\"`']\s*-?}}")
"""How a chart writes two braces that Helm is to leave."""
_HELM = regex(r"\s*[-]?\s*(\.Values|\.Release|\.Chart|include |template |toYaml |if |range |end\b|\$)")


@rule(Severity.WARNING, over=tags)
def variable_misspelt(one: TagAt, context: Context) -> Iterator[Problem]:
    """A tag names a variable that is almost one of Argo's.

    Argo's linter looks only at tags that begin like one of its variables, so a misspelt beginning passes, and the tag
    reaches the container as text.

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
                command: [make, "{{worfklow.name}}"]  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [make, "{{workflow.name}}"]
    """
    name = one.tag.name
    if one.tag.is_expression or one.tag.inner or not re.fullmatch(r"[A-Za-z][\w-]*(\.[\w-]+)+", name):
        return
    if name.startswith(variables.CHECKED_PREFIXES) or variables.find(name) is not None:
        return  # Argo looks at those itself
    near = variables.nearest(name)
    if near is not None:
        fixed = one.text[: one.tag.start] + "{{" + near + "}}" + one.text[one.tag.end :]
        yield Problem(
            f"{{{{{name}}}}} stays as it is: there is no such variable",
            one.address,
            f"did you mean {{{{{near}}}}}?",
            chars=(one.tag.start, one.tag.end),
            fix=Fix(f"write {{{{{near}}}}}", (Edit("set", one.address, fixed),), safe=False),
        )


@rule(Severity.WARNING, over=tags)
def helm_left_over(one: TagAt, context: Context) -> Iterator[Problem]:
    """A tag is one of Helm's: the chart was not rendered, or the tag was escaped.

    Argo leaves it as it is. Lint what Helm makes of the chart: `helm template . | argosy lint -`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: "{{ .Values.image }}"  # here
                command: [make]

    Good:
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
    """
    if _HELM.match(one.tag.content) or _ESCAPED.match(one.text, one.tag.start):
        yield Problem(
            "this is a tag of Helm's, which Argo leaves as it is",
            one.address,
            "lint what Helm makes of the chart: helm template . | argosy lint -",
            chars=(one.tag.start, one.tag.end),
        )


@rule(Severity.ERROR, over=tags)
def failures_have_no_fields(one: TagAt, context: Context) -> Iterator[Problem]:
    """A tag reads a field of `workflow.failures`, which is one text.

    It is JSON in a JSON text: a list of failed nodes, encoded twice, and the text `"null"` when nothing failed. Pass
    the whole and decode it twice in the handler: `json.loads(json.loads(failures)) or []`.

    Bad:
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
                args: ["{{=workflow.failures[0].message}}"]  # here

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
    content = one.tag.expression if one.tag.is_expression else one.tag.name
    found = re.search(r"\bworkflow\.failures\s*(\.\w+|\[\s*\d+\s*\])", content)
    if found and one.tag.is_expression:
        yield Problem(
            "workflow.failures is one text, JSON encoded twice: it has no fields",
            one.address,
            "pass the whole, and decode it twice in the handler",
            chars=(one.tag.start, one.tag.end),
        )
