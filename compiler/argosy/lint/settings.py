"""What decides the findings about a text, apart from the text: the Argo version, the rules, their severities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from argosy.errors import UsageError
from argosy.lint.engine import CRASHED, Plan, choose, plan
from argosy.lint.finding import Finding, Severity
from argosy.lint.rule import Rule, find, rules
from argosy.versions import ArgoVersion, argo_version


class Settings(Struct, frozen=True):
    """Settings, read and checked."""

    version: ArgoVersion
    shown: frozenset[str]
    """The rules whose findings are shown."""
    severities: Mapping[str, Severity]
    planned: Plan
    """The rules that run: those shown, and those that decide Argo's verdict."""

    @property
    def key(self) -> str:
        """A text that differs where settings do."""
        levels = sorted(f"{name}={level}" for name, level in self.severities.items())
        return " ".join([self.version, *sorted(self.shown), *levels])

    def finish(self, found: Iterable[Finding]) -> list[Finding]:
        """Drop the findings that are not asked for, and set the severities that are."""
        kept = [one for one in found if one.rule in self.shown]
        if not self.severities:
            return kept
        return [
            replace(one, severity=self.severities[one.rule]) if one.rule in self.severities else one for one in kept
        ]


def settings(
    version: str | ArgoVersion | None = None,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] = (),
    severity: Sequence[str] | Mapping[str, str] = (),
    also: Sequence[str] = (),
) -> Settings:
    """Read the settings as people write them: rules and themes by name, severities as ``RULE=warning`` or ``RULE=off``.

    ``also`` names rules to show besides those that are on by default. Raises UsageError for what is not known.
    """
    given = levels(severity)
    for name, level in given.items():
        find(name)
        if level != "off" and level not in list(Severity):
            raise UsageError(f"{level!r} is no severity", hint="one of error, warning, info, off")
    off = {name for name, level in given.items() if level == "off"}
    shown = frozenset(one.name for one in choose(select, ignore) if one.name not in off) | {CRASHED, *also}
    runs: list[Rule[object]] = [one for one in rules() if one.name in shown or one.verdict]
    severities = {name: Severity(level) for name, level in given.items() if level != "off"}
    return Settings(argo_version(version), shown, severities, plan(runs))


def levels(severity: Sequence[str] | Mapping[str, str]) -> dict[str, str]:
    """Give severities by rule. Raises UsageError for a text that is not like ``RULE=warning``."""
    return dict(severity) if isinstance(severity, Mapping) else dict(_severity(one) for one in severity)


def _severity(text: str) -> tuple[str, str]:
    name, separator, level = text.partition("=")
    if not separator:
        raise UsageError(f"{text!r} does not say which severity", hint="write RULE=error, warning, info or off")
    return name.strip(), level.strip()
