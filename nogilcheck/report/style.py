"""Colour, as little as it takes: rich would cost a replayed run more than everything else it does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nogilcheck.model.verdict import Severity

Span = tuple[str, str]
"""A text that is safe to show, and its role."""

Line = list[Span]

TITLE: Final = "title"
NAME: Final = "name"
FAINT: Final = "faint"
PLAIN: Final = ""

_SGR: Final = {
    TITLE: "1",
    NAME: "1",
    FAINT: "2",
    Severity.BLOCKER: "31",
    Severity.READY: "32",
    Severity.WARNING: "33",
    Severity.GAP: "35",
}
"""Role -> Select Graphic Rendition parameters (ECMA-48, 8.3.117)."""


def lines_of(texts: Iterable[str], role: str = PLAIN) -> list[Line]:
    """Whole lines in one role."""
    return [[(text, role)] for text in texts]


def draw(line: Line, *, colour: bool) -> str:
    """The line as it is printed, without spaces at its end."""
    if not colour:
        return "".join(text for text, _ in line).rstrip()
    return "".join(_coloured(text, role) for text, role in line).rstrip()


def _coloured(text: str, role: str) -> str:
    """Indentation and padding stay outside, so that no terminal underlines or fills them."""
    bare = text.strip(" ")
    if role not in _SGR or not bare:
        return text
    before, _, after = text.partition(bare)
    return f"{before}\x1b[{_SGR[role]}m{bare}\x1b[0m{after}"
