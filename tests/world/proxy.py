"""A proxy for TLS on the loopback interface (CONNECT, RFC 9110, section 9.3.6)."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(eq=False)
class Proxy:
    """A running proxy, and what it was asked for."""

    address: str
    """``127.0.0.1:PORT``."""
    authorization: str | None = None
    """What it wants as ``Proxy-Authorization``; else it answers 407."""
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    """Host and port, and the headers, names in lower case."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_CONNECT(self) -> None:
        proxy = self.server.proxy
        headers = {name.lower(): value for name, value in self.headers.items()}
        proxy.asked.append((self.path, headers))
        self.close_connection = True
        if proxy.authorization not in {None, headers.get("proxy-authorization")}:
            self.send_error(407)
            return
        # Whatever the name: nothing but this machine is ever connected to.
        with socket.create_connection(("127.0.0.1", int(self.path.rpartition(":")[2]))) as there:
            self.send_response(200)
            self.end_headers()
            back = Thread(target=_pump, args=(there, self.connection))
            back.start()
            _pump(self.connection, there)
            back.join()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    proxy: Proxy


@contextmanager
def run_proxy(authorization: str | None = None) -> Iterator[Proxy]:
    """A proxy until the block ends. It ends with the connections of its clients: close them first."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.proxy = Proxy(f"127.0.0.1:{server.server_address[1]}", authorization)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="proxy")
    thread.start()
    try:
        yield server.proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
