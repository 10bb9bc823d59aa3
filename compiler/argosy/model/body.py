"""Bodies of templates that run no container: data, HTTP, resources, suspension."""

from typing import Any

from msgspec import field

from argosy.model.artifact import Artifact, ArtifactPaths
from argosy.model.base import ArgoStruct


class DataSource(ArgoStruct):
    """What a data template starts from."""

    artifact_paths: ArtifactPaths | None = None


class TransformationStep(ArgoStruct):
    """One transformation, an expression."""

    expression: str = ""


class Data(ArgoStruct):
    """A template that lists and transforms artifacts."""

    source: DataSource = field(default_factory=DataSource)
    transformation: list[TransformationStep] = []


class HTTPHeaderSource(ArgoStruct):
    """Where the value of a header comes from."""

    secret_key_ref: dict[str, Any] | None = None


class HTTPHeader(ArgoStruct):
    """A header of a request."""

    name: str = ""
    value: str = ""
    value_from: HTTPHeaderSource | None = None


class HTTPBodySource(ArgoStruct):
    """A body as bytes."""

    bytes: str = ""


class HTTP(ArgoStruct):
    """A template that makes a request."""

    method: str = ""
    url: str = ""
    headers: list[HTTPHeader] = []
    timeout_seconds: int | None = None
    success_condition: str = ""
    body: str = ""
    body_from: HTTPBodySource | None = None
    insecure_skip_verify: bool = False


class ManifestFrom(ArgoStruct):
    """A manifest from an artifact."""

    artifact: Artifact | None = None


class ResourceTemplate(ArgoStruct):
    """A template that works on a Kubernetes object."""

    action: str = ""
    merge_strategy: str = ""
    manifest: str = ""
    manifest_from: ManifestFrom | None = None
    set_owner_reference: bool = False
    success_condition: str = ""
    failure_condition: str = ""
    flags: list[str] = []


class SuspendTemplate(ArgoStruct):
    """A template that waits."""

    duration: str = ""
