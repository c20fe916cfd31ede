"""Zip archives over byte ranges: the few requests that a directory and one member need, and bounds on both."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from nogilcheck.index.archives.ranges import RangeReader
from nogilcheck.index.http.failures import ReadError
from nogilcheck.model.artifact import Missing, MissingKind
from nogilcheck.model.urls import quotable

TAIL = 32 * 1024
"""Bytes asked for first. Holds the directory of nearly every wheel, and all of a small one."""
DIRECTORY_LIMIT = 8 * 1024 * 1024
"""Bytes of a central directory. torch and tensorflow have 1.2 MB; 8 MB make 70 MB of `zipfile.ZipInfo`."""
MEMBER_SLACK = 512
"""Bytes read beyond a member's expected end: its local header may be longer than the directory's entry."""
READ_AHEAD = 8 * 1024
"""Bytes fetched at least when a header turns out to be longer than that: the next read is near."""
MERGE_GAP = 64 * 1024
"""Bytes between two members that are read along with them rather than asked around: what a request is worth."""
CHUNK = 8 * 1024 * 1024
"""Bytes of neighbouring members that one request brings; a larger member stands alone."""
PART = 16 * 1024 * 1024
"""Bytes that one request asks for at most."""

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
        self.fetched = len(tail)
        """Bytes that were read so far; all of the file where the server knows no ranges."""
        self._pieces = [(self._size - len(tail), tail)]
        self._kept = self._pieces
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
            text = f"{quotable(self._filename)} has a table of contents of {end - start:,} bytes"
            raise ReadError(Missing(kind=MissingKind.TOO_LARGE, text=text))
        if self._gaps(start, end):
            self.fetch(start, max(end, start + READ_AHEAD))
        self._position = end
        return b"".join(piece[max(start - at, 0) : end - at] for at, piece in self._pieces if at < end)

    def fetch(self, start: int, end: int) -> None:
        """Fetch what is not there yet of ``start`` to ``end``, each gap with one request (two from `PART` bytes on).

        :raises ReadError: when the bytes cannot be had.
        """
        start, end = max(start, 0), min(end, self._size)
        for gap_start, gap_end in self._gaps(start, end):
            for at in range(gap_start, gap_end, PART):
                self._fetch_part(at, min(at + PART, gap_end))
        self._pieces.sort(key=lambda piece: piece[0])

    def _fetch_part(self, start: int, end: int) -> None:
        piece = self._reader.read(start, end)
        if len(piece) != end - start:
            text = f"the server sent another part of {quotable(self._filename)} than was asked for"
            raise ReadError(Missing(kind=MissingKind.BROKEN, text=text))
        self._pieces.append((start, piece))
        self.fetched += len(piece)

    def lacking(self, start: int, end: int) -> int:
        """Bytes that `fetch` would ask for."""
        return sum(stop - begin for begin, stop in self._gaps(max(start, 0), min(end, self._size)))

    def keep(self) -> None:
        """Take everything that is there for what `forget` leaves."""
        self._kept = list(self._pieces)

    def forget(self) -> None:
        """Let go of what was fetched since `keep`."""
        self._pieces = list(self._kept)

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
            self._file.keep()

    @property
    def fetched(self) -> int:
        """Bytes of the file that were read so far."""
        return self._file.fetched

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
                text = f"{quotable(info.filename)} in {quotable(self._filename)} has {size:,} bytes"
                raise ReadError(Missing(kind=MissingKind.TOO_LARGE, text=text))
            self._file.allow(limit)
            self._file.fetch(info.header_offset, _end(info))
            with self._archive.open(info) as stream:
                content = stream.read(limit)
            if len(content) != info.file_size:  # zipfile takes the end of what is packed for the end of the member
                raise zipfile.BadZipFile(f"{info.filename} ends early")
            return content

    def cost(self, members: Sequence[zipfile.ZipInfo]) -> int:
        """Bytes that `read_chunk` would fetch for these members."""
        return self._file.lacking(min(info.header_offset for info in members), max(map(_end, members)))

    def read_chunk(self, members: Sequence[zipfile.ZipInfo], limit: int) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
        """The contents of neighbouring members (see `chunks`), all of them fetched with one request where possible.

        :param limit: as of `read`, for each.
        :raises ReadError: as `read` does.
        """
        try:
            if all(info.compress_size <= limit for info in members):
                with self._named():
                    self._file.fetch(min(info.header_offset for info in members), max(map(_end, members)))
            for info in members:
                yield info, self.read(info, limit)
        finally:
            self._file.forget()

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except _BAD_ZIP as error:
            text = f"{quotable(self._filename)} is not a readable zip archive: {quotable(str(error))}"
            raise ReadError(Missing(kind=MissingKind.BROKEN, text=text)) from None


def chunks(members: Iterable[zipfile.ZipInfo]) -> list[list[zipfile.ZipInfo]]:
    """Members in the order of the file, neighbours together: at most `CHUNK` bytes, gaps of `MERGE_GAP` included."""
    groups: list[list[zipfile.ZipInfo]] = []
    for info in sorted(members, key=lambda info: info.header_offset):
        if groups:
            start, end = groups[-1][0].header_offset, max(map(_end, groups[-1]))
            if info.header_offset - end <= MERGE_GAP and _end(info) - start <= CHUNK:
                groups[-1].append(info)
                continue
        groups.append([info])
    return groups


def _end(info: zipfile.ZipInfo) -> int:
    """Where a member ends, as far as the directory tells."""
    header = _LOCAL_HEADER + len(info.filename.encode("utf-8", "surrogateescape")) + len(info.extra)
    return info.header_offset + header + MEMBER_SLACK + info.compress_size
