"""What is run of a container: its command, or the entry point of an image that is widely known."""

from __future__ import annotations

from typing import Any

ENTRY_POINTS = {
    "alpine/curl": "curl",
    "alpine/git": "git",
    "alpine/helm": "helm",
    "amazon/aws-cli": "aws",
    "bitnami/kubectl": "kubectl",
    "curlimages/curl": "curl",
    "hashicorp/terraform": "terraform",
    "mikefarah/yq": "yq",
    "quay.io/curl/curl": "curl",
}
"""Programs that are the entry points of images, as their publishers say."""


def words(container: dict[str, Any]) -> list[str] | None:
    """Give the command and arguments of a container; None where they depend on an image that is not known.

    >>> words({"image": "docker.io/curlimages/curl:8.16.0", "args": ["-I", "https://example.com"]})
    ['curl', '-I', 'https://example.com']
    """
    command = [str(word) for word in container.get("command") or []]
    if not command:
        program = ENTRY_POINTS.get(_name(str(container.get("image") or "")))
        if program is None:
            return None
        command = [program]
    return command + [str(word) for word in container.get("args") or []]


def _name(image: str) -> str:
    """Give the name of an image, without its tag, digest, and Docker's own registry."""
    name = image.partition("@")[0]
    head, slash, last = name.rpartition("/")
    return (head + slash + last.partition(":")[0]).removeprefix("docker.io/")
