"""A drawing as a mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html), as GitHub and GitLab draw it."""

from __future__ import annotations

import re
from typing import Final

from nogilcheck.model.verdict import Severity
from nogilcheck.report.graphs.drawing import (
    COLOURS,
    NOTE,
    ROLES,
    ROOT,
    TEXT_COLOUR,
    Arrow,
    Box,
    Drawing,
    Strand,
    wrapped,
)
from nogilcheck.report.words import safe

MAX_ARROWS = 450
"""mermaid draws nothing at all where there are more than ``maxEdges``, 500 where nobody says otherwise."""
MAX_CHARS = 45_000
"""Nor where the text is longer than ``maxTextSize``, 50,000; some are left for what frames the graph."""

_PLAIN: Final = re.compile(r"[A-Za-z0-9,=/() ]|[.+-](?! )")
"""What stands for itself in a quoted label. Everything else becomes a character reference: quotes, what HTML and
mermaid's markdown act upon, and the colon, by which mermaid takes a line with ``style`` in it for another statement.
A dot, a plus or a minus before a space would begin a list."""

_SHAPES: Final = {Severity.BLOCKER: ("{{", "}}"), ROOT: ("([", "])"), NOTE: (">", "]")}
"""Role -> what stands around the label, so that shapes tell what colours tell; any other is a rectangle."""


def render(drawing: Drawing) -> str:
    """The text, with a final newline, within mermaid's own bounds."""
    drawn = drawing.within(arrows=MAX_ARROWS, chars=MAX_CHARS, size=_size)
    lines = [f"flowchart {drawn.direction}", *map(_box, drawn.boxes), *map(_arrow, drawn.arrows)]
    for role in ROLES:
        ids = [box.id for box in drawn.boxes if box.role == role]
        if ids:
            fill, border = COLOURS[role]
            lines.append(f"classDef {role} fill:{fill},stroke:{border},color:{TEXT_COLOUR}")
            lines.append(f"class {','.join(ids)} {role}")
    return "".join(f"{lines[0] if number == 0 else '  ' + line}\n" for number, line in enumerate(lines))


def _box(box: Box) -> str:
    left, right = _SHAPES.get(box.role, ("[", "]"))
    return f'{box.id}{left}"{"<br/>".join(map(_escape, box.lines))}"{right}'


def _arrow(arrow: Arrow) -> str:
    label = f'|"{"<br/>".join(map(_escape, wrapped(arrow.label)))}"|' if arrow.label else ""
    return f"{arrow.parent} -->{label} {arrow.child}"


def _size(strand: Strand) -> int:
    """With the indent and the end of each line, and a place in a list of the boxes of its role."""
    boxes = sum(len(_box(box)) + len(box.id) + 4 for box in strand.boxes)
    return boxes + sum(len(_arrow(arrow)) + 3 for arrow in strand.arrows)


def _escape(text: str) -> str:
    shown = safe(text).replace("$$", "$ $")  # the one thing that it acts upon after the references: formulas
    return "".join(char if _PLAIN.match(shown, number) else f"#{ord(char)};" for number, char in enumerate(shown))
