"""Images whose names no registry has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule


@cache
def _reference() -> re.Pattern[str]:
    part = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
    host = (
        r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:]+\])"
    )
    digest = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
    return re.compile(rf"(?:{host}(?::[0-9]+)?/)?{part}(?:/{part})*(?::[\w][\w.-]{{0,127}})?(?:@{digest})?", re.ASCII)


@rule(Severity.ERROR, over=tables.containers)
def image_name_invalid(one: tables.ContainerAt, context: Context) -> Iterator[Problem]:
    """An image has a name that cannot be one: it is never pulled, and the pod waits for ever.

    Names of images are in lower case, with no blank and no `https://` before them; a tag comes after one colon. The
    pod stays at InvalidImageName, which Argo takes for Pending: only a deadline ends it. (With a blank before or after
    the name, the cluster refuses the pod.)

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "https://registry.example.com/build:1.2", command: [make]}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "registry.example.com/build:1.2", command: [make]}
    """
    image = one.container.image
    if not image or "{{" in image or "$" in image or _reference().fullmatch(image):
        return
    hint = None
    if "://" in image:
        hint = f"write {image.partition('://')[2]}"
    elif image != image.strip():
        hint = "take the blanks away"
    elif _reference().fullmatch(image.lower()):
        hint = f"write {image.lower()}"
    yield Problem(f"{image!r} is no name of an image", one.at("image"), hint)
