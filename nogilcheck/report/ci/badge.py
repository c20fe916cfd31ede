"""A badge as shields.io draws it from an endpoint (https://shields.io/badges/endpoint-badge)."""

from __future__ import annotations

import json
from typing import Final

from nogilcheck.model.report.report import BLOCKED, READY, UNDECIDED, Report
from nogilcheck.report.words import of_pythons, safe, worst

LABEL: Final = "free-threaded"
MAX_MESSAGE: Final = 120
"""Characters, beyond which a badge is no badge."""

_COLOURS: Final = {READY: "brightgreen", UNDECIDED: "lightgrey", BLOCKED: "red"}
_PARTLY: Final = "yellow"
"""Some targets are ready."""


def render(report: Report) -> str:
    """``3.14t ready, 3.15t 2 blockers``: each Python with what blocks it on any platform."""
    message = safe(", ".join(map(" ".join, of_pythons(report)))) or "nothing checked"
    verdicts = {target.verdict for target in report.targets}
    badge = {
        "schemaVersion": 1,
        "label": LABEL,
        "message": message if len(message) <= MAX_MESSAGE else f"{message[: MAX_MESSAGE - 1]}…",
        "color": _PARTLY if READY in verdicts and len(verdicts) > 1 else _COLOURS[worst(report.targets)],
    }
    return json.dumps(badge, indent=2) + "\n"
