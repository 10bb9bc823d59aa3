"""Sprig's functions on URLs, after Go 1.26 ``net/url``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from argosy.errors import LanguageError
from argosy.language.function import Function
from argosy.language.gotext import from_bytes, quote, to_bytes
from argosy.language.sprig.values import entry, kind_of
from argosy.later import regex

_SCHEME = regex(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_CONTROL = regex(r"[\x00-\x1f\x7f]")
_BAD_ESCAPE = regex(r"%(?![0-9A-Fa-f]{2}).{0,2}", re.DOTALL)
_BAD_HOST_ESCAPE = regex(r"%(?!25)[0-7][0-9A-Fa-f]")
_USER = regex(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*\Z")
_HOST = regex(r"[A-Za-z0-9\-._~!$&'()*+,;=:\[\]<>\"%\x80-\U0010ffff]*\Z")
_PORT = regex(r"(?::[0-9]*)?\Z")
_SAFE = {
    "path": "/$&+,:=@-_.~;",
    "user": "$&+,;=-_.~",
    "fragment": "/$&+,:;=?@!()*'-_.~",
    "host": "!$&'()*+,;=:[]<>\"-_.~",
}


def _fail(text: str, reason: str) -> LanguageError:
    return LanguageError(f"unable to parse url: parse {quote(text[:500])}: {reason}")


def _decoded(text: str, whole: str) -> str:
    bad = _BAD_ESCAPE.search(text)
    if bad:
        raise _fail(whole, f"invalid URL escape {quote(bad[0])}")
    if "%" not in text:
        return text
    from urllib.parse import unquote_to_bytes  # slow to import, and few expressions have a URL

    return from_bytes(unquote_to_bytes(to_bytes(text)))


def _encoded(text: str, part: str) -> str:
    from urllib.parse import quote_from_bytes  # likewise

    return quote_from_bytes(to_bytes(text), safe=_SAFE[part])


def _authority(text: str, whole: str) -> tuple[str | None, str]:
    before, at, host = text.rpartition("@")
    if not _HOST.match(host):
        bad = next(char for char in host if not _HOST.match(char))
        raise _fail(whole, f"invalid character {quote(bad)} in host name")
    if not host.startswith("[") and (bad_escape := _BAD_HOST_ESCAPE.search(host)):
        raise _fail(whole, f"invalid URL escape {quote(bad_escape[0])}")
    port = host.rpartition("]")[2] if host.startswith("[") else host[host.find(":") :] if ":" in host else ""
    if host.startswith("[") and "]" not in host:
        raise _fail(whole, "missing ']' in host")
    if not _PORT.match(port):
        raise _fail(whole, f"invalid port {quote(port)} after host")
    if not at:
        return None, _decoded(host, whole)
    if not _USER.match(before):
        raise _fail(whole, "net/url: invalid userinfo")
    name, colon, password = before.partition(":")
    name, password = _decoded(name, whole), _decoded(password, whole)
    return _encoded(name, "user") + (f":{_encoded(password, 'user')}" if colon else ""), _decoded(host, whole)


def _hostname(host: str) -> str:
    if host.startswith("["):
        return host[1 : host.find("]")]
    return host.rpartition(":")[0] if ":" in host and _PORT.match(host[host.rfind(":") :]) else host


def parse(text: str) -> dict[str, Any]:
    """Take a URL apart, as sprig's ``urlParse`` names the parts. Raises LanguageError where ``url.Parse`` fails."""
    plain, _, fragment = text.partition("#")
    if _CONTROL.search(text):
        raise _fail(text, "net/url: invalid control character in URL")
    match = _SCHEME.match(plain)
    scheme, rest = (match[1].lower(), plain[match.end() :]) if match else ("", plain)
    if plain.startswith(":"):
        raise _fail(text, "missing protocol scheme")
    rest, _, query = rest.partition("?")
    found: dict[str, Any] = {"scheme": scheme, "query": query, "opaque": "", "userinfo": "", "host": ""}
    found["fragment"] = _decoded(fragment, text)
    if scheme and not rest.startswith("/"):
        found["opaque"], rest = rest, ""
    elif not rest.startswith("/") and ":" in rest.partition("/")[0]:
        raise _fail(text, "first path segment in URL cannot contain colon")
    if rest.startswith("//") and (scheme or not rest.startswith("///")):
        authority, slash, path = rest[2:].partition("/")
        user, found["host"] = _authority(authority, text)
        found["userinfo"], rest = user or "", slash + path
    return {**found, "hostname": _hostname(found["host"]), "path": _decoded(rest, text)}


def _part(parts: Mapping[str, Any], key: str) -> str:
    value = parts.get(key, "")
    if not isinstance(value, str):
        raise LanguageError(f"unable to parse {key} key, must be of type string, but {kind_of(value)} found")
    return value


def _join(parts: Mapping[str, Any] | None) -> str:
    parts = parts or {}
    scheme, host, path, query, opaque, fragment, userinfo = (
        _part(parts, key) for key in ("scheme", "host", "path", "query", "opaque", "fragment", "userinfo")
    )
    user = _authority(f"{userinfo}@host", userinfo)[0] if userinfo else None
    url = f"{scheme}:" if scheme else ""
    if opaque:
        url += opaque
    else:
        if scheme or host or user is not None:
            if host or path or user is not None:
                url += "//" if host or user is not None or path.startswith("//") else ""
            url += f"{user}@" if user is not None else ""
            url += _encoded(host, "host")
        path = _encoded(path, "path")
        if path and not path.startswith("/") and host:
            url += "/"
        if not url and ":" in path.partition("/")[0]:
            url += "./"
        url += path
    return url + (f"?{query}" if query else "") + (f"#{_encoded(fragment, 'fragment')}" if fragment else "")


_T = "url"
# fmt: off
FUNCTIONS: list[Function] = [
    *entry(_T, parse, "urlParse(url string) map", "Takes a URL apart.",
           "sprig.urlParse('https://u@h:8/p?q=1#f').hostname", "'h'"),
    *entry(_T, _join, "urlJoin(parts map) string", "Puts a URL together.",
           "sprig.urlJoin({scheme: 'http', host: 'h', path: '/p', query: 'q=1'})", "'http://h/p?q=1'"),
]
# fmt: on
