"""A steps or DAG template as a function whose body calls other templates."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

from argosy.frontend import options as opts
from argosy.frontend.hints import encode
from argosy.frontend.importer.leaves import write_leaf
from argosy.frontend.importer.literals import literal, quoted, value
from argosy.frontend.importer.names import Names, identifier
from argosy.frontend.importer.references import PROPERTIES, calls_of, of_call, used
from argosy.frontend.importer.templates import (
    File,
    NotSayableError,
    Signature,
    decorator,
    function,
    metadata_options,
    read_signature,
    returns,
    split_options,
)
from argosy.source import Json

Template = dict[str, Json]


@dataclass(slots=True)
class Callable_:  # noqa: N801 - the plain word is taken
    """A template that steps can call: its Python name, and how its inputs are called there."""

    python: str
    signature: Signature
    options: dict[str, str]


Callables = dict[str, Callable_]
"""Templates by name; those elsewhere by ``workflow-template/template``."""


def write_flow(
    template: Template, python: str, callables: Callables, file: File, handler: bool = False, plain: bool = False
) -> tuple[str, set[str]]:
    """Write a steps or DAG template; also give the templates that it calls.

    ``plain``: what steps give to each other stays text. Raises NotSayableError where there are no words for it.
    """
    template = dict(template)
    name = str(template["name"])
    kind = "steps" if "steps" in template else "dag"
    signature = read_signature(template, file, "flow")
    if handler:
        file.use("Exit")
        signature.parameters.insert(0, "run: Exit")
    outputs = template.pop("outputs", None)
    labels = metadata_options(template)
    names = Names(set(signature.arguments.values()) | set(file.names.taken))
    asked = {} if plain else used(calls_of({kind: template[kind]}), outputs)
    body = template.pop(kind)
    writer = _Body(callables, signature, names, file, kind, name, asked, plain)
    lines = writer.steps(body) if kind == "steps" else writer.dag(body)
    options: dict[str, str] = {}
    if kind == "dag":
        left = {k: v for k, v in body.items() if k not in ("tasks", "failFast", "target")}
        if left:
            raise NotSayableError(f"its dag has {', '.join(left)}")
        if "failFast" in body:
            options["fail_fast"] = repr(body["failFast"])
        if "target" in body:
            options["target"] = literal(body["target"])
    template.pop("name")
    own_fail_fast = {"failFast": template.pop("failFast")} if kind == "dag" and "failFast" in template else {}
    more, left = split_options(template, opts.FlowOptions, container=False)
    left.update(own_fail_fast)  # of the template, beside that of its DAG
    returned = returns(outputs, writer.scope, signature, name, file) if outputs and not plain else None
    if returned and returned.startswith("expr("):
        variable = names.new("result")
        lines += [f"    {variable}: str = {returned}", f"    return {variable}"]
    elif returned:
        lines.append(f"    return {returned}")
    elif outputs:
        left["outputs"] = outputs
    if left:
        more["extra"] = literal(left, 4)
    own = {"name": quoted(name)} if python.replace("_", "-") != name or identifier(name) != python else {}
    file.use(kind)
    head = decorator(kind, {**own, **labels, **options, **more})
    lines = _without_unused(lines, list(writer.handles.values()))
    made = function(python, signature, head, "\n".join(lines) or "    ...")
    return "\n\n".join([*writer.above, made]), writer.called


class _Body:
    """The lines of one body."""

    def __init__(
        self,
        callables: Callables,
        signature: Signature,
        names: Names,
        file: File,
        kind: str,
        owner: str,
        asked: dict[str, set[str]],
        plain: bool,
    ) -> None:
        self.callables = callables
        self.scope = dict(signature.scope)
        self.names = names
        self.file = file
        self.prefix = "steps" if kind == "steps" else "tasks"
        self.handles: dict[str, str] = {}
        self.owner = owner
        self.asked = asked
        self.plain = plain
        self.called: set[str] = set()
        self.above: list[str] = []
        """Functions of inline templates, to stand above this one."""

    def steps(self, groups: list[Any]) -> list[str]:
        """Write groups of parallel steps."""
        lines: list[str] = []
        for given in groups:
            group = given if isinstance(given, list) else [given]
            if not group:
                raise NotSayableError("it has an empty group of steps")
            if len(group) == 1:
                lines += self.call(group[0], "    ", {})
                continue
            self.file.use("parallel")
            lines.append("    with parallel():")
            for step in group:
                lines += self.call(step, "        ", {})
        return lines

    def dag(self, body: dict[str, Json]) -> list[str]:
        """Write tasks, each after those that it depends on."""
        tasks = body.get("tasks") or []
        data = {t["name"]: list(dict.fromkeys(n for n, _ in of_call(t) if not self.plain)) for t in tasks}
        if any("depends" in t and not _plain(t["depends"]) for t in tasks):
            return [line for t in _sorted(tasks, data) for line in self.call(t, "    ", {}, raw_order=True)]
        needs = {t["name"]: [*(t.get("dependencies") or []), *_names(t.get("depends"))] for t in tasks}
        asked = {name: [n for n in found if n not in data[name]] for name, found in needs.items()}
        wanted = {n for found in asked.values() for n in found}
        lines: list[str] = []
        for task in _sorted(tasks, {name: [*found, *data[name]] for name, found in needs.items()}):
            after = [self.handles[n] for n in asked[task["name"]]]
            options = {"after": f"[{', '.join(after)}]"} if after else {}
            lines += self.call(task, "    ", options, handle=task["name"] in wanted)
        return lines

    def call(
        self,
        given: dict[str, Json],
        pad: str,
        options: dict[str, str],
        *,
        handle: bool = False,
        raw_order: bool = False,
    ) -> list[str]:
        """Write one step or task."""
        rest = dict(given)
        name = rest.pop("name")
        callee = self._callee(rest, name)
        outer = self.scope
        loop = self._loop(rest, len(pad))
        lines = [f"{pad}{loop}"] if loop else []
        pad += "    " if loop else ""
        try:
            arguments = self._arguments(rest.get("arguments") or {}, callee.signature)
            rest.pop("arguments", None)
        except NotSayableError:
            arguments = []
        if not raw_order:
            rest.pop("dependencies", None)
            rest.pop("depends", None)
        if name != self._default_name(callee):
            options = {"name": quoted(name), **options}
        options.update(callee.options)
        if isinstance(rest.get("when"), str) and rest["when"]:
            options["when"] = value(rest.pop("when"), self.scope)
        continue_on = _continue_on(rest)
        if continue_on:
            options["continue_on"] = quoted(continue_on)
        options.update(self._hooks(rest, len(pad) + 4))
        looped = bool(loop) or "withParam" in rest or "withSequence" in rest or "withItems" in rest
        if rest:
            options["extra"] = literal(rest, len(pad) + 4)
        self.scope = outer
        target, step = self._bind(name, callee, looped, handle)
        statement = _statement(f"{pad}{target}{callee.python}", options, step, arguments, pad)
        if loop and "item" not in _read(statement.strip()):
            lines = [line.replace("for item in", "for _ in", 1) for line in lines]
        return [*lines, statement]

    def _bind(self, name: str, callee: Callable_, looped: bool, handle: bool) -> tuple[str, str]:
        """Give the variable that a call's result or step is kept in, if it is used, and whether it is the step."""
        asked = set() if looped else self.asked.get(name, set())
        outputs = {f"outputs.{key}": how for key, how in callee.signature.outputs.items()}
        properties = asked & PROPERTIES.keys()
        results = asked & outputs.keys()
        if not (handle or properties or results):
            return "", ""
        as_step = bool(properties) or not results
        taken = {identifier(name), f"{identifier(name)}_"} & self.names.taken
        python = self.names.new(f"{name}-{'step' if as_step else 'result'}" if taken else name)
        self.handles[name] = python
        base = f"{python}.result" if as_step else python
        if results:
            self.scope.update({f"{self.prefix}.{name}.{key}": base + how for key, how in outputs.items()})
        self.scope.update({f"{self.prefix}.{name}.{p}": f"{python}.{PROPERTIES[p]}" for p in properties})
        return f"{python} = ", ".step" if as_step else ""

    def _loop(self, rest: dict[str, Json], indent: int) -> str:
        """Give the line of a loop, and let its item be known in the scope; nothing where there are no words for it."""
        items, given = rest.get("withItems"), rest.get("withParam")
        if isinstance(given, str) and not self.plain:
            source = value(given, self.scope)
            if source.startswith(('"', "'", 'f"')) or given.strip() != given or given.count("{{") != 1:
                return ""
            del rest["withParam"]
            self.scope = {**self.scope, "item": "item"}
            self.file.use("each")
            return f"for item in each({source}):"
        if not (isinstance(items, list) and items and all(isinstance(i, (str, int, float, dict)) for i in items)):
            return ""
        known = {} if self.plain else _item_scope(items)
        self.scope = {**self.scope, **known}
        self.file.use("each")
        return f"for {'item' if known else '_'} in each({literal(rest.pop('withItems'), indent)}):"

    def _hooks(self, rest: dict[str, Json], indent: int) -> dict[str, str]:
        """Give the options for hooks that a lambda can say, and take them out of the step."""
        hooks = rest.get("hooks")
        if self.plain or not isinstance(hooks, dict):
            return {}
        made: dict[str, str] = {}
        for name, one in hooks.items():
            try:
                made[name] = self._hook(name, dict(one))
            except NotSayableError:
                return {}
        del rest["hooks"]
        options = {"on_exit": made.pop("exit")} if "exit" in made else {}
        if made:
            pad = " " * indent
            inside = "".join(f"{pad}    {quoted(name)}: {one},\n" for name, one in made.items())
            options["hooks"] = "{\n" + inside + pad + "}"
        return options

    def _hook(self, name: str, one: dict[str, Json]) -> str:
        condition = one.pop("expression", None)
        callee = self._callee(one, name)
        arguments = self._arguments(one.pop("arguments", None) or {}, callee.signature)
        if one or (condition is None and name != "exit"):
            raise NotSayableError("a hook has no condition")
        run = f"lambda _: {callee.python}({', '.join(arguments)})"
        if condition is None:
            return run
        self.file.use("hook", "expr")
        return f"hook({run}, when=lambda _: expr({quoted(condition)}))"

    def _inline(self, template: Any, name: str) -> Callable_:
        """Write a template that stands in a step as a function above this one."""
        if not isinstance(template, dict) or "steps" in template or "dag" in template:
            raise NotSayableError("a step has steps inline")
        python = self.file.names.new(f"{self.owner}-{name}")
        named = {"name": python.replace("_", "-"), **{k: v for k, v in template.items() if k != "name"}}
        signature = read_signature({k: v for k, v in named.items() if k in ("name", "inputs")}, File(Names()), "flow")
        self.above.append(write_leaf(named, python, self.file))
        return Callable_(python, signature, {"inline": "True"})

    def _callee(self, rest: dict[str, Json], name: str) -> Callable_:
        if "template" in rest and "templateRef" not in rest and "inline" not in rest:
            key = str(rest.pop("template"))
        elif "templateRef" in rest and "template" not in rest:
            reference = rest.pop("templateRef")
            key = f"{reference.get('name')}/{reference.get('template')}"
        elif "inline" in rest:
            return self._inline(rest.pop("inline"), name)
        else:
            raise NotSayableError("a step names no template")
        if key not in self.callables:
            raise NotSayableError(f"there is no template {key}")
        self.called.add(key)
        return self.callables[key]

    def _default_name(self, callee: Callable_) -> str:
        return callee.python.strip("_").replace("_", "-")

    def _arguments(self, arguments: dict[str, Json], signature: Signature) -> list[str]:
        if set(arguments) - {"parameters", "artifacts"}:
            raise NotSayableError("a step has unknown arguments")
        words: list[str] = []
        for one in arguments.get("parameters") or []:
            if set(one) != {"name", "value"} or isinstance(one["value"], (dict, list)) or one["value"] is None:
                raise NotSayableError(f"the argument {one.get('name')} is no plain value")
            words.append(f"{self._argument(one['name'], signature)}={value(encode(one['value']), self.scope)}")
        for one in arguments.get("artifacts") or []:
            words.append(f"{self._argument(one['name'], signature)}={self._artifact(dict(one))}")
        return words

    def _argument(self, name: str, signature: Signature) -> str:
        if name not in signature.arguments:
            raise NotSayableError(f"its template has no input {name}")
        return signature.arguments[name]

    def _artifact(self, one: dict[str, Json]) -> str:
        one.pop("name")
        source = one.get("from")
        if set(one) == {"from"} and isinstance(source, str) and source[2:-2].strip() in self.scope:
            return self.scope[source[2:-2].strip()]
        self.file.use("artifact")
        return f"artifact(**{literal(one, 8)})"


def _read(source: str) -> set[str]:
    """Give the names that Python code reads."""
    return {n.id for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def _without_unused(lines: list[str], names: list[str]) -> list[str]:
    """Take away variables that nothing reads: what they stand for is used by what is kept as text."""
    read = _read("def body():\n" + "\n".join(lines or ["    ..."]))
    for name in names:
        if name not in read:
            lines = [re.sub(rf"(^ *){name} = (.*?)(\.step)?(?=\([^()]*\)$)", r"\1\2", one, count=1) for one in lines]
    return lines


def _statement(head: str, options: dict[str, str], step: str, arguments: list[str], pad: str) -> str:
    """Give a call, over several lines where one would be too long."""
    chosen = f".options({', '.join(f'{k}={v}' for k, v in options.items())})" if options else ""
    line = f"{head}{chosen}{step}({', '.join(arguments)})"
    if len(line) <= 110 and "\n" not in line:
        return line
    if len(line) > 110 and options:
        chosen = ".options(\n" + "".join(f"{pad}    {k}={v},\n" for k, v in options.items()) + f"{pad})"
    last = len(f"{pad}){step}({', '.join(arguments)})" if "\n" in chosen else line)
    if last <= 110 or not arguments:
        return f"{head}{chosen}{step}({', '.join(arguments)})"
    inside = "".join(f"{pad}    {a},\n" for a in arguments)
    return f"{head}{chosen}{step}(\n{inside}{pad})"


def _item_scope(items: list[Any]) -> dict[str, str]:
    """Say how Python names the item of a loop, so that it is text; nothing where it is not alike in all turns."""
    if all(isinstance(i, str) for i in items):
        return {"item": "item"}
    if all(isinstance(i, (int, float)) and not isinstance(i, bool) for i in items):
        return {"item": "str(item)"}
    keys = [set(i) for i in items if isinstance(i, dict)]
    texts = all(isinstance(v, str) for i in items if isinstance(i, dict) for v in i.values())
    if len(keys) != len(items) or not texts or any(k != keys[0] for k in keys):
        return {}
    return {f"item.{key}": f"item['{key}']" for key in sorted(keys[0]) if "'" not in key and '"' not in key}


def _continue_on(rest: dict[str, Json]) -> str | None:
    known = {("failed",): "failed", ("error",): "error", ("error", "failed"): "both"}
    given = rest.get("continueOn")
    if not isinstance(given, dict) or not all(v is True for v in given.values()):
        return None
    found = known.get(tuple(sorted(given)))
    if found:
        del rest["continueOn"]
    return found


def _plain(depends: object) -> bool:
    return isinstance(depends, str) and all(w == "&&" or w.replace("-", "").isalnum() for w in depends.split())


def _names(depends: object) -> list[str]:
    return [w for w in str(depends or "").split() if w != "&&"]


def _sorted(tasks: list[dict[str, Json]], needs: dict[str, list[str]]) -> list[dict[str, Json]]:
    """Give tasks so that each comes after those that it needs. Raises NotSayableError for circles and unknown names."""
    left, done, out = list(tasks), set[str](), list[dict[str, Json]]()
    while left:
        ready = next((t for t in left if all(n in done for n in needs[t["name"]])), None)
        if ready is None:
            raise NotSayableError("its tasks depend on each other in a circle, or on none that there is")
        left.remove(ready)
        done.add(ready["name"])
        out.append(ready)
    return out
