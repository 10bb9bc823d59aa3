"""Tokens and how each is applied: a token is a function of the root, the value it stands on, and the tokens after
it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct, field

from argosy.errors import LanguageError
from argosy.language.caching import remembered
from argosy.language.gotext import trim_space
from argosy.language.jsonpath.budget import Budget, OutOfBudgetError
from argosy.language.jsonpath.script import Script, compile_script
from argosy.language.jsonpath.subscript import Argument, arguments, invalid, is_key, is_script
from argosy.language.jsonpath.tokenizer import tokenize

Apply = Callable[["Run", Any, list["Token"]], Any]


class Token(Struct, frozen=True):
    """One step of a path. After some tokens, an index takes from all that was found, not from each."""

    apply: Apply
    is_index: bool = False


class Run(Struct):
    """One query: its document, and the work that is left."""

    root: Any
    budget: Budget = field(default_factory=Budget)

    def follow(self, value: Any, rest: list[Token]) -> Any:
        """Apply the rest of the path to a value."""
        self.budget.spend()
        return rest[0].apply(self, value, rest[1:]) if rest else value

    def each(self, values: list[Any], rest: list[Token]) -> Any:
        """Apply the rest to each value, leaving out failures and nils; an index next takes from the list itself."""
        self.budget.spend(len(values))
        if rest and rest[0].is_index:
            return self.follow(values, rest)
        return self.surviving(values, rest) if rest else values

    def surviving(self, values: list[Any], rest: list[Token]) -> list[Any]:
        """Apply the rest to each value, leaving out failures and nils."""
        found = []
        for value in values:
            try:
                result = self.follow(value, rest)
            except OutOfBudgetError:
                raise
            except LanguageError:
                continue
            if result is not None:
                found.append(result)
        return found


_KINDS = ((bool, "bool"), (str, "string"), (dict, "map"), (list, "slice"), (int, "int64"), (float, "float64"))


def _kind(value: Any) -> str:
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "nil")


def _target(kind: str, value: Any, *wanted: str) -> LanguageError:
    return LanguageError(f"{kind}: invalid token target. expected [{' '.join(wanted)}] got [{_kind(value)}]")


def _root(run: Run, _: Any, rest: list[Token]) -> Any:
    return run.follow(run.root, rest)


def _current(run: Run, value: Any, rest: list[Token]) -> Any:
    return run.follow(value, rest)


def _key(name: str) -> Apply:
    def apply(run: Run, value: Any, rest: list[Token]) -> Any:
        if not isinstance(value, dict):
            raise _target("key", value, "map")
        if name not in value:
            raise LanguageError(f"key: invalid token key '{name}' not found")
        return run.follow(value[name], rest)

    return apply


def _index(number: int) -> Apply:
    def apply(run: Run, value: Any, rest: list[Token]) -> Any:
        if not isinstance(value, list):
            raise _target("index", value, "array", "slice")
        if not -len(value) <= number < len(value):
            raise LanguageError("index: invalid token out of range")
        return run.follow(value[number], rest)

    return apply


def _length(run: Run, value: Any, rest: list[Token]) -> Any:
    from argosy.language.gotypes import Int64

    if not isinstance(value, (dict, list, str)):
        raise _target("length", value, "array", "map", "slice", "string")
    if isinstance(value, dict) and "length" in value:
        return run.follow(value["length"], rest)
    return run.follow(Int64(len(value.encode("utf-8", "replace")) if isinstance(value, str) else len(value)), rest)


def _children(value: Any) -> list[Any] | None:
    if isinstance(value, dict):
        return [value[key] for key in sorted(value)]
    return value if isinstance(value, list) else None


def _wildcard(run: Run, value: Any, rest: list[Token]) -> Any:
    children = _children(value)
    if children is None:
        raise _target("wildcard", value, "array", "map", "slice")
    run.budget.spend(len(children))
    return run.surviving(children, rest) if rest else list(children)


def _recursive(run: Run, value: Any, rest: list[Token]) -> list[Any]:
    found: list[Any] = []
    stack = [value]
    while stack:
        current = stack.pop()
        if current is None:
            continue
        run.budget.spend()
        for result in run.surviving([current], rest) if rest else [current]:
            found.extend(result if isinstance(result, list) and rest else [result])
            run.budget.spend(len(result) if isinstance(result, list) else 1)
        stack.extend(reversed(_children(current) or []))
    return found


def _truthy(value: Any) -> bool:
    if isinstance(value, str) and len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        value = value[1:-1]
    return bool(value)


def _filter(script: Script) -> Apply:
    def apply(run: Run, value: Any, rest: list[Token]) -> Any:
        children = _children(value)
        if children is None:
            raise _target("filter", value, "array", "map", "slice")
        kept = [child for child in children if _truthy(_tried(script, run, child))]
        return run.each(kept, rest)

    return apply


def _tried(script: Script, run: Run, value: Any) -> Any:
    run.budget.spend()
    try:
        return script(run.root, value, run.budget)
    except OutOfBudgetError:
        raise
    except LanguageError:
        return None


def _scripted(script: Script) -> Apply:
    def apply(run: Run, value: Any, rest: list[Token]) -> Any:
        found = script(run.root, value, run.budget)
        if isinstance(found, str):
            return _key(found)(run, value, rest)
        number = _whole(found)
        if number is None:
            raise LanguageError(f"unexpected expression result. expected [int string] got [{_kind(found)}]")
        return _index(number)(run, value, rest)

    return apply


def _whole(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if value == value and abs(value) < 2**63 and int(value) == value else None


def _worth(argument: Argument | Script, run: Run, value: Any) -> Any:
    return argument(run.root, value, run.budget) if callable(argument) else argument


def _bound(argument: Argument | Script, run: Run, value: Any) -> int | None:
    if argument is None:
        return None
    number = _whole(_worth(argument, run, value))
    if number is None:
        raise LanguageError("range: invalid token argument. expected [int]")
    return number


def _range(start: Argument | Script, stop: Argument | Script, step: Argument | Script) -> Apply:
    def apply(run: Run, value: Any, rest: list[Token]) -> Any:
        if not isinstance(value, list):
            raise _target("range", value, "array", "slice")
        size = len(value)
        low, high, by = (_bound(argument, run, value) for argument in (start, stop, step))
        if by == 0:
            raise LanguageError("range: invalid token out of range")
        low, high = _clamped(0 if low is None else low, size), _clamped(size if high is None else high, size)
        numbers = range(low, high, by or 1) if (by or 1) > 0 else range(high - 1, low - 1, by or 1)
        return run.each([value[number] for number in numbers], rest)

    return apply


def _clamped(number: int, size: int) -> int:
    return min(max(number + size if number < 0 else number, 0), size)


def _union(parts: list[Argument | Script]) -> Apply:
    def apply(run: Run, value: Any, rest: list[Token]) -> Any:
        worths = [_worth(part, run, value) for part in parts]
        keys = [worth for worth in worths if isinstance(worth, str)]
        numbers = [number for number in map(_whole, worths) if number is not None]
        if len(keys) not in (0, len(worths)) or len(keys) + len(numbers) != len(worths):
            raise LanguageError("union: invalid token argument. expected [int] or [string] throughout")
        if keys:
            if not isinstance(value, dict):
                raise _target("union", value, "map")
            return run.each([value[key] for key in keys if key in value], rest)
        if not isinstance(value, list):
            raise _target("union", value, "array", "slice")
        return run.each([value[n] for n in numbers if -len(value) <= n < len(value)], rest)

    return apply


# ---------------------------------------------------------------------- from text to tokens

_PLAIN: dict[str, Token] = {
    "$": Token(_root),
    "@": Token(_current),
    "*": Token(_wildcard),
    "..": Token(_recursive),
    "length": Token(_length),
}


def _token(text: str, budget: Budget) -> Token:
    text = trim_space(text)
    if not text:
        raise LanguageError("invalid token. token string is empty")
    if text in _PLAIN:
        return _PLAIN[text]
    if not text.startswith("["):
        return Token(_key(text))
    subscript = trim_space(text[1:-1])
    if not text.endswith("]") or not subscript:
        raise invalid(text)
    if subscript == "*":
        return Token(_wildcard)
    if subscript.startswith("?"):
        if not subscript.startswith("?(") or not subscript.endswith(")"):
            raise invalid(text)
        return Token(_filter(_script(trim_space(subscript[2:-1]), budget)))
    return _from_arguments(text, arguments(text, subscript), budget)


def _script(text: str, budget: Budget) -> Script:
    return compile_script(text, compile_path, budget)


def _from_arguments(text: str, found: list[Argument], budget: Budget) -> Token:
    if len(found) == 1:
        return _single(text, found[0], budget)
    colons, commas = found.count(":"), found.count(",")
    plain: list[Argument] = []
    after_colon = False
    for argument in found:
        if argument == ":":
            if after_colon:
                plain.append(None)
            after_colon = True
            continue
        after_colon = False
        if argument != ",":
            plain.append(argument)
    if commas and not colons and commas < len(plain):
        return Token(_union([_union_part(text, part, budget) for part in plain]))
    if commas or not 1 <= colons <= 2:
        raise invalid(text)
    if colons == 1 and len(plain) == 1:
        plain.append(None)
    if len(plain) < 2:
        raise invalid(text)
    bounds = [_range_part(part, budget) for part in [*plain, None][:3]]
    return Token(_range(bounds[0], bounds[1], bounds[2]))


def _single(text: str, argument: Argument, budget: Budget) -> Token:
    if isinstance(argument, int):
        return Token(_index(argument), is_index=True)
    if isinstance(argument, str) and is_key(argument):
        return Token(_key(argument[1:-1]))
    if isinstance(argument, str) and is_script(argument):
        return Token(_scripted(_script(argument[1:-1], budget)))
    raise invalid(text)


def _union_part(text: str, part: Argument, budget: Budget) -> Argument | Script:
    if isinstance(part, int):
        return part
    if isinstance(part, str) and is_script(part):
        return _script(part[1:-1], budget)
    if isinstance(part, str) and is_key(part):
        return part[1:-1]
    raise invalid(text)


def _range_part(part: Argument, budget: Budget) -> Argument | Script:
    if not isinstance(part, str):
        return part
    if not is_script(part):
        raise LanguageError(f"invalid expression. invalid format '{part}'")
    return _script(part[1:-1], budget)


def compile_path(path: str, budget: Budget) -> Callable[[Any, Any, Budget], Any]:
    """Give a function of the root, the current value and the budget. Raises LanguageError if the path does not
    parse."""
    budget.spend(len(path))
    tokens = [_token(text, budget) for text in tokenize(path)]

    def apply(root: Any, current: Any, left: Budget) -> Any:
        return tokens[0].apply(Run(root, left), current, tokens[1:])

    return apply


@remembered(256)
def _compiled(path: str) -> Callable[[Any, Any, Budget], Any]:
    try:
        return compile_path(path, Budget())
    except LanguageError as error:
        raise LanguageError(f"invalid JSONPath selector '{path[:500]}' {error.message}", error.position) from None


def jsonpath(data: Any, path: str) -> Any:
    """Give what a path finds in JSON data whose numbers are floats.

    Raises LanguageError if the path does not parse, leads nowhere, or takes too much work.
    """
    try:
        return _compiled(path)(data, data, Budget())
    except RecursionError:
        raise LanguageError("the JSONPath or its document is nested too deeply") from None
