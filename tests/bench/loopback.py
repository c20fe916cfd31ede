"""What the recorder and the replica have in common: a server on the loopback interface, with TLS."""

from __future__ import annotations

import ssl
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
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
    def answer(self, path: str, headers: Message) -> Answer:
        """The answer to a GET; called by many threads."""


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


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True
    site: Site
    context: ssl.SSLContext

    def get_request(self) -> tuple[Any, Any]:
        connection, address = super().get_request()
        # The handshake is made by the thread of the connection.
        return self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], OSError):  # a tool that has what it needs closes its connections
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, *_: Any) -> None:
        """Nothing is logged."""

    def setup(self) -> None:
        time.sleep(2 * self.server.site.latency)  # a round trip to connect, and one for the handshake
        super().setup()

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        status, body, headers = self.server.site.answer(unquote(self.path.partition("?")[0]), self.headers)
        self.send_response_only(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()


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
