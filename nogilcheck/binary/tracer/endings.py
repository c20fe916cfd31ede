"""Read from the state at the end of a way what the hook returns, and what that declares."""

from __future__ import annotations

from nogilcheck.binary.ends import DelegatedEnd, End, ErrorEnd, HandedOverEnd, ModuleEnd, Never, OtherEnd, SlotsEnd
from nogilcheck.binary.layouts import FREE_THREADED, GIL, SLOT_ID, DefinitionLayout
from nogilcheck.binary.slots import Slots, abi_flags, definition_slots, slot_array
from nogilcheck.binary.tracer.state import HEAP, TracerState


def returned(state: TracerState, value: int | None, *, returns_array: bool) -> End:
    """The end of a way on which the hook returns ``value``; a ``PyModExport`` hook ``returns_array``."""
    if value == 0 or state.failed:
        return ErrorEnd()
    if returns_array:
        return _array(state, value)
    if value is not None and value in state.delegates:
        return DelegatedEnd(state.delegates[value])
    if value is None and state.handed_to is not None:
        return HandedOverEnd(state.handed_to)
    if value in state.modules:
        return _module(state, value)
    if value is None and len(state.modules) == 1:
        return _module(state, next(iter(state.modules)))
    # An object that another function of the API made is known not to be a module.
    return OtherEnd(value if value is not None and value >= HEAP else None)


def defined(state: TracerState, address: int | None, layout: DefinitionLayout) -> SlotsEnd:
    """The end of a way on which ``PyModuleDef_Init`` gets the definition at ``address``."""
    if address is None or not _looks_like_a_definition(state, address, layout):
        return SlotsEnd()
    at = state.load(address + layout.slots, 8)
    if at is None:
        return SlotsEnd(address=address)
    return _slots_end(
        state, address, definition_slots(state, at) if at else Slots(entries=()), at or address + layout.slots
    )


def _module(state: TracerState, module: int) -> ModuleEnd:
    gil = state.modules[module]
    return ModuleEnd(gil=gil, settled=not state.stray and (gil is not Never or not state.skipped))


def _array(state: TracerState, address: int | None) -> SlotsEnd:
    if address is None:
        return SlotsEnd()
    slots = slot_array(state, address)
    return _slots_end(state, address, slots, address, None if slots is None else abi_flags(state, slots))


def _slots_end(state: TracerState, address: int, slots: Slots | None, at: int, flags: int | None = None) -> SlotsEnd:
    """The end with the slots of the definition or array at ``address``; ``at``: where the slots stand."""
    if slots is None:
        return SlotsEnd(address=address, settled=False, flags=flags)
    is_filled = state.world.is_constant(at) or state.is_written(at, 4)
    # Nested arrays have ranges of their own.
    ranges = slots.ranges or ((at, at + SLOT_ID),)
    return SlotsEnd(
        address=address,
        slots=slots,
        unfilled=not slots.entries and not is_filled,
        settled=all(state.world.is_constant(start) or state.is_fresh(start, end - start) for start, end in ranges),
        flags=flags,
    )


def _looks_like_a_definition(state: TracerState, address: int, layout: DefinitionLayout) -> bool:
    """Whether a definition in the file begins like one; one that the code wrote is not checked."""
    if not state.world.is_image(address) or state.is_written(address, layout.name):
        return True
    head = state.world.image.read(address, layout.name)
    return any(known.head.match(head) for known in (FREE_THREADED, GIL)) or not any(head)
