"""The pages of ``docs/course/``: each example with its Python, its YAML, and a run in which something fails."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

EXAMPLES = Path(__file__).parent.parent / "examples"
MADE = "<!-- made by `make docs` from the code -->\n\n"


@dataclass(frozen=True, slots=True)
class Lesson:
    """One example of the course."""

    name: str
    teaches: str
    fail: tuple[str, ...]
    """What fails in the run that is shown, as for ``argosy simulate --fail``."""


COURSE = (
    Lesson("first_steps", "templates, steps, steps side by side", ("say:exit=1",)),
    Lesson("parameters", "typed parameters of workflows and templates, a condition", ("plan:exit=1",)),
    Lesson("diamond", "a DAG from the data that flows through it", ("transform:exit=1",)),
    Lesson("script_outputs", "scripts, dataclasses, several results", ("summarise:exit=1",)),
    Lesson("loops", "loops, and what all turns gave", ("count-rows:exit=1",)),
    Lesson("artifacts", "files between steps", ("pack:exit=1",)),
    Lesson("retries", "retries with backoff, deadlines", ("download:exit=22",)),
    Lesson("exit_handler", "an exit handler that knows how the workflow ended", ("do-work:exit=1",)),
    Lesson("hooks", "handlers of single steps, a rollback", ("deploy:exit=1",)),
    Lesson("recovery", "a workflow template, waiting for a person's decision", ("note:exit=1",)),
    Lesson("production_pipeline", "all together, for production", ("release:exit=1",)),
    Lesson("watchdog", "a cron workflow that watches the others from outside", ("find-stray-runs:exit=1",)),
)


def pages() -> Iterator[tuple[str, str]]:
    """Give the pages: path in ``docs/``, and text."""
    yield "course/README.md", index()
    for number, lesson in enumerate(COURSE, 1):
        yield f"course/{lesson.name}.md", page(number, lesson)


def index() -> str:
    """Give the page that lists the lessons."""
    rows = "".join(
        f"| {n} | [{_title(lesson)}]({lesson.name}.md) | {lesson.teaches} |\n" for n, lesson in enumerate(COURSE, 1)
    )
    return (
        f"{MADE}# A course in twelve examples\n\n"
        "From first steps to a pipeline for production. Each lesson shows the Python (in `examples/`), the YAML that\n"
        "`argosy compile` makes of it, and what `argosy simulate` says of a run in which something fails.\n\n"
        f"| | example | shows |\n|---|---|---|\n{rows}"
    )


def page(number: int, lesson: Lesson) -> str:
    """Give the page of a lesson."""
    source = EXAMPLES / f"{lesson.name}.py"
    fails = " ".join(f"--fail {one}" for one in lesson.fail)
    return (
        f"{MADE}# {number}. {_title(lesson)}\n\n"
        f"It shows {lesson.teaches}.\n\n```python\n{source.read_text(encoding='utf-8')}```\n\n"
        f"`argosy compile examples/{lesson.name}.py` gives\n\n```yaml\n{_yaml(source)}```\n\n"
        f"`argosy simulate examples/{lesson.name}.py {fails}` says\n\n```console\n{_run(source, lesson)}```\n"
        f"{_next(number)}"
    )


def _title(lesson: Lesson) -> str:
    return lesson.name.replace("_", " ").capitalize()


def _next(number: int) -> str:
    if number == len(COURSE):
        return ""
    following = COURSE[number]
    return f"\nNext: [{_title(following)}]({following.name}.md)\n"


def _yaml(source: Path) -> str:
    from argosy.frontend import compile_path
    from argosy.yaml.write import dump_all

    return dump_all([m.data for m in compile_path(source)])


def _run(source: Path, lesson: Lesson) -> str:
    import argosy
    from argosy.frontend import compile_path
    from argosy.report import render

    [manifest] = compile_path(source)
    done = argosy.simulate(manifest, fail=list(lesson.fail))
    return render("run", "tree", done, io.StringIO()).strip("\n") + "\n"
