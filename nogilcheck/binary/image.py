"""A module as the loader lays it out: segments, pointers between them, and the names that it exports and imports."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import StrEnum

from nogilcheck.frozen import frozen

WORD = 8
"""Bytes of a pointer: only 64-bit modules are read."""


class UnreadableImageError(Exception):
    """A file is damaged, or not what it seems to be. Carries where."""


class UnsupportedError(Exception):
    """A file of a kind that is not read. Carries which."""


class ContainerFormat(StrEnum):
    """Containers of native code."""

    ELF = "ELF"
    PE = "PE"
    MACHO = "Mach-O"


class Machine(StrEnum):
    """Architectures whose code can be followed."""

    X86_64 = "x86-64"
    ARM64 = "arm64"


@frozen
class Segment:
    """A range of addresses that the file fills, the rest of it with zeros."""

    address: int
    size: int
    data: memoryview = field(repr=False)
    executable: bool
    writable: bool

    @property
    def end(self) -> int:
        """The address after its last byte."""
        return self.address + self.size


class Image:
    """One architecture of a file, at the addresses that it was linked for. Holds no pointer into a reader's memory."""

    def __init__(
        self,
        *,
        file_format: ContainerFormat,
        machine: Machine,
        segments: Iterable[Segment],
        pointers: Mapping[int, int],
        slots: Mapping[int, str],
        exports: Mapping[str, int],
        imports: Iterable[str],
        sealed: tuple[int, int] = (0, 0),
        constructors: Iterable[int] = (),
    ) -> None:
        self.format = file_format
        self.machine = machine
        self.segments = tuple(sorted(segments, key=lambda each: each.address))
        self.pointers = pointers
        """Where the loader writes the address of something in this file, and that address."""
        self.slots = slots
        """Where the loader writes the address of something imported, and its name."""
        self.exports = exports
        """Addresses of exported hooks; other exports are left out."""
        self.imports = frozenset(imports)
        self.constructors = tuple(constructors)
        """Functions that the loader calls before anyone else has a chance to (ELF)."""
        self._sealed = sealed
        self._starts = [each.address for each in self.segments]
        self._last: Segment | None = None

    def segment(self, address: int) -> Segment | None:
        """The segment around an address."""
        last = self._last
        if last is not None and last.address <= address < last.end:
            return last
        at = bisect_right(self._starts, address) - 1
        if at < 0:
            return None
        found = self.segments[at]
        if address >= found.end:
            return None
        self._last = found
        return found

    def read(self, address: int, size: int) -> bytes:
        """``size`` bytes as they stand before relocation; fewer, or none, where the segment ends."""
        found = self.segment(address)
        if found is None:
            return b""
        offset = address - found.address
        size = min(size, found.size - offset)
        return bytes(found.data[offset : offset + size]).ljust(size, b"\0")

    def word(self, address: int) -> int | None:
        """The eight bytes there once the loader is done: an address, a number; ``None``: outside, or imported."""
        target = self.pointers.get(address)
        if target is not None:
            return target
        if address in self.slots:
            return None
        data = self.read(address, WORD)
        return int.from_bytes(data, "little") if len(data) == WORD else None

    def number(self, address: int, size: int) -> int | None:
        """As in `nogilcheck.binary.slots.Memory`, before any code has run; what is imported is not known."""
        word = self.word(address & ~(WORD - 1))
        if word is None:
            return None
        shift = address & (WORD - 1)
        return word >> 8 * shift & (1 << 8 * size) - 1 if shift + size <= WORD else None

    def text(self, address: int, longest: int = 256) -> str | None:
        """The C string there, as Latin-1; ``None`` when it does not end within ``longest`` bytes."""
        data, end, _ = self.read(address, longest).partition(b"\0")
        return data.decode("latin-1") if end else None

    def is_code(self, address: int) -> bool:
        """Whether the address can be executed."""
        segment = self.segment(address)
        return segment is not None and segment.executable

    def is_constant(self, address: int) -> bool:
        """Whether nothing can change the memory there once the loader is done (``.rodata``, RELRO)."""
        found = self.segment(address)
        if found is None:
            return False
        return not found.writable or self._sealed[0] <= address < self._sealed[1]
