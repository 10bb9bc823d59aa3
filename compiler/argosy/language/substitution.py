"""Substitution of tags, as Argo's controller does it: in the JSON text of an object, value by value.

After Argo 4.1 ``util/template``. What a tag becomes is written with Go's quoting into a text that is JSON already, so
quotes, line breaks and nested tags end as they do in Argo, oddities included (a control character makes the JSON
invalid, for one).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from argosy.errors import LanguageError
from argosy.language.gochars import valid
from argosy.language.gotext import escape, trim_space
from argosy.language.tags import CLOSE, OPEN, Tag, Text, parse_cached

STEP_PREFIXES = ("steps", "tasks")
"""The strict prefixes with which Argo resolves steps and DAG tasks."""

_MISSING_SIGNS = ("failed to resolve {{", " is missing", "variable not in env")
_MAX_SIZE = 64_000_000
_ABSENT = object()
_HTML = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def is_missing_variable(error: LanguageError) -> bool:
    """Tell whether Argo takes the error for a variable that may still come, and tries again later
    (``IsMissingVariableErr``)."""
    return any(sign in error.message for sign in _MISSING_SIGNS)


Strict = Callable[[str], bool] | None


@lru_cache(maxsize=64)
def _strictness(prefixes: tuple[str, ...]) -> Strict:
    if not prefixes:
        return None
    starts = tuple(f"{prefix}." for prefix in prefixes)
    return lambda name: name in prefixes or name.startswith(starts)


def _always(_: str) -> bool:
    return True


def substitute(
    text: str,
    params: Mapping[str, Any],
    allow_unresolved: bool = False,
    strict_prefixes: Sequence[str] | None = None,
) -> str:
    """Give the text after one pass of substitution; it is taken for JSON text, so values come out with Go's escapes.

    ``params`` maps whole names (``workflow.name``) to text, or to None for an output that a skipped node never made.
    Unless ``allow_unresolved`` every simple tag must resolve; with ``strict_prefixes`` only the tags that start so
    must.

    Raises LanguageError at the tag that does not resolve, or whose expression fails.
    """
    if OPEN not in text:
        return text
    artifacts_may_wait = True
    strict: Strict
    if strict_prefixes is not None:
        strict = _strictness(tuple(strict_prefixes))
    else:
        strict, artifacts_may_wait = (None, True) if allow_unresolved else (_always, False)
    return _Pass(text, params, strict, artifacts_may_wait).run()


class _Pass:
    """One pass over a text: what it resolves with, and how strictly."""

    def __init__(self, text: str, params: Mapping[str, Any], strict: Strict, artifacts_may_wait: bool) -> None:
        self.text = text
        self.params = params
        self.strict = strict
        self.artifacts_may_wait = artifacts_may_wait
        self.scope: Any = None

    def run(self) -> str:
        parts: list[str] = []
        size = 0
        for segment in parse_cached(self.text):
            if isinstance(segment, Text):
                part = segment.text
            elif segment.content.startswith("="):
                part = self.expression(segment)
            else:
                part = self.simple(segment)
            parts.append(part)
            size += len(part)
            if size > _MAX_SIZE:
                raise self.fail(f"the text grows longer than {_MAX_SIZE} characters", segment.start)
        return "".join(parts)

    def fail(self, message: str, at: int, hint: str | None = None) -> LanguageError:
        return LanguageError(message, at, text=self.text, hint=hint)

    def simple(self, tag: Tag) -> str:
        """Resolve ``{{name}}`` (``simple_template.go``)."""
        value = self.params.get(trim_space(tag.content), _ABSENT)
        if value is _ABSENT:
            return self.unresolved(tag)
        if value is None:
            raise self.fail(
                f"unable to substitute {{{{{tag.content}}}}}: output is an absent optional "
                "(skipped/omitted node with no default)",
                tag.start,
                "give the output a default, or use an expression with ??",
            )
        if not isinstance(value, str):
            raise self.fail(f"failed to resolve {{{{{tag.content}}}}} to string", tag.start)
        return escape(value)

    def unresolved(self, tag: Tag) -> str:
        inner = tag.inner
        if inner is not None and inner in self.params:
            value = self.params[inner]
            if value is None:
                raise self.fail(
                    f'unable to substitute nested tag {{{{{tag.content}}}}}: "{inner}" is an absent optional', tag.start
                )
            if isinstance(value, str):
                return OPEN + tag.content[: -len(inner) - len(OPEN) or None] + escape(value)
        name = trim_space(tag.content)
        if (
            self.strict is not None
            and self.strict(name)
            and not (self.artifacts_may_wait and ".outputs.artifacts." in name)
        ):
            raise self.fail(f"failed to resolve {{{{{tag.content}}}}}", tag.start)
        return f"{OPEN}{tag.content}{CLOSE}"

    def expression(self, tag: Tag) -> str:
        """Resolve ``{{=expression}}`` (``expression_template.go``)."""
        from argosy.language.expression_tag import Scope, resolve
        from argosy.language.world import forgiving

        if self.scope is None:
            self.scope = Scope(self.params)
        try:
            return resolve(tag, self.scope, self.strict)
        except LanguageError as error:
            if self.strict is None and forgiving():
                return f"{OPEN}{tag.content}{CLOSE}"
            at = tag.expression_start + error.position
            raise self.fail(error.message, min(at, tag.end), error.hint) from None


# ---------------------------------------------------------------------- whole objects


def to_json(obj: Any) -> str:
    """Write an object as the JSON text in which Argo substitutes: compact, ``<`` ``>`` ``&`` escaped, keys in the
    given order.

    Raises LanguageError for what JSON cannot hold.
    """
    try:
        text = _ENCODER.encode(obj).decode()
    except RecursionError:
        raise LanguageError("the object is nested too deeply") from None
    except (UnicodeEncodeError, OverflowError):
        text = valid(json.dumps(obj, ensure_ascii=False, allow_nan=False, separators=(",", ":")))
    except (TypeError, ValueError) as error:
        raise LanguageError(f"the object is not JSON: {error}") from None
    for char, escaped in _HTML.items():
        if char in text:
            text = text.replace(char, escaped)
    return text


def _reject_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_SLOW_DECODER = json.JSONDecoder(parse_constant=_reject_constant)
_DECODER = msgspec.json.Decoder()
_ENCODER = msgspec.json.Encoder()
_OPEN = OPEN.encode()


def _decode(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return _SLOW_DECODER.decode(text)  # takes lone surrogates too, as Go does


def from_json(text: str) -> Any:
    """Read the JSON text that substitution gave. Raises LanguageError if values broke it."""
    try:
        return _decode(text)
    except (ValueError, RecursionError):
        raise LanguageError(
            "cannot finish template replacement because the result was invalid JSON",
            text=text,
            hint="a value has a character, such as a control character, that Argo cannot write",
        ) from None


def substitute_json(
    text: str,
    params: Mapping[str, Any],
    allow_unresolved: bool = False,
    strict_prefixes: Sequence[str] | None = None,
) -> str:
    """Substitute in JSON text and give JSON text: ``template.Replace``, or ``ReplaceStrictAny`` with strict prefixes.

    Raises LanguageError as ``substitute`` does, and if the result is no longer JSON. Text without tags is given back
    as it is.
    """
    if OPEN not in text:
        return text
    result = substitute(text, params, allow_unresolved, strict_prefixes)
    if result != text:
        from_json(result)
    return result


def substitute_template(
    obj: Any,
    params: Mapping[str, Any],
    allow_unresolved: bool = False,
    strict_prefixes: Sequence[str] | None = None,
) -> Any:
    """Give an object of JSON data after one pass of substitution, as the controller does: written as JSON,
    substituted, read back.

    An object without tags is given back as it is, not copied. Arguments and errors are those of ``substitute``, plus
    a LanguageError when the values make the JSON invalid; positions are in the JSON text.
    """
    try:
        if _OPEN not in _ENCODER.encode(obj):  # the usual case, and much faster
            return obj
    except (TypeError, ValueError, RecursionError, OverflowError):
        pass  # to_json says what is wrong, or knows better
    text = to_json(obj)
    if OPEN not in text:
        return obj
    result = substitute(text, params, allow_unresolved, strict_prefixes)
    return obj if result == text else from_json(result)
