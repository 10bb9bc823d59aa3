"""Mutexes and semaphores, shared by the workflows of a controller (v4.1 workflow/sync).

A holder is a workflow (``namespace/name``) or a node (``namespace/name/id``). Who waits stands in a queue by priority and then
by the age of its workflow; a lock that is released wakes those at its front.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from argosy.simulate.controller.operation import Operation, Refused
from argosy.simulate.controller.state import Obj, State
from argosy.simulate.controller.values import atoi
from argosy.simulate.seam import Cluster, WakeWorkflow
from argosy.versions import ArgoVersion


@dataclass(slots=True)
class _Waiter:
    key: str
    priority: int
    created: str

    def rank(self) -> tuple[int, str]:
        return -self.priority, self.created


@dataclass(slots=True)
class Lock:
    """A mutex, or a semaphore whose limit is read from its ConfigMap each time."""

    name: str
    kind: str
    """``mutex`` or ``semaphore``, as in status.synchronization."""
    holders: dict[str, None] = field(default_factory=dict)
    waiters: dict[str, _Waiter] = field(default_factory=dict)
    last_limit: int = 1

    def limit(self, cluster: Cluster) -> int:
        """Give the limit; if it cannot be read, the last one known."""
        if self.kind == "semaphore":
            namespace, _, config_map, key = self.name.split("/", 3)
            found = cluster.get("ConfigMap", namespace, config_map)
            with suppress(KeyError, Refused, ValueError):
                self.last_limit = atoi(str(((found or {}).get("data") or {})[key]))
        return self.last_limit

    def front(self) -> list[_Waiter]:
        """Give those that wait, the first to be served first."""
        return sorted(self.waiters.values(), key=_Waiter.rank)

    def notify(self, op: Operation) -> None:
        """Wake as many workflows as there is room for (notifyWaiters)."""
        room = self.limit(op.state.cluster) - len(self.holders)
        if room > 0:
            for waiter in self.front()[:room]:
                op.commands.append(WakeWorkflow(_workflow(waiter.key)))

    def check(self, op: Operation, key: str) -> tuple[bool, str]:
        """Say whether a holder has the lock or can have it now; if not, the message for people (checkAcquire)."""
        limit = self.limit(op.state.cluster)
        if key in self.holders:
            return True, ""
        if limit == 0:
            return False, f"Failed to get semaphore limit for {self.name}"
        message = f"Waiting for {self.name} lock. Lock status: {limit - len(self.holders)}/{limit}"
        front = self.front()
        if front and not _same_workflow(key, front[0].key):
            if len(self.holders) < limit:
                op.commands.append(WakeWorkflow(_workflow(front[0].key)))
            return False, message
        return (True, "") if len(self.holders) < limit else (False, message)

    def acquire(self, op: Operation, key: str) -> None:
        """Give the lock to a holder for whom :meth:`check` said yes."""
        if key not in self.holders:
            self.holders[key] = None
            self.waiters.pop(key, None)
            self.notify(op)

    def release(self, op: Operation, key: str) -> None:
        """Take the lock from a holder, and those that wait before it to the controller's attention."""
        if key in self.holders:
            del self.holders[key]
            if len(self.holders) < self.limit(op.state.cluster) and self.waiters:
                self.notify(op)


def _workflow(key: str) -> str:
    return "/".join(key.split("/")[:2])


def _same_workflow(first: str, second: str) -> bool:
    """isSameWorkflowNodeKeys."""
    one, other = first.split("/"), second.split("/")
    return len(one) == len(other) and one[1] == other[1]


class Locks:
    """The lock manager of a controller (sync.Manager)."""

    def __init__(self) -> None:
        self._locks: dict[str, Lock] = {}

    def try_acquire(self, op: Operation, holder: str, synchronization: Obj) -> tuple[bool, str, str]:
        """Take all locks, or none: whether it has them, the message, and the first lock that it waits for.

        ``holder`` is a node's id; "" is the workflow itself. Raises Refused (Manager.TryAcquire).
        """
        state = op.state
        key = _holder_key(state, holder)
        locks = [self._lock(state, kind, name) for kind, name in _items(state, synchronization)]
        priority = state.workflow["spec"].get("priority") or 0
        for lock in locks:
            _status(state, lock.kind)
            if key not in lock.holders:
                waiter = lock.waiters.setdefault(key, _Waiter(key, priority, _created(state)))
                waiter.priority = priority
        message = failed = ""
        for lock in locks:
            free, why = lock.check(op, key)
            if not free:
                message, failed = message or why, failed or lock.name
        for lock in locks:
            if failed:
                _note_waiting(state, lock)
            else:
                lock.acquire(op, key)
                _note_holding(state, lock, key)
        return not failed, message, failed

    def release(self, op: Operation, holder: str, synchronization: Obj) -> None:
        """Release the locks of a node, and no longer wait for them (Manager.Release)."""
        state = op.state
        key = _holder_key(state, holder)
        try:
            items = _items(state, synchronization)
        except Refused:
            return
        for _, name in items:
            lock = self._locks.get(name)
            if lock is not None:
                lock.release(op, key)
                lock.waiters.pop(key, None)
                _note_released(state, lock, key)

    def release_all(self, op: Operation) -> None:
        """Release whatever a workflow holds, and take it out of all queues (Manager.ReleaseAll)."""
        state = op.state
        if state.sync is None:
            return
        own = _holder_key(state, "")
        for lock in self._locks.values():
            for key in [k for k in lock.holders if _workflow(k) == own]:
                lock.release(op, key)
            for key in [k for k in lock.waiters if _workflow(k) == own]:
                del lock.waiters[key]
        for node in state.nodes.values():
            if node.waiting:
                state.touch(node)
                node.waiting = None
                state.open_nodes.pop(node.id, None)
        state.sync = None

    def _lock(self, state: State, kind: str, name: str) -> Lock:
        lock = self._locks.get(name)
        if lock is None:
            lock = Lock(name, kind, last_limit=1 if kind == "mutex" else 0)
            if lock.limit(state.cluster) == 0:
                raise Refused(f"failed to initialize semaphore {name} with limit")
            self._locks[name] = lock
        return lock


def _holder_key(state: State, holder: str) -> str:
    return f"{state.key}/{holder}" if holder else state.key


def _created(state: State) -> str:
    return str(state.workflow["metadata"].get("creationTimestamp") or "")


def _items(state: State, synchronization: Obj) -> list[tuple[str, str]]:
    """Give kind and name of each lock (allSyncItems). Raises Refused."""
    semaphores = list(synchronization.get("semaphores") or [])
    mutexes = list(synchronization.get("mutexes") or [])
    if state.version < ArgoVersion.V4_0:  # which had the single ones, too
        semaphores = [s for s in [synchronization.get("semaphore")] if s] + semaphores
        mutexes = [m for m in [synchronization.get("mutex")] if m] + mutexes
    for items in (semaphores, mutexes):
        if any(item in items[:i] for i, item in enumerate(items)):
            raise Refused("requested configuration is invalid: duplicate synchronization item found")
    return [_semaphore(state, s) for s in semaphores] + [_mutex(state, m) for m in mutexes]


def _semaphore(state: State, reference: Obj) -> tuple[str, str]:
    config_map = reference.get("configMapKeyRef")
    if reference.get("database"):
        if config_map:
            raise Refused(
                "requested configuration is invalid: invalid semaphore with both ConfigMapKeyRef and Database"
            )
        raise Refused("synchronization database session is not available")
    if not config_map:
        raise Refused(
            "requested configuration is invalid: cannot get LockName for a Semaphore without a ConfigMapRef or Database"
        )
    namespace = reference.get("namespace") or state.namespace
    return "semaphore", f"{namespace}/ConfigMap/{config_map.get('name', '')}/{config_map.get('key', '')}"


def _mutex(state: State, reference: Obj) -> tuple[str, str]:
    if reference.get("database"):
        raise Refused("synchronization database session is not available")
    return "mutex", f"{reference.get('namespace') or state.namespace}/Mutex/{reference.get('name', '')}"


def _status(state: State, kind: str) -> dict[str, Any]:
    """Give status.synchronization of a kind, made if need be (ensureInit)."""
    if state.sync is None:
        state.sync = {}
    return state.sync.setdefault(kind, {})


def _note_holding(state: State, lock: Lock, key: str) -> None:
    status = _status(state, lock.kind)
    holding = status.setdefault("holding", [])
    if lock.kind == "mutex":
        status["holding"] = [h for h in holding if h["mutex"] != lock.name] + [{"mutex": lock.name, "holder": key}]
        return
    entry = next((h for h in holding if h["semaphore"] == lock.name), None)
    if entry is None:
        holding.append({"semaphore": lock.name, "holders": [key]})
    elif key not in entry["holders"]:
        entry["holders"].append(key)


def _note_waiting(state: State, lock: Lock) -> None:
    if not lock.holders and lock.kind == "mutex":
        return
    status = _status(state, lock.kind)
    waiting = [w for w in status.get("waiting", []) if w[lock.kind] != lock.name]
    holders = list(lock.holders)
    entry = {"holder": holders[0]} if lock.kind == "mutex" else {"holders": holders}
    status["waiting"] = [*waiting, {lock.kind: lock.name, **entry}]


def _note_released(state: State, lock: Lock, key: str) -> None:
    if state.sync is None or lock.kind not in state.sync:
        return
    status = state.sync[lock.kind]
    if lock.kind == "mutex":
        gone = {"mutex": lock.name, "holder": key}
        status["holding"] = [h for h in status.get("holding", []) if h != gone]
        return
    for entry in status.get("holding", []):
        if entry["semaphore"] == lock.name and key in entry["holders"]:
            entry["holders"].remove(key)
