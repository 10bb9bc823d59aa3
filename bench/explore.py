"""How many faults the laboratory explores in a second of one core: ``python bench/explore.py [MANIFEST ...]``."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from argosy.explore.exploration import Exploration, explore
from argosy.simulate.given import read

EXAMPLES = Path(__file__).parent.parent / "examples"
SEED = EXAMPLES / "exit-handler.yaml"
PIPELINE = EXAMPLES / "production_pipeline.py"


def timed(path: Path, depth: int) -> tuple[Exploration, float]:
    """Explore a workflow, and give what was found, and the seconds of a core that it took."""
    manifests = read(path)
    begin = time.process_time()
    found = explore(manifests, depth=depth)
    return found, time.process_time() - begin


def main() -> None:
    """Print a line for each workflow: single faults, and for the seed workflow pairs."""
    given = [Path(one) for one in sys.argv[1:]]
    timed(SEED, 1)
    for path, depth in [(one, 1) for one in given] or [(SEED, 1), (SEED, 2), (PIPELINE, 1)]:
        found, took = timed(path, depth)
        count = len(found.results)
        what = "pairs" if depth > 1 else "faults"
        sys.stdout.write(f"{path.name:<24} {what:<6} {count:>6,} in {took:6.3f} s   {count / took:8,.0f} a second\n")


if __name__ == "__main__":
    main()
