"""The connections of a run: opened by the first who needs one, shared by everybody, closed once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from nogilcheck.index.http.credentials import Credentials
from nogilcheck.index.http.logins import Logins
from nogilcheck.index.http.retrying_transport import Transport
from nogilcheck.model.source import NamedIndex
from nogilcheck.model.time_limit import FOR_EVER, TimeLimit

THREADS = 16
"""Requests under way at the same time, at most. More brought nothing on any index that was measured."""


class Connections:
    """A `Transport` that is made when it is first asked for, since many runs need none."""

    def __init__(self, *, threads: int = THREADS, limit: TimeLimit = FOR_EVER) -> None:
        self.threads = threads
        """How many requests a pool of threads has under way at the same time, at most."""
        self.limit = limit
        """No request goes on beyond it."""
        self._lock = threading.Lock()
        self._credentials = Credentials()
        self._transport: Transport | None = None

    def learn(self, urls: Iterable[str], named: Iterable[NamedIndex]) -> None:
        """Keep the credentials in the URLs of these indexes, and those that the environment has for named ones."""
        for url in urls:
            self._credentials.learn_index(url)
        for index in named:
            self._credentials.learn_index(index.url, index.name)

    def logins(self, keyed: Callable[[str], str]) -> Logins:
        """The logins of this run; ``keyed``: see `Logins`."""
        return Logins(self._credentials, keyed)

    def open(self) -> Transport:
        """The transport. Raises `UsageError` for settings of the environment that make no sense."""
        if self._transport is None:
            with self._lock:
                if self._transport is None:
                    self._transport = Transport(threads=self.threads, credentials=self._credentials, limit=self.limit)
        return self._transport

    @property
    def requests(self) -> int:
        """HTTP requests sent so far, retries included."""
        return 0 if self._transport is None else self._transport.requests

    @property
    def bytes(self) -> int:
        """Bytes of answers received so far."""
        return 0 if self._transport is None else self._transport.bytes

    def close(self) -> None:
        """Close what is open; requests under way fail."""
        with self._lock:
            if self._transport is not None:
                self._transport.close()
