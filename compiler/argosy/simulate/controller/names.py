"""Names and ids, as Argo makes them."""

from __future__ import annotations

import re
from functools import lru_cache

_PREFIX_LENGTH = 253 - 10 - 1
_SEPARATOR = re.compile(r"\A(\[\d+\])?\.")


@lru_cache(maxsize=4096)
def fnv32a(text: str) -> int:
    """Give the 32-bit FNV-1a hash of a text's UTF-8, as Go's hash/fnv does."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def node_id(workflow: str, node: str) -> str:
    """Give the id of a node (v4.1 pkg/apis/workflow/v1alpha1 Workflow.NodeID).

    >>> node_id("w", "w"), node_id("w", "w[0].a")
    ('w', 'w-2154914770')
    """
    return workflow if node == workflow else f"{workflow}-{fnv32a(node)}"


def pod_name(workflow: str, node: str, template: str) -> str:
    """Give the name of a node's pod, version 2 (v4.1 workflow/util/pod_name.go GeneratePodName)."""
    if workflow == node:
        return workflow
    prefix = f"{workflow}-{template}" if template else workflow
    return f"{prefix[:_PREFIX_LENGTH]}-{fnv32a(node)}"


def display_name(node: str, boundary: str | None) -> str:
    """Give the display name of a node within its boundary (v4.1 operator.go initializeNode).

    >>> display_name("w[0].a(1:x)", "w")
    'a(1:x)'
    """
    if boundary is None:
        return node
    return _SEPARATOR.sub("", node.removeprefix(boundary))


def on_exit(parent: str) -> str:
    """Give the name of an exit handler's node (v4.1 common.GenerateOnExitNodeName)."""
    return f"{parent}.onExit"


def hook(parent: str, name: str) -> str:
    """Give the name of a hook's node (v4.1 hooks.go generateLifeHookNodeName)."""
    return f"{parent}.hooks.{name}"


def step_or_task(node: str) -> str:
    """Give the name of the step or task in a node's name (v4.1 operator.go getStepOrDAGTaskName).

    >>> step_or_task("w[0].fan(0:1)(2)")
    'fan'
    """
    opener = ""
    end = len(node)
    while end > 0:
        char = node[end - 1]
        if char == opener:
            opener = ""
        elif opener:
            pass
        elif char == ")":
            opener = "("
        elif char == "]":
            opener = "["
        else:
            break
        end -= 1
    return node[:end].rpartition(".")[2] if end else node.rpartition(".")[2]
