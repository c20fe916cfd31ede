"""Ordinary GET requests over HTTP/1.1: by `http.client`, on connections that are kept.

A cold run is hundreds of them, and a general client takes more processor time for each than all that is done with its
answer. Whatever is not ordinary is left to `nogilcheck.index.http.httpx_client`.
"""

from __future__ import annotations

import io
import re
import select
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from typing import Any
from urllib.parse import urljoin

from nogilcheck.index.http import network_backend
from nogilcheck.index.http.network_backend import (
    CONNECT_SECONDS,
    KEEP_ALIVE_SECONDS,
    Deadline,
    DeadlineError,
    LookUpOnce,
)
from nogilcheck.index.http.raw_answer import AUTHORIZATION, USUAL_HEADERS, RawAnswer

PIECE = 64 * 1024
"""Bytes of a body that are asked for at a time."""

_ORDINARY = re.compile(
    r"(https?)://([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?::([0-9]{1,5}))?((?:/(?!\.)(?:%[0-9A-Fa-f]{2}|[\w.~!$&'()*+,;=:@-])*)+)"
    r"(\?(?:%[0-9A-Fa-f]{2}|[\w.~!$&'()*+,;=:@/?-])*)?",
    re.ASCII,
)
"""Scheme, host, port, path, query: nothing that would have to be encoded, and no fragment, userinfo or dot segment."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_DEFAULT_PORTS = {"http": 80, "https": 443}

_Origin = tuple[str, str, int]


class AnswerError(RuntimeError):
    """There was a connection, and no whole answer came over it."""


class UnusualError(Exception):
    """The answer is one that `http.client` does not know how to read; nothing of it was used."""


def is_ordinary(url: str) -> bool:
    """Whether `PlainClient` can ask for this URL."""
    return _ORDINARY.fullmatch(url) is not None


class PlainClient:
    """For any number of threads. Every answer is read by the thread that asked."""

    errors = (AnswerError,)

    def __init__(self, *, context: ssl.SSLContext, deadline: Deadline) -> None:
        self._network = LookUpOnce(_Sockets(), deadline)
        self._context = context
        self._lock = threading.Lock()
        self._idle: dict[_Origin, list[tuple[float, _Connection]]] | None = {}
        """``None`` once it is closed."""

    @contextmanager
    def stream(self, url: str, headers: Mapping[str, str]) -> Iterator[RawAnswer]:
        """The answer to a GET of an ordinary URL, its body still to be read.

        Raises `OSError` when there is no connection, then `AnswerError`, `DeadlineError` and `UnusualError`.
        """
        found = _ORDINARY.fullmatch(url)
        assert found is not None
        scheme, host, port, path, query = found.groups()
        origin = scheme, host, int(port or _DEFAULT_PORTS[scheme])
        connection = self._take(origin)
        is_done = False
        try:
            with _told():
                connection.request("GET", path + (query or ""), headers={"Accept": "*/*", **USUAL_HEADERS, **headers})
                response = connection.getresponse()
            _check(response)
            location = response.headers.get("location") if response.status in _REDIRECTS else None
            yield RawAnswer(
                status=response.status,
                headers=_Headers(response.headers.items()),
                pieces=_pieces(response),
                url=url,
                location=None if location is None else _joined(url, location),
                authorization=headers.get(AUTHORIZATION),
            )
            is_done = not response.will_close and (response.isclosed() or response.length == 0)
            response.close()
        finally:
            with self._lock:
                is_kept = is_done and self._idle is not None
                if is_done and self._idle is not None:
                    self._idle.setdefault(origin, []).append((time.monotonic(), connection))
            if not is_kept:
                connection.end()

    def close(self) -> None:
        """Close every connection; requests under way fail, and none is begun any more."""
        self._network.close()
        with self._lock:
            idle, self._idle = self._idle or {}, None
        for _, connection in (kept for each in idle.values() for kept in each):
            connection.end()

    def _take(self, origin: _Origin) -> _Connection:
        """A connection that is kept, or a new one, open. Raises `OSError`."""
        while True:
            with self._lock:
                kept = self._idle.get(origin) if self._idle is not None else None
                since, connection = kept.pop() if kept else (0.0, None)
            if connection is None:
                break
            if time.monotonic() - since < KEEP_ALIVE_SECONDS and not connection.has_ended():
                return connection
            connection.end()
        connection = _Connection(origin, self._network, self._context)
        connection.connect()
        return connection


class _Connection(HTTPConnection):
    """One whose socket keeps to the deadline of the thread that uses it."""

    def __init__(self, origin: _Origin, network: LookUpOnce, context: ssl.SSLContext) -> None:
        scheme, host, port = origin
        super().__init__(host, port)
        self.default_port = _DEFAULT_PORTS[scheme]
        self._context = context if scheme == "https" else None
        self._network = network
        self._stream: Any = None

    def connect(self) -> None:
        """Open the connection. Raises `OSError`, also for a TLS handshake that fails."""
        stream = self._network.connect_tcp(self.host, self.port, CONNECT_SECONDS)
        if self._context is not None:
            stream = stream.start_tls(self._context, self.host, CONNECT_SECONDS)
        self._stream = stream
        self.sock: Any = _Endpoint(stream)

    def has_ended(self) -> bool:
        """Whether the server has closed it, or says something that nobody asked for."""
        endpoint = self._stream.get_extra_info("socket")
        if hasattr(select, "poll"):  # which has no limit on the number of a file descriptor
            poll = select.poll()
            poll.register(endpoint, select.POLLIN)
            return bool(poll.poll(0))
        return bool(select.select([endpoint], [], [], 0)[0])

    def end(self) -> None:
        """Close the connection. `close` does not: `http.client` calls it where it still reads an answer."""
        self.close()
        if self._stream is not None:
            self._stream.close()


class _Endpoint:
    """What `http.client` sees of a connection."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def sendall(self, data: bytes) -> None:
        self._stream.write(data)

    def makefile(self, _: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self._stream))

    def close(self) -> None:
        """The connection is left to its owner."""


class _Incoming(io.RawIOBase):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer), network_backend.READ_SECONDS)
        buffer[: len(data)] = data
        return len(data)


class _Sockets:
    """A network backend (see `NetworkBackend`) of plain sockets."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002  as httpcore calls it
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> _Socket:
        """Open a connection to an address. Raises `OSError`."""
        endpoint = socket.create_connection((host, port), timeout)
        endpoint.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return _Socket(endpoint)


class _Socket:
    def __init__(self, endpoint: socket.socket) -> None:
        self._endpoint = endpoint

    def read(self, most: int, timeout: float | None) -> bytes:
        self._endpoint.settimeout(timeout)
        return self._endpoint.recv(most)

    def write(self, data: bytes) -> None:
        self._endpoint.settimeout(network_backend.READ_SECONDS)
        self._endpoint.sendall(data)

    def start_tls(self, context: ssl.SSLContext, name: str, timeout: float | None) -> _Socket:
        self._endpoint.settimeout(timeout)
        try:
            return _Socket(context.wrap_socket(self._endpoint, server_hostname=name))
        except Exception:
            self._endpoint.close()
            raise

    def get_extra_info(self, _: str) -> socket.socket:
        return self._endpoint

    def close(self) -> None:
        self._endpoint.close()


class _Headers(dict[str, str]):
    """By lower-case name; what came several times is joined (RFC 9110, section 5.3)."""

    def __init__(self, items: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        for name, value in items:
            key = name.lower()
            self[key] = f"{self[key]}, {value.strip()}" if key in self else value.strip()

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name.lower(), default)


def _check(response: HTTPResponse) -> None:
    """Refuse what is not clear about where the answer ends (RFC 9112, section 6.3)."""
    if response.status < 200:  # interim answers (RFC 9110, section 15.2)
        raise UnusualError
    lengths = set(response.headers.get_all("content-length", ()))
    coding = response.headers.get("transfer-encoding")
    if response.headers.defects or len(lengths) > 1 or not all(each.isdecimal() for each in lengths):
        raise AnswerError("the head of the answer is malformed")
    if coding is not None and coding.lower() != "chunked":
        raise UnusualError


def _pieces(response: HTTPResponse) -> Iterator[bytes]:
    with _told():
        while piece := response.read1(PIECE):
            yield piece
        if response.length:
            raise IncompleteRead(b"", response.length)


def _joined(url: str, location: str) -> str:
    """The URL that a redirect leads to; servers write it in UTF-8."""
    try:
        return urljoin(url, location.encode("latin-1").decode("utf-8", "replace").strip())
    except ValueError as error:
        raise AnswerError(f"it redirects to an invalid URL: {error}") from None


@contextmanager
def _told() -> Iterator[None]:
    """Turn what goes wrong once there is a connection into `AnswerError`."""
    try:
        yield
    except DeadlineError:
        raise
    except IncompleteRead as error:
        raise AnswerError("the answer ends too early") from error
    except OSError as error:
        raise AnswerError(str(error) or type(error).__name__) from error
    except HTTPException as error:
        raise AnswerError(f"the answer is not HTTP/1.1 ({type(error).__name__})") from error
