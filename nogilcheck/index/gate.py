"""How many requests one host gets at the same time: few at first, more as it answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

GROWTH = 4
"""By how much an answer widens the gate. The first request goes alone (name look-up, TLS handshake, a proxy's
login), then 5, then all of them: a burst of simultaneous look-ups stalls on some resolvers."""


class Gate:
    """Admits requests to one host."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._width = 1
        self._inside = 0
        self._changed = threading.Condition()

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """Wait for a place and hold it."""
        with self._changed:
            while self._inside >= self._width:
                self._changed.wait()
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify()

    def answered(self) -> None:
        """The host has answered: let more requests in."""
        if self._width < self._most:
            with self._changed:
                self._width = min(self._width + GROWTH, self._most)
                self._changed.notify(GROWTH)
