"""Loads, stores and atomic instructions of arm64 (Arm ARM, C6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nogilcheck.binary.tracer.effects import Handler, as_signed, mask
from nogilcheck.binary.tracer.instruction import Immediate, Indirect, Instruction, Operand, Register
from nogilcheck.binary.tracer.operands import address_of, read, write
from nogilcheck.binary.tracer.state import UNKNOWN_VECTOR, WORD_MASK, TracerState, Vector

_SUFFIXES: Final = (("sw", 4, True), ("sb", 1, True), ("sh", 2, True), ("b", 1, False), ("h", 2, False))


def _width(instruction: Instruction, register: Operand) -> tuple[int, bool]:
    """Bytes that are loaded or stored, and whether they are extended by their sign."""
    for suffix, size, signed in _SUFFIXES:
        if instruction.name.endswith(suffix):
            return size, signed
    return register.size, False


def _memory_address(state: TracerState, instruction: Instruction) -> int | None:
    """The address of the memory operand; updates its base register where the instruction does."""
    at, operand = next((n, each) for n, each in enumerate(instruction.operands) if isinstance(each, Indirect))
    if instruction.update != "after":
        address = address_of(state, operand)
        if instruction.update == "before" and operand.base is not None:
            state.registers[operand.base] = address
        return address
    address = state.registers.get(operand.base or "")
    by = read(state, instruction.operands[at + 1]) if at + 1 < len(instruction.operands) else operand.displacement
    if operand.base is not None:
        state.registers[operand.base] = None if address is None or by is None else address + by & WORD_MASK
    return address


def _load_into(state: TracerState, register: Operand, address: int | None, size: int, *, signed: bool) -> None:
    if isinstance(register, Register) and register.vector and register.size == 16:
        at = (None, None) if address is None else (address, address + 8)
        state.vectors[register.name] = (state.load(at[0], 8), state.load(at[1], 8), None, None)
        return
    value = state.load(address, size)
    write(state, register, None if value is None else as_signed(value, size) if signed else value)


def _store_from(state: TracerState, register: Operand, address: int | None, size: int) -> None:
    if isinstance(register, Register) and register.vector and register.size == 16:
        vector: Vector = state.vectors.get(register.name, UNKNOWN_VECTOR)
        state.store(address, 8, vector[0])
        state.store(None if address is None else address + 8, 8, vector[1])
        return
    state.store(address, size, read(state, register))


def load(state: TracerState, instruction: Instruction) -> None:
    """``ldr`` and its like."""
    register, source = instruction.operands[:2]
    size, signed = _width(instruction, register)
    address = source.value if isinstance(source, Immediate) else _memory_address(state, instruction)
    _load_into(state, register, address, size, signed=signed)


def store(state: TracerState, instruction: Instruction) -> None:
    """``str`` and its like."""
    register = instruction.operands[0]
    _store_from(state, register, _memory_address(state, instruction), _width(instruction, register)[0])


def store_exclusive(state: TracerState, instruction: Instruction) -> None:
    """``stxr`` and its like: taken to succeed."""
    result, register = instruction.operands[:2]
    _store_from(state, register, _memory_address(state, instruction), _width(instruction, register)[0])
    write(state, result, 0)


def load_pair(state: TracerState, instruction: Instruction) -> None:
    """``ldp`` and its like."""
    one, other = instruction.operands[:2]
    address = _memory_address(state, instruction)
    size, signed = (4, True) if instruction.name == "ldpsw" else (one.size, False)
    _load_into(state, one, address, size, signed=signed)
    _load_into(state, other, None if address is None else address + size, size, signed=signed)


def store_pair(state: TracerState, instruction: Instruction) -> None:
    """``stp`` and its like."""
    one, other = instruction.operands[:2]
    address = _memory_address(state, instruction)
    _store_from(state, one, address, one.size)
    _store_from(state, other, None if address is None else address + one.size, one.size)


def atomic(name: str) -> Handler | None:
    """Atomic read-modify-write (LSE), by what its name begins with."""
    work = next((work for prefix, work in _ATOMIC.items() if name.startswith(prefix)), None)
    if work is None:
        return None

    def handler(state: TracerState, instruction: Instruction) -> None:
        operands = instruction.operands
        address = _memory_address(state, instruction)
        size = _width(instruction, operands[0])[0]
        old, given = state.load(address, size), read(state, operands[0])
        if name.startswith("cas"):
            new = read(state, operands[1])
            if old is None or given is None or old == given:
                state.store(address, size, new)
                old = given
            write(state, operands[0], old)
            return
        state.store(address, size, None if old is None or given is None else work(old, given) & mask(size))
        if name.startswith(("ld", "swp")):
            write(state, operands[1], old)

    return handler


_ATOMIC: Final[dict[str, Callable[[int, int], int]]] = {
    **dict.fromkeys(("ldadd", "stadd"), lambda old, given: old + given),
    **dict.fromkeys(("ldset", "stset"), lambda old, given: old | given),
    **dict.fromkeys(("ldclr", "stclr"), lambda old, given: old & ~given),
    **dict.fromkeys(("swp", "cas"), lambda _old, given: given),
}
