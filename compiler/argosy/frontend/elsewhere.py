"""Templates that are defined elsewhere, by name: a typed stub, which steps call by reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn

from argosy.frontend.places import caller, fail
from argosy.frontend.templates import Kind, P, R_co, Template, Written


def _never(template: Template[..., Any]) -> Written:
    refuse(template)


def refuse(template: Template[..., Any]) -> NoReturn:
    """Refuse to write a template that is not of this workflow."""
    fail(
        f"{template.name} is defined elsewhere: `onExit` and entrypoints need a template of this workflow",
        hint="call it in a @steps function, or with on_exit=lambda run: ...",
        place=template.place,
    )


_REFERRED: ContextVar[dict[int, Any] | None] = ContextVar("referred", default=None)


@contextmanager
def noting_references() -> Iterator[dict[int, Any]]:
    """Note the workflow templates that workflows refer to while they are compiled."""
    found: dict[int, Any] = {}
    token = _REFERRED.set(found)
    try:
        yield found
    finally:
        _REFERRED.reset(token)


def note_reference(callee: Any) -> None:
    """Note the workflow template of ours that a step, a hook or a workflow refers to."""
    referred, library = _REFERRED.get(), getattr(callee, "library", None) or callee
    if referred is not None and hasattr(library, "entrypoint"):
        referred.setdefault(id(library.root), library.root)


ELSEWHERE = Kind("template defined elsewhere", _never)
ELSEWHERE_STDOUT = Kind("template defined elsewhere", _never, stdout=True)


class ReferenceTemplate(Template[P, R_co]):
    """A template of another WorkflowTemplate."""

    template_ref: dict[str, Any]


def template_ref(
    workflow_template: str, template: str | None = None, *, cluster_scope: bool = False, prints: bool = False
) -> Callable[[Callable[P, R_co]], Template[P, R_co]]:
    """Describe a template that a WorkflowTemplate in the cluster has; its function's signature is all that counts.

    ``prints``: a single result is what its pod prints (``outputs.result``) rather than the parameter ``result``.
    """
    place = caller()

    def decorate(function: Callable[P, R_co]) -> Template[P, R_co]:
        name = template or function.__name__.strip("_").replace("_", "-")
        made = ReferenceTemplate(ELSEWHERE_STDOUT if prints else ELSEWHERE, function, {"name": name}, place)
        made.template_ref = {
            "name": workflow_template,
            "template": name,
            **({"clusterScope": True} if cluster_scope else {}),
        }
        return made

    return decorate
