"""Arrays of slots, and what they declare about the GIL (PEP 489, PEP 703, PEP 793, PEP 820)."""

from __future__ import annotations

from typing import Final, Protocol

from nogilcheck.binary import layouts
from nogilcheck.frozen import frozen
from nogilcheck.model.declaration import Declared

MAX_SLOTS: Final = 64
"""Slots of one module, nested arrays included. There are about 20 kinds; one of them may be repeated."""
MAX_NESTING: Final = 5
"""Arrays within arrays: ``_PySlot_MAX_NESTING`` (Include/internal/pycore_slots.h, 3.15)."""


class Memory(Protocol):
    """Memory of which not everything is known."""

    def number(self, address: int, size: int) -> int | None:
        """The unsigned little-endian number there; ``None``: not known."""
        ...

    def text(self, address: int) -> str | None:
        """The C string there; ``None``: not known."""
        ...


@frozen
class Slot:
    """One slot, of either kind of array."""

    number: int
    value: int | None
    """``None``: not known."""


@frozen
class Slots:
    """The slots of one module, those of nested arrays in their place."""

    entries: tuple[Slot, ...]
    ranges: tuple[tuple[int, int], ...] = ()
    """Where the arrays stand, the outermost first: the address of each, and the one after the number that ends it."""

    def gil(self) -> tuple[Slot, ...]:
        """The ``Py_mod_gil`` slots; more than one is an error at import."""
        return tuple(slot for slot in self.entries if slot.number in layouts.GIL_SLOTS)

    def declared(self) -> Declared:
        """What they declare: ``value != Py_MOD_GIL_NOT_USED`` needs the GIL (Objects/moduleobject.c)."""
        found = {slot.value for slot in self.gil()}
        if not found:
            return Declared.NONE
        if len(self.gil()) > 1 or None in found:
            return Declared.UNKNOWN
        return Declared.NOT_USED if found == {layouts.NOT_USED} else Declared.USED

    def creator(self) -> int | None:
        """The function of the create slot, 0 when it is not known; ``None``: there is no such slot."""
        return next((slot.value or 0 for slot in self.entries if slot.number in layouts.CREATE_SLOTS), None)

    def value(self, number: int) -> int | None:
        """The value of a slot by its number, when it is there and known."""
        return next((slot.value for slot in self.entries if slot.number == number), None)


def definition_slots(memory: Memory, address: int) -> Slots | None:
    """A ``PyModuleDef_Slot`` array; ``None`` when something in it is not known, or it is none."""
    return _slots(memory, address, slot_array=False)


def slot_array(memory: Memory, address: int) -> Slots | None:
    """A ``PySlot`` array, likewise."""
    return _slots(memory, address, slot_array=True)


def abi_flags(memory: Memory, slots: Slots) -> int | None:
    """``PyABIInfo.flags`` of the ``Py_mod_abi`` slot."""
    info = slots.value(layouts.ABI_SLOT)
    if info is None or memory.number(info, 1) != layouts.ABI_INFO_MAJOR:
        return None
    return memory.number(info + 2, 2)


def module_slot_name(memory: Memory, slots: Slots) -> str | None:
    """The text of the ``Py_mod_name`` slot."""
    address = slots.value(layouts.NAME_SLOT)
    return memory.text(address) if address else None


def _slots(memory: Memory, address: int, *, slot_array: bool) -> Slots | None:
    walk = _Walk(memory)
    return (
        Slots(entries=tuple(walk.entries), ranges=tuple(walk.ranges))
        if walk.collect(address, slot_array=slot_array, depth=0)
        else None
    )


class _Walk:
    """Through nested arrays, as `_PySlotIterator_Next` goes (Python/slots.c, 3.15)."""

    def __init__(self, memory: Memory) -> None:
        self.entries: list[Slot] = []
        self.ranges: list[tuple[int, int]] = []
        self._memory = memory
        self._left = MAX_SLOTS

    def collect(self, address: int, *, slot_array: bool, depth: int) -> bool:
        """Whether the array was read to its end."""
        if depth >= MAX_NESTING:
            return False
        read = _slot if slot_array else _definition_slot
        place, start = len(self.ranges), address
        self.ranges.append((start, start))
        while self._left > 0:
            self._left -= 1
            slot = read(self._memory, address)
            self.ranges[place] = (start, address + layouts.SLOT_ID)
            if slot is None or slot.number == layouts.END_SLOT:
                return slot is not None
            if not self._take(slot, depth):
                return False
            address += layouts.SLOT_SIZE
        return False

    def _take(self, slot: Slot, depth: int) -> bool:
        if slot.number not in {layouts.SUBSLOTS, layouts.MODULE_SLOTS}:
            self.entries.append(slot)
            return True
        if not slot.value:
            return slot.value == 0
        return self.collect(slot.value, slot_array=slot.number == layouts.SUBSLOTS, depth=depth + 1)


def _definition_slot(memory: Memory, address: int) -> Slot | None:
    number = memory.number(address, 4)
    if number == layouts.END_SLOT:
        return Slot(number=layouts.END_SLOT, value=None)
    if number is None or number not in layouts.LEGACY_SLOTS:
        return None
    return Slot(number=number, value=memory.number(address + layouts.SLOT_VALUE, 8))


def _slot(memory: Memory, address: int) -> Slot | None:
    number = memory.number(address, 2)
    if number == layouts.END_SLOT:
        return Slot(number=layouts.END_SLOT, value=None)
    flags = memory.number(address + 2, 2)
    if number is None or number not in layouts.SLOTS or flags is None or flags & ~layouts.SLOT_FLAGS:
        return None
    return Slot(number=number, value=memory.number(address + layouts.SLOT_VALUE, 8))
