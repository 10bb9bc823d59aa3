"""A catcher of HTTP requests: a proxy on loopback that records what would be sent, and answers itself.

Nothing leaves the machine through it. Of HTTPS it sees the request only if the program trusts its throw-away
authority; otherwise, the host alone.
"""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from argosy.local.authority import Authority
from argosy.simulate.scenario import Answer, Response
from argosy.source import Json

MOST_BODY = 1 << 20
"""So many bytes of a request's body are read."""
_MAPPED = "/argosy-map/"
_NOISE = frozenset({"host", "connection", "proxy-connection", "content-length", "accept-encoding", "user-agent"})
"""Headers that say nothing of the message."""


class Catcher:
    """Records requests, and answers them as it is told; a server while it is entered."""

    def __init__(self, answers: Sequence[Answer] = (), authority: Authority | None = None) -> None:
        self.answers = list(answers)
        self.authority = authority
        self.requests: list[dict[str, Json]] = []
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Catcher:
        """Begin to listen, on a free port."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        server.daemon_threads = True
        server.catcher = self  # type: ignore[attr-defined]  # what handlers know is their server
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self._server = server
        return self

    def __exit__(self, *_: object) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def url(self) -> str:
        """Where it listens, as a proxy."""
        assert self._server is not None, "enter the catcher first"
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def mapped(self, prefix: str) -> str:
        """Give the URL that stands for another, such as ``https://hooks.example.com``, and is plain HTTP."""
        return f"{self.url}{_MAPPED}{prefix.replace('://', '/', 1)}"

    def environment(self) -> dict[str, str]:
        """Give the variables that lead programs here, and make them trust it."""
        out = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), self.url)
        if self.authority is not None:
            names = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "GIT_SSL_CAINFO")
            out |= dict.fromkeys(names, str(self.authority.certificate))
        return out

    def receive(self, method: str, url: str, headers: Sequence[tuple[str, str]], body: str) -> Response:
        """Record a request, and give the answer to it."""
        answer = next((a for a in self.answers if _fits(a, method, url)), Answer()).response
        code = answer.status_code or 200
        told = {name: value for name, value in headers if name.lower() not in _NOISE}
        self.record({"method": method, "url": url, "headers": told, "body": body, "answered": code})
        return Response(code, answer.body, answer.headers)

    def record(self, request: dict[str, Json]) -> None:
        """Record what is known of a request."""
        with self._lock:
            self.requests.append(request)

    def take(self) -> list[dict[str, Json]]:
        """Give the requests since the last time, in the order in which they came."""
        with self._lock:
            taken, self.requests = self.requests, []
        return taken


def _fits(answer: Answer, method: str, url: str) -> bool:
    if answer.method is not None and answer.method.upper() != method.upper():
        return False
    return answer.url is None or re.search(answer.url, url) is not None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    _host = ""
    """The host of a tunnel that it is the end of."""

    @property
    def _catcher(self) -> Catcher:
        catcher: Catcher = self.server.catcher  # type: ignore[attr-defined]  # see __enter__
        return catcher

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on standard error."""

    def do_CONNECT(self) -> None:
        """Be the end of a tunnel, if there is a certificate for it."""
        host = self.path.removesuffix(":443")
        authority = self._catcher.authority
        if authority is None or (context := authority.context(host.partition(":")[0])) is None:
            self._catcher.record({"method": "CONNECT", "url": f"https://{host}", "unseen": "HTTPS: only its host"})
            self.send_error(502, "argosy sees the host only")
            return
        self.send_response(200, "Connection established")
        self.end_headers()
        self.wfile.flush()
        try:
            self.connection = context.wrap_socket(self.connection, server_side=True)
        except (ssl.SSLError, OSError) as error:
            why = f"HTTPS: it did not trust the certificate ({getattr(error, 'reason', None) or error})"
            self._catcher.record({"method": "CONNECT", "url": f"https://{host}", "unseen": why})
            self.close_connection = True
            return
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self._host = host
        self.close_connection = False

    def _answer(self) -> None:
        length = self.headers.get("Content-Length", "0")
        raw = self.rfile.read(min(int(length), MOST_BODY)) if length.isdigit() else b""
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            raw = self._chunks()
        response = self._catcher.receive(
            self.command, self._url(), list(self.headers.items()), raw.decode("utf-8", "replace")
        )
        body = response.body.encode()
        self.send_response(response.status_code)
        for name, values in (response.headers or {}).items():
            for value in values:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _url(self) -> str:
        if self._host:
            return f"https://{self._host}{self.path}"
        if self.path.startswith(_MAPPED):
            scheme, _, rest = self.path.removeprefix(_MAPPED).partition("/")
            return f"{scheme}://{rest}"
        if self.path.startswith("/"):
            return f"http://{self.headers.get('Host', '')}{self.path}"
        return self.path

    def _chunks(self) -> bytes:
        out = bytearray()
        while len(out) < MOST_BODY:
            size = int(self.rfile.readline(80).split(b";")[0] or b"0", 16)
            if not size:
                break
            out += self.rfile.read(size)
            self.rfile.readline(80)
        return bytes(out)


for _method in ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"):
    setattr(_Handler, f"do_{_method}", _Handler._answer)  # the names that BaseHTTPRequestHandler looks for
