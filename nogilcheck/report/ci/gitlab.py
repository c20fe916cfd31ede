"""GitLab's code quality report.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
from typing import Final

from nogilcheck.model.report.report import Report
from nogilcheck.model.verdict import Severity
from nogilcheck.report.ci.repository_paths import file_of
from nogilcheck.report.entries import ReportEntry, digest, entries
from nogilcheck.report.words import safe

_SEVERITIES: Final = {Severity.BLOCKER: "blocker", Severity.GAP: "major", Severity.WARNING: "minor"}
_WATCHED: Final = "info"
_NO_FILE: Final = "command line"
"""The path of what was named on the command line: GitLab wants one of everything."""


def render(report: Report, *, prefix: str = "") -> str:
    """A JSON array, an entry for each finding on each target; nothing that a waiver or a baseline keeps from counting.

    ``prefix`` leads from the root of the repository to the working directory.
    """
    found = [_entry(entry, report, prefix) for entry in entries(report) if entry.suppressed_by is None]
    return json.dumps(found, indent=2) + "\n"


def _entry(entry: ReportEntry, report: Report, prefix: str) -> dict[str, object]:
    path, line = file_of(entry.location, report, prefix) or (_NO_FILE, None)
    return {
        "description": safe(entry.message),
        "check_name": safe(entry.rule),
        "fingerprint": digest(entry.fingerprint),
        "severity": _WATCHED if entry.allowed else _SEVERITIES.get(entry.severity, _WATCHED),
        "location": {"path": path, "lines": {"begin": line or 1}},
    }
