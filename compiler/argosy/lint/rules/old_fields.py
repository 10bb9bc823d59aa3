"""Fields and variables that Argo still takes, and that it means to give up."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from argosy.lint import tables
from argosy.lint.context import Context, table
from argosy.lint.finding import Edit, Fix, Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.rules.expression_tags import TagAt, tags
from argosy.source import Address, at
from argosy.versions import ArgoVersion

_LISTS = {"schedule": "schedules", "mutex": "mutexes", "semaphore": "semaphores"}
"""Fields that became lists in Argo 3.6, and went in 4.0."""


def as_list(address: Address, context: Context) -> Fix | None:
    """Give the fix that writes a field as the list that came instead of it; None where that one is there, too.

    It is safe for a text; of a map, it may lose comments inside.
    """
    key = _LISTS.get(str(address[-1]))
    parent = at(context.manifest.data, address[:-1])
    if key is None or not isinstance(parent, dict) or key in parent:
        return None
    value = parent[address[-1]]
    edits = (Edit("set", address, [value]), Edit("rename", address, key))
    return Fix(f"write {key}, a list", edits, safe=isinstance(value, str))


class OldField(Struct, frozen=True, eq=False):
    """A field that a later version of Argo does not have."""

    address: Address
    gone: str
    hint: str


@table
def _old_fields(context: Context) -> Iterator[OldField]:
    if context.version >= ArgoVersion.V4_0 or not context.is_argo:
        return
    data = context.manifest.data
    found: list[OldField] = []
    if context.kind == "CronWorkflow":
        found.append(OldField(("spec", "schedule"), "4.0", "write schedules, a list"))
    holders = [context.spec_address, *(one.address for one in (*tables.templates(context), *tables.defaults(context)))]
    for address in holders:
        for key in ("mutex", "semaphore"):
            found.append(OldField((*address, "synchronization", key), "4.0", f"write {_LISTS[key]}, a list"))
    if context.version < ArgoVersion.V3_7:
        hint = "use podPriorityClassName, or podSpecPatch"
        found.append(OldField((*context.spec_address, "podPriority"), "3.7", hint))
        hint = "use priorityClassName, or podSpecPatch"
        found += [OldField((*address, "priority"), "3.7", hint) for address in holders[1:]]
    yield from (one for one in found if at(data, one.address) is not None)


@rule(Severity.INFO, over=_old_fields)
def field_goes_away(one: OldField, context: Context) -> Iterator[Problem]:
    """A field works in the selected version of Argo, and a later one refuses the manifest for it.

    `schedule`, `mutex` and `semaphore` are `schedules`, `mutexes` and `semaphores` since Argo 3.6, and gone in 4.0;
    the priorities as numbers went in 3.7. Source: Argo's `docs/deprecations.md`.

    Bad (Argo 3.7):
        apiVersion: argoproj.io/v1alpha1
        kind: CronWorkflow
        metadata: {name: nightly}
        spec:
          schedule: 0 3 * * *  # here
          workflowSpec:
            entrypoint: main
            templates:
              - name: main
                container: {image: "alpine:3.20", command: [make]}

    Good (Argo 3.7):
        apiVersion: argoproj.io/v1alpha1
        kind: CronWorkflow
        metadata: {name: nightly}
        spec:
          schedules: [0 3 * * *]
          workflowSpec:
            entrypoint: main
            templates:
              - name: main
                container: {image: "alpine:3.20", command: [make]}
    """
    message = f"{one.address[-1]!r} is gone in Argo {one.gone}"
    yield Problem(message, one.address, one.hint, part="key", fix=as_list(one.address, context))


_JSON = {f"workflow.{name}": f"workflow.{name}.json" for name in ("parameters", "labels", "annotations")}


@rule(Severity.INFO, over=tags)
def variable_deprecated(one: TagAt, context: Context) -> Iterator[Problem]:
    """A tag takes all parameters, labels or annotations of the workflow by a name that Argo has given up.

    `{{workflow.parameters}}` works as a tag only, and not in an expression; `{{workflow.parameters.json}}` is the same
    text in both. Source: Argo v4.1 `docs/variables.md` and `util/variables/keys/runtime.go`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: jobs, value: "4"}]}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [record, "{{workflow.parameters}}"]}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: jobs, value: "4"}]}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [record, "{{workflow.parameters.json}}"]}
    """
    name = one.tag.name
    if one.tag.is_expression or name not in _JSON:
        return
    written = f"{one.text[: one.tag.start]}{{{{{_JSON[name]}}}}}{one.text[one.tag.end :]}"
    yield Problem(
        f"{{{{{name}}}}} is deprecated",
        one.address,
        f"write {{{{{_JSON[name]}}}}}",
        chars=(one.tag.start, one.tag.end),
        fix=Fix(f"write {_JSON[name]}", (Edit("set", one.address, written),)),
    )
