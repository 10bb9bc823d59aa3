"""The format of scenario files, as a page: every field with the sentence that documents it in the code."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any, Literal, Union, get_args, get_origin

from argosy.simulate.scenario import Scenario
from argosy.simulate.shape import Regex, Seconds, slots

HEAD = """<!-- made by `make docs` from the code -->

# Scenarios

A scenario says what the world does to a run: what its pods do, what people do, how it is expected to end. Give it to
`argosy simulate --scenario FILE`, or to `argosy.simulate(scenario=...)`. Editors check it with
`schemas/scenario.schema.json`.

```yaml
name: retry-and-tell
manifest: workflow.yaml
outcomes:                                   # for each pod the first one that matches; without any it succeeds
- match: {template: work, attempt: 0}
  exitCode: 1
  message: no disk left
  duration: 2s
- match: {template: notify, hooked: true}
  deliveredTwice: true
actions:
- {when: {node: work}, after: 500ms, do: stop}
- {after: 1h, do: controller-down, for: 10m}
expect:
  phase: Failed
  exitHandler: Succeeded
  nodes: {work: {phase: Failed, message: no disk}}
```

An outcome or an action that never applies, and an expectation that does not hold, make `argosy simulate` exit with 1.
"""
_NAMES = {str: "text", int: "number", bool: "true/false", Seconds: "duration", Regex: "regex", Any: "anything"}


def page() -> str:
    """Give the page in Markdown."""
    out = [HEAD]
    for cls in _classes(Scenario):
        lines = (cls.__doc__ or "").strip().split("\n")
        out.append(f"\n## {cls.__name__}\n\n{lines[0]}\n\n| field | value | |\n|---|---|---|\n")
        for slot in slots(cls):
            required = " (required)" if slot.required else ""
            out.append(f"| `{slot.key}` | {_shown(slot.type)}{required} | {slot.doc.replace('|', chr(92) + '|')} |\n")
    return "".join(out)


def _classes(cls: type, seen: list[type] | None = None) -> list[type]:
    """Give a dataclass and those that its fields have, each once, in order."""
    found = [] if seen is None else seen
    if cls not in found:
        found.append(cls)
        for slot in slots(cls):
            for inner in _inner(slot.type):
                _classes(inner, found)
    return found


def _inner(kind: Any) -> Iterator[type]:
    if is_dataclass(kind) and isinstance(kind, type):
        yield kind
    for part in get_args(kind):
        if not isinstance(part, str):
            yield from _inner(part)


def _shown(kind: Any) -> str:
    if kind in _NAMES:
        return _NAMES[kind]
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return " or ".join(_shown(a) for a in args if a is not type(None))
    if origin is Literal:
        return ", ".join(f"`{a}`" for a in args)
    if origin is list:
        return f"list of {_shown(args[0])}"
    if origin is dict:
        return f"name: {_shown(args[1])}"
    name = typing.cast(str, kind.__name__)
    return f"[{name}](#{name.lower()})"
