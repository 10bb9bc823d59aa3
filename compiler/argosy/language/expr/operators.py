"""The operators' precedence, as expr v1.17.8 ``parser/operator`` has it: higher binds tighter."""

from __future__ import annotations

UNARY = {"not": 50, "!": 50, "-": 90, "+": 90}

BINARY = {
    "|": 0,
    "or": 10,
    "||": 10,
    "and": 15,
    "&&": 15,
    "==": 20,
    "!=": 20,
    "<": 20,
    ">": 20,
    ">=": 20,
    "<=": 20,
    "in": 20,
    "matches": 20,
    "contains": 20,
    "startsWith": 20,
    "endsWith": 20,
    "..": 25,
    "+": 30,
    "-": 30,
    "*": 60,
    "/": 60,
    "%": 60,
    "**": 100,
    "^": 100,
    "??": 500,
}

RIGHT_ASSOCIATIVE = frozenset(["**", "^"])
COMPARISONS = frozenset(["<", ">", ">=", "<="])
NEGATABLE = frozenset(["contains", "matches", "startsWith", "endsWith", "in"])
"""What ``not`` may stand in front of: ``a not in b``."""
BOOLEAN = frozenset(["and", "or", "&&", "||"])

PREDICATES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        "all none any one filter map find findIndex findLast findLastIndex groupBy".split(),  # noqa: SIM905 - reads better
        ("expression", "predicate"),
    ),
    **dict.fromkeys(["count", "sum"], ("expression", "predicate?")),
    **dict.fromkeys(["sortBy", "reduce"], ("expression", "predicate", "expression?")),
}
"""The built-in functions that take a predicate, with their arguments; ``?`` marks those that may be left out."""

FUNCTIONS = frozenset(
    """
    len type abs ceil floor round int float string trim trimPrefix trimSuffix upper lower split splitAfter replace
    repeat join indexOf lastIndexOf hasPrefix hasSuffix max min mean median toJSON fromJSON toBase64 fromBase64 now
    duration date timezone first last get take keys values toPairs fromPairs reverse uniq concat flatten sort bitand
    bitor bitxor bitnand bitshl bitshr bitushr bitnot
    """.split()  # noqa: SIM905 - reads better
)
"""The other built-in functions."""

BUILTINS = FUNCTIONS | PREDICATES.keys()
