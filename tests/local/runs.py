"""Workflows whose pods are really run, for the tests of this folder."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from argosy.local.really import run_really
from argosy.simulate.run import Run
from argosy.simulate.scenario import from_data

Data = dict[str, Any]


def sh(text: str, **more: Any) -> Data:
    """Give a container that runs a shell."""
    return {"image": "alpine:3.22", "command": ["sh", "-c"], "args": [text], **more}


def steps(*templates: Data, calls: list[Data] | None = None, **spec: Any) -> Data:
    """Give a workflow that runs templates one after the other."""
    called = calls or [{"name": t["name"], "template": t["name"]} for t in templates]
    main = {"name": "entry", "steps": [[call] for call in called]}
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {"name": "wf"},
        "spec": {"entrypoint": "entry", "templates": [main, *templates], **spec},
    }


def run(workflow: Data, *really: str, scenario: Data | None = None, **how: Any) -> Run:
    """Run a workflow, with all its pods or those of some templates really run."""
    done = run_really(workflow, from_data(scenario or {}), really or ("*",), **how)
    assert isinstance(done, Run)
    return done


def pod(container: Data, *, scenario: Data | None = None, spec: Data | None = None, **template: Any) -> Data:
    """Really run one container, and give what is shown of it."""
    how = template.pop("how", {})
    done = run(steps({"name": "it", "container": container, **template}, **(spec or {})), scenario=scenario, **how)
    return done.pods[0]


def script(command: str, source: str, **more: Any) -> Data:
    """Really run one script, and give what is shown of it."""
    template = {"name": "it", "script": {"image": "some", "command": [command], "source": source}, **more}
    return run(steps(template)).pods[0]


def node(done: Run, name: str) -> Data:
    """Give a node that must be there."""
    found = done.node(name)
    assert found is not None, name
    return found


def hidden(path: Path) -> str:
    """Give a path of this machine as a shell word that is not taken for one of the template's own."""
    return f'"$(echo {base64.b64encode(str(path).encode()).decode()} | base64 -d)"'


def alive(pid: int) -> bool:
    """Say whether a process runs (and is no zombie)."""
    try:
        return ") Z " not in (Path("/proc") / str(pid) / "stat").read_text()
    except OSError:
        return False
