"""arm64 instructions, as far as compilers use them on the way to a declaration (Arm ARM, C6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nogilcheck.binary.tracer.control import Branch, Call, Control, Halt, Jump, Return, Split
from nogilcheck.binary.tracer.flags import Compared, holds
from nogilcheck.binary.tracer.instruction import Immediate, Indirect, Instruction, Operand, Register
from nogilcheck.binary.tracer.state import UNKNOWN_VECTOR, WORD_MASK, TracerState, Vector

Handler = Callable[[TracerState, Instruction], Control | None]


def execute(state: TracerState, instruction: Instruction) -> Control | None:
    """The effect of one instruction; what is not modelled makes unknown what it writes."""
    name = instruction.name
    if name.startswith("b."):
        return _branch(state, instruction)
    handler = _HANDLERS.get(name)
    if handler is None and name.startswith(("ld", "st", "cas", "swp")):
        handler = _atomic(name)
    return (handler or _unknown)(state, instruction)


# --- operands


def _mask(size: int) -> int:
    return (1 << 8 * size) - 1


def _signed(value: int, size: int) -> int:
    return value - (1 << 8 * size) if value >> (8 * size - 1) & 1 else value


_EXTENDS: Final = {"uxtb": (1, False), "uxth": (2, False), "uxtw": (4, False), "uxtx": (8, False),
                   "sxtb": (1, True), "sxth": (2, True), "sxtw": (4, True), "sxtx": (8, True)}  # fmt: skip


def _extended(value: int, extend: str | None) -> int:
    if extend is None:
        return value
    size, signed = _EXTENDS[extend]
    value &= _mask(size)
    return (_signed(value, size) if signed else value) & WORD_MASK


def _shifted(value: int, register: Register) -> int | None:
    if register.shift is None:
        return value
    kind, count = register.shift
    if kind == "lsl":
        return value << count & WORD_MASK
    if kind == "lsr":
        return value >> count
    if kind == "asr":
        return _signed(value, register.size) >> count & WORD_MASK
    return None


def _read(state: TracerState, operand: Operand) -> int | None:
    if isinstance(operand, Immediate):
        return operand.value
    if not isinstance(operand, Register):
        return None
    if operand.name == "zero":
        return 0
    if operand.vector:
        low = state.vectors.get(operand.name, UNKNOWN_VECTOR)[0]
        return None if low is None or operand.size > 8 else low & _mask(operand.size)
    value = state.registers.get(operand.name)
    if value is None:
        return None
    return _shifted(_extended(value & _mask(operand.size), operand.extend), operand)


def _write(state: TracerState, operand: Operand, value: int | None) -> None:
    if not isinstance(operand, Register) or operand.name == "zero":
        return
    if operand.vector:
        state.vectors[operand.name] = UNKNOWN_VECTOR if value is None else (value & _mask(operand.size), 0, None, None)
    else:
        state.registers[operand.name] = None if value is None else value & _mask(operand.size)


def _address(state: TracerState, operand: Indirect, *, displaced: bool = True) -> int | None:
    base = state.registers.get(operand.base or "")
    if base is None:
        return None
    address = base + (operand.displacement if displaced else 0)
    if operand.index is not None:
        index = _read(state, operand.index)
        if index is None:
            return None
        address += index * operand.scale
    return address & WORD_MASK


def _memory(state: TracerState, instruction: Instruction) -> int | None:
    """The address of the memory operand, and the update of its base register."""
    at, operand = next((n, each) for n, each in enumerate(instruction.operands) if isinstance(each, Indirect))
    if instruction.update != "after":
        address = _address(state, operand)
        if instruction.update == "before" and operand.base is not None:
            state.registers[operand.base] = address
        return address
    address = _address(state, operand, displaced=False)
    by = _read(state, instruction.operands[at + 1]) if at + 1 < len(instruction.operands) else operand.displacement
    if operand.base is not None:
        state.registers[operand.base] = None if address is None or by is None else address + by & WORD_MASK
    return address


# --- moves and arithmetic


def _move(state: TracerState, instruction: Instruction) -> None:
    to, source = instruction.operands[:2]
    lanes = [each.lane for each in (to, source) if isinstance(each, Register)]
    if any(lane is not None for lane in lanes):
        _move_lane(state, to, source)
    elif isinstance(to, Register) and isinstance(source, Register) and to.vector and source.vector and to.size == 16:
        state.vectors[to.name] = state.vectors.get(source.name, UNKNOWN_VECTOR)
    else:
        _write(state, to, _read(state, source))


def _move_lane(state: TracerState, to: Operand, source: Operand) -> None:
    """``mov v0.d[1], x8``: an element of eight bytes; others are forgotten."""
    if not isinstance(to, Register) or not isinstance(source, Register):
        return
    if not to.vector or source.size != 8 or to.lane not in {0, 1} or source.lane is not None:
        _write(state, to, None)
        return
    low, high = state.vectors.get(to.name, UNKNOWN_VECTOR)[:2]
    value = _read(state, source)
    state.vectors[to.name] = (low, value, None, None) if to.lane else (value, high, None, None)


def _move_not(state: TracerState, instruction: Instruction) -> None:
    to, source = instruction.operands
    value = _read(state, source)
    _write(state, to, None if value is None else ~value)


def _move_keep(state: TracerState, instruction: Instruction) -> None:
    """``movk``: sixteen bits of a register; the shift is applied to the number already, and lost in it."""
    to, source = instruction.operands
    old, new = _read(state, to), _read(state, source)
    if old is None or new is None:
        _write(state, to, None)
        return
    shift = 16 * max((new.bit_length() - 1) // 16, 0)
    _write(state, to, None if not new else old & ~(0xFFFF << shift) | new)


def _move_vector_immediate(state: TracerState, instruction: Instruction) -> None:
    to, source = instruction.operands[:2]
    zero = isinstance(source, Immediate) and source.value == 0
    if isinstance(to, Register):
        state.vectors[to.name] = (0, 0, None, None) if zero else UNKNOWN_VECTOR


def _duplicate(state: TracerState, instruction: Instruction) -> None:
    """``dup v.2d, x``."""
    to, source = instruction.operands[:2]
    value = _read(state, source)
    if isinstance(to, Register) and to.vector:
        whole = isinstance(source, Register) and source.size == 8 and not source.vector
        state.vectors[to.name] = (value, value, None, None) if whole else UNKNOWN_VECTOR


def _arithmetic(work: Callable[[int, int], int], *, flags: str = "") -> Handler:
    def handler(state: TracerState, instruction: Instruction) -> None:
        operands = instruction.operands
        to, left, right = operands if len(operands) == 3 else (operands[0], *operands)
        one, other = _read(state, left), _read(state, right)
        size = to.size if isinstance(to, Register) else 8
        result = None if one is None or other is None else work(one, other) & _mask(size)
        _write(state, to, result)
        if flags == "sub":
            state.flags = Compared(one, other, size)
        elif flags == "add":
            state.flags = Compared(result, 0, size, zero_only=True)
        elif flags:
            state.flags = Compared(result, 0, size, logical=True)

    return handler


def _compare(state: TracerState, instruction: Instruction) -> None:
    left, right = instruction.operands[:2]
    one, other = _read(state, left), _read(state, right)
    whole = left.name if isinstance(left, Register) and left.shift is None and other == 0 else None
    state.flags = Compared(one, other, left.size, register=whole)


def _test(state: TracerState, instruction: Instruction) -> None:
    left, right = instruction.operands[:2]
    one, other = _read(state, left), _read(state, right)
    state.flags = Compared(None if one is None or other is None else one & other, 0, left.size, logical=True)


def _forget_flags(state: TracerState, _instruction: Instruction) -> None:
    state.flags = None


def _extend(size: int, *, signed: bool) -> Handler:
    def handler(state: TracerState, instruction: Instruction) -> None:
        to, source = instruction.operands[:2]
        value = _read(state, source)
        if value is not None:
            value &= _mask(size)
            value = _signed(value, size) if signed else value
        _write(state, to, value)

    return handler


# --- memory


_SUFFIXES: Final = (("sw", 4, True), ("sb", 1, True), ("sh", 2, True), ("b", 1, False), ("h", 2, False))


def _width(instruction: Instruction, register: Operand) -> tuple[int, bool]:
    """Bytes that are loaded or stored, and whether they are extended by their sign."""
    for suffix, size, signed in _SUFFIXES:
        if instruction.name.endswith(suffix):
            return size, signed
    return register.size, False


def _load_into(state: TracerState, register: Operand, address: int | None, size: int, *, signed: bool) -> None:
    if isinstance(register, Register) and register.vector and register.size == 16:
        at = (None, None) if address is None else (address, address + 8)
        state.vectors[register.name] = (state.load(at[0], 8), state.load(at[1], 8), None, None)
        return
    value = state.load(address, size)
    _write(state, register, None if value is None else _signed(value, size) if signed else value)


def _store_from(state: TracerState, register: Operand, address: int | None, size: int) -> None:
    if isinstance(register, Register) and register.vector and register.size == 16:
        vector: Vector = state.vectors.get(register.name, UNKNOWN_VECTOR)
        state.store(address, 8, vector[0])
        state.store(None if address is None else address + 8, 8, vector[1])
        return
    state.store(address, size, _read(state, register))


def _load(state: TracerState, instruction: Instruction) -> None:
    register, source = instruction.operands[:2]
    size, signed = _width(instruction, register)
    address = source.value if isinstance(source, Immediate) else _memory(state, instruction)
    _load_into(state, register, address, size, signed=signed)


def _store(state: TracerState, instruction: Instruction) -> None:
    register = instruction.operands[0]
    _store_from(state, register, _memory(state, instruction), _width(instruction, register)[0])


def _store_exclusive(state: TracerState, instruction: Instruction) -> None:
    """``stxr`` and its like: taken to succeed."""
    result, register = instruction.operands[:2]
    _store_from(state, register, _memory(state, instruction), _width(instruction, register)[0])
    _write(state, result, 0)


def _load_pair(state: TracerState, instruction: Instruction) -> None:
    one, other = instruction.operands[:2]
    address = _memory(state, instruction)
    size, signed = (4, True) if instruction.name == "ldpsw" else (one.size, False)
    _load_into(state, one, address, size, signed=signed)
    _load_into(state, other, None if address is None else address + size, size, signed=signed)


def _store_pair(state: TracerState, instruction: Instruction) -> None:
    one, other = instruction.operands[:2]
    address = _memory(state, instruction)
    _store_from(state, one, address, one.size)
    _store_from(state, other, None if address is None else address + one.size, one.size)


def _atomic(name: str) -> Handler | None:
    """Atomic read-modify-write (LSE), by what its name begins with."""
    work = next((work for prefix, work in _ATOMIC.items() if name.startswith(prefix)), None)
    if work is None:
        return None

    def handler(state: TracerState, instruction: Instruction) -> None:
        operands = instruction.operands
        address = _memory(state, instruction)
        size = _width(instruction, operands[0])[0]
        old, given = state.load(address, size), _read(state, operands[0])
        if name.startswith("cas"):
            new = _read(state, operands[1])
            if old is None or given is None or old == given:
                state.store(address, size, new)
                old = given
            _write(state, operands[0], old)
            return
        state.store(address, size, None if old is None or given is None else work(old, given) & _mask(size))
        if name.startswith(("ld", "swp")):
            _write(state, operands[1], old)

    return handler


_ATOMIC: Final[dict[str, Callable[[int, int], int]]] = {
    **dict.fromkeys(("ldadd", "stadd"), lambda old, given: old + given),
    **dict.fromkeys(("ldset", "stset"), lambda old, given: old | given),
    **dict.fromkeys(("ldclr", "stclr"), lambda old, given: old & ~given),
    **dict.fromkeys(("swp", "cas"), lambda _old, given: given),
}


# --- control


def _branch(state: TracerState, instruction: Instruction) -> Control:
    target = instruction.operands[-1]
    assert isinstance(target, Immediate)
    condition = instruction.name[2:].replace("cs", "hs").replace("cc", "lo")
    zero = state.flags.zero(condition) if state.flags else (None, True)
    return Branch(target.value, holds(condition, state.flags), *zero)


def _branch_on_zero(state: TracerState, instruction: Instruction) -> Control:
    register, target = instruction.operands
    assert isinstance(target, Immediate)
    value = _read(state, register)
    known = None if value is None else (value == 0) == (instruction.name == "cbz")
    name = register.name if isinstance(register, Register) else None
    return Branch(target.value, known, name, instruction.name == "cbz")


def _branch_on_bit(state: TracerState, instruction: Instruction) -> Control:
    register, bit, target = instruction.operands
    assert isinstance(bit, Immediate)
    assert isinstance(target, Immediate)
    value = _read(state, register)
    return Branch(target.value, None if value is None else (value >> bit.value & 1 == 0) == (instruction.name == "tbz"))


def _select(state: TracerState, instruction: Instruction) -> Control | None:
    """``csel`` and its like, and what they are called when registers coincide."""
    to, *sources = instruction.operands
    zero = Register("zero", to.size)
    yes, no = {0: (zero, zero), 1: (sources[0], sources[0]) if sources else (zero, zero)}.get(len(sources), sources[:2])
    first, second = _read(state, yes), _read(state, no)
    change = _SELECTS[instruction.name]
    if instruction.name in {"cset", "csetm"}:
        first, second = (1 if instruction.name == "cset" else WORD_MASK), 0
    elif instruction.name in {"cinc", "cinv", "cneg"}:
        first = None if first is None else change(first)
    else:
        second = None if second is None else change(second)
    known = holds(instruction.condition, state.flags)
    if first == second:
        known = True
    if known is None:
        return Split((lambda each: _write(each, to, first), lambda each: _write(each, to, second)))
    _write(state, to, first if known else second)
    return None


_SELECTS: Final[dict[str, Callable[[int], int]]] = {
    **dict.fromkeys(("csel", "cset", "csetm"), lambda value: value),
    **dict.fromkeys(("csinc", "cinc"), lambda value: value + 1),
    **dict.fromkeys(("csinv", "cinv"), lambda value: ~value),
    **dict.fromkeys(("csneg", "cneg"), lambda value: -value),
}


def _jump(state: TracerState, instruction: Instruction) -> Control:
    return Jump(_read(state, instruction.operands[0]))


def _call(state: TracerState, instruction: Instruction) -> Control:
    return Call(_read(state, instruction.operands[0]))


def _return(state: TracerState, _instruction: Instruction) -> Control:
    return Return(state.registers.get("x30"))


def _halt(_state: TracerState, _instruction: Instruction) -> Control:
    return Halt()


def _nothing(_state: TracerState, _instruction: Instruction) -> None:
    return None


def _unknown(state: TracerState, instruction: Instruction) -> None:
    memory = next((each for each in instruction.operands if isinstance(each, Indirect)), None)
    if memory is not None and instruction.name.startswith("st"):
        state.store(_address(state, memory), 16, None)
    for name in instruction.written():
        if name == "flags":
            state.flags = None
        elif name.startswith("v"):
            state.vectors.pop(name, None)
        elif name != "sp":
            state.registers[name] = None


_HANDLERS: Final[dict[str, Handler]] = {
    **dict.fromkeys(("mov", "movz", "fmov", "adr", "adrp", "ins"), _move), **dict.fromkeys(("mvn", "movn"), _move_not),
    "movk": _move_keep, "movi": _move_vector_immediate, "dup": _duplicate,
    "add": _arithmetic(lambda a, b: a + b), "adds": _arithmetic(lambda a, b: a + b, flags="add"),
    "sub": _arithmetic(lambda a, b: a - b), "subs": _arithmetic(lambda a, b: a - b, flags="sub"),
    "and": _arithmetic(lambda a, b: a & b), "ands": _arithmetic(lambda a, b: a & b, flags="logic"),
    "orr": _arithmetic(lambda a, b: a | b), "eor": _arithmetic(lambda a, b: a ^ b),
    "bic": _arithmetic(lambda a, b: a & ~b), "lsl": _arithmetic(lambda a, b: a << (b & 63)),
    "lsr": _arithmetic(lambda a, b: a >> (b & 63)), "mul": _arithmetic(lambda a, b: a * b),
    "cmp": _compare, "tst": _test, **dict.fromkeys(("cmn", "ccmp", "ccmn", "fcmp", "fccmp"), _forget_flags),
    "sxtw": _extend(4, signed=True), "uxtw": _extend(4, signed=False), "sxtb": _extend(1, signed=True),
    "uxtb": _extend(1, signed=False), "sxth": _extend(2, signed=True), "uxth": _extend(2, signed=False),
    **dict.fromkeys((start + end for start in ("ldr", "ldur", "ldar", "ldapr", "ldaxr", "ldxr", "ldapur")
                     for end in ("", "b", "h", "sb", "sh", "sw")), _load),
    **dict.fromkeys((start + end for start in ("str", "stur", "stlr", "stlur") for end in ("", "b", "h")), _store),
    **dict.fromkeys((start + end for start in ("stxr", "stlxr") for end in ("", "b", "h")), _store_exclusive),
    **dict.fromkeys(("ldp", "ldnp", "ldpsw"), _load_pair), **dict.fromkeys(("stp", "stnp"), _store_pair),
    **dict.fromkeys(("cbz", "cbnz"), _branch_on_zero), **dict.fromkeys(("tbz", "tbnz"), _branch_on_bit),
    **dict.fromkeys(_SELECTS, _select),
    **dict.fromkeys(("b", "br", "braa", "braaz"), _jump), **dict.fromkeys(("bl", "blr", "blraa", "blraaz"), _call),
    **dict.fromkeys(("ret", "retaa", "retab"), _return), **dict.fromkeys(("brk", "udf", "hlt"), _halt),
    **dict.fromkeys(("nop", "bti", "hint", "dmb", "dsb", "isb", "yield", "paciasp", "pacibsp", "autiasp", "autibsp",
                     "xpaclri", "prfm", "clrex", "pacia", "autia"), _nothing),
}  # fmt: skip
