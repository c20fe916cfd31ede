"""Many threads that begin at the same moment."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import TypeVar

THREADS = 32

_PATIENCE = 60.0
"""Seconds after which threads that do not come are a failure and not a hanging test."""

T = TypeVar("T")


def together(job: Callable[[int], T], *, threads: int = THREADS) -> list[T]:
    """Run ``job(0)`` to ``job(threads - 1)``, each on its own thread; what they gave, or the first error."""
    start = Barrier(threads)

    def run(number: int) -> T:
        start.wait(_PATIENCE)
        return job(number)

    with ThreadPoolExecutor(threads) as pool:
        return [done.result() for done in [pool.submit(run, number) for number in range(threads)]]


@contextmanager
def switching_often() -> Iterator[None]:
    """Let the GIL, where there is one, go to another thread as often as it can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
