"""Names in `{{=...}}` that mean nothing where they stand: Argo's linter does not read expressions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from argosy import model, variables
from argosy.errors import LanguageError
from argosy.lint.context import Context, Target
from argosy.lint.finding import Edit, Fix, Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.rules.expression_tags import TagAt, tags
from argosy.scope.places import Holder, Presence, Setting, presence, setting

if TYPE_CHECKING:
    from argosy.lint.paths import Path

_FUNCTIONS = frozenset({"asInt", "asFloat", "jsonpath", "toJson", "sprig", "$env"})


@rule(Severity.ERROR, over=tags)
def expression_name_unknown(one: TagAt, context: Context) -> Iterator[Problem]:
    """An expression in a tag names a variable or a function that there is not.

    Argo's linter does not look into `{{=...}}`. At run time the tag stays as it is, and the container gets it as text;
    in the arguments of a step, the workflow may end in Error. Names with dashes need brackets:
    `inputs.parameters['a-b']`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              inputs: {parameters: [{name: jobs, value: "4"}]}
              container:
                image: alpine:3.20
                command: [make]
                args: ["-j{{=asInt(inputs.paramters.jobs) * 2}}", "{{inputs.parameters.jobs}}"]  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              inputs: {parameters: [{name: jobs, value: "4"}]}
              container:
                image: alpine:3.20
                command: [make]
                args: ["-j{{=asInt(inputs.parameters.jobs) * 2}}", "{{inputs.parameters.jobs}}"]
    """
    depth = len(context.spec_address)
    if not one.tag.is_expression or one.address[:depth] != context.spec_address or "templateDefaults" in one.address:
        return
    from argosy.language.expr import parse
    from argosy.language.expr.operators import BUILTINS
    from argosy.lint.paths import paths

    try:
        read = list(paths(parse(one.tag.expression)))
    except LanguageError:
        return
    where: Setting | None = None
    for path in read:
        if path.parts[0] == "sprig" and len(path.parts) > 1:
            from argosy.language.sprig import FUNCTIONS

            if path.parts[1] not in FUNCTIONS:
                yield _problem(one, path, f"sprig has no function {path.parts[1]!r} here", Setting(frozenset()))
                return
        if path.optional or path.parts[0] in _FUNCTIONS or path.parts[0] in BUILTINS:
            continue
        where = where or setting(context.spec, one.address[depth:])
        what = _missing(path, where, context)
        if what is not None:
            yield _problem(one, path, what, where)
            return


def _missing(path: Path, where: Setting, context: Context) -> str | None:
    """Say what is wrong with a name, or nothing."""
    if not any(entry.parts[0] == path.parts[0] for entry in variables.VARIABLES):
        return f"there is no variable or function {path.parts[0]!r}"
    name = next((name for n in range(len(path.parts), 0, -1) if variables.find(name := ".".join(path.parts[:n]))), None)
    if name is None:
        begun = any(_begins(entry.parts, path.parts) for entry in variables.VARIABLES)
        return None if begun else f"there is no variable {path.name!r}"
    known = variables.find(name)
    if known is None or known.kind is not variables.Kind.INPUT:
        return None
    is_template = context.kind not in ("Workflow", "CronWorkflow")
    found = presence(name, where, context.spec, lambda holder: _called(holder, context), is_template=is_template)
    return f"{name!r} is not known here" if found is Presence.NOT_THERE else None


def _begins(pattern: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    """Whether names are the beginning of a variable: a map as a whole."""
    return len(parts) < len(pattern) and all(
        one.startswith("<") or one == other for one, other in zip(pattern, parts, strict=False)
    )


def _called(holder: Holder, context: Context) -> model.Template | None:
    target = context.resolve(holder)
    return target.template if isinstance(target, Target) else None


def _problem(one: TagAt, path: Path, what: str, where: Setting) -> Problem:
    inputs = where.template.inputs.parameters if where.template is not None else []
    names = [f"inputs.parameters.{parameter.name}" for parameter in inputs]
    near = variables.nearest(path.name)
    if near is None or near == path.name:
        import difflib

        near = next(iter(difflib.get_close_matches(path.name, names, n=1, cutoff=0.7)), None)
    fix = None
    if near is not None and path.name in one.text:
        fixed = one.text.replace(path.name, near)
        fix = Fix(f"write {near}", (Edit("set", one.address, fixed),), safe=False)
    return Problem(
        f"the tag stays as it is: {what}",
        one.address,
        f"did you mean {near}?" if near is not None else None,
        chars=(one.tag.start, one.tag.end),
        fix=fix,
    )
