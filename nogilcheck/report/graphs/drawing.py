"""A graph to be drawn: boxes and arrows, the same for every language that can draw them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from math import log
from typing import Final

from nogilcheck.frozen import frozen
from nogilcheck.model.verdict import WORST_FIRST, Severity
from nogilcheck.report.words import counted, listed

ROOT: Final = "root"
"""The role of a box that stands for something of the user's own."""
NOTE: Final = "note"
"""The role of a box that says something about the drawing."""

ROLES: Final = (*WORST_FIRST, ROOT, NOTE)
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

BOX_WIDTH, BOX_HEIGHT = 240, 55
"""About how large a box is drawn; an arrow takes as much again in its direction."""
SCREEN = 1.6
"""Width by height."""

LABEL_COLUMNS, BOX_COLUMNS = 32, 44
"""Characters after which a label of an arrow, and a line of a box, goes on in another."""

MAX_LINE = 120
"""Characters of one line in a box or at an arrow."""


@frozen
class Box:
    """A distribution, a requirement of the user's, or a note."""

    id: str
    """Of ASCII letters and digits, a letter first."""
    lines: tuple[str, ...]
    """As they are; each language escapes them in its way, and makes them safe."""
    role: str


@frozen
class Arrow:
    """Requirements of one distribution, or of the user's, on another."""

    parent: str
    """The id of a box."""
    child: str
    label: str
    """Specifiers, extras and markers; perhaps nothing."""


@frozen
class Strand:
    """Boxes and arrows that are drawn together or not at all. Its arrows lead between them and those before."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]

    @property
    def direction(self) -> str:
        """``TB`` or ``LR``: whichever is nearer to the shape of a screen, so that no drawing is a ribbon.

        Long chains go down, beside one another; many boxes at the same distance from the user's lines stand in columns.
        """
        layers = Counter(_distances(self.arrows).values())
        longest, widest = max(layers, default=0) + 1, max(layers.values(), default=1)
        shapes = {
            "TB": (widest * BOX_WIDTH) / (longest * BOX_HEIGHT * 2),
            "LR": (longest * BOX_WIDTH * 2) / (widest * BOX_HEIGHT),
        }
        return min(shapes, key=lambda name: abs(log(shapes[name] / SCREEN)))


@frozen
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


def _distances(arrows: Sequence[Arrow]) -> dict[str, int]:
    """How many arrows lead to each box from the nearest to which none leads."""
    below: dict[str, list[str]] = {}
    for arrow in arrows:
        below.setdefault(arrow.parent, []).append(arrow.child)
    children = {arrow.child for arrow in arrows}
    found = dict.fromkeys((parent for parent in below if parent not in children), 0)
    waiting = list(found)
    for box in waiting:  # which grows
        for child in below.get(box, ()):
            if child not in found:
                found[child] = found[box] + 1
                waiting.append(child)
    return found


def note(*lines: str, name: str = "note") -> Box:
    """A box that says something about the drawing."""
    return Box(id=name, lines=tuple(map(short, lines)), role=NOTE)


def wrapped(text: str, columns: int = LABEL_COLUMNS) -> list[str]:
    """The words of a text in lines of so many characters, where they are not longer themselves."""
    lines = [""]
    for number, word in enumerate(text.split(" ")):
        if number and len(lines[-1]) + 1 + len(word) > columns:
            lines.append(word)
        else:
            lines[-1] += f" {word}" if number else word
    return lines


def short(text: str) -> str:
    """The text, cut to what a line may hold."""
    return text if len(text) <= MAX_LINE else text[: MAX_LINE - 3] + "..."


def _counts(left: Sequence[Strand]) -> str:
    distributions = sum(box.role != ROOT for strand in left for box in strand.boxes)
    requirements = sum(len(strand.arrows) for strand in left)
    counts = ((distributions, "distribution"), (requirements, "requirement"))
    return listed([counted(number, noun) for number, noun in counts if number])
