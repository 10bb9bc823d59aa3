"""The kubelet: it takes pods up, runs them as their outcomes say, and ends them, one step at a time.

Pods that one reconciliation made go in the order of their nodes' names, with numbers compared by value. This is one
legal order of many.
"""

from __future__ import annotations

from functools import partial
from typing import Protocol

from argosy.simulate import outputs, pods
from argosy.simulate.names import natural
from argosy.simulate.outcomes import Outcomes
from argosy.simulate.pods import PodRun, Started
from argosy.simulate.scenario import Scenario
from argosy.simulate.seam import CreatePod, PodPhase, PodView, TaskResult, View
from argosy.simulate.steps import Steps

SIGNAL_DELAY = 0.15
"""From a signal until the containers of a pod act on it, all together."""
GRACE = 30.0
"""terminationGracePeriodSeconds: from SIGTERM to SIGKILL."""
DEADLINE_MESSAGE = "Pod was active on the node longer than the specified deadline"
COMPLETED = frozenset({"Succeeded", "Failed", "Error", "Skipped", "Omitted"})


class Controller(Protocol):
    """What the kubelet sees of the controller: what it has recorded, and how to get its attention."""

    def phase(self, node_id: str) -> str | None:
        """Give the recorded phase of a node, None if there is no such node."""

    def message(self, node_id: str) -> str:
        """Give the recorded message of a node."""

    def first_seen(self, node_id: str) -> int:
        """Give the number of the reconciliation in which a node came up."""

    def ended(self) -> bool:
        """Say whether the workflow has a final phase."""

    def notify(self, node_id: str) -> None:
        """Tell that the pod, the result or the answer of a node is new."""


class Kubelet:
    """The one kubelet of the cluster, with the init and wait containers, for one workflow."""

    def __init__(
        self,
        steps: Steps,
        scenario: Scenario,
        outcomes: Outcomes,
        view: View,
        controller: Controller,
        log: list[Started],
    ) -> None:
        self.clock = steps.clock
        self._steps = steps
        self.scenario = scenario
        self.outcomes = outcomes
        self.view = view
        self.controller = controller
        self.pods: dict[str, PodRun] = {}
        """The latest pod of each node."""
        self._log = log
        self._made = 0
        self._fresh: list[PodRun] = []

    # ------------------------------------------------------------------ what the controller asks for

    def create(self, asked: CreatePod) -> None:
        """Take note of a new pod."""
        self._made += 1
        view = PodView(asked.node_id, asked.pod_name, on_exit=asked.on_exit, uid=f"{asked.pod_name}-{self._made}")
        pod = PodRun(asked, view)
        self.pods[asked.node_id] = pod
        self.view.pods[asked.node_id] = view
        self._fresh.append(pod)
        if len(self._fresh) == 1:
            self._steps.at(0, self._start_fresh)
        self.controller.notify(asked.node_id)

    def delete(self, node_id: str, *, force: bool = False) -> bool:
        """Delete a pod, with grace where there is something to end. False: there is none."""
        pod = self.pods.get(node_id)
        if pod is None or pod.gone:
            return False
        if force or not pod.scheduled or pod.ended:
            self._remove(pod)
        elif not pod.deleting:
            pod.deleting = pod.view.deleting = True
            self.controller.notify(node_id)
            self._steps.at(0, lambda: self._shut_down(pod))
        return True

    def terminate(self, node_id: str) -> None:
        """Signal a pod's containers: SIGTERM, and SIGKILL after the grace period; a pending pod is deleted.

        Follows v4.1 workflow/controller/pod/queue.go processNextPodCleanupItem.
        """
        pod = self.pods.get(node_id)
        if pod is None or pod.gone or pod.signalled:
            return
        if pod.view.phase == "Pending":
            self.delete(node_id)
            return
        pod.signalled = pods.SIGTERM
        self._signal(pod, pods.SIGTERM)
        self.clock.after(GRACE, lambda: self._signal(pod, pods.SIGKILL))

    # ------------------------------------------------------------------ starting

    def _start_fresh(self) -> None:
        fresh, self._fresh = self._fresh, []
        if len(fresh) > 1:
            first_seen = self.controller.first_seen
            fresh.sort(key=lambda p: (first_seen(p.asked.node_id), natural(p.asked.node_name)))
        for pod in fresh:
            self._steps.at(0, partial(self._start, pod))

    def _start(self, pod: PodRun) -> None:
        """Take a new pod to Running, or to wherever its outcome leaves it."""
        asked = pod.asked
        pod.outcome, index, shown = self.outcomes.play(asked)
        outcome = pod.outcome
        self._log.append(Started(self.clock.now, asked.node_name, asked.node_id, asked.template, index, shown))
        if pod.deleting or pod.gone or outcome.pending_forever:
            return
        if outcome.unschedulable:
            pod.view.unschedulable = outcome.unschedulable
            self.controller.notify(asked.node_id)
            self._steps.wait(lambda: self._explained(pod))
            return
        pod.scheduled = True
        pod.view.host, pod.view.ip = pods.HOST, pods.IP
        pod.started_at = self.clock.now
        if outcome.start_delay:
            self._steps.at(outcome.start_delay, lambda: self._run(pod))
        elif outcome.image_pull_back_off:
            self._no_image(pod)
        elif outcome.init_error:
            self._no_init(pod)
        else:
            self._run(pod)

    def _no_image(self, pod: PodRun) -> None:
        pod.begin(ready=True)
        name = max(pod.main_names)
        for container in pod.view.containers:
            if container.name != "wait":
                container.state, container.reason = "waiting", "ImagePullBackOff"
                container.message = f'Back-off pulling image "{pods.image(pod.asked.template, name)}"'
        self.controller.notify(pod.asked.node_id)
        # the kubelet counts activeDeadlineSeconds from status.startTime: before images are pulled
        self._steps.wait(lambda: self._explained(pod), lambda: self._arm_kubelet(pod))

    def _no_init(self, pod: PodRun) -> None:
        pod.begin(ready=False)
        for container in pod.view.init:
            pods.end(container, self.clock.now, 64, "Error", pod.outcome.init_error)
        for container in pod.view.containers:
            container.state, container.reason = "waiting", "PodInitializing"
        self._close(pod, "Failed")

    def _run(self, pod: PodRun) -> None:
        if pod.gone or pod.deleting or pod.ended:
            return
        node_id = pod.asked.node_id
        pod.started = True
        pod.started_at = self.clock.now
        if pod.has_wait or pod.executor_is_main:
            self.view.results.setdefault(node_id, TaskResult())
            pod.left = True
        pod.begin(ready=not pod.outcome.not_ready)
        pod.view.phase = "Running"
        self.controller.notify(node_id)
        self._steps.wait(lambda: self._started(pod), lambda: self._go(pod))

    def _go(self, pod: PodRun) -> None:
        """Let a running pod go its way: it reports progress, meets deadlines, vanishes or ends."""
        outcome = pod.outcome
        if outcome.progress and pod.left:
            self.view.results[pod.asked.node_id].progress = outcome.progress
            self.controller.notify(pod.asked.node_id)
        self._arm_deadlines(pod)
        if outcome.run_forever or pod.daemon_by_nature():
            return
        vanishes = outcome.deleted or (outcome.delivered_twice and self.outcomes.first_delivery(pod.asked))
        after = self._vanish if vanishes else self._finish
        self._steps.at(outcome.duration or 0.0, lambda: after(pod))

    # ------------------------------------------------------------------ ending

    def _finish(self, pod: PodRun) -> None:
        """End the main containers as scripted, and then the pod."""
        if pod.ended or pod.gone or pod.deleting:
            return
        now, outcome = self.clock.now, pod.outcome
        if pod.asked.template.get("containerSet"):
            pods.end_members(pod, now)
        else:
            main = pod.container("main")
            if main.state != "terminated":
                pods.end(main, now, *pods.scripted_end(pod.asked.template, outcome, "main"))
        for name in pod.sidecars() if outcome.containers else ():
            how = (outcome.containers or {}).get(name)
            if how and how.exits and pod.container(name).state != "terminated":
                pods.end(pod.container(name), now, how.exit_code, how.reason, how.message)
        self._conclude(pod)

    def _conclude(self, pod: PodRun) -> None:
        """Let wait report when main has ended, and end the pod when all containers have.

        Sidecars are left to the controller's signals.
        """
        view, outcome = pod.view, pod.outcome
        if pods.still_open(view.containers, pod.main_names):
            self.controller.notify(pod.asked.node_id)
            return
        if not pod.reported:
            self._wait_container_ends(pod, self._report(pod, killed=False))
        if pods.still_open(view.containers):
            self.controller.notify(pod.asked.node_id)
            return
        phase: PodPhase = "Failed" if any(c.exit_code for c in view.containers) else "Succeeded"
        view.message = outcome.pod_message
        if outcome.reason == "Evicted":
            phase, view.reason = "Failed", "Evicted"
            view.message = view.message or "The node was low on resource: memory."
        self._close(pod, phase)

    def _wait_container_ends(self, pod: PodRun, error: str | None) -> None:
        now, outcome = self.clock.now, pod.outcome
        if pod.has_wait:
            wait = pod.container("wait")
            if wait.state == "terminated":
                return
            code, message = (64, error) if error else (0, "")
            if outcome.phase == "Error":
                code, message = 64, outcome.message
            if outcome.reason == "Evicted":  # killed, and so it reports nothing
                code, message = 137, ""
            pods.end(wait, now, code, "", message)
        elif error:
            for container in pod.view.containers:
                if container.name in pod.main_names and not container.exit_code:
                    pods.end(container, now, 64, "", error)

    def _report(self, pod: PodRun, *, killed: bool) -> str | None:
        """Report what main left, as the wait container does; give the wait container's error."""
        if pod.reported or not pod.left:
            return None
        pod.reported = True
        asked = pod.asked
        template = asked.template
        found, error = (None, None)
        if asked.include_result or template.get("outputs") or "archiveLocation" in template or "data" in template:
            kept = template.get("archiveLocation") or {}
            found, error = outputs.report(
                template,
                pod.outcome.outputs,
                location={k: v for k, v in kept.items() if k in outputs.LOCATIONS},
                logs_of=pod.main_names,
                include_result=asked.include_result,
                made_up=self.scenario.missing_outputs == "auto",
                killed=killed,
            )
        if pod.outcome.reason == "Evicted":
            return None  # nobody was left to report
        result = self.view.results.get(asked.node_id)
        if result is None:
            return error  # the workflow is over, and its task results are gone
        if found is not None:
            result.outputs = {**(result.outputs or {}), **found}
        result.completed = True
        return error

    def _close(self, pod: PodRun, phase: PodPhase) -> None:
        pod.ended = True
        pod.view.phase = phase
        self.controller.notify(pod.asked.node_id)
        self._steps.wait(lambda: self._over(pod))

    def _arm_deadlines(self, pod: PodRun) -> None:
        """Arm what watches a pod's time: the kubelet (activeDeadlineSeconds), the wait container (ARGO_DEADLINE)."""
        self._arm_kubelet(pod)
        moment: float | None = getattr(pod.asked, "executor_deadline", None)
        if moment is not None and pod.has_wait:
            # it leaves a file, which the emissary looks for every two seconds
            self._steps.at(
                max(moment - self.clock.now, 0.0) + 1.5, lambda: self._killed(pod, pod.main_names, pods.SIGTERM)
            )

    def _arm_kubelet(self, pod: PodRun) -> None:
        seconds, delay = pod.asked.active_deadline_seconds, self.scenario.kubelet_deadline_delay
        if seconds is not None and delay >= 0:
            left = pod.started_at + seconds - self.clock.now + delay
            self._steps.at(max(left, 0.001), lambda: self._exceeded(pod))

    def _exceeded(self, pod: PodRun) -> None:
        if pod.ended or pod.gone:
            return
        self._report(pod, killed=True)
        for container in pod.view.containers:
            if container.state != "terminated":
                pods.end(container, self.clock.now, 0 if container.name == "wait" else 143)
        pod.view.reason, pod.view.message = "DeadlineExceeded", DEADLINE_MESSAGE
        self._close(pod, "Failed")

    def _vanish(self, pod: PodRun) -> None:
        if not pod.gone:
            self._remove(pod)
            self._steps.wait(lambda: self._over(pod))

    def _remove(self, pod: PodRun) -> None:
        pod.gone = True
        node_id = pod.asked.node_id
        if self.view.pods.get(node_id) is pod.view:
            del self.view.pods[node_id]
            self.controller.notify(node_id)

    def _shut_down(self, pod: PodRun) -> None:
        """End a pod that is deleted with grace: its containers, a final phase, and then the pod itself."""
        if pod.gone:
            return
        if pod.ended:
            self._remove(pod)
            return
        for container in pod.view.containers:
            if container.state == "terminated":
                continue
            if not pod.started:
                gone = "The container could not be located when the pod was terminated"
                pods.end(container, 0.0, 137, "ContainerStatusUnknown", gone)
            else:
                pods.end(container, self.clock.now, 0 if container.name == "wait" else 143)
        if pod.started:
            self._report(pod, killed=True)
        pod.ended = True
        pod.view.phase = "Failed"
        self.controller.notify(pod.asked.node_id)
        self._steps.wait(lambda: self._over(pod), lambda: self._remove(pod))

    # ------------------------------------------------------------------ signals

    def _signal(self, pod: PodRun, signal: int) -> None:
        """Send a signal to the running containers; they act on it a little later, all together."""
        running = [c.name for c in pod.view.containers if c.state == "running"]
        if pod.gone or pod.ended or not running:
            return
        queued = bool(pod.pending)
        pod.pending.update((name, signal) for name in running)
        if not queued:
            self._steps.at(SIGNAL_DELAY, lambda: self._act_on_signals(pod))

    def _act_on_signals(self, pod: PodRun) -> None:
        pending, pod.pending = pod.pending, {}
        for signal in (pods.SIGTERM, pods.SIGKILL):
            hit = [name for name, sent in pending.items() if sent == signal]
            if hit:
                self._killed(pod, hit, signal)

    def _killed(self, pod: PodRun, names: list[str], signal: int) -> None:
        if pod.ended or pod.gone:
            return
        outcome = pod.outcome
        for name in names:
            container = pod.container(name)
            if container.state == "terminated" or name == "wait":  # wait ends by itself, when main has
                continue
            code, is_main = 143, name in pod.main_names
            if is_main and outcome.term_exit_code is not None:
                code = outcome.term_exit_code
            elif not is_main and name in (outcome.containers or {}):
                code = (outcome.containers or {})[name].exit_code
            if signal == pods.SIGKILL:
                code = 137
            elif outcome.ignore_term:
                continue
            pods.end(container, self.clock.now, code)
        self._conclude(pod)

    # ------------------------------------------------------------------ what the controller has recorded

    def _started(self, pod: PodRun) -> bool:
        phase = self.controller.phase(pod.asked.node_id)
        return phase in (None, "Running") or phase in COMPLETED or (pod.asked.daemon and pod.outcome.not_ready)

    def _explained(self, pod: PodRun) -> bool:
        phase = self.controller.phase(pod.asked.node_id)
        return phase is None or phase in COMPLETED or bool(self.controller.message(pod.asked.node_id))

    def _over(self, pod: PodRun) -> bool:
        return over(self.controller, pod.asked.node_id)


def over(controller: Controller, node_id: str) -> bool:
    """Say whether the controller has recorded the end of a node, or of the workflow."""
    phase = controller.phase(node_id)
    return phase is None or phase in COMPLETED or controller.ended()
