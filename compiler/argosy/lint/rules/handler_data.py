"""What exit handlers take in that may be missing, be another's, or be too long."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from argosy import model
from argosy.lint import tables
from argosy.lint.context import Context, Target, table
from argosy.lint.finding import Severity
from argosy.lint.reach import entrypoint_templates, workflow_handlers
from argosy.lint.rule import Problem, rule
from argosy.lint.rules.exit_behaviour import handlers_here
from argosy.lint.rules.handler_timing import items
from argosy.lint.rules.hooks_arguments import takes_workflow_arguments
from argosy.lint.volumes import names_of
from argosy.model.artifact import Artifact
from argosy.source import Address

MANY_FAILURES = 300
"""So many failures, of some 400 bytes each, are about as much as Linux takes as one argument (128 KiB)."""


class Taken(Struct, eq=False):
    """An artifact that a handler is given."""

    artifact: Artifact
    address: Address
    unless: str
    """When it is not there, in words."""


@table
def taken(context: Context) -> Iterator[Taken]:
    """Give the artifacts that exit handlers take from steps that may have failed before they made them."""
    for hook in tables.hooks(context):
        if hook.holder is None or not hook.is_exit or "Succeeded" in hook.hook.expression:
            continue
        own = f"{'steps' if hook.level == 'step' else 'tasks'}.{hook.holder.name}.outputs.artifacts."
        for n, artifact in enumerate(hook.hook.arguments.artifacts):
            if own in artifact.from_:
                yield Taken(
                    artifact,
                    hook.at("arguments", "artifacts", n),
                    f"{hook.holder.name!r} fails before it makes the artifact",
                )
    handlers = {id(one.template) for one in workflow_handlers(context)}
    for call in tables.calls(context) if handlers else ():
        if id(call.inside.template) in handlers:
            for n, artifact in enumerate(call.call.arguments.artifacts):
                if "workflow.outputs.artifacts." in artifact.from_:
                    yield Taken(artifact, call.at("arguments", "artifacts", n), "nothing has made the artifact")


@rule(Severity.WARNING, over=taken)
def handler_artifact_may_be_missing(one: Taken, context: Context) -> Iterator[Problem]:
    """An exit handler takes an artifact that a step which failed may not have made.

    Argo then cannot resolve it, and the handler does not run, in the very case that it is there for: of a step, the
    workflow ends in Error; of a DAG task, nobody says so. Write `optional: true` at the argument and at the input of
    the template.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: test-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: test
                    template: test
                    hooks:
                      exit:
                        template: report
                        arguments:
                          artifacts:
                            - name: log
                              from: "{{steps.test.outputs.artifacts.log}}"  # here
            - name: test
              container: {image: "alpine:3.20", command: [make, test]}
              outputs: {artifacts: [{name: log, path: /tmp/log}]}
            - name: report
              inputs: {artifacts: [{name: log, path: /tmp/log}]}
              container: {image: "alpine:3.20", command: [report, /tmp/log]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: test-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: test
                    template: test
                    hooks:
                      exit:
                        template: report
                        arguments:
                          artifacts:
                            - name: log
                              from: "{{steps.test.outputs.artifacts.log}}"
                              optional: true
            - name: test
              container: {image: "alpine:3.20", command: [make, test]}
              outputs: {artifacts: [{name: log, path: /tmp/log}]}
            - name: report
              inputs: {artifacts: [{name: log, path: /tmp/log, optional: true}]}
              container: {image: "alpine:3.20", command: [report, /tmp/log]}
    """
    if not one.artifact.optional:
        yield Problem(
            f"if {one.unless}, the handler does not run",
            (*one.address, "from"),
            "write optional: true, here and at the template's input",
        )


@rule(Severity.INFO, over=tables.hooks)
def handler_input_overridden(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """An exit handler's input has a value of its own, and the workflow has an argument of the same name, which wins.

    What `onExit` names, and an exit hook without arguments, gets all arguments of the workflow, by name. Two that are
    named alike by chance are mixed up. Pass arguments to the hook, or give one of them another name.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: test-}
        spec:
          entrypoint: main
          onExit: notify  # here
          arguments: {parameters: [{name: target, value: staging}]}
          templates:
            - name: main
              inputs: {parameters: [{name: target}]}
              container: {image: "alpine:3.20", command: [make, "{{inputs.parameters.target}}"]}
            - name: notify
              inputs: {parameters: [{name: target, value: "#team"}]}
              container: {image: "alpine:3.20", command: [notify, "{{inputs.parameters.target}}"]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: test-}
        spec:
          entrypoint: main
          onExit: notify
          arguments: {parameters: [{name: target, value: staging}]}
          templates:
            - name: main
              inputs: {parameters: [{name: target}]}
              container: {image: "alpine:3.20", command: [make, "{{inputs.parameters.target}}"]}
            - name: notify
              inputs: {parameters: [{name: channel, value: "#team"}]}
              container: {image: "alpine:3.20", command: [notify, "{{inputs.parameters.channel}}"]}
    """
    target = context.resolve(hook.hook)
    if not isinstance(target, Target) or not takes_workflow_arguments(hook):
        return
    given = {one.name: one.value for one in context.spec.arguments.parameters}
    for parameter in target.template.inputs.parameters:
        own = parameter.value if parameter.value is not None else parameter.default
        if own is not None and parameter.name in given and given[parameter.name] != own:
            yield Problem(
                f"the input {parameter.name!r} of {target.template.name!r} gets the workflow's argument of that name, "
                f"not {own!r}",
                hook.template_address,
            )


@rule(Severity.INFO, over=tables.specs)
def handler_waits_for_claim(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """An exit handler mounts a volume that the workflow claims, and waits for it as the work does.

    If the claim cannot be bound, or its volume cannot be attached, that is why the work failed, and it is why the
    handler's pod does not start either: no deadline of the workflow applies to it. A handler that tells or cleans up
    does best without; give it a timeout if it needs the files.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: notify
          volumeClaimTemplates:
            - metadata: {name: work}
              spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make], volumeMounts: [{name: work, mountPath: /work}]}
            - name: notify
              container:
                image: "alpine:3.20"
                command: [notify]
                volumeMounts: [{name: work, mountPath: /work}]  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: notify
          volumeClaimTemplates:
            - metadata: {name: work}
              spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make], volumeMounts: [{name: work, mountPath: /work}]}
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}
    """
    claims = set(names_of(spec.volume_claim_templates))
    handlers = {id(one.template) for one in workflow_handlers(context)} if claims else set()
    for one in tables.containers(context) if handlers else ():
        template = one.inside.template
        if id(template) not in handlers or template.timeout or template.active_deadline_seconds:
            continue
        for n, name in enumerate(names_of(one.container.volume_mounts)):
            if name and name in claims:
                yield Problem(
                    f"the exit handler's {template.name!r} starts only when the claim {name!r} can be mounted",
                    one.at("volumeMounts", n, "name"),
                    "do without the volume, or give it a timeout",
                )


@rule(Severity.ERROR, over=handlers_here)
def failures_are_no_list(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """`workflow.failures` is used as a list of JSON, which it is not: it is a JSON text that holds one.

    Its value begins and ends with a quote: `"[{\\"displayName\\": ...}]"`, and it is `"null"`, with quotes, when
    nothing failed. A `withParam` of it ends the handler in Error. In `jq`, `fromjson` takes the outer layer away.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: after
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: after
              steps:
                - - name: tell
                    template: tell
                    withParam: "{{workflow.failures}}"  # here
                    arguments: {parameters: [{name: name, value: "{{item.displayName}}"}]}
            - name: tell
              inputs: {parameters: [{name: name}]}
              container: {image: "alpine:3.20", command: [tell, "{{inputs.parameters.name}}"]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: after
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: after
              steps:
                - - name: tell
                    template: tell
                    withParam: "{{=fromJSON(workflow.failures)}}"
                    arguments: {parameters: [{name: name, value: "{{item.displayName}}"}]}
            - name: tell
              inputs: {parameters: [{name: name}]}
              container: {image: "alpine:3.20", command: [tell, "{{inputs.parameters.name}}"]}
    """
    for call in tables.calls(context):
        text = call.call.with_param
        if call.inside is one and re.fullmatch(r"\s*{{=?\s*workflow\.failures\s*}}\s*", text):
            yield Problem(
                f"the {call.kind} {call.name!r} cannot loop over workflow.failures: it is a text, not a list",
                call.at("withParam"),
                "decode it once: {{=fromJSON(workflow.failures)}}",
            )
    body = one.template.script
    if body is not None and "workflow.failures" in body.source and "fromjson" not in body.source:
        found = re.search(r"\bjq\b", body.source)
        if found:
            yield Problem(
                "jq gets a text here, not a list: workflow.failures is encoded twice",
                one.at("script", "source"),
                "put fromjson before the rest of the filter",
                chars=found.span(),
                severity=Severity.WARNING,
            )


@rule(Severity.WARNING, over=handlers_here)
def failures_may_be_too_long(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """`workflow.failures` becomes an argument of a container, and the workflow has a loop that can fail many times.

    Linux takes no argument and no environment variable of more than 128 KiB, which is some 300 failures: the handler's
    pod then fails to start ("argument list too long"). Hand them over as a raw artifact.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: report
          templates:
            - name: main
              steps:
                - - {name: build, template: build, withSequence: {count: 1000}}
            - name: build
              container: {image: "alpine:3.20", command: [make]}
            - name: report
              container:
                image: "alpine:3.20"
                command: [report]
                args: ["{{workflow.failures}}"]  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: report
          templates:
            - name: main
              steps:
                - - {name: build, template: build, withSequence: {count: 1000}}
            - name: build
              container: {image: "alpine:3.20", command: [make]}
            - name: report
              inputs:
                artifacts: [{name: failures, path: /tmp/failures, raw: {data: "{{workflow.failures}}"}}]
              container:
                image: "alpine:3.20"
                command: [report, /tmp/failures]
    """
    container = one.template.container or one.template.script
    if container is None:
        return
    texts = [
        (text, one.at("container" if one.template.container else "script", "args", n))
        for n, text in enumerate(container.args)
    ]
    texts += [
        (text, one.at("container" if one.template.container else "script", "command", n))
        for n, text in enumerate(container.command)
    ]
    for text, address in texts:
        if "workflow.failures" in text and "{{" in text and _fails_often(context):
            yield Problem("the failures of a long loop are too long for an argument", address, "use a raw artifact")


def _fails_often(context: Context) -> bool:
    work = {id(one.template) for one in entrypoint_templates(context)}
    for call in tables.calls(context):
        if call.has_loop and id(call.inside.template) in work and (items(call) or 0) >= MANY_FAILURES:
            return True
    return False
