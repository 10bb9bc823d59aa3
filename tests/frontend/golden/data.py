from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Annotated, NamedTuple, TypedDict

from argosy import Artifact, Parameter, artifact, container, dag, script, sh, workflow


class Level(IntEnum):
    LOW = 1
    HIGH = 2


@dataclass
class Point:
    x: int
    y: int


@dataclass
class Line:
    start: Point
    end: Point
    level: Level


class Row(TypedDict):
    name: str
    points: list[int]


class Report(NamedTuple):
    summary: str
    file: Annotated[Path, Artifact(path="/tmp/report.html", archive={"none": {}})]


@script
def make(level: Level, note: str | None = None) -> Line:
    return Line(Point(0, 0), Point(1, 2), level)


@script
def table(line: Line, scale: float = 1.5) -> list[Row]:
    return [{"name": "line", "points": [line.start.x, line.end.x]}]


@script
def render(rows: list[Row], logo: Path) -> Report:
    target = Path("/tmp/report.html")
    target.write_text(f"{logo.stat().st_size} {rows}")
    return Report(f"{len(rows)} rows", target)


@script
def draw(line: Line) -> Path:
    file = Path("drawing.svg")
    file.write_text(str(line))
    return file


@container(image="alpine:3.22")
def publish(
    report: Annotated[Path, Artifact(path="/in/report.html")],
    title: Annotated[str, Parameter(description="What people see.")],
) -> Annotated[str, Parameter(path="/tmp/url", default="none", global_name="url")]:
    return sh(f'upload {report} "$TITLE" > /tmp/url', TITLE=title)


@container(image="alpine:3.22")
def fetch(data: Annotated[Path, Artifact(path="/data", git={"repo": "https://example.com/r.git"})]) -> Path:
    return sh(f"cp {data}/logo.png /tmp/outputs/result")


@dag
def data(repository: Annotated[Path, Artifact(optional=True)], level: Level = Level.LOW) -> str:
    line = make(level)
    rows = table(line, scale=2.0)
    logo = fetch(repository)
    report = render(rows, logo)
    draw(line)
    table(Line(Point(1, 1), Point(2, 2), Level.HIGH))
    table(Line(Point(line.start.x, 1), Point(line.end.x + 1, 2), Level.HIGH))
    make(line.level, note=rows[0]["name"])
    return publish(report.file, report.summary)


@workflow(generate_name="data-")
@dag
def main() -> None:
    data(artifact(http={"url": "https://example.com/x.tgz"}))
