"""One sign for what a target gets: different without colour, and on a terminal of any encoding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from nogilcheck.model.rules.table import RULES
from nogilcheck.report.rows import ABSENT, READY_WORD

_FREE: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

OTHER: Final = "*"
"""For a word that came after every sign was taken."""

_SIGNS: Final[Mapping[str, str]] = {
    READY_WORD: ".",
    ABSENT: "-",
    **{rule.short: rule.sign for rule in RULES if rule.sign},
}

_MEANINGS: Final = {ABSENT: "not in this graph, or at another version", OTHER: "see below"}


def signs_for(words: Iterable[str]) -> dict[str, str]:
    """Each word of `Row.cell` with its sign; words without one of their own get whatever letter is left."""
    given: dict[str, str] = {}
    free = [sign for sign in _FREE if sign not in _SIGNS.values()]
    for word in dict.fromkeys(words):
        if word in _SIGNS:
            given[word] = _SIGNS[word]
        else:
            wanted = next((letter for letter in word.lower() if letter in free), free[0] if free else OTHER)
            given[word] = wanted
            if wanted in free:
                free.remove(wanted)
    return given


def meaning(word: str, sign: str) -> str:
    """``G = GIL-only``."""
    return f"{sign} = {_MEANINGS.get(sign, word)}"
