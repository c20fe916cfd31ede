"""One narrow cell for each target: what a section says of every distribution, at a glance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nogilcheck.report.rows import FindingRow
from nogilcheck.report.terminal.grid import Grid
from nogilcheck.report.terminal.layout import cells, pad, wrap
from nogilcheck.report.terminal.page import INDENT, MARGIN, Page
from nogilcheck.report.terminal.style import FAINT, NAME, PLAIN, TITLE, Line, lines_of
from nogilcheck.report.terminal.symbols import meaning
from nogilcheck.report.words import safe


def draw_matrix(title: str, rows: Sequence[FindingRow], page: Page, grid: Grid) -> list[Line]:
    """The heads, a line for each row (or one for each of its Pythons), and a legend of the signs in it."""
    label = grid.label + len(MARGIN) if grid.label else 0
    start = page.start + label
    lines: list[Line] = []
    for number, head in enumerate(grid.heads or ("",)):
        name = title if number == 0 else ""
        if cells(name) >= start and head:  # only a title, in a terminal that leaves little for names
            lines.append([(name, TITLE)])
            name = ""
        lines.append([(name, TITLE), (" " * (start - cells(name)) + head, FAINT)])
    for row in rows:
        lines += _row(row, page, grid)
    return lines + _legend(rows, page)


def _row(row: FindingRow, page: Page, grid: Grid) -> list[Line]:
    lines: list[Line] = []
    title = row.title
    if cells(safe(title)) > page.name:
        lines += lines_of(wrap(title, page.width, first=MARGIN, rest=INDENT), NAME)
        title = ""
    label = grid.label + len(MARGIN) if grid.label else 0
    for number, at in enumerate(grid.lines):
        name = pad(title if number == 0 else "", page.name)
        begin: Line = [(MARGIN + name + MARGIN, NAME)]
        if label:
            begin.append((pad(grid.labels[number], label), FAINT))
        lines.append([*begin, *_signs(row, page, at)])
    return lines


def _signs(row: FindingRow, page: Page, at: Mapping[str, int]) -> Line:
    line: Line = []
    reached = 0
    for target, column in at.items():
        word, role = row.cell(target, named=False)
        line += [(" " * (column - reached), PLAIN), (page.signs[word], role)]
        reached = column + 1
    return line


def _legend(rows: Sequence[FindingRow], page: Page) -> list[Line]:
    """Only of the signs that are there, those of what the section is about first."""
    shown = [row.cell(target.id, named=False) for row in rows for target in page.targets]
    order = {"-": 2, ".": 1}
    words = sorted(dict.fromkeys(word for word, _ in shown), key=lambda word: order.get(page.signs[word], 0))
    meanings = list(dict.fromkeys(meaning(word, page.signs[word]) for word in words))
    units = [f"{text}," for text in meanings[:-1]] + meanings[-1:]
    return lines_of(wrap(units, page.width, first=MARGIN, rest=MARGIN), FAINT)
