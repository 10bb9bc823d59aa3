"""A run as one HTML page that needs nothing else: the tree, the exit handler, what pods ran, the course of events."""

from __future__ import annotations

from html import escape

from argosy.report.became import values
from argosy.report.cron import runs
from argosy.report.plain_json import HasDict
from argosy.report.pod_text import what_runs
from argosy.report.run_view import Item, RunView
from argosy.report.style import Style
from argosy.report.tree import SYMBOLS, duration, hook_name, label, remarks

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --line: #8884; --green: #1a7f37; --red: #cf222e; --grey: #77808a; --blue: #0969da }}
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }}
h2 {{ margin-top: 2rem; font-size: 1.1rem }}
ul {{ list-style: none; padding-left: 1.3rem; border-left: 1px solid var(--line) }}
section > ul {{ border: 0; padding: 0 }}
pre {{ background: #8881; padding: .5rem .8rem; border-radius: .4rem; overflow-x: auto; margin: .3rem 0 }}
small {{ color: var(--grey) }}
table {{ border-collapse: collapse }} td {{ padding: .1rem .8rem .1rem 0; vertical-align: top }}
.Succeeded {{ color: var(--green) }} .Failed, .Error {{ color: var(--red); font-weight: 600 }}
.Skipped, .Omitted, .Pending {{ color: var(--grey) }} .Running {{ color: var(--blue) }}
</style>
</head>
<body>
{body}
</body>
</html>
"""


def render(run: HasDict, style: Style) -> str:
    """Give the page of a run."""
    drawn = runs(run.to_dict())
    title = f"{drawn[0].name} {drawn[0].phase}" if drawn else "Nothing ran"
    return _PAGE.format(title=escape(title), body="\n".join(map(draw, drawn)))


def draw(run: RunView) -> str:
    """Give the part of the page that shows a run that was read."""
    took = f" after {duration(run.started, run.finished)}" if run.started and run.finished else ""
    head = f'<h1>{escape(run.name)} <span class="{run.phase}">{run.phase}</span>{took}</h1>'
    parts = [head, f"<p>{escape(run.message)}</p>" if run.message else ""]
    if run.entry is not None:
        parts.append(f"<section><ul>{_item(run.entry, {}, None)}</ul></section>")
    for hook in run.hooks:
        name = escape(hook_name(run.name, hook))
        parts.append(f"<section><h2>Hook {name}</h2><ul>{_item(hook, values(hook), None)}</ul></section>")
    parts += [_handler(run), _events(run)]
    return "\n".join(part for part in parts if part)


def _handler(run: RunView) -> str:
    if run.handler is None:
        said = "The workflow has none." if run.handler_declared is None else f"{run.handler_declared} did not run."
        return f"<section><h2>Exit handler</h2><p>{escape(said)}</p></section>"
    became = {"workflow.status": run.entry.phase if run.entry else run.phase} | values(run.handler)
    rows = "".join(
        f"<tr><td><code>{escape('{{' + name + '}}')}</code></td><td><code>{escape(became[name])}</code></td></tr>"
        for name in sorted(became)
        if name.startswith("workflow.")
    )
    return f"<section><h2>Exit handler</h2><table>{rows}</table><ul>{_item(run.handler, became, None)}</ul></section>"


def _item(item: Item, known: dict[str, str], name: str | None) -> str:
    symbol = SYMBOLS[item.phase][0]
    shown = name or label(item)
    template = f" <small>({escape(item.template_name)})</small>" if item.template_name not in ("", shown) else ""
    notes = "".join(f" <small>{escape(remark)}</small>" for remark in remarks(item, known))
    line = f'<span class="{item.phase}">{symbol} {escape(shown)}</span>{template}{notes}'
    lines = what_runs(item.pod) if item.pod else []
    if lines:
        line = f"<details><summary>{line}</summary><pre>{escape(chr(10).join(lines))}</pre></details>"
    below = [_item(child, known, None) for child in item.children]
    below += [_item(hook, values(hook), f"hook {hook_name(item.node['name'], hook)}") for hook in item.hooks]
    inside = f"<ul>{''.join(below)}</ul>" if below else ""
    return f"<li>{line}{inside}</li>"


def _events(run: RunView) -> str:
    rows = "".join(_event({key: escape(str(value or "")) for key, value in event.items()}) for event in run.events)
    return f"<details><summary>Events ({len(run.events)})</summary><table>{rows}</table></details>" if rows else ""


def _event(said: dict[str, str]) -> str:
    to = said.get("to", "")
    cells = f"<td><small>{said.get('at', '')}</small></td><td>{said.get('node') or 'workflow'}</td>"
    return f'<tr>{cells}<td class="{to}">{to}</td><td>{said.get("message", "")}</td></tr>'
