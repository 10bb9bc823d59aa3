"""What is remembered about steps, DAG and retry nodes, so that each event costs only what it changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from argosy.simulate.controller.state import Node, Obj


@dataclass(slots=True, eq=False)
class Work:
    """The template of a node as processed (None: to be processed each time), and the arguments that it was given."""

    template: Obj | None = None
    arguments: Obj | None = None


@dataclass(slots=True, eq=False)
class Group(Work):
    """A step group: its steps as resolved and expanded, by the name of their node, and which are not done."""

    steps: dict[str, Obj] = field(default_factory=dict)
    left: dict[str, None] = field(default_factory=dict)
    """Names of the children that are not complete, or whose exit handler is not."""
    blocked: dict[str, None] = field(default_factory=dict)
    """Names of steps that parallelism has kept from starting."""
    faulty: dict[str, None] = field(default_factory=dict)
    """Names of children whose hook or exit handler could not be executed: it is tried again each time."""
    source: Any = None
    hooks: bool = False
    """Some step has hooks other than ``exit``."""
    ready: bool = False


@dataclass(slots=True, eq=False)
class Steps(Work):
    """A steps template: the group that it is at, and the scope up to there."""

    at: int = 0
    scope: Any = None
    stamp: int = 0


@dataclass(slots=True, eq=False)
class Loop:
    """A DAG task that loops, or a single one: as resolved and expanded."""

    source: Obj
    """The task as the template has it."""
    task: Obj
    items: list[Obj] = field(default_factory=list)
    left: dict[int, None] = field(default_factory=dict)
    """Numbers of the items that are not fulfilled."""
    start: int = 0
    """The first item that has no node yet."""


@dataclass(slots=True, eq=False)
class Dag(Work):
    """A DAG template: its tasks and what is open of them."""

    tasks: dict[str, Obj] = field(default_factory=dict)
    tasks_of: Obj | None = None
    """The template, as processed, that the tasks are of."""
    dependencies: dict[str, list[str]] = field(default_factory=dict)
    logic: dict[str, str] = field(default_factory=dict)
    plain: set[str] = field(default_factory=set)
    """Tasks that only wait until all their dependencies have succeeded: they have no logic."""
    dependents: dict[str, list[str]] = field(default_factory=dict)
    targets: list[str] = field(default_factory=list)
    order: dict[str, int] = field(default_factory=dict)
    """When each task is visited: dependencies first, from the targets on."""
    missing: dict[str, int] = field(default_factory=dict)
    """How many dependencies of a task are not done."""
    done: set[str] = field(default_factory=set)
    again: dict[str, None] = field(default_factory=dict)
    """Tasks to be tried again each time: kept back by parallelism, or waiting for a value."""
    hooked: dict[str, None] = field(default_factory=dict)
    """Tasks with hooks other than ``exit``."""
    loops: dict[str, Loop] = field(default_factory=dict)
    spoilt: dict[str, str] = field(default_factory=dict)
    """Loops whose results are no JSON, with Argo's message: what comes after them cannot be resolved."""
    running: dict[str, Node] = field(default_factory=dict)
    """Nodes of this DAG that are linked and not fulfilled, by name."""
    over: int = 0
    """How many have been taken out of these since they were last copied."""
