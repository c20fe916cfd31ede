"""A drawing in the DOT language (https://graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from nogilcheck.model.verdict import Severity
from nogilcheck.report.graphs.drawing import COLOURS, NOTE, ROOT, TEXT_COLOUR, Arrow, Box, Drawing, Strand, wrapped
from nogilcheck.report.words import safe

MAX_ARROWS = 5_000
"""Graphviz has no bound of its own, and takes minutes for what nobody could look at."""
MAX_CHARS = 1_000_000

DEPTHS = 3
"""At how many depths they stand."""

_SHAPES: Final = {Severity.BLOCKER: "octagon", ROOT: "oval", NOTE: "note"}
"""Role -> shape, so that shapes tell what colours tell; any other is a box."""


def render(drawing: Drawing) -> str:
    """The text, with a final newline."""
    drawn = drawing.within(arrows=MAX_ARROWS, chars=MAX_CHARS, size=_size)
    lines = [
        f"rankdir={drawn.direction}",
        f'node [style=filled, fontname="sans-serif", fontcolor="{TEXT_COLOUR}"]',
        f'edge [fontname="sans-serif", fontsize=10, fontcolor="{TEXT_COLOUR}"]',
        *map(_box, drawn.boxes),
        *_arrows(drawn),
    ]
    body = "".join(f"  {line};\n" for line in lines)
    return f"digraph {_quoted(drawing.title)} {{\n{body}}}\n"


def _box(box: Box) -> str:
    fill, border = COLOURS[box.role]
    shape = _SHAPES.get(box.role, "box")
    label = _quoted(*box.lines)
    return f'{box.id} [label={label}, shape={shape}, fillcolor="{fill}", color="{border}"]'


def _arrows(drawn: Strand) -> Iterator[str]:
    """Of many boxes that nothing is below, those of one parent stand at several depths rather than in one long row."""
    parents = {arrow.parent for arrow in drawn.arrows}
    down = drawn.direction == "TB"
    leaves: Counter[str] = Counter()
    for arrow in drawn.arrows:
        leaf = arrow.child not in parents and down
        leaves[arrow.parent] += leaf
        yield _arrow(arrow, depth=(leaves[arrow.parent] - 1) % DEPTHS + 1 if leaf else 1)


def _arrow(arrow: Arrow, *, depth: int = DEPTHS) -> str:
    label = f"label={_quoted(*wrapped(arrow.label))}" if arrow.label else ""
    minlen = f"minlen={depth}" if depth > 1 else ""
    attributes = ", ".join(filter(None, (label, minlen)))
    return f"{arrow.parent} -> {arrow.child}{f' [{attributes}]' if attributes else ''}"


def _size(strand: Strand) -> int:
    boxes = sum(len(_box(box)) + 4 for box in strand.boxes)
    return boxes + sum(len(_arrow(arrow)) + 4 for arrow in strand.arrows)


def _quoted(*lines: str) -> str:
    r"""Lines as a quoted string: ``\`` begins an escape sequence of labels, and ``&`` an entity of HTML."""
    return '"{}"'.format(r"\n".join(map(_escape, lines)))


def _escape(text: str) -> str:
    return safe(text).replace("\\", r"\\").replace('"', r"\"").replace("&", "&amp;")
