"""x86-64 instructions, as far as compilers use them on the way to a declaration (Intel SDM, volume 2)."""

from __future__ import annotations

from typing import Final

from nogilcheck.binary.tracer import x86_vectors
from nogilcheck.binary.tracer.effects import (
    Branch,
    Control,
    Handler,
    Return,
    as_signed,
    forget_written,
    halt,
    mask,
    nothing,
)
from nogilcheck.binary.tracer.flags import X86_CONDITIONS, holds
from nogilcheck.binary.tracer.handlers import (
    arithmetic,
    bit_test,
    branch,
    call,
    compare,
    compare_exchange,
    exchange_add,
    extend_accumulator,
    invert,
    jump,
    multiply,
    negate,
    shift,
    step,
    test,
    write_either,
)
from nogilcheck.binary.tracer.instruction import Immediate, Indirect, Instruction, Register
from nogilcheck.binary.tracer.operands import address_of, read, read_register, write
from nogilcheck.binary.tracer.state import TracerState


def execute(state: TracerState, instruction: Instruction) -> Control | None:
    """The effect of one instruction; what is not modelled makes unknown what it writes."""
    name = instruction.name
    handler = _HANDLERS.get(name)
    if handler is None and name.startswith("v"):
        handler = x86_vectors.HANDLERS.get(name[1:])
    if handler is None:
        handler = x86_vectors.HANDLERS.get(name)
    if handler is None:
        handler = next((by_prefix for prefix, by_prefix in _PREFIXES if name.startswith(prefix)), _unknown)
    return handler(state, instruction)


def _move(state: TracerState, instruction: Instruction) -> None:
    to, source = instruction.operands
    write(state, to, read(state, source))


def _move_signed(state: TracerState, instruction: Instruction) -> None:
    to, source = instruction.operands
    value = read(state, source)
    write(state, to, None if value is None else as_signed(value, source.size) & mask(to.size))


def _load_address(state: TracerState, instruction: Instruction) -> None:
    to, source = instruction.operands
    assert isinstance(source, Indirect)
    write(state, to, address_of(state, source))


def _exchange(state: TracerState, instruction: Instruction) -> None:
    one, other = instruction.operands
    first, second = read(state, one), read(state, other)
    write(state, one, second)
    write(state, other, first)


def _push(state: TracerState, instruction: Instruction) -> None:
    value = read(state, instruction.operands[0])
    stack = state.registers.get("rsp")
    state.registers["rsp"] = None if stack is None else stack - 8
    state.store(state.registers["rsp"], 8, value)


def _pop(state: TracerState, instruction: Instruction) -> None:
    stack = state.registers.get("rsp")
    value = state.load(stack, 8)
    state.registers["rsp"] = None if stack is None else stack + 8
    write(state, instruction.operands[0], value)


def _leave(state: TracerState, _instruction: Instruction) -> None:
    frame = state.registers.get("rbp")
    state.registers["rbp"] = state.load(frame, 8)
    state.registers["rsp"] = None if frame is None else frame + 8


MAX_STRING: Final = 4096
"""Bytes that ``rep stos`` or ``rep movs`` fills at most; longer ones are forgotten."""


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


def _branch(state: TracerState, instruction: Instruction) -> Control:
    target = instruction.operands[0]
    assert isinstance(target, Immediate)
    if instruction.name in {"jrcxz", "jecxz"}:
        count = state.registers.get("rcx")
        return Branch(target.value, None if count is None else count == 0)
    return branch(state, target, X86_CONDITIONS.get(instruction.name[1:]))


def _set(state: TracerState, instruction: Instruction) -> Control | None:
    condition = holds(X86_CONDITIONS.get(instruction.name[3:]), state.flags)
    return write_either(state, instruction.operands[0], condition=condition, yes=1, no=0)


def _conditional_move(state: TracerState, instruction: Instruction) -> Control | None:
    to, source = instruction.operands
    moved, kept = read(state, source), read(state, to)
    condition = moved != kept and holds(X86_CONDITIONS.get(instruction.name[4:]), state.flags)
    return write_either(state, to, condition=condition, yes=moved, no=kept)


_PREFIXES: Final[tuple[tuple[str, Handler], ...]] = (("j", _branch), ("set", _set), ("cmov", _conditional_move))


def _return(state: TracerState, instruction: Instruction) -> Control:
    stack = state.registers.get("rsp")
    target = state.load(stack, 8)
    extra = (
        instruction.operands[0].value if instruction.operands and isinstance(instruction.operands[0], Immediate) else 0
    )
    state.registers["rsp"] = None if stack is None else stack + 8 + extra
    return Return(target)


def _unknown(state: TracerState, instruction: Instruction) -> None:
    forget_written(state, instruction, stack="rsp")
    if instruction.operands and isinstance(instruction.operands[0], Indirect):
        write(state, instruction.operands[0], None)


_HANDLERS: Final[dict[str, Handler]] = {
    **dict.fromkeys(("mov", "movabs", "movzx", "movbe"), _move),
    **dict.fromkeys(("movsx", "movsxd"), _move_signed),
    "lea": _load_address, "xchg": _exchange, "push": _push, "pop": _pop, "leave": _leave,
    "add": arithmetic(lambda a, b: a + b, "add"), "sub": arithmetic(lambda a, b: a - b, "sub"),
    "and": arithmetic(lambda a, b: a & b, "and"), "or": arithmetic(lambda a, b: a | b, "or"),
    "xor": arithmetic(lambda a, b: a ^ b, "xor"),
    "inc": step(1), "dec": step(-1), "neg": negate, "not": invert, "imul": multiply, "mul": multiply,
    **dict.fromkeys(("shl", "sal"), shift(lambda a, n, _size: a << n)), "shr": shift(lambda a, n, _size: a >> n),
    "sar": shift(lambda a, n, size: as_signed(a, size) >> n),
    "cmp": compare, "test": test, "cmpxchg": compare_exchange, "xadd": exchange_add,
    **dict.fromkeys(("bt", "bts", "btr", "btc"), bit_test),
    "cdqe": extend_accumulator(8), "cwde": extend_accumulator(4),
    "rep stosq": _store_string(8, copy=False), "rep stosd": _store_string(4, copy=False),
    "rep stosb": _store_string(1, copy=False), "rep movsq": _store_string(8, copy=True),
    "rep movsd": _store_string(4, copy=True), "rep movsb": _store_string(1, copy=True),
    "jmp": jump, "call": call, "ret": _return,
    **dict.fromkeys(("ud2", "ud1", "int3", "hlt", "int"), halt),
    **dict.fromkeys(("nop", "endbr64", "pause", "mfence", "lfence", "sfence", "prefetcht0", "cld"), nothing),
}  # fmt: skip
