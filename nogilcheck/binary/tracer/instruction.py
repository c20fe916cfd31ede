"""Decoded instructions, as the tracer sees them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Register:
    """A register as an operand."""

    name: str
    """The whole register: ``rax`` for ``al``, ``x0`` for ``w0``, ``v3`` for ``xmm3``, ``q3`` or ``d3``."""
    size: int
    """Bytes that are meant."""
    offset: int = 0
    """Byte at which they begin: 1 for ``ah``."""
    shift: tuple[str, int] | None = None
    """``lsl``, ``lsr`` or ``asr`` by so many bits, before it is used (arm64)."""
    extend: str | None = None
    """``sxtw``, ``uxtw`` and so on, before it is used (arm64)."""
    vector: bool = False
    lane: int | None = None
    """Of a vector register: the element that alone is meant (arm64)."""


@dataclass(frozen=True, slots=True)
class Immediate:
    """A number in the instruction, or the target of a branch."""

    value: int
    size: int


@dataclass(frozen=True, slots=True)
class Indirect:
    """Memory: base + index * scale + displacement; of ``rip`` the displacement alone is the address."""

    base: str | None
    index: Register | None
    scale: int
    displacement: int
    size: int
    segment: bool = False
    """Relative to a segment register: thread-local."""


Operand = Register | Immediate | Indirect


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction."""

    address: int
    size: int
    name: str
    operands: tuple[Operand, ...]
    condition: str | None = None
    """Of a conditional one, in the words of `nogilcheck.binary.tracer.flags` (arm64)."""
    update: Literal["", "before", "after"] = ""
    """When the base register of the memory operand is moved (arm64)."""
    written: Callable[[], tuple[str, ...]] = tuple
    """The registers that it writes, by their whole names; ``flags`` among them."""
    read: Callable[[], tuple[str, ...]] = tuple
    """The registers that it reads, likewise, those of addresses among them (x86-64)."""

    @property
    def next(self) -> int:
        """The address of the instruction after it."""
        return self.address + self.size
