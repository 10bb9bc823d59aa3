"""Artifacts of templates: their paths and where they are stored."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from msgspec import Struct

from argosy.lint.context import Context, table
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.model.artifact import Artifact, ArtifactLocation, HDFSArtifact
from argosy.scope import Place
from argosy.source import Address
from argosy.variables import LEAF_KINDS


class ArtifactAt(Struct, eq=False):
    """An artifact that a template takes in or gives out."""

    artifact: Artifact
    place: Place
    is_input: bool
    is_leaf: bool
    """The template runs something, rather than calling other templates."""

    @property
    def what(self) -> str:
        """The artifact, for messages."""
        return f"the {'input' if self.is_input else 'output'} artifact {self.artifact.name!r}"


@table
def template_artifacts(context: Context) -> Iterator[ArtifactAt]:
    """Give every artifact of every template that Argo's linter sees: inputs as written, outputs as filled in."""
    for arrival in context.walk.arrivals:
        leaf = arrival.kind in LEAF_KINDS
        for n, one in enumerate(arrival.template.inputs.artifacts):
            yield ArtifactAt(one, arrival.place.at("inputs", "artifacts", n), True, leaf)
    for visit in context.walk.visits:
        leaf = visit.kind in LEAF_KINDS
        for n, one in enumerate(visit.template.outputs.artifacts):
            yield ArtifactAt(one, visit.place.at("outputs", "artifacts", n), False, leaf)


@rule(Severity.ERROR, over=template_artifacts, verdict=True)
def artifact_path_missing(found: ArtifactAt, context: Context) -> Iterator[Problem]:
    """An artifact of a container, script or another template that runs something has no `path`.

    Without a path Argo does not know which file is meant, and refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
              outputs:
                artifacts:
                  - name: result  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
              outputs:
                artifacts:
                  - name: result
                    path: /tmp/result
    """
    if found.is_leaf and not found.artifact.path:
        yield Problem(f"{found.what} has no path", **context.place(found.place), rejected=True)


@rule(Severity.ERROR, over=template_artifacts, verdict=True)
def artifact_path_escapes(found: ArtifactAt, context: Context) -> Iterator[Problem]:
    """The path of an artifact leaves its directory by way of `..`.

    Argo refuses such paths, because a value put into one could then reach any file.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
              outputs:
                artifacts:
                  - name: result
                    path: /tmp/out/../../etc/passwd  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
              outputs:
                artifacts:
                  - name: result
                    path: /tmp/out/passwd
    """
    path = found.artifact.path
    if found.is_leaf and _escapes(path):
        where = context.place(found.place, "path")
        yield Problem(f"the path of {found.what} leaves its directory: {path!r}", **where, rejected=True)


def _escapes(path: str) -> bool:
    """Whether Argo refuses a path (``Artifact.CleanPath``): what stands before the first ``..`` must stay its
    beginning."""
    before, found, _ = path.partition("/../")
    if not found:
        if len(path) < 3 or path[-3] != "/":
            return False
        before = path[:-3]  # Argo's pattern is a slash and any two characters at the end
    if not before:
        return False
    cleaned = posixpath.normpath(path.replace("//", "/") if path.startswith("//") else path)
    return not cleaned.startswith(before + "/") or len(cleaned) <= len(before) + 1


@rule(Severity.ERROR, over=template_artifacts, verdict=True)
def artifact_path_without_pod(found: ArtifactAt, context: Context) -> Iterator[Problem]:
    """An artifact of a steps, DAG or suspend template has a `path`.

    Such a template has no pod, so no files: its artifacts come `from` its steps or tasks. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps: [[{name: build, template: build}]]
              outputs:
                artifacts:
                  - name: result
                    path: /tmp/result  # here
            - name: build
              container: {image: "alpine:3.20", command: [make]}
              outputs: {artifacts: [{name: result, path: /tmp/result}]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps: [[{name: build, template: build}]]
              outputs:
                artifacts:
                  - name: result
                    from: "{{steps.build.outputs.artifacts.result}}"
            - name: build
              container: {image: "alpine:3.20", command: [make]}
              outputs: {artifacts: [{name: result, path: /tmp/result}]}
    """
    if not found.is_leaf and found.artifact.path:
        where = context.place(found.place, "path")
        yield Problem(f"{found.what} has a path, and its template no pod", **where, part="key", rejected=True)


@rule(Severity.ERROR, over=template_artifacts, verdict=True)
def input_artifact_from(found: ArtifactAt, context: Context) -> Iterator[Problem]:
    """An input artifact of a template says `from`.

    Where an input comes from is said by whoever calls the template, in its `arguments`. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              inputs:
                artifacts:
                  - name: source
                    path: /src
                    from: "{{inputs.artifacts.source}}"  # here
                    optional: true
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              inputs: {artifacts: [{name: source, path: /src, optional: true}]}
              container: {image: "alpine:3.20", command: [make]}
    """
    if found.is_input and found.artifact.from_:
        where = context.place(found.place, "from")
        hint = "say it in the arguments of the step or task that calls the template"
        yield Problem(
            f"{found.what} says from, which only arguments may", **where, hint=hint, part="key", rejected=True
        )


class LocationAt(Struct, eq=False):
    """Where an artifact is stored."""

    location: Artifact | ArtifactLocation
    place: Place
    what: str


@table
def locations(context: Context) -> Iterator[LocationAt]:
    """Give the locations that Argo's linter looks at: of input artifacts, and ``archiveLocation``."""
    for found in template_artifacts(context):
        if found.is_input:
            yield LocationAt(found.artifact, found.place, found.what)
    for visit in context.walk.visits:
        if visit.template.archive_location is not None:
            yield LocationAt(visit.template.archive_location, visit.place.at("archiveLocation"), "archiveLocation")


@rule(Severity.ERROR, over=locations, verdict=True)
def artifact_location_incomplete(found: LocationAt, context: Context) -> Iterator[Problem]:
    """The location of an artifact in git or HDFS lacks what it cannot do without.

    git needs `repo`. HDFS needs `addresses`, an absolute `path`, and a user or Kerberos credentials with all that
    they need. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              inputs:
                artifacts:
                  - name: source
                    path: /src
                    git: {repo: "", revision: main}  # here
                    optional: true
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              inputs:
                artifacts:
                  - name: source
                    path: /src
                    git: {repo: "https://github.com/argoproj/argo-workflows.git", revision: main}
              container: {image: "alpine:3.20", command: [make]}
    """
    git, hdfs = found.location.git, found.location.hdfs
    if git is not None and not git.repo:
        yield Problem(
            f"the git location of {found.what} has no repo", **context.place(found.place, "git"), rejected=True
        )
    for field, message in _hdfs_faults(hdfs) if hdfs is not None else ():
        yield Problem(
            f"the HDFS location of {found.what} {message}", **context.place(found.place, *field), rejected=True
        )


def _hdfs_faults(hdfs: HDFSArtifact) -> Iterator[tuple[Address, str]]:
    at: Address = ("hdfs",)
    if not hdfs.addresses:
        yield at, "has no addresses"
    if not hdfs.path:
        yield at, "has no path"
    elif not hdfs.path.startswith("/"):
        yield (*at, "path"), f"has a path that is not absolute: {hdfs.path!r}"
    cache, keytab = hdfs.krb_c_cache_secret is not None, hdfs.krb_keytab_secret is not None
    if not hdfs.hdfs_user and not cache and not keytab:
        yield at, "has none of hdfsUser, krbCCacheSecret and krbKeytabSecret"
    wanted = {
        "krbServicePrincipalName": hdfs.krb_service_principal_name,
        "krbConfigConfigMap": hdfs.krb_config_config_map,
    }
    if keytab:
        wanted |= {"krbUsername": hdfs.krb_username, "krbRealm": hdfs.krb_realm}
    missing = [name for name, value in wanted.items() if not value and value != {}]
    if (cache or keytab) and missing:
        yield at, f"has Kerberos credentials, but no {', '.join(missing)}"
