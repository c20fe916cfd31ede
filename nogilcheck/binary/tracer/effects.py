"""What the instructions of both machines share: where control goes after one, and effects without operands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nogilcheck.binary.tracer.instruction import Instruction
from nogilcheck.binary.tracer.state import TracerState

Effect = Callable[[TracerState], None]
"""What an instruction changes in a state."""


@dataclass(frozen=True, slots=True)
class Jump:
    """Continue at an address; ``None``: not known."""

    target: int | None


@dataclass(frozen=True, slots=True)
class Branch:
    """Continue at an address or with the next instruction."""

    target: int
    taken: bool | None
    """``None``: not known."""
    zero: str | None = None
    """The register that the branch shows to be zero: when it is taken if `zero_taken`, else when it is not."""
    zero_taken: bool = True


@dataclass(frozen=True, slots=True)
class Call:
    """Call the function at an address, which returns to the next instruction; ``None``: not known."""

    target: int | None


@dataclass(frozen=True, slots=True)
class Return:
    """Return to an address; ``None``: not known."""

    target: int | None


@dataclass(frozen=True, slots=True)
class Split:
    """Continue with the next instruction, once with each effect: it is not known which one the instruction has."""

    effects: tuple[Effect, Effect]


@dataclass(frozen=True, slots=True)
class Halt:
    """Stop: a trap."""


Control = Jump | Branch | Call | Return | Split | Halt

Handler = Callable[[TracerState, Instruction], Control | None]
"""The effect of one instruction on a state; returns where control goes, ``None`` for the next instruction."""


def mask(size: int) -> int:
    """All bits of ``size`` bytes."""
    return (1 << 8 * size) - 1


def as_signed(value: int, size: int) -> int:
    """The signed number (two's complement) that ``size`` bytes hold."""
    return value - (1 << 8 * size) if value >> (8 * size - 1) & 1 else value


def known(size: int, work: Callable[..., int], *values: int | None) -> int | None:
    """The result of ``work`` in ``size`` bytes; ``None`` when one of the values is not known."""
    return None if None in values else work(*values) & mask(size)


def halt(_state: TracerState, _instruction: Instruction) -> Control:
    """Stop: a trap."""
    return Halt()


def nothing(_state: TracerState, _instruction: Instruction) -> None:
    """Change nothing that is modelled."""


def forget_written(state: TracerState, instruction: Instruction, *, stack: str) -> None:
    """Make every register unknown that an instruction writes, except the ``stack`` pointer."""
    for name in instruction.written():
        if name == "flags":
            state.flags = None
        elif name.startswith("v"):
            state.vectors.pop(name, None)
        elif name != stack:
            state.registers[name] = None
