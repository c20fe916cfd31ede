"""arm64 instructions, as far as compilers use them on the way to a declaration (Arm ARM, C6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nogilcheck.binary.tracer.arm64_memory import atomic, load, load_pair, store, store_exclusive, store_pair
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
from nogilcheck.binary.tracer.flags import holds
from nogilcheck.binary.tracer.handlers import arithmetic, branch, call, compare, invert, jump, test, write_either
from nogilcheck.binary.tracer.instruction import Immediate, Indirect, Instruction, Operand, Register
from nogilcheck.binary.tracer.operands import address_of, read, write
from nogilcheck.binary.tracer.state import UNKNOWN_VECTOR, WORD_MASK, TracerState


def execute(state: TracerState, instruction: Instruction) -> Control | None:
    """The effect of one instruction; what is not modelled makes unknown what it writes."""
    name = instruction.name
    if name.startswith("b."):
        return _branch(state, instruction)
    handler = _HANDLERS.get(name)
    if handler is None and name.startswith(("ld", "st", "cas", "swp")):
        handler = atomic(name)
    return (handler or _unknown)(state, instruction)


def _move(state: TracerState, instruction: Instruction) -> None:
    to, source = instruction.operands[:2]
    lanes = [each.lane for each in (to, source) if isinstance(each, Register)]
    if any(lane is not None for lane in lanes):
        _move_lane(state, to, source)
    elif isinstance(to, Register) and isinstance(source, Register) and to.vector and source.vector and to.size == 16:
        state.vectors[to.name] = state.vectors.get(source.name, UNKNOWN_VECTOR)
    else:
        write(state, to, read(state, source))


def _move_lane(state: TracerState, to: Operand, source: Operand) -> None:
    """``mov v0.d[1], x8``: an element of eight bytes; others are forgotten."""
    if not isinstance(to, Register) or not isinstance(source, Register):
        return
    if not to.vector or source.size != 8 or to.lane not in {0, 1} or source.lane is not None:
        write(state, to, None)
        return
    low, high = state.vectors.get(to.name, UNKNOWN_VECTOR)[:2]
    value = read(state, source)
    state.vectors[to.name] = (low, value, None, None) if to.lane else (value, high, None, None)


def _move_keep(state: TracerState, instruction: Instruction) -> None:
    """``movk``: sixteen bits of a register; the shift is applied to the number already, and lost in it."""
    to, source = instruction.operands
    old, new = read(state, to), read(state, source)
    if old is None or new is None:
        write(state, to, None)
        return
    shift = 16 * max((new.bit_length() - 1) // 16, 0)
    write(state, to, None if not new else old & ~(0xFFFF << shift) | new)


def _move_vector_immediate(state: TracerState, instruction: Instruction) -> None:
    to, source = instruction.operands[:2]
    zero = isinstance(source, Immediate) and source.value == 0
    if isinstance(to, Register):
        state.vectors[to.name] = (0, 0, None, None) if zero else UNKNOWN_VECTOR


def _duplicate(state: TracerState, instruction: Instruction) -> None:
    """``dup v.2d, x``."""
    to, source = instruction.operands[:2]
    value = read(state, source)
    if isinstance(to, Register) and to.vector:
        whole = isinstance(source, Register) and source.size == 8 and not source.vector
        state.vectors[to.name] = (value, value, None, None) if whole else UNKNOWN_VECTOR


def _forget_flags(state: TracerState, _instruction: Instruction) -> None:
    state.flags = None


def _extend(size: int, *, signed: bool) -> Handler:
    def handler(state: TracerState, instruction: Instruction) -> None:
        to, source = instruction.operands[:2]
        value = read(state, source)
        if value is not None:
            value &= mask(size)
            value = as_signed(value, size) if signed else value
        write(state, to, value)

    return handler


def _branch(state: TracerState, instruction: Instruction) -> Control:
    condition = instruction.name[2:].replace("cs", "hs").replace("cc", "lo")
    return branch(state, instruction.operands[-1], condition)


def _branch_on_zero(state: TracerState, instruction: Instruction) -> Control:
    register, target = instruction.operands
    assert isinstance(target, Immediate)
    value = read(state, register)
    known = None if value is None else (value == 0) == (instruction.name == "cbz")
    name = register.name if isinstance(register, Register) else None
    return Branch(target.value, known, name, instruction.name == "cbz")


def _branch_on_bit(state: TracerState, instruction: Instruction) -> Control:
    register, bit, target = instruction.operands
    assert isinstance(bit, Immediate)
    assert isinstance(target, Immediate)
    value = read(state, register)
    return Branch(target.value, None if value is None else (value >> bit.value & 1 == 0) == (instruction.name == "tbz"))


def _select(state: TracerState, instruction: Instruction) -> Control | None:
    """``csel`` and its like, and what they are called when registers coincide."""
    to, *sources = instruction.operands
    zero = Register("zero", to.size)
    yes, no = {0: (zero, zero), 1: (sources[0], sources[0]) if sources else (zero, zero)}.get(len(sources), sources[:2])
    first, second = read(state, yes), read(state, no)
    change = _SELECTS[instruction.name]
    if instruction.name in {"cset", "csetm"}:
        first, second = (1 if instruction.name == "cset" else WORD_MASK), 0
    elif instruction.name in {"cinc", "cinv", "cneg"}:
        first = None if first is None else change(first)
    else:
        second = None if second is None else change(second)
    condition = first == second or holds(instruction.condition, state.flags)
    return write_either(state, to, condition=condition, yes=first, no=second)


_SELECTS: Final[dict[str, Callable[[int], int]]] = {
    **dict.fromkeys(("csel", "cset", "csetm"), lambda value: value),
    **dict.fromkeys(("csinc", "cinc"), lambda value: value + 1),
    **dict.fromkeys(("csinv", "cinv"), lambda value: ~value),
    **dict.fromkeys(("csneg", "cneg"), lambda value: -value),
}


def _return(state: TracerState, _instruction: Instruction) -> Control:
    return Return(state.registers.get("x30"))


def _unknown(state: TracerState, instruction: Instruction) -> None:
    memory = next((each for each in instruction.operands if isinstance(each, Indirect)), None)
    if memory is not None and instruction.name.startswith("st"):
        state.store(address_of(state, memory), 16, None)
    forget_written(state, instruction, stack="sp")


_HANDLERS: Final[dict[str, Handler]] = {
    **dict.fromkeys(("mov", "movz", "fmov", "adr", "adrp", "ins"), _move), **dict.fromkeys(("mvn", "movn"), invert),
    "movk": _move_keep, "movi": _move_vector_immediate, "dup": _duplicate,
    "add": arithmetic(lambda a, b: a + b, flags=False), "adds": arithmetic(lambda a, b: a + b, "add"),
    "sub": arithmetic(lambda a, b: a - b, "sub", flags=False), "subs": arithmetic(lambda a, b: a - b, "sub"),
    "and": arithmetic(lambda a, b: a & b, "and", flags=False), "ands": arithmetic(lambda a, b: a & b, "and"),
    "orr": arithmetic(lambda a, b: a | b, "or", flags=False), "eor": arithmetic(lambda a, b: a ^ b, "xor", flags=False),
    "bic": arithmetic(lambda a, b: a & ~b, flags=False), "lsl": arithmetic(lambda a, b: a << (b & 63), flags=False),
    "lsr": arithmetic(lambda a, b: a >> (b & 63), flags=False), "mul": arithmetic(lambda a, b: a * b, flags=False),
    "cmp": compare, "tst": test, **dict.fromkeys(("cmn", "ccmp", "ccmn", "fcmp", "fccmp"), _forget_flags),
    "sxtw": _extend(4, signed=True), "uxtw": _extend(4, signed=False), "sxtb": _extend(1, signed=True),
    "uxtb": _extend(1, signed=False), "sxth": _extend(2, signed=True), "uxth": _extend(2, signed=False),
    **dict.fromkeys((start + end for start in ("ldr", "ldur", "ldar", "ldapr", "ldaxr", "ldxr", "ldapur")
                     for end in ("", "b", "h", "sb", "sh", "sw")), load),
    **dict.fromkeys((start + end for start in ("str", "stur", "stlr", "stlur") for end in ("", "b", "h")), store),
    **dict.fromkeys((start + end for start in ("stxr", "stlxr") for end in ("", "b", "h")), store_exclusive),
    **dict.fromkeys(("ldp", "ldnp", "ldpsw"), load_pair), **dict.fromkeys(("stp", "stnp"), store_pair),
    **dict.fromkeys(("cbz", "cbnz"), _branch_on_zero), **dict.fromkeys(("tbz", "tbnz"), _branch_on_bit),
    **dict.fromkeys(_SELECTS, _select),
    **dict.fromkeys(("b", "br", "braa", "braaz"), jump), **dict.fromkeys(("bl", "blr", "blraa", "blraaz"), call),
    **dict.fromkeys(("ret", "retaa", "retab"), _return), **dict.fromkeys(("brk", "udf", "hlt"), halt),
    **dict.fromkeys(("nop", "bti", "hint", "dmb", "dsb", "isb", "yield", "paciasp", "pacibsp", "autiasp", "autibsp",
                     "xpaclri", "prfm", "clrex", "pacia", "autia"), nothing),
}  # fmt: skip
