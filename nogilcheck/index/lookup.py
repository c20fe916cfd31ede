"""What the client's connections are opened with: one name look-up per host and run, and no wait without an end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable
from typing import Any, Protocol

LOOK_UP_SECONDS = 10.0
"""For one name look-up: the system's own patience is often half a minute, and cannot be interrupted."""


class DeadlineError(OSError):
    """A request lasted longer than it may; another attempt would, too."""


class Deadline(threading.local):
    """Until when the request of this thread may last. A server that drips never ends a read timeout."""

    until: float | None = None
    """`time.monotonic`; ``None``: for ever."""

    def allow(self, seconds: float | None) -> None:
        """Let the request last so many seconds from now."""
        self.until = None if seconds is None else time.monotonic() + seconds

    def left(self, timeout: float | None) -> float | None:
        """The timeout, or what is left if that is less. Raises `DeadlineError`."""
        if self.until is None:
            return timeout
        left = self.until - time.monotonic()
        if left <= 0:
            raise DeadlineError("the answer took too long")
        return left if timeout is None else min(timeout, left)


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
            try:
                stream = self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except Exception:
                if address == addresses[-1]:
                    self._addresses.pop(host, None)
                    raise
            else:
                self._addresses[host] = (address,)
                return _Stream(stream, self._deadline)
        raise OSError(f"no address is known for {host}")

    def _look_up(self, host: str, port: int) -> tuple[str, ...]:
        found = self._addresses.get(host)
        if found is None:
            with self._locks.setdefault(host, threading.Lock()):
                found = self._addresses.get(host)
                if found is None:
                    found = self._addresses[host] = _addresses(host, port)
        return found

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


class _Stream:
    """A connection that keeps to the deadline of the thread that reads from it."""

    def __init__(self, inner: Any, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        content: bytes = self._inner.read(max_bytes, self._deadline.left(timeout))
        return content

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> Any:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout), self._deadline)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)
