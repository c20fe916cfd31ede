"""The rules by code and by name, and what a status amounts to. A new rule is a record in one of the modules beside."""

from __future__ import annotations

from nogilcheck.model.rules.blockers import BLOCKERS
from nogilcheck.model.rules.gaps import GAPS
from nogilcheck.model.rules.inspections import INSPECTIONS
from nogilcheck.model.rules.warnings import WARNINGS
from nogilcheck.model.verdict import READY_STATUSES, Severity, Status

RULES = (*BLOCKERS, *WARNINGS, *GAPS)
"""Those of a check, in the order of their codes."""

ALL_RULES = (*RULES, *INSPECTIONS)

BY_NAME = {rule.name: rule for rule in ALL_RULES}
BY_CODE = {rule.code: rule for rule in ALL_RULES}


def severity_of(status: Status) -> Severity:
    """How much a status counts."""
    return Severity.READY if status in READY_STATUSES else BY_NAME[status].severity
