"""A template with its arguments put in, as Argo's linter puts them in before it looks at the template.

Source: Argo v4.1 ``workflow/common/util.go`` (``ProcessArgs``, ``SubstituteParams``), ``util/template/replace.go``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import msgspec
from msgspec import Struct, field

from argosy import model
from argosy.errors import LanguageError
from argosy.language.gotext import escape, trim_space
from argosy.later import regex
from argosy.model.artifact import Artifact
from argosy.model.parameter import Arguments, Parameter, ValueFrom
from argosy.scope.facts import has_location_or_key, kind_of
from argosy.scope.go_json import go_json
from argosy.variables import POD_KINDS
from argosy.versions import ArgoVersion

encode = msgspec.json.Encoder(enc_hook=str).encode
"""Writes a struct as JSON, its fields in Go's order."""
_TAG = regex(r"{{([^{}]*)}}")
_BARE_QUOTE = regex(r'(?<!\\)(?:\\\\)*"')
_RETRY = ("retries", "lastRetry.exitCode", "lastRetry.status", "lastRetry.duration", "lastRetry.message")


class Placeholders(Struct, eq=False):
    """Makes the texts that Argo's linter puts for values that only running tells; each is different."""

    version: ArgoVersion
    prefix: str = ""
    """How they begin."""
    count: int = 0

    def __post_init__(self) -> None:
        self.prefix = "placeholder-" if self.version < ArgoVersion.V3_7 else "__argo__internal__placeholder-"

    def next(self) -> str:
        """Give a new one."""
        self.count += 1
        return f"{self.prefix}{self.count}"


class Filled(Struct, eq=False):
    """What came of filling in a template."""

    template: model.Template
    missing_parameters: list[str] = field(default_factory=list)
    """Input parameters that got no value: Argo refuses the call."""
    missing_artifacts: list[str] = field(default_factory=list)
    error: str | None = None
    """Why nothing could be put in: then ``template`` is as it was."""
    unclosed: bool = False
    """A tag of the template is never closed; ``template`` is as it was."""
    has_tags: bool = True
    """Whether ``template`` may have tags."""


def missing_inputs(template: model.Template, given: Arguments) -> tuple[list[str], list[str]]:
    """Give the input parameters and artifacts of a template that a call leaves without a value."""
    inputs = template.inputs
    parameters: list[str] = []
    if inputs.parameters:
        supplied = _first_by_name(given.parameters)
        for parameter in inputs.parameters:
            value, source = _value(parameter, supplied.get(parameter.name))
            if value is None and not (source and source.config_map_key_ref is not None):
                parameters.append(parameter.name)
    artifacts: list[str] = []
    if inputs.artifacts:
        names = {artifact.name for artifact in given.artifacts}
        artifacts = [
            artifact.name
            for artifact in inputs.artifacts
            if not artifact.optional and artifact.name not in names and not has_location_or_key(artifact)
        ]
    return parameters, artifacts


def _first_by_name(parameters: list[Parameter]) -> dict[str, Parameter]:
    return {parameter.name: parameter for parameter in reversed(parameters)}


def _value(parameter: Parameter, argument: Parameter | None) -> tuple[str | None, ValueFrom | None]:
    value, source = parameter.value, parameter.value_from
    if value is None and parameter.default is not None:
        value = parameter.default
    if argument is not None:
        value, source = (argument.value, None) if argument.value is not None else (None, argument.value_from)
    return value, source


def fill(
    template: model.Template, given: Arguments | None, shared: Mapping[str, str], placeholders: Placeholders
) -> Filled:
    """Put arguments (None: a placeholder for each) and the workflow's own values into a template."""
    out = Filled(template)
    if given is not None:
        out.missing_parameters, out.missing_artifacts = missing_inputs(template, given)
    values = _values(template, given, placeholders)
    if not _needs_filling(template, values):
        out.has_tags = False
        return out
    lenient = placeholders.version < ArgoVersion.V3_7  # it leaves an expression that it cannot parse as it is
    try:
        given_in = _with_inputs(template, given, values)
        text = text_of(given_in)
        names = {**shared, **_own(template, placeholders)}
        inputs = _inputs(given_in)
        if any("{{" in value for value in inputs.values()):
            text = substitute(text, names, lenient=lenient)
            inputs = _inputs(_decoded(text))
        names |= inputs
        text = substitute(text, names, lenient=lenient)
        if "{{" in text:
            text = substitute(text, names, lenient=lenient)  # what a value brought along
        out.template = _decoded(text)
        out.has_tags = "{{" in text
    except LanguageError as error:
        out.unclosed = "end tag" in error.message
        out.error = None if out.unclosed else error.message
    except msgspec.MsgspecError as error:
        out.error = f"a value put into the template breaks it ({error})"
    return out


def _decoded(text: str) -> model.Template:
    try:
        return _decoder().decode(text)
    except msgspec.ValidationError:
        return model.decode_as(msgspec.json.decode(text), model.Template)


@cache
def _decoder() -> msgspec.json.Decoder[model.Template]:
    return msgspec.json.Decoder(model.Template, dec_hook=lambda _, value: model.any_string(value))


def _values(
    template: model.Template, given: Arguments | None, placeholders: Placeholders
) -> list[tuple[str | None, ValueFrom | None]]:
    if given is None:
        return [(placeholders.next(), None) for _ in template.inputs.parameters]
    supplied = _first_by_name(given.parameters)
    return [_value(parameter, supplied.get(parameter.name)) for parameter in template.inputs.parameters]


def _needs_filling(template: model.Template, values: list[tuple[str | None, ValueFrom | None]]) -> bool:
    return any(value is not None and "{{" in value for value, _ in values) or b"{{" in encode(template)


def _with_inputs(
    template: model.Template, given: Arguments | None, values: list[tuple[str | None, ValueFrom | None]]
) -> model.Template:
    if not values and not template.inputs.artifacts:
        return template
    parameters = [
        msgspec.structs.replace(parameter, value=value, value_from=source)
        for parameter, (value, source) in zip(template.inputs.parameters, values, strict=True)
    ]
    artifacts = []
    for artifact in template.inputs.artifacts:
        found = (
            Artifact(name=artifact.name)
            if given is None
            else next((one for one in given.artifacts if one.name == artifact.name), None)
        )
        artifacts.append(
            artifact
            if found is None
            else msgspec.structs.replace(
                found, path=artifact.path, mode=artifact.mode, recurse_mode=artifact.recurse_mode
            )
        )
    inputs = msgspec.structs.replace(template.inputs, parameters=parameters, artifacts=artifacts)
    return msgspec.structs.replace(template, inputs=inputs)


def _own(template: model.Template, placeholders: Placeholders) -> dict[str, str]:
    own = {"pod.name": placeholders.next()} if kind_of(template) in POD_KINDS else {}
    if template.retry_strategy is not None:
        own |= {name: placeholders.next() for name in _RETRY}
    return own


def _inputs(template: model.Template) -> dict[str, str]:
    values: dict[str, str] = {
        f"inputs.parameters.{one.name}": one.value for one in template.inputs.parameters if one.value is not None
    }
    values["inputs.parameters"] = encode(template.inputs.parameters).decode() if values else "[]"
    values |= {f"inputs.artifacts.{one.name}.path": one.path for one in template.inputs.artifacts if one.path}
    values |= {f"outputs.artifacts.{one.name}.path": one.path for one in template.outputs.artifacts if one.path}
    for one in template.outputs.parameters:
        if one.value_from is not None and one.value_from.path:
            values[f"outputs.parameters.{one.name}.path"] = one.value_from.path
    return values


def text_of(struct: msgspec.Struct) -> str:
    """Give the JSON of a struct in which Argo looks for tags."""
    plain = encode(struct).decode()
    return go_json(struct) if "{{" in plain and _runs_on(plain) else plain


def _runs_on(text: str) -> bool:
    """Whether some tag does not end in the text value that it begins in."""
    for piece in text.split("{{")[1:]:
        tag = piece.partition("}}")[0]
        if '"' in tag and _BARE_QUOTE.search(tag):
            return True
    return False


def substitute(text: str, values: Mapping[str, str], *, lenient: bool = False) -> str:
    """Put values into the tags of a JSON text; tags without a value stay, and so do, if ``lenient``, bad expressions.

    Raises LanguageError for a tag that is never closed.
    """
    if "{{" not in text:
        return text
    if "{{=" in text or text.count("{{") != len(_TAG.findall(text)):
        from argosy.language import substitute as in_full

        try:
            return in_full(text, dict(values), allow_unresolved=True)
        except LanguageError as error:
            if "end tag" in error.message or not lenient:
                raise

    def value(tag: re.Match[str]) -> str:
        found = values.get(trim_space(tag[1]))
        return tag[0] if found is None else escape(found)

    return _TAG.sub(value, text)
