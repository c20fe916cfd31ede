"""Zip archives over byte ranges: the few requests that a directory and one member need, and bounds on both."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from nogilcheck.index.metadata import shown
from nogilcheck.index.ranges import RangeReader, ReadError
from nogilcheck.model.artifact import Missing, MissingKind

TAIL = 32 * 1024
"""Bytes asked for first. Holds the directory of nearly every wheel, and all of a small one."""
DIRECTORY_LIMIT = 8 * 1024 * 1024
"""Bytes of a central directory. torch and tensorflow have 1.2 MB; 8 MB make 70 MB of `zipfile.ZipInfo`."""
MEMBER_SLACK = 512
"""Bytes read beyond a member's expected end: its local header may be longer than the directory's entry."""
READ_AHEAD = 8 * 1024
"""Bytes fetched at least when a header turns out to be longer than that: the next read is near."""

_LOCAL_HEADER = 30
_BAD_ZIP = (
    zipfile.BadZipFile,
    NotImplementedError,  # an unknown compression or encryption
    RuntimeError,  # a password
    EOFError,
    KeyError,
    OverflowError,
    ValueError,  # a negative offset, a name in the wrong encoding
    struct.error,
    zlib.error,
)


class SparseFile:
    """A read-only file of which only the pieces that are looked at get fetched."""

    def __init__(self, reader: RangeReader, filename: str) -> None:
        tail = reader.tail(TAIL)
        self._filename = filename
        self._reader = reader
        self._size = len(tail) if reader.size is None else reader.size
        self._pieces = [(self._size - len(tail), tail)]
        self._limit = DIRECTORY_LIMIT
        self._position = 0

    def allow(self, limit: int) -> None:
        """Let one read be up to this many bytes."""
        self._limit = limit

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """The position of the next read."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move, as `io.IOBase.seek` does; costs nothing."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("negative seek position")
        self._position = start + offset
        return self._position

    def read(self, count: int = -1) -> bytes:
        """Up to ``count`` bytes, fewer only at the end of the file.

        :raises ReadError: when more is asked for than is allowed at once, or the bytes cannot be had.
        """
        start = self._position
        end = self._size if count < 0 else min(start + count, self._size)
        if end <= start:
            return b""
        if end - start > self._limit:
            text = f"{shown(self._filename)} has a table of contents of {end - start:,} bytes"
            raise ReadError(Missing(kind=MissingKind.TOO_LARGE, text=text))
        if self._gaps(start, end):
            self.fetch(start, max(end, start + READ_AHEAD))
        self._position = end
        return b"".join(piece[max(start - at, 0) : end - at] for at, piece in self._pieces if at < end)

    def fetch(self, start: int, end: int) -> None:
        """Fetch what is not there yet of ``start`` to ``end``, each gap with one request.

        :raises ReadError: when the bytes cannot be had.
        """
        start, end = max(start, 0), min(end, self._size)
        for gap_start, gap_end in self._gaps(start, end):
            piece = self._reader.read(gap_start, gap_end)
            if len(piece) != gap_end - gap_start:
                text = f"the server sent another part of {shown(self._filename)} than was asked for"
                raise ReadError(Missing(kind=MissingKind.BROKEN, text=text))
            self._pieces.append((gap_start, piece))
        self._pieces.sort()

    def _gaps(self, start: int, end: int) -> list[tuple[int, int]]:
        gaps = []
        for at, piece in self._pieces:
            if start < min(at, end):
                gaps.append((start, min(at, end)))
            start = max(start, at + len(piece))
        if start < end:
            gaps.append((start, end))
        return gaps


class ZipRanges:
    """The directory of a zip archive, and its members on demand. Every failure is a `ReadError`."""

    def __init__(self, reader: RangeReader, filename: str) -> None:
        """Read the directory.

        :raises ReadError: when it cannot be had, is broken, or is larger than `DIRECTORY_LIMIT`.
        """
        self._filename = filename
        with self._named():
            self._file = SparseFile(reader, filename)
            self._archive = zipfile.ZipFile(self._file)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the members as the directory has them, in its order."""
        return tuple(self._archive.namelist())

    @property
    def members(self) -> tuple[zipfile.ZipInfo, ...]:
        """The directory's entries, in its order."""
        return tuple(self._archive.filelist)

    def read(self, member: str | zipfile.ZipInfo, limit: int) -> bytes:
        """The content of one member, checked against its CRC; usually no request or one.

        :param limit: bytes, of the compressed and of the uncompressed content.
        :raises ReadError: when it is larger, broken, encrypted, or not stored or deflated.
        """
        with self._named():
            info = self._archive.getinfo(member) if isinstance(member, str) else member
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                # zipfile bounds the output of deflate only.
                raise NotImplementedError(f"compression method {info.compress_type}")
            if max(info.file_size, info.compress_size) > limit:
                size = max(info.file_size, info.compress_size)
                text = f"{shown(info.filename)} in {shown(self._filename)} has {size:,} bytes"
                raise ReadError(Missing(kind=MissingKind.TOO_LARGE, text=text))
            header = _LOCAL_HEADER + len(info.filename.encode()) + len(info.extra)
            self._file.allow(limit)
            self._file.fetch(info.header_offset, info.header_offset + header + MEMBER_SLACK + info.compress_size)
            with self._archive.open(info) as stream:
                return stream.read(limit)

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except _BAD_ZIP as error:
            text = f"{shown(self._filename)} is not a zip archive that can be read: {shown(str(error))}"
            raise ReadError(Missing(kind=MissingKind.BROKEN, text=text)) from None
