"""What the simulator models: the table behind ``docs/fidelity.md``, with the recorded runs that show each feature."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

SCENARIOS = Path(__file__).parent.parent / "tests" / "simulate" / "scenarios"


class Feature(NamedTuple):
    """One thing that Argo does; ``shown`` is a pattern for the names of the scenarios that show it."""

    name: str
    shown: str
    note: str = ""


FEATURES: dict[str, list[Feature]] = {
    "Templates": [
        Feature("container, script", r"minimal|script-template"),
        Feature("containerSet, with dependencies between its containers", r"container-set"),
        Feature("resource", r"resource-template", "no object is made: the outcome says what it reports"),
        Feature("http, plugin", r"^http|^plugin", "successCondition is evaluated on the scripted response"),
        Feature("suspend: duration, approval, supplied values", r"^suspend|resume"),
        Feature("steps, parallel groups", r"^steps-"),
        Feature("dag: dependencies, depends, target, failFast", r"^dag-"),
        Feature("inline templates", r"inline"),
        Feature("daemons", r"^daemon"),
        Feature("sidecars, init containers", r"^sidecar|^init-"),
    ],
    "Control": [
        Feature("when", r"steps-when|exit-when|onexit-steps-when"),
        Feature("continueOn", r"continue-on"),
        Feature("withItems, withParam, withSequence, and what they aggregate", r"^loop-|with-items"),
        Feature("recursion and its limit", r"recursion"),
        Feature("parallelism of workflow and template", r"parallelism"),
        Feature(
            "retryStrategy: limit, policies, backoff, expression, lastRetry", r"^retry-(?!workflow|failed|restart)"
        ),
        Feature("timeout, activeDeadlineSeconds", r"^timeout|^deadline"),
        Feature("memoize", r"^memoize", "the cache is a ConfigMap in the controller's namespace"),
        Feature("podGC", r"pod-gc", "as far as it shows: a pod that is kept goes on counting"),
        Feature("mutexes, semaphores", r"mutex|semaphore|synchronization"),
    ],
    "Data": [
        Feature("parameters: defaults, enum, valueFrom, globalName", r"data-parameter|data-configmap|global-output"),
        Feature("outputs.result, exit codes", r"result|exit-code"),
        Feature("artifacts by reference", r"artifact", "no file is moved"),
        Feature("expressions", r"expression"),
        Feature("outputs of skipped nodes", r"skipped-output|unresolved"),
        Feature("podSpecPatch", r"pod-spec-patch", "only whether it can be applied"),
    ],
    "Exit handlers and hooks": [
        Feature("onExit and hooks.exit of a workflow", r"^onexit|^exit-|wf-hook-exit"),
        Feature("onExit and hooks.exit of steps and tasks", r"step-exit-hook|task-exit-hook|step-onexit"),
        Feature("hooks with an expression, while running", r"wf-hook|step-hook|step-running-hook|task-hook"),
        Feature(
            "workflow.status, workflow.failures, workflow.duration", r"failures|status-inside|exit-duration|exit-vars"
        ),
        Feature(
            "handlers after stop, terminate, deadline", r"exit-after|stop-in-exit|terminate-in-exit|deadline-in-exit"
        ),
        Feature("faults in which no handler runs", r"exit-not|invalid|exit-input-not"),
    ],
    "References": [
        Feature("WorkflowTemplate, ClusterWorkflowTemplate", r"template-ref"),
        Feature("workflowTemplateRef and its merging", r"workflow-template-ref"),
        Feature("templateDefaults", r"template-defaults"),
        Feature(
            "workflow defaults",
            r"workflow-defaults",
            "given as the ConfigMap `workflow-controller-configmap`, as in a cluster",
        ),
    ],
    "World": [
        Feature("out of memory, eviction, missing image, unschedulable pods", r"oom|evicted|image-pull|unschedulable"),
        Feature("deleted pods", r"pod-deleted|eviction"),
        Feature("lost outputs", r"missing-output|artifact-missing"),
        Feature("stop, terminate, suspend, resume, set", r"^stop|^terminate|^suspend|resume"),
        Feature("argo retry", r"retry-workflow|retry-failed-workflow|retry-restart|exit-retry|ref-retry"),
        Feature("restart of the controller", r"restart-controller|controller-restart"),
    ],
}

OTHERWISE_TESTED = """\
Not recorded, tested on their own: CronWorkflows (schedules, time zones, `concurrencyPolicy`,
`startingDeadlineSeconds`, `stopStrategy`, `when`, history limits), the `priority` of those who wait for a lock, `argo
resubmit`, a controller that is down for a while (`controller-down`), a workflow that is lost (`lose`), a handler that
is delivered twice (`deliveredTwice`). An outcome or action that never applied is an error; a run that hangs says what
it waits for; one that would go on for ever ends as `endless`, after 1,000 attempts of a node or 20,000
reconciliations and ten for each node.
"""

NOT_MODELLED = """\
* **What containers do.** Nothing is executed; outcomes say how pods end. Artifacts are references, no file is moved.
* **Requests and limits, scheduling, quotas.** A pod runs at once unless its outcome says otherwise.
* **Argo's server**: archive, offloading, SSO, events, metrics, `ttlStrategy`, and `podGC` beyond what the status shows.
* **`argo resubmit --memoized`**, database-backed locks, artifact garbage collection, pod disruption budgets.
* **`resourcesDuration`, `estimatedDuration`**: left out of the status.
* **Races.** Pods are taken up one at a time, in the order of their nodes' names, and each event is one
  reconciliation: one legal order of many. `--seed N` chooses another: which of the pods that are due at once goes
  first, and the order of `{{workflow.failures}}`; the same seed gives the same run. Where Argo walks another Go map
  (the children of a DAG, a node with two parents in `argo retry`), the order here is always that of names or of the
  manifest. What differs in a cluster from run to run, and not here: whether a stopped pod's node says how its
  container ended or only that the workflow was stopped (its result may be complete before its status is), whether a
  pod of a faulty step starts before the workflow has failed, how many attempts without a wait fit into
  `maxDuration`; in v3.7, what becomes of exit hooks of nested steps after a stop.
* **v3.7's** empty text for `{{=sprig.upper(item)}}` of a loop over texts: the item is put in, as in v4.
* **The controller's waiting times** are those of the recorded runs: it looks at an event at once (Argo by default after
  up to 10 s), waits 0.1 s after a lock is released, counts a pod as recently started for 0.2 s (10 s), and as recently
  deleted for 1 s (2 min).
* **A crash of the controller** by the manifest itself, such as `spec.parallelism` reached in a DAG exit handler.
"""


def page() -> str:
    """Give the page in Markdown."""
    names = sorted(path.stem for path in SCENARIOS.glob("*.yaml"))
    out = ["# How faithful the simulator is\n\n"]
    out.append(
        "It is measured against the real controller: scenarios in `tests/simulate/scenarios/` have beside them what\n"
        "Argo 4.1.2 (and 3.7.0, where it differs) did with them on a real API server. Each feature is shown by these.\n"
    )
    for group, features in FEATURES.items():
        out.append(f"\n## {group}\n\n| feature | shown by | |\n|---|---|---|\n")
        for feature in features:
            shown = ", ".join(f"`{name}`" for name in shown_by(feature, names))
            out.append(f"| {feature.name} | {shown} | {feature.note} |\n")
    out.append(f"\n{OTHERWISE_TESTED}\n## Not modelled\n\n{NOT_MODELLED}")
    return "".join(out)


def shown_by(feature: Feature, names: list[str]) -> list[str]:
    """Give the scenarios that show a feature."""
    return [name for name in names if re.search(feature.shown, name)]
