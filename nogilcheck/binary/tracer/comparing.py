"""Addresses that x86-64 code only compares others with, as a loop over an array does with its end."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from nogilcheck.binary.tracer.decode import Decoder
from nogilcheck.binary.tracer.instruction import Immediate, Indirect, Instruction, Register

LONGEST: Final = 1_000
"""Instructions within which the register must get another value."""
HALF: Final = 4
"""Bytes of a register; to write fewer leaves the others as they were (Intel SDM volume 1, 3.4.1.1)."""

_LEAVING: Final = frozenset({"ret", "retf", "syscall", "int", "xbegin"})
_MOVES: Final = frozenset({"mov", "movabs", "movzx", "movsxd", "lea", "pop"})


def is_only_compared(decoder: Decoder, loading: Instruction, destroyed: Collection[str]) -> bool:
    """Whether an instruction loads an address with which the code after it does nothing but compare.

    Every way is followed until the register has another value. ``destroyed``: the registers that calls need not keep.
    """
    if loading.name != "lea" or not isinstance(loading.operands[0], Register):
        return False
    register = loading.operands[0].name
    waiting, seen = [loading.next], set[int]()
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        instruction = decoder.at(at)
        if instruction is None or len(seen) > LONGEST or not _keeps_to_itself(instruction, register):
            return False
        if register not in instruction.written():
            ways = _ways_on(instruction)
            if not ways:
                return False
            waiting += ways
    return register not in destroyed


def _keeps_to_itself(instruction: Instruction, register: str) -> bool:
    """Whether nothing but a comparison uses what is in a register, and what is written to it is all of its bits."""
    if register in instruction.read():
        return instruction.name == "cmp" and not any(isinstance(each, Indirect) for each in instruction.operands)
    if register not in instruction.written():
        return True
    first = instruction.operands[0] if instruction.operands else None
    whole = isinstance(first, Register) and first.name == register and first.size >= HALF
    return whole and instruction.name in _MOVES


def _ways_on(instruction: Instruction) -> list[int]:
    """Where control goes; nothing: nobody knows."""
    match instruction.name, instruction.operands:
        case "jmp", (Immediate(value=target),):
            return [target]
        case name, (Immediate(value=target),) if name[0] == "j" or name.startswith("loop"):
            return [target, instruction.next]
    return [] if instruction.name in _LEAVING or instruction.name == "jmp" else [instruction.next]
