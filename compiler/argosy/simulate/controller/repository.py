"""Which artifact repository a workflow uses (v4.1 workflow/artifactrepositories/artifactrepositories.go Resolve)."""

from __future__ import annotations

from argosy.simulate.controller.state import Obj, State

_DEFAULT_NAME = "artifact-repositories"
_DEFAULT_KEY = "workflows.argoproj.io/default-artifact-repository"


def resolve(state: State) -> tuple[Obj, str]:
    """Give the repository, and why there is none: the one the workflow refers to, or the default one."""
    reference = state.spec.get("artifactRepositoryRef")
    name = (reference or {}).get("configMap") or _DEFAULT_NAME
    found = state.cluster.get("ConfigMap", state.namespace, name)
    if found is not None:
        annotations = (found.get("metadata") or {}).get("annotations") or {}
        key = (reference or {}).get("key") or annotations.get(_DEFAULT_KEY) or ""
        text = (found.get("data") or {}).get(key)
        if text is not None:
            return _read(str(text)), ""
    if reference is not None:
        shown = f"{reference.get('configMap') or ''}#{reference.get('key') or ''}"
        return {}, f'failed to find any artifact repository for artifact repository ref "{shown}"'
    return state.settings.artifact_repository or {"s3": {}}, ""


def _read(text: str) -> Obj:
    from argosy.yaml.read import read

    documents = read(text, "artifact repository")
    data = documents[0].data if documents else None
    return data if isinstance(data, dict) else {}
