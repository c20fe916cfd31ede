"""Operands of instructions: what they mean, and what a write to them does."""

from __future__ import annotations

from typing import Final

from nogilcheck.binary.tracer.effects import as_signed, mask
from nogilcheck.binary.tracer.instruction import Immediate, Indirect, Operand, Register
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


def read_register(state: TracerState, register: Register) -> int | None:
    """A general register, or up to eight bytes of a vector register, as a number; ``None``: not known."""
    if register.name == "zero":
        return 0
    if register.vector:
        low = state.vectors.get(register.name, UNKNOWN_VECTOR)[0]
        return None if low is None or register.size > 8 else low & mask(register.size)
    value = state.registers.get(register.name)
    if value is None:
        return None
    part = value >> 8 * register.offset & mask(register.size)
    return _shifted(_extended(part, register.extend), register)


def write_register(state: TracerState, register: Register, value: int | None) -> None:
    """Write a number. Four bytes clear the upper half; fewer, on x86-64, leave the rest (Intel SDM volume 1, 3.4.1.1).

    A write to ``xzr`` is lost.
    """
    if register.name == "zero":
        return
    number = None if value is None else value & mask(register.size)
    if register.vector:
        state.vectors[register.name] = UNKNOWN_VECTOR if number is None else (number, 0, None, None)
        return
    old = state.registers.get(register.name)
    if register.size >= 4 or (old is None and not register.offset):
        # The part is all that anyone asks for where the whole was not known before.
        state.registers[register.name] = number
    elif old is None or number is None:
        state.registers[register.name] = None
    else:
        part = mask(register.size) << 8 * register.offset
        state.registers[register.name] = old & ~part | number << 8 * register.offset


def address_of(state: TracerState, operand: Indirect) -> int | None:
    """The address that a memory operand means; ``None``: not known, or thread-local."""
    if operand.segment:
        return None
    address = operand.displacement
    if operand.base not in {None, "rip"}:
        base = state.registers.get(operand.base or "")
        if base is None:
            return None
        address += base
    if operand.index is not None:
        index = read_register(state, operand.index)
        if index is None:
            return None
        address += index * operand.scale
    return address & WORD_MASK


def read(state: TracerState, operand: Operand) -> int | None:
    """The number that an operand means; ``None``: not known."""
    if isinstance(operand, Register):
        return read_register(state, operand)
    if isinstance(operand, Immediate):
        return operand.value
    return state.load(address_of(state, operand), operand.size)


def write(state: TracerState, operand: Operand, value: int | None) -> None:
    """Write a number where an operand means."""
    if isinstance(operand, Register):
        write_register(state, operand, value)
    elif isinstance(operand, Indirect):
        state.store(address_of(state, operand), operand.size, value)
