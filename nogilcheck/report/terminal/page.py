"""A report on its way to the terminal: how it is drawn, and how wide everything is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from nogilcheck.model.report.report import Report
from nogilcheck.report.context import MAX_COLUMNS, ReportContext
from nogilcheck.report.rows import FindingRow
from nogilcheck.report.scope import Scope
from nogilcheck.report.terminal.layout import cells
from nogilcheck.report.words import safe

if TYPE_CHECKING:
    from nogilcheck.report.terminal.grid import Grid

MIN_NAME, MAX_NAME = 21, 40
"""Columns for a name and its version; a longer one has a line of its own."""
FEW, NARROW_NAME = 2, 10
"""For so few targets words stay in columns even where this is all that is left for names."""

MARGIN: Final = "  "
INDENT: Final = "    "
DEEPER: Final = "      "


class Page(ReportContext):
    """A report with everything that its sections in the terminal share.

    Rows have words in columns for up to `MAX_COLUMNS` targets, signs in a grid for more, and lines
    where the terminal is too narrow for either.
    """

    def __init__(self, report: Report, rows: Sequence[FindingRow], *, width: int, verbose: bool) -> None:
        """The page for these rows in a terminal of ``width`` columns."""
        super().__init__(report, verbose=verbose)
        targets = report.targets
        shown = [row.cell(target.id)[0] for row in rows for target in targets]
        longest = max((cells(safe(row.title)) for row in rows), default=0)
        wanted = max(MIN_NAME, min(longest, MAX_NAME))
        room = width - len(INDENT)
        self.width = width
        self.rows = tuple(rows)
        """Every row that is listed."""
        self.column = max((cells(safe(text)) for text in (*shown, *self.labels.values())), default=0) + 2
        """Columns for the word of each target."""
        left = room - self.column * len(targets)
        enough = min(wanted, NARROW_NAME) if len(targets) <= FEW else wanted
        in_words = bool(targets) and len(targets) <= MAX_COLUMNS and left >= enough
        self.grid = None if in_words or not targets else _grid(self.scope, room - min(wanted, MIN_NAME))
        """Where signs stand."""
        self.name = min(wanted, left) if in_words else 0
        """Columns for names; 0 when rows have lines."""
        if self.grid:
            self.name = min(wanted, room - self.grid.width - (self.grid.label + len(MARGIN) if self.grid.label else 0))
        generic = (row.cell(target.id, named=False)[0] for row in rows for target in targets)
        self.signs = _signs(generic) if self.grid else {}
        """Word -> sign, the same in every section."""

    @property
    def many(self) -> bool:
        """Whether the targets are too many for each to be named wherever it comes up."""
        return len(self.targets) > MAX_COLUMNS or self.grid is not None

    @property
    def start(self) -> int:
        """The column where the targets begin."""
        return len(INDENT) + self.name


def _signs(words: Iterable[str]) -> Mapping[str, str]:
    from nogilcheck.report.terminal.symbols import signs_for

    return signs_for(words)


def _grid(scope: Scope, room: int) -> Grid | None:
    """The widest grid that leaves room for names. Few reports need one, and a replayed one has no time to lose."""
    from nogilcheck.report.terminal.grid import joined, split

    if (grid := joined(scope)).width <= room:
        return grid
    if len(scope.pythons) > 1 and len(scope.platforms) > 1:
        grid = split(scope)
        if grid.width + grid.label + len(MARGIN) <= room:
            return grid
    return None
