"""A run as a Mermaid flowchart, which GitHub and GitLab draw in Markdown: boundaries are boxes, hooks hang on dots."""

from __future__ import annotations

from collections.abc import Mapping

from argosy.errors import UsageError
from argosy.report.cron import runs
from argosy.report.plain_json import HasDict
from argosy.report.run_view import Item, RunView
from argosy.report.style import Style
from argosy.report.tree import SYMBOLS, hook_name

_COLOURS = {
    "Succeeded": "fill:#d7f5dd,stroke:#1a7f37,color:#0b3d1a",
    "Failed": "fill:#ffdcd8,stroke:#cf222e,color:#5c0a10",
    "Error": "fill:#ffdcd8,stroke:#cf222e,color:#5c0a10,stroke-dasharray:4",
    "Skipped": "fill:#f3f4f6,stroke:#8c959f,color:#57606a",
    "Omitted": "fill:#f3f4f6,stroke:#8c959f,color:#57606a",
    "Running": "fill:#ddf4ff,stroke:#0969da,color:#0a3069",
    "Pending": "fill:#fff8c5,stroke:#bf8700,color:#4d2d00",
}


def render(run: HasDict, style: Style) -> str:
    """Give the text of the flowchart. Raises UsageError unless it is one run."""
    found = runs(run.to_dict())
    if len(found) != 1:
        raise UsageError("a flowchart shows one run", hint="draw the schedule of a CronWorkflow as tree or timeline")
    return draw(found[0])


def draw(run: RunView) -> str:
    """Give the flowchart of a run that was read."""
    keys = {item.node["id"]: f"n{number}" for number, item in enumerate(run.items())}
    shown = {item.node["id"]: item for item in run.items()}
    out = ["flowchart TD"]
    for root in (run.entry, *run.hooks):
        if root is not None:
            out += _boxes(root, keys, "  ")
    if run.handler is not None:
        out += ["  subgraph handler [exit handler]", *_boxes(run.handler, keys, "    "), "  end"]
    for item in shown.values():
        out += _arrows(item, keys, shown)
    if run.entry is not None and run.handler is not None:
        out.append(f"  {keys[run.entry.node['id']]} -. onExit .-> {keys[run.handler.node['id']]}")
    for hook in run.hooks if run.entry is not None else []:
        assert run.entry is not None
        out.append(f"  {keys[run.entry.node['id']]} -. {_text(hook_name(run.name, hook))} .-> {keys[hook.node['id']]}")
    used = sorted({item.phase for item in shown.values()})
    out += [f"  classDef {phase} {_COLOURS[phase]}" for phase in used]
    return "\n".join(out) + "\n"


def _boxes(item: Item, keys: Mapping[str, str], indent: str) -> list[str]:
    """Declare an item and what stands under it, in the order in which they came up."""
    symbol = SYMBOLS[item.phase][0]
    label = _text(f"{symbol} {item.name}" + (f"<br/>{item.message}" if item.message else ""), breaks=True)
    out = [f'{indent}{keys[item.node["id"]]}["{label}"]:::{item.phase}']
    for below in (*item.children, *item.hooks):
        out += _boxes(below, keys, indent)
    return out


def _arrows(item: Item, keys: Mapping[str, str], shown: Mapping[str, Item]) -> list[str]:
    """Draw what followed what, as the status says it; hooks of a node hang on dotted lines."""
    key = keys[item.node["id"]]
    hooks = {hook.node["id"] for hook in item.hooks}
    out = [
        f"  {key} --> {keys[child]}"
        for child in item.node.get("children") or []
        if child in shown and child not in hooks and not (shown[child].node.get("nodeFlag") or {}).get("hooked")
    ]
    for hook in item.hooks:
        name = hook_name(item.node["name"], hook)
        out.append(f"  {key} -. {_text(name)} .-> {keys[hook.node['id']]}")
    return out


def _text(text: str, *, breaks: bool = False) -> str:
    """Write what Mermaid would read as markup so that it shows."""
    out = text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
    return out.replace("&lt;br/&gt;", "<br/>") if breaks else out
