"""Retries: the retry node, its attempts, and whether there is another (v4.1 operator.go processNodeRetries)."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from argosy.simulate.controller import arguments, nodes
from argosy.simulate.controller.expressions import holds
from argosy.simulate.controller.names import pod_name
from argosy.simulate.controller.operation import Fault, Operation, Options, Refused
from argosy.simulate.controller.state import Flag, Node, Obj
from argosy.simulate.controller.templates import Base
from argosy.simulate.controller.traits import traits_of
from argosy.simulate.controller.values import go_float, go_time, humanize, int_or_string, parse_duration
from argosy.simulate.controller.work import Work

if TYPE_CHECKING:
    from argosy.simulate.controller.execute import Call

_POLICIES = {
    "Always": (True, True),
    "OnError": (False, True),
    "OnFailure": (True, False),
    "OnTransientError": (False, False),
}
"""Whether each policy retries what Failed, and what is in Error."""
_MAX = float((1 << 63) - 1) / 1e9


@dataclass(slots=True)
class _Attempts:
    """The attempts among the first so many children of a retry node."""

    seen: int = 0
    found: list[Node] = field(default_factory=list)


def policy(strategy: Obj) -> str:
    """Give the policy in force (RetryPolicyActual)."""
    return str(strategy.get("retryPolicy") or ("Always" if strategy.get("expression") else "OnFailure"))


def attempts(op: Operation, node: Node) -> list[Node]:
    """Give a retry node's attempts (getChildNodeIdsRetried); only children that are new are looked at."""
    known: dict[str, _Attempts] = op.state.caches.setdefault("attempts", {})
    entry = known.get(node.id)
    if entry is None or op.full or entry.seen > len(node.children):
        entry = known[node.id] = _Attempts()
    for child_id in islice(node.children, entry.seen, None):
        child = op.state.nodes.get(child_id)
        if child is None:
            break
        entry.seen += 1
        if child.retried:
            entry.found.append(child)
    return entry.found


def execute(
    op: Operation, call: Call, node: Node | None, base: Base, template: Obj, strategy: Obj
) -> tuple[Node | None, Fault | None]:
    """Execute a template that is retried: its current attempt, or the next (executeTemplate's part on retries)."""
    from argosy.simulate.controller.execute import Call, execute_template, run

    options: Options = call.options
    if node is None:
        node = nodes.init_executable(op, call.name, "Retry", call.base.scope, template, call.holder, options, "Running")
    node.work = Work(None if options.volatile else template, call.arguments)
    node.dirty = False
    if options.flag is None:
        options.flag = Flag()
    options.flag.retried = True
    try:
        goes_on = process(op, node, strategy, options)
    except Refused as error:
        return nodes.mark_error(op, node, error.message), error.fault
    if not goes_on:
        return node, None
    tried = attempts(op, node)
    last = tried[-1] if tried else None
    if node.fulfilled and (nodes.children_fulfilled(op.state, node) or (node.daemoned and node.failed)):
        if last is not None:
            node.outputs = last.outputs
        if template.get("synchronization"):
            op.state.locks.release(op, node.id, template["synchronization"])
        return node, None
    if last is not None and not last.phase_fulfilled:
        name, number = last.name, len(tried) - 1
    else:
        number = len(tried)
        name = f"{call.name}({number})"
        nodes.add_child(op.state, node, name)
    attempt = op.state.by_name.get(name)
    known = attempt.work if attempt is not None and not op.full and not options.volatile else None
    try:
        if known is not None and known.template is not None:
            template = known.template
        elif template.get("inputs") or traits_of(template).tagged:
            local = _local(op, template, name, number, last)
            template = arguments.substitute(op.state, template, local)
    except Refused as error:
        refused = error.fault
        made = nodes.init_or_mark_error(op, attempt, name, call.base.scope, call.holder, options, refused)
        return made, refused
    options.owner = node
    if attempt is not None:
        attempt.dirty = False
    inner = Call(name, call.holder, call.kind, call.base, call.arguments, options)
    result, fault = run(op, inner, base, template)
    options.owner = node.owner
    if fault is not None:
        return result, fault
    attempt = op.state.by_name.get(name)
    if attempt is None:
        return result, None
    if not node.phase_fulfilled and attempt.phase_fulfilled:
        node.dirty = True
        again, fault = execute_template(op, call)
        if fault is not None:
            return nodes.mark_error(op, attempt, fault.message), fault
        node = again or node
    if not attempt.phase_fulfilled and attempt.daemoned:
        nodes.mark(op, node, attempt.phase)
        op.state.set_daemoned(node, True)
    return node, None


def _local(op: Operation, template: Obj, name: str, number: int, last: Node | None) -> dict[str, str]:
    local = {"retries": str(number)}
    if nodes.is_pod(template):
        local["pod.name"] = pod_name(op.state.name, name, template.get("name") or "")
    code, seconds, status, message = "0", "0", "", ""
    if last is not None:
        code = str((last.outputs or {}).get("exitCode") or "0")
        seconds, status, message = _duration(last), last.phase, last.message
    local["lastRetry.exitCode"] = code
    local["lastRetry.duration"] = seconds
    local["lastRetry.status"] = status
    local["lastRetry.message"] = message
    return local


def _duration(node: Node) -> str:
    return go_float(node.finished_at - node.started_at if node.finished_at else 0.0)


def process(op: Operation, node: Node, strategy: Obj, options: Options) -> bool:
    """Update a retry node from its attempts; say whether to go on now (processNodeRetries). Raises Refused."""
    if node.phase_fulfilled:
        return True
    tried = attempts(op, node)
    if not tried:
        return True
    last = tried[-1]
    if last.daemoned:
        op.state.set_daemoned(node, True)
    if not last.phase_fulfilled:
        if last.daemoned:
            nodes.mark(op, node, last.phase)
            op.state.set_daemoned(node, True)
        return True
    if not last.failed:
        node.outputs = last.outputs
        nodes.mark(op, node, "Succeeded")
        return True
    if op.shutdown or op.past_deadline():
        message = (
            f"Stopped with strategy '{op.shutdown}'"
            if op.shutdown
            else f"retry exceeded workflow deadline {go_time(op.deadline or 0.0)}"
        )
        nodes.mark(op, node, last.phase, message)
        return True
    if strategy.get("backoff") is not None:
        verdict = _back_off(op, node, strategy, tried, options)
        if verdict is not None:
            return verdict
    _decide(op, node, strategy, tried)
    return True


def _back_off(op: Operation, node: Node, strategy: Obj, tried: list[Node], options: Options) -> bool | None:
    """Wait, or give up for the time that has passed; None: neither."""
    backoff = strategy["backoff"]
    last = tried[-1]
    limit_at = 0.0
    if backoff.get("maxDuration"):
        limit_at = tried[0].started_at + parse_duration(str(backoff["maxDuration"]))
        if op.now >= limit_at:
            nodes.mark(op, node, last.phase, "Max duration limit exceeded")
            return True
    if not backoff.get("duration"):
        raise Refused("no base duration specified for retryStrategy")
    wait = _wait(backoff, len(tried))
    due = last.finished_at + wait
    if limit_at and due > limit_at:
        nodes.mark(op, node, last.phase, "Backoff would exceed max duration limit")
        return True
    limit = strategy.get("limit")
    if op.now < due and limit is not None and len(tried) <= _int_value(limit):
        op.state.wake_at(op.now + wait, node)
        nodes.mark(op, node, node.phase, f"Backoff for {humanize(wait)}")
        op.state.mark(node)
        return False
    options.deadline = limit_at
    nodes.mark(op, node, node.phase, "")
    return None


def _int_value(value: Any) -> int:
    """IntOrString.IntValue: 0 for what is no number."""
    try:
        return int_or_string(value) or 0
    except Refused:
        return 0


def _wait(backoff: Obj, count: int) -> float:
    base = parse_duration(str(backoff["duration"]))
    wait = base
    factor = int_or_string(backoff.get("factor"))
    if factor is not None and factor > 0:
        power = float(factor) ** (count - 1) if count < 1000 else _MAX
        wait = _MAX if base and power > _MAX / base else base * int(power)
    if backoff.get("cap"):
        wait = min(wait, parse_duration(str(backoff["cap"])))
    return wait


def _decide(op: Operation, node: Node, strategy: Obj, tried: list[Node]) -> None:
    """Mark the retry node with its last attempt's phase if there is not to be another."""
    last = tried[-1]
    name = policy(strategy)
    if name not in _POLICIES:
        raise Refused(f"{name} is not a valid RetryPolicy")
    on_failed, on_error = _POLICIES[name]
    if name == "OnTransientError" and last.failed and is_transient(last.message):
        on_failed = on_error = True
    daemon_ended = last.daemoned and last.phase == "Succeeded"
    if ((last.phase == "Failed" or daemon_ended) and not on_failed) or (last.phase == "Error" and not on_error):
        nodes.mark(op, node, last.phase, last.message)
        return
    limit = int_or_string(strategy.get("limit"))
    if limit is not None and len(tried) > limit:
        nodes.mark(op, node, last.phase, "No more retries left")
        return
    expression = strategy.get("expression")
    if expression and not _holds(expression, tried) and last.fulfilled:
        nodes.mark(op, node, last.phase, "retryStrategy.expression evaluated to false")


def _holds(expression: str, tried: list[Node]) -> bool:
    last = tried[-1]
    scope = {
        "retries": str(len(tried) - 1),
        "lastRetry.exitCode": str((last.outputs or {}).get("exitCode") or "-1"),
        "lastRetry.status": last.phase,
        "lastRetry.duration": _duration(last),
        "lastRetry.message": last.message,
    }
    return holds(expression, scope)


_TRANSIENT = (
    "etcdserver: leader changed",
    "etcdserver: request timed out",
    "etcdserver: too many requests",
    "unexpected error when reading response body",
    "stream error when reading response body",
    "Connection closed by foreign host",
    "net/http: TLS handshake timeout",
    "i/o timeout",
    "connection timed out",
    "connection reset by peer",
    "http2: client connection lost",
    "http2: server sent GOAWAY and closed the connection",
    "request did not complete within requested timeout",
    "connect: connection refused",
    "invalid connection",
    "client rate limiter Wait returned an error",
    "upper: no more rows in",
)


def is_transient(message: str) -> bool:
    """Say whether Argo takes a message for a passing trouble (v4.1 util/errors IsTransientErr, by text)."""
    return any(text in message for text in _TRANSIENT)
