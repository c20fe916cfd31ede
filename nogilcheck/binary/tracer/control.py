"""Where control goes after an instruction, for those that do not simply go on to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nogilcheck.binary.tracer.state import TracerState

Effect = Callable[[TracerState], None]
"""What an instruction changes in a state."""


@dataclass(frozen=True, slots=True)
class Jump:
    """To an address; ``None``: not known."""

    target: int | None


@dataclass(frozen=True, slots=True)
class Branch:
    """To an address or to the next instruction."""

    target: int
    taken: bool | None
    """``None``: not known."""
    zero: str | None = None
    """A register that is zero when the branch is taken if `zero_taken`, else when it is not."""
    zero_taken: bool = True


@dataclass(frozen=True, slots=True)
class Call:
    """To an address, and back to the next instruction."""

    target: int | None


@dataclass(frozen=True, slots=True)
class Return:
    """To an address that was kept; ``None``: not known."""

    target: int | None


@dataclass(frozen=True, slots=True)
class Split:
    """On to the next instruction, once with each effect: it is not known which of them the instruction has."""

    effects: tuple[Effect, Effect]


@dataclass(frozen=True, slots=True)
class Halt:
    """Nowhere: a trap."""


Control = Jump | Branch | Call | Return | Split | Halt
