"""Variables that are visible while a template runs (v4.1 controller/scope.go, and the scope parts of operator.go)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from argosy.simulate.controller import artifacts, templates
from argosy.simulate.controller.arguments import ABSENT, replace
from argosy.simulate.controller.expressions import value as evaluate
from argosy.simulate.controller.layers import Layers
from argosy.simulate.controller.loops import go_value
from argosy.simulate.controller.nodes import children
from argosy.simulate.controller.operation import Refused
from argosy.simulate.controller.state import Node, Obj, State
from argosy.simulate.controller.values import escape_html, rfc3339
from argosy.source import Json


class Scope:
    """What a steps or DAG template can refer to (wfScope): text, None for what a skipped node lacks, artifacts."""

    __slots__ = ("skipped", "template", "texts", "things")

    def __init__(self, template: Obj | None = None) -> None:
        self.template = template
        self.texts: dict[str, str | None] = {}
        self.things: dict[str, Obj] = {}
        self.skipped: set[str] = set()
        inputs = (template or {}).get("inputs") or {}
        for parameter in inputs.get("parameters") or ():
            self.texts[f"inputs.parameters.{parameter['name']}"] = parameter.get("value") or ""
        for artifact in inputs.get("artifacts") or ():
            self.things[f"inputs.artifacts.{artifact['name']}"] = artifact

    def copy(self) -> Scope:
        """Give a scope of its own with the same variables."""
        other = Scope()
        other.template, other.skipped = self.template, set(self.skipped)
        other.texts, other.things = dict(self.texts), dict(self.things)
        return other

    @property
    def data(self) -> dict[str, Any]:
        """Give everything in it, artifacts too."""
        return {**self.texts, **self.things}

    def params(self, globals_: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        """Give what is text, or absent, over the global variables (getParametersAny)."""
        return Layers(self.texts, globals_) if globals_ else self.texts

    def set_outputs(self, prefix: str, outputs: Obj | None) -> None:
        """Add outputs under ``steps.x.`` or ``tasks.x.`` (addNodeOutputsToLocalScope)."""
        if not outputs:
            return
        if outputs.get("result") is not None:
            self.texts[f"{prefix}.outputs.result"] = outputs["result"]
        if outputs.get("exitCode") is not None:
            self.texts[f"{prefix}.exitCode"] = outputs["exitCode"]
        for parameter in outputs.get("parameters") or ():
            if parameter.get("value") is not None:
                self.texts[f"{prefix}.outputs.parameters.{parameter['name']}"] = parameter["value"]
        for artifact in outputs.get("artifacts") or ():
            self.things[f"{prefix}.outputs.artifacts.{artifact['name']}"] = artifact

    def set_workflow_outputs(self, outputs: Obj | None) -> None:
        """Add global outputs (addWorkflowOutputsToLocalScope)."""
        for parameter in (outputs or {}).get("parameters") or ():
            if parameter.get("value") is not None:
                self.texts[f"workflow.outputs.parameters.{parameter['name']}"] = parameter["value"]
        for artifact in (outputs or {}).get("artifacts") or ():
            self.things[f"workflow.outputs.artifacts.{artifact['name']}"] = artifact

    def set_absent(self, key: str) -> None:
        """Note that a skipped node would have made this."""
        self.texts[key] = None
        self.skipped.add(key)

    def mark_absent(self, arguments: Obj | None) -> Obj | None:
        """Give arguments with the sentinel for those that are nothing but a reference to what is absent."""
        if not self.skipped or not arguments or not arguments.get("parameters"):
            return arguments
        marked = [
            {**p, "value": ABSENT} if isinstance(p.get("value"), str) and self._is_absent(p["value"]) else p
            for p in arguments["parameters"]
        ]
        return {**arguments, "parameters": marked}

    def _is_absent(self, text: str) -> bool:
        if not (text.startswith("{{") and text.endswith("}}")):
            return False
        key = text[2:-2].strip()
        return "{{" not in key and "}}" not in key and key in self.skipped

    def lookup(self, reference: str) -> tuple[str, Any]:
        """Give the tag and value of ``{{name}}`` or ``{{=expression}}`` (template.ResolveVar). Raises Refused."""
        tag = reference.removeprefix("{{").removesuffix("}}").strip()
        if tag.startswith("="):
            try:
                value = evaluate(tag[1:], self.data)
            except Refused:
                raise Refused(f"Invalid expression: {json.dumps(tag[1:], ensure_ascii=False)}") from None
            if value is None:
                raise Refused(f"Unable to resolve: {json.dumps(tag, ensure_ascii=False)}")
            return tag, value
        if tag in self.things:
            return tag, self.things[tag]
        if tag not in self.texts:
            raise Refused(f"Unable to resolve: {json.dumps(tag, ensure_ascii=False)}")
        return tag, self.texts[tag]

    def artifact(self, artifact: Obj) -> Obj | None:
        """Give the artifact that another one refers to; None if it refers to none (resolveArtifact). Raises Refused."""
        source, expression = artifact.get("from"), artifact.get("fromExpression")
        if not source and not expression:
            return None
        if expression:
            value = evaluate(expression, self.data)
        else:
            _, value = self.lookup(str(source))
        if not isinstance(value, dict):
            raise Refused(f"Variable {{{{{_go_artifact(artifact)}}}}} is not an artifact")
        if not artifact.get("subPath"):
            return dict(value)
        path = replace(artifact["subPath"], self.params())
        try:
            return artifacts.append_to_key(value, path)
        except Refused:
            if value.get("optional"):
                return dict(value)
            raise


def _go_artifact(artifact: Obj) -> str:
    return f"{artifact.get('name', '')}"


def set_node(state: State, scope: Scope, prefix: str, node: Node) -> None:
    """Add a node to the scope under ``steps.x`` or ``tasks.x`` (buildLocalScope)."""
    last = last_attempt(state, node)
    node = last or node
    data = scope.texts
    data[f"{prefix}.id"] = node.id
    if node.started_at:
        data[f"{prefix}.startedAt"] = rfc3339(node.started_at)
    if node.finished_at:
        data[f"{prefix}.finishedAt"] = rfc3339(node.finished_at)
    if node.pod_ip:
        data[f"{prefix}.ip"] = node.pod_ip
    if node.phase:
        data[f"{prefix}.status"] = node.phase
    if node.host:
        data[f"{prefix}.hostNodeName"] = node.host
    scope.set_outputs(prefix, node.outputs)


def last_attempt(state: State, node: Node) -> Node | None:
    """Give the last attempt of a retry node that is no cache hit (possiblyGetRetryChildNode)."""
    if node.type != "Retry" or (node.memo and node.memo.get("hit")):
        return None
    return next((child for child in reversed(children(state, node)) if not child.hooked), None)


def set_skipped(
    state: State, base: templates.Base, scope: Scope, prefix: str, node: Node, holder: Obj, *, with_artifacts: bool
) -> None:
    """Add what a skipped or omitted node would have made (addSkippedNodeOutputsToScope)."""
    if node.outputs is not None or node.phase not in ("Skipped", "Omitted") or state.version < "4.1":
        return
    try:
        _, template = templates.resolve(state, base, holder)
    except Refused:
        return
    outputs = template.get("outputs") or {}
    for parameter in outputs.get("parameters") or ():
        key = f"{prefix}.outputs.parameters.{parameter['name']}"
        default = (parameter.get("valueFrom") or {}).get("default")
        if default is not None:
            scope.texts[key] = default
        else:
            scope.set_absent(key)
    if with_artifacts:
        for artifact in outputs.get("artifacts") or ():
            scope.things[f"{prefix}.outputs.artifacts.{artifact['name']}"] = {}
    if outputs.get("result") is not None:
        scope.set_absent(f"{prefix}.outputs.result")


def loop_index(node: Node) -> int:
    """Give the number of a loop's item from its node's name (parseLoopIndex)."""
    return int(node.name.rpartition("(")[2].partition(":")[0])


def set_aggregate(scope: Scope, prefix: str, items: Iterable[Node]) -> None:
    """Add the outputs of a loop's items as JSON lists (processAggregateNodeOutputs). Raises Refused."""
    nodes = sorted((n for n in items if not n.hooked and not n.retried), key=loop_index)
    parameters: list[dict[str, str]] = []
    values: dict[str, list[str]] = {}
    results: list[Any] = []
    for node in nodes:
        if node.outputs is None or node.phase != "Succeeded":
            continue
        given = {p["name"]: p.get("value") or "" for p in node.outputs.get("parameters") or ()}
        if given:
            parameters.append(given)
            for name, value in given.items():
                values.setdefault(name, []).append(value)
        if node.outputs.get("result") is not None:
            results.append(_raw(node.outputs["result"]))
    data = scope.texts
    data[f"{prefix}.outputs.result"] = "[" + ",".join(results) + "]"
    data[f"{prefix}.outputs.parameters"] = go_value([dict(sorted(p.items())) for p in parameters])
    for name, texts in values.items():
        data[f"{prefix}.outputs.parameters.{name}"] = _values(texts)


def _raw(text: str) -> str:
    """Give JSON text as Go marshals it raw: compact, and escaped. Raises Refused for what is no JSON."""
    try:
        json.loads(text, parse_constant=_no_constant)
    except ValueError:
        raise Refused(json_error(text)) from None
    return escape_html(_compact(text))


def _no_constant(name: str) -> Json:
    raise ValueError(name)


def _compact(text: str) -> str:
    """Take white space out of JSON text and leave all else (json.Compact)."""
    out: list[str] = []
    quoted = escaped = False
    for char in text:
        if quoted:
            out.append(char)
            quoted = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char not in " \t\r\n":
            out.append(char)
            quoted = char == '"'
    return "".join(out)


def _values(texts: list[str]) -> str:
    """aggregatedJSONValueList: as lists and objects if all are, else as texts."""
    parsed = []
    for text in texts:
        try:
            value = json.loads(text)
        except ValueError:
            break
        if not isinstance(value, (dict, list)):
            break
        parsed.append(value)
    else:
        return go_value(parsed)
    return go_value(texts)


def json_error(text: str) -> str:
    """Give the message of Go's encoding/json for a text that is no JSON value."""
    from argosy.simulate.controller.gojson import syntax_error

    return syntax_error(text) or "invalid JSON"
