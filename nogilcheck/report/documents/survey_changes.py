"""What changed between two surveys."""

from __future__ import annotations

import json
from collections.abc import Sequence

from nogilcheck.model.json_format.records import to_json
from nogilcheck.model.report.survey import SurveyChange
from nogilcheck.report.words import safe

_NOT_THERE = "not in the survey"


def render_changes(changes: Sequence[SurveyChange], *, output_format: str) -> str:
    """For a terminal a line for each project and target, or JSON."""
    if output_format == "json":
        return json.dumps({"diff_version": "1.0", "changes": [to_json(one) for one in changes]}, indent=2) + "\n"
    lines = [
        f"{safe(one.project)} on {safe(one.target)}: {one.old or _NOT_THERE} -> {one.new or _NOT_THERE}"
        for one in changes
    ]
    return "\n".join(lines or ["nothing changed"]) + "\n"
