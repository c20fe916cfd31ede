"""How many requests one host gets at the same time: few at first, more where its answers take long."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

GROWTH = 4
"""By how much an answer widens the gate. The first request goes alone (name look-up, TLS handshake, a proxy's
login), then 5, then more: a burst of simultaneous look-ups stalls on some resolvers."""

FEWEST = 4
"""Requests that are always worth having under way."""

ANSWER_SECONDS = 0.004
"""What an answer costs in processor time, about. A request that is answered sooner than others are digested waits
for nothing but its turn, and takes memory and processor time meanwhile."""

REMEMBERED = 16
"""Answers whose waiting times count. The shortest of them is the host's: the others waited for our own threads."""


class RequestLimit:
    """Admits requests to one host."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._width = 1
        self._inside = 0
        self._waits: deque[float] = deque(maxlen=REMEMBERED)
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

    @property
    def width(self) -> int:
        """How many are admitted at the same time."""
        return self._width

    def answered(self, waited: float) -> None:
        """The host has begun to answer a request after so many seconds: let as many in as that is worth."""
        with self._changed:
            self._waits.append(waited)
            before = self._width
            self._width = min(before + GROWTH, FEWEST + int(min(self._waits) / ANSWER_SECONDS), self._most)
            if self._width > before:
                self._changed.notify(self._width - before)
