"""Script templates: a plain Python function, which runs in the pod. Arguments arrive as environment variables."""

from __future__ import annotations

import ast
import dataclasses
import textwrap
import types
import typing
from collections.abc import Callable, Sequence
from typing import Any, Unpack, overload

from argosy.errors import Place
from argosy.frontend import hints
from argosy.frontend.context import EXIT_FIELDS, NODE_FIELDS
from argosy.frontend.declare import Artifact
from argosy.frontend.interface import NodeExitReference, inputs, node_inputs, output_path, pod_outputs, reference
from argosy.frontend.options import ContainerOptions, environment, fields, merged, metadata, variable
from argosy.frontend.places import caller, definition, fail
from argosy.frontend.signatures import Input, Output, Signature
from argosy.frontend.templates import JOINED, Kind, P, R_co, Template, Written
from argosy.frontend.travel import Luggage, find, pack
from argosy.source import Address, Json

DEFAULT_IMAGE = "python:3.13-alpine"
_TAKEN = frozenset({"PATH", "HOME", "HOSTNAME", "PWD", "PYTHONPATH", "LANG"})


def write_script(template: Template[..., Any]) -> Written:
    """Write a script template."""
    signature, options = template.signature(), template.declared
    plan = _Plan(template)
    env = [v for one in signature.inputs for v in plan.variables(one)]
    source = _source(template, signature, plan)
    container = {
        "image": options.get("image", DEFAULT_IMAGE),
        "command": list(options.get("command", ["python"])),
        "source": source,
        **{k: v for k, v in fields(options, container=True).items() if k not in ("image", "command", "env")},
    }
    env += environment(options.get("env") or {})
    if env:
        container["env"] = env
    data = {
        "name": template.name,
        **metadata(options),
        **inputs(signature, node_inputs(plan.node_exits)),
        **(_joined_output() if template.root in (JOINED.get() or ()) else pod_outputs(signature)),
        **fields(options, container=False),
        "script": container,
    }
    at: dict[Address, Place] = {("script", "source"): definition(template.function)}
    return Written(merged(data, options.get("extra")), marks=at, uses=plan.exit_fields)


def _joined_output() -> dict[str, Json]:
    return {"outputs": {"parameters": [{"name": "result", "valueFrom": {"path": _JOINED_PATH}}]}}


_JOINED_PATH = "/tmp/result"


class _Plan:
    """How each argument gets into the pod, and what code makes it a Python value there."""

    def __init__(self, template: Template[..., Any]) -> None:
        self.template = template
        self.luggage: Luggage | None = None
        self.node_exits: dict[str, NodeExitReference] = {}
        self.exit_fields: set[str] = set()
        self.tree = find(template.function, template.place)

    def variables(self, one: Input) -> list[dict[str, Json]]:
        """Give the environment variables that carry an argument."""
        if one.python in _TAKEN:
            fail(
                f"{one.python!r} would hide the pod's own variable",
                hint="give the argument another name",
                place=self.template.place,
            )
        if one.kind == "parameter" or one.kind == "environment":
            return [variable(one.python, reference(one))]
        if one.kind == "exit":
            used = self.used_fields(one, EXIT_FIELDS)
            self.exit_fields.update(used)
            return [variable(f"{one.python}_{name}", EXIT_FIELDS[name]) for name in used]
        if one.kind == "node-exit":
            seen = self.node_exits.setdefault(one.python, NodeExitReference(one))
            return [
                variable(f"{one.python}_{name}", getattr(seen, name)) for name in self.used_fields(one, NODE_FIELDS)
            ]
        return []

    def used_fields(self, one: Input, known: typing.Iterable[str]) -> list[str]:
        """Give the fields of an Exit or NodeExit that the body names; all simple ones where it passes the object on."""
        names = [n for n in ast.walk(self.tree) if isinstance(n, ast.Name) and n.id == one.python]
        reads = [
            n
            for n in ast.walk(self.tree)
            if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == one.python
        ]
        for read in reads:
            if read.attr not in known:
                place = Place(self.template.function.__code__.co_filename, read.lineno)
                fail(
                    f"{one.hint.__name__} has no {read.attr!r}", hint=hints.did_you_mean(read.attr, known), place=place
                )
        if len(names) > len(reads):
            return list(known)
        asked = {r.attr for r in reads}
        return [name for name in known if name in asked]


def _source(template: Template[..., Any], signature: Signature, plan: _Plan) -> str:
    dropped = [i.python for i in signature.inputs if i.kind == "environment" or isinstance(i.default, Artifact)]
    luggage = pack(template.function, template.place, dropped)
    call, needed = _call(template, signature, plan, luggage)
    tail, more = _tail(signature, call)
    if template.root in (JOINED.get() or ()):
        tail += f'pathlib.Path("{_JOINED_PATH}").write_text({_encode(signature.outputs[0].hint, "result")[0]})\n'
        more.add("pathlib")
    standard = sorted({f"import {m}" for m in needed | more} | {i for i in luggage.imports if i.startswith("import ")})
    lines = [*standard, *sorted(i for i in luggage.imports if not i.startswith("import "))]
    if _has_annotations(plan.tree) or luggage.annotated:
        lines.insert(0, "from __future__ import annotations\n" if lines else "from __future__ import annotations")
    definitions = [text for _, text in sorted(luggage.definitions.items())]
    parts = ["\n".join(lines) + "\n"] if lines else []
    return "\n\n".join([*parts, *_spaced(definitions), tail]).replace("\n\n\n\n", "\n\n\n")


def _spaced(definitions: list[str]) -> list[str]:
    """Give definitions with runs of one-line constants together."""
    out: list[str] = []
    for text in definitions:
        constant = text.count("\n") == 1 and not text.startswith(("def ", "class ", "@"))
        if constant and out and out[-1].endswith("\0"):
            out[-1] = out[-1][:-1] + text + "\0"
        else:
            out.append(text + ("\0" if constant else ""))
    return [text.rstrip("\0") for text in out]


def _has_annotations(tree: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether an annotation names more than built-in types, so that evaluating it could fail in the pod."""
    simple = {"str", "int", "float", "bool", "list", "dict", "tuple", "set", "object", "bytes"}
    arguments = [a.annotation for a in [*tree.args.posonlyargs, *tree.args.args, *tree.args.kwonlyargs]]
    named = {n.id for a in [*arguments, tree.returns] if a is not None for n in ast.walk(a) if isinstance(n, ast.Name)}
    return bool(named - simple)


def _call(template: Template[..., Any], signature: Signature, plan: _Plan, luggage: Luggage) -> tuple[str, set[str]]:
    needed: set[str] = set()
    given = [f"{i.python}={_argument(i, plan, needed, luggage, template)}" for i in signature.inputs]
    name = template.function.__name__
    call = f"{name}({', '.join(given)})"
    if len(call) > 100 or "\n" in call:
        call = f"{name}(\n" + textwrap.indent("".join(f"{g},\n" for g in given), "    ") + ")"
    if isinstance(plan.tree, ast.AsyncFunctionDef):
        needed.add("asyncio")
        call = f"asyncio.run({call})"
    return call, needed


def _argument(one: Input, plan: _Plan, needed: set[str], luggage: Luggage, template: Template[..., Any]) -> str:
    if one.kind == "artifact":
        needed.add("pathlib")
        return f'pathlib.Path("{one.artifact.path or f"/tmp/inputs/{one.name}"}")'
    needed.add("os")
    if one.kind in ("parameter", "environment"):
        return _decode(one.hint, f'os.environ["{one.python}"]', needed, luggage, template)
    needed.add("types")
    known: dict[str, Any] = {n: v.hint for n, v in EXIT_FIELDS.items()}
    if one.kind == "node-exit":
        known = {n: v.hint for n, v in plan.node_exits[one.python]._used.items()}
    used = list(known) if one.kind == "node-exit" else plan.used_fields(one, EXIT_FIELDS)
    parts = []
    for name in used:
        value = f'os.environ["{one.python}_{name}"]'
        failed = name == "failures"
        read = _failures(value, needed, luggage) if failed else _decode(known[name], value, needed, luggage, template)
        if name == "result":
            read = f"{read} if {value} else None"
        parts.append(f"{name}={read}")
    made = f"types.SimpleNamespace({', '.join(parts)})"
    return made if len(made) < 80 else "types.SimpleNamespace(\n" + "".join(f"    {p},\n" for p in parts) + ")"


_READ_FAILURES = """
def read_failures(text):
    names = {
        "displayName": "display_name",
        "message": "message",
        "templateName": "template_name",
        "phase": "phase",
        "podName": "pod_name",
        "finishedAt": "finished_at",
    }
    found = json.loads(json.loads(text)) or []
    return [types.SimpleNamespace(**{name: f.get(key, "") for key, name in names.items()}) for f in found]
"""


def _failures(value: str, needed: set[str], luggage: Luggage) -> str:
    """Argo passes the failures as JSON within JSON, and null within it where there are none."""
    needed.add("json")
    luggage.definitions[("~", 0)] = _READ_FAILURES.lstrip()
    return f"read_failures({value})"


def _decode(hint: Any, value: str, needed: set[str], luggage: Luggage, template: Template[..., Any]) -> str:
    """Give code that turns the text of a parameter into a value of the type."""
    hint, _ = hints.split(hint)
    alternatives = hints.members(hint)
    if len(alternatives) > 1:
        rest = [a for a in alternatives if a is not type(None)]
        if len(rest) == 1 and hints.base(rest[0]) in (str, int, float, bool):
            return f'None if {value} == "null" else {_decode(rest[0], value, needed, luggage, template)}'
        needed.add("json")
        return f"json.loads({value})"
    if hints.is_enum(hint):
        _bring_type(hint, luggage, template)
        return f"{hint.__name__}({_scalar(hints.base(hint), value)})"
    base = hints.base(hint)
    if base in (str, int, float, bool):
        return _scalar(base, value)
    if hints.is_model(hint):
        _bring_type(hint, luggage, template)
        return f"{hint.__name__}.model_validate_json({value})"
    needed.add("json")
    return _convert(hint, f"json.loads({value})", luggage, template, needed)


def _scalar(base: Any, value: str) -> str:
    return {str: value, int: f"int({value})", float: f"float({value})", bool: f'{value} == "true"'}.get(base, value)


def _convert(hint: Any, value: str, luggage: Luggage, template: Template[..., Any], needed: set[str]) -> str:
    """Give code that turns JSON's data into a value of the type."""
    hint, _ = hints.split(hint)
    if hints.is_enum(hint):
        _bring_type(hint, luggage, template)
        return f"{hint.__name__}({value})"
    if hints.is_model(hint):
        _bring_type(hint, luggage, template)
        return f"{hint.__name__}.model_validate({value})"
    if dataclasses.is_dataclass(hint) or hints.is_named_tuple(hint):
        return _structure(hint, value, luggage, template, needed)
    element = hints.element_hint(hint)
    if typing.get_origin(hint) in (list, Sequence, typing.Sequence):
        convert = _ELEMENTS.get(hints.base(element)) if not hints.is_enum(element) else None
        if convert:
            return f"[{convert} for v in {value}]"
        inner = _convert(element, "v", luggage, template, needed)
        return value if inner == "v" else f"[{inner} for v in {value}]"
    if typing.get_origin(hint) is dict:
        inner = _convert(typing.get_args(hint)[1], "v", luggage, template, needed)
        return value if inner == "v" else f"{{k: {inner} for k, v in {value}.items()}}"
    return value


_ELEMENTS = {
    str: "v if isinstance(v, str) else json.dumps(v)",
    int: "int(v)",
    float: "float(v)",
    bool: 'v in (True, "true")',
}
"""How an element of a list is read: what Argo joins of a loop is text, or is JSON that was meant as text."""


def _structure(hint: Any, value: str, luggage: Luggage, template: Template[..., Any], needed: set[str]) -> str:
    _bring_type(hint, luggage, template)
    found = {name: _convert(of, f'd["{name}"]', luggage, template, needed) for name, of in hints.fields(hint).items()}
    if all(code == f'd["{name}"]' for name, code in found.items()):
        return f"{hint.__name__}(**{value})"
    made = ", ".join(f"{name}={code}" for name, code in found.items())
    return f"(lambda d: {hint.__name__}({made}))({value})"


def _bring_type(hint: type, luggage: Luggage, template: Template[..., Any]) -> None:
    from argosy.frontend.travel import _bring

    function = template.function
    path = function.__code__.co_filename
    if (path, hint.__name__) in luggage.seen:
        return
    luggage.seen.add((path, hint.__name__))
    _bring(
        hint.__name__, path, function.__globals__, luggage, Place(path, function.__code__.co_firstlineno), frozenset()
    )


def _tail(signature: Signature, call: str) -> tuple[str, set[str]]:
    """Give the last lines: the call, and where its result goes."""
    if not signature.outputs:
        return f"{call}\n", set()
    if signature.outputs[0].kind == "stdout":
        code, needed = _encode(signature.outputs[0].hint, "result")
        quiet = "with contextlib.redirect_stdout(sys.stderr):\n    result = " + call.replace("\n", "\n    ")
        shown = code[4:-1] if code.startswith("str(") else code
        return f"{quiet}\nprint({shown})\n", {"contextlib", "sys"} | needed
    needed = {"pathlib"}
    lines = [f"result = {call}"]
    several = hints.is_named_tuple(hints.split(signature.returns)[0])
    folders = dict.fromkeys(output_path(o).rpartition("/")[0] for o in signature.outputs)
    lines += [f'pathlib.Path("{f}").mkdir(parents=True, exist_ok=True)' for f in folders if f not in ("", "/tmp")]
    for one in signature.outputs:
        lines += _save(one, f"result.{one.python}" if several else "result", needed)
    return "\n".join(lines) + "\n", needed


def _save(one: Output, value: str, needed: set[str]) -> list[str]:
    path = output_path(one)
    if one.kind == "artifact":
        needed.add("shutil")
        target = f'pathlib.Path("{path}")'
        copy = f'    (shutil.copytree if {value}.is_dir() else shutil.copy)({value}, "{path}")'
        return [f"if {value} != {target}:", copy]
    code, more = _encode(one.hint, value)
    needed |= more
    return [f'pathlib.Path("{path}").write_text({code})']


def _encode(hint: Any, value: str) -> tuple[str, set[str]]:
    """Give code that turns a value of the type into the text of a parameter, and the modules that it needs."""
    hint, _ = hints.split(hint)
    if hints.is_enum(hint):
        return f"str({value}.value)", set()
    if hints.is_model(hint):
        return f"{value}.model_dump_json()", set()
    base = hints.base(hint)
    if len(hints.members(hint)) == 1 and base in (str, int, float):
        return (value if base is str else f"str({value})"), set()
    if len(hints.members(hint)) > 1 and base is str:
        return f'"null" if {value} is None else {value}', set()
    if _has_dataclass(hint):
        return f"json.dumps({value}, default=dataclasses.asdict)", {"json", "dataclasses"}
    if hints.is_named_tuple(hint):
        return f"json.dumps({value}._asdict())", {"json"}
    return f"json.dumps({value})", {"json"}


def _has_dataclass(hint: Any) -> bool:
    return dataclasses.is_dataclass(hint) or any(_has_dataclass(a) for a in typing.get_args(hint))


class ScriptOptions(ContainerOptions, total=False):
    """What scripts take."""

    image: str


SCRIPT = Kind("script", write_script, stdout=True, plain=True, options=ScriptOptions)


@overload
def script(function: Callable[P, R_co], /) -> Template[P, R_co]: ...
@overload
def script(**options: Unpack[ScriptOptions]) -> Callable[[Callable[P, R_co]], Template[P, R_co]]: ...
def script(function: Any = None, /, **options: Any) -> Any:
    """Make a plain function a script template: its body runs in the pod, with what it uses from its module.

    Called outside a workflow it is the function that it was. Results go where their types say: one value to
    standard output (what the body prints goes to standard error), the fields of a NamedTuple to a parameter each, a
    ``pathlib.Path`` to an artifact. The image needs Python 3.9 or newer.
    """
    place = caller()
    if isinstance(function, types.FunctionType):
        return Template(SCRIPT, function, options, place)
    return lambda decorated: Template(SCRIPT, decorated, options, place)
