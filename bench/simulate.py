"""How fast the simulator is, and how its time grows: ``python bench/simulate.py [--large]``."""

from __future__ import annotations

import argparse
import gc
import math
import sys
import time
from collections.abc import Callable
from typing import Any

from argosy.simulate.api import simulate
from argosy.simulate.scenario import Match, Outcome, Scenario

Spec = dict[str, Any]
WORK: Spec = {"name": "work", "container": {"image": "alpine:3.20", "command": ["echo"]}}
SEED: Spec = {
    "entrypoint": "main",
    "onExit": "cleanup",
    "templates": [
        {"name": "main", "steps": [[{"name": "do-work", "template": "do-work"}]]},
        {"name": "do-work", "container": {"image": "alpine:3.20", "command": ["sh", "-c"], "args": ["exit 1"]}},
        {
            "name": "cleanup",
            "steps": [
                [{"name": "say", "template": "say"}],
                [{"name": "notify", "template": "say", "when": "{{workflow.status}} != Succeeded"}],
            ],
        },
        {"name": "say", "container": {"image": "alpine:3.20", "command": ["echo"], "args": ["{{workflow.status}}"]}},
    ],
}


def chain(n: int) -> Spec:
    """A DAG in which each task depends on the one before."""
    tasks: list[Spec] = [{"name": f"t{i}", "template": "work"} for i in range(n)]
    for i, task in enumerate(tasks[1:]):
        task["dependencies"] = [f"t{i}"]
    return {"entrypoint": "main", "templates": [{"name": "main", "dag": {"tasks": tasks}}, WORK]}


def fan_out(n: int) -> Spec:
    """One task, many after it, one after all of them."""
    middle = [{"name": f"t{i}", "template": "work", "dependencies": ["first"]} for i in range(n - 2)]
    last = {"name": "last", "template": "work", "dependencies": [task["name"] for task in middle]}
    tasks = [{"name": "first", "template": "work"}, *middle, last]
    return {"entrypoint": "main", "templates": [{"name": "main", "dag": {"tasks": tasks}}, WORK]}


def layers(n: int) -> Spec:
    """A DAG of layers of ten, each task depending on two of the layer before."""
    tasks: list[Spec] = []
    for i in range(n):
        before = {(i // 10 - 1) * 10 + i % 10, (i // 10 - 1) * 10 + (i + 1) % 10} if i >= 10 else set()
        tasks.append({"name": f"t{i}", "template": "work", "dependencies": [f"t{b}" for b in sorted(before)]})
    return {"entrypoint": "main", "templates": [{"name": "main", "dag": {"tasks": tasks}}, WORK]}


def nested(n: int) -> Spec:
    """Steps of a hundred, each of them steps of a hundred, ..."""
    inner = max(1, n // 100)
    return {
        "entrypoint": "main",
        "templates": [
            {"name": "main", "steps": [[{"name": f"s{i}", "template": "inner"} for i in range(100)]]},
            {"name": "inner", "steps": [[{"name": f"s{i}", "template": "work"}] for i in range(inner)]},
            WORK,
        ],
    }


def loop(n: int) -> Spec:
    """One step with many items."""
    step = {"name": "s", "template": "work", "withSequence": {"count": str(n)}}
    return {"entrypoint": "main", "templates": [{"name": "main", "steps": [[step]]}, WORK]}


def retries(n: int) -> Spec:
    """Many tasks that fail once."""
    tasks = [{"name": f"t{i}", "template": "again"} for i in range(n)]
    again = {**WORK, "name": "again", "retryStrategy": {"limit": 2}}
    return {"entrypoint": "main", "templates": [{"name": "main", "dag": {"tasks": tasks}}, again]}


SHAPES: dict[str, Callable[[int], Spec]] = {
    "chain": chain,
    "fan-out": fan_out,
    "layers": layers,
    "nested steps": nested,
    "loop": loop,
    "retries": retries,
}


def timed(spec: Spec, scenario: Scenario | None = None) -> float:
    """Give the seconds that one run takes."""
    gc.collect()
    begin = time.perf_counter()
    run = simulate({"kind": "Workflow", "metadata": {"name": "w"}, "spec": spec}, scenario=scenario)
    took = time.perf_counter() - begin
    if run.ended != "completed":
        raise SystemExit(f"did not complete: {run.ended}")
    return took


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="with 100,000 nodes")
    parser.add_argument("shapes", nargs="*", help=f"of {', '.join(SHAPES)}")
    options = parser.parse_args()
    sizes = [1_000, 10_000, 100_000] if options.large else [1_000, 3_000, 10_000]
    out = sys.stdout
    again = Scenario(outcomes=[Outcome(match=Match(template="again", attempt=0), exit_code=1)])
    timed(chain(10))
    for name in options.shapes or SHAPES:
        times = [timed(SHAPES[name](n), again if name == "retries" else None) for n in sizes]
        growth = math.log(times[-1] / times[0]) / math.log(sizes[-1] / sizes[0])
        cells = "  ".join(f"{n:>7,}: {took:7.3f} s" for n, took in zip(sizes, times, strict=True))
        out.write(f"{name:<14} {cells}   grows as n^{growth:.2f}\n")
    if not options.shapes:
        out.write(f"exit handler   {seed_runs():,.0f} runs a second, each with another fault\n")


def seed_runs(count: int = 1_000) -> float:
    """Give how many runs of a small workflow with an exit handler there are in a second."""
    workflow = {"kind": "Workflow", "metadata": {"name": "w"}, "spec": SEED}
    faults = [Scenario(outcomes=[Outcome(match=Match(template="do-work"), exit_code=i % 5)]) for i in range(count)]
    begin = time.perf_counter()
    for fault in faults:
        simulate(workflow, scenario=fault)
    return count / (time.perf_counter() - begin)


if __name__ == "__main__":
    main()
