"""What a rule is: one kind of finding or gap, with everything that is said about it."""

from __future__ import annotations

from dataclasses import dataclass

from nogilcheck.model.report.finding import AdviceKind
from nogilcheck.model.verdict import Severity


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """One rule. In its prose, back quotes stand around code."""

    code: str
    """``NGC0xx`` for blockers, ``NGC1xx`` warnings, ``NGC2xx`` gaps, ``NGC3xx`` inspections; never given twice."""
    name: str
    """A status (`Status`), or the name of a finding or gap without a status."""
    severity: Severity
    unusable: bool = False
    """The input itself is at fault: exit status 2 rather than 3."""
    word: str = ""
    """How tables and charts call it; empty: by its name, with spaces."""
    sign: str = ""
    """Its letter in a matrix, a capital for a blocker; empty: whichever is free."""
    meaning: str
    """One sentence."""
    says: str = ""
    """What a finding without a status says, as a `str.format` string: ``{0}`` is the first item of `Finding.detail`,
    ``{all}`` and ``{listed}`` are all of them, with commas and as a list. Empty: the word and the detail."""
    advice: AdviceKind | None = None
    """The next step for a finding without a status."""
    advice_text: str = ""
    """The step in a sentence without a full stop; with ``{extra}``, one for each extra that is missing."""
    detail: str
    """What it means for the user, in a few sentences."""
    example: str
    remedy: str

    @property
    def short(self) -> str:
        """How tables and charts call it."""
        return self.word or self.name.replace("-", " ")
