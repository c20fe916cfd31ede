"""Where ways through a hook end, and what they declare."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from nogilcheck.binary.slots import Slots
from nogilcheck.binary.tracer.state import Gil


class End(Enum):
    """How a way through a hook ends."""

    DEFINITION = auto()
    """With a definition (``PyModuleDef_Init``)."""
    MODULE = auto()
    """It returns a module made in a single phase."""
    ARRAY = auto()
    """It returns an array of ``PySlot``."""
    DELEGATED = auto()
    """It returns what another module made, or that module."""
    HANDED_OVER = auto()
    """It returns what a function of another library returns."""
    NOTHING = auto()
    """It returns NULL: an error."""
    OTHER = auto()
    """It returns something that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The end of one way."""

    end: End
    address: int | None = None
    """Of the definition or array."""
    slots: Slots | None = None
    """Of the definition or array; ``None``: not known."""
    unfilled: bool = False
    """The slots are still zero, in memory that code may fill."""
    settled: bool = True
    """Nothing that was skipped could have changed the slots, or the declaration."""
    gil: Gil = None
    """What was declared of the module."""
    delegate: str = ""
    """The other module, or the function of another library."""
    flags: int | None = None
    """``PyABIInfo.flags``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """All ways through a hook that were followed."""

    outcomes: tuple[Outcome, ...]
    complete: bool
    """No way was lost or given up."""
    lost: int
    """Ways that led where nothing can be followed."""
    declared: frozenset[Gil] = frozenset()
    """What was declared, when they were given up, of the one module made on ways that were."""
    depth: int
    """How deep calls were followed."""
    steps: int
    """Instructions."""
