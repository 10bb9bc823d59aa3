"""Lints damaged manifests and says what crashes: ``python bench/mutate.py [--cases N] [--start SEED] [--keep FOLDER]``.

Seeds make the cases, so that each can be had again: ``--start SEED --cases 1 --keep FOLDER`` writes that one.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "compiler")]


def main() -> int:
    """Run the cases; exit with 1 if something crashed."""
    from tests.lint.damage import corpus, damaged, faults

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--start", type=int, default=0, metavar="SEED")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="write the manifests that crash something here")
    options = parser.parse_args()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    crashes: Counter[str] = Counter()
    texts = corpus()
    begun = time.perf_counter()
    for seed, text in damaged(texts, options.start, options.start + options.cases):
        found = faults(text, seed)
        for fault in found:
            crashes[fault] += 1
            if crashes[fault] == 1:
                sys.stdout.write(f"seed {seed}: {fault}\n")
                sys.stdout.flush()
        if options.keep and (found or options.cases == 1):
            (options.keep / f"{seed}.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
    rate = options.cases / (time.perf_counter() - begun)
    sys.stdout.write(
        f"{options.cases} damaged manifests of {len(texts)}, {rate:.0f} a second: {crashes.total()} crashes\n"
    )
    return 1 if crashes else 0


if __name__ == "__main__":
    sys.exit(main())
