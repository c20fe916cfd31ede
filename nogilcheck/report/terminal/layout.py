"""Text in columns and within a width. Every text is made safe to show on its way through here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nogilcheck.report.words import safe

MIN_WIDTH = 20
"""Columns; a narrower terminal is treated as this wide."""


SIGNS: Final[dict[str, str | int | None]] = dict(zip("\u2192\u00b7\u251c\u2502\u2514\u2500", ">-||`-", strict=True))
"""What reports draw with that is not ASCII -> what stands for it where the encoding has no such character."""
_NO_SIGNS: Final = str.maketrans("", "", "".join(SIGNS))


def cells(text: str) -> int:
    """How many terminal columns a safe text takes (East Asian wide characters: 2, combining ones: 0)."""
    return len(text) if text.isascii() or text.translate(_NO_SIGNS).isascii() else sum(map(_cells_of, text))


def encodable(text: str, encoding: str | None) -> str:
    """The text, with the signs that an encoding lacks replaced by what comes close."""
    try:
        "".join(SIGNS).encode(encoding or "utf-8")
    except (UnicodeError, LookupError):
        return text.translate(str.maketrans(SIGNS))
    return text


def _cells_of(char: str) -> int:
    import unicodedata

    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def pad(text: str, width: int) -> str:
    """The text made safe, with spaces up to this many columns."""
    shown = safe(text)
    return shown + " " * (width - cells(shown))


def wrap(text: str | Sequence[str], width: int, *, first: str = "", rest: str | None = None) -> list[str]:
    """Lines of at most ``width`` columns, safe to show.

    ``text`` is a sentence, or units that stay together where they can. ``first`` and ``rest`` (by
    default as many spaces) begin the first line and the others. Only what has no space is ever wider.
    """
    begin = safe(first)
    rest = " " * cells(begin) if rest is None else rest
    lines: list[str] = []
    line, empty = begin, True
    for unit in _units(text, width - max(cells(begin), cells(rest))):
        gap = "" if empty else " "
        if not empty and cells(line) + 1 + cells(unit) > width:
            lines.append(line)
            line, gap = rest, ""
        line += gap + unit
        empty = False
    return [*lines, line]


def _units(text: str | Sequence[str], room: int) -> list[str]:
    if isinstance(text, str):
        return safe(text).split()
    shown = [safe(unit) for unit in text]
    return [part for unit in shown for part in ([unit] if cells(unit) <= room else _parts(unit))]


def _parts(unit: str) -> list[str]:
    """The words of a unit that no line can hold; a sign at its head stays with the first of them."""
    head, _, tail = unit.partition(" ")
    if len(head) > 1 or not tail:
        return unit.split()
    first, *others = tail.split()
    return [f"{head} {first}", *others]


def columns(items: Sequence[str], width: int, *, indent: str) -> list[str]:
    """The items in columns of equal width, read downwards, as ``ls`` prints them."""
    shown = [safe(item) for item in items]
    if not shown:
        return []
    column = max(map(cells, shown)) + 2
    across = max(1, (width - len(indent) + 2) // column)
    if across == 1:
        return [line for item in items for line in wrap(item, width, first=indent, rest=indent + "  ")]
    down = -(-len(shown) // across)
    return [indent + "".join(pad(item, column) for item in shown[row::down]).rstrip() for row in range(down)]
