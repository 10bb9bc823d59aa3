"""What a manifest means to Argo, apart from how it is written: to compare two of them."""

from __future__ import annotations

from typing import Any

from argosy.frontend.hints import encode
from argosy.source import Json


def meaning(document: dict[str, Json]) -> Any:
    """Give a document in one form of all those that mean the same.

    Templates and tasks count by name; empty parts, a status and the order of keys not at all; values are text; the
    default of an input is its value; plain ``depends`` are dependencies.
    """
    found = {k: v for k, v in document.items() if k != "status"}
    spec = dict(found.get("spec") or {})
    inner = dict(spec.get("workflowSpec") or {}) if "workflowSpec" in spec else spec
    templates = {t.get("name"): template_meaning(t) for t in inner.get("templates") or [] if isinstance(t, dict)}
    inner["templates"] = templates
    inner["arguments"] = _arguments(inner.get("arguments"))
    if "workflowSpec" in spec:
        spec["workflowSpec"] = inner
    metadata = {k: v for k, v in (found.get("metadata") or {}).items() if k != "creationTimestamp"}
    return _bare({**found, "metadata": metadata, "spec": spec})


def template_meaning(template: dict[str, Json]) -> Any:
    """Give a template in one form of all those that mean the same."""
    found = dict(template)
    inputs = dict(found.get("inputs") or {})
    if isinstance(inputs.get("parameters"), list):
        inputs["parameters"] = {p.get("name"): _input(p) for p in inputs["parameters"] if isinstance(p, dict)}
    found["inputs"] = inputs
    if isinstance(found.get("steps"), list):
        found["steps"] = [[_step(s) for s in (g if isinstance(g, list) else [g])] for g in found["steps"]]
    dag = found.get("dag")
    if isinstance(dag, dict):
        found["dag"] = {**dag, "tasks": _closed({t.get("name"): _step(t) for t in dag.get("tasks") or []})}
    for part in ("container", "script"):
        if isinstance(found.get(part), dict):
            found[part] = {k: v for k, v in found[part].items() if not (k == "name" and v in ("", "main"))}
    container = found.get("container")
    if isinstance(container, dict) and (container.get("command") or [])[1:] == ["-c"] and container.get("args"):
        args = [a.rstrip("\n") if isinstance(a, str) else a for a in container["args"]]  # shells don't mind
        found["container"] = {**container, "args": args}
    if isinstance(found.get("http"), dict) and found["http"].get("method") == "GET":
        found["http"] = {k: v for k, v in found["http"].items() if k != "method"}
    return _bare(found)


def _closed(tasks: dict[Any, dict[str, Json]]) -> dict[Any, dict[str, Json]]:
    """Give tasks with all that they depend on through others; only where there are no conditions on outcomes."""
    if any("depends" in t for t in tasks.values()):
        return tasks
    return {name: {**task, "dependencies": sorted(_needs(name, tasks))} for name, task in tasks.items()}


def _needs(name: Any, tasks: dict[Any, dict[str, Json]]) -> set[Any]:
    found: set[Any] = set()
    waiting = list(tasks[name].get("dependencies") or [])
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += tasks.get(one, {}).get("dependencies") or []
    return found


def _input(parameter: dict[str, Json]) -> dict[str, Json]:
    found = dict(parameter)
    value = found.pop("default", None)
    value = found.pop("value", None) if value is None else value
    if value is not None and not isinstance(value, (dict, list)):
        found["default"] = encode(value)
    return found


def _step(step: dict[str, Json]) -> dict[str, Json]:
    found = dict(step)
    found["arguments"] = _arguments(found.get("arguments"))
    if "inline" in found and isinstance(found["inline"], dict):
        found["inline"] = template_meaning(found["inline"])
    depends = found.get("depends")
    if isinstance(depends, str) and all(w == "&&" or w.replace("-", "").isalnum() for w in depends.split()):
        found["dependencies"] = [w for w in depends.split() if w != "&&"]
        del found["depends"]
    if isinstance(found.get("dependencies"), list):
        found["dependencies"] = sorted(set(found["dependencies"]))
    return found


def _arguments(arguments: Any) -> Any:
    if not isinstance(arguments, dict):
        return arguments
    found = dict(arguments)
    if isinstance(found.get("parameters"), list):
        found["parameters"] = {p.get("name"): _value(p) for p in found["parameters"] if isinstance(p, dict)}
    if isinstance(found.get("artifacts"), list):
        found["artifacts"] = {a.get("name"): a for a in found["artifacts"] if isinstance(a, dict)}
    return found


def _value(parameter: dict[str, Json]) -> dict[str, Json]:
    value = parameter.get("value")
    if value is None or isinstance(value, (dict, list)):
        return parameter
    return {**parameter, "value": encode(value)}


def _bare(value: Any) -> Any:
    """Take away what is empty."""
    if isinstance(value, dict):
        cleaned = {k: _bare(v) for k, v in value.items()}
        return {k: v for k, v in cleaned.items() if not _says_nothing(k, v)}
    if isinstance(value, list):
        return [_bare(v) for v in value]
    return value


def _says_nothing(key: str, value: Any) -> bool:
    """Tell whether a field is as good as absent: empty, or false where Argo leaves false out."""
    if value is False:
        return key in ("clusterScope", "optional")
    return value is None or value == [] or (value == {} and key not in _MEANS_EMPTY)


_MEANS_EMPTY = frozenset({"suspend", "emptyDir", "none", "supplied", "raw"})
"""Fields whose being there means something, even if nothing is in them."""
