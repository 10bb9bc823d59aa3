"""The set of manifests: found by kind, name and namespace; references to templates resolved as Argo does offline.

Source: Argo v4.1 ``pkg/apiclient/offline-client.go``, ``workflow/templateresolution/context.go``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, field

from argosy import model
from argosy.errors import ReadError
from argosy.source import Address, Manifest, at

if TYPE_CHECKING:
    from pathlib import Path

Scope = Literal["local", "namespaced", "cluster"]
LINTED_KINDS = ("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow")
"""The kinds that Argo's linter looks into."""
SUFFIXES = (".yaml", ".yml", ".json")
"""What Argo takes for manifests when it walks a folder (``util/file.WalkManifests``)."""


class Owner(Struct, eq=False):
    """A document whose templates can be called: what Argo calls the base of template resolution."""

    manifest: Manifest
    spec: model.WorkflowSpec
    spec_address: Address
    scope: Scope
    """``local`` for the document being looked at, else that of the referenced kind."""
    name: str
    _by_name: dict[str, int] | None = None

    def index(self, template: str) -> int | None:
        """Give the place of a template in ``spec.templates``: the first of that name, or None."""
        if self._by_name is None:
            self._by_name = {}
            for number, found in enumerate(self.spec.templates):
                self._by_name.setdefault(found.name, number)
        return self._by_name.get(template)

    def address(self, index: int) -> Address:
        """Give the address of a template in the owner's document."""
        return (*self.spec_address, "templates", index)


def spec_address(manifest: Manifest) -> Address:
    """Say where a document keeps its workflow spec."""
    return ("spec", "workflowSpec") if manifest.kind == "CronWorkflow" else ("spec",)


def namespace(manifest: Manifest) -> str:
    """Give the namespace that a document names, or empty text."""
    found = at(manifest.data, ("metadata", "namespace"))
    return found if isinstance(found, str) else ""


class Workspace(Struct, eq=False):
    """All manifests given, and what they mean together."""

    manifests: list[Manifest] = field(default_factory=list)
    _templates: dict[tuple[str, str, str], Manifest] = field(default_factory=dict)
    _by_place: dict[tuple[str, int], Manifest] = field(default_factory=dict)
    _specs: dict[int, tuple[Manifest, model.WorkflowSpec]] = field(default_factory=dict)
    _owners: dict[int, Owner] = field(default_factory=dict)
    _bases: dict[int, Owner] = field(default_factory=dict)

    def __post_init__(self) -> None:
        given, self.manifests = self.manifests, []
        for manifest in given:
            self.add(manifest)

    def add(self, manifest: Manifest) -> Manifest | None:
        """Add a document. Gives the one that has its kind, namespace and name already, if there is one: it stays."""
        self.manifests.append(manifest)
        self._by_place[manifest.origin.path, manifest.index] = manifest
        if manifest.kind not in ("WorkflowTemplate", "ClusterWorkflowTemplate"):
            return None
        first = self._templates.setdefault(_key(manifest), manifest)
        return None if first is manifest else first

    def same(self, path: str, index: int) -> Manifest | None:
        """Give the workflow template that is a certain document of a certain file, if it is in the workspace."""
        return self._by_place.get((path, index))

    def first_named(self, manifest: Manifest) -> Manifest | None:
        """Give the first (cluster) workflow template with the kind, namespace and name of a document."""
        return self._templates.get(_key(manifest))

    def spec(self, manifest: Manifest) -> model.WorkflowSpec:
        """Give a document's workflow spec, decoded; an empty one where it has none."""
        known = self._specs.get(id(manifest))
        if known is not None:
            return known[1]
        data = at(manifest.data, spec_address(manifest))
        found = model.decode_spec(data if isinstance(data, dict) else {})
        self._specs[id(manifest)] = (manifest, found)  # held, so that no other document comes to have its id
        return found

    def owner(self, manifest: Manifest) -> Owner:
        """Give a document as the base of its own templates."""
        owner = self._bases.get(id(manifest))
        if owner is None:
            made = Owner(manifest, self.spec(manifest), spec_address(manifest), "local", "")
            owner = self._bases[id(manifest)] = made
        return owner

    def owners(self) -> Iterator[Owner]:
        """Give all (cluster) workflow templates, as bases of template references."""
        for kind, where, name in self._templates:
            found = self.referenced(name, kind == "ClusterWorkflowTemplate", where)
            if found is not None:
                yield found

    def referenced(self, name: str, cluster_scope: bool, where: str) -> Owner | None:
        """Give the (cluster) workflow template of that name, as seen from a namespace, or None."""
        key = ("ClusterWorkflowTemplate", "", name) if cluster_scope else ("WorkflowTemplate", where, name)
        manifest = self._templates.get(key)
        if manifest is None:
            return None
        owner = self._owners.get(id(manifest))
        if owner is None:
            scope: Scope = "cluster" if cluster_scope else "namespaced"
            owner = self._owners[id(manifest)] = Owner(manifest, self.spec(manifest), ("spec",), scope, name)
        return owner


def _key(manifest: Manifest) -> tuple[str, str, str]:
    name = at(manifest.data, ("metadata", "name"))
    where = "" if manifest.kind == "ClusterWorkflowTemplate" else namespace(manifest)
    return manifest.kind, where, name if isinstance(name, str) else ""


def files(paths: Iterable[str | Path]) -> Iterator[Path]:
    """Give the manifest files of some files and folders, in order; a file that is named is taken whatever its name.

    Raises ReadError for a path that is not there.
    """
    for given in paths:
        from pathlib import Path  # most often there are none, and it takes 3 ms to import

        path = Path(given)
        if path.is_dir():
            yield from sorted(
                found
                for found in path.rglob("*")
                if found.suffix in SUFFIXES
                and found.is_file()
                and not any(part.startswith(".") for part in found.relative_to(path).parts)
            )
        elif path.exists():
            yield path
        else:
            raise ReadError(f"there is no file or folder {str(path)!r}")


def load(paths: Sequence[str | Path]) -> Workspace:
    """Read files and folders into a workspace; documents that are not YAML are left out (linting reports them).

    Raises ReadError for a path that is not there or cannot be read.
    """
    from argosy.yaml.read import read

    workspace = Workspace()
    for path in files(paths):
        try:
            text = path.read_bytes()
        except OSError as error:
            raise ReadError(f"{path} cannot be read: {error.strerror}") from error
        for document in read(text, str(path)):
            manifest = document.manifest()
            if manifest is not None and document.outcome != "ignored":
                workspace.add(manifest)
    return workspace
