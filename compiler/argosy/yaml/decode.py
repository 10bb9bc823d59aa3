"""From a tree to plain data as go-yaml and sigs.k8s.io/yaml decode it strictly, with every problem noted.

Source: ``decode.go`` of go.yaml.in/yaml/v2 v2.4.4 and ``yaml.go`` of sigs.k8s.io/yaml v1.6.0, as Argo v4.1.2 uses them.
"""

from __future__ import annotations

import math

from msgspec import Struct, field

from argosy.source import Json
from argosy.yaml.fold import MAX_DEPTH
from argosy.yaml.problems import ProblemKind
from argosy.yaml.scalars import Scalar, TagError, as_json, key_text, resolve_key, resolve_tagged
from argosy.yaml.tree import Node

_MERGE_TAG = "tag:yaml.org,2002:merge"
_NO_DATA = object()


class NodeProblem(Struct, frozen=True):
    """A problem at a node of the tree."""

    kind: ProblemKind
    message: str
    node: Node
    hint: str | None = None
    first: Node | None = None


class _FatalError(Exception):
    def __init__(self, kind: ProblemKind, message: str, node: Node, hint: str | None = None) -> None:
        super().__init__(message)
        self.problem = NodeProblem(kind, message, node, hint)


class _State(Struct):
    """What go-yaml's decoder counts, to refuse documents that consist of aliases."""

    problems: list[NodeProblem] = field(default_factory=list)
    aliases: set[int] = field(default_factory=set)
    count: int = 0
    alias_count: int = 0
    alias_depth: int = 0


class _Map(Struct):
    """A map being filled: its data, and for each key as go-yaml has it, where it stood and whether it was merged."""

    data: dict[str, Json] = field(default_factory=dict)
    seen: dict[tuple[type, Scalar], tuple[Node, bool]] = field(default_factory=dict)


def decode(root: Node) -> tuple[Json, list[NodeProblem]]:
    """Give the data of a tree and its problems; the data is None where go-yaml gives up at once."""
    state = _State(count=1)
    try:
        return _decode(root, state, 0), state.problems
    except _FatalError as error:
        return None, [*state.problems, error.problem]


def is_merge(key: Node) -> bool:
    """Say whether a key is a merge key: ``<<``, not quoted."""
    return key.kind == "scalar" and key.value == "<<" and (key.implicit or key.tag == _MERGE_TAG)


def scalar(node: Node) -> Scalar:
    """Give what a scalar node is, floats apart from integers. Raises TagError."""
    if node.tag is None:
        return resolve_key(node.value) if node.implicit else node.value
    return resolve_tagged(node.tag, node.value)


def _decode(node: Node, state: _State, depth: int) -> Json:
    _count(node, state, depth)
    match node.kind:
        case "scalar":
            return _value(node, state)
        case "list":
            return [_decode(item, state, depth + 1) for item in node.items]
        case "map":
            into = _Map()
            _fill(node, into, state, depth, None)
            return into.data
        case "alias":
            with _Alias(node, state) as target:
                return _decode(target, state, depth)


def _count(node: Node, state: _State, depth: int) -> None:
    state.count += 1
    if state.alias_depth:
        state.alias_count += 1
        if state.alias_count > 100 and state.count > 1000 and state.alias_count / state.count > _allowed(state.count):
            raise _FatalError("alias-bomb", "more of the document comes from aliases than Argo reads", node)
    if depth > MAX_DEPTH:
        raise _FatalError("too-deep", f"nested deeper than {MAX_DEPTH} levels", node)


def _allowed(count: int) -> float:
    """Give the share of nodes that may come from aliases: 99 % up to 400,000 nodes, falling to 10 % at 4 million."""
    return 0.99 - 0.89 * min(max(count - 400_000, 0) / 3_600_000, 1.0)


class _Alias:
    """Enters an alias: counts what is decoded below it, and refuses one within itself."""

    def __init__(self, node: Node, state: _State) -> None:
        self.node, self.state = node, state

    def __enter__(self) -> Node:
        if id(self.node) in self.state.aliases:
            raise _FatalError("alias-cycle", f"anchor &{self.node.value} contains itself", self.node)
        self.state.aliases.add(id(self.node))
        self.state.alias_depth += 1
        assert self.node.target is not None
        return self.node.target

    def __exit__(self, *_: object) -> None:
        self.state.aliases.discard(id(self.node))
        self.state.alias_depth -= 1


def _value(node: Node, state: _State) -> Json:
    try:
        value = scalar(node)
    except TagError as error:
        raise _FatalError("bad-tag", str(error), node) from error
    if isinstance(value, float) and not math.isfinite(value):
        state.problems.append(
            NodeProblem("not-a-number", f"{node.value} has no form in JSON", node, "quote it if text is meant")
        )
        return node.value
    return as_json(value)


def _fill(node: Node, into: _Map, state: _State, depth: int, merge: Node | None) -> None:
    for key, value in zip(node.items[::2], node.items[1::2], strict=True):
        if is_merge(key):
            _merge(value, into, state, depth, merge or key)
            continue
        found = _key(key, state, depth)
        data = _decode(value, state, depth + 1)
        if found is not _NO_DATA:
            _set(into, key, found, data, state, merge)


def _key(key: Node, state: _State, depth: int) -> Json:
    """Give a key as go-yaml has it, or a mark where sigs.k8s.io/yaml then refuses it."""
    _count(key, state, depth)
    node = key
    while node.kind == "alias" and node.target is not None:
        node = node.target
        state.count += 1
        state.alias_count += 1
    if node.kind != "scalar":
        raise _FatalError("bad-key", "a map or a list cannot be a key", key)
    try:
        found = scalar(node)
    except TagError as error:
        raise _FatalError("bad-tag", str(error), key) from error
    if key_text(found) is None:
        what = "null" if found is None else "a number this large"
        state.problems.append(NodeProblem("bad-key", f"{what} cannot be a key", key, "quote it if text is meant"))
        return _NO_DATA
    return found


def _set(into: _Map, key: Node, found: Scalar, data: Json, state: _State, merge: Node | None) -> None:
    identity = (type(found), found)
    text = key_text(found)
    assert text is not None
    before = into.seen.get(identity)
    if before is not None:
        first, merged = before
        if merged or merge:
            what = NodeProblem(
                "merge-override", f'key "{text}" is merged and given again', merge or key, _DROPPED, first
            )
        else:
            what = NodeProblem("duplicate-key", f'key "{text}" is given twice', key, _DROPPED, first)
        state.problems.append(what)
    elif text in into.data:
        state.problems.append(NodeProblem("key-collision", f'two keys are both "{text}" to JSON', key))
    else:
        into.seen[identity] = (key, merge is not None)
    into.data[text] = data


_DROPPED = "Argo drops the whole document without a word"


def _merge(value: Node, into: _Map, state: _State, depth: int, at: Node) -> None:
    """Merge a map, an alias of one, or a list of these, the last first, as go-yaml does."""
    nodes = reversed(value.items) if value.kind == "list" else [value]
    for node in nodes:
        is_map = node.kind == "map" or (node.kind == "alias" and node.target is not None and node.target.kind == "map")
        if not is_map:
            raise _FatalError("merge-value", "<< takes a map, an alias of one, or a list of these", node)
        _count(node, state, depth)
        if node.kind == "alias":
            with _Alias(node, state) as target:
                _count(target, state, depth)
                _fill(target, into, state, depth + 1, at)
        else:
            _fill(node, into, state, depth + 1, at)
