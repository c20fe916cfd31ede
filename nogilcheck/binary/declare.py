"""Infer what an image declares from its data, and by following its hook.

The data alone (tier 1) suffices for most modules. Following the hook (tier 2) decides the others, and overrules the
data where code changes it. What is not certain is unknown, never "not used".
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from nogilcheck.binary import layouts
from nogilcheck.binary.definitions import Definition, SlotArray, definition_at, definitions, slot_arrays, static_slots
from nogilcheck.binary.entry import named_array, named_definition
from nogilcheck.binary.following import Followed, followed, makes_others, slot_facts
from nogilcheck.binary.hooks import EXPORT, FIRST_WITH_EXPORT, Interpreter, hook_names, hooks_of
from nogilcheck.binary.image import Image
from nogilcheck.binary.slots import Slots
from nogilcheck.binary.stability import Stability
from nogilcheck.model.declaration import Declaration, Declared, Fact, FactCode

if TYPE_CHECKING:
    from nogilcheck.binary.tracer import Follower

T = TypeVar("T", Definition, SlotArray)

EXTRA: Final = "scan"
"""The extra of this package with LIEF and capstone."""
MAX_NAMES: Final = 8
"""Names that one piece of evidence lists."""
CYTHON: Final = b"cython_runtime\0"
"""In every module that Cython generates (its ``ModuleNode.py``); their create slots make module objects."""
CFFI: Final = "_cffi_backend"
CFFI_INIT: Final = b"_init_cffi_1_0_external_module\0"
"""The method of `CFFI` that makes the modules of cffi's API mode (its ``recompiler.py``)."""


def judge(image: Image, module: str, interpreter: Interpreter, data: bytes, function: str | None = None) -> Declaration:
    """Infer what the image declares when it is imported as ``module``, or when ``function`` is its hook."""
    expected = hook_names(module) if function is None else (function,)
    hooks = hooks_of(module, image.exports, interpreter) if function is None else expected
    if not image.exports.keys() & set(hooks):
        return Declaration(declared=Declared.NOT_A_MODULE, evidence=(Fact(code=FactCode.NO_HOOK, detail=expected),))
    judgement = _Judgement(image, module, interpreter, hooks, data)
    declaration = judgement.of_export() if hooks[0].startswith(EXPORT) else judgement.of_init()
    if declaration.declared is Declared.UNKNOWN and interpreter.free_threaded and _is_for_gil_build(image, module):
        declaration = replace(_unknown(Fact(code=FactCode.OTHER_LAYOUT, detail=("GIL",))), gil_layout=True)
    return replace(
        declaration,
        evidence=(Fact(code=FactCode.HOOK, detail=hooks[:1]), *declaration.evidence),
        hooks=hooks,
        symbols=_symbols(image) if interpreter.stable else (),
    )


def _is_for_gil_build(image: Image, module: str) -> bool:
    """Whether the definition with the module's name has the layout of builds with the GIL, and none has the other."""
    named = any(_last(definition.name) == module for definition in definitions(image, layouts.GIL))
    return named and not definitions(image, layouts.FREE_THREADED)


def _symbols(image: Image) -> tuple[str, ...]:
    return tuple(sorted(name for name in image.imports if name.startswith(("Py", "_Py"))))


class _Judgement:
    """Infers what one hook of one image declares."""

    def __init__(self, image: Image, module: str, interpreter: Interpreter, hooks: Sequence[str], data: bytes) -> None:
        self._image = image
        self._module = module
        self._interpreter = interpreter
        self._entry, *self._others = (image.exports[hook] for hook in hooks)
        self._data = data
        self._layout = layouts.FREE_THREADED if interpreter.free_threaded else layouts.GIL
        self._sets_gil = layouts.SET_GIL in image.imports
        self._follower = _follower(image, interpreter, self._layout)
        self._stability = Stability(image, self._layout, self._entry, self._follower)

    # --- PyModExport_: an array of PySlot

    def of_export(self) -> Declaration:
        """Of a hook that returns slots."""
        if self._interpreter.minor < FIRST_WITH_EXPORT:
            return _unknown(Fact(code=FactCode.NO_HOOK, detail=hook_names(self._module)[1:]))
        trace = self._follow(returns_array=True)
        if trace.reading is not None:
            return self._traced(trace, FactCode.SLOT_ARRAY)
        arrays = slot_arrays(self._image)
        named = named_array(self._image, self._entry)
        mine = _own(arrays, trace.addresses if named is None else {named}, self._module)
        if trace.disagreement or mine is None:
            return self._undecided(trace, [array.name or "?" for array in arrays])
        if named is None and mine.slots.declared() is Declared.NOT_USED:
            return self._needs_following(trace, Fact(code=FactCode.MUTABLE_SLOTS))
        return self._from_array(mine)

    def _from_array(self, array: SlotArray) -> Declaration:
        facts = (Fact(code=FactCode.SLOT_ARRAY, detail=(hex(array.address),)), *slot_facts(array.slots))
        return self._of_slots(array.slots, facts, array.abi_flags)

    # --- PyInit_: a definition, or a module

    def of_init(self) -> Declaration:
        """Of a hook that returns a definition (PEP 489) or a module."""
        trace = self._follow(returns_array=False)
        if trace.reading is not None:
            return self._traced(trace, FactCode.DEFINITION)
        if trace.disagreement:
            return self._undecided(trace, [])
        return self._from_data(trace)

    def _from_data(self, trace: Followed) -> Declaration:
        """What the data alone declares (tier 1), where code cannot have changed it."""
        defined = definitions(self._image, self._layout)
        named = named_definition(self._image, self._entry, layouts.MULTI_PHASE)
        mine = _own(defined, trace.addresses if named is None else {named}, self._module)
        if layouts.MULTI_PHASE not in self._image.imports:
            mine = None
        if mine is None:
            return self._without_definition(trace, defined)
        slots = static_slots(self._image, mine)
        if slots is None or (not slots.entries and named is None):
            return self._needs_following(trace, Fact(code=FactCode.RUN_TIME_SLOTS), mine)
        if slots.declared() is Declared.NOT_USED and named is None:
            # The file holds such a definition, but the hook may return another, or change it.
            return self._needs_following(trace, Fact(code=FactCode.MUTABLE_SLOTS), mine)
        return self._of_slots(slots, (_definition_fact(mine), *slot_facts(slots)), definition=mine.address)

    def _without_definition(self, trace: Followed, defined: list[Definition]) -> Declaration:
        imports = self._image.imports
        if layouts.SINGLE_PHASE in imports and not {layouts.MULTI_PHASE, layouts.SET_GIL} & imports:
            return Declaration(
                declared=Declared.NONE, evidence=(Fact(code=FactCode.NO_CALL, detail=(layouts.SET_GIL,)),)
            )
        makes = imports & (layouts.MAKERS | {layouts.MULTI_PHASE})
        if not makes and CFFI_INIT in self._data and CFFI.encode() + b"\0" in self._data:
            fact = Fact(code=FactCode.DELEGATED, detail=(CFFI,))
            return replace(_unknown(fact), delegate=CFFI)
        if not defined and self._interpreter.free_threaded and definitions(self._image, layouts.GIL):
            return replace(_unknown(Fact(code=FactCode.OTHER_LAYOUT, detail=("GIL",))), gil_layout=True)
        if len(defined) > 1:
            names = tuple(definition.name for definition in defined[:MAX_NAMES])
            fact = Fact(code=FactCode.SEVERAL_DEFINITIONS, detail=names)
            return self._needs_following(trace, fact)
        return self._needs_following(trace, Fact(code=FactCode.NO_DEFINITION))

    # --- answers

    def _follow(self, *, returns_array: bool) -> Followed:
        if self._follower is None:
            return Followed()
        follow = partial(
            followed,
            self._follower,
            self._entry,
            returns_array=returns_array,
            sets_gil=self._sets_gil,
            multi_phase=layouts.MULTI_PHASE in self._image.imports,
        )
        first = follow()
        if first.reading is not None and first.reading.declared is Declared.NOT_USED:
            # Constructors run before the hook: does the answer hold whatever they change?
            changed = self._stability.constructed
            if not changed.isdisjoint(self._follower.read):
                self._follower.changed |= changed
                return follow()
        return first

    def _traced(self, trace: Followed, code: FactCode) -> Declaration:
        reading = trace.reading
        assert reading is not None
        if trace.sure:
            self._stability.not_called = self._others
        facts = [*reading.facts, Fact(code=FactCode.TRACED, detail=(str(trace.depth), str(trace.steps)))]
        if reading.address is not None:
            if definition_at(self._image, layouts.GIL, reading.address) and self._interpreter.free_threaded:
                return replace(_unknown(Fact(code=FactCode.OTHER_LAYOUT, detail=("GIL",))), gil_layout=True)
            known = definition_at(self._image, self._layout, reading.address)
            names = (known.name,) if known else ()
            facts.insert(0, Fact(code=code, detail=(hex(reading.address), *names)))
        if reading.slots is not None:
            definition = reading.address if code is FactCode.DEFINITION else None
            return self._of_slots(reading.slots, tuple(facts), reading.abi_flags, definition)
        declared = reading.declared
        if declared is Declared.NOT_USED and self._stability.may_declare_otherwise():
            declared = Declared.UNKNOWN
            facts.append(Fact(code=FactCode.UNTRACED, detail=(layouts.SET_GIL,)))
        return Declaration(
            declared=declared, evidence=tuple(facts), delegate=reading.delegate, continues_at=reading.continues_at
        )

    def _of_slots(
        self, slots: Slots, facts: tuple[Fact, ...], flags: int | None = None, definition: int | None = None
    ) -> Declaration:
        declared = slots.declared()
        if declared is not Declared.NOT_USED and self._follower is not None:
            return replace(Declaration(declared=declared, evidence=facts), abi_flags=flags)
        doubts = []
        if (
            declared is Declared.NOT_USED
            and slots.creator() is not None
            and not self._can_make_modules(slots.creator())
        ):
            doubts.append(Fact(code=FactCode.NOT_A_MODULE_OBJECT))
        if self._stability.may_change(slots, definition):
            doubts.append(Fact(code=FactCode.MUTABLE_SLOTS))
        if doubts:
            unsure = replace(_unknown(*facts, *doubts), abi_flags=flags)
            return unsure if self._follower is not None else replace(unsure, missing_extra=EXTRA)
        return replace(Declaration(declared=declared, evidence=facts), abi_flags=flags)

    def _can_make_modules(self, creator: int | None) -> bool:
        """Whether a create slot can make a module object; anything else turns the GIL on, whatever is declared."""
        if not layouts.MAKERS & self._image.imports:
            return False
        if self._follower is None:
            return CYTHON in self._data
        return not creator or not makes_others(self._follower, creator)

    def _undecided(self, trace: Followed, names: list[str]) -> Declaration:
        if trace.disagreement:
            declared = tuple(answer.value for answer in trace.disagreement)
            facts = [Fact(code=FactCode.DECIDED_BY, detail=trace.decided_by)] if trace.decided_by else []
            return _unknown(Fact(code=FactCode.DISAGREEMENT, detail=declared), *facts)
        if len(names) > 1:
            return self._needs_following(
                trace, Fact(code=FactCode.SEVERAL_DEFINITIONS, detail=tuple(names[:MAX_NAMES]))
            )
        return self._needs_following(trace, Fact(code=FactCode.NO_DEFINITION))

    def _needs_following(self, trace: Followed, fact: Fact, definition: Definition | None = None) -> Declaration:
        facts = [fact] if definition is None else [_definition_fact(definition), fact]
        if self._follower is not None:
            facts.append(Fact(code=FactCode.UNTRACED, detail=(f"{trace.steps} instructions",)))
        declaration = _unknown(*facts)
        return declaration if self._follower is not None else replace(declaration, missing_extra=EXTRA)


def _follower(image: Image, interpreter: Interpreter, layout: layouts.DefinitionLayout) -> Follower | None:
    try:
        from nogilcheck.binary.tracer import Follower
    except ImportError:
        return None
    return Follower(image, interpreter, layout)


def _own(candidates: Sequence[T], addresses: Set[int], module: str) -> T | None:
    """The definition or array of the hook, if it is certain: by address, by name, or as the only one."""
    if addresses:
        matching = [candidate for candidate in candidates if candidate.address in addresses]
    else:
        matching = [candidate for candidate in candidates if _last(candidate.name) == module] or list(candidates)
    return matching[0] if len(matching) == 1 else None


def _last(name: str | None) -> str:
    return (name or "").rpartition(".")[2]


def _definition_fact(definition: Definition) -> Fact:
    return Fact(code=FactCode.DEFINITION, detail=(hex(definition.address), definition.name))


def _unknown(*facts: Fact) -> Declaration:
    return Declaration(declared=Declared.UNKNOWN, evidence=facts)
