"""Reading parts of a remote or local file: the contract between the transport and the archive readers."""

from __future__ import annotations

from typing import Protocol


class RangeReader(Protocol):
    """One file, read piece by piece. Every method may raise `ReadError`; none returns short data silently.

    A server without range support answers with the whole file (RFC 9110, section 14.2): ``whole`` holds
    it from then on, and the methods answer from it.
    """

    @property
    def size(self) -> int | None:
        """Bytes of the whole file; may be ``None`` before the first read, never after it."""

    @property
    def whole(self) -> bytes | None:
        """The whole file, once the server has sent everything."""

    def tail(self, count: int) -> bytes:
        """The last ``count`` bytes; all of a shorter file, or of one that the server sent whole."""

    def read(self, start: int, end: int) -> bytes:
        """The bytes from ``start`` up to, not including, ``end``."""


class BytesReader:
    """A `RangeReader` of a file that is already in memory."""

    def __init__(self, data: bytes) -> None:
        self.whole = data
        self.size = len(data)

    def tail(self, count: int) -> bytes:
        """The last ``count`` bytes, or all of a shorter file."""
        return self.whole[-count:] if count else b""

    def read(self, start: int, end: int) -> bytes:
        """The bytes from ``start`` up to, not including, ``end``."""
        return self.whole[start:end]
