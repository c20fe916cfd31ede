"""x86-64 instructions, as far as compilers use them on the way to a declaration (Intel SDM, volume 2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nogilcheck.binary.tracer import x86_vectors
from nogilcheck.binary.tracer.control import Branch, Call, Control, Halt, Jump, Return, Split
from nogilcheck.binary.tracer.flags import X86_CONDITIONS, Compared, holds
from nogilcheck.binary.tracer.instruction import Immediate, Indirect, Instruction, Operand, Register
from nogilcheck.binary.tracer.state import TracerState
from nogilcheck.binary.tracer.x86_operands import (
    address_of,
    mask,
    read,
    read_register,
    signed,
    write,
    write_register,
)

Handler = Callable[[TracerState, Instruction], Control | None]
Effect = Callable[[TracerState], None]


def execute(state: TracerState, instruction: Instruction) -> Control | None:
    """The effect of one instruction; what is not modelled makes unknown what it writes."""
    name = instruction.name
    handler = _HANDLERS.get(name)
    if handler is None and name.startswith("v"):
        handler = x86_vectors.HANDLERS.get(name[1:])
    if handler is None:
        handler = x86_vectors.HANDLERS.get(name)
    if handler is None and name.startswith("j"):
        handler = _branch
    if handler is None and name.startswith("set"):
        handler = _set
    if handler is None and name.startswith("cmov"):
        handler = _conditional_move
    return (handler or _unknown)(state, instruction)


# --- general instructions


def _move(state: TracerState, instruction: Instruction) -> None:
    to, source = instruction.operands
    write(state, instruction, to, read(state, instruction, source))


def _move_signed(state: TracerState, instruction: Instruction) -> None:
    to, source = instruction.operands
    value = read(state, instruction, source)
    write(state, instruction, to, None if value is None else signed(value, source.size) & mask(to.size))


def _load_address(state: TracerState, instruction: Instruction) -> None:
    to, source = instruction.operands
    assert isinstance(source, Indirect)
    write(state, instruction, to, address_of(state, instruction, source))


def _exchange(state: TracerState, instruction: Instruction) -> None:
    one, other = instruction.operands
    first, second = read(state, instruction, one), read(state, instruction, other)
    write(state, instruction, one, second)
    write(state, instruction, other, first)


def _push(state: TracerState, instruction: Instruction) -> None:
    value = read(state, instruction, instruction.operands[0])
    stack = state.registers.get("rsp")
    state.registers["rsp"] = None if stack is None else stack - 8
    state.store(state.registers["rsp"], 8, value)


def _pop(state: TracerState, instruction: Instruction) -> None:
    stack = state.registers.get("rsp")
    value = state.load(stack, 8)
    state.registers["rsp"] = None if stack is None else stack + 8
    write(state, instruction, instruction.operands[0], value)


def _leave(state: TracerState, _instruction: Instruction) -> None:
    frame = state.registers.get("rbp")
    state.registers["rbp"] = state.load(frame, 8)
    state.registers["rsp"] = None if frame is None else frame + 8


def _arithmetic(work: Callable[[int, int], int], *, kind: str) -> Handler:
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


def _step(by: int) -> Handler:
    def handler(state: TracerState, instruction: Instruction) -> None:
        (to,) = instruction.operands
        value = read(state, instruction, to)
        result = None if value is None else value + by & mask(to.size)
        write(state, instruction, to, result)
        state.flags = Compared(result, 0, to.size, zero_only=True)

    return handler


def _shift(work: Callable[[int, int, int], int]) -> Handler:
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


def _multiply(state: TracerState, instruction: Instruction) -> None:
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


def _negate(state: TracerState, instruction: Instruction) -> None:
    (to,) = instruction.operands
    value = read(state, instruction, to)
    write(state, instruction, to, None if value is None else -value & mask(to.size))
    state.flags = Compared(0, value, to.size)


def _invert(state: TracerState, instruction: Instruction) -> None:
    (to,) = instruction.operands
    value = read(state, instruction, to)
    write(state, instruction, to, None if value is None else ~value & mask(to.size))


def _compare(state: TracerState, instruction: Instruction) -> None:
    left, right = instruction.operands
    same = isinstance(left, Register) and left == right
    values = (0, 0) if same else (read(state, instruction, left), read(state, instruction, right))
    state.flags = Compared(*values, left.size, register=_whole(left) if values[1] == 0 and not same else None)


def _whole(operand: Operand) -> str | None:
    """The register, when all that matters of it is meant."""
    if isinstance(operand, Register) and operand.size >= 4 and not operand.vector:
        return operand.name
    return None


def _test(state: TracerState, instruction: Instruction) -> None:
    left, right = instruction.operands
    one, other = read(state, instruction, left), read(state, instruction, right)
    if 0 in {one, other}:
        one = other = 0
    known = None if one is None or other is None else one & other
    state.flags = Compared(known, 0, left.size, logical=True, register=_whole(left) if left == right else None)


def _compare_exchange(state: TracerState, instruction: Instruction) -> Control | None:
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


def _exchange_add(state: TracerState, instruction: Instruction) -> None:
    to, source = instruction.operands
    old, more = read(state, instruction, to), read(state, instruction, source)
    result = None if old is None or more is None else old + more & mask(to.size)
    write(state, instruction, source, old)
    write(state, instruction, to, result)
    state.flags = Compared(result, 0, to.size, zero_only=True)


def _bit_test(state: TracerState, instruction: Instruction) -> None:
    """Carry is all that it sets; no condition of `flags` is carry alone but ``lo`` and ``hs``."""
    value, bit = (read(state, instruction, each) for each in instruction.operands)
    known = None if value is None or bit is None else value >> (bit % (8 * instruction.operands[0].size)) & 1
    state.flags = None if known is None else Compared(0, known, 8)
    if instruction.name != "bt":
        write(state, instruction, instruction.operands[0], None)


def _extend_accumulator(size: int) -> Handler:
    def handler(state: TracerState, _instruction: Instruction) -> None:
        value = read_register(state, Register("rax", size // 2))
        write_register(state, Register("rax", size), None if value is None else signed(value, size // 2) & mask(size))

    return handler


def _store_string(size: int, *, copy: bool) -> Handler:
    """``rep stos`` and ``rep movs``, forwards."""

    def handler(state: TracerState, _instruction: Instruction) -> None:
        count, to, source = (state.registers.get(name) for name in ("rcx", "rdi", "rsi"))
        if count is not None and to is not None and count * size <= MAX_STRING:
            for number in range(count):
                if copy:
                    value = None if source is None else state.load(source + number * size, size)
                else:
                    value = read_register(state, Register("rax", size))
                state.store(to + number * size, size, value)
            state.registers["rdi"] = to + count * size
            state.registers["rsi"] = source + count * size if copy and source is not None else source
        else:
            state.forget(to, 64)
            state.registers["rdi"] = None
            if copy:
                state.registers["rsi"] = None
        state.registers["rcx"] = 0

    return handler


MAX_STRING: Final = 4096
"""Bytes that ``rep stos`` or ``rep movs`` fills at most; longer ones are forgotten."""


# --- control


def _branch(state: TracerState, instruction: Instruction) -> Control:
    target = instruction.operands[0]
    assert isinstance(target, Immediate)
    if instruction.name in {"jrcxz", "jecxz"}:
        count = state.registers.get("rcx")
        return Branch(target.value, None if count is None else count == 0)
    condition = X86_CONDITIONS.get(instruction.name[1:])
    zero = state.flags.zero(condition) if state.flags else (None, True)
    return Branch(target.value, holds(condition, state.flags), *zero)


def _set(state: TracerState, instruction: Instruction) -> Control | None:
    known = holds(X86_CONDITIONS.get(instruction.name[3:]), state.flags)
    (to,) = instruction.operands
    if known is None:
        return Split((lambda each: write(each, instruction, to, 1), lambda each: write(each, instruction, to, 0)))
    write(state, instruction, to, int(known))
    return None


def _conditional_move(state: TracerState, instruction: Instruction) -> Control | None:
    known = holds(X86_CONDITIONS.get(instruction.name[4:]), state.flags)
    to, source = instruction.operands
    moved, kept = read(state, instruction, source), read(state, instruction, to)
    if moved == kept:
        known = False
    if known is None:
        return Split(
            (lambda each: write(each, instruction, to, moved), lambda each: write(each, instruction, to, kept))
        )
    write(state, instruction, to, moved if known else kept)
    return None


def _jump(state: TracerState, instruction: Instruction) -> Control:
    return Jump(read(state, instruction, instruction.operands[0]))


def _call(state: TracerState, instruction: Instruction) -> Control:
    return Call(read(state, instruction, instruction.operands[0]))


def _return(state: TracerState, instruction: Instruction) -> Control:
    stack = state.registers.get("rsp")
    target = state.load(stack, 8)
    extra = (
        instruction.operands[0].value if instruction.operands and isinstance(instruction.operands[0], Immediate) else 0
    )
    state.registers["rsp"] = None if stack is None else stack + 8 + extra
    return Return(target)


def _halt(_state: TracerState, _instruction: Instruction) -> Control:
    return Halt()


def _nothing(_state: TracerState, _instruction: Instruction) -> None:
    return None


def _unknown(state: TracerState, instruction: Instruction) -> None:
    for name in instruction.written():
        if name == "flags":
            state.flags = None
        elif name.startswith("v"):
            state.vectors.pop(name, None)
        elif name != "rsp":
            state.registers[name] = None
    if instruction.operands and isinstance(instruction.operands[0], Indirect):
        write(state, instruction, instruction.operands[0], None)


_HANDLERS: Final[dict[str, Handler]] = {
    **dict.fromkeys(("mov", "movabs", "movzx", "movbe"), _move),
    **dict.fromkeys(("movsx", "movsxd"), _move_signed),
    "lea": _load_address, "xchg": _exchange, "push": _push, "pop": _pop, "leave": _leave,
    "add": _arithmetic(lambda a, b: a + b, kind="add"), "sub": _arithmetic(lambda a, b: a - b, kind="sub"),
    "and": _arithmetic(lambda a, b: a & b, kind="and"), "or": _arithmetic(lambda a, b: a | b, kind="or"),
    "xor": _arithmetic(lambda a, b: a ^ b, kind="xor"),
    "inc": _step(1), "dec": _step(-1), "neg": _negate, "not": _invert, "imul": _multiply, "mul": _multiply,
    **dict.fromkeys(("shl", "sal"), _shift(lambda a, n, _size: a << n)), "shr": _shift(lambda a, n, _size: a >> n),
    "sar": _shift(lambda a, n, size: signed(a, size) >> n),
    "cmp": _compare, "test": _test, "cmpxchg": _compare_exchange, "xadd": _exchange_add,
    **dict.fromkeys(("bt", "bts", "btr", "btc"), _bit_test),
    "cdqe": _extend_accumulator(8), "cwde": _extend_accumulator(4),
    "rep stosq": _store_string(8, copy=False), "rep stosd": _store_string(4, copy=False),
    "rep stosb": _store_string(1, copy=False), "rep movsq": _store_string(8, copy=True),
    "rep movsd": _store_string(4, copy=True), "rep movsb": _store_string(1, copy=True),
    "jmp": _jump, "call": _call, "ret": _return,
    **dict.fromkeys(("ud2", "ud1", "int3", "hlt", "int"), _halt),
    **dict.fromkeys(("nop", "endbr64", "pause", "mfence", "lfence", "sfence", "prefetcht0", "cld"), _nothing),
}  # fmt: skip
