"""A survey as CSV: a line for each target of each project, and what blocks it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from nogilcheck.model.report.report import UNDECIDED
from nogilcheck.model.report.survey import SurveyResult
from nogilcheck.report.ci.csv_table import csv_cell

COLUMNS = ("project", "target", "verdict", "distance", "blockers", "unknowns", "report", "error")


def render(results: Iterable[SurveyResult]) -> str:
    """``distance``: how many distributions block it, as far as is known."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in results:
        if one.error is not None:
            writer.writerow(map(csv_cell, (one.project, "", UNDECIDED, "", "", "yes", "", one.error)))
        for target, found in one.targets.items():
            names = " ".join(blocker.name for blocker in found.blockers)
            unknowns = "yes" if found.unknowns else "no"
            row = (one.project, target, found.verdict, str(len(found.blockers)), names, unknowns, one.report or "", "")
            writer.writerow(map(csv_cell, row))
    return out.getvalue()
