"""The exploration as a workflow for Argo itself: its shards in parallel, and a last step that puts them together.

It is written as Python for our own front-end, and compiled by it.
"""

from __future__ import annotations

import json
import tempfile
from base64 import encodebytes
from collections.abc import Sequence
from pathlib import Path

from argosy import __version__
from argosy.errors import UsageError

IMAGE = "python:3.13-slim"
MOST_SHARDS = 100

_HEAD = '''"""Explores a workflow in {shards} shards at once; written by `argosy explore --emit-workflow`."""

from pathlib import Path

from argosy import artifact, container, parallel, sh, workflow

# in base64, so that Argo leaves its {{{{tags}}}} as they are
ENCODED = """
{manifest}
"""
MANIFEST = artifact(raw={{"data": ENCODED.strip()}})


@container(image={image}, retry=2, active_deadline_seconds=3600)
def explore(shard: str, manifest: Path = MANIFEST) -> Path:
    """Run one part of the faults; what is found is judged once all parts are there."""
    return sh(
        f"""
        set -eu
        pip install --quiet argosy=={version}
        mkdir -p /tmp/outputs
        base64 -d {{manifest}} > /tmp/manifest.yaml
        argosy explore /tmp/manifest.yaml{options} --shard "$SHARD" \\
          --format json -o /tmp/outputs/result || test $? = 1
        """,
        SHARD=shard,
    )


@container(image={image}, active_deadline_seconds=3600)
def merge({parameters}, manifest: Path = MANIFEST) -> None:
    """Put the parts together, and fail if an invariant is broken."""
    sh(
        f"""
        set -eu
        pip install --quiet argosy=={version}
        base64 -d {{manifest}} > /tmp/manifest.yaml
        argosy explore /tmp/manifest.yaml{judged} {merged}
        """
    )


@workflow(generate_name={name})
def exploration() -> None:
    with parallel():
{parts}
    merge({arguments})
'''


def source(
    manifest: str, name: str, shards: int, options: Sequence[str] = (), *, strict: bool = False, image: str = IMAGE
) -> str:
    """Give the Python of a workflow that explores a manifest (a text of YAML) in so many shards.

    ``options`` are those of ``argosy explore`` that all shards take; with ``strict`` what puts them together takes
    ``--strict``. Raises UsageError for a number of shards that is off.
    """
    if not 1 <= shards <= MOST_SHARDS:
        raise UsageError(f"{shards} shards", hint=f"between 1 and {MOST_SHARDS}")
    given = "".join(f" {word}" for word in options)
    numbers = range(1, shards + 1)
    return _HEAD.format(
        shards=shards,
        manifest=encodebytes(manifest.encode()).decode().strip(),
        image=json.dumps(image),
        version=__version__,
        options=given,
        judged=given + (" --strict" if strict else ""),
        parameters=", ".join(f"part_{i}: Path" for i in numbers),
        merged=" ".join(f"--merge {{part_{i}}}" for i in numbers),
        name=json.dumps(f"explore-{name.rstrip('-') or 'workflow'}-"),
        parts="\n".join(f'        part_{i} = explore.options(name="explore-{i}")("{i}/{shards}")' for i in numbers),
        arguments=", ".join(f"part_{i}" for i in numbers),
    )


def compiled(python: str) -> str:
    """Give the YAML of such a Python source."""
    from argosy.frontend.load import compile_path
    from argosy.yaml.write import dump_all

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "exploration.py"
        path.write_text(python, encoding="utf-8")
        return dump_all([manifest.data for manifest in compile_path(path)])
