"""What a pod would run, as substituted: the lines that a person wants to read."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

MOST_LINES = 40
LONGEST_LINE = 400


def what_runs(template: Mapping[str, Any]) -> list[str]:
    """Give the command, script, resource or request of a template as it reached its pod."""
    for kind, lines in _KINDS.items():
        if body := template.get(kind):
            return _cut(lines(body))
    return []


def _container(body: Mapping[str, Any]) -> list[str]:
    words = [str(word) for word in [*(body.get("command") or []), *(body.get("args") or [])]]
    if not words:
        return [f"runs the entry point of {body.get('image', 'its image')}"]
    plain = [word for word in words if "\n" not in word]
    out = [f"$ {_environment(body)}{' '.join(shlex.quote(word) for word in plain)}"] if plain else []
    return out + [f"| {line}" for word in words if "\n" in word for line in word.splitlines()]


def _environment(body: Mapping[str, Any]) -> str:
    """Give the variables that are set to plain values, as a shell takes them."""
    given = [(one.get("name"), one.get("value")) for one in body.get("env") or []]
    return "".join(f"{name}={shlex.quote(str(value))} " for name, value in given if value is not None)


def _script(body: Mapping[str, Any]) -> list[str]:
    command = " ".join(body.get("command") or []) or body.get("image", "")
    return [
        f"$ {_environment(body)}{command} <<script",
        *(f"| {line}" for line in (body.get("source") or "").strip("\n").splitlines()),
    ]


def _container_set(body: Mapping[str, Any]) -> list[str]:
    out = []
    for container in body.get("containers") or []:
        out += [f"{container.get('name')}:", *_container(container)]
    return out


def _resource(body: Mapping[str, Any]) -> list[str]:
    lines = (body.get("manifest") or "").strip("\n").splitlines()
    return [f"$ kubectl {body.get('action', '')}", *(f"| {line}" for line in lines)]


def _http(body: Mapping[str, Any]) -> list[str]:
    lines = (body.get("body") or "").splitlines()
    return [f"{body.get('method') or 'GET'} {body.get('url', '')}", *(f"| {line}" for line in lines)]


_KINDS = {
    "container": _container,
    "script": _script,
    "containerSet": _container_set,
    "resource": _resource,
    "http": _http,
}


def _cut(lines: list[str]) -> list[str]:
    more = len(lines) - MOST_LINES
    lines = [line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…" for line in lines]
    return lines if more <= 0 else [*lines[:MOST_LINES], f"… {more} more lines"]
