"""Operands of arm64 instructions: what they mean, and what a write to them does."""

from __future__ import annotations

from typing import Final

from nogilcheck.binary.tracer.effects import as_signed, mask
from nogilcheck.binary.tracer.instruction import Immediate, Indirect, Instruction, Operand, Register
from nogilcheck.binary.tracer.state import UNKNOWN_VECTOR, WORD_MASK, TracerState

_EXTENDS: Final = {"uxtb": (1, False), "uxth": (2, False), "uxtw": (4, False), "uxtx": (8, False),
                   "sxtb": (1, True), "sxth": (2, True), "sxtw": (4, True), "sxtx": (8, True)}  # fmt: skip


def _extended(value: int, extend: str | None) -> int:
    if extend is None:
        return value
    size, signed = _EXTENDS[extend]
    value &= mask(size)
    return (as_signed(value, size) if signed else value) & WORD_MASK


def _shifted(value: int, register: Register) -> int | None:
    if register.shift is None:
        return value
    kind, count = register.shift
    if kind == "lsl":
        return value << count & WORD_MASK
    if kind == "lsr":
        return value >> count
    if kind == "asr":
        return as_signed(value, register.size) >> count & WORD_MASK
    return None


def read(state: TracerState, operand: Operand) -> int | None:
    """The number that a register or an immediate means; ``None``: not known."""
    if isinstance(operand, Immediate):
        return operand.value
    if not isinstance(operand, Register):
        return None
    if operand.name == "zero":
        return 0
    if operand.vector:
        low = state.vectors.get(operand.name, UNKNOWN_VECTOR)[0]
        return None if low is None or operand.size > 8 else low & mask(operand.size)
    value = state.registers.get(operand.name)
    if value is None:
        return None
    return _shifted(_extended(value & mask(operand.size), operand.extend), operand)


def write(state: TracerState, operand: Operand, value: int | None) -> None:
    """Write a number to a register; a write to ``xzr`` is lost."""
    if not isinstance(operand, Register) or operand.name == "zero":
        return
    if operand.vector:
        state.vectors[operand.name] = UNKNOWN_VECTOR if value is None else (value & mask(operand.size), 0, None, None)
    else:
        state.registers[operand.name] = None if value is None else value & mask(operand.size)


def address_of(state: TracerState, operand: Indirect, *, displaced: bool = True) -> int | None:
    """The address that a memory operand means, with or without its displacement; ``None``: not known."""
    base = state.registers.get(operand.base or "")
    if base is None:
        return None
    address = base + (operand.displacement if displaced else 0)
    if operand.index is not None:
        index = read(state, operand.index)
        if index is None:
            return None
        address += index * operand.scale
    return address & WORD_MASK


def memory_address(state: TracerState, instruction: Instruction) -> int | None:
    """The address of the memory operand; updates its base register where the instruction does."""
    at, operand = next((n, each) for n, each in enumerate(instruction.operands) if isinstance(each, Indirect))
    if instruction.update != "after":
        address = address_of(state, operand)
        if instruction.update == "before" and operand.base is not None:
            state.registers[operand.base] = address
        return address
    address = address_of(state, operand, displaced=False)
    by = read(state, instruction.operands[at + 1]) if at + 1 < len(instruction.operands) else operand.displacement
    if operand.base is not None:
        state.registers[operand.base] = None if address is None or by is None else address + by & WORD_MASK
    return address
