"""The details of one node: what became of it, its inputs and outputs, what its pod ran, wrote and sent."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element

from argosy.report.became import condition, skipped_on
from argosy.report.html.elements import Child, add, code, facts, h, table
from argosy.report.html.shell import chip
from argosy.report.really_ran import request_lines
from argosy.report.run_view import Item
from argosy.report.tree import duration
from argosy.source import Json
from argosy.yaml.write import dump

LONGEST_CODE = 20_000
"""So many characters of a script or log are shown."""


def details(item: Item, id_: str, title: str, known: Mapping[str, str], start: datetime | None) -> Element:
    """Give the details of a node; ``known`` are the values of variables in its condition, ``start`` is the run's."""
    out = h("section", _head(title, item), class_="detail", id=id_)
    add(out, _facts(item, known, start))
    add(out, *_values("Inputs", item.node.get("inputs") or {}))
    if item.log:
        add(out, h("h3", "Log"), code(_cut("\n".join(item.log)), class_="log"))
    if item.requests:
        add(out, h("h3", "HTTP requests"), *(code("\n".join(request_lines(one))) for one in item.requests))
    if item.notes:
        add(out, h("ul", *(h("li", note) for note in item.notes), class_="plain quiet"))
    add(out, *_values("Outputs", item.node.get("outputs") or {}))
    if item.pod:
        add(out, *_ran(item.pod))
        more = h("details", h("summary", "The whole template, as its pod got it"), code(_cut(dump(item.pod))))
        add(out, more)
    return out


def stack(items: Sequence[Item], id_: str, title: str, links: Sequence[tuple[str, str]], hidden: int) -> Element:
    """Give the details of a stack: links to its nodes, as far as they have details."""
    rows = [h("li", h("a", name, href=f"#{one}", class_="goto")) for one, name in links]
    if hidden:
        rows.append(h("li", f"and {hidden} more like these", class_="quiet"))
    return h("section", _head(title, items[0]), h("ul", *rows, class_="plain"), class_="detail", id=id_)


def _head(title: str, item: Item) -> Element:
    return h("div", h("h2", title, tabindex=-1), chip(item.phase), class_="bar")


def _facts(item: Item, known: Mapping[str, str], start: datetime | None) -> Element:
    node = item.node
    began, ended = item.times()
    bad = "bad" if item.phase in ("Failed", "Error") else None
    skipped = skipped_on(item.message)
    when = condition(item, dict(known)) if skipped is None else ""
    hit = (node.get("memoizationStatus") or {}).get("hit")
    return facts(
        [
            ("Not taken", h("code", f"{skipped} is false") if skipped is not None else None),
            ("Message", h("span", item.message, class_=bad) if item.message and skipped is None else None),
            ("Taken", h("code", when) if when else None),
            ("Type", str(node.get("type") or "")),
            ("Template", item.template_name),
            ("Name", str(node.get("name") or "")),
            ("Began", f"{duration(start, began)} after the start" if start and began else None),
            ("Took", duration(began, ended) if began and ended else None),
            ("Memoized", "the result was in the cache" if hit else None),
        ]
    )


def _values(title: str, values: Mapping[str, Json]) -> Iterator[Child]:
    """Give the inputs or outputs of a node."""
    rows = [
        (str(one.get("name")), _value(one["value"]) if one.get("value") is not None else h("i", "no value"))
        for one in values.get("parameters") or []
    ]
    rows += [(key, _value(values[key])) for key in ("result", "exitCode") if values.get(key) is not None]
    rows += [(str(one.get("name")), h("span", _artifact(one))) for one in values.get("artifacts") or []]
    if rows:
        yield h("h3", title)
        yield table((), rows, class_="values")


def _value(value: Json) -> Element:
    said = value if isinstance(value, str) else json.dumps(value)
    return h("code", _cut(said)) if said else h("i", "empty")


def _artifact(one: Mapping[str, Any]) -> str:
    stored = next((place.get("key") for place in one.values() if isinstance(place, dict) and place.get("key")), "")
    parts = [str(part) for part in (one.get("path"), stored) if part]
    return "artifact" + (f" {' in '.join(parts)}" if parts else "")


def _ran(template: Mapping[str, Any]) -> Iterator[Child]:
    """Give what a pod ran, as substituted: commands, scripts, environments, requests, manifests."""
    if body := template.get("script"):
        yield h("h3", "Script")
        yield _image(body)
        yield from _environment(body)
        yield code(_cut(str(body.get("source") or "").strip("\n")), class_="script")
    containers = [template["container"]] if template.get("container") else []
    containers += (template.get("containerSet") or {}).get("containers") or []
    for body in containers:
        yield h("h3", "Command" + (f" of {body['name']}" if len(containers) > 1 else ""))
        yield _image(body)
        yield from _environment(body)
        words = [str(word) for word in [*(body.get("command") or []), *(body.get("args") or [])]]
        yield code(_cut(_command(words)), class_="script") if words else h("p", "runs the entry point of its image")
    if body := template.get("resource"):
        yield h("h3", f"kubectl {body.get('action', '')}")
        yield code(_cut(str(body.get("manifest") or "").strip("\n")), class_="script")
    if body := template.get("http"):
        yield h("h3", "HTTP request")
        lines = [f"{body.get('method') or 'GET'} {body.get('url', '')}"]
        lines += [f"{one.get('name')}: {one.get('value', '')}" for one in body.get("headers") or []]
        yield code(_cut("\n".join([*lines, "", str(body.get("body") or "")]).strip()), class_="script")


def _command(words: Sequence[str]) -> str:
    """Write a command as a person would: its last word as it is, if it is a script of several lines."""
    if words and "\n" in words[-1]:
        return f"{shlex.join(words[:-1])}\n{words[-1].strip()}"
    return shlex.join(words)


def _image(body: Mapping[str, Any]) -> Element:
    with_ = f", run by {shlex.join(map(str, body['command']))}" if "source" in body and body.get("command") else ""
    return h("p", "in ", h("code", str(body.get("image") or "")), with_, class_="quiet")


def _environment(body: Mapping[str, Any]) -> Iterator[Child]:
    rows = [(str(one.get("name")), _variable(one)) for one in body.get("env") or []]
    yield table((), rows, class_="values")


def _variable(one: Mapping[str, Any]) -> Element:
    if one.get("valueFrom") is None:
        return _value(one.get("value") or "")
    [(kind, where)] = list(one["valueFrom"].items())[:1] or [("", {})]
    place = where if isinstance(where, dict) else {}
    parts = [str(place[key]) for key in ("name", "key", "fieldPath", "resource") if place.get(key)]
    return h("i", f"from {kind.removesuffix('Ref')} {'/'.join(parts)}")


def _cut(said: str) -> str:
    return (
        said if len(said) <= LONGEST_CODE else said[:LONGEST_CODE] + f"\n… {len(said) - LONGEST_CODE} more characters"
    )
