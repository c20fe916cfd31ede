"""A line on standard error while the check works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nogilcheck.index.fetcher import Progress


@contextmanager
def showing_progress() -> Iterator[Callable[[Progress], None]]:
    """Draw what the given function is told; gone when the work is done. For terminals only.

    Nothing is drawn, and rich is not imported, before the first word of progress: a replayed report has none.
    """
    from threading import Lock

    lock = Lock()
    status = None

    def show(progress: Progress) -> None:
        nonlocal status
        text = (
            f"{progress.pages_done} of {progress.pages_known} projects, "
            f"{progress.metadata_done} of {progress.metadata_known} distributions, {progress.bytes / 2**20:.1f} MiB"
        )
        with lock:
            if status is None:
                from rich.console import Console

                status = Console(stderr=True).status(text)
                status.start()
            else:
                status.update(text)

    try:
        yield show
    finally:
        with lock:
            if status is not None:
                status.stop()
