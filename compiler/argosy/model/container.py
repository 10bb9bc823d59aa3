"""Containers, scripts and sets of containers."""

from typing import Any

from argosy.model.base import ArgoStruct


class EnvVar(ArgoStruct):
    """One environment variable: a value, or where it comes from."""

    name: str = ""
    value: str = ""
    value_from: dict[str, Any] | None = None


class Container(ArgoStruct):
    """A Kubernetes container; what nothing here interprets stays plain data."""

    name: str = ""
    image: str = ""
    command: list[str] = []
    args: list[str] = []
    working_dir: str = ""
    ports: list[dict[str, Any]] = []
    env_from: list[dict[str, Any]] = []
    env: list[EnvVar] = []
    resources: dict[str, Any] = {}
    resize_policy: list[dict[str, Any]] = []
    restart_policy: str | None = None
    volume_mounts: list[dict[str, Any]] = []
    volume_devices: list[dict[str, Any]] = []
    liveness_probe: dict[str, Any] | None = None
    readiness_probe: dict[str, Any] | None = None
    startup_probe: dict[str, Any] | None = None
    lifecycle: dict[str, Any] | None = None
    termination_message_path: str = ""
    termination_message_policy: str = ""
    image_pull_policy: str = ""
    security_context: dict[str, Any] | None = None
    stdin: bool = False
    stdin_once: bool = False
    tty: bool = False
    restart_policy_rules: list[dict[str, Any]] = []  # since Argo 4.1


class UserContainer(Container):
    """A sidecar or init container."""

    mirror_volume_mounts: bool | None = None


class ContainerNode(Container):
    """One container of a container set."""

    dependencies: list[str] = []


class ContainerSetRetryStrategy(ArgoStruct):
    """How often a container set restarts a failed container in the same pod."""

    duration: str = ""
    retries: int | str | None = None


class ContainerSetTemplate(ArgoStruct):
    """Several containers in one pod, started by their dependencies."""

    containers: list[ContainerNode] = []
    volume_mounts: list[dict[str, Any]] = []
    retry_strategy: ContainerSetRetryStrategy | None = None


class ScriptTemplate(Container):
    """A container that runs ``source``."""

    source: str = ""
