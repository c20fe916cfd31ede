"""The slot scan: find definitions and slot arrays in the data of a file, without reading its code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from nogilcheck.binary import layouts
from nogilcheck.binary.image import WORD, Image
from nogilcheck.binary.slots import Slots, abi_flags, definition_slots, module_slot_name, slot_array
from nogilcheck.frozen import frozen

MAX_DEFINITIONS: Final = 4096
"""Definitions, or slot arrays, of one file; cryptography has 27."""
MAX_CANDIDATES: Final = 100_000
"""Places in one file that match the beginning of one."""

_NAME = re.compile(r"[^\x00-\x20\x7f]{1,200}")
_ABI_SLOT = re.compile(rb"\x6d\0[\0-\x1f]\0\0{4}")
"""``{Py_mod_abi, flags, 0}`` of a ``PySlot``, before its value."""


@frozen
class Definition:
    """A ``PyModuleDef`` as its static initializer left it."""

    address: int
    name: str
    slots_at: int | None
    """``m_slots``: 0 for none, ``None`` when not known."""


@frozen
class SlotArray:
    """A ``PySlot`` array with a ``Py_mod_abi`` slot."""

    address: int
    name: str | None
    slots: Slots
    abi_flags: int | None


def definitions(image: Image, layout: layouts.DefinitionLayout) -> list[Definition]:
    """Every ``PyModuleDef`` of this layout in the file, as its static initializer left it."""
    candidates = (_definition(image, layout, address) for address in _matches(image, layout.head))
    return list(islice(filter(None, candidates), MAX_DEFINITIONS))


def definition_at(image: Image, layout: layouts.DefinitionLayout, address: int) -> Definition | None:
    """The definition of this layout at this address, when it is one."""
    if layout.head.match(image.read(address, layout.name)) is None:
        return None
    return _definition(image, layout, address)


def static_slots(image: Image, definition: Definition) -> Slots | None:
    """The slots of a definition as the file holds them; ``None`` where that is not all of them."""
    if not definition.slots_at:
        return None
    return definition_slots(image, definition.slots_at)


def slot_arrays(image: Image) -> list[SlotArray]:
    """Every ``PySlot`` array with a ``Py_mod_abi`` slot in the file, from its first slot on."""
    found: dict[int, SlotArray] = {}
    for address in _matches(image, _ABI_SLOT):
        info = image.pointers.get(address + layouts.SLOT_VALUE)
        if info is None or image.read(info, 1) != bytes([layouts.ABI_INFO_MAJOR]):
            continue
        start = _start(image, address)
        slots = slot_array(image, start)
        if slots is not None and len(found) < MAX_DEFINITIONS:
            found[start] = SlotArray(
                address=start,
                name=module_slot_name(image, slots),
                slots=slots,
                abi_flags=abi_flags(image, slots),
            )
    return list(found.values())


def _start(image: Image, address: int) -> int:
    """The first slot of the array that has a slot at ``address``."""
    for _ in range(64):
        before = image.read(address - layouts.SLOT_SIZE, layouts.SLOT_VALUE)
        number, flags, rest = (int.from_bytes(before[a:b], "little") for a, b in ((0, 2), (2, 4), (4, 8)))
        if number == layouts.END_SLOT or number not in layouts.SLOTS or flags & ~layouts.SLOT_FLAGS or rest:
            break
        address -= layouts.SLOT_SIZE
    return address


def _definition(image: Image, layout: layouts.DefinitionLayout, address: int) -> Definition | None:
    name_at = image.pointers.get(address + layout.name)
    if name_at is None or any(address + offset in image.pointers for offset in range(0, layout.name, WORD)):
        return None
    name = image.text(name_at)
    if name is None or _NAME.fullmatch(name) is None:
        return None
    return Definition(address=address, name=name, slots_at=image.word(address + layout.slots))


def _matches(image: Image, pattern: re.Pattern[bytes]) -> Iterator[int]:
    """Aligned addresses at which the bytes of the file match."""
    left = MAX_CANDIDATES
    for segment in image.segments:
        for match in pattern.finditer(segment.data):
            left -= 1
            if left < 0:
                return
            if not (segment.address + match.start()) % WORD:
                yield segment.address + match.start()
