"""What there is to say about a rule, for people."""

from __future__ import annotations

from dataclasses import dataclass

from nogilcheck.model.verdict import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePage:
    """A rule with its prose: plain text, in which back quotes stand around what is typed or read as it is."""

    code: str
    """``NGC###``."""
    name: str
    severity: Severity
    unusable: bool = False
    """The input itself is at fault: exit status 2."""
    meaning: str
    """One sentence."""
    detail: str
    """What it means for the user, in a few sentences."""
    example: str
    remedy: str
