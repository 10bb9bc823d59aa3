"""The branches of a workflow: each step, task and hook that a condition guards, and whether it may be taken or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from argosy.explore.observe import Branch
from argosy.explore.templates import Obj, Placed, Templates, handler_name
from argosy.source import Span


@dataclass(frozen=True, slots=True)
class Written:
    """A branch as the manifest has it."""

    branch: Branch
    condition: str
    """``when``, ``depends`` or ``expression``; empty: none."""
    span: Span

    @property
    def words(self) -> str:
        """What to call it."""
        where = f"{self.branch.template}.{self.branch.name}" if self.branch.template else self.branch.name
        return f"{where} {'runs' if self.branch.taken else 'is left out'}"


def branches(templates: Templates) -> list[Written]:
    """Give every branch of the templates that the entrypoint, the handler and the hooks reach, in order."""
    out: list[Written] = []
    spec = templates.spec
    for name, hook in sorted((spec.data.get("hooks") or {}).items()):
        if name != "exit" and isinstance(hook, dict):
            span = spec.at("hooks", name)
            out.append(Written(Branch("", f"hooks.{name}", True), str(hook.get("expression") or ""), span))
    for name in reached(templates):
        placed = templates.by_name[name]
        out += _of_template(templates, name, placed)
    return out


def reached(templates: Templates) -> list[str]:
    """Give the names of templates that can be reached, in order of a walk from the entrypoint and the handler."""
    spec = templates.spec.data
    hooks = [hook for hook in (spec.get("hooks") or {}).values() if isinstance(hook, dict)]
    start = [str(spec.get("entrypoint") or ""), handler_name(spec), *(templates.called(hook)[0] for hook in hooks)]
    return reached_from(templates, start)


def reached_from(templates: Templates, start: list[str]) -> list[str]:
    """Give the names of templates that can be reached from some, with these."""
    found: dict[str, None] = {}
    waiting = [name for name in start if name in templates.by_name]
    while waiting:
        name = waiting.pop(0)
        if name in found:
            continue
        found[name] = None
        waiting += [called for called in _calls(templates, templates.by_name[name].data) if called in templates.by_name]
    return list(found)


def _calls(templates: Templates, template: Obj) -> Iterator[str]:
    for call, _ in templates.calls(template):
        yield templates.called(call)[0]
        yield str(call.get("onExit") or "")
        for hook in (call.get("hooks") or {}).values():
            if isinstance(hook, dict):
                yield templates.called(hook)[0]


def _of_template(templates: Templates, name: str, placed: Placed) -> Iterator[Written]:
    for call, address in templates.calls(placed.data):
        step = str(call.get("name") or "")
        condition = str(call.get("when") or "")
        span = placed.at(*address, *(("when",) if condition else ()))
        yield Written(Branch(name, step, True), condition or str(call.get("depends") or ""), span)
        if condition:
            yield Written(Branch(name, step, False), condition, span)
        if call.get("onExit"):
            yield Written(Branch(name, f"{step}.onExit", True), "", placed.at(*address, "onExit"))
        for hook, data in sorted((call.get("hooks") or {}).items()):
            called = f"{step}.onExit" if hook == "exit" else f"{step}.hooks.{hook}"
            if isinstance(data, dict) and not (hook == "exit" and call.get("onExit")):
                expression = str(data.get("expression") or "")
                yield Written(Branch(name, called, True), expression, placed.at(*address, "hooks", hook))
