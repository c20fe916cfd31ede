"""x86-64 instructions, as far as compilers use them on the way to a declaration (Intel SDM, volume 2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nogilcheck.binary.tracer.control import Branch, Call, Control, Halt, Jump, Return, Split
from nogilcheck.binary.tracer.flags import X86_CONDITIONS, Compared, holds
from nogilcheck.binary.tracer.instruction import Immediate, Indirect, Instruction, Operand, Register
from nogilcheck.binary.tracer.state import UNKNOWN_VECTOR, WORD_MASK, State, Vector

Handler = Callable[[State, Instruction], Control | None]
Effect = Callable[[State], None]


def execute(state: State, instruction: Instruction) -> Control | None:
    """The effect of one instruction; what is not modelled makes unknown what it writes."""
    name = instruction.name
    handler = _HANDLERS.get(name)
    if handler is None and name.startswith("v"):
        handler = _VECTOR_HANDLERS.get(name[1:])
    if handler is None:
        handler = _VECTOR_HANDLERS.get(name)
    if handler is None and name.startswith("j"):
        handler = _branch
    if handler is None and name.startswith("set"):
        handler = _set
    if handler is None and name.startswith("cmov"):
        handler = _conditional_move
    return (handler or _unknown)(state, instruction)


# --- operands


def _mask(size: int) -> int:
    return (1 << 8 * size) - 1


def read_register(state: State, register: Register) -> int | None:
    """A general register, or the low part of a vector register, as a number."""
    if register.vector:
        return _number(state.vectors.get(register.name, UNKNOWN_VECTOR), register.size)
    value = state.registers.get(register.name)
    return None if value is None else value >> 8 * register.offset & _mask(register.size)


def write_register(state: State, register: Register, value: int | None) -> None:
    """Likewise. Four bytes clear the upper half, fewer leave the rest (Intel SDM volume 1, 3.4.1.1)."""
    if register.vector:
        state.vectors[register.name] = _words(value, register.size)
    elif register.size >= 4:
        state.registers[register.name] = None if value is None else value & _mask(register.size)
    else:
        old = state.registers.get(register.name)
        if old is None or value is None:
            # The part is all that anyone asks for: the whole was not known before.
            state.registers[register.name] = (
                None if value is None else value & _mask(register.size) if not register.offset else None
            )
        else:
            mask = _mask(register.size) << 8 * register.offset
            state.registers[register.name] = old & ~mask | value << 8 * register.offset & mask


def address_of(state: State, instruction: Instruction, operand: Indirect) -> int | None:
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


def _read(state: State, instruction: Instruction, operand: Operand) -> int | None:
    if isinstance(operand, Register):
        return read_register(state, operand)
    if isinstance(operand, Immediate):
        return operand.value
    return state.load(address_of(state, instruction, operand), operand.size)


def _write(state: State, instruction: Instruction, operand: Operand, value: int | None) -> None:
    if isinstance(operand, Register):
        write_register(state, operand, value)
    elif isinstance(operand, Indirect):
        state.store(address_of(state, instruction, operand), operand.size, value)


def _signed(value: int, size: int) -> int:
    return value - (1 << 8 * size) if value >> (8 * size - 1) & 1 else value


# --- general instructions


def _move(state: State, instruction: Instruction) -> None:
    to, source = instruction.operands
    _write(state, instruction, to, _read(state, instruction, source))


def _move_signed(state: State, instruction: Instruction) -> None:
    to, source = instruction.operands
    value = _read(state, instruction, source)
    _write(state, instruction, to, None if value is None else _signed(value, source.size) & _mask(to.size))


def _load_address(state: State, instruction: Instruction) -> None:
    to, source = instruction.operands
    assert isinstance(source, Indirect)
    _write(state, instruction, to, address_of(state, instruction, source))


def _exchange(state: State, instruction: Instruction) -> None:
    one, other = instruction.operands
    first, second = _read(state, instruction, one), _read(state, instruction, other)
    _write(state, instruction, one, second)
    _write(state, instruction, other, first)


def _push(state: State, instruction: Instruction) -> None:
    value = _read(state, instruction, instruction.operands[0])
    stack = state.registers.get("rsp")
    state.registers["rsp"] = None if stack is None else stack - 8
    state.store(state.registers["rsp"], 8, value)


def _pop(state: State, instruction: Instruction) -> None:
    stack = state.registers.get("rsp")
    value = state.load(stack, 8)
    state.registers["rsp"] = None if stack is None else stack + 8
    _write(state, instruction, instruction.operands[0], value)


def _leave(state: State, _instruction: Instruction) -> None:
    frame = state.registers.get("rbp")
    state.registers["rbp"] = state.load(frame, 8)
    state.registers["rsp"] = None if frame is None else frame + 8


def _arithmetic(work: Callable[[int, int], int], *, kind: str) -> Handler:
    def handler(state: State, instruction: Instruction) -> None:
        to, source = instruction.operands[:2]
        left, right = _read(state, instruction, to), _read(state, instruction, source)
        if kind in {"xor", "sub"} and to == source:
            left = right = 0
        if (kind == "and" and 0 in {left, right}) or (kind == "or" and _mask(to.size) in {left, right}):
            left = right = 0 if kind == "and" else _mask(to.size)
        result = None if left is None or right is None else work(left, right) & _mask(to.size)
        _write(state, instruction, to, result)
        if kind == "sub":
            state.flags = Compared(left, right, to.size)
        elif kind == "add":
            state.flags = Compared(result, 0, to.size, zero_only=True)
        else:
            state.flags = Compared(result, 0, to.size, logical=True)

    return handler


def _step(by: int) -> Handler:
    def handler(state: State, instruction: Instruction) -> None:
        (to,) = instruction.operands
        value = _read(state, instruction, to)
        result = None if value is None else value + by & _mask(to.size)
        _write(state, instruction, to, result)
        state.flags = Compared(result, 0, to.size, zero_only=True)

    return handler


def _shift(work: Callable[[int, int, int], int]) -> Handler:
    def handler(state: State, instruction: Instruction) -> None:
        to = instruction.operands[0]
        value = _read(state, instruction, to)
        count = _read(state, instruction, instruction.operands[1]) if len(instruction.operands) > 1 else 1
        if value is None or count is None:
            result = None
        else:
            result = work(value, count & (63 if to.size == 8 else 31), to.size) & _mask(to.size)
        _write(state, instruction, to, result)
        state.flags = Compared(result, 0, to.size, zero_only=True) if count else state.flags

    return handler


def _multiply(state: State, instruction: Instruction) -> None:
    operands = instruction.operands
    if len(operands) == 1:
        state.registers["rax"] = state.registers["rdx"] = None
    else:
        left, right = (_read(state, instruction, each) for each in operands[-2:])
        _write(
            state,
            instruction,
            operands[0],
            None if left is None or right is None else left * right & _mask(operands[0].size),
        )
    state.flags = None


def _negate(state: State, instruction: Instruction) -> None:
    (to,) = instruction.operands
    value = _read(state, instruction, to)
    _write(state, instruction, to, None if value is None else -value & _mask(to.size))
    state.flags = Compared(0, value, to.size)


def _invert(state: State, instruction: Instruction) -> None:
    (to,) = instruction.operands
    value = _read(state, instruction, to)
    _write(state, instruction, to, None if value is None else ~value & _mask(to.size))


def _compare(state: State, instruction: Instruction) -> None:
    left, right = instruction.operands
    same = isinstance(left, Register) and left == right
    values = (0, 0) if same else (_read(state, instruction, left), _read(state, instruction, right))
    state.flags = Compared(*values, left.size, register=_whole(left) if values[1] == 0 and not same else None)


def _whole(operand: Operand) -> str | None:
    """The register, when all that matters of it is meant."""
    if isinstance(operand, Register) and operand.size >= 4 and not operand.vector:
        return operand.name
    return None


def _test(state: State, instruction: Instruction) -> None:
    left, right = instruction.operands
    one, other = _read(state, instruction, left), _read(state, instruction, right)
    if 0 in {one, other}:
        one = other = 0
    known = None if one is None or other is None else one & other
    state.flags = Compared(known, 0, left.size, logical=True, register=_whole(left) if left == right else None)


def _compare_exchange(state: State, instruction: Instruction) -> Control | None:
    """``lock cmpxchg``: nobody else runs, so it succeeds where what is compared is known to be equal."""
    to, source = instruction.operands
    old, expected = _read(state, instruction, to), read_register(state, Register("rax", to.size))
    new = _read(state, instruction, source)
    if old is None or expected is None:
        # Atomic reference counts and locks: taken to succeed at once.
        _write(state, instruction, to, new)
        state.flags = Compared(0, 0, to.size)
    elif old == expected:
        _write(state, instruction, to, new)
        state.flags = Compared(0, 0, to.size)
    else:
        write_register(state, Register("rax", to.size), old)
        state.flags = Compared(expected, old, to.size)
    return None


def _exchange_add(state: State, instruction: Instruction) -> None:
    to, source = instruction.operands
    old, more = _read(state, instruction, to), _read(state, instruction, source)
    result = None if old is None or more is None else old + more & _mask(to.size)
    _write(state, instruction, source, old)
    _write(state, instruction, to, result)
    state.flags = Compared(result, 0, to.size, zero_only=True)


def _bit_test(state: State, instruction: Instruction) -> None:
    """Carry is all that it sets; no condition of `flags` is carry alone but ``lo`` and ``hs``."""
    value, bit = (_read(state, instruction, each) for each in instruction.operands)
    known = None if value is None or bit is None else value >> (bit % (8 * instruction.operands[0].size)) & 1
    state.flags = None if known is None else Compared(0, known, 8)
    if instruction.name != "bt":
        _write(state, instruction, instruction.operands[0], None)


def _extend_accumulator(size: int) -> Handler:
    def handler(state: State, _instruction: Instruction) -> None:
        value = read_register(state, Register("rax", size // 2))
        write_register(state, Register("rax", size), None if value is None else _signed(value, size // 2) & _mask(size))

    return handler


def _store_string(size: int, *, copy: bool) -> Handler:
    """``rep stos`` and ``rep movs``, forwards."""

    def handler(state: State, _instruction: Instruction) -> None:
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


def _branch(state: State, instruction: Instruction) -> Control:
    target = instruction.operands[0]
    assert isinstance(target, Immediate)
    if instruction.name in {"jrcxz", "jecxz"}:
        count = state.registers.get("rcx")
        return Branch(target.value, None if count is None else count == 0)
    condition = X86_CONDITIONS.get(instruction.name[1:])
    zero = state.flags.zero(condition) if state.flags else (None, True)
    return Branch(target.value, holds(condition, state.flags), *zero)


def _set(state: State, instruction: Instruction) -> Control | None:
    known = holds(X86_CONDITIONS.get(instruction.name[3:]), state.flags)
    (to,) = instruction.operands
    if known is None:
        return Split((lambda each: _write(each, instruction, to, 1), lambda each: _write(each, instruction, to, 0)))
    _write(state, instruction, to, int(known))
    return None


def _conditional_move(state: State, instruction: Instruction) -> Control | None:
    known = holds(X86_CONDITIONS.get(instruction.name[4:]), state.flags)
    to, source = instruction.operands
    moved, kept = _read(state, instruction, source), _read(state, instruction, to)
    if moved == kept:
        known = False
    if known is None:
        return Split(
            (lambda each: _write(each, instruction, to, moved), lambda each: _write(each, instruction, to, kept))
        )
    _write(state, instruction, to, moved if known else kept)
    return None


def _jump(state: State, instruction: Instruction) -> Control:
    return Jump(_read(state, instruction, instruction.operands[0]))


def _call(state: State, instruction: Instruction) -> Control:
    return Call(_read(state, instruction, instruction.operands[0]))


def _return(state: State, instruction: Instruction) -> Control:
    stack = state.registers.get("rsp")
    target = state.load(stack, 8)
    extra = (
        instruction.operands[0].value if instruction.operands and isinstance(instruction.operands[0], Immediate) else 0
    )
    state.registers["rsp"] = None if stack is None else stack + 8 + extra
    return Return(target)


def _halt(_state: State, _instruction: Instruction) -> Control:
    return Halt()


def _nothing(_state: State, _instruction: Instruction) -> None:
    return None


def _unknown(state: State, instruction: Instruction) -> None:
    for name in instruction.written():
        if name == "flags":
            state.flags = None
        elif name.startswith("v"):
            state.vectors.pop(name, None)
        elif name != "rsp":
            state.registers[name] = None
    if instruction.operands and isinstance(instruction.operands[0], Indirect):
        _write(state, instruction, instruction.operands[0], None)


# --- vectors


def _words(value: int | None, size: int) -> Vector:
    if value is None:
        return UNKNOWN_VECTOR
    words = tuple(value >> 64 * number & WORD_MASK if 8 * number < max(size, 16) else None for number in range(4))
    return words[0], words[1], words[2], words[3]


def _number(vector: Vector, size: int) -> int | None:
    value = 0
    for number in range((size + 7) // 8):
        word = vector[number] if number < len(vector) else None
        if word is None:
            return None
        value |= word << 64 * number
    return value & _mask(size)


def read_vector(state: State, instruction: Instruction, operand: Operand) -> Vector:
    """The words of a vector operand; a memory operand gives as many as it has."""
    if isinstance(operand, Register):
        if operand.vector:
            return state.vectors.get(operand.name, UNKNOWN_VECTOR)
        return (state.registers.get(operand.name), 0, 0, 0)
    if isinstance(operand, Indirect):
        address = address_of(state, instruction, operand)
        if address is None:
            return UNKNOWN_VECTOR
        words = [state.load(address + 8 * n, 8) if 8 * n < operand.size else 0 for n in range(4)]
        if operand.size < 8:
            words[0] = state.load(address, operand.size)
        return words[0], words[1], words[2], words[3]
    return UNKNOWN_VECTOR


def _write_vector(state: State, instruction: Instruction, operand: Operand, vector: Vector) -> None:
    if isinstance(operand, Indirect):
        address = address_of(state, instruction, operand)
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


def _move_vector(state: State, instruction: Instruction) -> None:
    to, source = instruction.operands[0], instruction.operands[-1]
    _write_vector(state, instruction, to, read_vector(state, instruction, source))


def _move_word(state: State, instruction: Instruction) -> None:
    """``movq``, ``movd`` and scalar loads: the rest of a vector register becomes 0."""
    to, source = instruction.operands
    size = 4 if instruction.name.endswith(("movd", "movss")) else 8
    low = read_vector(state, instruction, source)[0]
    low = None if low is None else low & _mask(size)
    _write_vector(state, instruction, to, (low, 0, 0, 0))


def _combine(*words: tuple[int, int]) -> Handler:
    """A vector of words picked from the last two operands: (operand 0 or 1, word)."""

    def handler(state: State, instruction: Instruction) -> None:
        operands = instruction.operands
        to, left, right = operands if len(operands) == 3 else (operands[0], *operands)
        sources = (read_vector(state, instruction, left), read_vector(state, instruction, right))
        low, high = (sources[source][word] for source, word in words)
        _write_vector(state, instruction, to, (low, high, None, None))

    return handler


def _move_half(*, high: bool) -> Handler:
    """``movhps``, ``movlps`` and their like: one word from or to memory."""

    def handler(state: State, instruction: Instruction) -> None:
        operands = instruction.operands
        to, kept, source = operands[0], operands[-2], operands[-1]
        if isinstance(to, Indirect):
            state.store(address_of(state, instruction, to), 8, read_vector(state, instruction, source)[int(high)])
            return
        old, new = read_vector(state, instruction, kept), read_vector(state, instruction, source)[0]
        _write_vector(state, instruction, to, (old[0], new, None, None) if high else (new, old[1], None, None))

    return handler


def _insert_word(state: State, instruction: Instruction) -> None:
    operands = instruction.operands
    to, kept, source, where = operands if len(operands) == 4 else (operands[0], *operands)
    old, new = read_vector(state, instruction, kept), _read(state, instruction, source)
    first = isinstance(where, Immediate) and not where.value & 1
    _write_vector(state, instruction, to, (new, old[1], None, None) if first else (old[0], new, None, None))


def _logic(name: str) -> Handler:
    def handler(state: State, instruction: Instruction) -> None:
        operands = instruction.operands
        left, right = operands[-2:]
        if left == right and name in {"xor", "andn"}:
            _write_vector(state, instruction, operands[0], (0, 0, 0, 0))
            return
        one, other = read_vector(state, instruction, left), read_vector(state, instruction, right)
        words = [None if a is None or b is None else _LOGIC[name](a, b) for a, b in zip(one, other, strict=True)]
        _write_vector(state, instruction, operands[0], (words[0], words[1], words[2], words[3]))

    return handler


_LOGIC: Final[dict[str, Callable[[int, int], int]]] = {
    "xor": lambda a, b: a ^ b,
    "or": lambda a, b: a | b,
    "and": lambda a, b: a & b,
    "andn": lambda a, b: ~a & b & WORD_MASK,
}


def _all_ones(state: State, instruction: Instruction) -> None:
    equal = instruction.operands[-1] == instruction.operands[-2]
    _write_vector(state, instruction, instruction.operands[0], (WORD_MASK,) * 4 if equal else UNKNOWN_VECTOR)


def _shuffle(state: State, instruction: Instruction) -> None:
    """``pshufd``: four halves of words, picked by two bits each."""
    to, source, order = instruction.operands
    low, high = read_vector(state, instruction, source)[:2]
    assert isinstance(order, Immediate)

    def half(number: int) -> int | None:
        word = high if number & 2 else low
        return None if word is None else word >> 32 * (number & 1) & 0xFFFFFFFF

    halves = [half(order.value >> 2 * number & 3) for number in range(4)]
    words = [None if a is None or b is None else a | b << 32 for a, b in (halves[:2], halves[2:])]
    _write_vector(state, instruction, to, (words[0], words[1], None, None))


def _broadcast(state: State, instruction: Instruction) -> None:
    low = read_vector(state, instruction, instruction.operands[-1])[0]
    _write_vector(state, instruction, instruction.operands[0], (low, low, low, low))


def _clear_vectors(_state: State, _instruction: Instruction) -> None:
    """``vzeroupper``: upper halves only."""


_HANDLERS: Final[dict[str, Handler]] = {
    **dict.fromkeys(("mov", "movabs", "movzx", "movbe"), _move),
    **dict.fromkeys(("movsx", "movsxd"), _move_signed),
    "lea": _load_address, "xchg": _exchange, "push": _push, "pop": _pop, "leave": _leave,
    "add": _arithmetic(lambda a, b: a + b, kind="add"), "sub": _arithmetic(lambda a, b: a - b, kind="sub"),
    "and": _arithmetic(lambda a, b: a & b, kind="and"), "or": _arithmetic(lambda a, b: a | b, kind="or"),
    "xor": _arithmetic(lambda a, b: a ^ b, kind="xor"),
    "inc": _step(1), "dec": _step(-1), "neg": _negate, "not": _invert, "imul": _multiply, "mul": _multiply,
    **dict.fromkeys(("shl", "sal"), _shift(lambda a, n, _size: a << n)), "shr": _shift(lambda a, n, _size: a >> n),
    "sar": _shift(lambda a, n, size: _signed(a, size) >> n),
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

_VECTOR_HANDLERS: Final[dict[str, Handler]] = {
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
