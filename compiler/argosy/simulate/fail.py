"""The short form of an outcome, as people type it: ``TEMPLATE[:exit=N,attempt=0,...]``."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from argosy.errors import UsageError
from argosy.simulate.scenario import Match, Outcome
from argosy.simulate.shape import Regex, closest, seconds

Values = dict[str, object]


def _number(text: str) -> int:
    return int(text)


def _sets(field: str, convert: Callable[[str], object] = str, **more: object) -> Callable[[Values, str], None]:
    def apply(values: Values, text: str) -> None:
        values[field] = convert(text)
        values.update(more)

    return apply


def _flag(**more: object) -> Callable[[Values, str], None]:
    return lambda values, text: values.update(more)


WORDS: dict[str, tuple[Callable[[Values, str], None], str]] = {
    "exit": (_sets("exit_code", _number), "exit=N: exit code of the main container"),
    "message": (_sets("message"), "message=TEXT: termination message of main"),
    "error": (_sets("message", str, phase="Error"), "error=TEXT: the wait container fails, the node ends in Error"),
    "oom": (_flag(reason="OOMKilled"), "oom: out of memory"),
    "evicted": (_flag(reason="Evicted"), "evicted: the node's pod is evicted, and nothing is reported"),
    "image": (_flag(image_pull_back_off=True), "image: the image is never there"),
    "init": (_sets("init_error"), "init=TEXT: the init container fails"),
    "unschedulable": (_sets("unschedulable"), "unschedulable=TEXT: never scheduled, with this message"),
    "pending": (_flag(pending_forever=True), "pending: never scheduled"),
    "hang": (_flag(run_forever=True), "hang: runs until it is signalled"),
    "deleted": (_flag(deleted=True), "deleted: the pod vanishes"),
    "twice": (_flag(delivered_twice=True), "twice: the pod vanishes after its work, and is made again"),
    "duration": (_sets("duration", seconds), "duration=2s: how long it runs"),
    "attempt": (_sets("attempt", _number), "attempt=N: only this attempt of a retry, from 0"),
    "node": (_sets("node", Regex), "node=REGEX: only nodes whose name has this in it"),
}
"""What can be said, and how it is said."""

_OF_MATCH = frozenset({"attempt", "node"})
_OUTCOMES = frozenset(
    {"exit", "error", "oom", "evicted", "image", "init", "unschedulable", "pending", "hang", "deleted"}
)


def parse(text: str, templates: Iterable[str] = ()) -> Outcome:
    """Read one short form; with the names of the templates given, one that is not among them is an error.

    Without a word on how, the main container exits with 1. A comma in a text value is written ``\\,``.
    Raises UsageError.

    >>> parse("work:exit=3,attempt=0").exit_code
    3
    """
    template, _, rest = text.partition(":")
    known = sorted(templates)
    if not template or (known and template not in known):
        raise UsageError(f"there is no template {template!r} to fail", hint=closest(template, known))
    values: Values = {}
    words = [part.replace("\0", ",").partition("=") for part in rest.replace("\\,", "\0").split(",") if part]
    for word, _, value in words:
        _apply(values, text, word, value)
    if not _OUTCOMES & {word for word, _, _ in words} and "delivered_twice" not in values:
        values["exit_code"] = 1
    match = Match(template=template, **{k: v for k, v in values.items() if k in _OF_MATCH})  # type: ignore[arg-type]  # typed by WORDS
    return Outcome(match=match, **{k: v for k, v in values.items() if k not in _OF_MATCH})  # type: ignore[arg-type]  # typed by WORDS


def _apply(values: Values, text: str, word: str, value: str) -> None:
    if word not in WORDS:
        raise UsageError(f"cannot read {text!r}: unknown {word!r}", hint=closest(word, list(WORDS)))
    apply, usage = WORDS[word]
    try:
        apply(values, value)
    except ValueError:
        raise UsageError(f"cannot read {text!r}: {word}={value}", hint=usage) from None
