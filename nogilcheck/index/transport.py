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
from nogilcheck.index.encodings import unpacked
from nogilcheck.index.freshness import MAX_DIGITS
from nogilcheck.index.gate import Gate
from nogilcheck.index.lookup import Deadline, DeadlineError
from nogilcheck.index.ranges import ReadError
from nogilcheck.model.artifact import Missing, MissingKind
from nogilcheck.model.urls import redact, without_credentials, without_userinfo

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

HEAD_SECONDS = 60.0
"""From a request to the end of the head of its answer: a server that drips never ends a read timeout."""

BODY_SECONDS = 120.0
"""For the body that follows."""

RETRIES = 3
"""Further attempts after a connection error, a timeout, 429 or 5xx."""

CHANCES = 2
"""URLs of a host that never answers although it can be connected to, before the host is given up."""

BACKOFF_SECONDS = 0.25
"""Before the first retry; doubled for each further one, and spread by up to half lest threads march in step."""

MAX_RETRY_AFTER = 20.0
"""Seconds; a server that asks for more (``Retry-After``) is treated as unreachable."""

RETRIED_STATUSES = frozenset({408, 429, *range(500, 600)}) - {501, 505, 506, 508, 510, 511}
"""408, 429 and 5xx, but for those that say what the server cannot do at all (RFC 9110, section 15.6)."""

MAX_REDIRECTS = 10
"""From one host to the next, for one request."""

REDIRECT_BODY = 64 * 1024
"""Bytes of a redirect's body that are read and dropped to keep the connection; a longer one costs the connection."""

_NO_CONNECTION = ("ConnectError", "ConnectTimeout", "ProxyError")
"""Client errors before anything was sent to the host."""

_NOT_TO_BE_RETRIED = ("UnsupportedProtocol", "InvalidURL", "DecodingError", "EncodingError")
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
    """Where it came from after redirects; no userinfo."""
    authorized: bool = False
    """Whether credentials were sent for it."""


class Transport:
    """One shared client for any number of threads.

    Raises `UsageError` for proxies or certificate authorities in the environment that make no sense; see
    `nogilcheck.index.client`.
    """

    def __init__(self, *, threads: int, credentials: Credentials | None = None) -> None:
        self._threads = threads
        self._credentials = credentials or Credentials()
        self._deadline = Deadline()
        self._httpx, self._client = open_client(threads, self._deadline)
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._gates: dict[Origin, Gate] = {}
        self._answering: set[Origin] = set()
        self._failed: dict[Origin, int] = {}
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
                status=raw.status_code,
                headers=raw.headers,
                content=content,
                url=without_userinfo(str(raw.url)),
                authorized=_AUTHORIZATION in raw.request.headers,
            )

        return self._attempts(url, headers or {}, read)

    def stream(self, url: str, *, limit: int) -> Iterator[bytes]:
        """The body of a GET, piece by piece, at most ``limit`` bytes; any status but 200 raises `TransportError`.

        After an attempt that ended midway the next one drops what was there already. Close the iterator to stop early.
        """
        gate = self._gate(url)
        given = 0
        for attempt in range(RETRIES + 1):
            try:
                with gate.admitted():
                    self._check_alive(url)
                    sent = time.perf_counter()
                    with self._translated(url), self._send(url, _IDENTITY) as raw:
                        gate.answered(time.perf_counter() - sent)
                        delay = self._retry_delay(raw, url, attempt)
                        if delay is None:
                            if raw.status_code != _OK:
                                raise refused(url, raw.status_code, authorized=_AUTHORIZATION in raw.request.headers)
                            position = 0
                            for piece in self._pieces(raw, url, limit):
                                position += len(piece)
                                if position > given:
                                    yield piece[given - position :]
                                    given = position
                            return
            except _PassingError as error:
                if attempt == RETRIES:
                    self._bury(url, error)
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
            except _PassingError as error:
                if attempt == RETRIES:
                    self._bury(url, error)
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
        if raw.status_code in _REFUSALS and attempt < RETRIES:
            sent = raw.request.headers.get(_AUTHORIZATION)
            return 0.0 if self._credentials.after_refusal(str(raw.url), sent) else None
        if raw.status_code not in RETRIED_STATUSES:
            return None
        delay = _delay(attempt, raw.headers.get("retry-after"))
        if attempt == RETRIES or delay > MAX_RETRY_AFTER:
            raise refused(url, raw.status_code)
        return delay

    @contextmanager
    def _send(self, url: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """The answer after redirects. Each host on the way hears its own credentials and nobody else's."""
        target = self._credentials.learn(url)
        was_secure = False
        for _ in range(MAX_REDIRECTS + 1):
            with self._lock:
                self.requests += 1
            authorized = self._authorized(target, headers, was_secure)
            self._deadline.allow(HEAD_SECONDS)
            with self._client.stream("GET", target, headers=authorized) as raw:
                self._deadline.allow(BODY_SECONDS)
                self._alive(url)
                following = raw.next_request
                if following is None:
                    yield raw
                    return
                _drain(raw)
            was_secure |= target.startswith("https:")
            target = without_userinfo(str(following.url))
        raise TransportError(
            MissingKind.UNREACHABLE, f"{without_credentials(url)} was redirected more than {MAX_REDIRECTS} times"
        )

    def _authorized(self, target: str, headers: Mapping[str, str], was_secure: bool) -> Mapping[str, str]:  # noqa: FBT001
        if was_secure and not target.startswith("https:"):
            return headers  # nothing that was meant for TLS goes in the clear
        authorization = self._credentials.authorization(target)
        return headers if authorization is None else {**headers, _AUTHORIZATION: authorization}

    def _pieces(self, raw: httpx.Response, url: str, limit: int) -> Iterator[bytes]:
        received = 0
        announced = raw.headers.get("content-length", "")
        if announced.isdecimal() and (len(announced) > MAX_DIGITS or int(announced) > limit):
            raise too_large(url, limit)
        for piece in unpacked(raw.iter_raw(), raw.headers.get("content-encoding", "")):
            received += len(piece)
            if received > limit:
                raise too_large(url, limit)
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
            if type(error).__name__ == "ProxyError" and reason.startswith(str(_PROXY_UNAUTHORIZED)):
                raise TransportError(MissingKind.UNREACHABLE, f"{text}: {_PROXY_WANTS}") from None
            if isinstance(error, DeadlineError):
                raise TransportError(MissingKind.UNREACHABLE, text) from None
            if type(error).__name__ in _NOT_TO_BE_RETRIED or "CERTIFICATE_VERIFY_FAILED" in reason:
                raise TransportError(MissingKind.UNREACHABLE, text) from None
            connected = not isinstance(error, OSError) and type(error).__name__ not in _NO_CONNECTION
            raise _PassingError(text, connected=connected) from None

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

    def _bury(self, url: str, error: _PassingError) -> None:
        """Every attempt failed at a host that never answered: the next hundred requests need not find out again.

        One that can be connected to may fail for some URLs only, and gets another chance.
        """
        key = _origin(url)
        with self._lock:
            if key not in self._answering:
                self._failed[key] = self._failed.get(key, 0) + 1
                if not error.connected or self._failed[key] >= CHANCES:
                    self._dead.setdefault(key, error.missing)

    def _check_alive(self, url: str) -> None:
        if self._closed.is_set():
            raise _stopped(url)
        dead = self._dead.get(_origin(url))
        if dead is not None:
            raise TransportError(dead.kind, dead.text)


class _PassingError(TransportError):
    """Another attempt may succeed."""

    def __init__(self, text: str, *, connected: bool) -> None:
        super().__init__(MissingKind.UNREACHABLE, text)
        self.connected = connected
        """Whether there was a connection at all."""


_OK = 200
_UNAUTHORIZED = 401
_PROXY_UNAUTHORIZED = 407
_REFUSALS = frozenset({_UNAUTHORIZED, 403})

_AUTHORIZATION = "Authorization"

_IDENTITY = {"Accept-Encoding": "identity"}


def refused(url: str, status: int, *, authorized: bool = False) -> TransportError:
    """The error for an answer with a status that is of no use.

    ``authorized``: whether credentials were sent.
    """
    kind = MissingKind.FORBIDDEN if status in _REFUSALS else MissingKind.UNREACHABLE
    text = f"{without_credentials(url)} answered with HTTP status {status}"
    if status in _REFUSALS:
        text = f"{text}: {_NOT_ACCEPTED if authorized else _NOT_AUTHORIZED}"
    elif status == _PROXY_UNAUTHORIZED:
        text = f"{text}: {_PROXY_WANTS}"
    return TransportError(kind, text)


_NOT_ACCEPTED = "it does not accept the credentials that it was given"
_NOT_AUTHORIZED = (
    "no credentials are known for it; write them into its URL (https://USER:PASSWORD@...) or the netrc file, "
    "or set PIP_KEYRING_PROVIDER=subprocess for those in the keyring"
)
_PROXY_WANTS = "the proxy wants credentials; write them into HTTPS_PROXY or HTTP_PROXY (http://USER:PASSWORD@...)"


def _drain(raw: httpx.Response) -> None:
    """Read what follows a redirect, so that the connection can be used again."""
    read = 0
    for piece in raw.iter_raw():
        read += len(piece)
        if read > REDIRECT_BODY:
            break


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
