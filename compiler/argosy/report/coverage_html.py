"""The coverage of workflows as one HTML page without anything from elsewhere: the manifest, line by line."""

from __future__ import annotations

from html import escape
from pathlib import Path

from argosy.explore.coverage import Coverage, Covered, Item
from argosy.report.coverage import TITLES, row
from argosy.report.paths import relative
from argosy.report.style import Style

CSS = """
:root { color-scheme: light dark; --yes: #1a7f37; --no: #cf222e; --line: #8884; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
table { border-collapse: collapse; } th, td { padding: .2rem .8rem; border-bottom: 1px solid var(--line); }
td, th { text-align: right; } td:first-child, th:first-child { text-align: left; }
pre { border: 1px solid var(--line); padding: .6rem; overflow-x: auto; } pre a { color: inherit; }
.yes { border-left: 4px solid var(--yes); padding-left: .5rem; } .no { border-left: 4px solid var(--no);
padding-left: .5rem; background: #cf222e22; } .plain { border-left: 4px solid transparent; padding-left: .5rem; }
"""


def render(found: Coverage, style: Style) -> str:
    """Give the page."""
    head = "".join(f"<th scope=col>{title}</th>" for title in TITLES)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row(one)) + "</tr>" for one in found.workflows
    )
    body = "".join(_workflow(one) for one in found.workflows)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Coverage of workflows</title>'
        f'<meta name="viewport" content="width=device-width"><style>{CSS}</style></head>\n<body><h1>Coverage</h1>\n'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>\n{body}</body></html>\n"
    )


def _workflow(one: Covered) -> str:
    out = f"<h2>{escape(relative(one.path))}</h2>\n"
    missing = "".join(f"<li>{escape(i.kind)} {escape(i.words)}</li>" for i in one.missing)
    out += f"<p>Not exercised:</p><ul>{missing}</ul>\n" if missing else "<p>All is exercised.</p>\n"
    return out + _source(one)


def _source(one: Covered) -> str:
    by_line: dict[int, list[Item]] = {}
    for item in one.items:
        if item.span.path == one.path:
            by_line.setdefault(item.span.line, []).append(item)
    try:
        lines = Path(one.path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "<pre>" + "\n".join(_line(i, line, by_line.get(i, [])) for i, line in enumerate(lines, 1)) + "</pre>\n"


def _line(number: int, text: str, items: list[Item]) -> str:
    kind = "plain" if not items else "yes" if all(item.times for item in items) else "no"
    title = "; ".join(f"{item.kind} {item.words}: {item.times} times" for item in items)
    told = f' title="{escape(title, quote=True)}"' if title else ""
    return f'<span class="{kind}"{told}>{number:>4}  {escape(text)}</span>'
