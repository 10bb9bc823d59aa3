"""Files travel between steps as artifacts: in a function's signature they are paths."""

import csv
import json
from pathlib import Path
from typing import NamedTuple

from argosy import artifact, container, script, sh, workflow


class Cleaned(NamedTuple):
    table: Path
    rows: int


MEASUREMENTS = artifact(http={"url": "https://example.com/measurements.csv"})


@script
def clean(raw: Path = MEASUREMENTS) -> Cleaned:
    """Take out the rows that have an empty field."""
    target = Path("cleaned.json")
    with raw.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if all(row.values())]
    target.write_text(json.dumps(rows))
    return Cleaned(target, len(rows))


@container(image="alpine:3.22")
def pack(table: Path, rows: int) -> Path:
    return sh(
        f"""
        echo "packing $ROWS rows"
        mkdir -p /tmp/outputs
        gzip -c {table} > /tmp/outputs/result
        """,
        ROWS=rows,
    )


@container(image="alpine:3.22")
def check(packed: Path) -> None:
    sh(f"gzip -t {packed}")


@workflow(generate_name="artifacts-")
def artifacts() -> None:
    cleaned = clean()
    packed = pack(cleaned.table, cleaned.rows)
    check(packed)
