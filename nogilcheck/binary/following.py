"""Follow a hook deeper and deeper until all ways through it declare the same, and check that they still do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from nogilcheck.binary import layouts
from nogilcheck.binary.ends import (
    DelegatedEnd,
    End,
    ErrorEnd,
    HandedOverEnd,
    ModuleEnd,
    Never,
    OtherEnd,
    SlotsEnd,
    Trace,
)
from nogilcheck.binary.slots import Slots
from nogilcheck.model.declaration import Declared, Fact, FactCode

if TYPE_CHECKING:
    from nogilcheck.binary.tracer import Follower

DEPTHS: Final = (0, 1, 2, 4, 6)
"""How deep calls are followed, one run after the other: most hooks call nothing before they declare."""
STEPS: Final = 60_000
"""Instructions of one run over a hook, all ways together, as long as there is no answer."""
CONFIRMING_STEPS: Final = 6_000
"""Instructions of one run that can only confirm or contradict an answer."""
MAX_ASKED: Final = 8
"""Functions of other libraries that are tried as what decides between ways."""
MAX_TOTAL_STEPS: Final = 200_000
"""Instructions of all runs over one hook."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one way through a hook declares."""

    declared: Declared
    facts: tuple[Fact, ...] = ()
    slots: Slots | None = None
    address: int | None = None
    """Of the definition or the array."""
    delegate: str | None = None
    continues_at: str | None = None
    abi_flags: int | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """What following a hook showed."""

    reading: Reading | None = None
    """What all ways declare; ``None``: nothing certain."""
    disagreement: tuple[Declared, ...] = ()
    """What different ways declare."""
    decided_by: tuple[str, ...] = ()
    """The function of another library whose result decides between them, what they declare when it is 0, and else."""
    addresses: frozenset[int] = frozenset()
    """The addresses of what ways end with: definitions, arrays and other objects."""
    steps: int = 0
    depth: int = 0
    sure: bool = False
    """Every way was followed to its end, and nothing that was skipped could change the answer."""


def followed(follower: Follower, entry: int, *, returns_array: bool, sets_gil: bool, multi_phase: bool) -> Followed:
    """Follow the hook at ``entry``, with calls followed deeper in each run.

    ``sets_gil`` and ``multi_phase``: the file imports `layouts.SET_GIL`, and `layouts.MULTI_PHASE`.
    """
    declares = returns_array or sets_gil or multi_phase
    provisional: Followed | None = None
    disagreement: tuple[Declared, ...] = ()
    addresses: set[int] = set()
    steps = 0
    asked: set[str] = set()
    for depth in DEPTHS:
        budget = CONFIRMING_STEPS if provisional or not declares else STEPS
        trace = follower.follow(entry, depth, steps=budget, returns_array=returns_array)
        steps += trace.steps
        asked |= trace.asked
        ends = _ends(trace)
        addresses.update(
            end.address for end in ends if isinstance(end, SlotsEnd | OtherEnd) and end.address is not None
        )
        whole = trace.complete and not trace.lost
        readings = [_reading(end, sets_gil=sets_gil, whole=whole) for end in ends]
        answers = {(reading.declared, reading.delegate, reading.continues_at) for reading in readings}
        certain = {reading.declared for reading in readings} - {Declared.UNKNOWN}
        if len(answers) == 1 and answers != {(Declared.UNKNOWN, None, None)}:
            sure = whole and all(_is_settled(end, sets_gil=sets_gil) for end in ends)
            result = Followed(readings[0], addresses=frozenset(addresses), steps=steps, depth=depth, sure=sure)
            if sure:
                return result
            disagreement = _between(provisional, result)
            provisional = provisional or result
        elif len(certain) > 1:
            disagreement = tuple(sorted(certain))
        if steps > MAX_TOTAL_STEPS or (provisional and disagreement):
            break
    if disagreement or provisional is None:
        decided_by: tuple[str, ...] = ()
        if disagreement:
            again = partial(follower.follow, entry, depth, steps=CONFIRMING_STEPS, returns_array=returns_array)
            decided_by = _decided_by(sorted(asked), lambda answers: _ends(again(answers=answers)), sets_gil=sets_gil)
        return Followed(None, disagreement, decided_by, frozenset(addresses), steps, DEPTHS[-1])
    return provisional


def _decided_by(
    asked: Sequence[str], ends_with: Callable[[Mapping[str, int]], Sequence[End]], *, sets_gil: bool
) -> tuple[str, ...]:
    """As in `Followed`: the first function with which all ways declare one thing when it is 0, and another when not."""
    for name in asked[:MAX_ASKED]:
        both = [
            {_reading(end, sets_gil=sets_gil, whole=True).declared for end in ends_with({name: value})}
            for value in (0, 1)
        ]
        if all(len(declared) == 1 for declared in both) and both[0] != both[1]:
            return (name, *both[0], *both[1])
    return ()


def makes_others(follower: Follower, creator: int) -> bool:
    """Whether a create slot may return something else than a new module object.

    That is: on some way a module that another module made, or an object that is no module and on no way a module.
    """
    ends = follower.follow(creator, DEPTHS[2], steps=CONFIRMING_STEPS).ends
    if any(isinstance(end, DelegatedEnd) for end in ends):
        return True
    makes_objects = any(isinstance(end, OtherEnd) and end.address is not None for end in ends)
    return makes_objects and not any(isinstance(end, ModuleEnd) for end in ends)


def _between(earlier: Followed | None, later: Followed) -> tuple[Declared, ...]:
    """What two runs declare, where they differ."""
    if earlier is None or earlier.reading is None or later.reading is None:
        return ()
    declared = {earlier.reading.declared, later.reading.declared}
    return tuple(sorted(declared)) if len(declared) > 1 else ()


def _ends(trace: Trace) -> list[End]:
    return [*_counting_ends(trace), *_abandoned(trace)]


def _counting_ends(trace: Trace) -> list[End]:
    """The ends that count: no errors, and no slots that are still unfilled where another way fills them.

    A way that assumes a guard variable to be set already ends with such slots.
    """
    ends: list[End] = [end for end in trace.ends if not isinstance(end, ErrorEnd)]
    return [end for end in ends if not (isinstance(end, SlotsEnd) and end.unfilled)] or ends


def _abandoned(trace: Trace) -> list[ModuleEnd]:
    """What the ways that were given up had declared of the one module that each had made."""
    if Never in trace.declared and not any(isinstance(end, ModuleEnd) for end in trace.ends):
        return []
    return [ModuleEnd(gil=gil, settled=False) for gil in trace.declared if gil is not Never]


def _is_settled(end: End, *, sets_gil: bool) -> bool:
    """Whether no skipped call can have changed what an end declares."""
    match end:
        case SlotsEnd(settled=settled, slots=slots):
            return settled or (not sets_gil and slots is None)
        case ModuleEnd(settled=settled):
            return settled or not sets_gil
        case _:
            return True


def _reading(end: End, *, sets_gil: bool, whole: bool) -> Reading:
    match end:
        case ModuleEnd():
            return _module(end, sets_gil=sets_gil)
        case DelegatedEnd(module):
            fact = Fact(code=FactCode.DELEGATED, detail=(module,))
            return Reading(Declared.UNKNOWN, (fact,), delegate=module)
        case HandedOverEnd(function):
            fact = Fact(code=FactCode.HANDED_OVER, detail=(function,))
            return Reading(Declared.UNKNOWN, (fact,), continues_at=function)
        case SlotsEnd(slots=Slots() as slots) if not end.unfilled or (whole and end.settled):
            return Reading(slots.declared(), slot_facts(slots), slots, end.address, abi_flags=end.flags)
        case SlotsEnd():
            return Reading(Declared.UNKNOWN, (Fact(code=FactCode.RUN_TIME_SLOTS),), address=end.address)
        case ErrorEnd() | OtherEnd():
            return Reading(Declared.UNKNOWN)


def _module(end: ModuleEnd, *, sets_gil: bool) -> Reading:
    if end.gil is Never:
        fact = Fact(code=FactCode.NO_CALL, detail=(layouts.SET_GIL,))
        return Reading(Declared.NONE, (fact,)) if end.settled or not sets_gil else Reading(Declared.UNKNOWN)
    if not isinstance(end.gil, int):
        return Reading(Declared.UNKNOWN)
    declared = Declared.NOT_USED if end.gil == layouts.NOT_USED else Declared.USED
    return Reading(declared, (Fact(code=FactCode.CALL, detail=(layouts.SET_GIL, str(end.gil))),))


def slot_facts(slots: Slots) -> tuple[Fact, ...]:
    """The facts about the slots that declare, or that there is none."""
    facts = (
        Fact(code=FactCode.SLOT, detail=(str(slot.number), "?" if slot.value is None else str(slot.value)))
        for slot in slots.gil()
    )
    return tuple(facts) or (Fact(code=FactCode.NO_SLOT),)
