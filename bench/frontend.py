"""The front-end against Hera, side by side in one run: a large DAG, a wide fan-in, and the import.

Run it from the project's root: ``python bench/frontend.py``. It prints times and ratios (ours to Hera's).
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

TASKS = 4000
IMPORTS = 7


def ours(width: int, fan_in: bool) -> str:
    """Build a DAG with our front-end, and give its YAML."""
    from argosy import after, container, dag, sh, to_yaml, workflow

    @container(image="alpine:3.22")
    def work(number: int) -> str:
        return sh('echo "$NUMBER"', NUMBER=number)

    @container(image="alpine:3.22")
    def gather() -> None:
        sh("echo done")

    @workflow(generate_name="large-")
    @dag
    def large() -> None:
        if fan_in:
            steps = [work.step(number) for number in range(width)]
            with after(*steps):
                gather()
            return
        last = work.step(0)
        for number in range(1, width):
            with after(last):
                last = work.step(number)

    return to_yaml(large)


def heras(width: int, fan_in: bool) -> str:
    """Build the same DAG with Hera, and give its YAML."""
    from hera.workflows import DAG, Container, Env, Parameter, Task, Workflow

    with Workflow(generate_name="large-", entrypoint="large") as workflow:
        work = Container(
            name="work",
            image="alpine:3.22",
            command=["sh", "-c"],
            args=['echo "$NUMBER"'],
            inputs=[Parameter(name="number")],
            env=[Env(name="NUMBER", value="{{inputs.parameters.number}}")],
        )
        gather = Container(name="gather", image="alpine:3.22", command=["sh", "-c"], args=["echo done"])
        with DAG(name="large"):
            tasks = [
                Task(name=f"work-{n + 1}" if n else "work", template=work, arguments={"number": n})
                for n in range(width)
            ]
            if fan_in:
                gathering: Any = Task(name="gather", template=gather)
                tasks >> gathering
            else:
                for before, after in pairwise(tasks):
                    before >> after
    return str(workflow.to_yaml())


def seconds(call: Callable[[], Any], times: int = 1) -> float:
    """Give the shortest of several runs."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return best


def import_seconds(module: str) -> float:
    """Give how long a fresh Python takes to import a module, apart from starting."""
    bare = seconds(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True), IMPORTS)
    loaded = seconds(lambda: subprocess.run([sys.executable, "-c", f"import {module}"], check=True), IMPORTS)
    return max(loaded - bare, 1e-4)


def line(name: str, mine: float, other: float, limit: float) -> str:
    """Give one line of the table."""
    verdict = "ok" if mine <= limit * other else "MISSED"
    return f"{name:<34} {mine:9.3f} s {other:9.3f} s {mine / other:8.3f}   (at most {limit}) {verdict}"


def main() -> None:
    """Print the table."""
    out = [f"{'':<34} {'argosy':>11} {'hera':>11} {'ratio':>8}"]
    out.append(line(f"chain of {TASKS} tasks to YAML", _timed(ours, False), _timed(heras, False), 0.3))
    out.append(line(f"fan-in of {TASKS} tasks to YAML", _timed(ours, True), _timed(heras, True), 0.3))
    small, large = (seconds(lambda n=n: ours(n, True), 3) for n in (TASKS // 4, TASKS))  # type: ignore[misc]
    out.append(f"{'fan-in, four times as many tasks':<34} {large / small:9.2f} times as long")
    out.append(line("import", import_seconds("argosy"), import_seconds("hera.workflows"), 0.15))
    sys.stdout.write("\n".join(out) + "\n")


def _timed(build: Callable[[int, bool], str], fan_in: bool) -> float:
    build(10, fan_in)
    return seconds(lambda: build(TASKS, fan_in), 2)


if __name__ == "__main__":
    main()
