"""The client for ordinary requests, where it differs from the other: see ``either_client`` for what both do."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from nogilcheck.index.http.clients import Clients, has_proxies
from nogilcheck.index.http.failures import TransportError
from nogilcheck.index.http.plain_client import is_ordinary
from nogilcheck.index.http.retrying_transport import Response, Transport
from tests.world import parse, serve

LIMIT = 1000
OK = b"HTTP/1.1 200 OK\r\n"
WHOLE = OK + b"Content-Length: 2\r\n\r\nok"


@pytest.fixture
def get() -> Iterator[Callable[..., Response]]:
    """Ask a server that gives these answers, the last one again and again, each on a connection of its own."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        answers: list[bytes] = []

        def answer(connection: socket.socket) -> None:
            with connection, suppress(OSError):  # which is reset where the client has had enough
                connection.recv(65536)
                connection.sendall(answers.pop(0) if len(answers) > 1 else answers[0])
                connection.shutdown(socket.SHUT_WR)
                connection.recv(1)

        def accept() -> None:
            with suppress(OSError):
                while True:  # one that a client keeps does not hold up the others
                    threading.Thread(target=answer, args=(server.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        http = Transport(threads=1)

        def ask(*given: bytes) -> Response:
            answers[:] = given
            return http.get(f"http://127.0.0.1:{server.getsockname()[1]}/x", limit=LIMIT)

        yield ask
        http.close()


@pytest.mark.parametrize(
    "answer",
    [
        WHOLE,
        OK + b"\r\nok",
        OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        OK + b"Content-Length: 2\r\ncontent-length: 2\r\n\r\nok",
        b"HTTP/1.0 200\r\nX: 1\r\n\r\nok",
        b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" + WHOLE,
        WHOLE + WHOLE.replace(b"ok", b"no"),
    ],
    ids=["length", "end", "chunked", "twice", "1.0", "interim", "more"],
)
def test_an_answer_in_any_of_its_forms(answer: bytes, get: Callable[..., Response]) -> None:
    assert [get(answer).content for _ in range(2)] == [b"ok", b"ok"]


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"Content-Length: 3\r\n\r\nok",
        OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        OK + b"Content-Length: -2\r\n\r\nok",
        OK + b"Content-Length: 2, 2\r\n\r\nok",
        OK + b"no header\r\nContent-Length: 2\r\n\r\nok",
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nok",
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nok",
        OK + b"X: 1\r\n" * 200 + b"\r\nok",
        OK + b"X: " + b"1" * 100_000 + b"\r\n\r\nok",
        b"SSH-2.0-x\r\n",
        b"",
    ],
    ids=["short", "two", "negative", "list", "no-header", "chunk", "no-chunk", "many", "long", "other", "nothing"],
)
def test_what_is_no_whole_answer_is_tried_again(answer: bytes, get: Callable[..., Response]) -> None:
    assert get(answer, WHOLE).content == b"ok"
    with pytest.raises(TransportError) as caught:
        get(answer)
    assert caught.value.missing.reason.isprintable()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://index.example/simple/a/", True),
        ("http://127.0.0.1:8080/files/a-1.0%2Bcpu-py3-none-any.whl?x=1/2", True),
        ("https://index.example", False),
        ("https://me:secret@index.example/simple/", False),
        ("https://index.example/a/../b", False),
        ("https://index.example/a b", False),
        ("https://index.example/a%zz", False),
        ("https://index.example/a#b", False),
        ("https://index.example/ä", False),
        ("https://münchen.example/", False),
        ("https://INDEX.example/", False),
        ("https://[::1]/a", False),
        ("https://index.example:99999999/a", False),
        ("https://index.example/a\r\nX: 1", False),
        ("https://index.example/a\n", False),
        ("ftp://index.example/a", False),
    ],
)
def test_only_what_needs_no_encoding_is_ordinary(url: str, expected: bool) -> None:
    assert is_ordinary(url) is expected


@pytest.mark.parametrize("name", ["HTTP_PROXY", "https_proxy", "ALL_PROXY"])
def test_with_a_proxy_nothing_is_ordinary(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not has_proxies()
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert has_proxies()


def test_a_check_opens_no_further_client_for_what_is_ordinary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Clients, "_open_httpx", None)
    with serve(parse('[projects.a]\n"1.0" = {}')) as index:
        http = Transport(threads=1)
        assert http.get(index.page_url("a"), limit=LIMIT * LIMIT).status == 200
        http.close()


def test_connections_are_kept_until_they_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(parse('[projects.a]\n"1.0" = {}')) as index:
        http = Transport(threads=1)
        idle = http._clients._plain._idle
        assert idle is not None
        for _ in range(3):
            http.get(index.page_url("a"), limit=LIMIT * LIMIT)
            (kept,) = idle.values()
            assert len(kept) == 1
        first = kept[0][1]
        first._stream.get_extra_info("socket").shutdown(socket.SHUT_RD)
        http.get(index.page_url("a"), limit=LIMIT * LIMIT)
        assert kept[0][1] is not first
        http.close()
        assert not http._clients._plain._idle
