"""Script templates: a plain Python function, which runs in the pod. Arguments arrive as environment variables."""

from __future__ import annotations

import ast
import textwrap
import typing
from collections.abc import Callable
from typing import Any, Unpack, overload

from argosy.errors import Place
from argosy.frontend import hints
from argosy.frontend.codec import Codec
from argosy.frontend.context import EXIT_FIELDS, NODE_FIELDS
from argosy.frontend.declare import Artifact
from argosy.frontend.expressions import Variable
from argosy.frontend.interface import NodeExitReference, inputs, node_inputs, output_path, pod_outputs, reference
from argosy.frontend.options import ContainerOptions, environment, fields, merged, metadata, variable
from argosy.frontend.places import caller, definition, fail
from argosy.frontend.signatures import Input, Output, Signature
from argosy.frontend.templates import JOINED, Kind, P, R_co, Template, Written
from argosy.frontend.travel import bring_type, find, pack
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
            return [{"name": f"{one.python}_{name}", "value": plain_tag(EXIT_FIELDS[name])} for name in used]
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
                fail(f"{one.hint.__name__} has no {read.attr!r}", hint=hints.known_are(read.attr, known), place=place)
        if len(names) > len(reads):
            return list(known)
        asked = {r.attr for r in reads}
        return [name for name in known if name in asked]


def _source(template: Template[..., Any], signature: Signature, plan: _Plan) -> str:
    dropped = [i.python for i in signature.inputs if i.kind == "environment" or isinstance(i.default, Artifact)]
    luggage = pack(template.function, template.place, dropped)
    codec = Codec(lambda hint: bring_type(hint, template.function, luggage), lambda: luggage.seen)
    call = _call(template, signature, plan, codec)
    tail = _tail(signature, call, codec)
    if template.root in (JOINED.get() or ()):
        codec.modules.add("pathlib")
        tail += f'pathlib.Path("{_JOINED_PATH}").write_text({codec.encode(signature.outputs[0].hint, "result")})\n'
    standard = sorted({f"import {m}" for m in codec.modules} | {i for i in luggage.imports if i.startswith("import ")})
    lines = [*standard, *sorted(i for i in luggage.imports if not i.startswith("import "))]
    if _has_annotations(plan.tree) or luggage.annotated:
        lines.insert(0, "from __future__ import annotations\n" if lines else "from __future__ import annotations")
    definitions = [text for _, text in sorted(luggage.definitions.items())]
    parts = ["\n".join(lines) + "\n"] if lines else []
    return "\n\n".join([*parts, *_spaced(definitions), *codec.helpers.values(), tail])


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


def _call(template: Template[..., Any], signature: Signature, plan: _Plan, codec: Codec) -> str:
    given = [f"{i.python}={_argument(i, plan, codec)}" for i in signature.inputs]
    name = template.function.__name__
    call = f"{name}({', '.join(given)})"
    if len(call) > 100 or "\n" in call:
        call = f"{name}(\n" + textwrap.indent("".join(f"{g},\n" for g in given), "    ") + ")"
    if isinstance(plan.tree, ast.AsyncFunctionDef):
        codec.modules.add("asyncio")
        call = f"asyncio.run({call})"
    return call


def _argument(one: Input, plan: _Plan, codec: Codec) -> str:
    if one.kind == "artifact":
        codec.modules.add("pathlib")
        file = f'pathlib.Path("{one.artifact.path or f"/tmp/inputs/{one.name}"}")'
        return f"{file} if {file}.exists() else None" if hints.optional_artifact(one.hint) else file
    codec.modules.add("os")
    if one.kind in ("parameter", "environment"):
        return codec.decode(one.hint, f'os.environ["{one.python}"]')
    codec.modules.add("types")
    known: dict[str, Any] = {n: v.hint for n, v in EXIT_FIELDS.items()}
    if one.kind == "node-exit":
        known = {n: v.hint for n, v in plan.node_exits[one.python]._used.items()}
    used = list(known) if one.kind == "node-exit" else plan.used_fields(one, EXIT_FIELDS)
    parts = []
    for name in used:
        value = f'os.environ["{one.python}_{name}"]'
        read = _failures(value, codec) if name == "failures" else codec.decode(known[name], value)
        if name == "result":
            read = f"{read} if {value} else None"
        parts.append(f"{name}={read}")
    made = f"types.SimpleNamespace({', '.join(parts)})"
    return made if len(made) < 80 else "types.SimpleNamespace(\n" + "".join(f"    {p},\n" for p in parts) + ")"


def plain_tag(value: Variable) -> str:
    """Give a variable as Argo passes it: the script decodes it itself."""
    return "{{" + ".".join(value.path) + "}}"


_READ_FAILURES = """\
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


def _failures(value: str, codec: Codec) -> str:
    """Argo passes the failures as JSON within JSON, and null within it where there are none."""
    codec.modules.add("json")
    return f"{codec.helper('read_failures', _READ_FAILURES)}({value})"


def _tail(signature: Signature, call: str, codec: Codec) -> str:
    """Give the last lines: the call, and where its result goes."""
    if not signature.outputs:
        return f"{call}\n"
    if signature.outputs[0].kind == "stdout":
        code = codec.encode(signature.outputs[0].hint, "result")
        codec.modules.update(("contextlib", "sys"))
        quiet = "with contextlib.redirect_stdout(sys.stderr):\n    result = " + call.replace("\n", "\n    ")
        shown = code[4:-1] if code.startswith("str(") else code
        return f"{quiet}\nprint({shown})\n"
    codec.modules.add("pathlib")
    lines = [f"result = {call}"]
    several = hints.is_named_tuple(hints.split(signature.returns)[0])
    folders = dict.fromkeys(output_path(o).rpartition("/")[0] for o in signature.outputs)
    lines += [f'pathlib.Path("{f}").mkdir(parents=True, exist_ok=True)' for f in folders if f not in ("", "/tmp")]
    for one in signature.outputs:
        lines += _save(one, f"result.{one.python}" if several else "result", codec)
    return "\n".join(lines) + "\n"


def _save(one: Output, value: str, codec: Codec) -> list[str]:
    path = output_path(one)
    if one.kind == "artifact":
        codec.modules.add("shutil")
        target = f'pathlib.Path("{path}")'
        copy = f'    (shutil.copytree if {value}.is_dir() else shutil.copy)({value}, "{path}")'
        given = f"{value} is not None and " if hints.optional_artifact(one.hint) else ""
        return [f"if {given}{value} != {target}:", copy]
    return [f'pathlib.Path("{path}").write_text({codec.encode(one.hint, value)})']


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
    if function is not None:
        return Template(SCRIPT, function, options, place)
    return lambda decorated: Template(SCRIPT, decorated, options, place)
