# ruff: noqa: RUF009  # shown() makes a field, as dataclasses.field() does
"""What must hold whatever goes wrong: small statements about a workflow, in Python or YAML.

They stand in ``NAME.invariants.yaml`` beside the manifest ``NAME.yaml``, or in the annotation ``argosy/invariants`` of
the workflow itself: a list, each entry with one of the statements below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from argosy.errors import Place, ReadError, ScenarioError
from argosy.explore.exploration import Exploration, Result
from argosy.explore.observe import Observed
from argosy.simulate.scenario import WorkflowPhase
from argosy.simulate.shape import Seconds, ShapeError, read, shown
from argosy.source import Json, Manifest, NoOrigin, Origin, format_address

if TYPE_CHECKING:
    from argosy.yaml.read import Document

ANNOTATION = "argosy/invariants"
ENDING = ".invariants.yaml"
Excused = Literal["terminate", "lost", "down", "invalid", "entrypoint"]
Kind = Literal[
    "handler",
    "exit",
    "error",
    "oom",
    "evicted",
    "hang",
    "image",
    "outputs",
    "twice",
    "stop",
    "deadline",
    "unanswered",
    "refused",
]
EXCUSED: tuple[Excused, ...] = ("terminate", "lost", "down", "invalid", "entrypoint")
"""Kinds of faults that no handler survives: what must hold need not hold after them, unless ``even`` says so."""


@dataclass(frozen=True, slots=True)
class Invariant:
    """One statement; just one of ``ran``, ``atMostOnce``, ``handlerEndsWithin``, ``acquired``."""

    ran: str | None = shown("A pod of this template was started.", None)
    gets: dict[str, str] | None = shown(
        "With `ran`: values of its input parameters; {{workflow.status}} and {{workflow.failures}} may stand in them.",
        None,
    )
    at_most_once: str | None = shown("No more than one pod of this template was started.", None)
    handler_ends_within: Seconds | None = shown("The exit handler ran no longer than this, and ended.", None)
    acquired: str | None = shown("Wherever this template succeeded ...", None)
    released: str | None = shown("With `acquired`: ... this one was started, too.", None)
    phase: list[WorkflowPhase] | None = shown("Only where the work ended so, before the handler.", None)
    unless: list[WorkflowPhase] | None = shown("Only where the work did not end so.", None)
    except_after: list[Kind] | None = shown(
        "Not after faults of these kinds; `handler`: after those of the handler's and the hooks' own steps.", None
    )
    even: list[Excused] | None = shown("Also after these faults, which no handler survives.", None)

    def __str__(self) -> str:
        """Give it in words."""
        return next(rule.words(self) for rule in RULES if rule.applies(self)) + _condition(self)


@dataclass(frozen=True, slots=True)
class InvariantsFile:
    """A file of invariants."""

    invariants: list[Invariant] = shown("What must hold after every fault.")


@dataclass(frozen=True, slots=True)
class Broken:
    """An invariant that does not hold after a fault."""

    invariant: Invariant
    result: Result
    message: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of statement."""

    applies: Callable[[Invariant], bool]
    words: Callable[[Invariant], str]
    broken: Callable[[Invariant, Observed], str]
    """What is wrong; empty: it holds."""


def _ran(invariant: Invariant, seen: Observed) -> str:
    name = invariant.ran or ""
    if not seen.pods.get(name):
        return f"{name} did not run" + _and_why(seen)
    got = seen.inputs.get(name, {})
    for key, value in (invariant.gets or {}).items():
        wanted = re.sub(r"\{\{\s*(.*?)\s*\}\}", lambda tag: seen.saw.get(tag[1], tag[0]), value)
        if got.get(key) != wanted:
            return f"{name} got {key}={got.get(key)!r}, not {wanted!r}"
    return ""


def _at_most_once(invariant: Invariant, seen: Observed) -> str:
    number = seen.pods.get(invariant.at_most_once or "", 0)
    return f"{invariant.at_most_once} ran {number} times" if number > 1 else ""


def _ends_within(invariant: Invariant, seen: Observed) -> str:
    limit = invariant.handler_ends_within or 0.0
    if not seen.handler:
        return ""
    if seen.ended != "completed":
        return "the handler does not end" + _and_why(seen)
    return f"the handler took {seen.handler_took:g}s" if seen.handler_took > limit else ""


def _released(invariant: Invariant, seen: Observed) -> str:
    held = invariant.acquired in seen.succeeded and not seen.pods.get(invariant.released or "")
    return f"{invariant.acquired} succeeded, and {invariant.released} did not run" + _and_why(seen) if held else ""


def _and_why(seen: Observed) -> str:
    return f": {seen.waits_for[0]}" if seen.waits_for else ""


def _words_of_ran(invariant: Invariant) -> str:
    given = ", ".join(f"{name}={value}" for name, value in (invariant.gets or {}).items())
    return f"{invariant.ran} ran" + (f" with {given}" if given else "")


RULES: tuple[Rule, ...] = (
    Rule(lambda i: i.ran is not None, _words_of_ran, _ran),
    Rule(lambda i: i.at_most_once is not None, lambda i: f"{i.at_most_once} ran at most once", _at_most_once),
    Rule(
        lambda i: i.handler_ends_within is not None,
        lambda i: f"the handler ended within {i.handler_ends_within:g}s",
        _ends_within,
    ),
    Rule(
        lambda i: i.acquired is not None and i.released is not None,
        lambda i: f"{i.released} ran if {i.acquired} succeeded",
        _released,
    ),
)
"""The kinds of statements; a new one is a field of Invariant and a row."""


def _condition(invariant: Invariant) -> str:
    parts = [f"if the work ended {' or '.join(invariant.phase)}"] if invariant.phase else []
    parts += [f"unless it ended {' or '.join(invariant.unless)}"] if invariant.unless else []
    parts += [f"except after {' or '.join(invariant.except_after)}"] if invariant.except_after else []
    return f", {', '.join(parts)}" if parts else ""


def problem(invariant: Invariant, result: Result) -> str:
    """Say what of an invariant does not hold after a fault; empty if it holds, or need not."""
    seen = result.observed
    kinds = {fault.kind for fault in result.fault.all()}
    if any(fault.place and fault.place.hook for fault in result.fault.all()):
        kinds.add("handler")
    if kinds & set(EXCUSED) - set(invariant.even or ()) or kinds & set(invariant.except_after or ()):
        return ""
    status = seen.saw.get("workflow.status") or seen.phase
    if (invariant.phase and status not in invariant.phase) or (invariant.unless and status in invariant.unless):
        return ""
    return next(rule.broken(invariant, seen) for rule in RULES if rule.applies(invariant))


def check(exploration: Exploration, invariants: Iterable[Invariant]) -> list[Broken]:
    """Give what does not hold, by invariant, in the order of the faults."""
    return [
        Broken(invariant, result, message)
        for invariant in invariants
        for result in exploration.results
        if (message := problem(invariant, result))
    ]


def from_data(data: Json, origin: Origin | None = None) -> list[Invariant]:
    """Read invariants from a list, or an object with ``invariants``. Raises ScenarioError where one does not fit."""
    listed = {"invariants": data} if isinstance(data, list) else data
    prefix = ("invariants",) if isinstance(data, list) else ()
    try:
        found = read(InvariantsFile, listed).invariants
        for i, one in enumerate(found):
            if sum(rule.applies(one) for rule in RULES) != 1:
                kinds = "ran, atMostOnce, handlerEndsWithin, or acquired and released"
                raise ShapeError(f"an invariant says one thing: {kinds}", ("invariants", i))
    except ShapeError as error:
        address = error.address[len(prefix) :]
        place, message = None, error.message
        if origin is not None:
            span = origin.locate(address, "key" if error.key else "value")
            place = Place(span.path, span.line, span.column)
        elif address:
            message = f"{format_address(address)}: {message}"
        raise ScenarioError(message, place=place, hint=error.hint) from None
    return found


def load(path: str | Path) -> list[Invariant]:
    """Read a file of invariants. Raises ReadError, ScenarioError."""
    from argosy.yaml.read import read as read_yaml

    try:
        text = Path(path).read_bytes()
    except OSError as error:
        raise ReadError(f"cannot read the invariants: {error.strerror}", place=Place(str(path))) from None
    return _parse(read_yaml(text, str(path)))


def _parse(documents: list[Document]) -> list[Invariant]:
    out: list[Invariant] = []
    for document in documents:
        for found in document.problems:
            if found.dropped != "never":
                place = Place(found.span.path, found.span.line, found.span.column)
                raise ReadError(found.message, place=place)
        if document.data is not None:
            out += from_data(document.data, document.origin)
    return out


def file_beside(manifest: Manifest) -> Path | None:
    """Give the file of invariants beside a manifest, if there is one."""
    origin = manifest.origin
    if isinstance(origin, NoOrigin) or origin.path.startswith("<"):
        return None
    file = Path(origin.path).with_suffix("")
    file = file.with_name(file.name + ENDING)
    return file if file.is_file() else None


def annotated(manifest: Manifest, more: Sequence[str] = ()) -> Manifest:
    """Give a manifest that has its invariants, and those of more files, in its annotation: it can go anywhere."""
    file = file_beside(manifest)
    metadata = manifest.data.get("metadata") or {}
    annotations = metadata.get("annotations") or {}
    paths = [*([file] if file is not None else []), *map(Path, more)]
    texts = [*([annotations[ANNOTATION]] if annotations.get(ANNOTATION) else []), *map(_text, paths)]
    if not texts:
        return manifest
    annotations = {**annotations, ANNOTATION: "\n---\n".join(text.strip("\n") for text in texts) + "\n"}
    return replace(manifest, data={**manifest.data, "metadata": {**metadata, "annotations": annotations}})


def _text(path: Path) -> str:
    load(path)  # what is wrong with it is said here, and not on the cluster
    return path.read_text(encoding="utf-8")


def beside(manifest: Manifest) -> list[Invariant]:
    """Give the invariants of a workflow: those in the file beside its manifest, and those in its annotation."""
    out: list[Invariant] = []
    file = file_beside(manifest)
    out += load(file) if file is not None else []
    annotations = (manifest.data.get("metadata") or {}).get("annotations") or {}
    if text := annotations.get(ANNOTATION):
        from argosy.yaml.read import read as read_yaml

        out += _parse(read_yaml(str(text), f"the annotation {ANNOTATION} of {manifest.name}"))
    return out
