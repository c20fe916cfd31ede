"""Where control goes after an instruction that does not simply continue with the next one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
