"""Go's regular expressions: RE2's syntax and its linear time, through Google's own library."""

from __future__ import annotations

import re
from typing import Any

from argosy.errors import LanguageError
from argosy.language.caching import remembered
from argosy.language.gochars import valid
from argosy.later import regex

_MAX_NESTING = 1000
_BRACKET = regex(r"\\.|\[\^?\]?[^\]]*\]|[()]", re.DOTALL)


def _nesting(pattern: str) -> int:
    depth = deepest = 0
    for match in _BRACKET.finditer(pattern):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        deepest = max(deepest, depth)
    return deepest


@remembered(1024)
def compile(pattern: str) -> Any:
    """Compile a pattern. Raises LanguageError for one that Go does not accept."""
    if pattern.count("(") > _MAX_NESTING and _nesting(pattern) > _MAX_NESTING:
        raise LanguageError("error parsing regexp: expression nests too deeply")
    import re2  # slow to import, and few expressions have a pattern

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options=options)
    except (re2.error, UnicodeEncodeError) as error:
        reason = error.args[0] if error.args else ""
        reason = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise LanguageError(f"error parsing regexp: {reason}") from None


def matches(pattern: str, text: str) -> bool:
    """Tell whether the pattern is found anywhere in the text. Raises LanguageError for a pattern that Go does not
    accept."""
    return compile(pattern).search(valid(text)) is not None
