"""Values that YAML 1.1 reads as something else than what was written."""

from __future__ import annotations

from collections.abc import Iterator

from argosy import model
from argosy.lint import parts
from argosy.lint.context import Context, table
from argosy.lint.finding import Edit, Fix, Severity
from argosy.lint.rule import Problem, rule
from argosy.source import Address, Json


@table
def parameter_values(context: Context) -> Iterator[tuple[Json, Address]]:
    """Give the values, defaults and choices of all parameters that are not written as text."""
    for value, address in parts.lists(context):
        if address[-1] == "parameters":
            for n, parameter in enumerate(value):
                yield from _values(parameter, (*address, n))


def _values(parameter: Json, address: Address) -> Iterator[tuple[Json, Address]]:
    if not isinstance(parameter, dict):
        return
    found = [(parameter.get(key), (*address, key)) for key in ("value", "default")]
    choices = parameter.get("enum")
    if isinstance(choices, list):
        found += [(choice, (*address, "enum", n)) for n, choice in enumerate(choices)]
    for value, where in found:
        if isinstance(value, (bool, int, float)):
            yield value, where


def _written(context: Context, address: Address) -> str | None:
    """The text of a scalar as it stands in the file, or None where there is no file."""
    span, lines = context.manifest.origin.locate(address), context.manifest.origin.lines()
    if lines is None or not 0 < span.line <= len(lines) or span.end_line != span.line:
        return None
    return lines[span.line - 1][span.column - 1 : span.end_column - 1].strip()


@rule(Severity.WARNING, over=parameter_values)
def parameter_value_read_differently(one: tuple[Json, Address], context: Context) -> Iterator[Problem]:
    """A parameter gets another text than the one that is written, as YAML reads it as a number or a truth value first.

    Argo reads YAML 1.1: `yes`, `on` and `y` are true, `010` is eight, `1.10` is `1.1`, `1e3` is `1000`. Quote what is
    meant as text (`argosy lint --fix --unsafe-fixes` does so).

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: release-}
        spec:
          entrypoint: main
          arguments:
            parameters:
              - name: version
                value: 1.10  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [release, "{{workflow.parameters.version}}"]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: release-}
        spec:
          entrypoint: main
          arguments:
            parameters:
              - name: version
                value: "1.10"
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [release, "{{workflow.parameters.version}}"]}
    """
    value, address = one
    written = _written(context, address)
    read = model.any_string(value)
    if written and read is not None and not written.startswith(("*", "&", "!", '"', "'")) and written != str(read):
        yield Problem(
            f"what is written as {written} reaches the workflow as {str(read)!r}",
            address,
            f'quote it if the text is meant: "{written}"',
            fix=Fix(f'quote it: "{written}"', (Edit("set", address, written),), safe=False),
        )
