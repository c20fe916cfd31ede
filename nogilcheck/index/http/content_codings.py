"""Content codings (RFC 9110, section 8.4), undone in small pieces: the client's own decoders know no bounds.

A network piece of 64 KB may unpack to 64 MB, and to 64 GB where it was packed twice.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

ACCEPTED = "gzip, deflate"
"""The value of ``Accept-Encoding``: what the standard library unpacks within bounds, on every Python."""

PIECE = 64 * 1024
"""Bytes that are unpacked at a time."""

MAX_MEMBERS = 10_000
"""Of gzip, one behind the other (RFC 1952, section 2.2). Tools that write such files begin one every 64 KB at most."""

_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
_WINDOWS = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": _ZLIB}
_GZIP_MAGIC = 0x1F
_NOT_ASKED_FOR = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz"})


class EncodingError(RuntimeError):
    """The body is packed in a way that was not asked for, or is not what it says."""


class TruncatedError(OSError):
    """The body ends before what is packed in it."""


def unpacked(body: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """The body without its coding, in pieces of `PIECE` bytes at most where it had one.

    :param coding: the value of ``Content-Encoding``; names of no coding, such as S3's ``aws-chunked``, are ignored.
    :raises EncodingError: also for a body that was packed twice, which no server has a reason for.
    :raises TruncatedError: while it is gone through.
    """
    names = [name.strip().lower() for name in coding.split(",")]
    packed = [name for name in names if name in _WINDOWS or name in _NOT_ASKED_FOR]
    if not packed:
        return iter(body)
    if len(packed) > 1 or packed[0] in _NOT_ASKED_FOR:
        raise EncodingError(f"the body is encoded as {', '.join(packed[:3])}, which was not asked for")
    return _inflated(body, _WINDOWS[packed[0]])


def unpacked_whole(packed: bytes, coding: str, *, most: int) -> bytes | None:
    """The body where it is gzip in one piece of ``most`` bytes at most: at once, in a fraction of the memory.

    ``None``: whatever else it is, `unpacked` tells.
    """
    if coding != "gzip":
        return None
    unpacker = zlib.decompressobj(_GZIP)
    try:
        content = unpacker.decompress(packed, most + 1)
    except zlib.error:
        return None
    return content if unpacker.eof and not unpacker.unused_data and len(content) <= most else None


def _inflated(body: Iterable[bytes], window: int) -> Iterator[bytes]:
    unpacker, members = None, 1
    for data in body:
        rest, waiting = data, False
        while rest or waiting:
            if unpacker is None:
                # Some servers call raw deflate "deflate" (RFC 9110, section 8.4.1.2): zlib's first byte tells.
                raw = window == _ZLIB and rest[0] & 0x0F != zlib.DEFLATED
                unpacker = zlib.decompressobj(_RAW if raw else window)
            elif unpacker.eof:
                if window != _GZIP or rest[0] != _GZIP_MAGIC:
                    return  # whatever stands behind is nobody's, as for other clients
                members += 1
                if members > MAX_MEMBERS:
                    raise EncodingError(f"the body is packed in more than {MAX_MEMBERS:,} parts")
                unpacker = zlib.decompressobj(window)
            try:
                piece = unpacker.decompress(rest, PIECE)
            except zlib.error as error:
                raise EncodingError(f"the body cannot be unpacked: {error}") from None
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            waiting = len(piece) == PIECE and not unpacker.eof
            if piece:
                yield piece
    if unpacker is not None and not unpacker.eof:
        raise TruncatedError("the body ends too early")
