"""A report with what every rendering of it needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nogilcheck.model.report.report import Report, TargetSummary
from nogilcheck.model.report.requirements import ReportRoot
from nogilcheck.report.origins import origins_of
from nogilcheck.report.rows import FindingRow, labels_of
from nogilcheck.report.scope import Scope

MAX_COLUMNS = 4
"""Targets beyond which words in columns give way to signs."""


class ReportContext:
    """A report, the names of its targets, and where its distributions come from."""

    def __init__(self, report: Report, *, verbose: bool = False) -> None:
        """``verbose``: every path and every step is shown, rather than the first."""
        self.report = report
        self.verbose = verbose
        self.scope = Scope(report.targets)
        self.labels = labels_of(report.targets)
        """Target id -> the name of its column."""
        self.origins = origins_of(report)
        """By target id."""

    @property
    def targets(self) -> Sequence[TargetSummary]:
        """The report's targets, in its order."""
        return self.report.targets

    def other_roots(self, row: FindingRow, shown: Iterable[int]) -> list[ReportRoot]:
        """The user's requirements that lead to a row, but for those at the positions that are shown already."""
        leading = (self.origins[at].positions((row.name, row.version)) for at in row.findings if at in self.origins)
        others = {position for positions in leading for position in positions}.difference(shown)
        return [self.report.roots[position] for position in sorted(others)]
