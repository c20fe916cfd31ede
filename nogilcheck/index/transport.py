"""GET requests for any number of threads: retries, redirects, credentials, limits."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar

from nogilcheck.index.client import open_client
from nogilcheck.index.credentials import Credentials, Origin, origin
from nogilcheck.index.gate import Gate
from nogilcheck.index.ranges import ReadError
from nogilcheck.model.artifact import Missing, MissingKind
from nogilcheck.model.urls import redact, without_credentials, without_userinfo

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

BODY_SECONDS = 120.0
"""For one whole body: a server that drips never ends a read timeout."""

RETRIES = 3
"""Further attempts after a connection error, a timeout, 429 or 5xx."""

BACKOFF_SECONDS = 0.25
"""Before the first retry; doubled for each further one, and spread by up to half lest threads march in step."""

MAX_RETRY_AFTER = 20.0
"""Seconds; a server that asks for more (``Retry-After``) is treated as unreachable."""

RETRIED_STATUSES = frozenset({429, 500, 502, 503, 504})

_NOT_TO_BE_RETRIED = ("UnsupportedProtocol", "TooManyRedirects", "InvalidURL", "DecodingError")
"""Client errors that another attempt would meet again."""


class TransportError(ReadError):
    """No usable answer; ``missing`` says why, and names the URL without credentials."""

    def __init__(self, kind: MissingKind, text: str) -> None:
        super().__init__(Missing(kind=kind, text=text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer, whatever its status."""

    status: int
    headers: Mapping[str, str]
    """Case-insensitive."""
    content: bytes
    url: str
    """Where it came from after redirects; no credentials."""


class Transport:
    """One shared client for any number of threads.

    Proxies come from the environment (``HTTPS_PROXY``, ``NO_PROXY``, ...), certificate authorities from
    ``SSL_CERT_FILE``, ``REQUESTS_CA_BUNDLE`` or ``SSL_CERT_DIR``. Raises `UsageError` when those make no sense.
    """

    def __init__(self, *, threads: int, credentials: Credentials | None = None) -> None:
        self._threads = threads
        self._credentials = credentials or Credentials()
        self._httpx, self._client = open_client(threads)
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._gates: dict[Origin, Gate] = {}
        self._answering: set[Origin] = set()
        self._dead: dict[Origin, Missing] = {}
        self.requests = 0
        """Sent so far, retries included."""
        self.bytes = 0
        """Of bodies, received so far, decoded."""

    @property
    def width(self) -> int:
        """How many requests are worth having under way at the same time, as far as is known."""
        return max((gate.width for gate in tuple(self._gates.values())), default=1)

    def get(self, url: str, *, limit: int, headers: Mapping[str, str] | None = None) -> Response:
        """The answer to a GET, its body at most ``limit`` bytes. Raises `TransportError`."""

        def read(raw: httpx.Response) -> Response:
            content = b"".join(self._pieces(raw, url, limit))
            return Response(
                status=raw.status_code, headers=raw.headers, content=content, url=without_userinfo(str(raw.url))
            )

        return self._attempts(url, headers or {}, read)

    def stream(self, url: str, *, limit: int) -> Iterator[bytes]:
        """The body of a GET, piece by piece, at most ``limit`` bytes; any status but 200 raises `TransportError`.

        Attempts end with the first piece. Close the iterator to stop early.
        """
        gate = self._gate(url)
        for attempt in range(RETRIES + 1):
            last = attempt == RETRIES
            begun = False
            try:
                with gate.admitted():
                    self._check_alive(url)
                    sent = time.perf_counter()
                    with self._translated(url), self._send(url, _IDENTITY) as raw:
                        gate.answered(time.perf_counter() - sent)
                        delay = self._retry_delay(raw, url, attempt)
                        if delay is None:
                            if raw.status_code != _OK:
                                raise refused(url, raw.status_code)
                            for piece in self._pieces(raw, url, limit):
                                begun = True
                                yield piece
                            return
            except _Retriable as error:
                if begun or last:
                    self._bury(url, error.missing)
                    raise
                delay = _delay(attempt, None)
            if self._pause(delay):
                break
        raise _stopped(url)

    def close(self) -> None:
        """End every wait and close the connections; requests under way fail."""
        self._closed.set()
        self._client.close()

    def _attempts(self, url: str, headers: Mapping[str, str], read: Callable[[httpx.Response], T]) -> T:
        gate = self._gate(url)
        for attempt in range(RETRIES + 1):
            try:
                with gate.admitted():
                    self._check_alive(url)
                    sent = time.perf_counter()
                    with self._translated(url), self._send(url, headers) as raw:
                        gate.answered(time.perf_counter() - sent)
                        delay = self._retry_delay(raw, url, attempt)
                        if delay is None:
                            return read(raw)
            except _Retriable as error:
                if attempt == RETRIES:
                    self._bury(url, error.missing)
                    raise
                delay = _delay(attempt, None)
            if self._pause(delay):
                break
        raise _stopped(url)

    def _pause(self, seconds: float) -> bool:
        """Wait; true when the transport was closed meanwhile."""
        return self._closed.wait(seconds)

    def _retry_delay(self, raw: httpx.Response, url: str, attempt: int) -> float | None:
        """Seconds to wait after a status that may pass; ``None`` for any other status."""
        if raw.status_code not in RETRIED_STATUSES:
            return None
        delay = _delay(attempt, raw.headers.get("retry-after"))
        if attempt == RETRIES or delay > MAX_RETRY_AFTER:
            raise refused(url, raw.status_code)
        return delay

    @contextmanager
    def _send(self, url: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        bare = self._credentials.learn(url)
        authorization = self._credentials.authorization(bare)
        if authorization is not None:
            headers = {**headers, "Authorization": authorization}
        with self._lock:
            self.requests += 1
        with self._client.stream("GET", bare, headers=headers) as raw:
            self._alive(url)
            yield raw

    def _pieces(self, raw: httpx.Response, url: str, limit: int) -> Iterator[bytes]:
        deadline = time.monotonic() + BODY_SECONDS
        received = 0
        announced = raw.headers.get("content-length", "")
        if announced.isdigit() and int(announced) > limit:
            raise too_large(url, limit)
        for piece in raw.iter_bytes():
            received += len(piece)
            if received > limit:
                raise too_large(url, limit)
            if time.monotonic() > deadline:
                raise TransportError(
                    MissingKind.UNREACHABLE, f"{without_credentials(url)} did not end within {BODY_SECONDS:.0f} s"
                )
            yield piece
        with self._lock:
            self.bytes += received

    @contextmanager
    def _translated(self, url: str) -> Iterator[None]:
        """Turn the client's errors into ours."""
        httpx = self._httpx
        try:
            yield
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError, RuntimeError) as error:
            if self._closed.is_set():
                raise _stopped(url) from None
            reason = redact(str(error)) or type(error).__name__
            text = f"{without_credentials(url)} did not answer: {reason}"
            if type(error).__name__ in _NOT_TO_BE_RETRIED or "CERTIFICATE_VERIFY_FAILED" in reason:
                raise TransportError(MissingKind.UNREACHABLE, text) from None
            raise _Retriable(MissingKind.UNREACHABLE, text) from None

    def _gate(self, url: str) -> Gate:
        key = _origin(url)
        gate = self._gates.get(key)
        if gate is None:
            with self._lock:
                gate = self._gates.setdefault(key, Gate(self._threads))
        return gate

    def _alive(self, url: str) -> None:
        key = _origin(url)
        if key not in self._answering:
            with self._lock:
                self._answering.add(key)
                self._dead.pop(key, None)

    def _bury(self, url: str, missing: Missing) -> None:
        """Every attempt failed at a host that never answered: the next hundred requests need not find out again."""
        key = _origin(url)
        with self._lock:
            if key not in self._answering:
                self._dead.setdefault(key, missing)

    def _check_alive(self, url: str) -> None:
        if self._closed.is_set():
            raise _stopped(url)
        dead = self._dead.get(_origin(url))
        if dead is not None:
            raise TransportError(dead.kind, dead.text)


class _Retriable(TransportError):
    """Another attempt may succeed."""


_OK = 200
_UNAUTHORIZED = 401
_FORBIDDEN = 403

_IDENTITY = {"Accept-Encoding": "identity"}


def refused(url: str, status: int) -> TransportError:
    """The error for an answer with a status that is of no use."""
    kind = MissingKind.FORBIDDEN if status in {_UNAUTHORIZED, _FORBIDDEN} else MissingKind.UNREACHABLE
    return TransportError(kind, f"{without_credentials(url)} answered with HTTP status {status}")


def too_large(url: str, limit: int) -> TransportError:
    """The error for a body over its limit."""
    return TransportError(MissingKind.TOO_LARGE, f"{without_credentials(url)} is larger than {limit:,} bytes")


def _stopped(url: str) -> TransportError:
    return TransportError(MissingKind.UNREACHABLE, f"{without_credentials(url)} was not read: the run was stopped")


def _origin(url: str) -> Origin:
    try:
        return origin(url)
    except ValueError:
        # Half a password may stand where the host should: nothing of it is quoted.
        text = "the address of an index or a file is no URL; in a password / # ? and @ must be percent-encoded"
        raise TransportError(MissingKind.UNREACHABLE, text) from None


def _delay(attempt: int, retry_after: str | None) -> float:
    """Seconds until the next attempt (RFC 9110, section 10.2.3: a number of seconds or a date)."""
    if retry_after is not None:
        try:
            return max(0.0, float(retry_after))
        except ValueError:
            pass
        try:
            return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
        except (ValueError, OverflowError):
            pass
    return float(BACKOFF_SECONDS * 2**attempt * (1 + random.random() / 2))  # noqa: S311 - not a secret
