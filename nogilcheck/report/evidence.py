"""What a module declares, what the source of one says, and what that rests on, put into words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from nogilcheck.model.declaration import Declaration, Declared, FactCode
from nogilcheck.model.evidence import SourceMark, SourceReading, SourceWord
from nogilcheck.report.words import listed

DECLARED_WORDS: Final = {
    Declared.NOT_USED: "runs without the GIL",
    Declared.USED: 'declares "used"',
    Declared.NONE: "not declared",
    Declared.UNKNOWN: "unknown",
    Declared.NOT_A_MODULE: "plain library",
}
"""In a word or two."""


_SOURCE_SAYS: Final[Mapping[SourceWord, str]] = {
    SourceWord.RUNS_WITHOUT: "declares it runs without the GIL",
    SourceWord.TURNS_ON: "turns the GIL on",
    SourceWord.REFUSES: "refuses",
    SourceWord.SILENT: "does not say",
}


def said_by_source(reading: SourceReading) -> str:
    """What the source in an sdist says, and the first place that says so."""
    place = f" ({_place(reading.marks[0])})" if reading.marks else ""
    return f"an sdist exists, whose source {_SOURCE_SAYS[reading.word]}{place}; not built"


def source_lines(readings: Iterable[SourceReading]) -> Iterator[tuple[str, list[str]]]:
    """What the source in one sdist says, Pythons of which it says the same together, and the places."""
    pythons: dict[SourceReading, list[str]] = {}
    for reading in readings:
        pythons.setdefault(replace(reading, python=""), []).append(f"{reading.python}t")
    for reading, on in pythons.items():
        places = list(map(_place, reading.marks))
        places += [f"and {reading.more} more"] if reading.more else []
        places += [f"looks for {listed(reading.needs)}"] if reading.needs else []
        built = f" (built by {reading.backend})" if reading.backend else ""
        yield f"source, on {listed(on)}: {_SOURCE_SAYS[reading.word]}{built}", places


def _place(mark: SourceMark) -> str:
    """``src/_speedups.c:183: Py_MOD_GIL_NOT_USED``."""
    return f"{mark.path}:{mark.line}: {mark.text}"


def evidence(declaration: Declaration) -> str:
    """The facts behind a declaration, as one sentence."""
    said = (_WORDS[fact.code](fact.detail) for fact in declaration.evidence)
    return "; ".join(part for part in said if part)


def _text(text: str) -> Callable[[tuple[str, ...]], str]:
    return lambda _: text


def _with(head: str, separator: str = ", ", tail: str = "") -> Callable[[tuple[str, ...]], str]:
    return lambda detail: f"{head}{separator.join(detail)}{tail}" if detail else ""


def _definition(detail: tuple[str, ...]) -> str:
    name = f" {detail[1]}" if detail[1:] else ""
    return f"PyModuleDef{name} at {detail[0]}" if detail else ""


def _slot(detail: tuple[str, ...]) -> str:
    number, value = (*detail, "?", "?")[:2]
    meaning = {"1": "not used", "0": "used"}.get(value, value)
    return f"slot Py_mod_gil ({number}): {meaning}"


def _call(detail: tuple[str, ...]) -> str:
    function, argument = (*detail, "", "?")[:2]
    return f"calls {function} with {argument}"


def _decided_by(detail: tuple[str, ...]) -> str:
    function, zero, other = (*detail, "?", "?", "?")[:3]
    words = [DECLARED_WORDS[Declared(each)] if each in set(Declared) else each for each in (zero, other)]
    return f"depends on what {function} of another library returns: {words[0]} if 0, else {words[1]}"


def _traced(detail: tuple[str, ...]) -> str:
    depth, steps = (*detail, "?", "?")[:2]
    return f"traced for {steps} instructions, {depth} calls deep"


_WORDS: Final[dict[FactCode, Callable[[tuple[str, ...]], str]]] = {
    FactCode.HOOK: _with("exports "),
    FactCode.NO_HOOK: _with("exports neither ", " nor "),
    FactCode.DEFINITION: _definition,
    FactCode.SLOT_ARRAY: _with("PySlot array at "),
    FactCode.SLOT: _slot,
    FactCode.NO_SLOT: _text("no slot Py_mod_gil"),
    FactCode.CALL: _call,
    FactCode.NO_CALL: _with("single-phase initialization that never calls "),
    FactCode.TRACED: _traced,
    FactCode.DELEGATED: _with("made by "),
    FactCode.HANDED_OVER: _with("hands over to ", " of "),
    FactCode.SLICE: _with("for "),
    FactCode.DISAGREEMENT: _with("different code paths declare different things: "),
    FactCode.DECIDED_BY: _decided_by,
    FactCode.SEVERAL_DEFINITIONS: _with("which of these definitions is returned is not clear: "),
    FactCode.NO_DEFINITION: _text("its PyModuleDef was not found"),
    FactCode.RUN_TIME_SLOTS: _text("its slots are filled at run time"),
    FactCode.MUTABLE_SLOTS: _text("its slots may be changed at run time"),
    FactCode.NOT_A_MODULE_OBJECT: _text("its create slot may return something other than a module"),
    FactCode.OTHER_LAYOUT: _with("laid out for the build with the ", tail=""),
    FactCode.UNTRACED: _with("its code could not be followed: "),
    FactCode.UNSUPPORTED: _with("not read: "),
    FactCode.UNREADABLE: _with("damaged: "),
    FactCode.FAILED: _with("the analysis was cut off: "),
}
