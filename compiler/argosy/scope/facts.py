"""Small questions about parts of a spec, answered as Argo answers them.

Source: Argo v4.1 ``pkg/apis/workflow/v1alpha1/workflow_types.go``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from argosy import model
from argosy.errors import LanguageError
from argosy.model.artifact import Artifact, ArtifactLocation
from argosy.source import Json
from argosy.variables import TemplateKind

_BODIES: tuple[tuple[str, TemplateKind], ...] = (
    ("container", "container"),
    ("container_set", "containerSet"),
    ("steps", "steps"),
    ("dag", "dag"),
    ("script", "script"),
    ("resource", "resource"),
    ("data", "data"),
    ("suspend", "suspend"),
    ("http", "http"),
    ("plugin", "plugin"),
)


def kinds_of(template: model.Template, written: Json = None) -> list[TemplateKind]:
    """Give all kinds that a template has a body of; it should be one.

    An empty list of steps is a body too, which only the document ``written`` can tell from none.
    """
    found: list[TemplateKind] = []
    for attribute, kind in _BODIES:
        body = getattr(template, attribute)
        if attribute == "steps":
            if body or (isinstance(written, dict) and isinstance(written.get("steps"), list)):
                found.append(kind)
        elif body is not None:
            found.append(kind)
    return found


def kind_of(template: model.Template, written: Json = None) -> TemplateKind | None:
    """Give the kind of a template: of its first body in Argo's order (``Template.GetType``); None for no body."""
    if template.container is not None:
        return "container"
    found = kinds_of(template, written)
    return found[0] if found else None


def has_exit_hook(call: model.WorkflowStep | model.DAGTask) -> bool:
    """Whether a step or task has an exit handler of its own (``HasExitHook``)."""
    return bool(call.on_exit) or "exit" in call.hooks


def has_result(template: model.Template) -> bool:
    """Whether a template leaves a result (``Template.HasOutput``)."""
    if template.container_set is not None and any(one.name == "main" for one in template.container_set.containers):
        return True
    bodies = (template.container, template.script, template.data, template.http, template.plugin)
    return any(body is not None for body in bodies)


Location = Artifact | ArtifactLocation


def has_location_or_key(artifact: Location) -> bool:
    """Whether an artifact says where it is, or at least its key (``ArtifactLocation.HasLocationOrKey``)."""
    for attribute, says in _LOCATIONS:
        location = getattr(artifact, attribute)
        if location is not None:
            return says(location)
    return False


def _path(url: str) -> str:
    from argosy.language.sprig.url import parse

    try:
        return str(parse(url)["path"])
    except LanguageError:
        return ""


_LOCATIONS: tuple[tuple[str, Callable[[Any], bool]], ...] = (
    ("artifactory", lambda it: bool((it.url and it.username_secret is not None) or _path(it.url))),
    ("azure", lambda it: bool(it.blob)),
    ("git", lambda it: bool(it.repo)),
    ("gcs", lambda it: bool(it.key)),
    ("hdfs", lambda it: bool(it.addresses or it.path)),
    ("http", lambda it: bool(it.url)),
    ("oss", lambda it: bool(it.key)),
    ("raw", lambda it: True),
    ("s3", lambda it: bool(it.key)),
    ("plugin", lambda it: bool(it.key)),
)
"""By kind of location, in Argo's order: a full location always has a key, where there is one to have."""
