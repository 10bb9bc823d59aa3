"""What a type annotation can say beyond the type: ``Annotated[str, Parameter(description="...")]``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """Details of an input or output parameter. All are optional; ``extra`` takes any further field of Argo's."""

    name: str | None = None
    """Its name in the manifest; by default the Python name."""
    description: str | None = None
    enum: tuple[str, ...] | list[str] = ()
    path: str | None = None
    """Output only: the file that holds the value, instead of standard output."""
    json_path: str | None = None
    """Output of a resource: where the value stands in the object."""
    jq: str | None = None
    """Output of a resource: a jq filter that gives the value."""
    default: str | None = None
    """The value where none is supplied (an input), or none could be read (an output)."""
    global_name: str | None = None
    """Output only: also give it to the whole workflow, as ``workflow.outputs.parameters.NAME``."""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """Details of an input or output artifact. Locations are given as Argo writes them: ``s3={"key": "data.csv"}``."""

    name: str | None = None
    path: str | None = None
    """Where the file is in the pod; by default below ``/tmp/inputs`` or ``/tmp/outputs``."""
    archive: Mapping[str, Any] | None = None
    optional: bool = False
    global_name: str | None = None
    s3: Any = None
    http: Any = None
    git: Any = None
    gcs: Any = None
    azure: Any = None
    raw: Any = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def artifact(**details: Any) -> Path:
    """Give an artifact that no step makes: ``artifact(http={"url": "https://..."})``.

    As an argument it is passed to a template; as the default of a template's argument it is where the file comes from
    unless a call says otherwise. Takes what :class:`Artifact` takes, and any other field of Argo's.
    """
    known = {name: details.pop(name) for name in _FIELDS if name in details}
    return cast(Path, Artifact(**known, extra=details))


_FIELDS = ("name", "path", "archive", "optional", "global_name", "s3", "http", "git", "gcs", "azure", "raw")
