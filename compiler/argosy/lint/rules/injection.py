"""Values from outside that become part of code: they can break out of the text that they are put in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Edit, Fix, Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.shell import Code, code, quoting
from argosy.lint.taint import Sources, sources, tags_of


def _severity(found: Sources) -> Severity | None:
    """Advice only, where the value is what a step of the same workflow gave."""
    own = all(name.startswith(("steps.", "tasks.", "item", "workflow.outputs.")) for name in found)
    return Severity.INFO if own else None


def _origin(found: Sources) -> str:
    names = sorted(found)
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


@rule(Severity.WARNING, over=code)
def tag_in_shell_code(one: Code, context: Context) -> Iterator[Problem]:
    """A value from outside is pasted into a shell script, where it can break out of its quotes and run as code.

    Argo puts values into the script as text before any shell sees it, so no quoting helps: a branch name with a quote
    sign ends the script, or does what its author wants. Values that the manifest itself fixes are fine. Pass the
    value as an environment variable, which the shell never reads as code (`argosy lint --fix --unsafe-fixes` does
    so).

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: branch, value: main}]}
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [sh, -c]
                args: ['git checkout "{{workflow.parameters.branch}}"']  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: branch, value: main}]}
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [sh, -c]
                args: ['git checkout "$BRANCH"']
                env: [{name: BRANCH, value: '{{workflow.parameters.branch}}'}]
    """
    if one.language != "shell":
        return
    seen: set[str] = set()
    for tag in tags_of(one.text):
        if tag.content in seen or quoting(one.text, tag.start) == "comment":
            continue
        found = sources(tag, one.holder.inside, context)
        if found:
            seen.add(tag.content)
            yield Problem(
                f"{{{{{tag.content}}}}} brings {_origin(found)} into a shell script, which can break out of it",
                one.address,
                "pass it as an environment variable",
                chars=(tag.start, tag.end),
                severity=_severity(found),
                fix=_by_environment(one, tag.content),
            )


_PUT = {"none": '"${%s}"', "double": "${%s}", "single": "'\"${%s}\"'"}


def _by_environment(one: Code, content: str) -> Fix | None:
    """Replace a tag by an environment variable; None where the quoting is too hard to tell."""
    environment = one.holder.container.env
    value = f"{{{{{content}}}}}"
    name = next((known.name for known in environment if known.value == value), None)
    taken = {known.name for known in environment}
    chosen = name or _variable_name(content, taken)
    text, at = one.text, 0
    while (at := text.find(value, at)) >= 0:
        put = _PUT.get(quoting(text, at))
        if put is None:
            return None
        text = text[:at] + put % chosen + text[at + len(value) :]
        at += len(put % chosen)
    edits = [Edit("set", one.address, text)]
    entry = {"name": chosen, "value": value}
    if name is None and environment:
        edits.append(Edit("insert", one.holder.at("env", len(environment)), entry))
    elif name is None:
        edits.append(Edit("set", one.holder.at("env"), [entry]))
    return Fix(f"pass it as the environment variable {chosen}", tuple(edits), safe=False)


def _variable_name(content: str, taken: set[str]) -> str:
    words = re.findall(r"[A-Za-z][A-Za-z0-9_]*", content.replace("-", "_"))
    name = (words[-1] if words else "value").upper()
    if name in ("PATH", "HOME", "USER", "PWD", "IFS", "SHELL", "RESULT", "JSON"):
        name = "_".join(words[-3:]).upper() if len(words) > 1 else f"ARGO_{name}"
    while name in taken:
        name += "_"
    return name


@rule(Severity.WARNING, over=code)
def tag_in_program_code(one: Code, context: Context) -> Iterator[Problem]:
    """A value from outside is pasted into Python or JavaScript source, where it can break out of its string.

    Argo puts values into the source as text before the interpreter sees it: a quote sign, a backslash or a newline in
    the value is a syntax error, or code. Pass the value as an environment variable and read it there
    (`os.environ["NAME"]`, `process.env.NAME`), or let Argo write a literal: `{{=toJson(inputs.parameters.name)}}`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: report-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: title, value: Weekly}]}
          templates:
            - name: main
              script:
                image: python:3.12-alpine
                command: [python]
                source: print("{{workflow.parameters.title}}")  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: report-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: title, value: Weekly}]}
          templates:
            - name: main
              script:
                image: python:3.12-alpine
                command: [python]
                source: |
                  import os
                  print(os.environ["TITLE"])
                env: [{name: TITLE, value: '{{workflow.parameters.title}}'}]
    """
    if one.language not in ("python", "node"):
        return
    seen: set[str] = set()
    for tag in tags_of(one.text):
        found = sources(tag, one.holder.inside, context)
        if found and tag.content not in seen:
            seen.add(tag.content)
            yield Problem(
                f"{{{{{tag.content}}}}} brings {_origin(found)} into {one.language} source, which can break out of it",
                one.address,
                "pass it as an environment variable",
                chars=(tag.start, tag.end),
                severity=_severity(found),
            )


@rule(Severity.WARNING, over=tables.templates)
def tag_in_json_body(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """A request's JSON body is put together as text, and a value from outside can break it.

    A quote sign, a backslash or a newline in the value makes the body invalid, so the notification is lost just when
    the message is unusual: `{{workflow.failures}}` always has quote signs. Let Argo write JSON:
    `{{=toJson(inputs.parameters.message)}}`, without quotes around it.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: notify-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: message, value: hello}]}
          templates:
            - name: main
              http:
                url: https://hooks.example.com/notify
                method: POST
                body: '{"text": "{{workflow.parameters.message}}"}'  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: notify-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: message, value: hello}]}
          templates:
            - name: main
              http:
                url: https://hooks.example.com/notify
                method: POST
                body: '{"text": {{=toJson(workflow.parameters.message)}}}'
    """
    http = one.template.http
    if http is None or not re.match(r"\s*[{\[]\s*[\"{\[]", http.body):
        return
    for tag in tags_of(http.body):
        quoted = http.body[: tag.start].count('"') - http.body[: tag.start].count('\\"')
        found = sources(tag, one, context)
        if found and quoted % 2:
            yield Problem(
                f"{{{{{tag.content}}}}} brings {_origin(found)} into JSON as text, which a quote sign breaks",
                one.at("http", "body"),
                "let Argo write it as JSON: {{=toJson(...)}} without quotes around it",
                chars=(tag.start, tag.end),
                severity=_severity(found),
            )


@rule(Severity.WARNING, over=tables.templates)
def tag_in_kubernetes_manifest(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """A value from outside becomes part of a Kubernetes manifest or of a pod's spec, as text.

    A newline in the value adds fields of its own: another image, a service account, a host path. Fix the value to a
    list of choices (`enum`), or quote it as JSON: `{{=toJson(workflow.parameters.name)}}`. In `podSpecPatch`, which is
    made for such values, this is advice.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: claim-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: owner, value: team-a}]}
          templates:
            - name: main
              resource:
                action: create
                manifest: |
                  apiVersion: v1
                  kind: ConfigMap
                  metadata:
                    generateName: claim-
                  data:
                    owner: {{workflow.parameters.owner}}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: claim-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: owner, value: team-a, enum: [team-a, team-b]}]}
          templates:
            - name: main
              resource:
                action: create
                manifest: |
                  apiVersion: v1
                  kind: ConfigMap
                  metadata:
                    generateName: claim-
                  data:
                    owner: {{workflow.parameters.owner}}
    """
    texts = [(one.template.pod_spec_patch, one.at("podSpecPatch"))]
    if one.template.resource is not None:
        texts.append((one.template.resource.manifest, one.at("resource", "manifest")))
    for text, address in texts:
        seen: set[str] = set()
        for tag in tags_of(text):
            found = sources(tag, one, context)
            if found and tag.content not in seen:
                seen.add(tag.content)
                yield Problem(
                    f"{{{{{tag.content}}}}} brings {_origin(found)} into a Kubernetes manifest as text",
                    address,
                    "allow only listed values (enum), or write it as JSON: {{=toJson(...)}}",
                    chars=(tag.start, tag.end),
                    severity=Severity.INFO if address[-1] == "podSpecPatch" else _severity(found),
                )
