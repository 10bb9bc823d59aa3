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

from argosy.local.answers import KNOWN
from argosy.local.authority import Authority
from argosy.simulate.scenario import Answer, Response
from argosy.source import Json

MOST_BODY = 1 << 20
"""So many bytes of a request's body are kept."""
MOST_READ = 1 << 30
"""So many bytes of it are read at all."""
_MAPPED = "/argosy-map/"
_NOISE = frozenset(
    {
        *("host", "connection", "proxy-connection", "content-length", "transfer-encoding", "expect"),
        *("accept", "accept-encoding", "accept-language", "user-agent", "sec-fetch-mode"),
    }
)
"""Headers that say nothing of the message."""


class Catcher:
    """Records requests, and answers them as it is told; a server while it is entered."""

    def __init__(self, answers: Sequence[Answer] = (), authority: Authority | None = None) -> None:
        self.answers = list(answers)
        self.authority = authority
        self.requests: list[dict[str, Json]] = []
        self._lock = threading.Lock()
        self._server: _Server | None = None

    def __enter__(self) -> Catcher:
        """Begin to listen, on a free port."""
        server = _Server(("127.0.0.1", 0), _Handler)
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

    def restore(self, text: str) -> str:
        """Let a text speak of the URLs again that :meth:`mapped` put others for, and not of where this listens."""
        for scheme in ("https", "http"):
            text = text.replace(f"{self.url}{_MAPPED}{scheme}/", f"{scheme}://")
        return text.replace(self.url.removeprefix("http://"), "catcher")

    def environment(self) -> dict[str, str]:
        """Give the variables that lead programs here, and make them trust it."""
        out = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), self.url)
        out |= {"no_proxy": "", "NO_PROXY": "", "NODE_USE_ENV_PROXY": "1"}
        if self.authority is not None:
            names = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "GIT_SSL_CAINFO")
            out |= dict.fromkeys(names, str(self.authority.certificate))
            out["WGETRC"] = str(self.authority.wgetrc)
        return out

    def receive(self, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> Response:
        """Record a request, and give the answer to it."""
        known = (a for a in (*self.answers, *KNOWN) if _fits(a, method, url))
        answer = next(known, Answer()).response
        code = answer.status_code or 200
        told = {name: value for name, value in headers if name.lower() not in _NOISE}
        text = body[:MOST_BODY].decode("utf-8", "replace")
        request: dict[str, Json] = {"method": method, "url": url, "headers": told, "body": text, "answered": code}
        self.record(request | ({"cut": len(body)} if len(body) > MOST_BODY else {}))
        return Response(code, answer.body, answer.headers)

    def record(self, request: dict[str, Json]) -> None:
        """Record what is known of a request."""
        with self._lock:
            self.requests.append(request)

    def settle(self, seconds: float = 1.0) -> None:
        """Wait until all connections are closed: what clients that have ended sent is then recorded."""
        if self._server is not None:
            server = self._server
            with server.changed:
                server.changed.wait_for(lambda: server.open == 0, seconds)

    def take(self) -> list[dict[str, Json]]:
        """Give the requests since the last time, in the order in which they came."""
        with self._lock:
            taken, self.requests = self.requests, []
        return taken


def _fits(answer: Answer, method: str, url: str) -> bool:
    if answer.method is not None and answer.method.upper() != method.upper():
        return False
    return answer.url is None or re.search(answer.url, url) is not None


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.open = 0
        self.changed = threading.Condition()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection, and count it meanwhile."""
        with self.changed:
            self.open += 1
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self.changed:
                self.open -= 1
                self.changed.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that goes away, or that speaks no HTTP."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    _host = ""
    """The host of a tunnel that it is the end of."""
    _asked = False
    """There was a request."""

    @property
    def _catcher(self) -> Catcher:
        catcher: Catcher = self.server.catcher  # type: ignore[attr-defined]  # see __enter__
        return catcher

    def finish(self) -> None:
        """Close the end of a tunnel, too, which is a socket of its own; note one that nothing came through."""
        if self._host and not self._asked:
            why = "HTTPS: it went away, perhaps as it does not trust the certificate"
            self._catcher.record({"method": "CONNECT", "url": f"https://{self._host}", "unseen": why})
        super().finish()
        if self.connection is not self.request:
            self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on standard error."""

    def __getattr__(self, name: str) -> Any:
        """Let every method be answered: the base class looks for ``do_PROPFIND``, and so on."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def do_CONNECT(self) -> None:
        """Be the end of a tunnel, if there is a certificate for it."""
        host = self.path.removesuffix(":443")
        authority = self._catcher.authority
        name = self.path.rpartition(":")[0].strip("[]")
        if authority is None or (context := authority.context(name)) is None:
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
        self._asked = True
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            body = self._chunks()
        else:
            length = self.headers.get("Content-Length", "0")
            body = self.rfile.read(min(int(length), MOST_READ)) if length.isdigit() else b""
        response = self._catcher.receive(self.command, self._url(), list(self.headers.items()), body)
        self._respond(response)

    def _respond(self, response: Response) -> None:
        body = response.body.encode()
        self.send_response(response.status_code)
        for name, values in (response.headers or {}).items():
            for value in values:
                self.send_header(name, value)
        if response.status_code not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and response.status_code not in (204, 304):
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
        while size := int(self.rfile.readline(80).split(b";")[0], 16):
            if len(out) + size > MOST_READ:
                break
            out += self.rfile.read(size)
            self.rfile.readline(80)
        while self.rfile.readline(8192).strip():
            pass  # trailers
        return bytes(out)
