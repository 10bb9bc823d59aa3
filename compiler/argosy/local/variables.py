"""The environment of a container that is really run: what its template sets, and of this machine's what is needed.

Values of ConfigMaps and Secrets are those of the objects that are given; where the object is not, a value is made up,
so that the message is seen all the same.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from argosy.simulate.pods import HOST, IP
from argosy.source import Json

Objects = Mapping[tuple[str, str], dict[str, Json]]
"""ConfigMaps and Secrets by kind and name."""
_KEY_OF = {"configMapKeyRef": "ConfigMap", "secretKeyRef": "Secret"}
_ALL_OF = {"configMapRef": "ConfigMap", "secretRef": "Secret"}
_ADDRESS = re.compile(r"(?i)url$|uri$|webhook$|endpoint$")
_REFERENCE = re.compile(r"\$(?:\$|\(([^()]*)\))")


@dataclass(slots=True)
class Given:
    """Values, and what is to be said of them."""

    values: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def objects(data: Iterable[Any]) -> dict[tuple[str, str], dict[str, Json]]:
    """Find the ConfigMaps and Secrets among objects."""
    found = [one for one in data if isinstance(one, dict) and one.get("kind") in ("ConfigMap", "Secret")]
    return {(one["kind"], str((one.get("metadata") or {}).get("name"))): one for one in found}


def of_machine(home: str, temporary: str) -> dict[str, str]:
    """Give what a program needs to start at all; nothing else of this process's environment is passed on."""
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "HOME": home, "TMPDIR": temporary, "LANG": "C.UTF-8"}


def of_argo(name: str, node_id: str, progress: str) -> dict[str, str]:
    """Give what the controller sets in a container (v4.1 workflow/controller/workflowpod.go, createWorkflowPod).

    With it comes what Kubernetes sets: where its API is, which is the catcher's to answer for.
    """
    api = {"KUBERNETES_SERVICE_HOST": "kubernetes.default.svc", "KUBERNETES_SERVICE_PORT": "443"}
    return api | {"ARGO_CONTAINER_NAME": name, "ARGO_NODE_ID": node_id, "ARGO_PROGRESS_FILE": progress}


def of_container(container: dict[str, Json], known: Objects, pod_name: str) -> Given:
    """Give the variables that a container sets, in order, with ``$(NAME)`` in them replaced as Kubernetes does."""
    out = Given()
    for source in container.get("envFrom") or []:
        _take_all(out, source, known)
    for one in container.get("env") or []:
        name = str(one.get("name"))
        if "valueFrom" not in one:
            out.values[name] = expand(str(one.get("value") or ""), out.values)
            continue
        value = referred(one["valueFrom"], known, name, out.notes, pod_name)
        if value is not None:
            out.values[name] = value
    return out


def expand(text: str, values: Mapping[str, str]) -> str:
    """Replace ``$(NAME)`` by variables that are set, and ``$$`` by ``$``, as Kubernetes does (its Container.args).

    >>> expand("$(A) $(B) $$(A)", {"A": "1"})
    '1 $(B) $(A)'
    """
    return _REFERENCE.sub(lambda found: "$" if found[1] is None else values.get(found[1], found[0]), text)


def _take_all(out: Given, source: dict[str, Json], known: Objects) -> None:
    prefix = source.get("prefix") or ""
    for field_name, kind in _ALL_OF.items():
        if field_name not in source:
            continue
        name = str(source[field_name].get("name"))
        held = known.get((kind, name))
        if held is None and not source[field_name].get("optional"):
            out.notes.append(f"the variables of {kind} {name} are not set: it is not among the objects of the scenario")
        out.values |= {prefix + key: value_of(held, key) or "" for key in keys(held)}


def referred(
    source: dict[str, Json], known: Objects, variable: str, notes: list[str], pod_name: str = ""
) -> str | None:
    """Give the value that a ``valueFrom`` refers to, and note what is to be said of it; None: it is not set."""
    for field_name, kind in _KEY_OF.items():
        if field_name in source:
            reference = source[field_name]
            return _of_key(kind, reference, known, variable, notes)
    path = str((source.get("fieldRef") or {}).get("fieldPath") or "")
    fields = {
        "metadata.name": pod_name,
        "spec.nodeName": HOST,
        "status.hostIP": IP,
        "status.podIP": IP,
        "spec.serviceAccountName": "default",
    }
    if path not in fields:
        what = path or next(iter(source), "its source")
        notes.append(f"{variable} is not set: {what} is not known here")
    return fields.get(path)


def _of_key(kind: str, reference: dict[str, Json], known: Objects, variable: str, notes: list[str]) -> str | None:
    name, key = str(reference.get("name")), str(reference.get("key"))
    held = known.get((kind, name))
    value = value_of(held, key)
    if value is not None or reference.get("optional"):
        return value
    if held is not None:
        notes.append(f"{variable} is not set: {kind} {name} has no {key}, and a cluster would not start this container")
        return None
    notes.append(f"{variable} is made up: {kind} {name} is not among the objects of the scenario")
    return made_up(kind, name, key, variable)


def made_up(kind: str, name: str, key: str, variable: str = "") -> str:
    """Give a value for one that is not known: an address where it is to be one, as its name says.

    >>> made_up("Secret", "slack", "webhook-url"), made_up("Secret", "slack", "token")
    ('https://slack.invalid/webhook-url', 'secret-slack-token')
    """
    if _ADDRESS.search(key) or _ADDRESS.search(variable):
        return f"https://{name}.invalid/{key}"
    return f"{kind.lower()}-{name}-{key}"


def value_of(held: dict[str, Json] | None, key: str) -> str | None:
    """Give a value of a ConfigMap or Secret, decoded."""
    if held is None:
        return None
    plain = held.get("stringData") or {}
    if key in plain or held.get("kind") == "ConfigMap":
        found = plain.get(key, (held.get("data") or {}).get(key))
        return None if found is None else str(found)
    coded = (held.get("data") or {}).get(key)
    return None if coded is None else base64.b64decode(str(coded)).decode("utf-8", "replace")


def keys(held: dict[str, Json] | None) -> list[str]:
    """Give the keys of a ConfigMap or Secret, each once."""
    return list(dict.fromkeys([*((held or {}).get("data") or {}), *((held or {}).get("stringData") or {})]))
