"""Secrets in plain sight, images that change, containers that own their node."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from argosy.lint import parts, tables
from argosy.lint.context import Context, table
from argosy.lint.finding import Severity
from argosy.lint.reach import handler_templates
from argosy.lint.rule import Problem, rule
from argosy.lint.shell import Code, code
from argosy.source import Address, at


@table
def suspects(context: Context) -> Iterator[tuple[str, Address]]:
    """Give the texts of the spec that may hold a secret."""
    whole = "\n".join(parts.texts(context))
    hints = [hint for hint in _HINTS if hint in whole]
    if hints:
        yield from parts.texts_with(context, hints)


@cache
def _tokens() -> re.Pattern[str]:
    return re.compile(
        r"(?P<aws_access_key>\b(?:AKIA|ASIA)[0-9A-Z]{16}\b)"
        r"|(?P<github_token>\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{22,}\b)"
        r"|(?P<gitlab_token>\bglpat-[A-Za-z0-9_-]{20,}\b)"
        r"|(?P<slack_token>\bxox[abprs]-[A-Za-z0-9-]{10,})"
        r"|(?P<slack_webhook>https://hooks\.slack\.com/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]{16,})"
        r"|(?P<google_api_key>\bAIza[0-9A-Za-z_-]{35}\b)"
        r"|(?P<private_key>-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----)"
        r"|(?P<password_in_an_address>\b[a-z][a-z0-9+.-]*://[^\s/:@{}$]+:(?P<password>[^\s/@{}$]+)@)"
    )


_HINTS = ("AKIA", "ASIA", "gh", "glpat", "xox", "hooks.slack.com", "AIza", "PRIVATE KEY", "://")


@rule(Severity.WARNING, over=suspects)
def secret_in_manifest(one: tuple[str, Address], context: Context) -> Iterator[Problem]:
    """A key, token or password stands in the manifest.

    Whoever reads the repository, or the workflow's status in the cluster, has it. Keep it in a Secret, and pass it with
    `secretKeyRef`; take back the one that was committed.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: upload-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [upload]
                args: ['https://robot:hunter2@storage.example.com/']  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: upload-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [upload]
                args: ['https://robot:$(PASSWORD)@storage.example.com/']
                env: [{name: PASSWORD, valueFrom: {secretKeyRef: {name: storage, key: password}}}]
    """
    text, address = one
    for found in _tokens().finditer(text):
        kind = (found.lastgroup or "secret").replace("_", " ")
        article = "an" if kind[0] in "aeiou" else "a"
        yield Problem(
            f"{article} {kind} stands in the manifest",
            address,
            "keep it in a Secret and pass it with secretKeyRef",
            chars=found.span(),
        )


@rule(Severity.WARNING, over=tables.containers)
def secret_in_environment(one: tables.ContainerAt, context: Context) -> Iterator[Problem]:
    """An environment variable that is named like a secret has a fixed value.

    Bad places for secrets are repositories and the status of workflows. Keep it in a Secret and take it with
    `secretKeyRef`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: upload-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [upload]
                env:
                  - name: DB_PASSWORD
                    value: correct-horse  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: upload-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [upload]
                env:
                  - name: DB_PASSWORD
                    valueFrom: {secretKeyRef: {name: database, key: password}}
    """
    for n, variable in enumerate(one.container.env):
        fixed = variable.value and "{{" not in variable.value and not variable.value.startswith(("$", "/"))
        if fixed and re.search(r"(?i)(^|_)(password|passwd|secret|token|api_?key|private_key)$", variable.name):
            yield Problem(
                f"the environment variable {variable.name!r} has its secret in the manifest",
                one.at("env", n, "value"),
                "keep it in a Secret and take it with valueFrom.secretKeyRef",
            )


def _is_pinned(image: str) -> bool:
    name = image.rpartition("/")[2]
    return "@sha256:" in image or (":" in name and not name.endswith(":latest")) or "{{" in image


@rule(Severity.WARNING, over=tables.containers)
def exit_handler_image_unpinned(one: tables.ContainerAt, context: Context) -> Iterator[Problem]:
    """The image of an exit handler has no fixed version.

    A handler runs rarely, and on the day that matters: an image that has changed since, or that must be pulled anew
    because it is `latest`, makes it fail then. Name a version or a digest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: clean-up
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: clean-up
              container:
                image: curlimages/curl:latest  # here
                command: [curl, https://status.example.com]

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: clean-up
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: clean-up
              container:
                image: curlimages/curl:8.10.1
                command: [curl, https://status.example.com]
    """
    image = one.container.image
    if image and not _is_pinned(image) and id(one.inside.template) in handler_templates(context)[0]:
        yield Problem(f"the image {image!r} of an exit handler has no fixed version", one.at("image"), "name one")


@rule(Severity.INFO, over=tables.containers, on_by_default=False)
def image_unpinned(one: tables.ContainerAt, context: Context) -> Iterator[Problem]:
    """An image has no fixed version.

    It may be another one tomorrow, on another node, or in the next attempt of the same step. Name a version or a
    digest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: alpine  # here
                command: [make]

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [make]
    """
    image = one.container.image
    if image and not _is_pinned(image):
        yield Problem(f"the image {image!r} has no fixed version", one.at("image"), "name a version or a digest")


@rule(Severity.WARNING, over=tables.containers)
def image_gone(one: tables.ContainerAt, context: Context) -> Iterator[Problem]:
    """An image of Argo's own programs is named on Docker Hub, where they are no longer published.

    Since Argo 3.7 they are at quay.io only.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: submit-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: argoproj/argocli:v3.7.0  # here
                command: [argo, list]

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: submit-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: quay.io/argoproj/argocli:v3.7.0
                command: [argo, list]
    """
    image = one.container.image
    found = re.match(r"(docker\.io/)?argoproj/(argocli|argoexec|workflow-controller)\b(.*)", image)
    if found and context.version >= "3.7":
        better = f"quay.io/argoproj/{found[2]}{found[3]}"
        yield Problem(f"{image!r} is no longer published on Docker Hub", one.at("image"), f"use {better}")


@rule(Severity.WARNING, over=tables.containers)
def container_privileged(one: tables.ContainerAt, context: Context) -> Iterator[Problem]:
    """A container runs privileged: what breaks out of it owns the node.

    Prefer single capabilities (`securityContext.capabilities.add`), or a builder that needs no privileges.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [make]
                securityContext: {privileged: true}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [make]
                securityContext: {capabilities: {add: [NET_ADMIN]}}
    """
    if (one.container.security_context or {}).get("privileged") is True:
        who = f"the {one.role} container of {one.inside.name!r}" if one.role != "sidecar" else "the sidecar"
        yield Problem(f"{who} runs privileged", one.at("securityContext", "privileged"), "give it single capabilities")


_SOCKETS = ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/var/run/crio/crio.sock")


@table
def volumes(context: Context) -> Iterator[Address]:
    """Give the addresses of all volumes."""
    if context.is_argo:
        holders = [context.spec_address, *(one.address for one in tables.templates(context))]
        for holder in holders:
            found = at(context.manifest.data, (*holder, "volumes"))
            yield from ((*holder, "volumes", n) for n in range(len(found) if isinstance(found, list) else 0))


@rule(Severity.WARNING, over=volumes)
def node_socket_mounted(one: Address, context: Context) -> Iterator[Problem]:
    """A volume hands the node's container engine to a pod: whoever controls the pod controls the node.

    Docker's socket is gone on most clusters, too. Build images with a daemonless builder, or use a sidecar.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          volumes:
            - name: docker
              hostPath: {path: /var/run/docker.sock}  # here
          templates:
            - name: main
              container: {image: "docker:27", command: [docker, ps], volumeMounts: [{name: docker, mountPath: /run}]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          volumes:
            - name: work
              emptyDir: {}
          templates:
            - name: main
              container: {image: "docker:27", command: [docker, ps], volumeMounts: [{name: work, mountPath: /run}]}
    """
    path = at(context.manifest.data, (*one, "hostPath", "path"))
    if path in _SOCKETS or path == "/":
        what = "the whole file system of its node" if path == "/" else "the container engine of its node"
        yield Problem(f"a volume hands {what} to the pod", (*one, "hostPath", "path"))


@rule(Severity.WARNING, over=code)
def download_piped_to_shell(one: Code, context: Context) -> Iterator[Problem]:
    """A script downloads code and runs it at once.

    What runs is what the server answers at that moment, or half of it if the connection breaks. Put it into the
    image, or download a fixed version and compare its checksum first.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [sh, -c]
                args: ['curl -sSL https://get.example.com/install.sh | sh']  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: registry.example.com/build-tools:1.4
                command: [sh, -c]
                args: ['build']
    """
    if one.language != "shell":
        return
    for found in re.finditer(r"\b(?:curl|wget)\b[^\n|;&]*\|\s*(?:sudo\s+)?(?:ba|z|da|a)?sh\b", one.text):
        yield Problem("what is downloaded here runs unseen", one.address, "fix its version", chars=found.span())


@rule(Severity.INFO, over=tables.templates)
def http_certificate_unchecked(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """An `http` template talks to a server without making sure who it is.

    With `insecureSkipVerify` anybody in between reads the request, its tokens too, and answers it.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: notify-}
        spec:
          entrypoint: main
          templates:
            - name: main
              http:
                url: https://status.example.com
                insecureSkipVerify: true  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: notify-}
        spec:
          entrypoint: main
          templates:
            - name: main
              http:
                url: https://status.example.com
    """
    if one.template.http is not None and one.template.http.insecure_skip_verify:
        yield Problem("the server's certificate is not checked", one.at("http", "insecureSkipVerify"))
