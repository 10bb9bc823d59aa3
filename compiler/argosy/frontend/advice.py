"""What to write instead of Python's own words on values that only the run knows."""

from __future__ import annotations

import re
from typing import NoReturn

from argosy.frontend.places import fail

_ADVICE = (
    ("if ", "write `with when(condition):` around the steps, or `choose(condition, yes, no)` for a value"),
    ("elif ", "write `with otherwise():` after `with when(condition):`"),
    ("while ", "let a template call itself under `with when(condition):`"),
    ("assert ", "check it in a script"),
    ("not ", "write `not_(condition)`"),
    (" and ", "write `(a) & (b)`"),
    (" or ", "write `(a) | (b)`"),
    (" in ", "write `contains(items, item)` from argosy"),
    (" if ", "write `choose(condition, yes, no)`"),
)


def refuse_decision(line: str) -> NoReturn:
    """Refuse to decide on a value in Python; what to write instead is told from the line that asked."""
    advice = next((say for word, say in _ADVICE if (line.startswith(word) if word[0] != " " else word in line)), None)
    if advice is None and "not " in line:
        advice = "write `not_(condition)`"
    fail(
        "Python cannot decide on this value: it is known only when the workflow runs",
        hint=advice or "write `with when(condition):` around the steps",
    )


def hint_for(error: Exception) -> str | None:
    """Say what to do about an exception that Python's own functions raised because of a value of the run."""
    from argosy.frontend.context import EXIT_FIELDS, Exit
    from argosy.frontend.hints import known_are

    if isinstance(error, AttributeError) and isinstance(error.obj, Exit):
        return known_are(str(error.name), EXIT_FIELDS)
    if isinstance(error, (TypeError, AttributeError)) and _EXPRESSIONS.search(str(error)):
        return "this value is known only when the workflow runs: do it in a @script, and pass it the value"
    return None


_EXPRESSIONS = re.compile(r"\b(Variable|Shared|Operation|Not|Member|Slice|Function|Choice|GlobalOutput|Raw)\b")
