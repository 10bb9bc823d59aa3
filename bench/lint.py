"""How fast ``argosy lint`` is, beside Argo's own linter if ``$ARGO`` names that program: ``make bench``.

Every case is run in turn by each program, round after round, so that a busy machine slows them all; the best round of
each counts, and ratios say more than seconds. ``$ROUNDS`` is their number (3), ``$FILES`` that of the many small files
(2000), ``$EXAMPLES`` a folder of manifests to lint as a whole.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
ARGOSY = [str(Path(sys.executable).parent / "argosy"), "lint"]
HEAD = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: NAME}\n"
    "spec:\n  entrypoint: main\n  templates:\n"
)
WORK = (
    '  - name: work\n    inputs: {parameters: [{name: m, value: ""}]}\n'
    '    container: {image: "alpine:3.20", command: [echo, "{{inputs.parameters.m}}"]}\n'
)


def dag(depends: Callable[[int], str], tasks: int) -> str:
    """Give a workflow with so many tasks; ``depends`` says on what each depends."""
    lines = [HEAD.replace("NAME", "dag"), WORK, "  - name: main\n    dag:\n      tasks:\n"]
    for number in range(tasks):
        on = depends(number)
        lines.append(f"      - {{name: t{number}, template: work{f', depends: {on}' if on else ''}}}\n")
    return "".join(lines)


def chain(tasks: int) -> str:
    """Each task depends on the one before."""
    return dag(lambda n: f"t{n - 1}" if n else "", tasks)


def fan_out(tasks: int) -> str:
    """All tasks depend on the first."""
    return dag(lambda n: "t0" if n else "", tasks)


def join(tasks: int) -> str:
    """The last task depends on all others."""
    return dag(lambda n: '"' + " && ".join(f"t{m}" for m in range(n)) + '"' if n == tasks - 1 else "", tasks)


def steps(tasks: int) -> str:
    """One step after the other."""
    lines = [HEAD.replace("NAME", "steps"), WORK, "  - name: main\n    steps:\n"]
    lines += [f"    - - {{name: s{number}, template: work}}\n" for number in range(tasks)]
    return "".join(lines)


def cases(folder: Path) -> dict[str, Path]:
    """Write what is to be linted, and give the paths by name."""
    out = {"one file": ROOT / "examples" / "exit-handler.yaml"}
    if examples := os.environ.get("EXAMPLES"):
        out["examples"] = Path(examples)
    files = int(os.environ.get("FILES", "2000"))
    many = folder / "many"
    many.mkdir()
    text = out["one file"].read_text()
    for number in range(files):
        (many / f"w{number}.yaml").write_text(text.replace("exit-handler", f"exit-handler-{number}"))
    out[f"{files} small files"] = many
    for shape in (chain, fan_out, join, steps):
        for tasks in (1000, 4000):
            path = folder / f"{shape.__name__}-{tasks}.yaml"
            path.write_text(shape(tasks))
            out[f"{shape.__name__.replace('_', '-')} of {tasks}"] = path
    return out


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """Run a command and give its time; a linter that finds something has run as well."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, env=environment)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} failed: {done.stderr.decode(errors='replace')}")
    return time.perf_counter() - start


def main() -> int:
    """Measure, and print the table."""
    argo = os.environ.get("ARGO")
    rounds = int(os.environ.get("ROUNDS", "3"))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        environment = {**os.environ, "HOME": made, "XDG_CACHE_HOME": str(folder / "cache"), "KUBECONFIG": os.devnull}
        programs = {"argosy": [*ARGOSY, "--no-cache"], "argosy, unchanged": ARGOSY}
        if argo:
            programs["argo"] = [argo, "lint", "--offline"]
        sys.stdout.write(
            f"{'':<22}" + "".join(f"{name:>20}" for name in programs) + (f"{'ratio':>10}" if argo else "") + "\n"
        )
        for case, path in cases(folder).items():
            best = dict.fromkeys(programs, float("inf"))
            for _ in range(rounds):
                for name, command in programs.items():
                    best[name] = min(best[name], seconds([*command, str(path)], environment))
            ratio = f"{best['argosy'] / best['argo']:>9.2f}x" if argo else ""
            sys.stdout.write(f"{case:<22}" + "".join(f"{value:>18.3f} s" for value in best.values()) + ratio + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
