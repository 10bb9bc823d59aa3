"""Strategic merge of Kubernetes-style objects, as Argo merges defaults and templates below a workflow."""

from __future__ import annotations

from typing import Any

from argosy.source import Json

Obj = dict[str, Json]

MERGE_KEYS = {
    "templates": "name",
    "parameters": "name",
    "artifacts": "name",
    "volumes": "name",
    "volumeClaimTemplates": "name",
    "imagePullSecrets": "name",
    "tasks": "name",
    "initContainers": "name",
    "sidecars": "name",
    "containers": "name",
    "env": "name",
    "volumeMounts": "mountPath",
    "volumeDevices": "devicePath",
    "ports": "containerPort",
    "hostAliases": "ip",
    "tolerations": "key",
}
"""Lists whose items are merged by a key (patchMergeKey); all others are replaced."""


def strategic_merge(below: Any, above: Any, name: str = "") -> Any:
    """Give ``above`` merged over ``below``: objects by field, lists of MERGE_KEYS by item, all else replaced."""
    if isinstance(below, dict) and isinstance(above, dict):
        merged = dict(below)
        for field, value in above.items():
            if value is None:
                merged.pop(field, None)
            elif field in merged and merged[field] is not None:
                merged[field] = strategic_merge(merged[field], value, field)
            else:
                merged[field] = value
        return merged
    key = MERGE_KEYS.get(name)
    if key and isinstance(below, list) and isinstance(above, list):
        return _merge_lists(below, above, key)
    return above


def _merge_lists(below: list[Any], above: list[Any], key: str) -> list[Any]:
    """Merge by key; the order is that of ``above``, with what only ``below`` has after it (as strategicpatch sorts)."""
    if not all(isinstance(item, dict) for item in (*below, *above)):
        return above
    by_key = {item.get(key): item for item in below}
    merged = [strategic_merge(by_key[i.get(key)], i) if i.get(key) in by_key else i for i in above]
    seen = {item.get(key) for item in above}
    return merged + [item for item in below if item.get(key) not in seen]


def merge_workflow_spec(below: Obj, above: Obj) -> Obj:
    """Give a workflow's spec merged over another's (v4.1 workflow/util/merge.go MergeTo).

    Hooks and labelsFrom do not merge within: one that ``above`` has stays as it is.
    """
    hooks = {**(below.get("hooks") or {}), **(above.get("hooks") or {})}
    labels_below = ((below.get("workflowMetadata") or {}).get("labelsFrom")) or {}
    labels_above = ((above.get("workflowMetadata") or {}).get("labelsFrom")) or {}
    merged: Obj = strategic_merge({k: v for k, v in below.items() if k != "hooks"}, above)
    if hooks:
        merged["hooks"] = hooks
    if labels_below or labels_above:
        metadata = {**(merged.get("workflowMetadata") or {}), "labelsFrom": {**labels_below, **labels_above}}
        merged["workflowMetadata"] = metadata
    return merged


def join_workflow_spec(workflow: Obj, template: Obj | None, defaults: Obj | None) -> Obj:
    """Give the spec of a workflow over its WorkflowTemplate's over the defaults (JoinWorkflowSpec)."""
    target = workflow
    for below in (template, defaults):
        if below is not None:
            target = merge_workflow_spec(below, target)
    target = {k: v for k, v in target.items() if k != "suspend"}
    if workflow.get("suspend") is not None:
        target["suspend"] = workflow["suspend"]
    arguments = target.get("arguments")
    if arguments and (arguments.get("parameters") or arguments.get("artifacts")):
        target["arguments"] = {
            part: [_prior(item, part, workflow, template) for item in items] if isinstance(items, list) else items
            for part, items in arguments.items()
        }
    return target


def _prior(item: Obj, part: str, workflow: Obj, template: Obj | None) -> Obj:
    """Keep the whole of the argument of the highest order: value, valueFrom and default do not mix."""
    if part == "parameters" and not _has_value(item):
        return item
    for spec in (workflow, template or {}):
        for own in ((spec.get("arguments") or {}).get(part)) or ():
            if own.get("name") == item.get("name") and (part != "parameters" or _has_value(own)):
                merged: Obj = own if part == "parameters" else strategic_merge(item, own)
                return merged
    return item


def _has_value(parameter: Obj) -> bool:
    """Parameter.HasValue."""
    return any(parameter.get(field) is not None for field in ("value", "default", "valueFrom"))
