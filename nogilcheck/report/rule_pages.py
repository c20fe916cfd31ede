"""The pages of rules: as the help of a SARIF rule, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from nogilcheck.errors import ExitStatus
from nogilcheck.model.rules.rule import Rule
from nogilcheck.model.verdict import Severity

COUNTS_AS: Final = {
    Severity.BLOCKER: "blocker: exit status 1",
    Severity.WARNING: "warning: never fails a check",
    Severity.GAP: "unknown: exit status 3",
}
_UNUSABLE: Final = "unknown, because the input is wrong: exit status 2"


def counts_as(page: Rule) -> str:
    """How much the rule counts, and what a run ends with for it alone, where no policy says otherwise."""
    return _UNUSABLE if page.unusable else COUNTS_AS[page.severity]


def as_json(pages: Rule | Sequence[Rule]) -> str:
    """A rule as an object, or several as an array; prose in Markdown, ``exit_status`` that of a run with it alone."""
    told = _facts(pages) if isinstance(pages, Rule) else [_facts(page) for page in pages]
    return json.dumps(told, indent=2, ensure_ascii=True) + "\n"


def _facts(page: Rule) -> dict[str, str | int]:
    status = {
        Severity.BLOCKER: ExitStatus.BLOCKED,
        Severity.WARNING: ExitStatus.READY,
        Severity.GAP: ExitStatus.UNUSABLE if page.unusable else ExitStatus.UNDECIDED,
    }
    return {
        "code": page.code,
        "name": page.name,
        "severity": page.severity.value,
        "exit_status": int(status[page.severity]),
        "meaning": page.meaning,
        "detail": page.detail,
        "example": page.example,
        "remedy": page.remedy,
    }


def anchor(page: Rule) -> str:
    """The anchor that code hosts give to the heading of the page."""
    return f"{page.code.lower()}-{page.name}"


def help_text(page: Rule) -> str:
    """The page of a rule as plain text, for SARIF readers without Markdown."""
    return f"{page.meaning} {page.detail}\n\nExample: {page.example}\n\nRemedy: {page.remedy}\n"


def help_markdown(page: Rule) -> str:
    """What a code host shows beside an alert."""
    return (
        f"{page.meaning} *Counts as {counts_as(page)}.*\n\n{page.detail}\n\n"
        f"**Example.** {page.example}\n\n**Remedy.** {page.remedy}\n"
    )
