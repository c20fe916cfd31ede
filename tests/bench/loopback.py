"""What the recorder and the replica have in common: a server on the loopback interface, with TLS."""

from __future__ import annotations

import socket
import ssl
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any, NamedTuple
from urllib.parse import unquote

from tests.world.server import AUTHORITY

JSON = "application/vnd.pypi.simple.v1+json"

PYPI, MIRROR = "simple", "mirror"
"""First parts of paths: pages as PyPI serves them, and those of a plain mirror (no core metadata, ETag or gzip)."""


class Answer(NamedTuple):
    """One answer."""

    status: int = 404
    body: bytes = b""
    headers: Mapping[str, str] = {}


class Site(ABC):
    """Something to serve."""

    url = ""
    """Of the server, without a slash at the end."""
    latency = 0.0
    """Seconds of a round trip."""

    @abstractmethod
    def answer(self, path: str, headers: Mapping[str, str]) -> Answer:
        """The answer to a GET; ``headers`` have names in lower case. Called by many threads."""


def ranged(archive: Path, asked: str | None) -> Answer:
    """A part of a file (RFC 9110, section 14.2), or all of it where none is asked for."""
    unit, _, places = (asked or "").partition("=")
    first, _, last = places.partition("-")
    if unit != "bytes" or not (first or last):
        return Answer(200, archive.read_bytes(), {"Accept-Ranges": "bytes"})
    size = archive.stat().st_size
    begin = int(first) if first else max(0, size - int(last))
    end = min(int(last) + 1, size) if first and last else size
    with archive.open("rb") as stream:  # a sparse one may be huge
        stream.seek(begin)
        return Answer(206, stream.read(end - begin), {"Content-Range": f"bytes {begin}-{end - 1}/{size}"})


class _Server(ThreadingTCPServer):
    request_queue_size = 128
    daemon_threads = True
    site: Site
    context: ssl.SSLContext

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], OSError):  # a tool that has what it needs closes its connections
            super().handle_error(request, client_address)


class _Handler(BaseRequestHandler):
    """The GETs and HEADs of one connection: `http.server` takes so long that uv would wait for it."""

    server: _Server

    def handle(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        time.sleep(2 * self.server.site.latency)  # a round trip to connect, and one for the handshake
        with self.server.context.wrap_socket(self.request, server_side=True) as stream:
            arrived = b""
            while piece := stream.recv(65536):
                arrived += piece
                while (end := arrived.find(b"\r\n\r\n")) >= 0:
                    stream.sendall(self._answered(arrived[:end].decode("latin-1")))
                    arrived = arrived[end + 4 :]

    def _answered(self, head: str) -> bytes:
        request, *lines = head.split("\r\n")
        method, target, _ = request.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status, body, own = self.server.site.answer(unquote(target.partition("?")[0]), headers)
        sent = {"Content-Length": str(len(body)), **own}
        first = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
        described = first + "".join(f"{name}: {value}\r\n" for name, value in sent.items()) + "\r\n"
        return described.encode("latin-1") + (b"" if method == "HEAD" else body)


@contextmanager
def serve(site: Site) -> Iterator[str]:
    """Serve until the end of the block; the URL."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(AUTHORITY.with_name("server.pem"))
    server = _Server(("127.0.0.1", 0), _Handler)
    server.site, server.context = site, context
    site.url = f"https://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield site.url
    finally:
        server.shutdown()
        server.server_close()
