"""The details of one fault: what came of it, what the exit handler saw, to the byte, how each of its steps ended."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

from argosy.explore.exploration import Exploration, Result
from argosy.explore.observe import Observed, Step
from argosy.explore.shrink import as_file
from argosy.report.html.elements import Child, add, code, facts, h, table
from argosy.report.html.shell import chip

ENDS = {"completed": "", "hung": "Failed", "deleted": "Skipped"}
"""How runs end other than by themselves, and the phase whose colour that has."""
LONGEST_SCENARIO = 4000
"""Characters of a scenario; one that holds a whole workflow is too long for every fault."""


def ended(seen: Observed) -> Element:
    """Give how a workflow ended, in its colour."""
    if seen.ended == "completed":
        return chip(seen.phase)
    return h("span", seen.ended, class_=f"chip {ENDS.get(seen.ended, 'Failed')}")


def details(found: Exploration, result: Result, id_: str) -> Element:
    """Give the details of a fault."""
    seen = result.observed
    out = h("section", h("div", h("h2", result.fault.name, tabindex=-1), class_="bar"), class_="detail", id=id_)
    add(out, _facts(found, seen))
    for name, value in seen.saw.items():
        add(out, h("h3", "{{" + name + "}} as the handler saw it"), code(value, class_="value"))
    for title, steps in (("Steps of the handler", seen.steps), ("Hooks", seen.hooks)):
        if steps:
            add(out, h("h3", title), table((), [_step(step) for step in steps], class_="values"))
    missing = [name for name in found.columns() if name not in {step.path for step in seen.steps}]
    if missing and seen.handler:
        add(out, h("h3", "Not reached"), h("p", ", ".join(missing)))
    if given := {name: values for name, values in seen.inputs.items() if values}:
        add(out, h("h3", "What its templates got"))
        rows = [(f"{name}: {key}", h("code", value)) for name, values in given.items() for key, value in values.items()]
        add(out, table((), rows, class_="values"))
    if seen.left:
        add(out, h("h3", "Not done when it was over"), h("ul", *(h("li", one) for one in seen.left)))
    if len(scenario := _scenario(found, result)) <= LONGEST_SCENARIO:
        words = "The scenario that plays it, for argosy simulate --scenario"
        add(out, h("details", h("summary", words), code(scenario, class_="scenario")))
    return out


def _scenario(found: Exploration, result: Result) -> str:
    """Give the text of a scenario file in the current directory that plays a fault."""
    return as_file(found, result.fault, found.scenario(result.fault), Path())


def _step(step: Step) -> tuple[Child, ...]:
    return step.path, h("span", chip(step.phase), f" {step.message}" if step.message else None)


def _facts(found: Exploration, seen: Observed) -> Element:
    rows: list[tuple[str, Child]] = [
        ("Workflow", ended(seen)),
        ("Message", seen.message),
        ("Waits for", "; ".join(seen.waits_for)),
    ]
    if found.handler:
        rows.append(("Handler", chip(seen.handler) if seen.handler else "did not run"))
    if seen.handler:
        # times in a status are whole seconds, and the start is not
        began = f"{max(seen.handler_at, 0):g}s after the start"
        rows += [("It said", seen.handler_message), ("It began", began), ("It took", f"{seen.handler_took:g}s")]
    return facts(rows)
