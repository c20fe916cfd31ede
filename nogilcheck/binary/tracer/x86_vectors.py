"""x86-64 vector instructions: compilers copy and fill structures with them (Intel SDM, volume 2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nogilcheck.binary.tracer.effects import Handler, mask
from nogilcheck.binary.tracer.instruction import Immediate, Indirect, Instruction, Operand, Register
from nogilcheck.binary.tracer.operands import address_of, read, write_register
from nogilcheck.binary.tracer.state import UNKNOWN_VECTOR, WORD_MASK, TracerState, Vector


def read_vector(state: TracerState, operand: Operand) -> Vector:
    """The words of a vector operand; a memory operand gives as many as it has."""
    if isinstance(operand, Register):
        if operand.vector:
            return state.vectors.get(operand.name, UNKNOWN_VECTOR)
        return (state.registers.get(operand.name), 0, 0, 0)
    if isinstance(operand, Indirect):
        address = address_of(state, operand)
        if address is None:
            return UNKNOWN_VECTOR
        words = [state.load(address + 8 * n, 8) if 8 * n < operand.size else 0 for n in range(4)]
        if operand.size < 8:
            words[0] = state.load(address, operand.size)
        return words[0], words[1], words[2], words[3]
    return UNKNOWN_VECTOR


def _write_vector(state: TracerState, operand: Operand, vector: Vector) -> None:
    if isinstance(operand, Indirect):
        address = address_of(state, operand)
        for number in range(min(operand.size // 8, 4)):
            state.store(None if address is None else address + 8 * number, 8, vector[number])
        if operand.size < 8:
            low = vector[0]
            state.store(address, operand.size, low)
        elif operand.size > 32:
            state.store(None if address is None else address + 32, operand.size - 32, None)
    elif isinstance(operand, Register):
        if operand.vector:
            state.vectors[operand.name] = vector
        else:
            write_register(state, operand, vector[0])


def _move_vector(state: TracerState, instruction: Instruction) -> None:
    to, source = instruction.operands[0], instruction.operands[-1]
    _write_vector(state, to, read_vector(state, source))


def _move_word(state: TracerState, instruction: Instruction) -> None:
    """``movq``, ``movd`` and scalar loads: the rest of a vector register becomes 0."""
    to, source = instruction.operands
    size = 4 if instruction.name.endswith(("movd", "movss")) else 8
    low = read_vector(state, source)[0]
    low = None if low is None else low & mask(size)
    _write_vector(state, to, (low, 0, 0, 0))


def _combine(*words: tuple[int, int]) -> Handler:
    """A vector of words picked from the last two operands: (operand 0 or 1, word)."""

    def handler(state: TracerState, instruction: Instruction) -> None:
        operands = instruction.operands
        to, left, right = operands if len(operands) == 3 else (operands[0], *operands)
        sources = (read_vector(state, left), read_vector(state, right))
        low, high = (sources[source][word] for source, word in words)
        _write_vector(state, to, (low, high, None, None))

    return handler


def _move_half(*, high: bool) -> Handler:
    """``movhps``, ``movlps`` and their like: one word from or to memory."""

    def handler(state: TracerState, instruction: Instruction) -> None:
        operands = instruction.operands
        to, kept, source = operands[0], operands[-2], operands[-1]
        if isinstance(to, Indirect):
            state.store(address_of(state, to), 8, read_vector(state, source)[int(high)])
            return
        old, new = read_vector(state, kept), read_vector(state, source)[0]
        _write_vector(state, to, (old[0], new, None, None) if high else (new, old[1], None, None))

    return handler


def _insert_word(state: TracerState, instruction: Instruction) -> None:
    operands = instruction.operands
    to, kept, source, where = operands if len(operands) == 4 else (operands[0], *operands)
    old, new = read_vector(state, kept), read(state, source)
    first = isinstance(where, Immediate) and not where.value & 1
    _write_vector(state, to, (new, old[1], None, None) if first else (old[0], new, None, None))


def _logic(name: str) -> Handler:
    def handler(state: TracerState, instruction: Instruction) -> None:
        operands = instruction.operands
        left, right = operands[-2:]
        if left == right and name in {"xor", "andn"}:
            _write_vector(state, operands[0], (0, 0, 0, 0))
            return
        one, other = read_vector(state, left), read_vector(state, right)
        words = [None if a is None or b is None else _LOGIC[name](a, b) for a, b in zip(one, other, strict=True)]
        _write_vector(state, operands[0], (words[0], words[1], words[2], words[3]))

    return handler


_LOGIC: Final[dict[str, Callable[[int, int], int]]] = {
    "xor": lambda a, b: a ^ b,
    "or": lambda a, b: a | b,
    "and": lambda a, b: a & b,
    "andn": lambda a, b: ~a & b & WORD_MASK,
}


def _all_ones(state: TracerState, instruction: Instruction) -> None:
    equal = instruction.operands[-1] == instruction.operands[-2]
    _write_vector(state, instruction.operands[0], (WORD_MASK,) * 4 if equal else UNKNOWN_VECTOR)


def _shuffle(state: TracerState, instruction: Instruction) -> None:
    """``pshufd``: four halves of words, picked by two bits each."""
    to, source, order = instruction.operands
    low, high = read_vector(state, source)[:2]
    assert isinstance(order, Immediate)

    def half(number: int) -> int | None:
        word = high if number & 2 else low
        return None if word is None else word >> 32 * (number & 1) & 0xFFFFFFFF

    halves = [half(order.value >> 2 * number & 3) for number in range(4)]
    words = [None if a is None or b is None else a | b << 32 for a, b in (halves[:2], halves[2:])]
    _write_vector(state, to, (words[0], words[1], None, None))


def _broadcast(state: TracerState, instruction: Instruction) -> None:
    low = read_vector(state, instruction.operands[-1])[0]
    _write_vector(state, instruction.operands[0], (low, low, low, low))


def _clear_vectors(_state: TracerState, _instruction: Instruction) -> None:
    """``vzeroupper``: upper halves only."""


HANDLERS: Final[dict[str, Handler]] = {
    **dict.fromkeys(("movaps", "movups", "movapd", "movupd", "movdqa", "movdqu", "lddqu", "movntdq", "movntps",
                     "movdqu64", "movdqa64", "movdqu8"), _move_vector),
    **dict.fromkeys(("movq", "movd", "movsd", "movss"), _move_word),
    **dict.fromkeys(("punpcklqdq", "unpcklpd", "movlhps"), _combine((0, 0), (1, 0))),
    **dict.fromkeys(("punpckhqdq", "unpckhpd"), _combine((0, 1), (1, 1))), "movhlps": _combine((1, 1), (0, 1)),
    **dict.fromkeys(("movhps", "movhpd"), _move_half(high=True)),
    **dict.fromkeys(("movlps", "movlpd"), _move_half(high=False)),
    "pinsrq": _insert_word, "pshufd": _shuffle,
    **dict.fromkeys(("pxor", "xorps", "xorpd"), _logic("xor")), **dict.fromkeys(("por", "orps", "orpd"), _logic("or")),
    **dict.fromkeys(("pand", "andps", "andpd"), _logic("and")), **dict.fromkeys(("pandn", "andnps"), _logic("andn")),
    **dict.fromkeys(("pcmpeqd", "pcmpeqb", "pcmpeqq", "pcmpeqw"), _all_ones),
    **dict.fromkeys(("movddup", "pbroadcastq", "broadcastsd"), _broadcast),
    "zeroupper": _clear_vectors,
}  # fmt: skip
"""By their names without the ``v`` of AVX."""
