"""What decorators and steps take by keyword, and how it becomes Argo's fields.

Names are Argo's in snake case. Values are plain data with Argo's JSON names, or models: Hera's, or any pydantic model.
``extra`` takes any field by its JSON name, so that a field newer than this list needs no new release.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypedDict, TypeVar

from argosy.errors import Place
from argosy.frontend import hints
from argosy.frontend.context import Environment, NodeExit, R_co
from argosy.frontend.expressions import Expression
from argosy.frontend.places import fail
from argosy.frontend.render import text
from argosy.spelling import did_you_mean

C_contra = TypeVar("C_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class Hook(Generic[C_contra]):
    """A template that runs when something happens to a step, a task or the workflow, and is told of it."""

    run: Callable[[C_contra], object]
    when: Callable[[C_contra], bool] | None
    place: Place


Model = Any
"""Plain data with Argo's JSON names, or a model of Hera's."""


class TemplateOptions(TypedDict, total=False):
    """What every template takes."""

    name: str
    annotations: Mapping[str, str]
    labels: Mapping[str, str]
    memoize: Model
    metrics: Model
    parallelism: int
    synchronization: Model
    extra: Mapping[str, Any]


class PodOptions(TemplateOptions, total=False):
    """What templates that run as a pod take besides."""

    active_deadline_seconds: int | str
    affinity: Model
    archive_location: Model
    automount_service_account_token: bool
    daemon: bool
    executor: Model
    host_aliases: Sequence[Model]
    init_containers: Sequence[Model]
    node_selector: Mapping[str, str]
    pending_timeout: str
    pod_security_context: Model
    pod_spec_patch: str
    priority_class_name: str
    retry: int | Model
    scheduler_name: str
    service_account_name: str
    sidecars: Sequence[Model]
    timeout: str
    tolerations: Sequence[Model]
    volumes: Sequence[Model]


class ContainerOptions(PodOptions, total=False):
    """What containers and scripts take besides."""

    command: Sequence[str]
    env: Mapping[str, Any] | Sequence[Model]
    env_from: Sequence[Model]
    image_pull_policy: Literal["Always", "IfNotPresent", "Never"]
    lifecycle: Model
    liveness_probe: Model
    ports: Sequence[Model]
    readiness_probe: Model
    resources: Model
    security_context: Model
    startup_probe: Model
    stdin: bool
    tty: bool
    volume_devices: Sequence[Model]
    volume_mounts: Sequence[Model]
    working_dir: str


class FlowOptions(TemplateOptions, total=False):
    """What steps and DAG templates take besides."""

    fail_fast: bool
    target: str
    retry: int | Model


class StepOptions(TypedDict, Generic[R_co], total=False):
    """What one step or task takes: ``template.options(name="first")(...)``. Handlers are told what it gives."""

    name: str
    after: Any
    continue_on: Literal["failed", "error", "both"]
    inline: bool
    when: str
    on_exit: Callable[[NodeExit[R_co]], object] | Hook[NodeExit[R_co]]
    hooks: Mapping[str, Hook[NodeExit[R_co]]]
    extra: Mapping[str, Any]


CONTAINER_FIELDS = frozenset(
    {
        "image", "args", "command", "env", "env_from", "image_pull_policy", "lifecycle", "liveness_probe", "ports",
        "readiness_probe", "resources", "security_context", "startup_probe", "stdin", "tty", "volume_devices",
        "volume_mounts", "working_dir",
    }
)  # fmt: skip
"""The options that belong to the container; all others belong to the template."""

_RENAMED = {"pod_security_context": "securityContext", "retry": "retryStrategy"}
_WORD_START = re.compile(r"_([a-z0-9])")


def check(options: Mapping[str, Any], known: type, place: Place, own: Sequence[str] = ()) -> None:
    """Refuse an option that there is not. Raises CompileError, which names the closest that there is."""
    names = [*own, *known.__annotations__]
    for name in options:
        if name not in names:
            advice = [did_you_mean(name, names), "extra={...} takes any field of Argo's"]
            fail(f"there is no option {name!r}", hint=" ".join(filter(None, advice)), place=place)


def camel(name: str) -> str:
    """Give Argo's name of an option.

    >>> camel("image_pull_policy")
    'imagePullPolicy'
    """
    return _RENAMED.get(name) or _WORD_START.sub(lambda m: m[1].upper(), name.rstrip("_"))


def data(value: Any) -> Any:
    """Give an option's value as plain data: models dumped, references as tags."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Expression):
        return text(value)
    if isinstance(value, Mapping):
        return {str(k): data(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [data(v) for v in value]
    if isinstance(value, Environment):
        return {"valueFrom": value.source}
    return _model(value)


def _model(value: Any) -> Any:
    if hasattr(value, "_build_volume"):
        return data(value._build_volume())
    for build in ("build", "as_parameter"):
        if hasattr(value, build) and not hasattr(type(value), "model_validate"):
            return data(getattr(value, build)())
    if hasattr(value, "build"):
        built = value.build()
        if built is not value:
            return data(built)
    if hasattr(value, "model_dump"):
        return data(value.model_dump(by_alias=True, exclude_none=True, mode="json"))
    plain = hints.plain(value)
    if plain is value:
        fail(
            f"{type(value).__name__} is neither plain data nor a model",
            hint="pass a dict with Argo's JSON names, or a model of Hera's",
        )
    return plain


def retry(value: Any) -> Any:
    """Give a retry strategy: a number is its limit."""
    return {"limit": value} if isinstance(value, (int, str)) and not isinstance(value, bool) else data(value)


def environment(value: Any) -> list[dict[str, Any]]:
    """Give the environment variables of a container, from a mapping or a list of models."""
    if not isinstance(value, Mapping):
        return [data(v) for v in value]
    return [variable(name, of) for name, of in value.items()]


def variable(name: str, value: object) -> dict[str, Any]:
    """Give one environment variable."""
    if isinstance(value, Environment):
        return {"name": name, "valueFrom": value.source}
    if isinstance(value, Mapping) and "valueFrom" in value:
        return {"name": name, **data(value)}
    return {"name": name, "value": text(value)}


def merged(found: dict[str, Any], extra: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give fields with those of ``extra``, which win; None takes a field away."""
    if not extra:
        return found
    together = {**found, **data(extra)}
    return {key: value for key, value in together.items() if value is not None or key not in extra}


def clean(content: str, end: str = "") -> str:
    """Give a text of the user's: one that begins with a new line is dedented, any other is taken as it is."""
    return inspect.cleandoc(content) + end if content.startswith("\n") else content


_SPECIAL: dict[str, Callable[[Any], Any]] = {"retry": retry, "env": environment}


def fields(options: Mapping[str, Any], *, container: bool) -> dict[str, Any]:
    """Give the options that belong to the container, or those that belong to the template, as Argo's fields."""
    return {
        camel(name): _SPECIAL.get(name, data)(value)
        for name, value in options.items()
        if (name in CONTAINER_FIELDS) is container and name not in _ELSEWHERE and value is not None
    }


_ELSEWHERE = frozenset({"name", "extra", "labels", "annotations"})


def metadata(options: Mapping[str, Any]) -> dict[str, Any]:
    """Give a template's ``metadata``: labels and annotations."""
    found = {key: data(options[key]) for key in ("labels", "annotations") if options.get(key)}
    return {"metadata": found} if found else {}
