"""From ways through a hook to one answer: run deeper until they agree, and see whether they still do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nogilcheck.binary import layouts
from nogilcheck.binary.slots import Slots
from nogilcheck.model.declaration import Declared, Fact, FactCode

if TYPE_CHECKING:
    from nogilcheck.binary.tracer import Follower
    from nogilcheck.binary.tracer.outcome import Outcome, Trace

STEPS: Final = 60_000
"""Instructions of one run over a hook, all ways together, while there is no answer."""
CONFIRMING_STEPS: Final = 6_000
"""Likewise of a run that could only contradict an answer."""
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
    """What following a hook came to."""

    reading: Reading | None = None
    """What all ways declare; ``None``: nothing that is sure."""
    disagreement: tuple[Declared, ...] = ()
    """What different ways declare."""
    addresses: frozenset[int] = frozenset()
    """Definitions and arrays that ways end with."""
    steps: int = 0
    depth: int = 0
    sure: bool = False
    """Every way was followed to its end, and nothing on it was left out that could matter."""


def followed(follower: Follower, entry: int, *, returns_array: bool, sets_gil: bool, multi_phase: bool) -> Followed:
    """Follow a hook, calls within it deeper and deeper.

    ``sets_gil``: the file imports the single-phase declaration; ``multi_phase``: what takes a definition.
    """
    from nogilcheck.binary.tracer import DEPTHS

    declares = returns_array or sets_gil or multi_phase
    provisional: Followed | None = None
    disagreement: tuple[Declared, ...] = ()
    addresses: set[int] = set()
    steps = 0
    for depth in DEPTHS:
        budget = CONFIRMING_STEPS if provisional or not declares else STEPS
        trace = follower.follow(entry, depth, steps=budget, returns_array=returns_array)
        steps += trace.steps
        ends = [*_ends(trace), *_abandoned(trace)]
        addresses.update(each.address for each in ends if each.address is not None)
        whole = trace.complete and not trace.lost
        readings = [_reading(each, sets_gil=sets_gil, whole=whole) for each in ends]
        known = {(each.declared, each.delegate, each.continues_at) for each in readings}
        if len(known) == 1 and known != {(Declared.UNKNOWN, None, None)}:
            sure = whole and all(_settled(each, sets_gil=sets_gil) for each in ends)
            found = Followed(readings[0], (), frozenset(addresses), steps, depth, sure)
            if sure:
                return found
            disagreement = _between(provisional, found)
            provisional = provisional or found
        elif len({each.declared for each in readings} - {Declared.UNKNOWN}) > 1:
            disagreement = tuple(sorted({each.declared for each in readings} - {Declared.UNKNOWN}))
        if steps > MAX_TOTAL_STEPS or (provisional and disagreement):
            break
    if disagreement or provisional is None:
        return Followed(None, disagreement, frozenset(addresses), steps, DEPTHS[-1])
    return provisional


def makes_others(follower: Follower, creator: int) -> bool:
    """Whether a create slot returns on some way what another module made; or on no way a module object."""
    from nogilcheck.binary.tracer import DEPTHS
    from nogilcheck.binary.tracer.outcome import End

    trace = follower.follow(creator, DEPTHS[2], steps=CONFIRMING_STEPS)
    ends = {each.end for each in trace.outcomes}
    if End.DELEGATED in ends:
        return True
    made = any(each.end is End.OTHER and each.address is not None for each in trace.outcomes)
    return made and End.MODULE not in ends


def _between(earlier: Followed | None, later: Followed) -> tuple[Declared, ...]:
    """What two runs declare, when it is not the same."""
    if earlier is None or earlier.reading is None or later.reading is None:
        return ()
    declared = {earlier.reading.declared, later.reading.declared}
    return tuple(sorted(declared)) if len(declared) > 1 else ()


def _ends(trace: Trace) -> list[Outcome]:
    """The ends that count: not errors; and not slots still to be filled where another way fills them.

    Such slots are what a way finds that takes a guard for passed already.
    """
    from nogilcheck.binary.tracer.outcome import End

    ends = [each for each in trace.outcomes if each.end is not End.NOTHING]
    filled = [each for each in ends if not each.unfilled]
    return filled or ends


def _abandoned(trace: Trace) -> list[Outcome]:
    """Of ways that were given up: what was declared by then of the one module that each had made."""
    from nogilcheck.binary.tracer.outcome import End, Outcome
    from nogilcheck.binary.tracer.state import Never

    ended = any(each.end is End.MODULE for each in trace.outcomes)
    if Never in trace.declared and not ended:
        return []
    return [Outcome(end=End.MODULE, gil=gil, settled=False) for gil in trace.declared if gil is not Never]


def _settled(outcome: Outcome, *, sets_gil: bool) -> bool:
    return outcome.settled or (not sets_gil and outcome.slots is None)


def _reading(outcome: Outcome, *, sets_gil: bool, whole: bool) -> Reading:
    from nogilcheck.binary.tracer.outcome import End

    if outcome.end is End.MODULE:
        return _module(outcome, sets_gil=sets_gil)
    if outcome.end is End.DELEGATED:
        fact = Fact(code=FactCode.DELEGATED, detail=(outcome.delegate,))
        return Reading(Declared.UNKNOWN, (fact,), delegate=outcome.delegate)
    if outcome.end is End.HANDED_OVER:
        fact = Fact(code=FactCode.HANDED_OVER, detail=(outcome.delegate,))
        return Reading(Declared.UNKNOWN, (fact,), continues_at=outcome.delegate)
    if outcome.end not in {End.DEFINITION, End.ARRAY}:
        return Reading(Declared.UNKNOWN)
    if outcome.slots is None or (outcome.unfilled and not (whole and outcome.settled)):
        return Reading(Declared.UNKNOWN, (Fact(code=FactCode.RUN_TIME_SLOTS),), address=outcome.address)
    facts = slot_facts(outcome.slots)
    declared = outcome.slots.declared()
    return Reading(declared, facts, outcome.slots, outcome.address, abi_flags=outcome.flags)


def _module(outcome: Outcome, *, sets_gil: bool) -> Reading:
    from nogilcheck.binary.tracer.state import Never

    if outcome.gil is Never:
        sure = outcome.settled or not sets_gil
        fact = Fact(code=FactCode.NO_CALL, detail=(layouts.SET_GIL,))
        return Reading(Declared.NONE, (fact,)) if sure else Reading(Declared.UNKNOWN)
    if not isinstance(outcome.gil, int):
        return Reading(Declared.UNKNOWN)
    declared = Declared.NOT_USED if outcome.gil == layouts.NOT_USED else Declared.USED
    return Reading(declared, (Fact(code=FactCode.CALL, detail=(layouts.SET_GIL, str(outcome.gil))),))


def slot_facts(slots: Slots) -> tuple[Fact, ...]:
    """Which slot it is that declares."""
    found = slots.gil()
    if not found:
        return (Fact(code=FactCode.NO_SLOT),)
    return tuple(
        Fact(code=FactCode.SLOT, detail=(str(slot.number), "?" if slot.value is None else str(slot.value)))
        for slot in found
    )
