"""Each type of leaf template as a decorated function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from argosy.frontend import leaves
from argosy.frontend import options as opts
from argosy.frontend.importer.literals import block, literal, quoted, value
from argosy.frontend.importer.templates import (
    File,
    NotSayableError,
    Signature,
    container_body,
    decorator,
    function,
    metadata_options,
    read_signature,
    split_options,
)
from argosy.source import Json

Template = dict[str, Json]


def write_leaf(template: Template, python: str, file: File, handler: bool = False) -> str:
    """Write a leaf template. Raises NotSayableError where the front-end has no words for it."""
    field = next((key for key in WRITERS if key in template), None)
    if field is None:
        raise NotSayableError("its type has no decorator")
    return WRITERS[field](dict(template), python, file, handler)


def _finish(
    rest: Template, python: str, name: str, signature: Signature, decorated: str, known: type, options: dict[str, str],
    body: str, file: File,
) -> str:  # fmt: skip
    """Put a function together: what is left of the template becomes options, or ``extra``."""
    from argosy.frontend.importer.names import identifier

    rest = {k: v for k, v in rest.items() if k != "name"}
    more, left = split_options(rest, known, container=False)
    own = {"name": quoted(name)} if python.strip("_").replace("_", "-") != name or identifier(name) != python else {}
    extra = {"extra": literal(left, 4)} if left else {}
    file.use(decorated)
    return function(python, signature, decorator(decorated, {**own, **options, **more, **extra}), body)


def _with_exit(signature: Signature, handler: bool, file: File) -> Signature:
    if handler:
        file.use("Exit")
        signature.parameters.insert(0, "run: Exit")
    return signature


def _container(template: Template, python: str, file: File, handler: bool) -> str:
    name = str(template["name"])
    signature = _with_exit(read_signature(template, file, "pod"), handler, file)
    container = dict(template.pop("container"))
    labels = metadata_options(template)
    if not isinstance(container.get("image"), str):
        raise NotSayableError("its container has no image")
    image = container.pop("image")
    if container.pop("name", None) not in (None, "", "main"):
        raise NotSayableError("its container has a name")
    body = container_body(container, signature, file)
    options, left = split_options(container, opts.ContainerOptions, container=True)
    if left:
        raise NotSayableError(f"its container has {', '.join(left)}")
    options = {"image": quoted(image), **options, **labels}
    return _finish(template, python, name, signature, "container", opts.ContainerOptions, options, body, file)


def _script(template: Template, python: str, file: File, handler: bool) -> str:
    name = str(template["name"])
    signature = _with_exit(read_signature(template, file, "pod"), handler, file)
    script = dict(template.pop("script"))
    labels = metadata_options(template)
    if not isinstance(script.get("image"), str) or not isinstance(script.get("source"), str):
        raise NotSayableError("its script has no image or no source")
    image, source = script.pop("image"), script.pop("source")
    script.pop("name", None)
    options, left = split_options(script, opts.ContainerOptions, container=True)
    if left:
        raise NotSayableError(f"its script has {', '.join(left)}")
    file.use("code")
    returned = "return " if signature.returns != "None" else ""
    body = f"    {returned}code({block(source, chr(10))})"
    options = {"image": quoted(image), **options, **labels}
    return _finish(template, python, name, signature, "program", leaves.ProgramOptions, options, body, file)


def _simple(decorated: str, field: str, style: str, known: type, own: tuple[str, ...]) -> Callable[..., str]:
    """Give a writer for a type whose part consists of options only."""

    def write(template: Template, python: str, file: File, handler: bool) -> str:
        name = str(template["name"])
        signature = _with_exit(read_signature(template, file, style), handler, file)
        part = dict(template.pop(field) or {})
        labels = metadata_options(template)
        options = {opt: literal(part.pop(opts.camel(opt)), 4) for opt in own if opts.camel(opt) in part}
        if part:
            raise NotSayableError(f"its {field} has {', '.join(part)}")
        body = "    ..."
        if signature.returns != "None":
            file.use("supplied")
            body = "    return supplied()"
        return _finish(template, python, name, signature, decorated, known, {**options, **labels}, body, file)

    return write


def _resource(template: Template, python: str, file: File, handler: bool) -> str:
    name = str(template["name"])
    signature = _with_exit(read_signature(template, file, "resource"), handler, file)
    part = dict(template.pop("resource"))
    labels = metadata_options(template)
    body = "    ..."
    if isinstance(part.get("manifest"), str):
        file.use("manifest")
        returned = "return " if signature.returns != "None" else ""
        body = f"    {returned}manifest({block(part.pop('manifest'), chr(10))})"
    options = {opt: literal(part.pop(opts.camel(opt)), 4) for opt in leaves.RESOURCE_OWN if opts.camel(opt) in part}
    if part or "action" not in options:
        raise NotSayableError(f"its resource has {', '.join(part) or 'no action'}")
    return _finish(
        template, python, name, signature, "resource", leaves.ResourceOptions, {**options, **labels}, body, file
    )


def _http(template: Template, python: str, file: File, handler: bool) -> str:
    name = str(template["name"])
    signature = _with_exit(read_signature(template, file, "pod"), handler, file)
    if signature.outputs.keys() - {"result"}:
        raise NotSayableError("an http template has no outputs of its own")
    part = dict(template.pop("http"))
    labels = metadata_options(template)
    words = [quoted(str(part.pop("method", "GET"))), value(str(part.pop("url")), signature.scope)]
    for key, option in {"body": "body", "successCondition": "success_condition"}.items():
        if isinstance(part.get(key), str):
            words.append(f"{option}={value(part.pop(key), signature.scope)}")
    for key, option in {
        "timeoutSeconds": "timeout_seconds",
        "insecureSkipVerify": "insecure_skip_verify",
        "bodyFrom": "body_from",
    }.items():
        if key in part:
            words.append(f"{option}={literal(part.pop(key), 8)}")
    if "headers" in part:
        words.append(f"headers={_headers(part.pop('headers'))}")
    if part:
        raise NotSayableError(f"its http has {', '.join(part)}")
    file.use("request")
    returned = "return " if signature.returns != "None" else ""
    body = (
        f"    {returned}request({', '.join(words)})"
        if len(words) < 3
        else f"    {returned}request(\n" + "".join(f"        {w},\n" for w in words) + "    )"
    )
    return _finish(template, python, name, signature, "http", leaves.HTTPOptions, labels, body, file)


def _headers(headers: list[dict[str, Json]]) -> str:
    found: dict[str, Json] = {}
    for one in headers:
        if set(one) == {"name", "value"}:
            found[one["name"]] = one["value"]
        elif set(one) == {"name", "valueFrom"}:
            found[one["name"]] = {"valueFrom": one["valueFrom"]}
        else:
            raise NotSayableError("its headers")
    if len(found) != len(headers):
        raise NotSayableError("it repeats a header")
    return literal(found, 8)


def _plugin(template: Template, python: str, file: File, handler: bool) -> str:
    name = str(template["name"])
    signature = _with_exit(read_signature(template, file, "supplied"), handler, file)
    options = {"plugin": literal(template.pop("plugin"), 4), **metadata_options(template)}
    return _finish(template, python, name, signature, "plugin", opts.TemplateOptions, options, "    ...", file)


WRITERS: dict[str, Callable[[Template, str, File, bool], str]] = {
    "container": _container,
    "script": _script,
    "suspend": _simple("suspend", "suspend", "supplied", leaves.SuspendOptions, ("duration",)),
    "resource": _resource,
    "http": _http,
    "containerSet": _simple(
        "container_set",
        "containerSet",
        "pod",
        leaves.ContainerSetOptions,
        ("containers", "retry_strategy", "volume_mounts"),
    ),
    "data": _simple("data_template", "data", "pod", leaves.DataOptions, ("source", "transformation")),
    "plugin": _plugin,
}
"""How each type of leaf template is written, by the field of the template that tells the type."""


def write_raw(template: Template, python: str, calls: list[str], file: File) -> str:
    """Write any template as plain data."""
    file.use("raw_template")
    name = str(template["name"])
    body: dict[str, Any] = {k: v for k, v in template.items() if k != "name"}
    try:
        signature = read_signature({"name": "", "inputs": template.get("inputs")}, file, "flow")
    except NotSayableError:
        signature = Signature()
    options = f", calls=[{', '.join(calls)}]" if calls else ""
    head = f"@raw_template(\n    {literal(body, 4)},\n    name={quoted(name)}{options},\n)"
    return function(python, signature, head, "    ...")
