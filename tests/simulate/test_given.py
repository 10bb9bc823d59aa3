"""What can be simulated, and what is refused before anything runs."""

from pathlib import Path

import pytest

import argosy
from argosy.errors import ReadError

TEXT = """\
apiVersion: argoproj.io/v1alpha1
kind: {kind}
metadata: {{name: a}}
spec:
  entrypoint: main
  templates:
    - name: main
      steps:
        - - name: {step}
            template: work
    - name: work
      container: {{image: {image}, command: [echo]}}
"""


@pytest.mark.parametrize(
    ("step", "image", "line", "column"), [("y", "alpine", 9, 19), ("a", "5", 12, 26)], ids=["boolean", "number"]
)
@pytest.mark.parametrize("kind", ["Workflow", "WorkflowTemplate"])
def test_a_value_that_its_field_cannot_hold_is_refused_at_its_place(
    tmp_path: Path, kind: str, step: str, image: str, line: int, column: int
) -> None:
    path = tmp_path / "workflow.yaml"
    path.write_text(TEXT.format(kind=kind, step=step, image=image))
    with pytest.raises(ReadError, match="must be text") as raised:
        argosy.simulate(path)
    place = raised.value.place
    assert place is not None
    assert (Path(place.path).name, place.line, place.column) == ("workflow.yaml", line, column)
    assert raised.value.hint is not None
