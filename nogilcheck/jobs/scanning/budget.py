"""What a scan may fetch, and how far it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from threading import Lock
from typing import Protocol, TypeVar

from nogilcheck.index.local_path import local_path
from nogilcheck.index.progress import ScanProgress
from nogilcheck.jobs.scanning.opened_wheel import WantedWheel
from nogilcheck.model.artifact import ReleaseFile


class Costly(Protocol):
    """Something of a wheel that is still to be fetched."""

    wanted: WantedWheel

    @property
    def cost(self) -> int:
        """Bytes that remain to be fetched."""


C = TypeVar("C", bound=Costly)


class ScanBudget:
    """The bytes that all of a scan may fetch together. Thread-safe."""

    def __init__(self, limit: int, on_progress: Callable[[ScanProgress], None]) -> None:
        self._limit = limit
        self._on_progress = on_progress
        self._lock = Lock()
        self._wheels = self._done = self._spent = self._planned = 0

    def __str__(self) -> str:
        return f"--scan-limit ({self._limit / 1e6:,.0f} MB)"

    @property
    def left(self) -> int:
        """Bytes that may still be fetched; below 0 where a fetch took more than was expected."""
        return self._limit - self._spent

    def expect(self, wheels: int) -> None:
        """Further wheels are to be read."""
        self._wheels += wheels

    def plan(self, opened: Sequence[C]) -> tuple[Sequence[C], Sequence[C]]:
        """The cheapest, for which the limit suffices, and the rest."""
        ordered = sorted(opened, key=lambda one: (one.cost, one.wanted.file.filename))
        totals = list(accumulate((one.cost for one in ordered), initial=self._spent))
        number = sum(total <= self._limit for total in totals[1:])
        self._planned = totals[number]
        return ordered[:number], ordered[number:]

    def may_fetch(self, file: ReleaseFile) -> bool:
        """Whether another file may be fetched as a whole, which then counts. One on the disk costs nothing."""
        if local_path(file.url) is not None:
            return True
        if file.size is None or file.size > self.left:
            return False
        self.report(spent=file.size)
        return True

    def report(self, *, done: int = 0, spent: int = 0) -> None:
        """Wheels that are done with, and bytes that were fetched."""
        with self._lock:
            self._done += done
            self._spent += spent
            planned = max(self._planned, self._spent)
            progress = ScanProgress(wheels=self._wheels, done=self._done, bytes=self._spent, planned=planned)
        self._on_progress(progress)
