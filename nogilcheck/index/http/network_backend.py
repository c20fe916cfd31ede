"""What the client's connections are opened with: one name look-up per host and run, and no wait without an end."""

from __future__ import annotations

import socket
import threading
import time
import weakref
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Protocol

from nogilcheck.model.time_limit import FOR_EVER, TimeLimit

CONNECT_SECONDS = 10.0
"""For the connection and the TLS handshake, each."""

READ_SECONDS = 15.0
"""Between two pieces of an answer."""

KEEP_ALIVE_SECONDS = 30.0
"""For which an idle connection is kept."""

LOOK_UP_SECONDS = 10.0
"""For one name look-up: the system's own patience is often half a minute, and cannot be interrupted."""


class DeadlineError(OSError):
    """A request lasted longer than it may; another attempt would, too."""


class DripError(DeadlineError):
    """A body comes, and never will have come."""


class Deadline(threading.local):
    """Until when the request of this thread may last. A server that drips never ends a read timeout."""

    until: float | None = None
    """`time.monotonic`; ``None``: for ever."""

    def __init__(self, limit: TimeLimit = FOR_EVER) -> None:
        """``limit``: that of the run, which no request outlasts."""
        self._limit = limit

    def allow(self, seconds: float | None) -> None:
        """Let the request last so many seconds from now."""
        self.until = None if seconds is None else time.monotonic() + seconds

    def left(self, timeout: float | None) -> float | None:
        """The timeout, or what is left if that is less. Raises `DeadlineError`."""
        if self._limit.is_reached():
            raise DeadlineError(self._limit.text)
        lefts = [self._limit.left, timeout]
        if self.until is not None:
            lefts.append(left := self.until - time.monotonic())
            if left <= 0:
                raise DeadlineError("the answer took too long")
        return min((left for left in lefts if left is not None), default=None)


class NetworkBackend(Protocol):
    """What httpcore opens connections with."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> Any:
        """Open a connection."""


class LookUpOnce:
    """A network backend that remembers addresses.

    Sixteen connections opened at once ask the resolver sixteen times; one lost datagram costs five seconds
    (``resolv.conf``, option timeout). TLS still verifies the name: the address is used for the connection only.
    """

    def __init__(self, inner: NetworkBackend, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline
        self._locks: dict[str, threading.Lock] = {}
        self._addresses: dict[str, tuple[str, ...]] = {}
        self._streams = Streams()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> Any:
        """Connect to the first address that answers, and stay with it; raises what the last one raised."""
        addresses = self._look_up(host, port)
        for address in addresses:
            left = self._deadline.left(timeout)
            try:
                stream = self._inner.connect_tcp(address, port, left, local_address, socket_options)
            except Exception:
                if address == addresses[-1]:
                    self._addresses.pop(host, None)
                    raise
            else:
                self._addresses[host] = (address,)
                return _Stream(stream, self._deadline, self._streams)
        raise OSError(f"no address found for {host}")

    def close(self) -> None:
        """End the connections, whoever waits for them, and open none any more."""
        self._streams.close()

    def _look_up(self, host: str, port: int) -> tuple[str, ...]:
        addresses = self._addresses.get(host)
        if addresses is None:
            with self._locks.setdefault(host, threading.Lock()):
                addresses = self._addresses.get(host)
                if addresses is None:
                    addresses = self._addresses[host] = _addresses(host, port)
        return addresses

    def __getattr__(self, name: str) -> Any:
        """Everything else is the inner backend's."""
        return getattr(self._inner, name)


def _addresses(host: str, port: int) -> tuple[str, ...]:
    """The addresses of a host. Raises `OSError`, also when the resolver takes too long."""
    answers: list[Any] = []
    errors: list[Exception] = []
    done = threading.Event()

    def look_up() -> None:
        try:
            answers.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:  # noqa: BLE001  raised where it is waited for
            errors.append(error)
        done.set()

    # On a thread of its own: nothing ends a look-up that hangs.
    threading.Thread(target=look_up, name="nogilcheck-look-up", daemon=True).start()
    if not done.wait(LOOK_UP_SECONDS):
        raise TimeoutError(f"the look-up of the name {host} took more than {LOOK_UP_SECONDS:.0f} s")
    if errors:
        raise errors[0]
    return tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))


class Streams:
    """The connections that are open; for any number of threads.

    The client's pool does not know those that are about to be made, and closing a socket ends no wait for it. Both
    would be left to the collector with the thread of a request that was abandoned.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: weakref.WeakSet[_Stream] = weakref.WeakSet()
        self._closed = False

    def add(self, stream: _Stream) -> None:
        """Know of a connection. Raises `OSError`, and closes it, when all are closed."""
        with self._lock:
            if not self._closed:
                self._open.add(stream)
                return
        stream.close()
        raise OSError("the run was stopped")

    def close(self) -> None:
        """End all, so that who waits for one gives up and closes it; what is added later is closed at once."""
        with self._lock:
            self._closed = True
            streams = list(self._open)
        for stream in streams:
            endpoint = stream.get_extra_info("socket")
            if isinstance(endpoint, socket.socket):
                with suppress(OSError):  # not connected any more
                    # Not the method of `ssl.SSLSocket`, which takes the TLS away from who is reading.
                    socket.socket.shutdown(endpoint, socket.SHUT_RDWR)


class _Stream:
    """A connection that keeps to the deadline of the thread that reads from it."""

    def __init__(self, inner: Any, deadline: Deadline, streams: Streams) -> None:
        self._inner = inner
        self._deadline = deadline
        self._streams = streams
        streams.add(self)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        content: bytes = self._inner.read(max_bytes, self._deadline.left(timeout))
        return content

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> Any:
        secure = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _Stream(secure, self._deadline, self._streams)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)
