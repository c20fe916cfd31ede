"""The policy: which findings and gaps count. It is not part of `Options`, so that a cached report serves any policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date

from nogilcheck.frozen import frozen
from nogilcheck.model.options import DEFAULT_FAIL_WORDS
from nogilcheck.model.source import Location

NEVER, NEW, BLOCKER, WARNING, UNKNOWN = "never", "new", "blocker", "warning", "unknown"

CAUSES = ("free-threading", "python", "source", "lock")

KNOWN_PROBLEM = "known-problem"
"""A rule's name as well: it is a warning, and fails a run where this word is given."""

FAIL_WORDS = (BLOCKER, *CAUSES, WARNING, KNOWN_PROBLEM, UNKNOWN, NEW, NEVER)
"""What ``--fail-on`` takes."""

OFF = "off"

SEVERITY_WORDS = (BLOCKER, WARNING, OFF)
"""The severities that a rule may be given."""


@frozen
class FailOn:
    """Which findings fail a run: `FAIL_WORDS` for what the user requires, and for what that brings in."""

    direct: frozenset[str] = frozenset(DEFAULT_FAIL_WORDS)
    transitive: frozenset[str] = frozenset(DEFAULT_FAIL_WORDS)

    @property
    def both(self) -> tuple[frozenset[str], frozenset[str]]:
        """The words of either."""
        return self.direct, self.transitive


@frozen
class Ignore:
    """A project, a rule or both that is ignored in one run; ``None`` stands for any."""

    distribution: str | None = None
    """Normalized (PEP 503)."""
    rule: str | None = None
    """``NGC###``."""
    text: str
    """The value as typed."""


@frozen
class Waiver:
    """A finding that is suppressed until some day, and why."""

    distribution: str | None = None
    """Normalized (PEP 503); ``None``: any."""
    specifier: str = ""
    """The versions (PEP 440) that it is for; empty: all."""
    rule: str | None = None
    """``NGC###``; ``None``: whatever would fail the run."""
    targets: tuple[str, ...] = ()
    """Target ids, Pythons (``3.15t``) or platforms; empty: all."""
    reason: str
    expires: date | None = None
    """The last day on which it holds, UTC."""
    until_fixed: bool = False
    """It holds until a release of the project fits."""
    location: Location

    @property
    def subject(self) -> str:
        """The subject of the waiver: ``grpcio<2``, ``NGC006 of grpcio``."""
        name = f"{self.distribution}{self.specifier}" if self.distribution else ""
        return " of ".join(filter(None, (self.rule, name)))


@frozen
class Baseline:
    """The blockers that were there when the baseline was written."""

    path: str
    """As the user would type it."""
    targets: frozenset[str] = frozenset()
    """Target families (`Target.family_id`) that it covers."""
    fingerprints: frozenset[str] = frozenset()
    """`Finding.fingerprint`."""


@frozen
class Policy:
    """What fails a run, which severities rules have, and what is ignored, waived or in the baseline."""

    fail_on: FailOn = FailOn()
    severity: Mapping[str, str] = field(default_factory=dict)
    """``NGC###`` -> one of `SEVERITY_WORDS`."""
    ignores: tuple[Ignore, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    baseline: Baseline | None = None
