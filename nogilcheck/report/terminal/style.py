"""Colour, as little as it takes: rich would cost a replayed run more than everything else it does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from nogilcheck.model.verdict import Severity

Span = tuple[str, str]
"""A text that is safe to show, and its role."""

Line = list[Span]

TITLE: Final = "title"
NAME: Final = "name"
FAINT: Final = "faint"
PLAIN: Final = ""

VERBATIM: Final = ("", "verbatim")
"""The first span of a line that ends as it does, in spaces or a carriage return: ``patch`` compares bytes."""

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


def begun(texts: Sequence[str], head: str, role: str, rest: str = PLAIN) -> list[Line]:
    """Lines of which the first begins with ``head``, safe to show, in a role of its own."""
    first, *others = texts
    return [[(first[: len(head)], role), (first[len(head) :], rest)], *lines_of(others, rest)]


def text_of(blocks: Iterable[Sequence[Line]], *, colour: bool, links: Mapping[str, str] | None = None) -> str:
    """Blocks with an empty line between them, those without lines left out; with a final newline."""
    drawn = ("\n".join(draw(line, colour=colour, links=links) for line in block) for block in blocks if block)
    return "\n\n".join(drawn) + "\n"


def draw(line: Line, *, colour: bool, links: Mapping[str, str] | None = None) -> str:
    """The line as it is printed, without spaces at its end. ``links`` are the URLs that names lead to."""
    drawn = "".join(_drawn(text, role, colour, (links or {}) if role == NAME else {}) for text, role in line)
    return drawn if line[:1] == [VERBATIM] else drawn.rstrip()


def _drawn(text: str, role: str, colour: bool, links: Mapping[str, str]) -> str:  # noqa: FBT001
    """Indentation and padding stay outside, so that no terminal underlines or fills them."""
    bare = text.strip(" ")
    before, _, after = text.partition(bare) if bare else (text, "", "")
    shown = bare
    if colour and role in _SGR and bare:
        shown = f"\x1b[{_SGR[role]}m{bare}\x1b[0m"
    if url := links.get(bare):
        shown = f"\x1b]8;;{url}\x1b\\{shown}\x1b]8;;\x1b\\"
    return f"{before}{shown}{after}"
