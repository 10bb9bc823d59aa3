"""The catalogue of variables: complete, without contradictions, and found by name."""

import pytest

from argosy.variables import CHECKED_PREFIXES, VARIABLES, Kind, Phase, find, matches, nearest


def test_every_pattern_stands_once_for_a_set_of_phases() -> None:
    seen = [(one.pattern, phase) for one in VARIABLES for phase in one.phases]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda one: one.pattern)
def test_every_entry_says_where_it_is_and_what(variable) -> None:  # type: ignore[no-untyped-def]  # an entry of the table
    assert (variable.sentence.endswith(".") and variable.sentence[0].isupper()) or variable.sentence[0] == '"'
    assert variable.phases and variable.templates


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("workflow.name", "workflow.name"),
        ("workflow.labels.json", "workflow.labels.json"),
        ("workflow.labels.app.kubernetes.io/name", "workflow.labels.<name>"),
        ("workflow.parameters", "workflow.parameters"),
        ("steps.a.outputs.parameters.b", "steps.<name>.outputs.parameters.<parameter>"),
        ("steps.a.outputs.parameters", "steps.<name>.outputs.parameters"),
        ("tasks.a.status", "tasks.<name>.status"),
        ("steps.name", "steps.name"),
        ("item.a.b", "item.<key>"),
        ("inputs.artifacts.a.path", "inputs.artifacts.<name>.path"),
    ],
)
def test_a_name_is_found_by_its_most_specific_pattern(name: str, pattern: str) -> None:
    found = find(name)
    assert found is not None and found.pattern == pattern


@pytest.mark.parametrize("name", ["", "input.parameters.x", "workflow", "workflow.nmae", "steps", "steps.a", "items"])
def test_what_is_no_variable_is_not_found(name: str) -> None:
    assert find(name) is None and matches(name) == ()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("input.parameters.x", "inputs.parameters.x"),
        ("inputs.paraemters.X", "inputs.parameters.X"),
        ("workflow.stauts", "workflow.status"),
        ("steps.a.output.result", "steps.a.outputs.result"),
        ("quite.something.else", None),
    ],
)
def test_a_misspelt_name_has_a_nearest_one(name: str, meant: str | None) -> None:
    assert nearest(name) == meant


def test_failures_are_for_exit_handlers_alone() -> None:
    found = find("workflow.failures")
    assert found is not None and found.phases == {Phase.EXIT_HANDLER}


def test_argo_checks_no_prefix_that_the_catalogue_lacks() -> None:
    roots = {one.parts[0] for one in VARIABLES}
    assert {prefix.removesuffix(".") for prefix in CHECKED_PREFIXES} <= roots


def test_names_are_filled_in() -> None:
    names = [one.name("a", "b") for one in VARIABLES if one.kind is Kind.NODE and one.pattern.startswith("tasks.")]
    assert "tasks.a.outputs.artifacts.b" in names and "tasks.a.id" in names
