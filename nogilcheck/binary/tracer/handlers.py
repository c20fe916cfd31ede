"""Handlers of both machines' instructions; what only x86-64 has (Intel SDM, volume 2) is said to be of it."""

from __future__ import annotations

from collections.abc import Callable
from operator import add, and_, mul, neg
from operator import invert as invert_bits

from nogilcheck.binary.tracer.effects import Branch, Call, Control, Handler, Jump, Split, as_signed, known, mask
from nogilcheck.binary.tracer.flags import Compared, holds
from nogilcheck.binary.tracer.instruction import Immediate, Instruction, Operand, Register
from nogilcheck.binary.tracer.operands import read, read_register, write, write_register
from nogilcheck.binary.tracer.state import TracerState


def arithmetic(work: Callable[[int, int], int], kind: str = "", *, flags: bool = True) -> Handler:
    """The handler of an instruction that computes ``work(left, right)``, and sets ``flags`` by the ``kind`` of that."""

    def handler(state: TracerState, instruction: Instruction) -> None:
        operands = instruction.operands
        to, one, other = operands if len(operands) == 3 else (operands[0], *operands)
        left, right = read(state, one), read(state, other)
        if kind in {"xor", "sub"} and one == other:
            left = right = 0
        if (kind == "and" and 0 in {left, right}) or (kind == "or" and mask(to.size) in {left, right}):
            left = right = 0 if kind == "and" else mask(to.size)
        result = known(to.size, work, left, right)
        write(state, to, result)
        if not flags:
            return
        if kind == "sub":
            state.flags = Compared(left, right, to.size)
        elif kind == "add":
            state.flags = Compared(result, 0, to.size, zero_only=True)
        else:
            state.flags = Compared(result, 0, to.size, logical=True)

    return handler


def step(by: int) -> Handler:
    """The handler of ``inc`` and ``dec`` (x86-64)."""

    def handler(state: TracerState, instruction: Instruction) -> None:
        (to,) = instruction.operands
        result = known(to.size, lambda value: value + by, read(state, to))
        write(state, to, result)
        state.flags = Compared(result, 0, to.size, zero_only=True)

    return handler


def shift(work: Callable[[int, int, int], int]) -> Handler:
    """The handler of a shift (x86-64), which computes ``work(value, count, size)``."""

    def handler(state: TracerState, instruction: Instruction) -> None:
        to = instruction.operands[0]
        value = read(state, to)
        count = read(state, instruction.operands[1]) if len(instruction.operands) > 1 else 1
        most = 63 if to.size == 8 else 31
        result = known(to.size, lambda value, count: work(value, count & most, to.size), value, count)
        write(state, to, result)
        state.flags = Compared(result, 0, to.size, zero_only=True) if count else state.flags

    return handler


def multiply(state: TracerState, instruction: Instruction) -> None:
    """``mul`` and ``imul`` (x86-64)."""
    to, *sources = instruction.operands
    if not sources:
        state.registers["rax"] = state.registers["rdx"] = None
    else:
        factors = (read(state, factor) for factor in instruction.operands[-2:])
        write(state, to, known(to.size, mul, *factors))
    state.flags = None


def negate(state: TracerState, instruction: Instruction) -> None:
    """``neg`` (x86-64)."""
    (to,) = instruction.operands
    value = read(state, to)
    write(state, to, known(to.size, neg, value))
    state.flags = Compared(0, value, to.size)


def invert(state: TracerState, instruction: Instruction) -> None:
    """``not``; ``mvn``."""
    to, source = instruction.operands[0], instruction.operands[-1]
    write(state, to, known(to.size, invert_bits, read(state, source)))


def compare(state: TracerState, instruction: Instruction) -> None:
    """``cmp``."""
    left, right = instruction.operands[:2]
    same = isinstance(left, Register) and left == right
    values = (0, 0) if same else (read(state, left), read(state, right))
    state.flags = Compared(*values, left.size, register=_whole(left) if values[1] == 0 and not same else None)


def _whole(operand: Operand) -> str | None:
    """The register, when the operand means enough of it."""
    if isinstance(operand, Register) and operand.size >= 4 and not operand.vector:
        return operand.name
    return None


def test(state: TracerState, instruction: Instruction) -> None:
    """``test``; ``tst``."""
    left, right = instruction.operands[:2]
    one, other = read(state, left), read(state, right)
    if 0 in {one, other}:
        one = other = 0
    result = known(left.size, and_, one, other)
    state.flags = Compared(result, 0, left.size, logical=True, register=_whole(left) if left == right else None)


def compare_exchange(state: TracerState, instruction: Instruction) -> None:
    """``lock cmpxchg``: succeeds unless the values are known to differ, because no other thread runs."""
    to, source = instruction.operands
    old, expected = read(state, to), read_register(state, Register("rax", to.size))
    new = read(state, source)
    if old is None or expected is None or old == expected:
        write(state, to, new)
        state.flags = Compared(0, 0, to.size)
    else:
        write_register(state, Register("rax", to.size), old)
        state.flags = Compared(expected, old, to.size)


def exchange_add(state: TracerState, instruction: Instruction) -> None:
    """``lock xadd``."""
    to, source = instruction.operands
    old, more = read(state, to), read(state, source)
    result = known(to.size, add, old, more)
    write(state, source, old)
    write(state, to, result)
    state.flags = Compared(result, 0, to.size, zero_only=True)


def bit_test(state: TracerState, instruction: Instruction) -> None:
    """``bt`` and its like, which set carry alone: the conditions ``lo`` and ``hs``."""
    to, place = instruction.operands
    value, bit = read(state, to), read(state, place)
    carry = known(8, lambda value, bit: value >> bit % (8 * to.size) & 1, value, bit)
    state.flags = None if carry is None else Compared(0, carry, 8)
    if instruction.name != "bt":
        write(state, to, None)


def extend_accumulator(size: int) -> Handler:
    """The handler of ``cwde`` and ``cdqe``, which extend ``rax`` to ``size`` bytes by its sign."""

    def handler(state: TracerState, _instruction: Instruction) -> None:
        half = read_register(state, Register("rax", size // 2))
        write_register(state, Register("rax", size), known(size, lambda value: as_signed(value, size // 2), half))

    return handler


def branch(state: TracerState, target: Operand, condition: str | None) -> Control:
    """Branch to an immediate where a condition holds."""
    assert isinstance(target, Immediate)
    zero = state.flags.zero(condition) if state.flags else (None, True)
    return Branch(target.value, holds(condition, state.flags), *zero)


def write_either(
    state: TracerState, to: Operand, *, condition: bool | None, yes: int | None, no: int | None
) -> Control | None:
    """Write one of two numbers, or each on a way of its own where it is not known which."""
    if condition is None:
        return Split((lambda one: write(one, to, yes), lambda other: write(other, to, no)))
    write(state, to, yes if condition else no)
    return None


def jump(state: TracerState, instruction: Instruction) -> Control:
    """``jmp``; ``b`` and ``br``."""
    return Jump(read(state, instruction.operands[0]))


def call(state: TracerState, instruction: Instruction) -> Control:
    """``call``; ``bl`` and ``blr``."""
    return Call(read(state, instruction.operands[0]))
