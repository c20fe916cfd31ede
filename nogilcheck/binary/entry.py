"""Hooks that do nothing but name their data, told by their bytes: no disassembler is needed for most modules.

The encodings are those of the Intel SDM (volume 2) and the Arm ARM (C4); the stubs those that ld, lld and mold make.
"""

from __future__ import annotations

import re
from typing import Final

from nogilcheck.binary.image import Image, Machine

LONGEST: Final = 64
"""Bytes of the longest such hook, or stub."""

_X86_ENTRY = re.compile(
    rb"(?:\xf3\x0f\x1e\xfa)?"  # endbr64
    rb"(?:\x55(?:\x48\x89\xe5)?|\x50|\x48\x83\xec.)?"  # push rbp, mov rbp, rsp; push rax; sub rsp, n
    rb"(?:\x48\x8d\x3d(?P<direct>.{4})|\x48\x8d\x05(?P<copied>.{4})\x48\x89\xc7)"  # lea rdi, def; lea rax, mov rdi, rax
    rb"(?:\x5d|\x58|\x59|\x48\x83\xc4.)?"  # pop; add rsp, n
    rb"(?:(?:\xf2)?[\xe8\xe9](?P<near>.{4})|(?:\xf2)?\xff[\x15\x25](?P<slot>.{4}))",  # call, jmp; by the GOT
    re.DOTALL,
)
_X86_STUB = re.compile(rb"(?:\xf3\x0f\x1e\xfa)?\xf2?\xff\x25(?P<slot>.{4})", re.DOTALL)
_X86_ARRAY = re.compile(rb"(?:\xf3\x0f\x1e\xfa)?(?:\x55\x48\x89\xe5)?\x48\x8d\x05(?P<array>.{4})\x5d?\xc3", re.DOTALL)

_ARM_PLAIN: Final = (
    (0xFFFFFFFF, 0xD503245F),  # bti c
    (0xFFFFFFFF, 0xD503233F),  # paciasp
    (0xFFFFFFFF, 0xD50323BF),  # autiasp
    (0xFFFFFFFF, 0xD503201F),  # nop
    (0xFFC07FFF, 0xA9807BFD),  # stp x29, x30, [sp, -n]!
    (0xFFFFFFFF, 0x910003FD),  # mov x29, sp
    (0xFFC07FFF, 0xA8C07BFD),  # ldp x29, x30, [sp], n
    (0xFFC07FFF, 0xA9007BFD),  # stp x29, x30, [sp, n]
    (0xFFC003FF, 0xD10003FF),  # sub sp, sp, n
)
"""Instructions of prologues and epilogues: mask, value."""
_ARM_RET: Final = 0xD65F03C0
_ARM_B: Final = 0xFC000000
"""The bits that tell ``b``, which does not come back, from ``bl``."""


def named_definition(image: Image, entry: int, function: str) -> int | None:
    """The address that a hook passes to an imported function and does nothing else; ``None``: it does, or may."""
    if image.machine is Machine.ARM64:
        return _arm_definition(image, entry, function)
    code = image.read(entry, LONGEST)
    match = _X86_ENTRY.match(code)
    if match is None:
        return None
    kind = "direct" if match["direct"] is not None else "copied"
    if match["slot"] is not None:
        called = image.slots.get(_relative(entry, match, "slot"))
    else:
        called = _x86_stub(image, _relative(entry, match, "near"))
    return _relative(entry, match, kind) if _plain(called) == function else None


def named_array(image: Image, entry: int) -> int | None:
    """The address that a hook returns and does nothing else, likewise."""
    if image.machine is Machine.ARM64:
        words = _arm_words(image, entry)
        found = _arm_address(words, entry, 0)
        return found[0] if found is not None and words[found[1]] == _ARM_RET else None
    match = _X86_ARRAY.match(image.read(entry, LONGEST))
    return None if match is None else _relative(entry, match, "array")


def hook_length(image: Image, entry: int) -> int:
    """Bytes of a hook that does nothing but name its data, up to its last jump, call or return; 0 for others."""
    if image.machine is Machine.ARM64:
        ends = (
            at for at, word in enumerate(_arm_words(image, entry)) if word == _ARM_RET or word & _ARM_B == 0x14000000
        )
        return 4 * (next(ends, -1) + 1)
    code = image.read(entry, LONGEST)
    match = _X86_ENTRY.match(code) or _X86_ARRAY.match(code)
    return match.end() if match else 0


def _relative(base: int, match: re.Match[bytes], group: str) -> int:
    """What an offset of four bytes, counted from its end, points to."""
    return base + match.end(group) + int.from_bytes(match[group], "little", signed=True)


def _plain(name: str | None) -> str | None:
    return None if name is None else name.partition("@")[0]


def _x86_stub(image: Image, target: int) -> str | None:
    match = _X86_STUB.match(image.read(target, LONGEST))
    return None if match is None else image.slots.get(_relative(target, match, "slot"))


def _arm_words(image: Image, address: int) -> list[int]:
    code = image.read(address, LONGEST)
    return [int.from_bytes(code[at : at + 4], "little") for at in range(0, len(code) - 3, 4)] + [0]


def _arm_address(words: list[int], base: int, register: int) -> tuple[int, int] | None:
    """The address that ``adrp`` and ``add``, or ``adr``, make in a register, and where the code goes on after them."""
    at = _arm_skip(words, 0)
    word = words[at]
    if word & 0x1F != register:
        return None
    if word & 0x9F000000 == 0x10000000:
        return base + 4 * at + _arm_offset(word), _arm_skip(words, at + 1)
    if word & 0x9F000000 != 0x90000000:
        return None
    page = (base + 4 * at & ~0xFFF) + (_arm_offset(word) << 12)
    after = _arm_skip(words, at + 1)
    # add register, register, n
    if words[after] & 0xFFC003FF != 0x91000000 | register << 5 | register:
        return None
    return page + (words[after] >> 10 & 0xFFF), _arm_skip(words, after + 1)


def _arm_skip(words: list[int], at: int) -> int:
    while at < len(words) - 1 and any(words[at] & mask == value for mask, value in _ARM_PLAIN):
        at += 1
    return at


def _arm_offset(word: int) -> int:
    """The signed 21 bits of ``adr`` and ``adrp``."""
    value = (word >> 5 & 0x7FFFF) << 2 | word >> 29 & 3
    return value - (1 << 21) if value >> 20 else value


def _arm_definition(image: Image, entry: int, function: str) -> int | None:
    words = _arm_words(image, entry)
    found = _arm_address(words, entry, 0)
    if found is None:
        return None
    address, at = found
    if words[at] & 0x7C000000 != 0x14000000:  # b, bl
        return None
    offset = words[at] & 0x3FFFFFF
    target = entry + 4 * at + 4 * (offset - (1 << 26) if offset >> 25 else offset)
    return address if _plain(_arm_stub(image, target)) == function else None


def _arm_stub(image: Image, target: int) -> str | None:
    """``adrp x16, page; ldr x17, [x16, n]; ...; br x17``, and with x16 alone."""
    words = _arm_words(image, target)
    at = _arm_skip(words, 0)
    if words[at] & 0x9F00001F != 0x90000010:
        return None
    page = (target + 4 * at & ~0xFFF) + (_arm_offset(words[at]) << 12)
    load = words[at + 1] if at + 1 < len(words) else 0
    if load & 0xFFC003FE != 0xF9400210:
        return None
    return image.slots.get(page + (load >> 10 & 0xFFF) * 8)
