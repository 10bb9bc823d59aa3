"""The catcher of HTTP requests: what it sees, records and answers."""

import http.client
import shutil
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from argosy.local import authority as authorities
from argosy.local import catcher as catchers
from argosy.local.catcher import Catcher
from argosy.simulate.scenario import Answer, Response
from argosy.simulate.shape import Regex

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl")


@pytest.fixture
def catcher() -> Iterator[Catcher]:
    """A catcher that listens, and sees no HTTPS."""
    with Catcher() as one:
        yield one


def send(catcher: Catcher, method: str, url: str, body: bytes | None = None) -> tuple[int, bytes]:
    """Make a request through the catcher as a proxy."""
    trusts = ssl.create_default_context(cafile=str(catcher.authority.certificate)) if catcher.authority else None
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({"http": catcher.url, "https": catcher.url}),
        urllib.request.HTTPSHandler(context=trusts),
    )
    request = urllib.request.Request(url, data=body, method=method, headers={"X-A": "b"})
    try:
        with opener.open(request, timeout=20) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_a_request_is_recorded_to_the_letter(catcher: Catcher) -> None:
    assert send(catcher, "POST", "http://status.example.com/x?y=1", "größer\n".encode()) == (200, b"")
    (request,) = catcher.take()
    assert request == {
        "method": "POST",
        "url": "http://status.example.com/x?y=1",
        "headers": {"Content-Type": "application/x-www-form-urlencoded", "X-A": "b"},
        "body": "größer\n",
        "answered": 200,
    }
    assert catcher.take() == [], "what was taken is gone"


def test_the_first_answer_that_fits_counts() -> None:
    answers = [
        Answer(Regex("status"), "PUT", Response(503, "busy", {"Retry-After": ["5"]})),
        Answer(Regex("status"), None, Response(201)),
        Answer(Regex("nothing"), "DELETE", Response(204)),
    ]
    with Catcher(answers) as catcher:
        assert send(catcher, "PUT", "http://status.example.com/", b"") == (503, b"busy")
        assert send(catcher, "POST", "http://status.example.com/", b"") == (201, b"")
        assert send(catcher, "DELETE", "http://nothing.example.com/") == (204, b"")
        assert send(catcher, "HEAD", "http://other.example.com/") == (200, b"")
        assert send(catcher, "PROPFIND", "http://other.example.com/") == (200, b"")
        assert [r["answered"] for r in catcher.take()] == [503, 201, 204, 200, 200]


@needs_openssl
def test_https_is_seen_by_who_trusts_it(tmp_path: Path) -> None:
    with Catcher(authority=authorities.create(tmp_path / "authority")) as catcher:
        assert send(catcher, "POST", "https://hooks.slack.com/services/T", b'{"text":"hi"}') == (200, b"ok")
        assert send(catcher, "GET", "https://10.0.0.1:8443/x") == (200, b"")
        assert [(r["url"], r["body"]) for r in catcher.take()] == [
            ("https://hooks.slack.com/services/T", '{"text":"hi"}'),
            ("https://10.0.0.1:8443/x", ""),
        ]


@needs_openssl
def test_https_is_a_host_and_a_reason_where_it_is_not_trusted(tmp_path: Path) -> None:
    with Catcher(authority=authorities.create(tmp_path / "authority")) as catcher:
        catcher_alone = Catcher()
        catcher_alone._server = catcher._server
        with pytest.raises(urllib.error.URLError):
            send(catcher_alone, "GET", "https://hooks.slack.com/")
        catcher.settle()
        (request,) = catcher.take()
        assert (request["method"], request["url"]) == ("CONNECT", "https://hooks.slack.com")
        assert "did not trust" in str(request["unseen"])


@needs_openssl
def test_a_tunnel_that_nothing_comes_through_is_noted(tmp_path: Path) -> None:
    with Catcher(authority=authorities.create(tmp_path / "authority")) as catcher:
        assert catcher.authority is not None
        host, _, port = catcher.url.removeprefix("http://").partition(":")
        connection = http.client.HTTPSConnection(
            host, int(port), timeout=20, context=ssl.create_default_context(cafile=str(catcher.authority.certificate))
        )
        connection.set_tunnel("hooks.slack.com")
        connection.connect()
        connection.close()
        catcher.settle()
        (request,) = catcher.take()
        assert request["url"] == "https://hooks.slack.com"
        assert "it went away" in str(request["unseen"])


def test_without_openssl_https_is_a_host(catcher: Catcher) -> None:
    with pytest.raises(OSError, match="502"):
        send(catcher, "GET", "https://hooks.slack.com/")
    assert catcher.take() == [{"method": "CONNECT", "url": "https://hooks.slack.com", "unseen": "HTTPS: only its host"}]


def test_a_mapped_url_stands_for_another(catcher: Catcher) -> None:
    with urllib.request.urlopen(catcher.mapped("https://hooks.example.com") + "/a?b=c", timeout=20) as response:
        assert response.status == 200
    assert catcher.take()[0]["url"] == "https://hooks.example.com/a?b=c"
    said = f"went to {catcher.mapped('https://hooks.example.com')}/a through {catcher.url}"
    assert catcher.restore(said) == "went to https://hooks.example.com/a through http://catcher"


def test_a_body_in_chunks_is_whole(catcher: Catcher) -> None:
    connection = http.client.HTTPConnection(catcher.url.removeprefix("http://"), timeout=20)
    connection.request("POST", "http://a.example.com/", body=iter([b"one ", b"two"]), encode_chunked=True)
    assert connection.getresponse().read() == b""
    connection.request("GET", "http://a.example.com/again")  # on the same connection
    assert connection.getresponse().read() == b""
    connection.close()
    assert [r["body"] for r in catcher.take()] == ["one two", ""]


def test_a_large_body_is_cut_and_said_to_be(catcher: Catcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catchers, "MOST_BODY", 10)
    send(catcher, "POST", "http://a.example.com/", b"x" * 1000)
    (request,) = catcher.take()
    assert (request["body"], request["cut"]) == ("x" * 10, 1000)


@pytest.mark.parametrize(
    "text",
    [
        b"\x16\x03\x01nonsense\r\n\r\n",
        b"POST http://a/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST http://a/ HTTP/1.1\r\nContent-Length: 100\r\n\r\nless",
        b"",
    ],
)
def test_nonsense_is_borne_in_silence(catcher: Catcher, text: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    host, _, port = catcher.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as client:
        client.sendall(text)
        client.shutdown(socket.SHUT_WR)
        while client.recv(1000):
            pass
    assert send(catcher, "GET", "http://b.example.com/") == (200, b"")
    assert capfd.readouterr() == ("", "")
