"""What Argo's strict decoder says of a document: unknown fields and wrong types, each at its address.

A table of fields drives it; the JSON Schemas in ``schemas/`` say the same (a test holds them against each other), but a
validator needs longer to compile one than this needs for a thousand documents.

Source: ``toWorkflowTypeJSON`` in ``workflow/common/parse.go`` and ``ParallelSteps.UnmarshalJSON`` in
``pkg/apis/workflow/v1alpha1/workflow_types.go``, Argo v4.1.2, and the types of each version by reflection.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from argosy.model import advice
from argosy.model.fields import FieldTable, field_table
from argosy.model.special import CHECKS
from argosy.source import Address, Json, Part
from argosy.versions import NEWEST, ArgoVersion

ProblemKind = Literal["unknown-field", "wrong-type", "field-case"]
"""``unknown-field``: no such field here. ``wrong-type``: a value that the field cannot hold. ``field-case``: below a
step, a name in the wrong case, which Argo takes all the same."""

_STEPS, _STEP = "argo.ParallelSteps", "argo.WorkflowStep"
_OTHER_KINDS = "meta.ObjectMeta"


class SchemaProblem(Struct, frozen=True):
    """One place of a document that does not fit its type."""

    address: Address
    message: str
    kind: ProblemKind
    part: Part = "value"
    hint: str | None = None
    rejected: bool = True
    """Argo refuses the document for this; False where it only ignores or forgives: below a step."""
    fatal: bool = False
    """Argo's linter then refuses the whole file, with one error: it decodes every file once before it lints any."""
    meant: str | None = None
    """The name that a field should have, if it is plain."""


def check(data: Json, kind: str, version: ArgoVersion = NEWEST) -> list[SchemaProblem]:
    """Give all problems of a document, in its own order; none: Argo decodes it.

    A document of a kind that is not Argo's has problems only if its top level has a field of ``metadata`` with a wrong
    type: Argo decodes it as one, and fails for the whole file. Don't ask about documents that Argo ignores
    (``Document.outcome``); of one that it drops, only the fatal problems count.
    """
    table = field_table(version)
    found: list[SchemaProblem] = []
    root = table.roots.get(kind)
    walk = _Walk(table, version, found)
    if isinstance(data, dict) and str(data.get("apiVersion")).count("/") > 1:
        walk.wrong(data["apiVersion"], "apiVersion", ("apiVersion",))
    if root is not None:
        walk.value(data, root, (), False)
        return found
    if isinstance(data, dict):
        walk.fields(data, _OTHER_KINDS, (), True)
    elif data is not None:
        walk.value(data, _OTHER_KINDS, (), True)
    return [problem for problem in found if problem.kind == "wrong-type"]


class _Walk(Struct):
    """One check under way; ``lax`` is whether Argo reads this part without strictness: everything below a step."""

    table: FieldTable
    version: ArgoVersion
    found: list[SchemaProblem]

    def fields(self, data: dict[str, Json], name: str, address: Address, lax: bool) -> None:
        fields = self.table.types[name]
        below = lax or name == _STEP
        for key, value in data.items():
            code = fields.get(key)
            if code is None:
                code = self.unknown(key, name, address, lax)
                if code is None:
                    continue
            if value is None and code != "argo.Plugin":
                continue
            if code == "string":
                if value.__class__ is not str:
                    self.wrong(value, code, (*address, key))
            else:
                self.value(value, code, (*address, key), below)

    def value(self, data: Json, code: str, address: Address, lax: bool) -> None:
        if data is None:
            return
        if code.startswith("[]"):
            self.list_(data, code, address, lax)
        elif code.startswith("{}"):
            self.map_(data, code, address, lax)
        elif code == _STEPS:
            self.list_(data, "[]" + _STEP, address, False)
        elif code in self.table.types:
            if isinstance(data, dict):
                self.fields(data, code, address, lax)
            else:
                self.wrong(data, code, address)
        elif not CHECKS[code](data):
            self.wrong(data, code, address)

    def list_(self, data: Json, code: str, address: Address, lax: bool) -> None:
        if not isinstance(data, list):
            self.wrong(data, code, address)
            return
        for index, item in enumerate(data):
            self.value(item, code[2:], (*address, index), lax)

    def map_(self, data: Json, code: str, address: Address, lax: bool) -> None:
        if not isinstance(data, dict):
            self.wrong(data, code, address)
            return
        for key, item in data.items():
            self.value(item, code[2:], (*address, key), lax)

    def wrong(self, data: Json, code: str, address: Address) -> None:
        message, hint = advice.wrong_type(data, code, address)
        self.found.append(SchemaProblem(address, message, "wrong-type", "value", hint, fatal=True))

    def unknown(self, key: str, name: str, address: Address, lax: bool) -> str | None:
        """Note an unknown field; below a step give the code of the field that Argo takes it for, if any."""
        meant = advice.other_case(key, self.table.types[name])
        where = (*address, key)
        if meant is not None and lax:
            hint = f"Argo takes it for {meant}; write it so"
            message = f"field {key} is written in the wrong case"
            self.found.append(SchemaProblem(where, message, "field-case", "key", hint, rejected=False, meant=meant))
            return self.table.types[name][meant]
        message, hint_or_none = advice.unknown_field(key, name, address, self.version)
        fatal = name == _STEP
        near = advice.similar(key, self.table.types[name]) if (hint_or_none or "").startswith("did you mean") else None
        self.found.append(SchemaProblem(where, message, "unknown-field", "key", hint_or_none, not lax, fatal, near))
        return None
