"""Exit handlers that wait, call themselves, or are not carried along."""

from __future__ import annotations

from collections.abc import Iterator

from argosy import model
from argosy.lint import tables
from argosy.lint.circles import circles, conditional
from argosy.lint.context import Context, Target, table
from argosy.lint.finding import Related, Severity
from argosy.lint.reach import entrypoint_templates, handler_templates, workflow_handlers
from argosy.lint.rule import Problem, rule
from argosy.source import Address


@table
def handlers_here(context: Context) -> Iterator[tables.TemplateAt]:
    """Give the templates of this document that run as part of an exit handler."""
    ids = handler_templates(context)[0]
    if ids:
        yield from (one for one in tables.templates(context) if id(one.template) in ids)


@rule(Severity.WARNING, over=handlers_here)
def suspend_in_exit_handler(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """An exit handler waits for somebody to resume it.

    Until then the workflow is Running, keeps its locks, and a CronWorkflow that forbids overlap starts no other. Give
    the suspension a `duration`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: wait
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: wait
              suspend: {}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: wait
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: wait
              suspend: {duration: 10m}
    """
    if one.template.suspend is not None and not one.template.suspend.duration:
        yield Problem(
            f"the exit handler waits in {one.name!r} until somebody resumes it", one.at("suspend"), "give it a duration"
        )


@rule(Severity.WARNING, over=handlers_here)
def lock_in_exit_handler(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """An exit handler needs a lock, and waits for as long as another workflow has it.

    A handler that must run should not queue behind work. If it needs the lock of the step that it cleans up after,
    put the lock on the workflow, which holds it to the end of its handler.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: clean-up
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: clean-up
              synchronization:  # here
                mutexes: [{name: disk}]
              container: {image: "alpine:3.20", command: [make, clean]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: clean-up
          synchronization:
            mutexes: [{name: disk}]
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: clean-up
              container: {image: "alpine:3.20", command: [make, clean]}
    """
    if one.template.synchronization is not None:
        yield Problem(f"the exit handler waits for a lock in {one.name!r}", one.at("synchronization"), part="key")


@rule(Severity.WARNING, over=handlers_here)
def daemon_in_exit_handler(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """A template that an exit handler runs is a daemon: Argo goes on once it is ready, and stops it.

    What a daemon does as an exit handler is cut off as soon as the handler's other steps end.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: clean-up
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: clean-up
              daemon: true  # here
              container: {image: "alpine:3.20", command: [make, clean]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: clean-up
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: clean-up
              container: {image: "alpine:3.20", command: [make, clean]}
    """
    if one.template.daemon:
        yield Problem(f"{one.name!r} is a daemon, which the exit handler does not wait for", one.at("daemon"))


@rule(Severity.WARNING, over=tables.hooks)
def exit_handler_is_entrypoint(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """The workflow's exit handler is its entrypoint: all the work is done twice.

    Argo's linter passes it. Most often a name was mixed up; a handler cleans up or tells.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: main  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: clean-up
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: clean-up
              container: {image: "alpine:3.20", command: [make, clean]}
    """
    local = hook.hook.template_ref is None and hook.hook.template
    if hook.level == "workflow" and hook.is_exit and local and local == context.spec.entrypoint:
        yield Problem(f"{local!r} is the entrypoint, too: all its work is done twice", hook.template_address)


@rule(Severity.ERROR, over=tables.calls)
def recursion_without_end(one: tables.CallAt, context: Context) -> Iterator[Problem]:
    """A template calls itself, and nothing on the way says when to stop.

    Argo's linter passes templates that call each other in a circle. At run time they make nodes until the recursion
    limit of 100 ends the workflow in Error, or the cluster is full. One of the calls needs a `when` that becomes
    false.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: poll-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - {name: try, template: try}
                - - name: again  # here
                    template: main
            - name: try
              container: {image: "alpine:3.20", command: [poll]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: poll-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - {name: try, template: try}
                - - name: again
                    template: main
                    when: "{{steps.try.outputs.result}} != done"
            - name: try
              script: {image: "alpine:3.20", command: [sh], source: poll}
    """
    if conditional(one.call):
        return
    target = context.resolve(one.call)
    if target is None or target == "undefined" or target.owner.manifest is not context.manifest:
        return
    if _comes_back(target, one.inside.template, context):
        name = one.inside.name
        yield Problem(
            f"{name!r} calls itself through the {one.kind} {one.name!r}, and nothing says when to stop",
            one.at("name"),
            "give one of the calls a `when`",
        )


def _comes_back(start: Target, to: model.Template, context: Context) -> bool:
    """Whether calls without a condition lead from a template to another, which calls it without a condition, too."""
    if not start.template.steps and start.template.dag is None:
        return False  # it calls nothing
    numbers = circles(context)[0]
    return start.template is to or numbers.get(id(start.template), -1) == numbers.get(id(to), -2)


@rule(Severity.WARNING, over=tables.calls)
def exit_handler_not_carried(one: tables.CallAt, context: Context) -> Iterator[Problem]:
    """A step or task refers to a template of a WorkflowTemplate that has an exit handler, which does not come along.

    `templateRef` takes the template alone; `onExit` and `hooks` belong to the workflow that is submitted. Give the
    step a `hooks.exit`, or run the whole with `workflowTemplateRef`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowTemplate
        metadata: {name: deploy}
        spec:
          entrypoint: deploy
          onExit: roll-back
          templates:
            - name: deploy
              container: {image: "alpine:3.20", command: [deploy]}
            - name: roll-back
              container: {image: "alpine:3.20", command: [roll-back]}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: release-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: deploy
                    templateRef: {name: deploy, template: deploy}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowTemplate
        metadata: {name: deploy}
        spec:
          entrypoint: deploy
          onExit: roll-back
          templates:
            - name: deploy
              container: {image: "alpine:3.20", command: [deploy]}
            - name: roll-back
              container: {image: "alpine:3.20", command: [roll-back]}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: release-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: deploy
                    templateRef: {name: deploy, template: deploy}
                    hooks:
                      exit:
                        templateRef: {name: deploy, template: roll-back}
    """
    reference = one.call.template_ref
    if reference is None or one.call.on_exit or "exit" in one.call.hooks:
        return
    target = context.resolve(one.call)
    if target is None or target == "undefined":
        return
    spec = target.owner.spec
    handler = spec.on_exit or ("hooks.exit" if "exit" in spec.hooks else "")
    if handler and reference.template == spec.entrypoint and target.owner.manifest is not context.manifest:
        note = "its exit handler"
        address: Address = (*target.owner.spec_address, "onExit" if spec.on_exit else "hooks")
        yield Problem(
            f"the exit handler of {reference.name!r} does not run for the {one.kind} {one.name!r}",
            one.at("templateRef"),
            "give it a hooks.exit of its own, or submit the template with workflowTemplateRef",
            related=(Related(address, note, target.owner.manifest),),
        )


@rule(Severity.INFO, over=tables.specs, on_by_default=False)
def exit_handler_missing(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """A workflow that makes Kubernetes objects has no exit handler to take them away.

    What a `resource` template creates stays when a later step fails, unless it has the workflow as its owner
    (`setOwnerReference`). An exit handler runs in any case.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: test-}
        spec:
          entrypoint: main  # here
          templates:
            - name: main
              resource:
                action: create
                manifest: |
                  apiVersion: v1
                  kind: ConfigMap
                  metadata: {generateName: settings-}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: test-}
        spec:
          entrypoint: main
          templates:
            - name: main
              resource:
                action: create
                setOwnerReference: true
                manifest: |
                  apiVersion: v1
                  kind: ConfigMap
                  metadata: {generateName: settings-}
    """
    if spec.on_exit or "exit" in spec.hooks or not spec.entrypoint:
        return
    for one in entrypoint_templates(context):
        resource = one.template.resource
        if resource is not None and resource.action in ("create", "apply") and not resource.set_owner_reference:
            yield Problem(
                f"what {one.template.name!r} creates stays when the workflow fails: it has no exit handler",
                (*context.spec_address, "entrypoint"),
            )


@rule(Severity.WARNING, over=workflow_handlers)
def exit_handler_works_once(one: Target, context: Context) -> Iterator[Problem]:
    """An exit handler creates a Kubernetes object of a fixed name, so it works only once.

    Handlers may run more than once: `argo retry` runs them again, and a controller that restarts may, too. `create`
    then fails with "already exists". Use `apply`, or `generateName`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: report
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: report
              resource:
                action: create  # here
                manifest: |
                  apiVersion: v1
                  kind: ConfigMap
                  metadata: {name: report}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: report
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: report
              resource:
                action: apply
                manifest: |
                  apiVersion: v1
                  kind: ConfigMap
                  metadata: {name: report}
    """
    resource = one.template.resource
    if resource is None or resource.action != "create" or one.owner.manifest is not context.manifest:
        return
    fixed = "generateName" not in resource.manifest and "{{" not in resource.manifest and resource.manifest
    if fixed:
        yield Problem(
            f"{one.template.name!r} creates an object of a fixed name, which fails when the handler runs again",
            (*one.address, "resource", "action"),
            "use apply, or generateName",
        )
