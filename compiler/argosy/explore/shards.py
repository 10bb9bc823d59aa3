"""What other explorations have found already: the JSON of shards."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from argosy.errors import Place, ReadError, UsageError
from argosy.explore.exploration import Exploration
from argosy.explore.observe import Observed


@dataclass(slots=True)
class Shards:
    """Results by the name of their fault, and what each file says that it explored."""

    results: dict[str, Observed] = field(default_factory=dict)
    explored: dict[str, str] = field(default_factory=dict)

    def check(self, found: Exploration) -> None:
        """Make sure that the files are of this very workflow, version and seed. Raises UsageError."""
        for path, told in self.explored.items():
            if told != fingerprint(found):
                hint = "the shards and what puts them together take the same workflow, --argo-version and --seed"
                raise UsageError("this is an exploration of something else", place=Place(path), hint=hint)


def fingerprint(found: Exploration) -> str:
    """Give what tells one exploration from another: its workflow, version and seed."""
    data = [m.data for m in (found.given.main, *found.given.others)]
    text = msgspec.json.encode([data, found.version.value, found.seed], order="sorted")
    return hashlib.sha256(text).hexdigest()[:16]


def read(paths: Sequence[str]) -> Shards:
    """Read what shards found. Raises ReadError, UsageError."""
    out = Shards()
    for path in paths:
        place = Place(path)
        try:
            data = msgspec.json.decode(Path(path).read_bytes())
            out.results |= {fault["name"]: msgspec.convert(fault["observed"], Observed) for fault in data["faults"]}
            out.explored[path] = data["explored"]
        except OSError as error:
            raise ReadError(f"cannot read it: {error.strerror}", place=place) from None
        except (msgspec.MsgspecError, KeyError, TypeError):
            raise UsageError("this is not what `argosy explore --format json` prints", place=place) from None
    return out
