"""What a rule is: one kind of finding or gap, with everything that is said about it."""

from __future__ import annotations

from typing import NamedTuple

from nogilcheck.model.report.finding import AdviceKind
from nogilcheck.model.verdict import Severity


class Rule(NamedTuple):
    """One rule. In its prose, back quotes stand around code.

    A named tuple, because it is made faster than a dataclass: a replayed report with blockers waits for it.
    """

    code: str
    """``NGC0xx`` for blockers, ``NGC1xx`` warnings, ``NGC2xx`` gaps, ``NGC3xx`` inspections; never given twice."""
    name: str
    """A status (`Status`), or the name of a finding or gap without a status."""
    severity: Severity
    meaning: str
    """One sentence."""
    detail: str
    """What it means for the user, in a few sentences."""
    example: str
    remedy: str
    unusable: bool = False
    """The input itself is at fault: exit status 2 rather than 3."""
    word: str = ""
    """What tables and charts call it; empty: its name, with spaces."""
    sign: str = ""
    """Its letter in a matrix, a capital for a blocker; empty: whichever is free."""
    says: str = ""
    """What a finding without a status says, as a `str.format` string: ``{0}`` is the first item of `Finding.detail`,
    ``{all}`` and ``{listed}`` are all of them, with commas and as a list. Empty: the word and the detail."""
    advice: AdviceKind | None = None
    """The next step for a finding without a status."""
    advice_text: str = ""
    """The step in a sentence without a full stop; with ``{extra}``, one for each extra that is missing."""

    @property
    def short(self) -> str:
        """What tables and charts call it."""
        return self.word or self.name.replace("-", " ")
