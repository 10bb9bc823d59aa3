"""Python types as Argo passes them: everything is text; what is not text or a number is JSON.

| type | text |
| --- | --- |
| ``str``, text enums | itself |
| ``int``, ``float`` | in decimal |
| ``bool`` | ``true`` / ``false`` |
| ``None`` | ``null`` |
| list, dict, tuple, dataclass, TypedDict, pydantic model | JSON |
| ``pathlib.Path`` | not a parameter: an artifact |
"""

from __future__ import annotations

import dataclasses
import enum
import inspect
import json
import types
import typing
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from argosy.spelling import did_you_mean


def split(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """Take ``Annotated[type, extras...]`` apart; a NewType or a named alias is what it stands for."""
    if type(hint) is type:
        return hint, ()
    if get_origin(hint) is Annotated:
        inner, *extras = get_args(hint)
        inner, more = split(inner)
        return inner, (*extras, *more)
    named = getattr(hint, "__supertype__", None) or getattr(hint, "__value__", None)
    return split(named) if named is not None else (hint, ())


def is_artifact(hint: Any) -> bool:
    """Tell whether values of the type travel as files."""
    return isinstance(hint, type) and issubclass(hint, PurePath)


def optional_artifact(hint: Any) -> Any:
    """Give the type of the file for ``Path | None``; None for other types."""
    found = [m for m in members(hint) if m is not type(None)]
    return found[0] if len(found) == 1 and len(members(hint)) == 2 and is_artifact(found[0]) else None


def is_named_tuple(hint: Any) -> bool:
    """Tell whether the type is a NamedTuple: several outputs at once."""
    return isinstance(hint, type) and issubclass(hint, tuple) and hasattr(hint, "_fields")


def is_enum(hint: Any) -> bool:
    """Tell whether the type is an Enum."""
    return isinstance(hint, type) and issubclass(hint, enum.Enum)


def is_model(hint: Any) -> bool:
    """Tell whether the type is a pydantic model, without importing pydantic."""
    return isinstance(hint, type) and hasattr(hint, "model_validate_json") and hasattr(hint, "model_fields")


def is_structure(hint: Any) -> bool:
    """Tell whether the type has declared fields."""
    return (
        (dataclasses.is_dataclass(hint) and isinstance(hint, type))
        or typing.is_typeddict(hint)
        or is_named_tuple(hint)
        or is_model(hint)
    )


def members(hint: Any) -> tuple[Any, ...]:
    """Give the alternatives of a union, or the type alone."""
    hint, _ = split(hint)
    if get_origin(hint) in (Union, types.UnionType):
        return tuple(alternative for part in get_args(hint) for alternative in members(part))
    return (hint,)


def literals(hint: Any) -> tuple[Any, ...]:
    """Give the values that a Literal or an Enum allows, as Argo passes them; nothing for other types."""
    hint, _ = split(hint)
    if get_origin(hint) is Literal:
        return tuple(plain(v) for v in get_args(hint))
    return tuple(m.value for m in hint) if is_enum(hint) else ()


def is_text(hint: Any) -> bool:
    """Tell whether a value of the type is its own text."""
    hint, _ = split(hint)
    if hint is str:
        return True
    allowed = literals(hint)
    return bool(allowed) and all(isinstance(v, str) for v in allowed)


def base(hint: Any) -> Any:
    """Give the simple type behind a Literal or an Enum: str, int, float, bool, NoneType; else the type itself."""
    hint, _ = split(hint)
    kinds = {type(v) for v in literals(hint)}
    if len(kinds) == 1:
        return kinds.pop()
    alternatives = [m for m in members(hint) if m is not type(None)]
    return base(alternatives[0]) if len(alternatives) == 1 and alternatives[0] is not hint else hint


def is_json(hint: Any) -> bool:
    """Tell whether values of the type are passed as JSON rather than as simple text."""
    return base(hint) not in (str, int, float, bool) and not is_artifact(hint)


def plain(value: object) -> object:
    """Give a value in JSON's terms: enums as their values, structures as dicts, tuples as lists."""
    if isinstance(value, enum.Enum):
        return value.value
    if value is None or isinstance(value, (str, int, float)):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", by_alias=True)
    if isinstance(value, Mapping):
        return {encode(k): plain(v) for k, v in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {k: plain(v) for k, v in value._asdict().items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value


def encode(value: object) -> str:
    """Give a constant as the text that Argo passes.

    >>> encode(True), encode("a b"), encode([1, "x"]), encode(None)
    ('true', 'a b', '[1, "x"]', 'null')

    Raises TypeError for values that JSON cannot hold.
    """
    if type(value) is int:
        return str(value)
    value = plain(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def fields(hint: Any) -> dict[str, Any]:
    """Give the declared fields of a structure and their types; nothing for other types."""
    hint, _ = split(hint)
    return typing.get_type_hints(hint) if is_structure(hint) else {}


def json_form(hint: Any) -> str:
    """Give the form that values of a type have in JSON: ``object``, ``array``, ``string``, ``number``, ``boolean``."""
    hint, _ = split(hint)
    origin = get_origin(hint) or hint
    if is_structure(hint) or (inspect.isclass(origin) and issubclass(origin, Mapping)):
        return "object"
    if inspect.isclass(origin) and issubclass(origin, Iterable) and base(hint) is not str:
        return "array"
    kind = base(hint)
    return "string" if is_text(hint) else "boolean" if kind is bool else "number" if kind in (int, float) else "any"


def kinds(hint: Any, seen: tuple[Any, ...] = ()) -> set[str]:
    """Tell of which kinds the values within a type are, of those that ``json.dumps`` does not take as they are."""
    hint, _ = split(hint)
    if hint in seen:
        return set()
    own = {"enum"} if is_enum(hint) and not issubclass(hint, (str, int)) else set()
    if dataclasses.is_dataclass(hint):
        own = {"dataclass"}
    if is_named_tuple(hint):
        own = {"tuple"}
    if is_model(hint):
        return {"model"}
    arguments = () if get_origin(hint) is Literal else get_args(hint)
    within = [*fields(hint).values(), *(a for a in arguments if a is not Ellipsis)]
    return own.union(*(kinds(w, (*seen, hint)) for w in within))


def foreign(hint: Any, seen: tuple[Any, ...] = ()) -> Any:
    """Give the type within a type that cannot travel as a parameter: neither text nor JSON; None if all can."""
    hint, _ = split(hint)
    if hint in seen or hint in (Any, object, None) or isinstance(hint, typing.TypeVar) or get_origin(hint) is Literal:
        return None
    origin = get_origin(hint) or hint
    if is_model(hint) or is_enum(hint):
        return None
    known = (Iterable, Sequence, Collection, Union, types.UnionType)
    if inspect.isclass(origin) and not (is_structure(hint) or issubclass(origin, _TRAVEL) or origin in known):
        return hint
    within = [*fields(hint).values(), *(a for a in get_args(hint) if a is not Ellipsis)]
    return next((f for w in within if (f := foreign(w, (*seen, hint))) is not None), None)


_TRAVEL = (str, int, float, bool, type(None), list, tuple, dict, Mapping)


def json_name(hint: Any, name: object) -> object:
    """Give the name that a field has in JSON: pydantic models have aliases, Argo's own objects another case."""
    hint, _ = split(hint)
    known: Mapping[str, str] = getattr(hint, "argo_names", None) or {}
    if is_model(hint) and isinstance(name, str) and name in hint.model_fields:
        return hint.model_fields[name].alias or name
    return known.get(name, name) if isinstance(name, str) else name


def field_names(hint: Any) -> list[str]:
    """Give the names of the declared fields."""
    return list(fields(hint))


def has_field(hint: Any, name: str) -> bool:
    """Tell whether a structure declares the field."""
    return name in fields(hint)


def member_hint(hint: Any, key: object) -> Any:
    """Give the type of a field or an element; None where the type has no such thing."""
    hint, _ = split(hint)
    if hint in (Any, object, dict, list):
        return Any
    if is_structure(hint):
        return fields(hint).get(key) if isinstance(key, str) else None
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is dict or (inspect.isclass(origin) and issubclass(origin, Mapping)):
        return arguments[1] if isinstance(key, str) or not isinstance(key, (int, float)) else None
    if origin is tuple and isinstance(key, int):
        return (
            arguments[0]
            if arguments[-1] is Ellipsis
            else arguments[key]
            if -len(arguments) <= key < len(arguments)
            else None
        )
    if inspect.isclass(origin) and issubclass(origin, Sequence) and not isinstance(key, str):
        return arguments[0]
    alternatives = [m for m in members(hint) if m is not type(None)]
    return member_hint(alternatives[0], key) if len(alternatives) == 1 and alternatives[0] is not hint else None


def element_hint(hint: Any) -> Any:
    """Give the type of what a list holds; ``Any`` where that is not declared."""
    hint, _ = split(hint)
    arguments = [a for a in get_args(hint) if a is not Ellipsis]
    return arguments[0] if arguments else Any


def name_of(hint: Any) -> str:
    """Give a type as people write it."""
    hint, _ = split(hint)
    if hint is type(None):
        return "None"
    if get_origin(hint) is Literal:
        return f"Literal[{', '.join(map(repr, get_args(hint)))}]"
    if isinstance(hint, type) and not get_args(hint):
        return hint.__name__
    return str(hint).replace("typing.", "")


def problem(value: object, hint: Any) -> str | None:
    """Say why a constant is not of the type; None if it is. ``float`` takes an int, as for type checkers."""
    if type(value) is hint:
        return None
    hint, _ = split(hint)
    if hint in (Any, object):
        return None
    alternatives = members(hint)
    if len(alternatives) > 1:
        return None if any(problem(value, m) is None for m in alternatives) else _not(value, hint)
    allowed = literals(hint)
    if allowed:
        if plain(value) in allowed:
            return None
        return f"{_not(value, hint)}{_maybe(value, allowed)}"
    return None if _is_instance(value, hint) else _not(value, hint)


def _is_instance(value: object, hint: Any) -> bool:
    if hint is None or hint is type(None):
        return value is None
    if hint is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (list, Sequence, Iterable) or hint is list:
        return isinstance(value, (list, tuple)) and all(problem(v, a) is None for a in arguments[:1] for v in value)
    if origin is dict or (inspect.isclass(origin) and issubclass(origin, Mapping)):
        return isinstance(value, Mapping) and all(problem(v, arguments[1]) is None for v in value.values())
    if typing.is_typeddict(hint):
        return isinstance(value, dict) and all(
            k in fields(hint) and not problem(v, fields(hint)[k]) for k, v in value.items()
        )
    if is_artifact(hint):
        return isinstance(value, (Path, str))
    return isinstance(value, hint) if isinstance(hint, type) else True


def accepts(target: Any, source: Any) -> bool:
    """Tell whether a value of type ``source`` may be passed where ``target`` is declared; in doubt yes."""
    target, source = split(target)[0], split(source)[0]
    if target == source or Any in (target, source) or object in (target, source):
        return True
    if source is None or target is None:
        return (source or type(None)) == (target or type(None))
    sources, targets = members(source), members(target)
    if len(sources) > 1 or len(targets) > 1:
        return all(any(accepts(t, s) for t in targets) for s in sources)
    allowed, given = literals(target), literals(source)
    if allowed and not is_enum(target):
        return bool(given) and set(given) <= set(allowed)
    if given:
        return is_enum(source) is is_enum(target) if is_enum(target) else all(_is_instance(v, target) for v in given)
    if target is float and source is int:
        return True
    if is_artifact(target) or is_artifact(source):
        return is_artifact(target) and is_artifact(source)
    simple = (str, int, float, bool)
    if target in simple or source in simple:
        return False
    target_class, source_class = get_origin(target) or target, get_origin(source) or source
    if target_class in (list, Sequence, Iterable) and source_class is list:
        return accepts(element_hint(target), element_hint(source))
    if not (isinstance(target_class, type) and isinstance(source_class, type)):
        return True
    return issubclass(source_class, target_class) or (source_class, target_class) == (dict, dict)


def comparable(one: Any, other: Any) -> bool:
    """Tell whether values of two types can ever be equal; in doubt yes."""
    groups = [{_group(m) for m in members(h)} for h in (one, other)]
    return Any in groups[0] | groups[1] or bool(groups[0] & groups[1])


def _group(hint: Any) -> Any:
    kind = base(hint)
    if kind in (int, float, bool):
        return int
    return kind if kind in (str, type(None)) else Any


def known_are(value: object, allowed: Iterable[object]) -> str:
    """Give the closest of the allowed values, and all of them."""
    known = list(allowed)
    near = did_you_mean(str(value), map(str, known), cutoff=0.5)
    return " ".join(filter(None, [near, f"known: {', '.join(map(repr, known))}"]))


def _maybe(value: object, allowed: tuple[Any, ...]) -> str:
    near = did_you_mean(str(value), map(str, allowed), cutoff=0.5)
    return f" ({near})" if near else ""


def _not(value: object, hint: Any) -> str:
    shown = repr(value)
    return f"{shown if len(shown) < 60 else type(value).__name__} is not {name_of(hint)}"
