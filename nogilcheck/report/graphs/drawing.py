"""A graph to be drawn: boxes and arrows, the same for every language that can draw them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from nogilcheck.model.verdict import Severity
from nogilcheck.report.words import counted, listed

ROOT: Final = "root"
"""The role of a box that stands for something of the user's own."""
NOTE: Final = "note"
"""The role of a box that says something about the drawing."""

ROLES: Final = (Severity.BLOCKER, Severity.GAP, Severity.WARNING, Severity.READY, ROOT, NOTE)
"""Every role, the worst first; that of a distribution is its severity."""

COLOURS: Final = {
    Severity.BLOCKER: ("#fbd5d0", "#b3261e"),
    Severity.GAP: ("#ead6f5", "#7b2d9e"),
    Severity.WARNING: ("#fdeebf", "#8a6100"),
    Severity.READY: ("#d9f0dc", "#2e7d32"),
    ROOT: ("#ffffff", "#444444"),
    NOTE: ("#eeeeee", "#777777"),
}
"""Role -> what fills the box, and its border. Whoever sees no colours reads it in the box."""

TEXT_COLOUR: Final = "#111111"

MAX_LINE = 120
"""Characters of one line in a box or at an arrow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A distribution, a requirement of the user's, or a note."""

    id: str
    """Of ASCII letters and digits, a letter first."""
    lines: tuple[str, ...]
    """As they are; each language escapes them in its way, and makes them safe."""
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """Requirements of one distribution, or of the user's, on another."""

    parent: str
    """The id of a box."""
    child: str
    label: str
    """Specifiers, extras and markers; perhaps nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strand:
    """Boxes and arrows that are drawn together or not at all. Its arrows lead between them and those before."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What is to be drawn, the most important first."""

    title: str
    strands: tuple[Strand, ...]

    def within(self, *, arrows: int, chars: int, size: Callable[[Strand], int]) -> Strand:
        """As many strands, in order, as the bounds allow, as one, with a note on what is left out.

        ``size`` tells how many characters a strand takes.
        """
        drawn, used, written = 0, 0, 0
        for strand in self.strands:
            used += len(strand.arrows)
            written += size(strand)
            if used > arrows or written > chars:
                break
            drawn += 1
        kept, left = self.strands[:drawn], self.strands[drawn:]
        boxes = [box for strand in kept for box in strand.boxes]
        if left:
            boxes.append(note(f"left out, for want of room: {_counts(left)}"))
        return Strand(boxes=tuple(boxes), arrows=tuple(arrow for strand in kept for arrow in strand.arrows))


def note(*lines: str, name: str = "note") -> Box:
    """A box that says something about the drawing."""
    return Box(id=name, lines=tuple(map(short, lines)), role=NOTE)


def short(text: str) -> str:
    """The text, cut to what a line may hold."""
    return text if len(text) <= MAX_LINE else text[: MAX_LINE - 3] + "..."


def _counts(left: Sequence[Strand]) -> str:
    distributions = sum(box.role != ROOT for strand in left for box in strand.boxes)
    requirements = sum(len(strand.arrows) for strand in left)
    counts = ((distributions, "distribution"), (requirements, "requirement"))
    return listed([counted(number, noun) for number, noun in counts if number])
