"""Locks that cannot be taken, that wait for themselves, and that are held while nobody works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from argosy import model
from argosy.lint import tables
from argosy.lint.context import Caller, Context, Target, table
from argosy.lint.finding import Related, Severity
from argosy.lint.rule import Problem, rule
from argosy.model.policy import Mutex, SemaphoreRef, Synchronization
from argosy.source import Address


class LockAt(Struct, frozen=True, eq=False):
    """A mutex or semaphore of the workflow or of a template of this document."""

    lock: Mutex | SemaphoreRef
    address: Address
    template: model.Template | None
    """The template that takes it; None for the workflow."""

    @property
    def holder(self) -> str:
        """Who takes it, as messages name it."""
        if self.template is None:
            return "the workflow"
        return repr(self.template.name) if self.template.name else "a template"


@table
def locks(context: Context) -> Iterator[LockAt]:
    """Give every lock: those of the workflow first."""
    if not context.is_argo:
        return
    yield from _locks(context.spec.synchronization, context.spec_address, None)
    for one in (*tables.templates(context), *tables.defaults(context)):
        yield from _locks(one.template.synchronization, one.address, one.template)


def _locks(
    synchronization: Synchronization | None, address: Address, template: model.Template | None
) -> Iterator[LockAt]:
    if synchronization is None:
        return
    at = (*address, "synchronization")
    if synchronization.mutex is not None:
        yield LockAt(synchronization.mutex, (*at, "mutex"), template)
    if synchronization.semaphore is not None:
        yield LockAt(synchronization.semaphore, (*at, "semaphore"), template)
    for n, mutex in enumerate(synchronization.mutexes):
        yield LockAt(mutex, (*at, "mutexes", n), template)
    for n, semaphore in enumerate(synchronization.semaphores):
        yield LockAt(semaphore, (*at, "semaphores", n), template)


@rule(Severity.ERROR, over=locks)
def lock_invalid(one: LockAt, context: Context) -> Iterator[Problem]:
    """A mutex has no name, or a semaphore does not say where its limit is, or says it twice.

    Argo's linter passes it. At run time a semaphore that names no limit, or two, ends the node in Error; a mutex
    without a name, or a key of a ConfigMap without one, is a panic of the controller, which ends the workflow in Error
    without its exit handler.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              synchronization:
                semaphores:
                  - namespace: build  # here
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              synchronization:
                semaphores:
                  - namespace: build
                    configMapKeyRef: {name: limits, key: disk}
              container: {image: "alpine:3.20", command: [make]}
    """
    lock = one.lock
    if isinstance(lock, Mutex):
        if not lock.name:
            yield Problem(f"a mutex of {one.holder} has no name", one.address, "give it a name")
        return
    reference = lock.config_map_key_ref
    if reference is None and lock.database is None:
        message = f"a semaphore of {one.holder} does not say where its limit is"
        yield Problem(message, one.address, "give it a configMapKeyRef")
    elif reference is not None and lock.database is not None:
        yield Problem(f"a semaphore of {one.holder} has its limit in two places", one.address, "take one of them out")
    elif reference is not None:
        for key in ("name", "key"):
            if not reference.get(key):
                where = (*one.address, "configMapKeyRef")
                yield Problem(f"the configMapKeyRef of a semaphore of {one.holder} has no {key}", where)
    elif lock.database is not None and not lock.database.key:
        yield Problem(f"a semaphore of {one.holder} has no key in the database", (*one.address, "database"))


def _name(lock: LockAt) -> tuple[str, str, bool] | None:
    """Give what makes two mutexes of a run the same one; None where that can't be known."""
    one = lock.lock
    if not isinstance(one, Mutex) or not one.name:
        return None
    text = one.name + one.namespace
    if "{{" in re.sub(r"\{\{\s*workflow\.(name|namespace|uid|parameters\.[\w-]+)\s*\}\}", "", text):
        return None
    return one.namespace, one.name, one.database


@rule(Severity.ERROR, over=locks)
def lock_taken_twice(one: LockAt, context: Context) -> Iterator[Problem]:
    """A template needs a mutex that is held until it ends: the workflow hangs, Running for ever.

    A workflow keeps its mutex until its exit handler has ended, and a steps or DAG template until all that it calls
    has. What runs inside and needs the same mutex waits for it, and is waited for. Argo's linter passes it. (The same
    lock twice in one list is an error at run time.) Take the lock in one place only.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: deploy-}
        spec:
          entrypoint: main
          synchronization:
            mutexes: [{name: cluster}]
          templates:
            - name: main
              steps:
                - - {name: deploy, template: deploy}
            - name: deploy
              synchronization:
                mutexes:
                  - name: cluster  # here
              container: {image: "alpine:3.20", command: [deploy]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: deploy-}
        spec:
          entrypoint: main
          synchronization:
            mutexes: [{name: cluster}]
          templates:
            - name: main
              steps:
                - - {name: deploy, template: deploy}
            - name: deploy
              container: {image: "alpine:3.20", command: [deploy]}
    """
    name = _name(one)
    if name is None or one.address[-3:-1] == ("templateDefaults", "synchronization"):
        return
    for other in _mutexes(context)[0][name]:
        if other is one:
            return
        related = (Related(other.address, f"{other.holder} takes it here"),)
        where = (*one.address, "name")
        if other.template is one.template and other.address[:-1] == one.address[:-1]:
            yield Problem(f"{one.holder} takes the mutex {name[1]!r} twice, which is an error", where, related=related)
            return
        if one.template is not None and id(one.template) in _under(context).get(id(other.template), ()):
            yield _hangs(one, other, name[1])
            return


@table
def _mutexes(context: Context) -> Iterator[dict[tuple[str, str, bool], list[LockAt]]]:
    """Give the mutexes by what makes them the same one."""
    out: dict[tuple[str, str, bool], list[LockAt]] = {}
    for one in locks(context):
        name = _name(one)
        if name is not None:
            out.setdefault(name, []).append(one)
    yield out


def _hangs(inner: LockAt, outer: LockAt, name: str) -> Problem:
    return Problem(
        f"{inner.holder} waits for the mutex {name!r}, which {outer.holder} holds until it has ended: it hangs",
        (*inner.address, "name"),
        "take the lock in one place only",
        related=(Related(outer.address, f"{outer.holder} takes it here"),),
    )


def _under(context: Context) -> dict[int, frozenset[int]]:
    return _held(context)[0]


@table
def _held(context: Context) -> Iterator[dict[int, frozenset[int]]]:
    """Give one map: the templates (``id``) that run while the workflow (None), or a template with a lock, runs."""
    out: dict[int, frozenset[int]] = {}
    holders = {id(one.template): one.template for one in locks(context)}
    for ident, template in holders.items():
        if template is None:
            start: list[Caller] = [hook.hook for hook in tables.hooks(context) if hook.level == "workflow"]
            start += [model.LifecycleHook(template=context.spec.entrypoint or context.base.spec.entrypoint)]
        else:
            start = list(_calls(template))
        out[ident] = frozenset(_reached(start, context))
    yield out


def _reached(start: list[Caller], context: Context) -> set[int]:
    todo = [(call, context.base) for call in start]
    found: set[int] = set()
    while todo:
        call, owner = todo.pop()
        target = context.resolve(call, owner)
        if isinstance(target, Target) and id(target.template) not in found:
            found.add(id(target.template))
            todo += [(one, target.owner) for one in _calls(target.template)]
    return found


def _calls(template: model.Template) -> Iterator[Caller]:
    """Give the steps and tasks of a template, and their hooks."""
    calls: list[model.WorkflowStep | model.DAGTask] = [step for group in template.steps for step in group]
    calls += template.dag.tasks if template.dag is not None else []
    for call in calls:
        yield call
        yield from call.hooks.values()
        if call.on_exit:
            yield model.LifecycleHook(template=call.on_exit)


@rule(Severity.INFO, over=tables.templates)
def lock_held_while_suspended(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """Somebody is waited for while a lock is held.

    A workflow, or a steps or DAG template, keeps its locks while a suspend template inside it waits to be resumed: all
    others that need the lock wait for that person, too. Take the lock after the approval, or give the suspension a
    `duration`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: deploy-}
        spec:
          entrypoint: main
          synchronization:
            mutexes: [{name: cluster}]
          templates:
            - name: main
              steps:
                - - {name: approve, template: approve}
                - - {name: deploy, template: deploy}
            - name: approve
              suspend: {}  # here
            - name: deploy
              container: {image: "alpine:3.20", command: [deploy]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: deploy-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - {name: approve, template: approve}
                - - {name: deploy, template: deploy}
            - name: approve
              suspend: {}
            - name: deploy
              synchronization:
                mutexes: [{name: cluster}]
              container: {image: "alpine:3.20", command: [deploy]}
    """
    suspend = one.template.suspend
    if suspend is None or suspend.duration or context.spec.active_deadline_seconds:
        return
    for lock in locks(context):
        if id(one.template) in _under(context).get(id(lock.template), ()):
            yield Problem(
                f"{lock.holder} holds a lock while {repr(one.name) if one.name else 'a step'} waits to be resumed",
                one.at("suspend"),
                "take the lock after it, or give the suspension a duration",
                related=(Related(lock.address, f"{lock.holder} takes it here"),),
            )
            return


@rule(Severity.WARNING, over=locks)
def lock_of_its_own(one: LockAt, context: Context) -> Iterator[Problem]:
    """The lock of a workflow has a name that no other run has: it keeps nobody out.

    A lock with `{{workflow.name}}` or `{{workflow.uid}}` in its name is another one in each run. (Of a template, it
    limits how many of that template run at once in the same workflow.)

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: deploy-}
        spec:
          entrypoint: main
          synchronization:
            mutexes:
              - name: deploy-{{workflow.name}}  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [deploy]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: deploy-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: cluster, value: staging}]}
          synchronization:
            mutexes:
              - name: deploy-{{workflow.parameters.cluster}}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [deploy]}
    """
    if one.template is None and isinstance(one.lock, Mutex) and _of_the_run().search(one.lock.name):
        message = f"no other run has the mutex {one.lock.name!r}, so it keeps nobody out"
        yield Problem(message, (*one.address, "name"), "name it after what it protects")


@cache
def _of_the_run() -> re.Pattern[str]:
    return re.compile(r"\{\{\s*workflow\.(name|uid)\s*\}\}")
