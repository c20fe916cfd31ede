"""What the bytes of one file say about the GIL (PEP 703, PEP 820): the declaration of an extension module."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from nogilcheck.frozen import frozen


class Declared(StrEnum):
    """What an extension module tells the interpreter at import."""

    NOT_USED = "not-used"
    """It declares that it runs without the GIL. That is its author's word, not a proof of thread safety."""
    USED = "used"
    """It declares that it needs the GIL: importing it turns the GIL on."""
    NONE = "none"
    """It declares nothing, which the interpreter takes for `USED`."""
    UNKNOWN = "unknown"
    """The bytes do not tell, or not in the time given."""
    NOT_A_MODULE = "not-a-module"
    """The file exports no hook by which it could be imported under its name."""


class FactCode(StrEnum):
    """What a declaration rests on. `Fact.detail` is listed with each."""

    HOOK = "hook"
    """The exported function that the interpreter calls: its name."""
    NO_HOOK = "no-hook"
    """Neither of the two possible hooks is exported: their names."""
    DEFINITION = "definition"
    """The ``PyModuleDef`` that the hook returns: its address, its name."""
    SLOT_ARRAY = "slot-array"
    """The array of ``PySlot`` that the hook returns: its address."""
    SLOT = "slot"
    """The ``Py_mod_gil`` slot: its number, its value."""
    NO_SLOT = "no-slot"
    """The slots are known and none is ``Py_mod_gil``. No detail."""
    CALL = "call"
    """A call that decides, made by the hook: the function, its second argument."""
    NO_CALL = "no-call"
    """The module is made in a single phase and this function is never called on it: its name."""
    TRACED = "traced"
    """The hook was followed, instruction by instruction: how deep into calls, how many instructions."""
    DELEGATED = "delegated"
    """Another module makes this one, on its behalf: the other's name."""
    HANDED_OVER = "handed-over"
    """The hook hands over to a function of another library: the function's name."""
    SLICE = "slice"
    """The facts that follow are about one architecture of several in the file, or one interpreter: its name."""
    DISAGREEMENT = "disagreement"
    """Different ways through the hook, or different architectures, declare different things: those things."""
    DECIDED_BY = "decided-by"
    """What a function of another library returns at import decides: its name, what is declared when that is 0, and else
    (values of `Declared`)."""
    SEVERAL_DEFINITIONS = "several-definitions"
    """Nothing tells which of the definitions in the file the hook returns: their names."""
    NO_DEFINITION = "no-definition"
    """The definition that the hook returns was not found. No detail."""
    RUN_TIME_SLOTS = "run-time-slots"
    """The slots are filled when the hook runs, with values that were not found. No detail."""
    MUTABLE_SLOTS = "mutable-slots"
    """The slots stand in writable memory, and code that may change them was not followed. No detail."""
    NOT_A_MODULE_OBJECT = "not-a-module-object"
    """A create slot makes something that is not, or may not be, a module object. No detail."""
    OTHER_LAYOUT = "other-layout"
    """The definition has the layout of the build with the GIL: its name."""
    UNTRACED = "untraced"
    """The hook has to be followed, and could not be: why."""
    UNSUPPORTED = "unsupported"
    """The file is of a kind that is not read: which."""
    UNREADABLE = "unreadable"
    """The file is damaged or not what its name says: where."""
    FAILED = "failed"
    """The analysis did not end well: what happened to it."""


@frozen
class Fact:
    """One fact behind a declaration, as data."""

    code: FactCode
    detail: tuple[str, ...] = ()


@frozen
class Declaration:
    """What one file declares, what that rests on, and what the checks of a wheel's tags need to know about it."""

    declared: Declared
    evidence: tuple[Fact, ...] = ()
    delegate: str | None = None
    """The module that declares on this one's behalf (``_cffi_backend``); `declared` is unknown until that is known."""
    continues_at: str | None = None
    """The function of another library, usually of the same wheel, whose answer is this module's; likewise unknown."""
    missing_extra: str | None = None
    """The extra of this package that would have told more (``scan``), where it is not installed."""
    hooks: tuple[str, ...] = ()
    """The hooks for its name that the file exports, of ``PyModExport_<name>`` and ``PyInit_<name>``."""
    abi_flags: int | None = None
    """``PyABIInfo.flags`` of its ``Py_mod_abi`` slot (`ABI_STABLE` and the others)."""
    gil_layout: bool = False
    """Its ``PyModuleDef`` has the layout of the build with the GIL."""
    symbols: tuple[str, ...] = ()
    """What it imports of the C API, sorted; told only of a module for the stable ABI."""

    def as_json(self) -> dict[str, Any]:
        """This value as JSON data, without what is empty."""
        data: dict[str, Any] = {
            "declared": self.declared.value,
            "evidence": [[fact.code.value, *fact.detail] for fact in self.evidence],
            "delegate": self.delegate,
            "continues_at": self.continues_at,
            "missing_extra": self.missing_extra,
            "hooks": list(self.hooks),
            "abi_flags": self.abi_flags,
            "gil_layout": self.gil_layout,
            "symbols": list(self.symbols),
        }
        return {key: value for key, value in data.items() if value not in (None, False, [])}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Declaration:
        """What `as_json` wrote. Raises ``KeyError``, ``TypeError`` or ``ValueError`` for anything else."""
        return cls(
            declared=Declared(data["declared"]),
            evidence=tuple(
                Fact(code=FactCode(code), detail=tuple(map(str, detail))) for code, *detail in data.get("evidence", ())
            ),
            delegate=data.get("delegate"),
            continues_at=data.get("continues_at"),
            missing_extra=data.get("missing_extra"),
            hooks=tuple(map(str, data.get("hooks", ()))),
            abi_flags=data.get("abi_flags"),
            gil_layout=bool(data.get("gil_layout", False)),
            symbols=tuple(map(str, data.get("symbols", ()))),
        )


ABI_STABLE = 0x1
"""``PyABIInfo_STABLE``: for the stable ABI (Include/modsupport.h of 3.15)."""
ABI_GIL = 0x2
"""``PyABIInfo_GIL``: for builds with the GIL."""
ABI_FREE_THREADED = 0x4
"""``PyABIInfo_FREETHREADED``: for free-threaded builds."""
