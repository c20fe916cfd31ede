"""Reading parts of one file: over HTTP ranges (RFC 9110, section 14), or from the local disk."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from nogilcheck.index.http.failures import ReadError, refused
from nogilcheck.index.http.retrying_transport import Response, Transport
from nogilcheck.model.artifact import HASHES, Missing, MissingKind
from nogilcheck.model.urls import quotable, redact, without_credentials

MAX_WHOLE = 64 * 1024 * 1024
"""Bytes of a wheel that is fetched whole because its server knows no ranges."""

PIECE = 64 * 1024
"""Bytes read from a local file at a time."""

_OK = 200
_PARTIAL = 206
_ABSENT = frozenset({401, 403, 404, 410, 451})
"""Statuses that a request without a range would get as well."""

_CONTENT_RANGE = re.compile(r"bytes\s+(\d{1,18})-(\d{1,18})/(\d{1,18}|\*)", re.IGNORECASE)


class _WrongPartError(Exception):
    """The answer is not the part of the file that was asked for."""


class HttpRangeReader:
    """A `RangeReader` over HTTP. Not for several threads at once."""

    def __init__(
        self,
        transport: Transport,
        url: str,
        size: int | None,
        hashes: Mapping[str, str] = MappingProxyType({}),
        *,
        most: int = MAX_WHOLE,
        whole: bool = False,
    ) -> None:
        """``size`` and ``hashes`` (algorithm -> hexadecimal digest) are what the page, or the requirement, says.

        The hash is checked when the server sends the whole file: a part of a file has none. ``most``: bytes of one
        answer, and so of a file that is sent whole; no more than `MAX_WHOLE`. ``whole``: never ask for a part.
        """
        self._transport = transport
        self._most = min(most, MAX_WHOLE)
        self._url = url
        self._size = size
        self._hashes = hashes
        self._whole: bytes | None = None
        self._in_parts = not whole

    @property
    def size(self) -> int | None:
        """Bytes of the whole file."""
        return self._size

    @property
    def whole(self) -> bytes | None:
        """The whole file, once the server has sent everything."""
        return self._whole

    def tail(self, count: int) -> bytes:
        """The last ``count`` bytes, or everything. Raises `ReadError`."""
        if self._whole is not None:
            return self._whole
        told = self._size
        if not told:
            # A suffix range. Not every server knows them, so the page's size goes first.
            return self._get(f"bytes=-{count}", None, count)
        tail = self._get(f"bytes={max(told - count, 0)}-{told - 1}", max(told - count, 0), count)
        if self.whole is None and self._size != told:
            return self._get(f"bytes=-{count}", None, count)
        return tail

    def read(self, start: int, end: int) -> bytes:
        """The bytes from ``start`` up to, not including, ``end``. Raises `ReadError`."""
        if self._whole is None and end > start:
            piece = self._get(f"bytes={start}-{end - 1}", start, end - start)
            if self._whole is None:
                return piece
        return (self._whole or b"")[start:end]

    def _get(self, wanted: str, start: int | None, count: int) -> bytes:
        headers = {"Accept-Encoding": "identity"} | ({"Range": wanted} if self._in_parts else {})
        response = self._transport.get(self._url, headers=headers, limit=self._most)
        if response.status == _PARTIAL:
            with suppress(_WrongPartError):
                return self._part(response, start, count)
        if response.status in _ABSENT:
            raise refused(self._url, response.status, authorized=response.authorized)
        if response.status != _OK:
            # 416 for ranges, 501 for suffix ranges, ...: some servers refuse what others ignore, and some send
            # another part than they were asked for.
            response = self._transport.get(self._url, headers={"Accept-Encoding": "identity"}, limit=self._most)
            if response.status == _PARTIAL:
                text = f"{without_credentials(self._url)} answers with another part of the file than was asked for"
                raise ReadError(Missing(kind=MissingKind.BROKEN, text=text))
            if response.status != _OK:
                raise refused(self._url, response.status, authorized=response.authorized)
        self._check_hash(response.content)
        self._whole = response.content
        self._size = len(response.content)
        return response.content

    def _part(self, response: Response, start: int | None, count: int) -> bytes:
        match = _CONTENT_RANGE.fullmatch(response.headers.get("content-range", "").strip())
        if match is None:
            raise _WrongPartError
        first, last = int(match[1]), int(match[2])
        total = None if match[3] == "*" else int(match[3])
        if start is not None:
            right = first == start and last + 1 == (start + count if total is None else min(start + count, total))
        else:
            right = total is None or (last + 1 == total and first == max(total - count, 0))
        if not right or len(response.content) != last - first + 1:
            raise _WrongPartError
        if total is not None or self._size is None:
            self._size = total or last + 1
        return response.content

    def _check_hash(self, content: bytes) -> None:
        """By the strongest algorithm that the page gives, as pip does. Raises `ReadError`."""
        algorithm = _strongest(self._hashes)
        if algorithm is not None:
            actual = hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()
            _compare(without_credentials(self._url), algorithm, actual, self._hashes[algorithm])


class LocalRangeReader:
    """A `RangeReader` over a file on the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = _regular(path).st_size

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        return self._size

    @property
    def whole(self) -> None:
        """Never: a local file is read in parts, whatever its size."""
        return

    def tail(self, count: int) -> bytes:
        """The last ``count`` bytes. Raises `ReadError`."""
        return self.read(max(self._size - count, 0), self._size)

    def read(self, start: int, end: int) -> bytes:
        """The bytes from ``start`` up to, not including, ``end``. Raises `ReadError`."""
        try:
            with self._path.open("rb") as stream:
                stream.seek(start, os.SEEK_SET)
                return stream.read(end - start)
        except OSError as error:
            raise _unreadable(self._path, error) from None


def check_hash(path: Path, hashes: Mapping[str, str]) -> None:
    """Compare a file on the disk with the strongest hash that is told of it. Raises `ReadError`."""
    algorithm = _strongest(hashes)
    if algorithm is not None:
        digest = hashlib.new(algorithm, usedforsecurity=False)
        for piece in read_pieces(path):
            digest.update(piece)
        _compare(str(path), algorithm, digest.hexdigest(), hashes[algorithm])


def sha256_of(path: Path) -> str:
    """Of a file on the disk, hexadecimal. Raises `ReadError`."""
    digest = hashlib.sha256()
    for piece in read_pieces(path):
        digest.update(piece)
    return digest.hexdigest()


def _strongest(hashes: Mapping[str, str]) -> str | None:
    return next((name for name in HASHES if name in hashes), None)


def _compare(shown_as: str, algorithm: str, actual: str, expected: str) -> None:
    if actual != expected.lower():
        text = (
            f"{shown_as} is not the file that was announced: its {algorithm} is {actual}, "
            f"and {quotable(expected)} was expected"
        )
        raise ReadError(Missing(kind=MissingKind.BROKEN, text=text))


def read_pieces(path: Path) -> Iterator[bytes]:
    """The content of a local file, piece by piece. Raises `ReadError`."""
    _regular(path)
    try:
        with path.open("rb") as stream:
            while piece := stream.read(PIECE):
                yield piece
    except OSError as error:
        raise _unreadable(path, error) from None


def _regular(path: Path) -> os.stat_result:
    """Of a regular file: a pipe has no end, and opening it may take for ever. Raises `ReadError`."""
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    if not stat.S_ISREG(status.st_mode):
        raise ReadError(
            Missing(kind=MissingKind.BROKEN, text=f"{redact(str(path))} cannot be read: it is no regular file")
        )
    return status


def _unreadable(path: Path, error: OSError | ValueError) -> ReadError:
    kind = MissingKind.NOT_FOUND if isinstance(error, FileNotFoundError) else MissingKind.BROKEN
    return ReadError(
        Missing(kind=kind, text=f"{redact(str(path))} cannot be read: {getattr(error, 'strerror', None) or error}")
    )
