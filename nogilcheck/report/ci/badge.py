"""A badge as shields.io draws it from an endpoint (https://shields.io/badges/endpoint-badge)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from nogilcheck.model.report.report import BLOCKED, READY, UNDECIDED, Report, TargetSummary
from nogilcheck.model.verdict import Severity
from nogilcheck.report.words import counted, safe

LABEL: Final = "free-threaded"
MAX_MESSAGE: Final = 120
"""Characters, beyond which a badge is no badge."""

_COLOURS: Final = {READY: "brightgreen", UNDECIDED: "lightgrey", BLOCKED: "red"}
_PARTLY: Final = "yellow"
"""Some targets are ready."""


def render(report: Report) -> str:
    """``3.14t ready, 3.15t 2 blockers``: each Python with what blocks it on any platform."""
    pythons: dict[str, list[TargetSummary]] = {}
    for target in report.targets:
        pythons.setdefault(target.python_name, []).append(target)
    said = [f"{python} {_said(report, targets)}" for python, targets in pythons.items()]
    message = safe(", ".join(said)) or "nothing checked"
    verdicts = {target.verdict for target in report.targets}
    badge = {
        "schemaVersion": 1,
        "label": LABEL,
        "message": message if len(message) <= MAX_MESSAGE else f"{message[: MAX_MESSAGE - 1]}…",
        "color": _PARTLY if READY in verdicts and len(verdicts) > 1 else _COLOURS[_worst(report.targets)],
    }
    return json.dumps(badge, indent=2) + "\n"


def _said(report: Report, targets: Sequence[TargetSummary]) -> str:
    ids = {target.id for target in targets}
    blockers = [f for f in report.findings if f.target in ids and f.severity is Severity.BLOCKER]
    counting = {finding.distribution for finding in blockers if finding.suppressed_by is None}
    if counting:
        return counted(len(counting), "blocker")
    if blockers:
        return f"{len({finding.distribution for finding in blockers})} ignored"
    return {READY: "ready", BLOCKED: "blocked"}.get(_worst(targets), "unknown")


def _worst(targets: Sequence[TargetSummary]) -> str:
    verdicts = {target.verdict for target in targets}
    return BLOCKED if BLOCKED in verdicts else READY if verdicts == {READY} else UNDECIDED
