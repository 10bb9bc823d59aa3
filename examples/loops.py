"""Loops: once per item, over what another step gives, and what all turns gave as one list."""

from argosy import dag, each, script, workflow


@script
def find_shards(table: str, count: int) -> list[str]:
    """Give the names of the table's shards."""
    return [f"{table}-{number:02d}" for number in range(count)]


@script(retry=2)
def count_rows(shard: str) -> int:
    """Count the rows of one shard; here, a number made of its name."""
    return sum(shard.encode()) % 1000


@script
def report(table: str, rows: list[int]) -> None:
    print(f"{table}: {sum(rows)} rows in {len(rows)} shards")


@workflow(generate_name="loops-", parallelism=4)
@dag
def loops(table: str = "orders", shards: int = 5) -> None:
    rows = [count_rows(shard) for shard in each(find_shards(table, shards))]
    report(table, rows)
