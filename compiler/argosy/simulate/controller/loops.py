"""Loops: withItems, withParam, withSequence.

After v4.1 operator.go processItem and expandSequence, steps.go expandStep, dag.go expandTask.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from argosy.errors import LanguageError
from argosy.language import is_true
from argosy.language.conditions.parser import parse_cached
from argosy.language.substitution import from_json, substitute, to_json
from argosy.simulate.controller.expressions import of_tag
from argosy.simulate.controller.gojson import syntax_error
from argosy.simulate.controller.layers import Layers
from argosy.simulate.controller.operation import Refused
from argosy.simulate.controller.raw_json import Number, Text, read
from argosy.simulate.controller.state import Obj
from argosy.simulate.controller.values import atoi, escape_html
from argosy.source import Json
from argosy.versions import ArgoVersion

LOOPS = ("withItems", "withParam", "withSequence")
_VERB = re.compile(r"%([-+# 0]*)(\d*)([a-zA-Z%])")


class Item(NamedTuple):
    """One turn of a loop: its value, its text in names, and the variables that it gives."""

    name: str
    variables: dict[str, str]


def should_expand(step: Obj) -> bool:
    """ShouldExpand."""
    return bool(step.get("withItems") or step.get("withParam") or step.get("withSequence") is not None)


def may_run(when: str | None) -> bool:
    """Tell whether a substituted ``when`` lets a step run (shouldExecute). Raises Refused with Argo's words."""
    if not when:
        return True
    try:
        parse_cached(when)
    except LanguageError as error:
        hint = ' (hint: try wrapping the affected expression in quotes ("))' if "Invalid token" in error.message else ""
        raise Refused(f"Invalid 'when' expression '{when}': {error.message}{hint}") from None
    try:
        return is_true(when)
    except LanguageError as error:
        if error.message.startswith("Expected boolean"):
            raise Refused(error.message) from None
        raise Refused(f"Failed to evaluate 'when' expresion '{when}': {error.message}") from None


def _must_run(when: str | None) -> bool:
    try:
        return may_run(when)
    except Refused:
        return True


def go_value(value: Any) -> str:
    """Write a value as Go marshals it: compact, keys in the order that they have."""
    return escape_html(_text(value))


def _text(value: Any) -> str:
    if isinstance(value, (Number, Text)):
        return value.text
    if isinstance(value, dict):
        return "{" + ",".join(f"{_text(k)}:{_text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_text, value)) + "]"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


def _plain(value: Any) -> str:
    """Item.String(): the JSON text, without the quotes of a text."""
    text = _text(value)
    return text[1:-1] if isinstance(value, str) else text


def items_of(step: Obj, version: ArgoVersion) -> list[Item]:
    """Give the turns of a step or task that loops. Raises Refused with Argo's words."""
    if step.get("withItems"):
        values = step["withItems"]
    elif step.get("withParam"):
        values = _from_param(step)
    else:
        values = _from_sequence(step)
    return [_item(step["name"], i, value, version, bool(step.get("withItems"))) for i, value in enumerate(values)]


def _from_param(step: Obj) -> list[Any]:
    text = step["withParam"]
    problem = syntax_error(text)
    values: Any = None
    if problem is None:
        values = read(text)
        if values is None:
            return []
        if not isinstance(values, list):
            problem = f"json: cannot unmarshal {_go_kind(values)} into Go value of type []v1alpha1.Item"
    if problem is None:
        return list(values)
    if _must_run(step.get("when")):
        raise Refused(f"withParam value could not be parsed as a JSON list: {text.strip()}: {problem}")
    return []


def _go_kind(value: Any) -> str:
    if isinstance(value, dict):
        return "object"
    if isinstance(value, str):
        return "string"
    return "bool" if isinstance(value, bool) else "number"


def _from_sequence(step: Obj) -> list[Any]:
    try:
        return _sequence(step["withSequence"])
    except Refused:
        if _must_run(step.get("when")):
            raise
        return []


def _sequence(sequence: Obj) -> list[Any]:
    """expandSequence."""
    start = atoi(str(sequence["start"])) if sequence.get("start") is not None else 0
    if sequence.get("end") is not None:
        end = atoi(str(sequence["end"]))
    elif sequence.get("count") is not None:
        count = atoi(str(sequence["count"]))
        if count == 0:
            return []
        end = start + count - 1
    else:
        raise Refused("neither end nor count was specified in withSequence")
    numbers = range(start, end + 1) if start <= end else range(start, end - 1, -1)
    form = sequence.get("format") or "%d"
    return [_unquoted(go_format(form, number)) for number in numbers]


def _unquoted(text: str) -> str:
    """ParseItem of the text in quotes."""
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        raise Refused(syntax_error(f'"{text}"') or "invalid item") from None


def go_format(form: str, number: int) -> str:
    """Format one whole number as fmt.Sprintf does.

    >>> go_format("host-%03d", 7), go_format("0x%X", 255)
    ('host-007', '0xFF')
    """
    used = False

    def one(match: re.Match[str]) -> str:
        nonlocal used
        flags, width, verb = match[1], match[2], match[3]
        if verb == "%":
            return "%"
        if used:
            return f"%!{verb}(MISSING)"
        used = True
        if verb in "dxXobvcqUeEfFgGst":
            return _one(flags, width, verb, number)
        return f"%!{verb}(int={number})"

    text = _VERB.sub(one, form)
    return text if used else f"{text}%!(EXTRA int={number})"


def _one(flags: str, width: str, verb: str, number: int) -> str:
    if verb in "eEfFgGst":
        return f"%!{verb}(int={number})"
    if verb == "c":
        return chr(number)
    if verb == "q":
        return "'" + chr(number) + "'"
    if verb == "U":
        return f"U+{number:04X}"
    verb = "d" if verb == "v" else verb
    sign = "+" if "+" in flags else " " if " " in flags else ""
    alternate = "#" if "#" in flags else ""
    align = "<" if "-" in flags else ""
    zero = "0" if "0" in flags and "-" not in flags else ""
    return format(number, f"{align}{sign}{alternate}{zero}{width}{verb}")


def _item(name: str, index: int, value: Any, version: ArgoVersion, written: bool) -> Item:
    """Give the name and variables of one turn (processItem)."""
    if isinstance(value, dict):
        variables = {f"item.{k}": _plain(v) for k, v in value.items()}
        variables["item"] = go_value(dict(sorted(value.items())))
        shown = ",".join(sorted(f"{k}:{_plain(v)}" for k, v in value.items()))
    elif isinstance(value, list) or value is None:
        variables = {"item": go_value(value)}
        shown = "[" + " ".join(map(_plain, value or ())) + "]"
    elif isinstance(value, str):
        variables = {"item": value if version >= "4.0" or written else _plain(value)}
        shown = _plain(value)
    else:
        variables = {"item": _plain(value)}
        shown = _plain(value)
    return Item(f"{name}({index}:{shown.replace('(', '').replace(')', '')})", variables)


def expand(step: Obj, params: Mapping[str, Any], version: ArgoVersion) -> list[Obj]:
    """Give the steps or tasks that a loop makes of one. Raises Refused."""
    items = items_of(step, version)
    if not items:
        return []
    text = to_json({k: v for k, v in step.items() if k not in LOOPS})
    lenient = not _must_run(step.get("when"))
    if lenient:
        params = {k: v for k, v in params.items() if v is not None}
    elif len(items) > 1 and "{{=" in text:
        params = dict(params)
    return [_turn(text, step, item, params, lenient) for item in items]


def _turn(text: str, step: Obj, item: Item, params: Mapping[str, Any], lenient: bool) -> Obj:
    try:
        new: dict[str, Json] = from_json(substitute(text, Layers(item.variables, params), allow_unresolved=lenient))
    except LanguageError as error:
        raise Refused(of_tag(error)) from None
    new["name"] = item.name
    if step.get("template") is not None:
        new["template"] = step["template"]
    return new
