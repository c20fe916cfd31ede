"""How long a run may last."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], float]
"""Seconds from some moment on, never going back."""


class TimeLimit:
    """The time that a run has, from now on; for any number of threads.

    Nothing is interrupted: whoever is about to wait or to work on asks first, and makes a gap of what it leaves out.
    """

    def __init__(self, seconds: float | None = None, clock: Clock = time.monotonic) -> None:
        """``seconds``: ``None`` for no limit."""
        self.seconds = seconds
        self._clock = clock
        self._end = None if seconds is None else clock() + seconds
        self.was_reached = False
        """Whether anybody was told that it is."""

    def is_reached(self) -> bool:
        """Whether the time is up: who asks leaves something out then."""
        if self.was_reached or (self._end is not None and self._clock() >= self._end):
            self.was_reached = True
        return self.was_reached

    @property
    def left(self) -> float | None:
        """Seconds, never negative; ``None`` where there is no limit."""
        return None if self._end is None else max(0.0, self._end - self._clock())

    @property
    def text(self) -> str:
        """What the report says where it was reached."""
        return f"the run reached its time limit of {self.seconds:g} seconds (--time-limit)"


FOR_EVER = TimeLimit()
