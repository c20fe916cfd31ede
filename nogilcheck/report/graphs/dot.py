"""A drawing in the DOT language (https://graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

from typing import Final

from nogilcheck.model.verdict import Severity
from nogilcheck.report.graphs.drawing import COLOURS, NOTE, ROOT, TEXT_COLOUR, Arrow, Box, Drawing, Strand
from nogilcheck.report.words import safe

MAX_ARROWS = 5_000
"""Graphviz has no bound of its own, and takes minutes for what nobody could look at."""
MAX_CHARS = 1_000_000

_SHAPES: Final = {Severity.BLOCKER: "octagon", ROOT: "oval", NOTE: "note"}
"""Role -> shape, so that shapes tell what colours tell; any other is a box."""


def render(drawing: Drawing) -> str:
    """The text, with a final newline."""
    drawn = drawing.within(arrows=MAX_ARROWS, chars=MAX_CHARS, size=_size)
    lines = [
        "rankdir=LR",
        f'node [style=filled, fontname="sans-serif", fontcolor="{TEXT_COLOUR}"]',
        f'edge [fontname="sans-serif", fontsize=10, fontcolor="{TEXT_COLOUR}"]',
        *map(_box, drawn.boxes),
        *map(_arrow, drawn.arrows),
    ]
    body = "".join(f"  {line};\n" for line in lines)
    return f"digraph {_quoted(drawing.title)} {{\n{body}}}\n"


def _box(box: Box) -> str:
    fill, border = COLOURS[box.role]
    shape = _SHAPES.get(box.role, "box")
    label = _quoted(*box.lines)
    return f'{box.id} [label={label}, shape={shape}, fillcolor="{fill}", color="{border}"]'


def _arrow(arrow: Arrow) -> str:
    label = f" [label={_quoted(arrow.label)}]" if arrow.label else ""
    return f"{arrow.parent} -> {arrow.child}{label}"


def _size(strand: Strand) -> int:
    boxes = sum(len(_box(box)) + 4 for box in strand.boxes)
    return boxes + sum(len(_arrow(arrow)) + 4 for arrow in strand.arrows)


def _quoted(*lines: str) -> str:
    r"""Lines as a quoted string: ``\`` begins an escape sequence of labels, and ``&`` an entity of HTML."""
    return '"{}"'.format(r"\n".join(map(_escape, lines)))


def _escape(text: str) -> str:
    return safe(text).replace("\\", r"\\").replace('"', r"\"").replace("&", "&amp;")
