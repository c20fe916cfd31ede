"""Load commands that make no sense: the file is unreadable, not a library without exports, which would pass."""

from __future__ import annotations

import struct

import pytest

from nogilcheck.binary import declaration_of
from nogilcheck.model.declaration import Declaration, Declared, FactCode
from tests.support.binaries import binary

MODULE = binary("macos-x64-static-1")
DATA = MODULE.data
NUMBER, SIZE = struct.unpack_from("<16xII", DATA)


def places() -> dict[int, int]:
    """Where the first load command of each kind is."""
    at, found = 32, dict[int, int]()
    for _ in range(NUMBER):
        kind, size = struct.unpack_from("<II", DATA, at)
        found.setdefault(kind, at)
        at += size
    return found


SEGMENT, SYMBOLS, EXPORTS = (places()[kind] for kind in (0x19, 0x2, 0x80000022))


def declared(data: bytes) -> Declaration:
    return declaration_of(data, MODULE.file, MODULE.python)


def changed(at: int, value: int) -> bytes:
    return DATA[:at] + struct.pack("<I", value) + DATA[at + 4 :]


@pytest.mark.parametrize(
    ("at", "value"),
    [
        *((16, number) for number in (0, 1, NUMBER - 1, NUMBER + 1, 2**32 - 1)),
        *((20, size) for size in (0, 8, SIZE - 8, SIZE + 8, 2**31)),
        *((at + 4, size) for at in (SEGMENT, SYMBOLS, EXPORTS) for size in (0, 7, 8, 2**31, 2**32 - 1)),
        *((at, 2**31) for at in (SEGMENT + 40, SEGMENT + 48, SYMBOLS + 8, SYMBOLS + 12, SYMBOLS + 20, EXPORTS + 40)),
        (EXPORTS, 0x7FFF),
        (EXPORTS + 44, 0),
    ],
)
def test_impossible_ones_are_unreadable(at: int, value: int) -> None:
    found = declared(changed(at, value))
    assert (found.declared, found.evidence[0].code) == (Declared.UNKNOWN, FactCode.UNREADABLE)


@pytest.mark.parametrize("size", [8, 31, 40, 32 + SIZE, len(DATA) // 2, len(DATA) - 1])
def test_a_file_that_is_cut_off_is_unreadable(size: int) -> None:
    assert declared(DATA[:size]).declared is Declared.UNKNOWN


def test_an_export_counts_without_the_symbol_table() -> None:
    """dyld looks in the trie, and a stripped module has little else."""
    assert declared(changed(SYMBOLS + 12, 0)).declared is declared(DATA).declared is Declared.NOT_USED


@pytest.mark.parametrize("count", [0, 9, 2**32 - 1])
def test_a_fat_file_has_some_architectures(count: int) -> None:
    fat = b"\xca\xfe\xba\xbe" + struct.pack(">IIIIII", count, 0x01000007, 3, 4096, len(DATA), 12)
    assert declared(fat.ljust(4096, b"\0") + DATA).declared is Declared.UNKNOWN


def test_a_fat_file_of_one() -> None:
    fat = b"\xca\xfe\xba\xbe" + struct.pack(">IIIIII", 1, 0x01000007, 3, 4096, len(DATA), 12)
    assert declared(fat.ljust(4096, b"\0") + DATA).declared is Declared.NOT_USED
    assert declared(fat.ljust(4096, b"\0") + DATA[:-1]).declared is Declared.UNKNOWN
