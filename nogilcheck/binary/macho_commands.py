"""Whether the load commands of a Mach-O file hold together, as dyld checks them (mach-o/loader.h, mach-o/fat.h).

A reader that stops at the first command that makes no sense would show a module as a library without exports.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from nogilcheck.binary.image import UnreadableImageError

MAX_SLICES: Final = 8
"""Architectures in one file; there are two."""
_FAT: Final = {b"\xca\xfe\xba\xbe": ">8xII4x", b"\xca\xfe\xba\xbf": ">8xQQ8x"}
"""``FAT_MAGIC`` and ``FAT_MAGIC_64``: where ``fat_arch`` has the offset and the size of a slice."""
_HEADER: Final = struct.Struct("<16xII8x")
"""``mach_header_64``: ``ncmds``, ``sizeofcmds``."""
_COMMAND: Final = struct.Struct("<II")
_SEGMENT: Final = 0x19
"""``LC_SEGMENT_64``."""
_FILE_RANGE_OF_SEGMENT: Final = struct.Struct("<40xQQ")
_NLIST_SIZE: Final = 16
_SYMTAB: Final = 0x2
_RANGES: Final = {
    0x22: 5,
    0x80000022: 5,
    0x1D: 1,
    0x1E: 1,
    0x26: 1,
    0x29: 1,
    0x2B: 1,
    0x2E: 1,
    0x80000033: 1,
    0x80000034: 1,
}
"""Commands that consist of pairs of offset and size: ``LC_DYLD_INFO``, ``LC_DYLD_EXPORTS_TRIE`` and their like."""


def check_load_commands(data: bytes) -> int:
    """The number of slices. Raises `UnreadableImageError` where dyld would not load one of them, or see another one."""
    try:
        slices = list(_slices(memoryview(data)))
        for part in slices:
            _check(part)
    except struct.error:
        raise UnreadableImageError("Mach-O headers: cut off") from None
    return len(slices)


def _slices(data: memoryview) -> Iterator[memoryview]:
    if (entry := _FAT.get(bytes(data[:4]))) is None:
        yield data
        return
    (count,) = struct.unpack_from(">I", data, 4)
    if not 0 < count <= MAX_SLICES:
        raise UnreadableImageError(f"Mach-O headers: {count} architectures")
    for number in range(count):
        offset, size = struct.unpack_from(entry, data, 8 + number * struct.calcsize(entry))
        if offset + size > len(data):
            raise UnreadableImageError("Mach-O headers: an architecture ends after the file")
        yield data[offset : offset + size]


def _check(part: memoryview) -> None:
    """Check one slice; of another kind than 64-bit, little-endian, nothing is read and nothing checked."""
    if bytes(part[:4]) != b"\xcf\xfa\xed\xfe":
        return
    count, size = _HEADER.unpack_from(part)
    at, end = _HEADER.size, _HEADER.size + size
    if end > len(part):
        raise UnreadableImageError("Mach-O load commands: they end after the file")
    for _ in range(count):
        command, length = _COMMAND.unpack_from(part, at)
        if length < _COMMAND.size or length % 4 or at + length > end:
            raise UnreadableImageError("Mach-O load commands: one has an impossible size")
        if any(offset + many > len(part) for offset, many in _file_ranges(command, part[at : at + length])):
            raise UnreadableImageError("Mach-O load commands: what one names ends after the file")
        at += length
    if at != end:
        raise UnreadableImageError("Mach-O load commands: their number and their sizes differ")


def _file_ranges(command: int, content: memoryview) -> Iterator[tuple[int, int]]:
    """The offset and the size of everything in the slice that a command names."""
    if command == _SEGMENT:
        yield _FILE_RANGE_OF_SEGMENT.unpack_from(content)
    elif command == _SYMTAB:
        symbols, count, strings, size = struct.unpack_from("<8xIIII", content)
        yield symbols, count * _NLIST_SIZE
        yield strings, size
    for number in range(_RANGES.get(command, 0)):
        yield _COMMAND.unpack_from(content, _COMMAND.size * (1 + number))
