"""The texts of pages, of which only those that were read last stay unpacked."""

from __future__ import annotations

import threading
import zlib

MAX_UNPACKED = 1 << 28
"""Bytes that one text may unpack to."""

UNPACKED_BYTES = 12 * 2**20
"""Texts that stay unpacked. A large page is read when it arrives, and again when its turn in the walk comes."""

SMALL = 64 * 1024
"""Bytes of a text that is not worth the trouble."""

COMPRESSION = 1
"""zlib's fastest level: numpy's page shrinks to a fifth in 4 ms."""

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


class PageText:
    """The text of a page, for any number of threads."""

    __slots__ = ("_content", "_packed")

    def __init__(self, content: bytes, packed: bytes | None) -> None:
        """``packed``: the same, compressed (gzip, zlib), where it came so."""
        self._content: bytes | None = content
        self._packed = packed if packed is not None and _is_whole(packed, len(content)) else None
        if self._packed is not None and len(content) > SMALL:
            _unpacked.add(self, len(content))

    @classmethod
    def unpacked(cls, packed: bytes) -> PageText:
        """The text of what `packed` made. Raises `ValueError` and `zlib.error`."""
        return cls(_inflated(packed), packed)

    @property
    def content(self) -> bytes:
        """The text of the page, decoded."""
        content = self._content
        if content is None:
            assert self._packed is not None
            content = self._content = _inflated(self._packed)
            _unpacked.add(self, len(content))
        return content

    def packed(self) -> bytes:
        """The text, compressed."""
        return zlib.compress(self.content, COMPRESSION) if self._packed is None else self._packed

    def drop(self) -> None:
        """Keep the compressed form only."""
        self._content = None


class _Unpacked:
    """Drops what was unpacked first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sizes: dict[PageText, int] = {}

    def add(self, text: PageText, size: int) -> None:
        with self._lock:
            self._sizes[text] = size
            while len(self._sizes) > 1 and sum(self._sizes.values()) > UNPACKED_BYTES:
                oldest = next(iter(self._sizes))
                del self._sizes[oldest]
                oldest.drop()


_unpacked = _Unpacked()


def _is_whole(packed: bytes, size: int) -> bool:
    """Whether it is one piece: of zlib's, or of gzip's with this size at its end (RFC 1952, section 2.3.1)."""
    return not packed.startswith(b"\x1f\x8b") or int.from_bytes(packed[-4:], "little") == size


def _inflated(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
    content = unpacker.decompress(packed, MAX_UNPACKED)
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("it does not end where it should")
    return content
