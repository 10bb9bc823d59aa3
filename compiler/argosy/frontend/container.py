"""Container templates: the body says the command; its arguments are references."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar, Unpack

from argosy.errors import Place
from argosy.frontend.interface import inputs, node_inputs, pod_outputs, references
from argosy.frontend.options import ContainerOptions, clean, environment, fields, merged, metadata
from argosy.frontend.places import caller, fail
from argosy.frontend.render import text
from argosy.frontend.templates import RUNNING_LEAF, Kind, P, R_co, Template, Written
from argosy.source import Address, Json

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Body:
    """What the body of a leaf template said: fields of its own part of the template."""

    made_by: str
    fields: dict[str, Any]
    env: dict[str, object] = field(default_factory=dict)
    place: Place = field(default_factory=caller)


_SAID: ContextVar[list[Body] | None] = ContextVar("said", default=None)


def say(body: Body) -> Any:
    """Record what the body of a leaf template says; outside of one, give it as it is."""
    said = _SAID.get()
    if said is not None:
        if said:
            fail("the body says twice what the pod does", hint="write one command, or use a @steps function")
        said.append(body)
    return body


def sh(script: str, *, shell: str = "sh", **env: object) -> T:  # type: ignore[type-var]  # it stands for what the template returns
    """Run a shell script; keywords become environment variables, the safe way to pass values.

    ``sh('echo "$NAME"', NAME=name)``. A text that begins with a new line is dedented.

    ``return sh(...)`` where the template gives a value.
    """
    body: T = say(Body("sh", {"command": [shell, "-c"], "args": [clean(text(script))]}, env))
    return body


def command(*words: object, **env: object) -> T:  # type: ignore[type-var]  # it stands for what the template returns
    """Run a program with arguments, without a shell: ``command("cowsay", message)``."""
    first, *rest = [text(w) for w in words] or fail("command(...) needs the program to run")
    body: T = say(Body("command", {"command": [first], **({"args": rest} if rest else {})}, env))
    return body


def arguments(*words: object, **env: object) -> T:  # type: ignore[type-var]  # it stands for what the template returns
    """Give arguments to the image's own entrypoint."""
    body: T = say(Body("arguments", {"args": [text(w) for w in words]}, env))
    return body


def trace_leaf(template: Template[..., Any]) -> tuple[Body | None, dict[str, Any]]:
    """Run the body of a leaf template with references; give what it said, and the references it got."""
    seen = references(template.signature())
    said: list[Body] = []
    token, leaf = _SAID.set(said), RUNNING_LEAF.set(template.name)
    try:
        returned = template.function(**seen)
    finally:
        _SAID.reset(token)
        RUNNING_LEAF.reset(leaf)
    if isinstance(returned, Body) and not said:
        said.append(returned)
    return (said[0] if said else None), seen


def write_container(template: Template[..., Any]) -> Written:
    """Write a container template."""
    signature = template.signature()
    body, seen = trace_leaf(template)
    options = template.declared
    container: dict[str, Json] = {"image": options["image"]}
    container.update(body.fields if body else {})
    container.update({k: v for k, v in fields(options, container=True).items() if k not in ("image", "env")})
    env = environment({**(body.env if body else {})}) + environment(options.get("env") or {})
    if env:
        container["env"] = env
    data = {
        "name": template.name,
        **metadata(options),
        **inputs(signature, node_inputs(seen)),
        **pod_outputs(signature),
        **fields(options, container=False),
        "container": container,
    }
    return Written(merged(data, options.get("extra")), marks=body_marks("container", body))


def body_marks(part: str, body: Body | None) -> dict[Address, Place]:
    """Give the line that said what a pod does, for the fields that it said."""
    if body is None:
        return {}
    names = [*body.fields, *(["env"] if body.env else [])]
    return {(part, name): body.place for name in names}


CONTAINER = Kind("container", write_container, stdout=True, options=ContainerOptions, own=("image",))


def container(*, image: str, **options: Unpack[ContainerOptions]) -> Callable[[Callable[P, R_co]], Template[P, R_co]]:
    """Make a function a container template. Its body calls ``sh(...)`` or ``command(...)`` once.

    What it returns is declared by its type alone: ``-> str`` is what the container prints; a NamedTuple, or
    ``Annotated[str, Parameter(path=...)]``, is read from files; a ``pathlib.Path`` is an artifact.
    """
    place = caller()

    def decorate(function: Callable[P, R_co]) -> Template[P, R_co]:
        return Template(CONTAINER, function, {"image": image, **options}, place)

    return decorate
