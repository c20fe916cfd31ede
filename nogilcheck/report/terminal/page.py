"""A report on its way to the terminal: how it is drawn, and how wide everything is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nogilcheck.model.report.report import Report, TargetSummary
from nogilcheck.report.origins import Origins, origins_of
from nogilcheck.report.rows import FindingRow, labels_of
from nogilcheck.report.scope import Scope
from nogilcheck.report.terminal.layout import cells
from nogilcheck.report.words import safe

if TYPE_CHECKING:
    from nogilcheck.report.terminal.grid import Grid

MAX_COLUMNS = 4
"""Targets beyond which words in columns give way to signs."""
MIN_NAME, MAX_NAME = 21, 40
"""Columns for a name and its version; a longer one has a line of its own."""
MIN_SENTENCE = 44
"""Columns that a sentence needs to stand beside the targets rather than below them."""

MARGIN: Final = "  "
INDENT: Final = "    "
DEEPER: Final = "      "


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A report with everything that its sections share.

    Rows have words in columns for up to `MAX_COLUMNS` targets, signs in a grid for more, and lines
    where the terminal is too narrow for either.
    """

    report: Report
    scope: Scope
    labels: Mapping[str, str]
    """Target id -> the name of its column."""
    origins: Mapping[str, Origins]
    """By target id."""
    width: int
    verbose: bool
    name: int
    """Columns for names; 0 when rows have lines."""
    column: int
    """Columns for the word of each target."""
    grid: Grid | None
    """Where signs stand."""
    signs: Mapping[str, str]
    """Word -> sign, the same in every section."""
    has_rows: bool

    @classmethod
    def fit(cls, report: Report, rows: Sequence[FindingRow], *, width: int, verbose: bool) -> Page:
        """The page for these rows in a terminal of this width."""
        targets, labels, scope = report.targets, labels_of(report.targets), Scope(report.targets)
        shown = [row.cell(target.id)[0] for row in rows for target in targets]
        column = max((cells(safe(text)) for text in (*shown, *labels.values())), default=0) + 2
        longest = max((cells(safe(row.title)) for row in rows), default=0)
        wanted = max(MIN_NAME, min(longest, MAX_NAME))
        room = width - len(INDENT)
        in_words = bool(targets) and len(targets) <= MAX_COLUMNS and room - column * len(targets) >= wanted
        grid = None if in_words or not targets else _grid(scope, room - min(wanted, MIN_NAME))
        name = wanted if in_words else 0
        if grid:
            name = min(wanted, room - grid.width - (grid.label + len(MARGIN) if grid.label else 0))
        return cls(
            report=report,
            scope=scope,
            labels=labels,
            origins=origins_of(report),
            width=width,
            verbose=verbose,
            name=name,
            column=column,
            grid=grid,
            signs=_signs(shown) if grid else {},
            has_rows=bool(rows),
        )

    @property
    def targets(self) -> Sequence[TargetSummary]:
        """The report's targets, in its order."""
        return self.report.targets

    @property
    def many(self) -> bool:
        """Whether the targets are too many for each to be named wherever it comes up."""
        return len(self.targets) > MAX_COLUMNS or self.grid is not None

    @property
    def start(self) -> int:
        """The column where the targets begin."""
        return len(INDENT) + self.name

    @property
    def beside(self) -> int:
        """The column where sentences begin beside the targets; 0 when they stand below."""
        start = self.start + self.column * len(self.targets)
        return start if self.name and not self.grid and self.width - start >= MIN_SENTENCE else 0


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
