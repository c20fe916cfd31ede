"""One finding a line, in the shape of compilers, for the error formats of editors and for agents.

``requirements.txt:4: error: NGC006 grpcio 1.85.3: GIL-only on 3.14t, 3.15t; fix: drop grpcio``
"""

from __future__ import annotations

from nogilcheck.model.inspection import Inspection
from nogilcheck.model.report.report import Report
from nogilcheck.model.verdict import Severity
from nogilcheck.report.entries import ReportEntry, entries, target_name
from nogilcheck.report.rows import place
from nogilcheck.report.words import safe

_LEVELS = {Severity.BLOCKER: "error", Severity.GAP: "error", Severity.WARNING: "warning", Severity.READY: "note"}


def render(report: Report) -> str:
    """The findings and unknowns that count, by file and line; those that are alike on several targets once.

    What is on a target that is only allowed is a note. What has no place in a file begins with the tool's name.
    """
    alike: dict[tuple[str, ...], list[str]] = {}
    found = [entry for entry in entries(report) if entry.suppressed_by is None]
    for entry in sorted(found, key=_position):
        on = alike.setdefault(_parts(entry), [])
        on += (target_name(target, report.targets) for target in entry.targets if entry.distribution)
    return "".join(_line(*parts, on=on) for parts, on in alike.items())


def render_inspection(found: Inspection) -> str:
    """The findings of an inspection, in its order."""
    return "".join(
        _line(one.path, _LEVELS[finding.severity], finding.rule, finding.text, ", ".join(finding.modules), on=[])
        for one in found.artifacts
        for finding in one.findings
    )


def _position(entry: ReportEntry) -> tuple[str, int]:
    return (entry.location.path, entry.location.line or 0) if entry.location else ("", 0)


def _parts(entry: ReportEntry) -> tuple[str, str, str, str, str]:
    where = place(entry.location) if entry.location else ""
    level = "note" if entry.allowed else _LEVELS[entry.severity]
    status = f"{entry.subject}: {entry.word}" if entry.subject and entry.word else entry.headline
    rest = f"fix: {entry.remarks[0]}" if entry.remarks else entry.why
    return where or "nogilcheck", level, entry.rule, status, rest


def _line(where: str, level: str, rule: str, status: str, rest: str, *, on: list[str]) -> str:
    targets = f" on {', '.join(dict.fromkeys(on))}" if on else ""
    return safe(f"{where}: {level}: {rule} {status}{targets}{f'; {rest}' if rest else ''}") + "\n"
