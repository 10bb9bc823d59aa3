"""Editing a YAML text by cutting: where a value, a key or whole lines can be replaced and nothing else need move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argosy.source import Address, Json
from argosy.yaml.origin import node_at
from argosy.yaml.tree import ComposeError, Node, compose
from argosy.yaml.write import dump, flow_text

if TYPE_CHECKING:
    from argosy.yaml.edit import Edit


def cut(text: str, edit: Edit, wanted: Json) -> str | None:
    """Give the document's text after an edit; None where cutting is not plain enough."""
    mark = text[: len(text) - len(text.removeprefix("\ufeff"))]
    try:
        root, _ = compose(text.encode())
    except ComposeError:
        return None
    made = _cut(root, text.removeprefix("\ufeff"), edit) if root is not None else None
    return None if made is None else mark + made


def _cut(root: Node, text: str, edit: Edit) -> str | None:
    holder = node_at(root, edit.address[:-1])
    if holder is None:
        return None
    found = _entry(holder, edit.address[-1:])
    if edit.action == "insert" and isinstance(edit.address[-1], int):
        return _insert_item(text, holder, edit.address[-1], edit.value)
    if found is None:
        return _insert_key(text, holder, str(edit.address[-1]), edit.value)
    key, value, index = found
    match edit.action:
        case "rename" if key is not None:
            return f"{text[: key.start]}{flow_text(edit.value)}{text[key.end :]}"
        case "delete":
            return _delete(text, holder, key, value, index)
        case "set" | "insert":
            return _replace(text, value, edit.value)
    return None


def _entry(holder: Node, last: Address) -> tuple[Node | None, Node, int] | None:
    """Give key, value and place of an entry of a map or list."""
    step = last[0]
    if isinstance(step, int):
        return (None, holder.items[step], step) if holder.kind == "list" and step < len(holder.items) else None
    for place in range(0, len(holder.items) - 1, 2):
        key = holder.items[place]
        if holder.kind == "map" and key.kind == "scalar" and key.value == step:
            return key, holder.items[place + 1], place // 2
    return None


def _replace(text: str, node: Node, value: Json) -> str | None:
    """Replace a scalar on one line by another, keeping its quotes if it has any."""
    old = text[node.start : node.end]
    if node.kind != "scalar" or "\n" in old or old[:1] in "&!|>" or isinstance(value, (dict, list)):
        return None
    new = flow_text(value)
    if node.style == "'" and isinstance(value, str) and new[:1] in (value[:1], '"') and "\\" not in new:
        new = "'" + value.replace("'", "''") + "'"
    space = " " if not old and text[node.start - 1 : node.start] in (":", "-") else ""
    return f"{text[: node.start]}{space}{new}{text[node.end :]}"


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _line_end(text: str, index: int) -> int:
    """Give where the line after a character begins."""
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def _is_block(text: str, node: Node) -> bool:
    return bool(node.items) and text[node.start : node.start + 1] not in ("{", "[", "&", "!")


def _end_of(text: str, node: Node) -> int:
    """Give where a node's last line ends, the line end included; block scalars end with one already."""
    end = node.end
    while node.items and node.kind in ("map", "list"):
        node = node.items[-1]
    if node.style in ("|", ">"):
        return node.start + len(text[node.start : end].rstrip()) + 1 if text[node.start : end].strip() else end
    return _line_end(text, end)


def _delete(text: str, holder: Node, key: Node | None, value: Node, index: int) -> str | None:
    """Delete whole lines: an entry that begins its line, of a block collection that has others."""
    width = 2 if holder.kind == "map" else 1
    if not _is_block(text, holder) or len(holder.items) <= width:
        return None
    begin = key.start if key is not None else text.rfind("-", 0, value.start + 1 if not value.items else value.start)
    if begin < 0:
        return None
    first, last = _line_start(text, begin), min(_end_of(text, value), len(text))
    before = text[first:begin]
    if not before.strip():
        return text[:first] + text[last:]
    if index == 0 and key is not None and set(before) <= {"-", " "}:
        follows = holder.items[2].start  # the first key after a dash: the next one takes its place
        return text[:begin] + text[follows:] if not text[last : _line_start(text, follows)].strip() else None
    return None


def _insert_key(text: str, holder: Node, key: str, value: Json) -> str | None:
    if holder.kind != "map" or not _is_block(text, holder):
        return None
    column = holder.items[0].start - _line_start(text, holder.items[0].start)
    return _insert_lines(text, _end_of(text, holder.items[-1]), dump({key: value}), column, "")


def _insert_item(text: str, holder: Node, index: int, value: Json) -> str | None:
    if holder.kind != "list" or not _is_block(text, holder) or text[holder.start] != "-":
        return None
    column = holder.start - _line_start(text, holder.start)
    if index >= len(holder.items):
        return _insert_lines(text, _end_of(text, holder.items[-1]), dump([value]), column, "")
    dash = text.rfind("-", 0, holder.items[index].start)
    lead = text[_line_start(text, dash) : dash]
    return _insert_lines(text, dash, dump([value]), column, " " * column) if not lead.strip() else None


def _insert_lines(text: str, place: int, lines: str, column: int, after: str) -> str:
    """Put lines in at a place; ``after`` is the indentation of what follows on the same line."""
    indented = "".join(f"{' ' * column}{line}" if line.strip() else line for line in lines.splitlines(keepends=True))
    if after:
        indented = indented[column:] + after
    elif place and text[place - 1 : place] != "\n":
        indented = "\n" + indented.removesuffix("\n")
    return text[:place] + indented + text[place:]
