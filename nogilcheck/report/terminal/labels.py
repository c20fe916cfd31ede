"""Labels at the head of lines: what a text is, told by a word rather than by where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from nogilcheck.report.terminal.layout import cells, wrap
from nogilcheck.report.terminal.page import INDENT, MARGIN
from nogilcheck.report.terminal.style import FAINT, PLAIN, Line, begun, lines_of
from nogilcheck.report.words import safe

WHY: Final = "why"
FROM: Final = "from"
FIX: Final = "fix"
TRACK: Final = "track"
KNOWN: Final = "known"
NOTE: Final = "note"

COLUMN: Final = 7
"""Columns of a label with what separates it from its text."""
_MIN_TEXT: Final = 36
"""Columns that a text needs to hang beside its label."""


def paragraphs(texts: Iterable[str | Sequence[str]], width: int, role: str = PLAIN) -> list[Line]:
    """Each text on lines of its own, below a heading."""
    return lines_of((line for text in texts for line in wrap(text, width, first=MARGIN, rest=INDENT)), role)


def labelled(
    label: str, texts: Iterable[str | Sequence[str]], width: int, *, margin: str = INDENT, deeper: str = ""
) -> list[Line]:
    """``why    no free-threaded wheel``: the label once, the texts in lines below one another beside it.

    A text is a sentence, or units that stay together where they can; ``deeper`` indents what continues one.
    """
    column = max(COLUMN, cells(safe(label)) + 2)
    hanging = " " * (len(margin) + column)
    if width - len(hanging) < _MIN_TEXT:
        hanging = margin + "  "
    lines: list[Line] = []
    for text in texts:
        head = hanging if lines else margin + safe(label) + " " * (column - cells(safe(label)))
        lines += begun(wrap(text, width, first=head, rest=hanging + deeper), "" if lines else head, FAINT)
    return lines
