"""Bytes of code -> instructions, by capstone. The only module that knows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from types import ModuleType
from typing import Any, Final, Literal

import capstone
from capstone import arm64_const as arm
from capstone import x86_const as x86

from nogilcheck.binary.image import Image, Machine
from nogilcheck.binary.tracer.instruction import Immediate, Indirect, Instruction, Operand, Register

LONGEST: Final = {Machine.X86_64: 16, Machine.ARM64: 4}
"""Bytes of the longest instruction (Intel SDM volume 2, 2.3.11: 15)."""

_PREFIXES: Final = frozenset({"lock", "bnd", "notrack", "rep", "repne", "xacquire", "xrelease"})
_LEGACY: Final = {"a": "rax", "b": "rbx", "c": "rcx", "d": "rdx"}
_POINTERS: Final = {"si": "rsi", "di": "rdi", "bp": "rbp", "sp": "rsp"}


class Decoder:
    """The instructions of one image; each is decoded once."""

    def __init__(self, image: Image) -> None:
        self._image = image
        self._longest = LONGEST[image.machine]
        self._decode = _x86 if image.machine is Machine.X86_64 else _arm64
        self._engine = _engine(image.machine)
        self._known: dict[int, Instruction | None] = {}
        self.carried_out: set[int] = set()
        """The addresses of instructions that were carried out on some way."""

    def at(self, address: int) -> Instruction | None:
        """The instruction at an address; ``None`` where there is no valid one."""
        if address not in self._known:
            raw = next(self._engine.disasm(self._image.read(address, self._longest), address, 1), None)
            self._known[address] = None if raw is None else self._decode(raw)
        return self._known[address]

    def followed(self) -> Iterator[Instruction]:
        """Every instruction that was carried out on some way."""
        return (instruction for instruction in map(self._known.get, self.carried_out) if instruction is not None)


@cache
def _engine(machine: Machine) -> Any:
    if machine is Machine.X86_64:
        engine = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    else:
        engine = capstone.Cs(capstone.CS_ARCH_ARM64, capstone.CS_MODE_ARM)
    engine.detail = True
    return engine


@cache
def _x86_register(name: str) -> Register:
    """``eax`` -> four bytes of ``rax``."""
    if name.startswith(("xmm", "ymm", "zmm")):
        return Register("v" + name[3:], {"x": 16, "y": 32, "z": 64}[name[0]], vector=True)
    if len(name) == 2 and name[0] in _LEGACY and name[1] in "lhx":
        return Register(_LEGACY[name[0]], 2 if name[1] == "x" else 1, int(name[1] == "h"))
    if len(name) == 3 and name[0] == "e" and name[1] in _LEGACY and name[2] == "x":
        return Register(_LEGACY[name[1]], 4)
    core = name.removeprefix("e").removesuffix("l")
    if core in _POINTERS:
        return Register(_POINTERS[core], 4 if name[0] == "e" else 1 if name[-1] == "l" else 2)
    if name[0] == "r" and name[1:2].isdigit() and name[-1] in "bwd":
        return Register(name[:-1], {"b": 1, "w": 2, "d": 4}[name[-1]])
    return Register("flags" if name in {"rflags", "eflags"} else name, 8)


def _x86(raw: Any) -> Instruction:
    def operand(each: Any) -> Operand:
        if each.type == x86.X86_OP_REG:
            return _x86_register(raw.reg_name(each.reg))
        if each.type == x86.X86_OP_IMM:
            return Immediate(each.imm & (1 << 8 * each.size) - 1, each.size)
        memory = each.mem
        base = raw.reg_name(memory.base) if memory.base else None
        return Indirect(
            base=base,
            index=_x86_register(raw.reg_name(memory.index)) if memory.index else None,
            scale=memory.scale,
            displacement=memory.disp + (raw.address + raw.size if base == "rip" else 0),
            size=each.size,
            segment=memory.segment in {x86.X86_REG_FS, x86.X86_REG_GS},
        )

    words = raw.mnemonic.split()
    name = next((word for word in words if word not in _PREFIXES), words[0])
    if words[0] in {"rep", "repne"}:
        name = raw.mnemonic
    return Instruction(
        raw.address,
        raw.size,
        name,
        tuple(map(operand, raw.operands)),
        written=lambda: _x86_names(raw, raw.regs_access()[1]),
        read=lambda: _x86_names(raw, raw.regs_access()[0]),
    )


def _x86_names(raw: Any, registers: Iterable[int]) -> tuple[str, ...]:
    return tuple(_x86_register(raw.reg_name(each)).name for each in registers)


_ARM_SIZES: Final = {"w": 4, "x": 8, "q": 16, "v": 16, "d": 8, "s": 4, "h": 2, "b": 1}
_ARM_NAMES: Final = {"fp": ("x29", 8), "lr": ("x30", 8), "sp": ("sp", 8), "wsp": ("sp", 4), "xzr": ("zero", 8),
                     "wzr": ("zero", 4), "nzcv": ("flags", 8)}  # fmt: skip
_ARM_SHIFTS: Final = {arm.ARM64_SFT_LSL: "lsl", arm.ARM64_SFT_LSR: "lsr", arm.ARM64_SFT_ASR: "asr",
                      arm.ARM64_SFT_ROR: "ror", arm.ARM64_SFT_MSL: "msl"}  # fmt: skip
_ARM_CONDITIONS: Final = {
    arm.ARM64_CC_EQ: "eq", arm.ARM64_CC_NE: "ne", arm.ARM64_CC_HS: "hs", arm.ARM64_CC_LO: "lo",
    arm.ARM64_CC_MI: "mi", arm.ARM64_CC_PL: "pl", arm.ARM64_CC_VS: "vs", arm.ARM64_CC_VC: "vc",
    arm.ARM64_CC_HI: "hi", arm.ARM64_CC_LS: "ls", arm.ARM64_CC_GE: "ge", arm.ARM64_CC_LT: "lt",
    arm.ARM64_CC_GT: "gt", arm.ARM64_CC_LE: "le",
}  # fmt: skip


@cache
def _arm_names(module: ModuleType, prefix: str) -> dict[int, str]:
    return {value: key.removeprefix(prefix).lower() for key, value in vars(module).items() if key.startswith(prefix)}


@cache
def _arm_register(name: str) -> Register:
    if name in _ARM_NAMES:
        return Register(*_ARM_NAMES[name])
    if name[0] in "wx":
        return Register("x" + name[1:], _ARM_SIZES[name[0]])
    if name[0] in "qvdshb" and name[1:].isdigit():
        return Register("v" + name[1:], _ARM_SIZES[name[0]], vector=True)
    return Register(name, 8)


def _arm64(raw: Any) -> Instruction:
    extends = _arm_names(arm, "ARM64_EXT_")

    def operand(each: Any) -> Operand:
        if each.type == arm.ARM64_OP_REG:
            register = _arm_register(raw.reg_name(each.reg))
            shift = (_ARM_SHIFTS.get(each.shift.type, "other"), each.shift.value) if each.shift.type else None
            extend = extends.get(each.ext) if each.ext else None
            lane = each.vector_index if each.vector_index >= 0 else None
            return Register(register.name, register.size, 0, shift, extend, register.vector, lane)
        if each.type == arm.ARM64_OP_MEM:
            memory = each.mem
            index = None
            if memory.index:
                whole = _arm_register(raw.reg_name(memory.index))
                index = Register(whole.name, whole.size, extend=extends.get(each.ext) if each.ext else None)
            base = _arm_register(raw.reg_name(memory.base)).name if memory.base else None
            return Indirect(base, index, 1 << each.shift.value if each.shift.type else 1, memory.disp, 0)
        if each.type == arm.ARM64_OP_IMM:
            value = each.imm << each.shift.value if each.shift.type == arm.ARM64_SFT_LSL else each.imm
            return Immediate(value & 0xFFFFFFFFFFFFFFFF, 8)
        return Immediate(0, 0)

    operands = tuple(map(operand, raw.operands))
    update: Literal["", "before", "after"] = ""
    if raw.writeback:
        update = "after" if isinstance(operands[-1], Immediate) and len(operands) > 2 else "before"
    return Instruction(
        raw.address,
        raw.size,
        raw.mnemonic,
        operands,
        condition=_ARM_CONDITIONS.get(raw.cc),
        update=update,
        written=lambda: tuple(_arm_register(raw.reg_name(each)).name for each in raw.regs_access()[1]),
    )
