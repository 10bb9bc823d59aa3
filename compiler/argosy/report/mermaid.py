"""A run as a Mermaid flowchart, which GitHub and GitLab draw in Markdown: the exit handler in a box, hooks on dots."""

from __future__ import annotations

from argosy.errors import UsageError
from argosy.report.cron import runs
from argosy.report.graph import Edge, Shown, graph
from argosy.report.plain_json import HasDict
from argosy.report.run_view import RunView
from argosy.report.style import Style
from argosy.report.tree import SYMBOLS

MOST_NODES = 150
"""So many nodes are drawn; GitHub draws no chart of more than 500 arrows or 50,000 characters."""
LONGEST = 120
"""Characters of a name or message."""
_COLOURS = {
    "Succeeded": "fill:#d7f5dd,stroke:#1a7f37,color:#0b3d1a",
    "Failed": "fill:#ffdcd8,stroke:#cf222e,color:#5c0a10",
    "Error": "fill:#ffdcd8,stroke:#cf222e,color:#5c0a10,stroke-dasharray:4",
    "Skipped": "fill:#f3f4f6,stroke:#8c959f,color:#57606a",
    "Omitted": "fill:#f3f4f6,stroke:#8c959f,color:#57606a",
    "Running": "fill:#ddf4ff,stroke:#0969da,color:#0a3069",
    "Pending": "fill:#fff8c5,stroke:#bf8700,color:#4d2d00",
}
# what Mermaid, Markdown or HTML would read as markup
_ESCAPES = str.maketrans({c: f"#{ord(c)};" for c in '"#&<>`\\[]{}|*_~'} | {"\n": " "})


def render(run: HasDict, style: Style) -> str:
    """Give the text of the flowchart. Raises UsageError unless it is one run."""
    found = runs(run.to_dict())
    if len(found) != 1:
        raise UsageError("a flowchart shows one run", hint="draw the schedule of a CronWorkflow as tree or timeline")
    return draw(found[0])


def draw(run: RunView) -> str:
    """Give the flowchart of a run that was read."""
    drawn = graph(run, MOST_NODES)
    keys = {shown.key: f"n{number}" for number, shown in enumerate(drawn.nodes)}
    out = ["flowchart TD"]
    out += [f"  {_node(shown, keys)}" for shown in drawn.nodes if shown.part != "handler"]
    if handler := [f"    {_node(shown, keys)}" for shown in drawn.nodes if shown.part == "handler"]:
        out += ['  subgraph handler ["exit handler"]', *handler, "  end"]
    out += [f"  {_arrow(edge, keys)}" for edge in drawn.edges]
    used = sorted({shown.item.phase for shown in drawn.nodes})
    out += [f"  classDef {phase} {_COLOURS[phase]}" for phase in used]
    return "\n".join(out) + "\n"


def _node(shown: Shown, keys: dict[str, str]) -> str:
    item = shown.item
    if shown.junction:
        return f'{keys[shown.key]}(("{_text(shown.label)}")):::{item.phase}'
    message = f"<br/>{_text(item.message)}" if item.message else ""
    left, right = ("[[", "]]") if shown.stack else ("[", "]")
    return f'{keys[shown.key]}{left}"{SYMBOLS[item.phase][0]} {_text(shown.label)}{message}"{right}:::{item.phase}'


def _arrow(edge: Edge, keys: dict[str, str]) -> str:
    start, end = keys[edge.start], keys[edge.end]
    label = {"hook": edge.label, "exit": "onExit"}.get(edge.kind)
    return f'{start} -. "{_text(label)}" .-> {end}' if label else f"{start} --> {end}"


def _text(text: str) -> str:
    """Write text so that it shows as it is.

    >>> _text('a "b" <c>')
    'a #34;b#34; #60;c#62;'
    """
    short = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return short.translate(_ESCAPES)
