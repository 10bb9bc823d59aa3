"""The code that scripts carry: it turns the text of a parameter into a value of a Python type, and a value into text.

``hints`` says how each type travels. A simple type needs an expression (``int(text)``); a structure whose fields need
reading gets a function of its own, ``read_shape``.
"""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from argosy.frontend import hints
from argosy.frontend.context import Failure

_SCALARS = (str, int, float, bool)
_NONE = type(None)
_SIMPLE = re.compile(r'\w+(\["\w+"\]|\[\d\])*\Z')
"""Code that may be written twice: a name, or a field of one."""

_JOINED = {
    str: "v if isinstance(v, str) else json.dumps(v)",
    int: "int(v)",
    float: "float(v)",
    bool: 'v in (True, "true")',
}
"""How an element of a list is read: what Argo joins of a loop is text, or is JSON that was meant as text."""

_READ_FAILURE = f"""\
def read_failure(d):
    names = {dict(Failure.argo_names)!r}
    return types.SimpleNamespace(**{{name: d.get(key, "") for name, key in names.items()}})
""".replace("'", '"')

_READ_TEXT = """\
def read_text(text):
    try:
        return json.loads(text)
    except ValueError:
        return text
"""

_PLAIN = {
    "enum": """\
    if isinstance(value, enum.Enum):
        return value.value
""",
    "dataclass": """\
    if dataclasses.is_dataclass(value):
        return {f.name: as_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
""",
    "tuple": """\
    if hasattr(value, "_asdict"):
        return {k: as_json(v) for k, v in value._asdict().items()}
""",
    "model": """\
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", by_alias=True)
""",
}
"""How each kind of value becomes JSON's data, in a script's ``as_json``."""

_PLAIN_END = """\
    if isinstance(value, dict):
        return {as_json(k): as_json(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(v) for v in value]
    return value
"""


@dataclass(slots=True)
class Codec:
    """Writes the code of one script, and notes what that code needs."""

    bring: Callable[[type], str]
    """Lets a type travel with the script; gives the name that it has there."""
    taken: Callable[[], set[str]]
    """The names that the script has already."""
    modules: set[str] = field(default_factory=set)
    helpers: dict[str, str] = field(default_factory=dict)
    _open: list[type] = field(default_factory=list)
    """The structures whose readers are being written: types can hold themselves."""

    def helper(self, name: str, text: str) -> str:
        """Add a function to the script; give its name, which is another one where the script has such a name."""
        free = self.name(name)
        self.helpers[free] = text.replace(f"{name}(", f"{free}(")
        return free

    def name(self, wanted: str) -> str:
        """Give a name for a function that the script does not have otherwise."""
        return f"{wanted}_" if wanted in self.taken() else wanted

    def decode(self, hint: Any, text: str) -> str:
        """Give code that turns the text of a parameter into a value of the type."""
        hint, _ = hints.split(hint)
        alternatives = hints.members(hint)
        rest = [a for a in alternatives if a is not _NONE]
        if len(rest) == 1 and len(alternatives) > 1:
            return f'None if {text} == "null" else {self.decode(rest[0], text)}'
        if len(rest) > 1:
            return self._decode_one_of(hint, rest, text)
        base = hints.base(hint)
        if base in _SCALARS:
            read = _scalar(base, text)
            return f"{self.bring(hint)}({read})" if hints.is_enum(hint) else read
        allowed = hints.literals(hint)
        if allowed:
            table = "{" + ", ".join(f"{hints.encode(v)!r}: {v!r}" for v in allowed) + f"}}[{text}]"
            return f"{self.bring(hint)}({table})" if hints.is_enum(hint) else table
        if hints.is_model(hint):
            return f"{self.bring(hint)}.model_validate_json({text})"
        return self.convert(hint, self._json(text), joined=True)

    def _json(self, text: str) -> str:
        self.modules.add("json")
        return f"json.loads({text})"

    def _decode_one_of(self, hint: Any, rest: list[Any], text: str) -> str:
        """A text may be JSON: without a type beside it, what looks like a number is one."""
        if not any(hints.is_text(a) for a in rest):
            return self.convert(hint, self._json(text))
        self.modules.add("json")
        return self.convert(hint, f"{self.helper('read_text', _READ_TEXT)}({text})")

    def convert(self, hint: Any, value: str, *, joined: bool = False) -> str:
        """Give code that turns JSON's data into a value of the type; the same code where they are one.

        ``joined``: the data may be what Argo joined of the turns of a loop.
        """
        hint, _ = hints.split(hint)
        if len(hints.members(hint)) > 1:
            return self._one_of(hint, value)
        if hints.is_enum(hint):
            return f"{self.bring(hint)}({value})"
        if hints.is_model(hint):
            return f"{self.bring(hint)}.model_validate({value})"
        if hint is Failure:
            self.modules.add("types")
            return f"{self.helper('read_failure', _READ_FAILURE)}({value})"
        if hints.is_structure(hint):
            return self._structure(hint, value)
        origin = typing.get_origin(hint)
        if origin in (list, Sequence, Iterable):
            return self._list(hints.element_hint(hint), value, joined)
        if origin is tuple:
            return self._tuple(typing.get_args(hint), value)
        if origin is dict or (isinstance(origin, type) and issubclass(origin, Mapping)):
            key, of = typing.get_args(hint)
            return self._dict(key, of, value)
        return value

    def _list(self, element: Any, value: str, joined: bool) -> str:
        base = hints.base(element)
        if joined and base in _JOINED:
            read = _JOINED[base] if base is not str or not hints.is_enum(element) else "v"
            made = f"{self.bring(element)}({read})" if hints.is_enum(element) else read
            return f"[{made} for v in {value}]"
        inner = self.convert(element, "v")
        given = f"{value} or []" if element is Failure else value  # Argo has null for none
        return value if inner == "v" else f"[{inner} for v in {given}]"

    def _tuple(self, elements: tuple[Any, ...], value: str) -> str:
        if elements[-1:] == (Ellipsis,):
            return f"tuple({self._list(elements[0], value, joined=False)})"
        if all(self.convert(e, "v") == "v" for e in elements):
            return f"tuple({value})"
        return self._once(
            value, lambda v: f"({', '.join(self.convert(e, f'{v}[{i}]') for i, e in enumerate(elements))})"
        )

    def _dict(self, key: Any, of: Any, value: str) -> str:
        read_key = {int: "int(k)", float: "float(k)"}.get(hints.base(key), "k")
        if hints.is_enum(key):
            read_key = f"{self.bring(key)}({read_key})"
        inner = self.convert(of, "v")
        return value if (read_key, inner) == ("k", "v") else f"{{{read_key}: {inner} for k, v in {value}.items()}}"

    def _one_of(self, hint: Any, value: str) -> str:
        """Of several types, that which JSON's data has the form of."""
        found = {hints.json_form(a): self.convert(a, "v") for a in hints.members(hint) if a is not _NONE}
        if all(code == "v" for code in found.values()):
            return value
        if list(found) == ["object"] and _NONE not in hints.members(hint):
            return self.convert(hints.members(hint)[0], value)

        def choice(v: str) -> str:
            code = v
            for one in hints.members(hint):
                made = v if one is _NONE else self.convert(one, v)
                if made != v:
                    code = f"{made} if isinstance({v}, {_FORMS[hints.json_form(one)]}) else {code}"
            return code

        return self._once(value, choice)

    def _once(self, value: str, build: Callable[[str], str]) -> str:
        """Build code that writes a value several times, in a function of its own where that is not simple."""
        if _SIMPLE.match(value):
            return build(value)
        name = f"read_value_{len(self.helpers)}"
        self.helpers[name] = ""
        self.helpers[name] = f"def {name}(v):\n    return {build('v')}\n"
        return f"{name}({value})"

    def _structure(self, hint: type, value: str) -> str:
        reader = self.name("read_" + re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", hint.__name__).lower())
        if hint in self._open or reader in self.helpers:
            return f"{reader}({value})"
        typed_dict = typing.is_typeddict(hint)
        name = "" if typed_dict else self.bring(hint)
        self._open.append(hint)
        optional = _optional_fields(hint)
        lines: list[str] = []
        for key, of in hints.fields(hint).items():
            made = self.convert(of, f'd["{key}"]')
            if made != f'd["{key}"]':
                indent = "    "
                if key in optional:
                    lines.append(f'    if "{key}" in d:\n')
                    indent += "    "
                lines.append(f'{indent}d["{key}"] = {made}\n')
        self._open.pop()
        if not lines:
            return value if typed_dict else f"{name}(**{value})"
        end = "    return d\n" if typed_dict else f"    return {name}(**d)\n"
        self.helpers[reader] = f"def {reader}(d):\n{''.join(lines)}{end}"
        return f"{reader}({value})"

    def encode(self, hint: Any, value: str) -> str:
        """Give code that turns a value of the type into the text of a parameter."""
        hint, _ = hints.split(hint)
        alternatives = hints.members(hint)
        rest = [a for a in alternatives if a is not _NONE]
        base = hints.base(rest[0]) if len(rest) == 1 else None
        held = f"{value}.value" if rest and hints.is_enum(rest[0]) else value
        if len(alternatives) > 1 and base is str:
            return f'"null" if {value} is None else {held}'
        if len(alternatives) == 1 and base in (str, int, float):
            return held if base is str else f"str({held})"
        if len(alternatives) == 1 and hints.is_model(hint):
            return f"{value}.model_dump_json(by_alias=True)"
        self.modules.add("json")
        if len(rest) > 1 and any(hints.is_text(a) for a in rest):
            return f"{value} if isinstance({value}, str) else {self._dumped(hint, value)}"
        return self._dumped(hint, value)

    def _dumped(self, hint: Any, value: str) -> str:
        kinds = hints.kinds(hint)
        if not kinds:
            return f"json.dumps({value})"
        self.modules.update(
            module for kind, module in (("enum", "enum"), ("dataclass", "dataclasses")) if kind in kinds
        )
        if kinds == {"dataclass"}:
            return f"json.dumps({value}, default=dataclasses.asdict)"
        written = [code for kind, code in _PLAIN.items() if kind in kinds]
        name = self.helper("as_json", "def as_json(value):\n" + "".join(written) + _PLAIN_END)
        return f"json.dumps({name}({value}))"


_FORMS = {"object": "dict", "array": "list", "string": "str", "number": "(int, float)", "boolean": "bool"}


def _scalar(base: Any, text: str) -> str:
    return {int: f"int({text})", float: f"float({text})", bool: f'{text} == "true"'}.get(base, text)


def _optional_fields(hint: type) -> set[str]:
    """Give the fields that JSON may leave out."""
    if dataclasses.is_dataclass(hint):
        needed = (dataclasses.MISSING, dataclasses.MISSING)
        return {f.name for f in dataclasses.fields(hint) if (f.default, f.default_factory) != needed}
    return set(hints.fields(hint) if typing.is_typeddict(hint) else getattr(hint, "_field_defaults", ()))
