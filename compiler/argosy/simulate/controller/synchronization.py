"""Mutexes and semaphores, shared by the workflows of one controller (v4.1 workflow/sync)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from argosy.simulate.controller.operation import Operation, Refused
from argosy.simulate.controller.state import Obj, State
from argosy.simulate.controller.values import parse_time
from argosy.simulate.seam import Cluster, Command, WakeWorkflow


@dataclass(slots=True)
class Lock:
    """One lock: who holds it, and who waits, by priority and then by age (semaphore.go)."""

    name: str
    limit: int
    holders: dict[str, None] = field(default_factory=dict)
    pending: list[tuple[int, float, int, str]] = field(default_factory=list)
    """(-priority, creation time of the workflow, arrival, key), sorted."""

    def enqueue(self, key: str, priority: int, created: float, arrival: int) -> None:
        """addToQueue."""
        if key not in self.holders and all(item[3] != key for item in self.pending):
            self.pending.append((-priority, created, arrival, key))
            self.pending.sort()

    def leave(self, key: str) -> None:
        """removeFromQueue."""
        self.pending = [item for item in self.pending if item[3] != key]

    def front(self) -> str | None:
        """Give who is first in the queue."""
        return self.pending[0][3] if self.pending else None


def _workflow_key(key: str) -> str:
    return "/".join(key.split("/")[:2])


def _same_workflow(first: str, second: str) -> bool:
    one, two = first.split("/"), second.split("/")
    return len(one) == len(two) and one[1] == two[1]


class Locks:
    """The lock manager (sync_manager.go)."""

    def __init__(self) -> None:
        self.locks: dict[str, Lock] = {}
        self._arrival = 0
        self._cluster = Cluster()

    def try_acquire(self, op: Operation, node_id: str, wanted: Obj) -> tuple[bool, str, str]:
        """Take all locks, or none: whether it did, Argo's message, and the lock that was not free. Raises Refused."""
        state = op.state
        key = _holder_key(state, node_id)
        items = _items(wanted, state.namespace)
        self._cluster = state.cluster
        priority = int(state.spec.get("priority") or 0)
        created = (state.workflow.get("metadata") or {}).get("creationTimestamp")
        for kind, name in items:
            lock = self._lock(kind, name)
            _status(state, kind)
            self._arrival += 1
            lock.enqueue(key, priority, parse_time(created) if created else 0.0, self._arrival)
        message = failed = ""
        for _, name in items:
            free, note = self._check(op.commands, self.locks[name], key)
            if not free and not failed:
                message, failed = note, name
        for kind, name in items:
            lock = self.locks[name]
            if failed:
                _note_waiting(_status(state, kind), kind, name, key, list(lock.holders))
            elif key not in lock.holders:
                lock.holders[key] = None
                lock.leave(key)
                self._notify(op.commands, lock)
                _note_holding(_status(state, kind), kind, name, key)
        return not failed, message, failed

    def release(self, op: Operation, node_id: str, wanted: Obj | None) -> None:
        """Release the locks of a node."""
        if not wanted:
            return
        state = op.state
        key = _holder_key(state, node_id)
        for kind, name in _items(wanted, state.namespace):
            lock = self.locks.get(name)
            if lock is not None:
                self._let_go(op.commands, lock, key)
                _note_released(_status(state, kind), kind, name, key)

    def release_all(self, state: State, commands: list[Command]) -> None:
        """Release everything that a workflow holds or waits for."""
        start = f"{state.namespace}/{state.name}"
        for lock in self.locks.values():
            for key in [k for k in lock.holders if k == start or k.startswith(start + "/")]:
                self._let_go(commands, lock, key)
            for item in [i for i in lock.pending if _workflow_key(i[3]) == start]:
                lock.leave(item[3])
                self._notify(commands, lock)
        state.sync = None

    def _let_go(self, commands: list[Command], lock: Lock, key: str) -> None:
        if key in lock.holders:
            del lock.holders[key]
            if len(lock.holders) < self._limit(lock):
                self._notify(commands, lock)
        lock.leave(key)

    def _lock(self, kind: str, name: str) -> Lock:
        lock = self.locks.get(name)
        if lock is None:
            if "/Database/" in name:
                raise Refused(f"database session is not available for {kind} {name}")
            limit = 1 if kind == "mutex" else self._read_limit(name)
            if limit == 0:
                raise Refused(f"failed to initialize semaphore {name} with limit")
            lock = self.locks[name] = Lock(name, limit)
        return lock

    def _limit(self, lock: Lock) -> int:
        """Give the limit now: a semaphore's ConfigMap may have changed."""
        if "/ConfigMap/" in lock.name:
            with suppress(Refused):
                lock.limit = self._read_limit(lock.name)
        return lock.limit

    def _read_limit(self, name: str) -> int:
        namespace, _, config_map, key = name.split("/", 3)
        found = self._cluster.get("ConfigMap", namespace, config_map)
        if found is None:
            raise Refused(f"failed to initialize semaphore {name} with limit")
        data = found.get("data") or {}
        if key not in data:
            raise Refused(f"failed to initialize semaphore {name} with limit")
        try:
            return int(str(data[key]))
        except ValueError:
            raise Refused(f"failed to initialize semaphore {name} with limit") from None

    def _check(self, commands: list[Command], lock: Lock, key: str) -> tuple[bool, str]:
        """checkAcquire."""
        limit = self._limit(lock)
        if key in lock.holders:
            return True, ""
        if limit == 0:
            return False, f"Failed to get semaphore limit for {lock.name}"
        waiting = f"Waiting for {lock.name} lock. Lock status: {limit - len(lock.holders)}/{limit}"
        front = lock.front()
        if front is not None and not _same_workflow(key, front):
            if len(lock.holders) < limit:
                commands.append(WakeWorkflow(_workflow_key(front)))
            return False, waiting
        return (True, "") if len(lock.holders) < limit else (False, waiting)

    def _notify(self, commands: list[Command], lock: Lock) -> None:
        """notifyWaiters."""
        free = self._limit(lock) - len(lock.holders)
        for item in lock.pending[: max(0, free)]:
            commands.append(WakeWorkflow(_workflow_key(item[3])))


def _holder_key(state: State, node_id: str) -> str:
    key = f"{state.namespace}/{state.name}"
    return f"{key}/{node_id}" if node_id else key


def _items(wanted: Obj, namespace: str) -> list[tuple[str, str]]:
    """Give the kinds and names of locks (allSyncItems, lock_name.go). Raises Refused."""
    items: list[tuple[str, str]] = []
    semaphores = list(wanted.get("semaphores") or ())
    mutexes = list(wanted.get("mutexes") or ())
    semaphores += [wanted["semaphore"]] if wanted.get("semaphore") else []
    mutexes += [wanted["mutex"]] if wanted.get("mutex") else []
    for semaphore in semaphores:
        reference = semaphore.get("configMapKeyRef")
        place = semaphore.get("namespace") or namespace
        if reference and semaphore.get("database"):
            raise Refused(
                "requested configuration is invalid: invalid semaphore with both ConfigMapKeyRef and Database"
            )
        if semaphore.get("database"):
            items.append(("semaphore", f"{place}/Database/{semaphore['database'].get('key', '')}"))
            continue
        if not reference:
            raise Refused(
                "requested configuration is invalid: "
                "cannot get LockName for a Semaphore without a ConfigMapRef or Database"
            )
        items.append(("semaphore", f"{place}/ConfigMap/{reference.get('name', '')}/{reference.get('key', '')}"))
    for mutex in mutexes:
        place = mutex.get("namespace") or namespace
        where = "Database" if mutex.get("database") else "Mutex"
        items.append(("mutex", f"{place}/{where}/{mutex.get('name', '')}"))
    if len(set(items)) < len(items):
        raise Refused("requested configuration is invalid: duplicate synchronization item found")
    return items


# ------------------------------------------------------------------------------- status.synchronization


def _status(state: State, kind: str) -> dict[str, Any]:
    if state.sync is None:
        state.sync = {}
    return state.sync.setdefault(kind, {})


def _note_waiting(status: dict[str, Any], kind: str, name: str, key: str, holders: list[str]) -> None:
    waiting = status.setdefault("waiting", [])
    entry = next((w for w in waiting if w.get(kind) == name), None)
    if entry is None:
        entry = {kind: name}
        waiting.append(entry)
    if kind == "mutex":
        if holders:
            entry["holder"] = holders[0]
    else:
        entry["holders"] = sorted(holders)


def _note_holding(status: dict[str, Any], kind: str, name: str, key: str) -> None:
    status["waiting"] = [w for w in status.get("waiting", ()) if w.get(kind) != name]
    holding = status.setdefault("holding", [])
    entry = next((h for h in holding if h.get(kind) == name), None)
    if kind == "mutex":
        if entry is None:
            holding.append({kind: name, "holder": key})
        else:
            entry["holder"] = key
    elif entry is None:
        holding.append({kind: name, "holders": [key]})
    elif key not in entry["holders"]:
        entry["holders"].append(key)


def _note_released(status: dict[str, Any], kind: str, name: str, key: str) -> None:
    holding = status.get("holding", [])
    for entry in list(holding):
        if entry.get(kind) != name:
            continue
        if kind == "mutex":
            if entry.get("holder") == key:
                holding.remove(entry)
        elif key in entry.get("holders", ()):
            entry["holders"].remove(key)
