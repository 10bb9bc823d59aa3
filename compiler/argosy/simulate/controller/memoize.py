"""Memoization: results kept in a ConfigMap (v4.1 controller/cache/configmap_cache.go, operator.go executeTemplate)."""

from __future__ import annotations

import json
import re
from typing import Any

from argosy.simulate.controller import nodes
from argosy.simulate.controller.operation import Operation, Refused
from argosy.simulate.controller.state import Node, Obj
from argosy.simulate.controller.values import go_duration, parse_time, rfc3339

_KEY = re.compile(r"[a-zA-Z0-9][-a-zA-Z0-9]*\Z")
_LABEL, _CACHE = "workflows.argoproj.io/configmap-type", "Cache"


def look_up(op: Operation, call: Any, node: Node | None, template: Obj) -> Node:
    """Give the node of a memoized template, done if the cache has its outputs. Raises Refused."""
    memo = template["memoize"]
    cache, key = nodes.cache_name(memo), str(memo.get("key") or "")
    entry = _load(op, cache, key)
    hit = entry is not None and bool(entry.get("nodeID"))
    outputs = entry.get("outputs") if entry else None
    if memo.get("maxAge"):
        try:
            age = go_duration(str(memo["maxAge"]))
        except Refused as error:
            raise Refused(f"invalid maxAge: {error.message}") from None
        if entry is None or op.now - parse_time(entry["creationTimestamp"]) > age:
            hit, outputs = False, None
    status = {"hit": hit, "key": key, "cacheName": cache}
    if node is None:
        type_ = "Retry" if template.get("retryStrategy") is not None else nodes.TYPES[nodes.kind_of(template)]
        node = nodes.init_executable(
            op, call.name, type_, call.base.scope, template, call.holder, call.options, "Pending", await_result=True
        )
    op.state.touch(node)
    node.memo = status
    if hit:
        op.state.set_phase(node, "Succeeded")
        node.outputs = outputs
        node.finished_at = nodes.second(op.now)
    return node


def save(op: Operation, node: Node, outputs: Obj | None) -> str | None:
    """Keep outputs of a node; give the error if that fails."""
    status = node.memo or {}
    cache, key = str(status.get("cacheName")), str(status.get("key"))
    if not _KEY.match(key):
        return f"invalid cache key: {key}"
    cluster = op.state.cluster
    found = cluster.get("ConfigMap", cluster.controller_namespace, cache)
    if found is None:
        found = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": cache}}
    else:
        problem = _refusal(found)
        if problem:
            return problem
    moment = rfc3339(op.now)
    entry = {"nodeID": node.id, "outputs": outputs, "creationTimestamp": moment, "lastHitTimestamp": moment}
    data = {**(found.get("data") or {}), key: json.dumps(entry, ensure_ascii=False, separators=(",", ":"))}
    metadata = {**(found.get("metadata") or {}), "labels": {_LABEL: _CACHE}}
    cluster.put("ConfigMap", cluster.controller_namespace, cache, {**found, "metadata": metadata, "data": data})
    return None


def _load(op: Operation, cache: str, key: str) -> Obj | None:
    if not _KEY.match(key):
        raise Refused(f"invalid cache key: {key}")
    cluster = op.state.cluster
    found = cluster.get("ConfigMap", cluster.controller_namespace, cache)
    if found is None:
        return None
    problem = _refusal(found)
    if problem:
        raise Refused(problem)
    raw = (found.get("data") or {}).get(key)
    if not raw:
        return None
    try:
        entry: Obj = json.loads(raw)
    except ValueError:
        from argosy.simulate.controller.gojson import syntax_error

        raise Refused(
            f"malformed cache entry: could not unmarshal JSON; unable to parse: {syntax_error(raw)}"
        ) from None
    return entry


def _refusal(config_map: Obj) -> str | None:
    label = ((config_map.get("metadata") or {}).get("labels") or {}).get(_LABEL)
    if label is None:
        return f"memoization configmap doesn't have {_LABEL} label, refusing to use it"
    if label != _CACHE:
        return f"memoization configmap doesn't have label {_LABEL} = {_CACHE}, refusing to use it"
    return None
