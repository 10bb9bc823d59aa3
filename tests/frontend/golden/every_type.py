"""Each script checks that it is given what its types say, and gives its first argument back."""

import datetime as dt
import logging
import os
import os.path
import xml.dom
import xml.etree.ElementTree
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum, StrEnum
from typing import Any, ClassVar, Literal, NamedTuple, NewType, NotRequired, TypedDict

from pydantic import BaseModel, Field

from argosy import script, workflow

log = logging.getLogger(__name__)
if os.environ.get("FAST"):
    mode = "fast"
else:
    mode = "slow"
ONE, TWO = 1, 2
UserId = NewType("UserId", int)
Json = dict[str, Any]


class Size(StrEnum):
    SMALL = "s"
    LARGE = "l"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Mixed(Enum):
    NUMBER = 1
    TEXT = "two"


@dataclass
class Point:
    x: int
    y: float = 0.0
    kind: ClassVar[str] = "point"


@dataclass
class Shape:
    name: str
    points: list[Point] = field(default_factory=list[Point])
    size: Size = Size.SMALL
    centre: Point | None = None
    tags: dict[str, Level] = field(default_factory=dict[str, Level])


@dataclass
class Tree:
    name: str
    children: "list[Tree]" = field(default_factory=lambda: list[Tree]())


class Row(TypedDict):
    name: str
    points: list[Point]
    more: NotRequired[int]


class Pair(NamedTuple):
    left: int
    right: Point


class Line(BaseModel):
    item: str = Field(alias="theItem")
    count: int = 1
    due: dt.date | None = None


class Order(BaseModel):
    lines: list[Line]
    notes: dict[str, str] = {}


@script
def shapes(given: list[Shape]) -> list[Shape]:
    [shape] = given
    assert isinstance(shape.points[0], Point), shape
    assert shape.size is Size.SMALL, shape
    assert isinstance(shape.centre, Point), shape
    assert shape.tags["a"] is Level.LOW, shape
    return given


@script
def tree(root: Tree, user: UserId, users: list[UserId]) -> Tree:
    assert root.children[0].children[0].name == "c", root
    assert (user, users) == (7, [8])
    return root


@script
def perhaps(point: Point | None, number: int | None = None, name: str | None = None) -> Point | None:
    assert number is None and name is None
    return point


@script
def either(text: int | str, point: Point | str, numbers: int | list[int] | None = None) -> int | str:
    assert isinstance(point, Point) and numbers == [1, 2], (point, numbers)
    return text


@script
def rows(given: list[Row], pair: Pair) -> list[Row]:
    assert isinstance(given[0]["points"][0], Point), given
    assert isinstance(pair.right, Point), pair
    return given


@script
def orders(given: dict[str, Order], order: Order) -> dict[str, Order]:
    assert given["a"].lines[0].item == order.lines[0].item == "tea"
    assert order.lines[0].due == dt.date(2026, 1, 5)
    return given


@script
def keys(
    numbered: dict[int, str], sized: dict[Size, Point], both: tuple[int, str], plain: Json, named: Mapping[str, int]
) -> dict[int, str]:
    assert numbered == {1: "a"} and isinstance(sized[Size.LARGE], Point)
    assert both == (1, "a") and plain == {"a": [1]} and named == {"b": 2}
    return numbered


@script
def colours(
    given: dict[Colour, list[Colour]], pair: tuple[Colour, ...], mixed: Mixed, colour: Colour | None
) -> dict[Colour, list[Colour]]:
    assert given[Colour.RED] == list(pair) == [Colour.BLUE] and mixed is Mixed.TEXT and colour is Colour.RED
    return given


@script
def choices(
    number: Literal[1, 2], truth: Literal[True], mixed: Literal["x", 1], sizes: Sequence[Size], levels: list[Level]
) -> Literal[1, 2]:
    assert truth is True and mixed == 1 and sizes[0] is Size.LARGE and levels[0] is Level.HIGH
    return number


@script
def nothing(given: None, ratio: float, count: int | None) -> None:
    assert given is None and isinstance(ratio, float) and count == 3
    log.warning("%s %s %s", mode, ONE, TWO)
    print(xml.dom.__name__, xml.etree.ElementTree.__name__, os.path.sep)


@workflow
def every_type() -> None:
    shapes([Shape("a", [Point(1)], Size.SMALL, Point(2), {"a": Level.LOW})])
    tree(Tree("a", [Tree("b", [Tree("c")])]), UserId(7), [UserId(8)])
    perhaps(None)
    perhaps(Point(1))
    either(3, Point(1), [1, 2])
    either("three", Point(1), [1, 2])
    rows([{"name": "a", "points": [Point(1)]}], Pair(1, Point(2)))
    tea = Order(lines=[Line(theItem="tea", due=dt.date(2026, 1, 5))])
    orders({"a": tea}, tea)
    keys({1: "a"}, {Size.LARGE: Point(1)}, (1, "a"), {"a": [1]}, {"b": 2})
    colours({Colour.RED: [Colour.BLUE]}, (Colour.BLUE,), Mixed.TEXT, Colour.RED)
    choices(1, True, 1, [Size.LARGE], [Level.HIGH])
    nothing(None, 2, 3)
