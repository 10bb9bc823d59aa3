"""Fields that became lists: what an older version of Argo still takes is put right for the next one."""

from pathlib import Path

import pytest

from argosy.cli.main import main

CRON = """\
apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata: {name: nightly}
spec:
  schedule: 0 3 * * *  # at night
  workflowSpec:
    entrypoint: main
    synchronization:
      mutex:
        name: disk
    templates:
      - name: main
        synchronization: {semaphore: {configMapKeyRef: {name: limits, key: disk}}}
        container: {image: "alpine:3.20", command: [make]}
"""
MENDED = """\
apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata: {name: nightly}
spec:
  schedules:            # at night
    - 0 3 * * *
  workflowSpec:
    entrypoint: main
    synchronization:
      mutexes:
        - name: disk
    templates:
      - name: main
        synchronization: {semaphores: [configMapKeyRef: {name: limits, key: disk}]}
        container: {image: "alpine:3.20", command: [make]}
"""


@pytest.mark.parametrize("version", ["3.6", "3.7", "4.0", "4.1"])
def test_fields_that_became_lists_are_written_as_lists(version: str, tmp_path: Path) -> None:
    file = tmp_path / "cron.yaml"
    file.write_text(CRON)
    assert main(["lint", "--no-cache", "--fix", "--unsafe-fixes", "--argo-version", version, str(file)]) == 0
    assert file.read_text() == MENDED
