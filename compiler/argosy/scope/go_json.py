"""A struct as Go's ``encoding/json`` writes it, empty parts that Go never leaves out included.

Argo looks for tags in this text, and a ``{{`` that is not closed where it stands is closed by the next ``}}`` of the
JSON itself: so the exact text decides. Only such a template needs it; for all others plain encoding finds the same
tags. Source: the types of Argo v4.1.2, by reflection.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

_ALWAYS: dict[str, dict[str, str]] = {
    "Template": {"inputs": "{}", "outputs": "{}", "metadata": "{}"},
    "Container": {"name": '""', "resources": "{}"},
    "ContainerNode": {"name": '""', "resources": "{}"},
    "UserContainer": {"name": '""', "resources": "{}"},
    "ScriptTemplate": {"name": '""', "resources": "{}", "source": '""'},
    "EnvVar": {"name": '""'},
    "ContainerSetTemplate": {"containers": "null"},
    "ContainerSetRetryStrategy": {"retries": "null"},
    "DAGTemplate": {"tasks": "null"},
    "DAGTask": {"name": '""', "arguments": "{}"},
    "WorkflowStep": {"arguments": "{}"},
    "LifecycleHook": {"arguments": "{}"},
    "Artifact": {"name": '""'},
    "ArtifactPaths": {"name": '""'},
    "Parameter": {"name": '""'},
    "Data": {"source": "{}", "transformation": "null"},
    "TransformationStep": {"expression": '""'},
    "HTTP": {"url": '""'},
    "HTTPHeader": {"name": '""'},
    "HTTPArtifact": {"url": '""'},
    "Header": {"name": '""', "value": '""'},
    "ArtifactoryArtifact": {"url": '""'},
    "AzureArtifact": {"endpoint": '""', "container": '""', "blob": '""'},
    "GCSArtifact": {"key": '""'},
    "GitArtifact": {"repo": '""'},
    "HDFSArtifact": {"path": '""'},
    "OSSArtifact": {"key": '""'},
    "PluginArtifact": {"key": '""'},
    "RawArtifact": {"data": '""'},
    "Memoize": {"key": '""', "cache": "null", "maxAge": '""'},
    "Metrics": {"prometheus": "null"},
    "Prometheus": {"name": '""', "help": '""'},
    "MetricLabel": {"key": '""', "value": '""'},
    "Gauge": {"value": '""', "realtime": "null"},
    "Histogram": {"value": '""', "buckets": "null"},
    "Counter": {"value": '""'},
    "ResourceTemplate": {"action": '""'},
    "ManifestFrom": {"artifact": "null"},
}
"""By struct: the fields that are written even when they are empty, and what is written then."""


def go_json(value: Any) -> str:
    """Write a struct, or anything in one."""
    if isinstance(value, msgspec.Struct):
        always = _ALWAYS.get(type(value).__name__, {})
        parts = []
        for field in msgspec.structs.fields(value):
            found = getattr(value, field.name)
            if _is_empty(found):
                if field.encode_name in always:
                    parts.append(f'"{field.encode_name}":{always[field.encode_name]}')
            else:
                parts.append(f'"{field.encode_name}":{go_json(found)}')
        return "{" + ",".join(parts) + "}"
    if isinstance(value, dict):
        return "{" + ",".join(f"{go_json(key)}:{go_json(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(go_json, value)) + "]"
    text = json.dumps(str(value) if isinstance(value, str) else value, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _is_empty(value: Any) -> bool:
    if isinstance(value, msgspec.Struct):
        return all(_is_empty(getattr(value, name)) for name in value.__struct_fields__) and not _written_empty(value)
    return value is None or value is False or value in ("", 0, [], {})


def _written_empty(value: msgspec.Struct) -> bool:
    return type(value).__name__ not in ("Inputs", "Outputs", "Metadata", "Arguments", "DataSource")
