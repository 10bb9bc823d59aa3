from typing import NamedTuple

from argosy import container, dag, each, json_of, length, script, sequence, sh, steps, when, workflow


class Cell(NamedTuple):
    row: int
    name: str


@script
def resize(image: str, size: int) -> str:
    return f"{image}@{size}"


@container(image="alpine:3.22")
def measure(image: str) -> int:
    return sh('wc -c < "$IMAGE"', IMAGE=image)


@script
def sizes() -> list[int]:
    return [1, 2, 3]


@script
def merge(images: list[str]) -> int:
    return len(images)


@script
def paint(cell_row: int, name: str) -> None:
    print(cell_row, name)


@script
def total(sizes: list[int]) -> None:
    print(sum(sizes))


@steps
def in_steps() -> int:
    for cell in each([Cell(1, "a"), Cell(2, "b")]):
        paint(cell.row, cell.name)
    for row, name in each([(1, "x"), (2, "y")]):
        paint(row, name)
    for number in each(range(3)):
        paint(number, f"no. {number}")
    for number in each(sequence(start=2, end=4)):
        paint(number, "counted")
    for name in each(["n", "yes", "1e3"]):
        paint(1, name)
    return merge(all_sizes())


@steps
def all_sizes() -> list[str]:
    return [resize("cat.png", size) for size in each(sizes())]


@dag
def in_dag() -> int:
    small = [resize("cat.png", size) for size in each(sizes())]
    again = [resize(image, 10) for image in each(small)]
    measured = [measure(image) for image in each(again)]
    total(measured)
    with when(length(measured) > 3):
        paint(length(measured), json_of(measured))
    return merge(again)


@workflow(generate_name="turns-")
def main() -> None:
    in_steps()
    in_dag()
