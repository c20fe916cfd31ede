"""A survey as CSV, and what changed between two of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from nogilcheck.model.report.report import UNDECIDED
from nogilcheck.model.report.survey import SurveyAnswer, SurveyChange
from nogilcheck.report.ci.csv_table import csv_text
from nogilcheck.report.words import safe

COLUMNS = ("project", "target", "verdict", "distance", "blockers", "unknown", "report", "error")
_NOT_THERE = "not in the survey"


def render_csv(answer: SurveyAnswer) -> str:
    """A line for each target of each project. ``distance``: how many distributions block it, as far as is known."""
    return csv_text(COLUMNS, _rows(answer))


def _rows(answer: SurveyAnswer) -> Iterator[tuple[str, ...]]:
    for project, found in answer.projects.items():
        for id_, target in answer.targets.items():
            one = target.projects[project]
            names = "; ".join(blocker.name for blocker in one.blockers)
            told = (one.verdict, str(len(one.blockers)), names, "; ".join(one.unknowns))
            yield project, id_, *told, found.report or "", found.error or ""
        if not answer.targets:
            yield project, "", UNDECIDED, "", "", "", "", found.error or ""


def render_changes(changes: Sequence[SurveyChange], *, output_format: str) -> str:
    """For a terminal a line for each project and target, or JSON."""
    if output_format == "json":
        return json.dumps({"diff_version": "1.0", "changes": [one._asdict() for one in changes]}, indent=2) + "\n"
    lines = [
        f"{safe(one.project)} on {safe(one.target)}: {one.old or _NOT_THERE} -> {one.new or _NOT_THERE}"
        for one in changes
    ]
    return "\n".join(lines or ["nothing changed"]) + "\n"
