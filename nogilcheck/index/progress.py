"""Progress of fetching and scanning, in numbers."""

from __future__ import annotations

import threading
from collections.abc import Callable

from nogilcheck.frozen import frozen


@frozen
class Progress:
    """How far the fetching is."""

    pages_known: int
    """Projects that are known."""
    pages_done: int
    metadata_known: int
    """Files whose metadata was asked for or is likely to be."""
    metadata_done: int
    bytes: int
    """Of answers, received so far."""


@frozen
class ScanProgress:
    """How far the reading of extension modules is."""

    wheels: int
    """To be scanned."""
    done: int
    bytes: int
    """Of wheels, read so far."""
    planned: int
    """That will have been read in the end, as far as is known."""


class Meter:
    """Counts what is done, for any number of threads."""

    def __init__(
        self,
        listener: Callable[[Progress], None] | None,
        *,
        pages: Callable[[], int],
        metadata: Callable[[], int],
        received: Callable[[], int],
    ) -> None:
        """``pages``, ``metadata`` and ``received`` tell how many are known, and how many bytes have come."""
        self._listener = listener
        self._pages = pages
        self._metadata = metadata
        self._received = received
        self._lock = threading.Lock()
        self._pages_done = 0
        self._metadata_done = 0

    def tell(self, *, pages: int = 0, metadata: int = 0) -> None:
        """Tell the listener that a fetch was queued, or that so many pages or metadata have arrived."""
        with self._lock:
            self._pages_done += pages
            self._metadata_done += metadata
            progress = Progress(
                pages_known=self._pages(),
                pages_done=self._pages_done,
                metadata_known=self._metadata(),
                metadata_done=self._metadata_done,
                bytes=self._received(),
            )
        if self._listener is not None:
            self._listener(progress)
