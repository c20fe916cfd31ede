"""What a resolution may cost, whatever its inputs are: a number of steps for all its attempts together, and the time.

A step is about a microsecond, or a hundred bytes. Counts of rounds or requirements alone are no bound: a round costs as
much as there are projects, and a look at a project as much as it has versions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from packaging.version import Version
from resolvelib import ResolutionTooDeep

MAX_STEPS = 10_000_000
"""Of all attempts of one kind of search. A stack of 144 distributions takes some hundred thousand, a tree of 3,906 two
million."""

STEPS_PER_LOOK = 200
"""To look for the candidates of a project, and all that resolvelib does with them."""

STEPS_PER_VERSION = 5
"""To compare a version with a specifier set, and to look for a file of it."""

STEPS_PER_COMPARISON = 40
"""To compare a requirement with a candidate, and to remember the answer."""


class ExhaustedError(ResolutionTooDeep):
    """The resolution exceeded its limit."""

    def __init__(self, limit: str) -> None:
        """``limit``: what was reached, as words for the report."""
        super().__init__(0)
        self.limit = limit


class Effort:
    """Counts the steps of one resolution."""

    def __init__(self, is_out_of_time: Callable[[], bool]) -> None:
        """``is_out_of_time``: whether the run has reached its time limit."""
        self._is_out_of_time = is_out_of_time
        self.steps = 0

    def spend(self, steps: int) -> None:
        """Count some more. Raises `ExhaustedError`."""
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise ExhaustedError(f"{MAX_STEPS:,} steps")

    def check_time(self) -> None:
        """Raise `ExhaustedError` when the run has reached its time limit."""
        if self._is_out_of_time():
            raise ExhaustedError("the time limit of the run")

    def counted(self, versions: Iterable[Version]) -> Iterator[Version]:
        """The same versions; each that is looked at is counted."""
        for version in versions:
            self.spend(STEPS_PER_VERSION)
            yield version
