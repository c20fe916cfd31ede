"""The progress line on standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.status import Status

    from nogilcheck.index.progress import Progress, ScanProgress


class ProgressLine:
    """Shows the progress that it is given, from any thread.

    rich is imported with the first progress: a replayed report has none.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._status: Status | None = None
        self._ended = False

    def __call__(self, progress: Progress | ScanProgress | str) -> None:
        """Show how far the fetching, the scan, or what says so itself is."""
        text = _text(progress)
        with self._lock:
            if self._status is not None:
                self._status.update(text)
            elif not self._ended:
                self._status = _started(text)

    def end(self) -> None:
        """Remove the line."""
        with self._lock:
            self._ended = True
            if self._status is not None:
                self._status.stop()
                self._status = None


def _text(progress: Progress | ScanProgress | str) -> str:
    if isinstance(progress, str):
        return progress
    from nogilcheck.index.progress import ScanProgress

    mib = progress.bytes / 2**20
    if isinstance(progress, ScanProgress):
        return (
            f"{progress.done} of {progress.wheels} wheels scanned, {mib:.1f} of {progress.planned / 2**20:.1f} MiB read"
        )
    return (
        f"{progress.pages_done} of {progress.pages_known} projects, "
        f"{progress.metadata_done} of {progress.metadata_known} distributions, {mib:.1f} MiB"
    )


def _started(text: str) -> Status:
    from rich.console import Console

    status = Console(stderr=True).status(text)
    status.start()
    return status


@contextmanager
def showing_progress() -> Iterator[ProgressLine]:
    """A progress line that is removed after the block. For terminals only."""
    line = ProgressLine()
    try:
        yield line
    finally:
        line.end()
