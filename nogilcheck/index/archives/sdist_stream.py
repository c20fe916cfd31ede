"""The stream of a tar archive, unpacked within bounds and read to its end."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import math
from collections.abc import Iterator
from typing import Protocol

UNPACKED_LIMIT = 256 * 1024 * 1024
"""Bytes of a tar archive after decompression."""
XZ_MEMORY_LIMIT = 128 * 1024 * 1024
"""Bytes that an xz stream may claim for its dictionary; ``xz -9`` needs 65 MB."""
MAX_STREAMS = 10_000
"""Of xz, one behind the other. Tools that pack in parallel write one for some megabytes."""

_PIECE = 64 * 1024


class ByteSource(Protocol):
    """What can be read forwards."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to so many bytes; none at the end."""


class LimitHit(Exception):
    """The archive is larger than what is read of it."""


class Chunks(io.RawIOBase):
    """The stream as a file that ends at a limit."""

    def __init__(self, stream: Iterator[bytes], limit: float = math.inf) -> None:
        self._stream = stream
        self._chunk = memoryview(b"")
        self._count = 0
        self.limit = limit
        self.cut = False
        """The limit was hit."""

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """As `io.RawIOBase.readinto` does; nothing once the limit was hit."""
        while not self._chunk:
            chunk = next(self._stream, None)
            if chunk is None:
                return 0
            self._count += len(chunk)
            if self._count > self.limit:
                self.cut = True
                return 0
            self._chunk = memoryview(chunk)
        count = min(len(buffer), len(self._chunk))
        buffer[:count] = self._chunk[:count]
        self._chunk = self._chunk[count:]
        return count


class Unpacked(io.RawIOBase):
    """A decompressed stream that is read forwards only, no more at once than allowed, and only so far."""

    def __init__(self, stream: ByteSource) -> None:
        self._stream = stream
        self._position = 0
        self._allowance = 0
        self.last = b""
        """What the last read returned."""

    def allow(self, count: int) -> None:
        """Let this many bytes be read from here on; skipping is not counted."""
        self._allowance = count

    def tell(self) -> int:
        """The position of the next read, in unpacked bytes."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Skip forwards. Raises ``ValueError`` for any other move and `LimitHit`."""
        if whence != io.SEEK_SET or offset < self._position:
            raise ValueError("a member starts before the end of the one before it")
        if offset > UNPACKED_LIMIT:
            raise LimitHit
        while self._position < offset:
            skipped = len(self._stream.read(min(offset - self._position, _PIECE)))
            if not skipped:
                break
            self._position += skipped
        return self._position

    def read(self, count: int = -1) -> bytes:
        """Up to ``count`` bytes. Raises `LimitHit`."""
        self._allowance -= count
        if count < 0 or self._allowance < 0 or self._position + count > UNPACKED_LIMIT:
            raise LimitHit
        self.last = self._stream.read(count)
        self._position += len(self.last)
        return self.last

    def drain(self) -> None:
        """Read what follows: only the end of a compressed stream tells that it is whole. Raises `LimitHit`."""
        while piece := self._stream.read(_PIECE):
            self._position += len(piece)
            if self._position > UNPACKED_LIMIT:
                raise LimitHit


def decompressed(file: io.BufferedReader[Chunks], magic: bytes) -> ByteSource:
    """What is in a file that begins so: gzip, bzip2 or xz, as tarfile tells them apart, or else the file itself."""
    if magic.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=file, mode="rb")
    if magic.startswith(b"BZh"):
        return bz2.BZ2File(file)
    if magic.startswith((b"\xfd7zXZ\0", b"]\0\0")):
        return io.BufferedReader(Chunks(_xz(file)))
    return file


def _xz(file: ByteSource) -> Iterator[bytes]:
    data = file.read(_PIECE)
    for _ in range(MAX_STREAMS):  # they follow each other, with zeros between (the .xz file format, section 2)
        if not data:
            return
        decompressor = lzma.LZMADecompressor(memlimit=XZ_MEMORY_LIMIT)
        while not decompressor.eof:
            if decompressor.needs_input and not data and not (data := file.read(_PIECE)):
                raise EOFError("the archive ends early")
            yield decompressor.decompress(data, _PIECE)
            data = b""
        data = decompressor.unused_data
        while not (data := data.lstrip(b"\0")) and (data := file.read(_PIECE)):
            pass
    raise LimitHit
