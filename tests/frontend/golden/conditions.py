from enum import Enum
from typing import Literal

from argosy import choose, container, contains, length, not_, otherwise, script, sh, steps, to_int, when, workflow


class Colour(Enum):
    RED = "red"
    DARK_BLUE = "dark blue"


@script
def number() -> int:
    return 3


@script
def side() -> Literal["heads", "tails"]:
    return "heads"


@script
def flag() -> bool:
    return True


@script
def rows() -> list[dict[str, int]]:
    return [{"n": 1}]


@script
def paint(colour: Colour) -> Colour:
    return colour


@container(image="alpine:3.22")
def say(text: str) -> None:
    sh('echo "$TEXT"', TEXT=text)


@container(image="alpine:3.22")
def count(n: int) -> None:
    sh('echo "$N"', N=n)


@steps
def conditions(name: str, big: bool) -> None:
    n, coin, yes, found = number(), side(), flag(), rows()
    with when(coin == "heads"):
        say("heads")
    with otherwise():
        say("tails")
    with when((n > 1) & (n + 1 <= 7)), when(yes):
        say("both")
    with when((n == 0) | not_(big)):
        say("either")
    with when(name == "it's"):
        say(name)
    with when(found[0]["n"] == 1):
        count(found[0]["n"])
    with when(length(found) > 2):
        count(length(found) * 2)
    with when(contains(["a", "b"], name)):
        say(name.upper())
    with when(paint(Colour.RED) == Colour.RED):
        say(choose(n > 2, "many", "few"))
    count(n * 2 - 1)
    count(to_int(name) // 2)
    say("a" + name)
    say(f"{coin}: {n + 1}, {name.strip()}")


@workflow(generate_name="conditions-")
def main(name: str = "x", big: bool = False) -> None:
    conditions(name, big)
