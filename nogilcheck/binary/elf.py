"""ELF shared objects, as the dynamic loader sees them: program headers and ``PT_DYNAMIC``, no section headers.

The structures are those of the System V ABI (generic ABI, chapters 4 and 5), RELR included; the relocation types those
of the psABI supplements for x86-64 and AArch64. Reads 64-bit little-endian files only.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from nogilcheck.binary.hooks import PREFIXES
from nogilcheck.binary.image import (
    WORD,
    ContainerFormat,
    Image,
    Machine,
    Segment,
    UnreadableImageError,
    UnsupportedError,
)

MAGIC: Final = b"\x7fELF"

MAX_PROGRAM_HEADERS: Final = 256
"""Real shared objects have about ten."""
MAX_SYMBOLS: Final = 2_000_000
"""Dynamic symbols; the largest modules have some ten thousand."""
MAX_RELOCATIONS: Final = 4_000_000
"""Pointers in a file; the largest modules have some hundred thousand."""
MAX_HASH_BUCKETS: Final = 4_000_000
"""Of the GNU hash table, by which the symbols are counted."""
MAX_CONSTRUCTORS: Final = 64
"""Functions that the loader calls; a C++ module has one for each of its sources, at most."""
MAX_NAME: Final = 4096
"""Bytes of a symbol's name; mangled C++ names reach a thousand."""

_CLASS64, _LITTLE, _SHARED = 2, 1, 3
_PT_LOAD, _PT_DYNAMIC, _PT_RELRO = 1, 2, 0x6474E552
_PF_X, _PF_W = 1, 2
_DT_HASH, _DT_GNU_HASH, _DT_STRTAB, _DT_SYMTAB = 4, 0x6FFFFEF5, 5, 6
_DT_RELA, _DT_RELASZ, _DT_JMPREL, _DT_PLTRELSZ, _DT_RELR, _DT_RELRSZ = 7, 8, 23, 2, 36, 35
_DT_INIT, _DT_INIT_ARRAY, _DT_INIT_ARRAYSZ = 12, 25, 27
_RELR_BITS = 63

_HEADER = struct.Struct("<16xHH4xQQ8x4xHHH")  # e_type, e_machine, e_entry, e_phoff, e_ehsize, e_phentsize, e_phnum
_PROGRAM = struct.Struct("<IIQQQQQQ")
_DYNAMIC = struct.Struct("<qQ")
_SYMBOL = struct.Struct("<IBBHQQ")
_RELA = struct.Struct("<QQq")
_WORD64 = struct.Struct("<Q")
_WORD32 = struct.Struct("<I")
_GNU_HASH = struct.Struct("<IIII")

_MACHINES: Final = {62: Machine.X86_64, 183: Machine.ARM64}
"""``EM_X86_64``, ``EM_AARCH64``."""
_RELATIVE: Final = {Machine.X86_64: 8, Machine.ARM64: 1027}
"""``R_X86_64_RELATIVE``, ``R_AARCH64_RELATIVE``."""
_ABSOLUTE: Final = {Machine.X86_64: 1, Machine.ARM64: 257}
"""``R_X86_64_64``, ``R_AARCH64_ABS64``: the symbol's address and an addend."""
_BARE: Final = {Machine.X86_64: frozenset({6, 7}), Machine.ARM64: frozenset({1025, 1026})}
"""``GLOB_DAT`` and ``JUMP_SLOT`` of each: the symbol's address."""


def read_elf(data: bytes, hooks: tuple[str, ...] = PREFIXES) -> Image:
    """The image of a shared object, with the exports whose names begin like ``hooks``.

    Raises `UnreadableImageError` and `UnsupportedError`.
    """
    try:
        return _ElfReader(data).image(hooks)
    except (struct.error, OverflowError) as error:
        raise UnreadableImageError("ELF structures end too early") from error


class _ElfReader:
    """One pass over one file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        if len(data) < _HEADER.size or data[4] != _CLASS64 or data[5] != _LITTLE:
            raise UnsupportedError("ELF, not 64-bit little-endian")
        kind, machine, _entry, offset, _size, entry_size, count = _HEADER.unpack_from(data)
        if kind != _SHARED:
            raise UnsupportedError("ELF, not a shared object")
        if machine not in _MACHINES:
            raise UnsupportedError(f"ELF for machine {machine}")
        if count > MAX_PROGRAM_HEADERS or entry_size != _PROGRAM.size:
            raise UnreadableImageError("ELF program headers")
        self._machine = _MACHINES[machine]
        self._programs = [_PROGRAM.unpack_from(data, offset + _PROGRAM.size * number) for number in range(count)]
        self._loads = [each for each in self._programs if each[0] == _PT_LOAD]
        self._dynamic = dict(self._dynamic_entries())
        self._rela = [
            self._table(tag, self._dynamic.get(size, 0))
            for tag, size in ((_DT_RELA, _DT_RELASZ), (_DT_JMPREL, _DT_PLTRELSZ))
        ]
        self._symbols = list(_SYMBOL.iter_unpack(self._table(_DT_SYMTAB, _SYMBOL.size * self._symbol_count())))
        self._strings = self._offset(self._dynamic.get(_DT_STRTAB, -1))
        self._names: dict[int, str] = {}
        self._pointers: dict[int, int] = {}
        self._slots: dict[int, str] = {}

    def image(self, hooks: tuple[str, ...]) -> Image:
        view = memoryview(self._data)
        for table in self._rela:
            self._relocate(table)
        self._relocate_packed()
        exports, imports = {}, set()
        for number, (_, _, _, section, value, _) in enumerate(self._symbols):
            name = self._name(number)
            if not section:
                imports.add(name)
            elif name.startswith(hooks):
                exports[name] = value
        sealed = next(((each[3], each[3] + each[6]) for each in self._programs if each[0] == _PT_RELRO), (0, 0))
        return Image(
            file_format=ContainerFormat.ELF,
            machine=self._machine,
            segments=[
                Segment(
                    address=address,
                    size=max(size, 0),
                    data=view[offset : offset + min(file_size, size)],
                    executable=bool(flags & _PF_X),
                    writable=bool(flags & _PF_W),
                )
                for _, flags, offset, address, _, file_size, size, _ in self._loads
            ],
            pointers=self._pointers,
            slots=self._slots,
            exports=exports,
            imports=imports,
            sealed=sealed,
            constructors=self._constructors(),
        )

    def _constructors(self) -> list[int]:
        start, size = self._dynamic.get(_DT_INIT_ARRAY, 0), self._dynamic.get(_DT_INIT_ARRAYSZ, 0)
        places = range(start, start + min(size, MAX_CONSTRUCTORS * WORD), WORD)
        first = [self._dynamic[_DT_INIT]] if _DT_INIT in self._dynamic else []
        return first + [self._pointers[place] for place in places if place in self._pointers]

    def _dynamic_entries(self) -> Iterator[tuple[int, int]]:
        for kind, _, offset, _, _, size, _, _ in self._programs:
            if kind == _PT_DYNAMIC:
                table = self._data[offset : offset + size]
                for tag, value in _DYNAMIC.iter_unpack(table[: len(table) // _DYNAMIC.size * _DYNAMIC.size]):
                    if not tag:
                        return
                    yield tag, value

    def _offset(self, address: int) -> int:
        """Where the file holds the byte at an address. Raises `UnreadableImageError`."""
        for _, _, offset, start, _, size, _, _ in self._loads:
            if start <= address < start + size:
                return int(offset + address - start)
        raise UnreadableImageError("ELF address outside the file")

    def _table(self, tag: int, size: int) -> memoryview:
        """The table that a tag of the dynamic section points to; nothing when there is none."""
        if tag not in self._dynamic or not size:
            return memoryview(b"")
        offset = self._offset(self._dynamic[tag])
        if size < 0 or offset + size > len(self._data):
            raise UnreadableImageError("ELF table ends outside the file")
        return memoryview(self._data)[offset : offset + size]

    def _symbol_count(self) -> int:
        """From the hash tables and the relocations: the dynamic section does not tell (generic ABI, "Hash Table").

        The GNU table holds exports only: where there are none it tells of no symbol, and relocations name imports all
        the same.
        """
        count = 1 + max((info >> 32 for table in self._rela for _, info, _ in _RELA.iter_unpack(table)), default=-1)
        if _DT_HASH in self._dynamic:
            count = max(count, _WORD32.unpack_from(self._data, self._offset(self._dynamic[_DT_HASH]) + 4)[0])
        if _DT_GNU_HASH in self._dynamic:
            count = max(count, self._gnu_symbol_count(self._offset(self._dynamic[_DT_GNU_HASH])))
        if count > MAX_SYMBOLS:
            raise UnreadableImageError("ELF symbol table: too large")
        return int(count)

    def _gnu_symbol_count(self, at: int) -> int:
        buckets, first, bloom, _ = _GNU_HASH.unpack_from(self._data, at)
        if buckets > MAX_HASH_BUCKETS:
            raise UnreadableImageError("ELF hash table: too large")
        at += _GNU_HASH.size + WORD * bloom
        last = max(struct.unpack_from(f"<{buckets}I", self._data, at), default=0)
        if last < first:
            return int(first)
        chain = at + 4 * buckets
        while not _WORD32.unpack_from(self._data, chain + 4 * (last - first))[0] & 1:
            last += 1
            if last > MAX_SYMBOLS:
                raise UnreadableImageError("ELF hash table: too large")
        return int(last + 1)

    def _name(self, number: int) -> str:
        if number not in self._names:
            if number >= len(self._symbols):
                raise UnreadableImageError("ELF relocation names no symbol")
            start = self._strings + self._symbols[number][0]
            end = self._data.find(b"\0", start, start + MAX_NAME)
            self._names[number] = self._data[start : max(end, start)].decode("latin-1")
        return self._names[number]

    def _relocate(self, table: memoryview) -> None:
        """What RELA entries make the loader write, of the types that write pointers."""
        relative, absolute, bare = _RELATIVE[self._machine], _ABSOLUTE[self._machine], _BARE[self._machine]
        self._bound(len(table) // _RELA.size)
        for address, info, addend in _RELA.iter_unpack(table):
            kind = info & 0xFFFFFFFF
            if kind == relative:
                self._pointers[address] = addend & 0xFFFFFFFFFFFFFFFF
            elif kind == absolute or kind in bare:
                self._bind(address, info >> 32, addend if kind == absolute else 0)

    def _bind(self, address: int, number: int, addend: int) -> None:
        name = self._name(number)
        _, _, _, section, value, _ = self._symbols[number]
        if section:
            self._pointers[address] = (value + addend) & 0xFFFFFFFFFFFFFFFF
        else:
            self._slots[address] = name

    def _relocate_packed(self) -> None:
        """RELR: an address, then bitmaps of the words after it; addends stand in place (generic ABI, "RELR")."""
        where = 0
        for (entry,) in _WORD64.iter_unpack(self._table(_DT_RELR, self._dynamic.get(_DT_RELRSZ, 0))):
            self._bound(_RELR_BITS)
            if not entry & 1:
                self._relocate_in_place(entry)
                where = entry + WORD
            else:
                for bit in range(_RELR_BITS):
                    if entry >> (bit + 1) & 1:
                        self._relocate_in_place(where + WORD * bit)
                where += WORD * _RELR_BITS

    def _relocate_in_place(self, address: int) -> None:
        self._pointers[address] = _WORD64.unpack_from(self._data, self._offset(address))[0]

    def _bound(self, more: int) -> None:
        if len(self._pointers) + more > MAX_RELOCATIONS:
            raise UnreadableImageError("ELF relocations: too many")
