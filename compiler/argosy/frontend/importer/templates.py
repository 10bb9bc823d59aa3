"""One template as a decorated function: its signature from inputs and outputs, its body from what it runs."""

from __future__ import annotations

import re
import typing
from dataclasses import dataclass, field
from typing import Any

from argosy.frontend import options as opts
from argosy.frontend.importer.literals import block, literal, quoted, value
from argosy.frontend.importer.names import Names, camel_case
from argosy.source import Json

_CAMEL = re.compile(r"([A-Z]+)")
_BARE = ("steps", "dag", "workflow", "workflow_template", "cluster_workflow_template")
"""Decorators that need no brackets without options."""
_NOT_FIELDS = frozenset(
    {"annotations", "defaults", "environments", "extra", "hooks", "labels", "on_exit", "schedules", "templates", "when"}
)
"""Options that are not simply the field of Argo that is named like them."""
_LOCATIONS = ("s3", "http", "git", "gcs", "azure", "raw")


class NotSayableError(Exception):
    """The typed front-end has no words for this; it is kept as plain data."""


@dataclass(slots=True)
class Signature:
    """The arguments and results of a template, as Python."""

    arguments: dict[str, str] = field(default_factory=dict)
    """Python name of each input, by its name."""
    parameters: list[str] = field(default_factory=list)
    returns: str = "None"
    classes: list[str] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    """How to reach each output from the result: ``{"result": ""}``, ``{"parameters.x": ".x"}``."""
    scope: dict[str, str] = field(default_factory=dict)
    """The Python variable of each tag."""


@dataclass(slots=True)
class File:
    """What a file needs: imports from argosy, the standard library, and names."""

    names: Names
    argosy: set[str] = field(default_factory=set)
    typing: set[str] = field(default_factory=set)
    path: bool = False
    calls: dict[str, set[str]] = field(default_factory=dict)
    """Which templates the body of each template calls, by name."""
    prints: set[str] = field(default_factory=set)
    """The templates of the document of which what they print is used."""

    def use(self, *names: str) -> None:
        """Note names to import from argosy."""
        self.argosy.update(names)


def snake(name: str) -> str:
    """Give the option's name for a field of Argo.

    >>> snake("imagePullPolicy"), snake("podGC")
    ('image_pull_policy', 'pod_gc')
    """
    return _CAMEL.sub(lambda m: "_" + m[1].lower(), name).lstrip("_")


def decorator(name: str, options: dict[str, str]) -> str:
    """Give a decorator with its options, over several lines if need be."""
    if not options:
        return f"@{name}" if name in _BARE else f"@{name}()"
    line = f"@{name}({', '.join(f'{k}={v}' for k, v in options.items())})"
    if len(line) <= 110 and "\n" not in line:
        return line
    return f"@{name}(\n" + "".join(f"    {k}={v},\n" for k, v in options.items()) + ")"


def split_options(fields: dict[str, Json], known: type, container: bool) -> tuple[dict[str, str], dict[str, Json]]:
    """Give the fields that have an option, as options, and the rest."""
    names = typing.get_type_hints(known)
    options: dict[str, str] = {}
    rest: dict[str, Json] = {}
    special = {"securityContext": "security_context" if container else "pod_security_context", "retryStrategy": "retry"}
    for key, given in fields.items():
        option = special.get(key) or snake(key)
        belongs = (option in opts.CONTAINER_FIELDS) is container
        says = option in names and option not in _NOT_FIELDS and opts.camel(option) == key
        if says and belongs and given is not None:
            options[option] = literal(given, 4)
        else:
            rest[key] = given
    return options, rest


def metadata_options(template: dict[str, Json]) -> dict[str, str]:
    """Give the options for a template's metadata. Raises NotSayableError for more than labels and annotations."""
    found = template.pop("metadata", None) or {}
    if set(found) - {"labels", "annotations"}:
        raise NotSayableError("its metadata has more than labels and annotations")
    return {key: literal(found[key], 4) for key in ("labels", "annotations") if found.get(key)}


def read_signature(template: dict[str, Json], file: File, style: str) -> Signature:
    """Read inputs and outputs, and take them out of the template.

    ``style`` says where output values come from: ``pod``, ``resource``, ``supplied`` or ``flow``.
    """
    made = Signature()
    inputs = template.pop("inputs", None) or {}
    if set(inputs) - {"parameters", "artifacts"}:
        raise NotSayableError("its inputs have unknown fields")
    names = Names()
    required: list[str] = []
    optional: list[str] = []
    for one in inputs.get("parameters") or []:
        written, default = _input(one, made, names, file)
        (optional if default else required).append(written)
    for one in inputs.get("artifacts") or []:
        written, default = _artifact_input(one, made, names, file, pod=style != "flow")
        (optional if default else required).append(written)
    made.parameters = required + optional
    _read_outputs(template, made, file, style)
    if template.get("name") in file.prints and made.returns == "None":
        made.returns, made.outputs = "str", {"result": ""}
    return made


def _input(one: dict[str, Json], made: Signature, names: Names, file: File) -> tuple[str, bool]:
    rest = dict(one)
    name = rest.pop("name")
    default = rest.pop("value", None)
    other = rest.pop("default", None)
    default = other if default is None else default
    if isinstance(default, (dict, list)):
        raise NotSayableError(f"the default of {name} is no text")
    python = names.new(name)
    made.arguments[name] = python
    made.scope[f"inputs.parameters.{name}"] = python
    details = {"name": quoted(name)} if python != name else {}
    for key in ("description", "enum"):
        if rest.get(key):
            details[key] = literal(rest.pop(key), 4)
    if rest:
        details["extra"] = literal(rest, 4)
    hint = _annotated("str", "Parameter", details, file)
    if default is None:
        return f"{python}: {hint}", False
    from argosy.frontend.hints import encode

    return f"{python}: {hint} = {quoted(encode(default))}", True


def _artifact_input(one: dict[str, Json], made: Signature, names: Names, file: File, *, pod: bool) -> tuple[str, bool]:
    rest = dict(one)
    name = rest.pop("name")
    python = names.new(name)
    made.arguments[name] = python
    made.scope[f"inputs.artifacts.{name}"] = python
    file.path = True
    details = {"name": quoted(name)} if python != name else {}
    if pod and "path" not in rest:
        raise NotSayableError(f"the artifact {name} has no path")
    path = {"path": literal(rest.pop("path"))} if "path" in rest else {}
    details.update({**path, **_artifact_details(rest)})
    if set(details) - {"name", "path", "archive"}:
        file.use("artifact")
        extra = {k: v for k, v in details.items() if k != "extra"}
        words = [f"{k}={v}" for k, v in extra.items()] + ([f"**{details['extra']}"] if "extra" in details else [])
        return f"{python}: Path = artifact({', '.join(words)})", True
    return f"{python}: {_annotated('Path', 'Artifact', details, file)}", False


def _artifact_details(rest: dict[str, Json]) -> dict[str, str]:
    details: dict[str, str] = {}
    for key, option in {"path": "path", "archive": "archive", "globalName": "global_name"}.items():
        if key in rest:
            details[option] = literal(rest.pop(key), 4)
    if rest.get("optional") is True:
        details["optional"] = repr(rest.pop("optional"))
    details.update({key: literal(rest.pop(key), 4) for key in _LOCATIONS if rest.get(key) is not None})
    if rest:
        details["extra"] = literal(rest, 4)
    return details


def _annotated(hint: str, of: str, details: dict[str, str], file: File) -> str:
    if not details:
        return hint
    file.typing.add("Annotated")
    file.use(of)
    return f"Annotated[{hint}, {of}({', '.join(f'{k}={v}' for k, v in details.items())})]"


def _read_outputs(template: dict[str, Json], made: Signature, file: File, style: str) -> None:
    outputs = template.get("outputs") or {}
    if style == "flow":
        return
    template.pop("outputs", None)
    if set(outputs) - {"parameters", "artifacts"}:
        raise NotSayableError("its outputs have unknown fields")
    hints: list[tuple[str, str]] = []
    names = Names({"count", "index"})
    for one in outputs.get("parameters") or []:
        hints.append(_output(one, made, names, file, style))
    for one in outputs.get("artifacts") or []:
        rest = dict(one)
        name = rest.pop("name")
        python = names.new(name)
        details = {"name": quoted(name), **_artifact_details(rest)}
        file.path = True
        hints.append((python, _annotated("Path", "Artifact", details, file)))
        made.outputs[f"artifacts.{name}"] = f".{python}"
    if len(hints) == 1:
        made.returns = hints[0][1]
        made.outputs = dict.fromkeys(made.outputs, "")
    elif hints:
        _class(str(template["name"]), hints, made, file)


def _output(one: dict[str, Json], made: Signature, names: Names, file: File, style: str) -> tuple[str, str]:
    rest = dict(one)
    name = rest.pop("name")
    source = dict(rest.pop("valueFrom", None) or {})
    python = names.new(name)
    details: dict[str, str] = {"name": quoted(name)}
    keys = {"pod": ("path",), "resource": ("jsonPath", "jqFilter"), "supplied": ("supplied",)}[style]
    found = [k for k in keys if k in source]
    if len(found) != 1:
        raise NotSayableError(f"where the output {name} comes from")
    where = source.pop(found[0])
    if found[0] != "supplied":
        details[{"path": "path", "jsonPath": "json_path", "jqFilter": "jq"}[found[0]]] = literal(where)
    if isinstance(source.get("default"), str):
        details["default"] = quoted(source.pop("default"))
    if source:
        raise NotSayableError(f"where the output {name} comes from")
    for key, option in {"globalName": "global_name", "description": "description", "enum": "enum"}.items():
        if rest.get(key):
            details[option] = literal(rest.pop(key), 4)
    if rest:
        details["extra"] = literal(rest, 4)
    made.outputs[f"parameters.{name}"] = f".{python}"
    return python, _annotated("str", "Parameter", details, file)


def returns(outputs: dict[str, Json], scope: dict[str, str], made: Signature, owner: str, file: File) -> str | None:
    """Give what a steps or DAG template returns, and put its type into the signature; None if that cannot be said."""
    found: list[tuple[str, str, str]] = []
    for kind, key, hint, of in (
        ("parameters", "valueFrom", "str", "Parameter"),
        ("artifacts", "from", "Path", "Artifact"),
    ):
        for one in outputs.get(kind) or []:
            source = one.get(key)
            tag = source.get("parameter") if key == "valueFrom" and isinstance(source, dict) else source
            python = scope.get(tag[2:-2].strip()) if isinstance(tag, str) and tag.count("{{") == 1 else None
            if isinstance(source, dict) and isinstance(source.get("expression"), str):
                file.use("expr")
                python = f"expr({quoted(source['expression'])})"
            if set(one) != {"name", key} or python is None or (isinstance(source, dict) and len(source) != 1):
                return None
            found.append((one["name"], _annotated(hint, of, {"name": quoted(one["name"])}, file), python))
            file.path = file.path or hint == "Path"
    if set(outputs) - {"parameters", "artifacts"} or not found:
        return None
    if len(found) == 1:
        made.returns = found[0][1] if found[0][0] != "result" else "str"
        return found[0][2]
    names = Names({"count", "index"})
    fields = [(names.new(name), hint) for name, hint, _ in found]
    return _class(owner, fields, made, file) + f"({', '.join(python for _, _, python in found)})"


def _class(owner: str, fields: list[tuple[str, str]], made: Signature, file: File) -> str:
    """Give the name of a NamedTuple for several outputs, which stands above the function."""
    file.typing.add("NamedTuple")
    made.returns = file.names.new(camel_case(owner) + "Outputs")
    made.classes.append(f"class {made.returns}(NamedTuple):\n" + "".join(f"    {n}: {h}\n" for n, h in fields))
    return made.returns


def flow_outputs(template: dict[str, Json]) -> dict[str, str]:
    """Say how callers reach the outputs of a steps or DAG template, provided that its body can return them."""
    outputs = template.get("outputs") or {}
    keys = [f"{kind}.{one['name']}" for kind in ("parameters", "artifacts") for one in outputs.get(kind) or []]
    names = Names({"count", "index"})
    if len(keys) == 1:
        return {keys[0]: ""}
    return {key: f".{names.new(key.partition('.')[2])}" for key in keys}


def function(name: str, signature: Signature, head: str, body: str, doc: str = "") -> str:
    """Give a decorated function."""
    inside = ", ".join(signature.parameters)
    line = f"def {name}({inside}) -> {signature.returns}:"
    if len(line) > 110 and signature.parameters:
        line = f"def {name}(\n" + "".join(f"    {p},\n" for p in signature.parameters) + f") -> {signature.returns}:"
    classes = "".join(f"{c}\n\n" for c in signature.classes)
    if body == "    ..." and not doc:
        return f"{classes}{head}\n{line} ...\n"
    return f"{classes}{head}\n{line}\n{doc}{body}\n"


def container_body(container: dict[str, Json], signature: Signature, file: File) -> str:
    """Give the body that says a container's command, and take that out of the container."""
    command, args = container.get("command"), container.get("args")
    returned = "return " if signature.returns != "None" else ""
    if isinstance(command, list) and len(command) == 2 and command[1] == "-c" and _texts(args) and len(args or []) == 1:
        del container["command"], container["args"]
        file.use("sh")
        shell = "" if command[0] == "sh" else f", shell={quoted(command[0])}"
        text = str((args or [""])[0])
        shown = block(text.rstrip("\n")) if "\n" in text else value(text, signature.scope)
        return f"    {returned}sh({shown}{shell})"
    if _texts(command) and len(command or []) == 1 and _texts(args):
        del container["command"]
        container.pop("args", None)
        file.use("command")
        return f"    {returned}command({_words([*(command or []), *(args or [])], signature)})"
    if _texts(args) and args:
        del container["args"]
        file.use("arguments")
        return f"    {returned}arguments({_words(args, signature)})"
    if "args" in container:
        raise NotSayableError("its arguments are no texts")
    if not returned:
        return "    ..."
    file.use("supplied")
    return "    return supplied()"


def _texts(words: Any) -> bool:
    return words is None or (isinstance(words, list) and all(isinstance(w, str) for w in words))


def _words(words: list[str], signature: Signature) -> str:
    return ", ".join(value(w, signature.scope) for w in words)
