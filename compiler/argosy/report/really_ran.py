"""What a pod did that was really run: its log, as Argo's user interface shows it, and its requests, to the letter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from argosy.report.run_view import Item
from argosy.report.style import Style

MOST_LINES = 200
"""So many lines of a request's body are shown."""
LONGEST_LINE = 4000
"""So many characters of a line of it are shown."""
_CODES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|[\x00-\x08\x0b-\x1f\x7f]")
_SPOKEN = ("text", "content", "message")
"""Fields of a body that hold what people read."""


def really_ran(item: Item, style: Style) -> list[str]:
    """Give the log of a pod, the requests that it made, and what is to be said of how it was run."""
    out = [style.paint("> ", "dim") + plain(line) for line in item.log]
    for request in item.requests:
        head, *rest = request_lines(request)
        out += [style.paint(plain(head), "cyan"), *(f"  {plain(line)}".rstrip() for line in rest)]
    return out + [style.paint(f"argosy: {note}", "yellow") for note in item.notes]


def plain(line: str) -> str:
    """Give a line as it stands on a terminal in the end: without codes for colours and the like, which might do harm.

    >>> plain("10%\\r100% \\x1b[31mred\\x1b[0m")
    '100% red'
    """
    return _CODES.sub("", line.rstrip("\r").rpartition("\r")[2])


def request_lines(request: Mapping[str, Any]) -> list[str]:
    """Give an HTTP request that was caught: what was sent where, what it was answered, its headers, and its body."""
    answered = f"  answered {request['answered']}" if "answered" in request else ""
    unseen = f"  ({request['unseen']})" if "unseen" in request else ""
    out = [f"→ {request.get('method', '')} {request.get('url', '')}{answered}{unseen}"]
    out += [f"{name}: {value}" for name, value in (request.get("headers") or {}).items()]
    body = str(request.get("body") or "")
    if "\ufffd" in body:
        return [*out, f"({len(body)} characters that are not all text)"]
    lines = body.splitlines()
    out += [line if len(line) <= LONGEST_LINE else line[:LONGEST_LINE] + "…" for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        out.append(f"… {len(lines) - MOST_LINES} more lines")
    if cut := request.get("cut"):
        out.append(f"(the beginning of {cut} bytes)")
    return out + list(_spoken(body))


def _spoken(body: str) -> Iterator[str]:
    """Give what people would read of a JSON body, where its lines are hidden in a text."""
    try:
        data = json.loads(body)
    except ValueError:
        return
    for name in _SPOKEN:
        text = data.get(name) if isinstance(data, dict) else None
        if isinstance(text, str) and "\n" in text:
            yield f"{name}:"
            yield from (f"  {line}" for line in text.splitlines())
