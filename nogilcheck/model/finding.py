"""What a report says about a distribution, and what it could not find out."""

from __future__ import annotations

from dataclasses import dataclass

from nogilcheck.model.source import Location
from nogilcheck.model.verdict import Cause, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One edge of a path, named after the distribution it leads to."""

    name: str
    version: str | None
    specifier: str = ""
    extra: str | None = None
    """The extra of the distribution before it that brings it in."""
    marker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A chain from a requirement the user wrote to a distribution."""

    root: int
    """Position in `Report.roots`."""
    steps: tuple[Step, ...]
    """The first step is the distribution that the root asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A next step computed from the index."""

    kind: str
    project: str
    version: str | None = None
    held_back_by: str | None = None
    verified: bool = False
    """True only when a second resolution proved it."""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule that holds for one distribution on one target."""

    rule: str
    """``NGC###``; see `nogilcheck.judge.rules`."""
    status: str
    """The rule's name: the distribution's status, or one of the findings without a status."""
    severity: Severity
    cause: Cause | None = None
    target: str
    """`Target.id`."""
    distribution: str
    version: str | None
    paths: tuple[Path, ...] = ()
    """Shortest first, one for each root line that leads here."""
    location: Location | None = None
    """Where the shortest path starts."""
    advice: tuple[Advice, ...] = ()
    detail: tuple[str, ...] = ()
    """Data of findings without a status: for ``held-back`` the newer version and what holds it back."""
    suppressed_by: str | None = None
    """What keeps it from counting, in words: ``waived until 2027-01-31: no release yet``."""
    fingerprint: str = ""
    """Stable across releases of the distribution: rule family, target family and project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something that could not be known. Never ends in exit status 0 unless allowed by name."""

    rule: str
    text: str
    """What could not be known and why, in a sentence; no credentials."""
    distribution: str | None = None
    target: str | None = None
    """`Target.id`; ``None`` when it concerns every target."""
    location: Location | None = None
    suppressed_by: str | None = None
    """As for a finding."""
