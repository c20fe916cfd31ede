"""Arithmetic, comparisons and atomic instructions of x86-64 (Intel SDM, volume 2)."""

from __future__ import annotations

from collections.abc import Callable

from nogilcheck.binary.tracer.control import Control
from nogilcheck.binary.tracer.effects import Handler, as_signed, mask
from nogilcheck.binary.tracer.flags import Compared
from nogilcheck.binary.tracer.instruction import Instruction, Operand, Register
from nogilcheck.binary.tracer.state import TracerState
from nogilcheck.binary.tracer.x86_operands import read, read_register, write, write_register


def arithmetic(work: Callable[[int, int], int], *, kind: str) -> Handler:
    """The handler of a two-operand instruction, which computes ``work(left, right)``."""

    def handler(state: TracerState, instruction: Instruction) -> None:
        to, source = instruction.operands[:2]
        left, right = read(state, instruction, to), read(state, instruction, source)
        if kind in {"xor", "sub"} and to == source:
            left = right = 0
        if (kind == "and" and 0 in {left, right}) or (kind == "or" and mask(to.size) in {left, right}):
            left = right = 0 if kind == "and" else mask(to.size)
        result = None if left is None or right is None else work(left, right) & mask(to.size)
        write(state, instruction, to, result)
        if kind == "sub":
            state.flags = Compared(left, right, to.size)
        elif kind == "add":
            state.flags = Compared(result, 0, to.size, zero_only=True)
        else:
            state.flags = Compared(result, 0, to.size, logical=True)

    return handler


def step(by: int) -> Handler:
    """The handler of ``inc`` and ``dec``."""

    def handler(state: TracerState, instruction: Instruction) -> None:
        (to,) = instruction.operands
        value = read(state, instruction, to)
        result = None if value is None else value + by & mask(to.size)
        write(state, instruction, to, result)
        state.flags = Compared(result, 0, to.size, zero_only=True)

    return handler


def shift(work: Callable[[int, int, int], int]) -> Handler:
    """The handler of a shift, which computes ``work(value, count, size)``."""

    def handler(state: TracerState, instruction: Instruction) -> None:
        to = instruction.operands[0]
        value = read(state, instruction, to)
        count = read(state, instruction, instruction.operands[1]) if len(instruction.operands) > 1 else 1
        if value is None or count is None:
            result = None
        else:
            result = work(value, count & (63 if to.size == 8 else 31), to.size) & mask(to.size)
        write(state, instruction, to, result)
        state.flags = Compared(result, 0, to.size, zero_only=True) if count else state.flags

    return handler


def multiply(state: TracerState, instruction: Instruction) -> None:
    """``mul`` and ``imul``."""
    operands = instruction.operands
    if len(operands) == 1:
        state.registers["rax"] = state.registers["rdx"] = None
    else:
        left, right = (read(state, instruction, each) for each in operands[-2:])
        write(
            state,
            instruction,
            operands[0],
            None if left is None or right is None else left * right & mask(operands[0].size),
        )
    state.flags = None


def negate(state: TracerState, instruction: Instruction) -> None:
    """``neg``."""
    (to,) = instruction.operands
    value = read(state, instruction, to)
    write(state, instruction, to, None if value is None else -value & mask(to.size))
    state.flags = Compared(0, value, to.size)


def invert(state: TracerState, instruction: Instruction) -> None:
    """``not``."""
    (to,) = instruction.operands
    value = read(state, instruction, to)
    write(state, instruction, to, None if value is None else ~value & mask(to.size))


def compare(state: TracerState, instruction: Instruction) -> None:
    """``cmp``."""
    left, right = instruction.operands
    same = isinstance(left, Register) and left == right
    values = (0, 0) if same else (read(state, instruction, left), read(state, instruction, right))
    state.flags = Compared(*values, left.size, register=_whole(left) if values[1] == 0 and not same else None)


def _whole(operand: Operand) -> str | None:
    """The register, when all that matters of it is meant."""
    if isinstance(operand, Register) and operand.size >= 4 and not operand.vector:
        return operand.name
    return None


def test(state: TracerState, instruction: Instruction) -> None:
    """``test``."""
    left, right = instruction.operands
    one, other = read(state, instruction, left), read(state, instruction, right)
    if 0 in {one, other}:
        one = other = 0
    known = None if one is None or other is None else one & other
    state.flags = Compared(known, 0, left.size, logical=True, register=_whole(left) if left == right else None)


def compare_exchange(state: TracerState, instruction: Instruction) -> Control | None:
    """``lock cmpxchg``: nobody else runs, so it succeeds where what is compared is known to be equal."""
    to, source = instruction.operands
    old, expected = read(state, instruction, to), read_register(state, Register("rax", to.size))
    new = read(state, instruction, source)
    if old is None or expected is None:
        # Atomic reference counts and locks: taken to succeed at once.
        write(state, instruction, to, new)
        state.flags = Compared(0, 0, to.size)
    elif old == expected:
        write(state, instruction, to, new)
        state.flags = Compared(0, 0, to.size)
    else:
        write_register(state, Register("rax", to.size), old)
        state.flags = Compared(expected, old, to.size)
    return None


def exchange_add(state: TracerState, instruction: Instruction) -> None:
    """``lock xadd``."""
    to, source = instruction.operands
    old, more = read(state, instruction, to), read(state, instruction, source)
    result = None if old is None or more is None else old + more & mask(to.size)
    write(state, instruction, source, old)
    write(state, instruction, to, result)
    state.flags = Compared(result, 0, to.size, zero_only=True)


def bit_test(state: TracerState, instruction: Instruction) -> None:
    """Carry is all that it sets; no condition of `flags` is carry alone but ``lo`` and ``hs``."""
    value, bit = (read(state, instruction, each) for each in instruction.operands)
    known = None if value is None or bit is None else value >> (bit % (8 * instruction.operands[0].size)) & 1
    state.flags = None if known is None else Compared(0, known, 8)
    if instruction.name != "bt":
        write(state, instruction, instruction.operands[0], None)


def extend_accumulator(size: int) -> Handler:
    """The handler of ``cwde`` and ``cdqe``, which extend ``rax`` to ``size`` bytes by its sign."""

    def handler(state: TracerState, _instruction: Instruction) -> None:
        value = read_register(state, Register("rax", size // 2))
        write_register(
            state, Register("rax", size), None if value is None else as_signed(value, size // 2) & mask(size)
        )

    return handler
