"""GET requests for any number of threads: retries, limits, one client for all."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import TypeVar

from nogilcheck.frozen import frozen
from nogilcheck.index.http.clients import Clients
from nogilcheck.index.http.content_codings import unpacked, unpacked_whole
from nogilcheck.index.http.credentials import Credentials
from nogilcheck.index.http.failures import (
    PROXY_UNAUTHORIZED,
    PROXY_WANTS,
    REFUSALS,
    SilenceError,
    TransportError,
    impatient,
    lasting,
    out_of_time,
    refused,
    stopped,
    tls_failure,
    too_large,
)
from nogilcheck.index.http.freshness import MAX_DIGITS
from nogilcheck.index.http.hosts import Hosts
from nogilcheck.index.http.network_backend import Deadline, DeadlineError, DripError
from nogilcheck.index.http.raw_answer import RawAnswer
from nogilcheck.index.http.redirects import Messenger
from nogilcheck.model.time_limit import FOR_EVER, TimeLimit
from nogilcheck.model.urls import redact, without_credentials, without_userinfo

_log = logging.getLogger(__name__)

T = TypeVar("T")

RETRIES = 3
"""Further attempts after a connection error, a timeout, 429 or 5xx."""

BACKOFF_SECONDS = 0.25
"""Before the first retry; doubled for each further one, and with up to 50 % jitter."""

MAX_RETRY_AFTER = 20.0
"""Seconds; a server that asks for more (``Retry-After``) is treated as unreachable."""

RETRIED_STATUSES = frozenset({408, 429, *range(500, 600)}) - {501, 505, 506, 508, 510, 511}
"""408, 429 and 5xx, except those that another attempt would get again (RFC 9110, section 15.6)."""

SLOW_SECONDS = 30.0
"""For so long a body may drip."""

SLOW_BYTES_PER_SECOND = 200
"""On average since it began: less is dripping. Sixteen bodies at a time are 26 kbit/s, less than an old modem's."""

_OK = 200
_IDENTITY = {"Accept-Encoding": "identity"}

_NO_CONNECTION = ("ConnectError", "ConnectTimeout", "ProxyError")
"""Client errors before anything was sent to the host."""

_NOT_TO_BE_RETRIED = ("UnsupportedProtocol", "InvalidURL", "DecodingError", "EncodingError")
"""Client errors that another attempt would meet again."""


@frozen
class Response:
    """An answer, whatever its status."""

    status: int
    headers: Mapping[str, str]
    """Case-insensitive."""
    content: bytes
    packed: bytes | None
    """The content as it came, where it came compressed with gzip, in one piece."""
    url: str
    """Where it came from after redirects; no userinfo."""
    sent: tuple[str | None, ...] = (None,)
    """The ``Authorization`` of the request and of those that it was redirected to."""

    @property
    def authorized(self) -> bool:
        """Whether credentials were sent for it."""
        return self.sent[-1] is not None


class Transport:
    """Clients that any number of threads share.

    Raises `UsageError` for proxies or certificate authorities in the environment that make no sense; see `Clients`.
    """

    def __init__(self, *, threads: int, credentials: Credentials | None = None, limit: TimeLimit = FOR_EVER) -> None:
        self._credentials = credentials or Credentials()
        self._limit = limit
        self._clock = time.monotonic
        deadline = Deadline(limit)
        self._clients = Clients(threads=threads, deadline=deadline)
        self._hosts = Hosts(threads)
        self._messenger = Messenger(
            clients=self._clients, credentials=self._credentials, deadline=deadline, hosts=self._hosts
        )
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self.bytes = 0
        """Of bodies, received so far, decoded."""

    @property
    def requests(self) -> int:
        """Sent so far, retries included."""
        return self._messenger.requests

    def get(self, url: str, *, limit: int, headers: Mapping[str, str] | None = None) -> Response:
        """The answer to a GET, its body at most ``limit`` bytes. Raises `TransportError`."""

        def read(raw: RawAnswer) -> Iterator[Response]:
            arrived = b"".join(self._arriving(raw, url, limit))
            coding = raw.headers.get("content-encoding", "")
            content = unpacked_whole(arrived, coding, most=limit)
            packed = None if content is None else arrived
            if content is None:
                content = b"".join(self._unpacked((arrived,), raw, url, limit))
            else:
                self._count(len(content))
            yield Response(
                status=raw.status,
                headers=raw.headers,
                content=content,
                packed=packed,
                url=without_userinfo(raw.url),
                sent=(*raw.before, raw.authorization),
            )

        (response,) = self._attempts(url, headers or {}, read)
        return response

    def stream(self, url: str, *, limit: int) -> Iterator[bytes]:
        """The body of a GET, piece by piece, at most ``limit`` bytes; any status but 200 raises `TransportError`.

        After an attempt that ended midway the next one drops what was there already. Close the iterator to stop early.
        """
        given = 0

        def read(raw: RawAnswer) -> Iterator[bytes]:
            nonlocal given
            if raw.status != _OK:
                raise refused(url, raw.status, authorized=raw.authorization is not None)
            position = 0
            for piece in self._unpacked(self._arriving(raw, url, limit), raw, url, limit):
                position += len(piece)
                if position > given:
                    yield piece[given - position :]
                    given = position

        return self._attempts(url, _IDENTITY, read)

    def close(self) -> None:
        """End every wait and close the connections; requests under way fail."""
        self._closed.set()
        self._clients.close()

    def _attempts(self, url: str, headers: Mapping[str, str], read: Callable[[RawAnswer], Iterator[T]]) -> Iterator[T]:
        """Send the request until an answer is worth reading; what ``read`` gives. Raises `TransportError`."""
        for attempt in range(RETRIES + 1):
            try:
                with self._hosts.slots(url), self._translated(url), self._sent(url, headers) as raw:
                    delay = self._retry_delay(raw, url, attempt)
                    if delay is None:
                        yield from read(raw)
                        return
                    _log.debug("%s: HTTP status %d", without_credentials(url), raw.status)
            except SilenceError as error:
                _log.debug("%s", error)
                delay = self._delay_after(error, url, attempt)
            _log.debug("%s: attempt %d in %.1f s", without_credentials(url), attempt + 2, delay)
            if self._pause(delay):
                break
        raise stopped(url)

    @contextmanager
    def _sent(self, url: str, headers: Mapping[str, str]) -> Iterator[RawAnswer]:
        if self._closed.is_set():
            raise stopped(url)
        if self._limit.is_reached():
            raise out_of_time(self._limit)
        self._hosts.check(url)
        with self._messenger.send(url, headers) as raw:
            yield raw

    def _pause(self, seconds: float) -> bool:
        """Wait; true when the transport was closed meanwhile."""
        left = self._limit.left
        return self._closed.wait(seconds if left is None else min(seconds, left))

    def _delay_after(self, error: SilenceError, url: str, attempt: int) -> float:
        """Seconds to wait after an attempt that brought no answer. Raises the error when it was the last one."""
        self._hosts.has_been_silent(url, error)
        if attempt == RETRIES or not error.passing:
            self._hosts.has_failed(url, error)
            raise error
        return _delay(attempt, None)

    def _retry_delay(self, raw: RawAnswer, url: str, attempt: int) -> float | None:
        """Seconds to wait after a status that may pass; ``None`` for any other status."""
        if raw.status in REFUSALS and attempt < RETRIES:
            return 0.0 if self._credentials.after_refusal(raw.url, raw.authorization) else None
        if raw.status not in RETRIED_STATUSES:
            return None
        delay = _delay(attempt, raw.headers.get("retry-after"))
        if delay > MAX_RETRY_AFTER:
            error = impatient(url, raw.status, delay)
            self._hosts.has_put_off(url, error)
            raise error
        if attempt == RETRIES:
            raise refused(url, raw.status)
        return delay

    def _arriving(self, raw: RawAnswer, url: str, limit: int) -> Iterator[bytes]:
        announced = raw.headers.get("content-length", "")
        if announced.isdecimal() and (len(announced) > MAX_DIGITS or int(announced) > limit):
            raise too_large(url, limit)
        return _at_most(limit, self._lively(raw.pieces), url)

    def _unpacked(self, pieces: Iterable[bytes], raw: RawAnswer, url: str, limit: int) -> Iterator[bytes]:
        coding = raw.headers.get("content-encoding", "")
        self._count((yield from _at_most(limit, unpacked(pieces, coding), url)))

    def _count(self, received: int) -> None:
        with self._lock:
            self.bytes += received

    def _lively(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The same pieces. Raises `DeadlineError` when they have been dripping for long."""
        began, received = self._clock(), 0
        for piece in pieces:
            received += len(piece)
            lasted = self._clock() - began
            if lasted > SLOW_SECONDS and received < lasted * SLOW_BYTES_PER_SECOND:
                raise DripError(
                    f"less than {SLOW_BYTES_PER_SECOND} bytes per second came in {SLOW_SECONDS:.0f} seconds"
                )
            yield piece

    @contextmanager
    def _translated(self, url: str) -> Iterator[None]:
        """Turn the client's errors into ours."""
        try:
            yield
        except Exception as error:
            if self._closed.is_set():  # whatever the client says of a connection that was closed under it
                raise stopped(url) from None
            if self._limit.was_reached and not isinstance(error, TransportError):
                raise out_of_time(self._limit) from None
            if not isinstance(error, (*self._clients.errors, OSError, UnicodeError, RuntimeError)):
                raise
            kind, reason = type(error).__name__, redact(str(error)) or type(error).__name__
            # The status line of the proxy is all that the client tells.
            if kind == "ProxyError" and str(PROXY_UNAUTHORIZED) in reason.split():
                raise lasting(url, f"{reason}: {PROXY_WANTS}") from None
            if why := tls_failure(error):
                raise lasting(url, f"{reason}: {why}") from None
            if kind in _NOT_TO_BE_RETRIED:
                raise lasting(url, reason) from None
            slow = isinstance(error, DeadlineError)
            connected = slow or not (isinstance(error, OSError) or kind in _NO_CONNECTION)
            dripping = isinstance(error, DripError)
            raise SilenceError(url, reason, connected=connected, passing=not slow, dripping=dripping) from None


def _at_most(limit: int, pieces: Iterable[bytes], url: str) -> Generator[bytes, None, int]:
    """The same pieces; returns the bytes in them. Raises the error of a body that is too large."""
    received = 0
    for piece in pieces:
        received += len(piece)
        if received > limit:
            raise too_large(url, limit)
        yield piece
    return received


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
