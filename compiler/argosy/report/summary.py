"""The last line about findings: how many of what, and Argo's own verdict."""

from __future__ import annotations

from argosy.lint.finding import Severity
from argosy.lint.result import LintResult
from argosy.report.style import Style


def summary(result: LintResult, style: Style) -> str:
    """Give one or two lines without a final line break."""
    documents = sum(len(file.documents) for file in result.files)
    refused = sum(not d.accepted for file in result.files for d in file.documents)
    broken = sum(file.accepted is False for file in result.files)
    where = f"{count(documents, 'manifest')} in {count(len(result.files), 'file')}"
    counts = [count(n, s.value) for s in Severity if (n := result.count(s))]
    if not counts and not documents:
        return f"Nothing to lint: {where}."
    if not counts and (refused or broken):
        return f"Nothing to show in {where}: what is wrong is ignored or hidden." + _argo(documents, refused, broken)
    if not counts:
        return style.paint("Clean", "bold", "green") + f": {where}."
    word = style.paint(_join(counts), "bold", "red" if result.count(Severity.ERROR) else "yellow")
    lines = [f"Found {word} in {where}." + _argo(documents, refused, broken)]
    fixes = [found.finding.fix.safe for found in result.findings() if found.finding.fix is not None]
    if fixes:
        lines.append(_fixable(sum(fixes), len(fixes)))
    return "\n".join(lines)


def _fixable(safe: int, all_: int) -> str:
    if safe == all_:
        return f"{all_} can be fixed: see --fix and --diff."
    if not safe:
        return f"{all_} can be fixed, but not safely: see --unsafe-fixes with --fix or --diff."
    return f"{all_} can be fixed: see --fix and --diff, for {all_ - safe} of them with --unsafe-fixes."


def _argo(documents: int, refused: int, broken: int) -> str:
    parts = [f"{refused} of {count(documents, 'manifest')}"] if refused else []
    parts += [f"{count(broken, 'whole file')}"] if broken else []
    return f" Argo itself refuses {_join(parts)}." if parts else " Argo itself takes them all."


def count(number: int, noun: str) -> str:
    """Give a number with its noun.

    >>> count(1, "error"), count(2, "error"), count(3, "info")
    ('1 error', '2 errors', '3 infos')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _join(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
