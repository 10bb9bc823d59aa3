"""A simulation in which the pods of some templates are really run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from argosy.errors import UsageError
from argosy.local.pod import Limits
from argosy.local.provider import Local
from argosy.simulate.api import simulate, template_names
from argosy.simulate.given import Given, collect
from argosy.simulate.scenario import Scenario
from argosy.simulate.shape import closest
from argosy.source import Json

if TYPE_CHECKING:
    from argosy.simulate.cron_run import CronRun
    from argosy.simulate.run import Run


def local_for(
    given: Given,
    scenario: Scenario,
    templates: Iterable[str],
    *,
    maps: Iterable[str] = (),
    container_engine: str | None = None,
    seconds: float = 60.0,
    folder: Path | None = None,
    tell: Callable[[str], None] | None = None,
) -> Local:
    """Give what runs the pods of some templates of a workflow; to be entered.

    The ConfigMaps and Secrets that pods get are those of the manifests and of the scenario's objects; ``folder`` is the
    scratch directory, if it is to stay; ``tell`` is told each pod's name before it is run. Raises UsageError for a
    template that is not there.
    """
    wanted = list(templates)
    known = sorted(template_names([given.main, *given.others]))
    for pattern in wanted:
        if not any(fnmatchcase(name, pattern) for name in known):
            raise UsageError(f"there is no template {pattern!r} to be run", hint=closest(pattern, known))
    return Local(
        wanted,
        answers=scenario.answers or (),
        objects=[other.data for other in given.others],
        volumes=_volumes(given),
        maps=maps,
        container_engine=container_engine,
        limits=Limits(seconds=seconds),
        folder=folder,
        tell=tell,
    )


def run_really(
    manifest: Any,
    scenario: Scenario,
    templates: Iterable[str] = (),
    *,
    options: Mapping[str, Any] | None = None,
    **how: Any,
) -> Run | CronRun:
    """Simulate a workflow with the pods of some templates really run, those too that the scenario names.

    ``options`` are further arguments of ``argosy.simulate``, ``how`` those of :func:`local_for`.
    """
    further = dict(options or {})
    given = collect(manifest, scenario, further.get("workflow"))
    with local_for(given, scenario, [*templates, *(scenario.run_scripts or ())], **how) as local:
        return simulate(manifest, scenario=scenario, provider=local, **further)


def _volumes(given: Given) -> dict[str, dict[str, Json]]:
    """Give the volumes of the workflow, and of the templates that it may be made of."""
    out: dict[str, dict[str, Json]] = {}
    for manifest in (given.main, *given.others):
        spec = manifest.data.get("spec") or {}
        spec = spec.get("workflowSpec") or spec
        for volume in spec.get("volumes") or [] if isinstance(spec, dict) else []:
            out.setdefault(str(volume.get("name")), volume)
    return out
