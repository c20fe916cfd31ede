"""Evidence as lines of a terminal: what the source in an sdist says, and the state that Python sources share."""

from __future__ import annotations

from collections.abc import Iterable

from nogilcheck.model.evidence import SourceReading
from nogilcheck.model.report.shared_state import SharedStateReading
from nogilcheck.report.evidence import source_lines
from nogilcheck.report.shared_state import shared_places, shared_state, unread_sources
from nogilcheck.report.terminal.labels import paragraphs
from nogilcheck.report.terminal.layout import wrap
from nogilcheck.report.terminal.page import INDENT, MARGIN
from nogilcheck.report.terminal.style import FAINT, Line, lines_of


def draw_source(readings: Iterable[SourceReading], width: int, margin: str = MARGIN) -> list[Line]:
    """What the source says on each Python, and below it the places."""
    lines: list[Line] = []
    deeper = margin + MARGIN
    for said, places in source_lines(readings):
        lines += lines_of(wrap(said, width, first=margin, rest=deeper))
        for place in places:
            lines += lines_of(wrap(place, width, first=deeper, rest=deeper + MARGIN), FAINT)
    return lines


def draw_shared_state(reading: SharedStateReading, width: int) -> list[Line]:
    """How many names are shared, the places, and what was not read."""
    lines = paragraphs([shared_state(reading)], width)
    for place, said in shared_places(reading):
        lines += lines_of(wrap(f"{place} {said}", width, first=INDENT, rest=INDENT + MARGIN))
    return lines + paragraphs(unread_sources(reading), width, FAINT)
