"""One name look-up per host and run, whatever the number of connections."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable
from typing import Any, Protocol


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

    def __init__(self, inner: NetworkBackend) -> None:
        self._inner = inner
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
                return stream
        raise OSError(f"no address is known for {host}")

    def _look_up(self, host: str, port: int) -> tuple[str, ...]:
        found = self._addresses.get(host)
        if found is None:
            with self._locks.setdefault(host, threading.Lock()):
                found = self._addresses.get(host)
                if found is None:
                    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
                    found = self._addresses[host] = tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))
        return found

    def __getattr__(self, name: str) -> Any:
        """Everything else is the inner backend's."""
        return getattr(self._inner, name)
