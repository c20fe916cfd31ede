"""A package index on the loopback interface, in any shape, with faults on demand."""

from __future__ import annotations

import ssl
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import SHUT_RDWR, socket
from threading import Event, Lock, Thread
from time import monotonic
from urllib.parse import quote, unquote, urlsplit

from tests.world import archives
from tests.world.faults import Action, Close, Garbage, Hang, Rounds, Rule, Truncate, WrongLength, status
from tests.world.shape import SHAPES, Shape
from tests.world.site import Answer, Site
from tests.world.universe import Universe

AUTHORITY = Path(__file__).parents[2] / "fixtures" / "tls" / "authority.pem"
"""The certificate of the authority that vouches for servers with TLS."""

_CERTIFICATE = AUTHORITY.with_name("server.pem")

POLL_SECONDS = 0.01
"""How long stopping a server may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, and how it was answered."""

    method: str
    path: str
    """With the query, if any; as sent."""
    headers: Mapping[str, str] = field(repr=False)
    """Names in lower case."""
    status: int
    """0: the connection was closed without an answer."""
    bytes: int
    """Of the body, as sent."""
    began: float = field(default=0.0, compare=False)
    """When the request had come (`time.monotonic`)."""
    answered: float = field(default=0.0, compare=False)
    """Just before the first byte of the answer was sent: whatever was asked because of it began later."""

    @property
    def decoded_path(self) -> str:
        """The path alone, without percent-encoding."""
        return _decoded_path(self.path)

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status}"


def _decoded_path(target: str) -> str:
    return unquote(urlsplit(target).path)


class Index:
    """A running index: where it is, what it was asked, and what shall go wrong."""

    def __init__(self, universe: Universe, shape: Shape, base: str) -> None:
        self.base = base
        """``http://127.0.0.1:PORT``, or ``https://``."""
        self.shape = shape
        self.latency = shape.latency
        """Seconds before each answer; may be changed at any time."""
        self.closing = Event()
        self.errors: list[BaseException] = []
        self._lock = Lock()
        self._log: list[Request] = []
        self._rules: list[Rule] = []
        self._site = Site(universe, shape, base)

    @property
    def url(self) -> str:
        """The Simple API, ``.../simple/``."""
        return f"{self.base}/simple/"

    @property
    def links_url(self) -> str:
        """The flat page of every file, ``.../links/``."""
        return f"{self.base}/links/"

    @property
    def url_with_credentials(self) -> str:
        """The Simple API, with the shape's credentials as userinfo."""
        return self.with_userinfo(*(self.shape.credentials or ("", "")))

    def with_userinfo(self, user: str, password: str) -> str:
        """The Simple API, with this userinfo."""
        return self.url.replace("://", f"://{quote(user, safe='')}:{quote(password, safe='')}@", 1)

    @property
    def universe(self) -> Universe:
        """What is being served."""
        return self._site.universe

    def replace(self, universe: Universe) -> None:
        """Serve another universe from the next request on."""
        self._site = Site(universe, self.shape, self.base)

    def page_url(self, name: str) -> str:
        """The page of one project, of which the name is taken as it is."""
        return f"{self.url}{quote(name)}/"

    def url_of(self, filename: str) -> str:
        """Where a file is; raises `KeyError` for one that is not in the universe."""
        return f"{self.base}/files/{quote(self.universe.file(filename).filename)}"

    def sha256_of(self, filename: str) -> str:
        """Hexadecimal digest of a file; raises `KeyError` for one that is not in the universe."""
        return archives.sha256(self.universe.file(filename))

    def metadata_sha256_of(self, filename: str) -> str:
        """The same of what is served as its ``.metadata``."""
        return archives.metadata_sha256(self.universe.file(filename))

    @property
    def requests(self) -> tuple[Request, ...]:
        """Every request so far. One whose answer has arrived is in it."""
        with self._lock:
            return tuple(self._log)

    def asked(self, pattern: str = "*") -> tuple[Request, ...]:
        """The requests whose path (without the query) matches, as `fnmatch` does."""
        return tuple(request for request in self.requests if fnmatchcase(request.decoded_path, pattern))

    def forget(self) -> None:
        """Empty the log of requests."""
        with self._lock:
            self._log.clear()

    def fail(self, pattern: str, *, action: Action | int, times: int | None = None, part: str = "*") -> Rule:
        """Put an action in the way of requests whose path matches: always, or the next few times.

        A number is short for a status code. ``part``: a pattern for the ``Range`` header, which is empty where there
        is none. The rule given last goes first.
        """
        rule = Rule(pattern, status(action) if isinstance(action, int) else action, times, part)
        with self._lock:
            self._rules.insert(0, rule)
        return rule

    def hang(self, pattern: str) -> Hang:
        """Let requests hang until ``release()`` is called on what this returns."""
        hang = Hang()
        self.fail(pattern, action=hang)
        return hang

    def in_rounds(self, rounds: Sequence[Collection[str]]) -> Rounds:
        """Answer these paths round by round: see `Rounds`."""
        action = Rounds(rounds)
        self.fail("*", action=action)
        return action

    def heal(self) -> None:
        """Take every fault away; what hangs goes on."""
        with self._lock:
            rules, self._rules = self._rules, []
        for rule in rules:
            if isinstance(rule.action, (Hang, Rounds)):
                rule.action.release()

    def answer(self, target: str, headers: Mapping[str, str]) -> Answer:
        """What is said when nothing goes wrong."""
        return self._site.answer(target, headers)

    def fault(self, path: str, part: str = "") -> Action | None:
        """What goes wrong with a request for this path and part of it."""
        with self._lock:
            rules = tuple(self._rules)
        return next((rule.action for rule in rules if rule.take(path, part)), None)

    def log(self, request: Request) -> None:
        """Remember a request."""
        with self._lock:
            self._log.append(request)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server
    _began = 0.0

    def do_GET(self) -> None:
        index = self.server.index
        self._began = monotonic()
        headers = {name.lower(): value for name, value in self.headers.items()}
        index.closing.wait(index.latency)
        fault = index.fault(_decoded_path(self.path), headers.get("range", ""))
        if isinstance(fault, Hang):
            fault.entered.set()
            fault.released.wait()
            if index.closing.is_set():
                fault = Close()
        if isinstance(fault, Rounds):
            fault.hold(_decoded_path(self.path))
        if isinstance(fault, Close):
            self._log(headers, 0, 0)
            self.close_connection = True
            return
        answer = fault if isinstance(fault, Answer) else index.answer(self.path, headers)
        if isinstance(fault, Garbage):
            answer = replace(answer, body=fault.BYTES)
        self._send(answer, headers, fault)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _send(self, answer: Answer, headers: Mapping[str, str], fault: Action | None) -> None:
        body, length = answer.body, len(answer.body)
        if isinstance(fault, Truncate):
            body = body[: fault.keep]
        elif isinstance(fault, WrongLength):
            length = max(length + fault.by, 0)
        if isinstance(fault, (Truncate, WrongLength)):
            self.close_connection = True
        if self.command == "HEAD":
            body = b""
        # Before anything is sent: whoever has the answer finds the request in the log.
        self._log(headers, answer.status, len(body))
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(body)

    def _log(self, headers: Mapping[str, str], code: int, size: int) -> None:
        request = Request(
            method=self.command,
            path=self.path,
            headers=headers,
            status=code,
            bytes=size,
            began=self._began,
            answered=monotonic(),
        )
        self.server.index.log(request)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing; `Index.requests` is the log."""


class _Server(ThreadingHTTPServer):
    # Threads are waited for, so that no socket outlives the test that opened it.
    daemon_threads = False
    block_on_close = True
    request_queue_size = 128
    index: Index

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._open: set[socket] = set()
        self._open_lock = Lock()

    def process_request(self, request: socket, client_address: object) -> None:  # type: ignore[override]
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket) -> None:  # type: ignore[override]
        with self._open_lock:
            self._open.discard(request)
            super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        import sys

        error = sys.exception()
        # A client that goes away, or does not trust us, is its own business.
        if error is not None and not isinstance(error, (ConnectionError, ssl.SSLError)):
            self.index.errors.append(error)

    def stop(self) -> None:
        self.index.closing.set()
        self.index.heal()
        self.shutdown()
        with self._open_lock:
            for request in self._open:
                with suppress(OSError):
                    request.shutdown(SHUT_RDWR)
        self.server_close()


@contextmanager
def serve(universe: Universe, shape: Shape = SHAPES["pypi"], *, tls: bool | Path = False) -> Iterator[Index]:
    """Serve a universe on 127.0.0.1 until the block ends; an error in the server itself is raised then.

    ``tls``: with a certificate for 127.0.0.1 and localhost, of the authority in `AUTHORITY`; or with that of
    a file.
    """
    server = _Server()
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls if isinstance(tls, Path) else _CERTIFICATE)
        # The handshake waits for the first read, which is on the connection's own thread.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.index = Index(universe, shape, f"http{'s' * bool(tls)}://127.0.0.1:{server.server_address[1]}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": POLL_SECONDS}, name="index")
    thread.start()
    try:
        yield server.index
    finally:
        server.stop()
        thread.join()
    if server.index.errors:
        raise server.index.errors[0]
