"""An event looks only at what it concerns; looking at everything each time, as Argo does, comes to the same."""

from pathlib import Path

import pytest

from argosy.simulate import world
from argosy.simulate.api import simulate
from argosy.simulate.controller.reconcile import reconcile
from argosy.simulate.controller.state import State
from argosy.simulate.seam import Command, View

SCENARIOS = sorted((Path(__file__).parent / "scenarios").glob("*.yaml"))


def _looking_at_everything(state: State, view: View, now: float) -> list[Command]:
    state.full = True
    return reconcile(state, view, now)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda p: p.stem)
def test_looking_at_everything_comes_to_the_same(scenario: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = simulate(scenario=scenario).to_dict()
    monkeypatch.setattr(world, "reconcile", _looking_at_everything)
    assert simulate(scenario=scenario).to_dict() == usual
