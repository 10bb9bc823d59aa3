"""Reading manifests exactly as Argo reads them: YAML 1.1 through JSON, one text per document.

Source: ``ParseObjects`` in ``workflow/common/parse.go`` of Argo v4.1.2: a file that is JSON is one document; any other
is split at every line that begins with ``---``, before YAML is looked at, and of each part the first document is read.
"""

from __future__ import annotations

from typing import Literal

import yaml
from msgspec import Struct

from argosy.source import Json, Manifest
from argosy.yaml.decode import decode
from argosy.yaml.fold import NotPlainError, fold
from argosy.yaml.origin import Source, YamlOrigin
from argosy.yaml.problems import YamlProblem
from argosy.yaml.tree import BYTE_ORDER_MARK, ComposeError, compose

__all__ = ["Document", "YamlOrigin", "YamlProblem", "read"]

MAX_BYTES = 64 * 1024 * 1024
"""Larger files are not read; a cluster stores objects of some 1.5 MB at most."""


Outcome = Literal["read", "dropped", "ignored"]
"""``read``: decoded strictly, and linted if its kind is Argo's. ``dropped``: decoded leniently only, when Argo collects
the templates of all files, where a wrong type still fails the whole file. ``ignored``: broken, or without a kind."""


class Document(Struct):
    """One document of a file: its data as Argo reads it, where it stands, and what is wrong with its text."""

    data: Json
    origin: YamlOrigin
    index: int = 0
    """Which document of its file this is, from 0; blank parts between ``---`` do not count."""
    problems: tuple[YamlProblem, ...] = ()

    is_json: bool = False
    """The whole file is JSON, which Argo reads by another way."""

    @property
    def kind(self) -> str:
        """The ``kind``, or empty text."""
        kind = self.data.get("kind") if isinstance(self.data, dict) else ""
        return kind if isinstance(kind, str) else ""

    @property
    def outcome(self) -> Outcome:
        """What ``argo lint`` does with the document; it never says a word of one it does not read."""
        doing = {problem.dropped for problem in self.problems}
        if "always" in doing or (not self.kind and not self.is_json and self.data is not None):
            return "ignored"
        return "dropped" if "when strict" in doing else "read"

    @property
    def dropped(self) -> bool:
        """``argo lint`` drops this document without a word."""
        return self.outcome != "read"

    def manifest(self) -> Manifest | None:
        """Give the document as a manifest; None where it is no map."""
        return Manifest(self.data, self.origin, self.index) if isinstance(self.data, dict) else None


def read(text: str | bytes, path: str = "<memory>") -> list[Document]:
    """Give every document of a text that Argo looks at; never raises: ``Document.problems`` tells what is wrong."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    source = Source(raw, path)
    if len(raw) > MAX_BYTES:
        problem = YamlProblem("too-large", f"larger than {MAX_BYTES // 2**20} MiB", source.span(0, 0))
        return [Document(None, YamlOrigin(source, 0, 0), 0, (problem,))]
    if raw.lstrip()[:1] in (b"{", b"[", b'"'):
        from argosy.yaml.json_text import NotJsonError, read_json

        try:
            data, problems = read_json(raw, source)
            return [Document(data, YamlOrigin(source, 0, len(raw)), 0, tuple(problems), is_json=True)]
        except NotJsonError:
            pass
    documents: list[Document] = []
    start = 0
    for part in raw.split(b"\n---"):
        if not _blank(part):
            documents.append(_document(part, source, start, len(documents)))
        start += len(part) + 4
    return documents


def _blank(part: bytes) -> bool:
    return not part.strip() or (part[:1] > b"\x7f" and not part.decode("utf-8", "replace").strip())


def _document(part: bytes, source: Source, start: int, index: int) -> Document:
    origin = YamlOrigin(source, start, start + len(part))
    try:
        if b"\r---" not in part and b"\\/" not in part and BYTE_ORDER_MARK not in part[1:]:
            return Document(fold(part), origin, index)
    except (NotPlainError, yaml.YAMLError, RecursionError):
        pass
    return _carefully(part, origin, index)


def _carefully(part: bytes, origin: YamlOrigin, index: int) -> Document:
    try:
        root, end = compose(part)
    except ComposeError as error:
        problem = YamlProblem(error.kind, error.message, origin.span(error.index, error.index + 1), error.hint)
        return Document(None, origin, index, (problem,))
    if root is None:
        return Document(None, origin, index)
    data, found = decode(root)
    problems = [
        YamlProblem(p.kind, p.message, origin.node_span(p.node), p.hint, origin.node_span(p.first) if p.first else None)
        for p in found
    ]
    ignored = origin.ignored(end)
    if ignored:
        message = "Argo does not read what follows here: only `---` after a line feed begins a new document"
        problems.append(YamlProblem("ignored-text", message, ignored))
    return Document(data, origin, index, tuple(problems))
