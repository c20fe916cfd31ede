"""Which code names an address: to tell whether code that was not followed may change what a declaration rests on.

No disassembler: an instruction of x86-64 has the distance to what it names after a ModRM byte of one form (Intel SDM
volume 2, 2.2.1.6, RIP-relative addressing); one of arm64 has the page, and one of the next the rest (``adrp`` and
``add``, ``ldr`` or ``str``, Arm ARM C6.2). Addresses that code only computes are not found, and bytes of x86-64 code
that look like such an instruction may be part of another (`nogilcheck.binary.tracer.naming.may_use` tells).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from nogilcheck.binary.image import Image, Machine, Segment

PAGE: Final = 0x1000
"""What ``adrp`` counts in."""
NEAR: Final = 24
"""Instructions after ``adrp`` among which the rest of the address is looked for."""
_WINDOW: Final = 1 << 16
"""Bytes of code within which the upper half of a distance takes at most three values for one range."""

_IMMEDIATES: Final = {0xC7: 4, 0x81: 4, 0x69: 4, 0xC6: 1, 0x83: 1, 0x80: 1, 0x6B: 1, 0xC0: 1, 0xC1: 1}
"""Bytes of a number after the distance, by the opcode before it (Intel SDM volume 2, appendix A)."""
_OPERAND_SIZE: Final = 0x66


def references(image: Image, start: int, end: int) -> Iterator[int]:
    """Where, in the instructions of the file, an address from ``start`` up to ``end`` is named."""
    search = _arm64 if image.machine is Machine.ARM64 else _x86
    for segment in image.segments:
        if segment.executable:
            yield from search(segment, start, end)


def calls(image: Image, start: int, end: int) -> Iterator[int]:
    """Where, in the instructions of the file, a call or jump leads to an address from ``start`` up to ``end``."""
    search = _arm64_calls if image.machine is Machine.ARM64 else _x86_calls
    for segment in image.segments:
        if segment.executable:
            yield from search(segment, start, end)


def _x86_calls(segment: Segment, start: int, end: int) -> Iterator[int]:
    for at, code in _with_distance(segment, start, end):
        if at >= 1 and code[at - 1] in {0xE8, 0xE9}:
            target = segment.address + at + 4 + int.from_bytes(code[at : at + 4], "little", signed=True)
            if start <= target < end:
                yield segment.address + at


def _arm64_calls(segment: Segment, start: int, end: int) -> Iterator[int]:
    code = segment.data[: len(segment.data) // 4 * 4]
    for number, (word,) in enumerate(struct.iter_unpack("<I", code)):
        if word & 0x7C000000 == 0x14000000:  # b, bl
            distance = (word & 0x3FFFFFF) - ((word & 0x2000000) << 1)
            if start <= segment.address + 4 * (number + distance) < end:
                yield segment.address + 4 * number


def _x86(segment: Segment, start: int, end: int) -> Iterator[int]:
    for at, code in _with_distance(segment, start, end):
        found = _named(code, at, segment.address)
        if found is not None and start <= found < end:
            yield segment.address + at


def _with_distance(segment: Segment, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Offsets at which four bytes have the upper half of a distance that may lead into the range."""
    code = bytes(segment.data)
    for window in range(0, len(code), _WINDOW):
        base = segment.address + window
        lowest = start - (base + _WINDOW) - 8 >> 16
        highest = end - base >> 16
        for upper in range(lowest, highest + 1):
            if not -0x8000 <= upper <= 0x7FFF:
                continue
            pattern = (upper & 0xFFFF).to_bytes(2, "little")
            at = code.find(pattern, window + 2, window + _WINDOW + 4)
            while at >= 0:
                yield at - 2, code
                at = code.find(pattern, at + 1, window + _WINDOW + 4)


def _named(code: bytes, at: int, base: int) -> int | None:
    """What the instruction with its distance at ``at`` names; ``None``: it has none there."""
    if at < 2 or code[at - 1] & 0xC7 != 0x05:
        return None
    opcode, middle = code[at - 2], code[at - 1] >> 3 & 7
    after = _IMMEDIATES.get(opcode, 0)
    if opcode in {0xF6, 0xF7} and middle < 2:
        after = 1 if opcode == 0xF6 else 4
    if after == 4 and at >= 3 and _OPERAND_SIZE in code[max(at - 4, 0) : at - 2]:
        after = 2
    return base + at + 4 + after + int.from_bytes(code[at : at + 4], "little", signed=True)


def _arm64(segment: Segment, start: int, end: int) -> Iterator[int]:
    code = bytes(segment.data)
    for page in range(start & ~(PAGE - 1), end, PAGE):
        for window in range(-(segment.address % PAGE), len(code), PAGE):
            distance = (page - (segment.address + window)) // PAGE
            if not -(1 << 20) <= distance < 1 << 20:
                continue
            word = 0x90000000 | (distance & 3) << 29 | (distance >> 2 & 0x7FFFF) << 5
            fixed = word.to_bytes(4, "little")
            at = code.find(fixed[1:], max(window, 0) + 1, max(window + PAGE, 0))
            while at >= 0:
                if not (at - 1) % 4 and code[at - 1] & 0xE0 == fixed[0]:
                    yield from _with_page(code, at - 1, segment.address, page, (start, end))
                at = code.find(fixed[1:], at + 1, max(window + PAGE, 0))


def _with_page(code: bytes, at: int, base: int, page: int, wanted: tuple[int, int]) -> Iterator[int]:
    """The instructions that add to the page in the register of the ``adrp`` at ``at``."""
    register = code[at] & 0x1F
    for near in range(at + 4, min(at + 4 * NEAR, len(code) - 3), 4):
        word = int.from_bytes(code[near : near + 4], "little")
        offset = _arm64_offset(word) if word >> 5 & 0x1F == register else None
        if offset is not None and wanted[0] <= page + offset < wanted[1]:
            yield base + near
        if _overwrites(word, register):
            return


def _arm64_offset(word: int) -> int | None:
    if word & 0xFFC00000 == 0x91000000:  # add
        return word >> 10 & 0xFFF
    if word & 0x3F000000 == 0x39000000:  # ldr, str, with an unsigned offset in units of their size
        return (word >> 10 & 0xFFF) << (word >> 30)
    return None


def _overwrites(word: int, register: int) -> bool:
    """Whether a register holds something else afterwards: a result, or what a call has left in it."""
    if word & 0xFC000000 == 0x94000000 or word & 0xFFFFFC1F == 0xD63F0000:  # bl, blr
        return register <= 18
    stores = word & 0x0A400000 == 0x08000000  # of loads and stores, those that do not load
    jumps = word & 0x1C000000 == 0x14000000
    return word & 0x1F == register and not stores and not jumps
