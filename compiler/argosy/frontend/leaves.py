"""The other leaf templates: suspend, http, resource, data, plugin, container sets, scripts in other languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar, Unpack

from argosy.frontend.container import Body, body_marks, say, trace_leaf
from argosy.frontend.interface import (
    grouped,
    inputs,
    node_inputs,
    output_path,
    pod_outputs,
    resource_outputs,
    supplied_outputs,
)
from argosy.frontend.options import (
    ContainerOptions,
    Model,
    PodOptions,
    TemplateOptions,
    clean,
    data,
    environment,
    fields,
    merged,
    metadata,
)
from argosy.frontend.places import caller, fail
from argosy.frontend.render import text
from argosy.frontend.signatures import Signature
from argosy.frontend.templates import Kind, P, R_co, Template, Written
from argosy.source import Json

T = TypeVar("T")
_Outputs = Callable[[Signature], dict[str, Json]]


def _leaf(field: str, outputs: _Outputs, own: tuple[str, ...] = ()) -> Callable[[Template[..., Any]], Written]:
    """Give a writer for templates whose part ``field`` is what the body said and the options named in ``own``."""

    def write(template: Template[..., Any]) -> Written:
        signature, options = template.signature(), template.declared
        body, seen = trace_leaf(template)
        mine = {name: value for name, value in options.items() if name in own}
        rest = {name: value for name, value in options.items() if name not in own}
        part = {
            **fields(rest, container=True),
            **fields(mine, container=False),
            **fields(mine, container=True),
            **data(body.fields if body else {}),
        }
        env = environment(body.env if body else {}) + part.pop("env", [])
        if env:
            part["env"] = env
        found = {
            "name": template.name,
            **metadata(options),
            **inputs(signature, node_inputs(seen)),
            **outputs(signature),
            **fields(rest, container=False),
            field: part,
        }
        return Written(merged(found, options.get("extra")), marks=body_marks(field, body))

    return write


def _no_outputs(signature: Signature) -> dict[str, Json]:
    return {}


def _http_outputs(signature: Signature) -> dict[str, Json]:
    """An HTTP template has one output, the response's body, as ``outputs.result``."""
    if any(o.kind != "stdout" for o in signature.outputs):
        fail("an http template gives the body of the response, as text", hint="declare `-> str`")
    return {}


def _expression_outputs(signature: Signature) -> dict[str, Json]:
    artifacts = [{"name": o.name, "path": output_path(o)} for o in signature.outputs if o.kind == "artifact"]
    return grouped([], artifacts)


def _decorator(kind: Kind, options: dict[str, Any]) -> Any:
    place = caller()
    return lambda function: Template(kind, function, options, place)


class SuspendOptions(TemplateOptions, total=False):
    """What suspend templates take."""

    duration: int | str


def _write_suspend(template: Template[..., Any]) -> Written:
    written = _leaf("suspend", supplied_outputs, ("duration",))(template)
    part = written.data["suspend"]
    if isinstance(part.get("duration"), int):
        part["duration"] = str(part["duration"])  # Argo takes text only, of seconds without a unit
    return written


SUSPEND = Kind("suspend", _write_suspend, options=SuspendOptions)


def suspend(**options: Unpack[SuspendOptions]) -> Callable[[Callable[P, R_co]], Template[P, R_co]]:
    """Make a function a suspend template: it waits for ``duration``, or for a person, who supplies what it returns."""
    made: Callable[[Callable[P, R_co]], Template[P, R_co]] = _decorator(SUSPEND, dict(options))
    return made


def supplied() -> T:  # type: ignore[type-var]  # it stands for what the template returns
    """Stand for a result that the body does not make: what a person or another system supplies."""
    body: T = say(Body("supplied", {}))
    return body


class HTTPOptions(TemplateOptions, total=False):
    """What http templates take."""

    timeout: str
    retry: int | Model
    service_account_name: str


HTTP = Kind("http", _leaf("http", _http_outputs), stdout=True, options=HTTPOptions)


def http(**options: Unpack[HTTPOptions]) -> Callable[[Callable[P, R_co]], Template[P, R_co]]:
    """Make a function an http template: its body calls ``request(...)``; ``-> str`` is the response's body."""
    made: Callable[[Callable[P, R_co]], Template[P, R_co]] = _decorator(HTTP, dict(options))
    return made


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, Any] | None = None,
    body: str | None = None,
    body_from: Model | None = None,
    timeout_seconds: int | None = None,
    success_condition: str | None = None,
    insecure_skip_verify: bool = False,
) -> T:  # type: ignore[type-var]  # it stands for what the template returns
    """Send a request. A header can be a ``secret(...)``; ``success_condition`` is an expression on ``response``."""
    made: dict[str, Any] = {"url": text(url)}
    if method != "GET":
        made["method"] = method
    if headers:
        made["headers"] = environment(headers)
    optional = {
        "body": body,
        "bodyFrom": body_from,
        "timeoutSeconds": timeout_seconds,
        "successCondition": success_condition,
    }
    made.update({k: v for k, v in optional.items() if v is not None})
    if insecure_skip_verify:
        made["insecureSkipVerify"] = True
    said: T = say(Body("request", made))
    return said


RESOURCE_OWN = (
    "action",
    "merge_strategy",
    "success_condition",
    "failure_condition",
    "flags",
    "set_owner_reference",
    "manifest_from",
)
"""The options of a resource template that are its own."""


class ResourceOptions(PodOptions, total=False):
    """What resource templates take besides their action."""

    merge_strategy: Literal["strategic", "merge", "json"]
    success_condition: str
    failure_condition: str
    flags: Sequence[str]
    set_owner_reference: bool
    manifest_from: Model


RESOURCE = Kind("resource", _leaf("resource", resource_outputs, RESOURCE_OWN), options=ResourceOptions, own=("action",))


def resource(
    *, action: Literal["get", "create", "apply", "delete", "replace", "patch"], **options: Unpack[ResourceOptions]
) -> Callable[[Callable[P, R_co]], Template[P, R_co]]:
    """Make a function a resource template: its body calls ``manifest(...)`` with the object to create, patch, ..."""
    made: Callable[[Callable[P, R_co]], Template[P, R_co]] = _decorator(RESOURCE, {"action": action, **options})
    return made


def manifest(content: str | Mapping[str, Any]) -> T:  # type: ignore[type-var]  # it stands for what the template returns
    """Say the Kubernetes object of a resource template: its YAML, or plain data."""
    if isinstance(content, str):
        written = clean(text(content), "\n")
    else:
        from argosy.yaml.write import dump

        written = dump(data(content))
    said: T = say(Body("manifest", {"manifest": written}))
    return said


class ProgramOptions(ContainerOptions, total=False):
    """What scripts in other languages take besides their image."""


PROGRAM = Kind("script", _leaf("script", pod_outputs), stdout=True, options=ProgramOptions, own=("image",))


def program(*, image: str, **options: Unpack[ProgramOptions]) -> Callable[[Callable[P, R_co]], Template[P, R_co]]:
    """Make a function a script template in any language: its body calls ``code(...)``; ``command`` runs the file."""
    made: Callable[[Callable[P, R_co]], Template[P, R_co]] = _decorator(PROGRAM, {"image": image, **options})
    return made


def code(content: str, **env: object) -> T:  # type: ignore[type-var]  # it stands for what the template returns
    """Say the source of a script in any language; keywords become environment variables, to pass values safely."""
    said: T = say(Body("code", {"source": clean(text(content), "\n")}, env))
    return said


class ContainerSetOptions(PodOptions, total=False):
    """What container sets take besides their containers."""

    retry_strategy: Model
    volume_mounts: Sequence[Model]


CONTAINER_SET = Kind(
    "container set",
    _leaf("containerSet", pod_outputs, ("containers", "retry_strategy", "volume_mounts")),
    stdout=True,
    options=ContainerSetOptions,
    own=("containers",),
)


def container_set(
    *, containers: Sequence[Model], **options: Unpack[ContainerSetOptions]
) -> Callable[[Callable[P, R_co]], Template[P, R_co]]:
    """Make a function a container set: several containers in one pod, in the order of their ``dependencies``."""
    made: Callable[[Callable[P, R_co]], Template[P, R_co]] = _decorator(
        CONTAINER_SET, {"containers": containers, **options}
    )
    return made


class DataOptions(PodOptions, total=False):
    """What data templates take besides their source."""

    transformation: Sequence[Model]


DATA = Kind(
    "data",
    _leaf("data", _expression_outputs, ("source", "transformation")),
    stdout=True,
    options=DataOptions,
    own=("source",),
)


def data_template(*, source: Model, **options: Unpack[DataOptions]) -> Callable[[Callable[P, R_co]], Template[P, R_co]]:
    """Make a function a data template: it lists what a bucket holds, and transforms the list."""
    made: Callable[[Callable[P, R_co]], Template[P, R_co]] = _decorator(DATA, {"source": source, **options})
    return made


def _write_plugin(template: Template[..., Any]) -> Written:
    written = _leaf("plugin", supplied_outputs)(template)
    written.data["plugin"] = data(template.declared["plugin"])
    return written


PLUGIN = Kind("plugin", _write_plugin, options=TemplateOptions, own=("plugin",))


def plugin(
    *, plugin: Mapping[str, Any], **options: Unpack[TemplateOptions]
) -> Callable[[Callable[P, R_co]], Template[P, R_co]]:
    """Make a function a plugin template, with the plugin's own data."""
    made: Callable[[Callable[P, R_co]], Template[P, R_co]] = _decorator(PLUGIN, {"plugin": plugin, **options})
    return made


def _write_raw(template: Template[..., Any]) -> Written:
    return Written(
        {"name": template.name, **data(template.declared["template"])}, reached=list(template.declared["calls"])
    )


RAW = Kind("raw", _write_raw, own=("template", "calls"))
RAW_STDOUT = Kind("raw", _write_raw, stdout=True, own=("template", "calls"))


def raw_template(
    template: Mapping[str, Any],
    *,
    name: str | None = None,
    prints: bool = False,
    calls: Sequence[Template[..., Any]] = (),
) -> Callable[[Callable[P, R_co]], Template[P, R_co]]:
    """Take a template as plain data, with Argo's JSON names; the function's signature says how it is called.

    ``calls``: the templates that it refers to.
    """
    options: dict[str, Any] = {"template": template, "calls": calls, **({"name": name} if name else {})}
    made: Callable[[Callable[P, R_co]], Template[P, R_co]] = _decorator(RAW_STDOUT if prints else RAW, options)
    return made
