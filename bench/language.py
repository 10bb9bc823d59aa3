"""How many of ten typical expressions are evaluated a second, parsed once and parsed each time."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from argosy.language.expr import environment, evaluate, parser, program

ENV = {
    "workflow.name": "nightly-x7k2p",
    "workflow.status": "Failed",
    "workflow.parameters.list": '["a", "b", "c"]',
    "inputs.parameters.n": "5",
    "inputs.parameters.items": '[{"name": "a", "size": 3}, {"name": "b", "size": 10}]',
    "steps.build.status": "Succeeded",
    "tasks.scan.outputs.result": "12",
    "lastRetry.exitCode": "137",
    "lastRetry.status": "Error",
    "retries": "2",
}

EXPRESSIONS = (
    "workflow.status == 'Failed'",
    "asInt(inputs.parameters.n) + 1",
    "asInt(lastRetry.exitCode) in [1, 137] && asInt(retries) < 3",
    "steps['build'].status == 'Succeeded' ? 'yes' : 'no'",
    "workflow.name matches '^nightly-[a-z0-9]+$'",
    "steps.missing?.outputs?.result ?? 'none'",
    "toJson(map(1..asInt(inputs.parameters.n), { string(#) }))",
    "sum(map(fromJSON(inputs.parameters.items), .size)) > 5",
    "join(filter(fromJSON(workflow.parameters.list), # != 'b'), ',')",
    "sprig.upper(workflow.name) + '-' + tasks.scan.outputs.result",
)


def rate(call: Callable[[], object], seconds: float = 0.3) -> float:
    """Give how often a second the call can be made."""
    call()
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        for _ in range(50):
            call()
        count += 50
    return count / (time.perf_counter() - start)


def fresh(expression: str, variables: dict[str, object]) -> object:
    """Evaluate without what was kept of the expression."""
    parser._parse.cache_clear()
    program._names.cache_clear()
    program._prepared.cache_clear()
    return program.run(expression, variables)


def main() -> None:
    """Print a table."""
    variables = environment.with_functions(ENV)
    sys.stdout.write(f"{'evaluations/second':<66}{'parsed once':>12}{'each time':>12}{'with variables':>16}\n")
    for expression in EXPRESSIONS:
        once = rate(lambda e=expression: program.run(e, variables))  # type: ignore[misc]  # mypy cannot infer it
        each = rate(lambda e=expression: fresh(e, variables))  # type: ignore[misc]  # mypy cannot infer it
        whole = rate(lambda e=expression: evaluate(e, ENV))  # type: ignore[misc]  # mypy cannot infer it
        sys.stdout.write(f"{expression:<66}{once:>12,.0f}{each:>12,.0f}{whole:>16,.0f}\n")


if __name__ == "__main__":
    main()
