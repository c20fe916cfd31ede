"""How a way through a hook ends: one class for each kind of end, with what it declares."""

from __future__ import annotations

from dataclasses import dataclass

from nogilcheck.binary.slots import Slots
from nogilcheck.frozen import frozen


class Never:
    """Stands for: nothing was declared of a module."""


Gil = int | None | type[Never]
"""The second argument of ``PyUnstable_Module_SetGIL``; ``None``: not known."""


@frozen
class SlotsEnd:
    """The hook ends with a definition (``PyModuleDef_Init``), or returns an array of ``PySlot``."""

    address: int | None = None
    """The address of the definition or the array; ``None``: not known."""
    slots: Slots | None = None
    """``None``: not known."""
    unfilled: bool = False
    """The slots are still zero, in memory that code may fill."""
    settled: bool = True
    """No skipped call can have changed the slots."""
    flags: int | None = None
    """``PyABIInfo.flags``, of an array."""


@frozen
class ModuleEnd:
    """The hook returns a module that it made in a single phase."""

    gil: Gil
    """What was declared of the module."""
    settled: bool
    """No skipped call can have changed the declaration."""


@dataclass(frozen=True, slots=True)
class DelegatedEnd:
    """The hook returns another module, or what another module made."""

    module: str


@dataclass(frozen=True, slots=True)
class HandedOverEnd:
    """The hook returns what a function of another library returns."""

    function: str


@dataclass(frozen=True, slots=True)
class ErrorEnd:
    """The hook returns NULL, or with an exception set."""


@dataclass(frozen=True, slots=True)
class OtherEnd:
    """The hook returns something else."""

    address: int | None
    """The address of an object that a function of the C API made, and that is no module; ``None``: not known."""


End = SlotsEnd | ModuleEnd | DelegatedEnd | HandedOverEnd | ErrorEnd | OtherEnd


@frozen
class Trace:
    """All ways through a hook that were followed."""

    ends: tuple[End, ...]
    complete: bool
    """No way was given up for a limit."""
    lost: int
    """Ways that led where nothing can be followed."""
    declared: frozenset[Gil] = frozenset()
    """What the ways that were given up or lost had declared of the one module that each had made."""
    asked: frozenset[str] = frozenset()
    """Functions of other libraries that were called, of which the result is not known."""
    steps: int
    """Instructions."""
