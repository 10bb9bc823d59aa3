"""What a rule is: one function with a declaration above it and its documentation page as its docstring.

    @rule(Severity.ERROR, over=tables.hooks)
    def exit_handler_undefined(hook: HookAt, context: Context) -> Iterator[Problem]:
        '''The exit handler names a template that does not exist.

        What then happens, and why it matters.

        Bad:
            ...a manifest...
        Good:
            ...a manifest...
        '''
        if context.resolve(hook) is None:
            yield Problem("...", hook.at("template"))

The name of the rule is that of the function in kebab case. ``over`` is a table of :mod:`argosy.lint.tables`: the rule
is called once for every entry, and not at all where there is none. Rules are found by scanning ``lint/rules/``.
"""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from msgspec import Struct

from argosy.errors import UsageError
from argosy.later import regex
from argosy.lint.finding import Finding, Fix, Related, Severity
from argosy.source import Address, Manifest, Part, Span
from argosy.spelling import did_you_mean

if TYPE_CHECKING:
    from argosy.lint.context import Context

T = TypeVar("T")


class Problem(Struct):
    """What a rule found: the engine adds the rule's name and severity and makes a :class:`Finding` of it."""

    message: str
    """One sentence without a final dot, naming what the manifest names."""
    address: Address
    hint: str | None = None
    """What to do about it, one sentence without a final dot."""
    part: Part = "value"
    chars: tuple[int, int] | None = None
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    rejected: bool = False
    severity: Severity | None = None
    """Another severity than the rule's own, where this case is worse or better."""
    span: Span | None = None
    """Where it stands in the file, for what has no address: text that is not YAML."""
    manifest: Manifest | None = None
    """The document that the address is in, when it is not the one being linted: the engine reports the problem at the
    reference that leads there (``via``) and makes this place a related one."""
    via: Address = ()


Check = Callable[[T, "Context"], Iterable[Problem]]
Table = Callable[["Context"], Iterable[T]]


class Rule(Struct, Generic[T], frozen=True):
    """A declared rule."""

    name: str
    severity: Severity
    over: Table[T]
    check: Check[T]
    on_by_default: bool
    verdict: bool
    """Its findings can be reasons for which Argo refuses a manifest: it runs even when it is not selected."""
    module: str

    @property
    def doc(self) -> str:
        """Its documentation page: the docstring, without its indentation."""
        from inspect import cleandoc  # slow to import, and no page is shown when files are linted

        return cleandoc(self.check.__doc__ or "")

    @property
    def summary(self) -> str:
        """The first sentence of its page."""
        return self.doc.partition("\n")[0]

    @property
    def theme(self) -> str:
        """The module that declares it: ``exit_handlers``, ``parameters``, ..."""
        return self.module.rpartition(".")[2]


_DECLARED: dict[str, Rule[Any]] = {}


def rule(
    severity: Severity, *, over: Table[T], on_by_default: bool = True, verdict: bool = False
) -> Callable[[Check[T]], Check[T]]:
    """Declare the function below as a rule over the entries of a table.

    ``verdict`` is for rules that mirror Argo's own linter: their problems may be ``rejected``.

    Raises RuntimeError, when the module is imported, for a second rule of the same name.
    """

    def declare(check: Check[T]) -> Check[T]:
        name = getattr(check, "__name__", "").replace("_", "-")
        module = getattr(check, "__module__", "")
        if name in _DECLARED and _DECLARED[name].module != module:
            raise RuntimeError(f"two rules are named {name!r}: in {_DECLARED[name].module} and in {module}")
        _DECLARED[name] = Rule(name, severity, over, check, on_by_default, verdict, module)
        return check

    return declare


@cache
def rules() -> tuple[Rule[Any], ...]:
    """Give all rules, by name. The first call imports every module in ``lint/rules/``."""
    from argosy.lint import rules as package

    files = [name for folder in package.__path__ for name in os.listdir(folder)]  # noqa: PTH208  # start-up time
    for module in sorted({name.removesuffix(".py") for name in files if name.endswith(".py") and name[0] != "_"}):
        importlib.import_module(f"{package.__name__}.{module}")
    return tuple(_DECLARED[name] for name in sorted(_DECLARED))


def find(name: str) -> Rule[Any]:
    """Give the rule of that name.

    Raises UsageError, with the nearest names, when there is none.
    """
    known = {found.name: found for found in rules()}
    if name in known:
        return known[name]
    hint = did_you_mean(name, known, count=3, cutoff=0.5) or "argosy rule lists all of them"
    raise UsageError(f"there is no rule named {name!r}", hint=hint)


class Example(Struct, frozen=True):
    """A manifest on a rule's page; ``here`` are the lines, from 1, that end in ``# here``: the finding is on them."""

    good: bool
    text: str
    version: str | None = None

    @property
    def here(self) -> list[int]:
        """The marked lines."""
        return [n for n, line in enumerate(self.text.splitlines(), 1) if line.rstrip().endswith("# here")]


_SECTION = regex(r"^(Bad|Good)(?: \(Argo ([\d.]+)\))?:$")


def examples(page: str) -> list[Example]:
    """Give the manifests of a page: indented blocks below ``Bad:``, ``Good:`` or, for one version, ``Bad (Argo
    3.7):``."""
    out: list[Example] = []
    lines = page.splitlines()
    for number, line in enumerate(lines):
        if not (section := _SECTION.match(line)):
            continue
        block: list[str] = []
        for below in lines[number + 1 :]:
            if below.strip() and not below.startswith("    "):
                break
            block.append(below[4:])
        out.append(Example(section[1] == "Good", "\n".join(block).strip("\n") + "\n", section[2]))
    return out


def prose(page: str) -> str:
    """Give a page without its manifests."""
    return re.split(r"(?m)^(?:Bad|Good)(?: \(Argo [\d.]+\))?:$", page, maxsplit=1)[0].strip()


def finding(declared: Rule[Any], problem: Problem) -> Finding:
    """Make a finding of what a rule said; what Argo refuses is an error."""
    severity = Severity.ERROR if problem.rejected else problem.severity or declared.severity
    address, part, chars, related = problem.address, problem.part, problem.chars, problem.related
    if problem.manifest is not None:
        note = f"it is here, in {problem.manifest.kind} {problem.manifest.name}"
        related = (Related(address, note, problem.manifest), *related)
        address, part, chars = problem.via, "value", None
    return Finding(
        rule=declared.name,
        severity=severity,
        message=problem.message,
        address=address,
        rejected=problem.rejected,
        part=part,
        chars=chars,
        hint=problem.hint,
        related=related,
        fix=problem.fix if problem.manifest is None else None,
        span=problem.span,
    )
