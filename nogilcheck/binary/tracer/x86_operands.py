"""Operands of x86-64 instructions: what they mean, and what a write to them does."""

from __future__ import annotations

from nogilcheck.binary.tracer.effects import mask
from nogilcheck.binary.tracer.instruction import Immediate, Indirect, Instruction, Operand, Register
from nogilcheck.binary.tracer.state import UNKNOWN_VECTOR, WORD_MASK, TracerState, Vector


def words_of(value: int | None, size: int) -> Vector:
    """A number as the words of a vector register."""
    if value is None:
        return UNKNOWN_VECTOR
    words = tuple(value >> 64 * number & WORD_MASK if 8 * number < max(size, 16) else None for number in range(4))
    return words[0], words[1], words[2], words[3]


def number_of(vector: Vector, size: int) -> int | None:
    """The low bytes of a vector register as a number."""
    value = 0
    for number in range((size + 7) // 8):
        word = vector[number] if number < len(vector) else None
        if word is None:
            return None
        value |= word << 64 * number
    return value & mask(size)


def read_register(state: TracerState, register: Register) -> int | None:
    """A general register, or the low part of a vector register, as a number."""
    if register.vector:
        return number_of(state.vectors.get(register.name, UNKNOWN_VECTOR), register.size)
    value = state.registers.get(register.name)
    return None if value is None else value >> 8 * register.offset & mask(register.size)


def write_register(state: TracerState, register: Register, value: int | None) -> None:
    """Likewise. Four bytes clear the upper half, fewer leave the rest (Intel SDM volume 1, 3.4.1.1)."""
    if register.vector:
        state.vectors[register.name] = words_of(value, register.size)
    elif register.size >= 4:
        state.registers[register.name] = None if value is None else value & mask(register.size)
    else:
        old = state.registers.get(register.name)
        if old is None or value is None:
            # The part is all that anyone asks for: the whole was not known before.
            state.registers[register.name] = (
                None if value is None else value & mask(register.size) if not register.offset else None
            )
        else:
            part = mask(register.size) << 8 * register.offset
            state.registers[register.name] = old & ~part | value << 8 * register.offset & part


def address_of(state: TracerState, instruction: Instruction, operand: Indirect) -> int | None:
    """The address that a memory operand means; ``None``: not known, or thread-local."""
    if operand.segment:
        return None
    address = operand.displacement
    if operand.base == "rip":
        address += instruction.next
    elif operand.base is not None:
        base = state.registers.get(operand.base)
        if base is None:
            return None
        address += base
    if operand.index is not None:
        index = read_register(state, operand.index)
        if index is None:
            return None
        address += index * operand.scale
    return address & WORD_MASK


def read(state: TracerState, instruction: Instruction, operand: Operand) -> int | None:
    """The number that an operand means; ``None``: not known."""
    if isinstance(operand, Register):
        return read_register(state, operand)
    if isinstance(operand, Immediate):
        return operand.value
    return state.load(address_of(state, instruction, operand), operand.size)


def write(state: TracerState, instruction: Instruction, operand: Operand, value: int | None) -> None:
    """Write a number where an operand means."""
    if isinstance(operand, Register):
        write_register(state, operand, value)
    elif isinstance(operand, Indirect):
        state.store(address_of(state, instruction, operand), operand.size, value)
