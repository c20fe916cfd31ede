"""The least versions of the user's own requirements that fit every target from there on."""

from __future__ import annotations

from enum import StrEnum

from nogilcheck.errors import ExitStatus
from nogilcheck.frozen import frozen


class Support(StrEnum):
    """What the releases of a project have for a target."""

    MADE = "made"
    """Every release from one on has a wheel that is made for the target."""
    PURE = "pure"
    """Every release from one on has a wheel for every build, as those of pure Python are."""
    FALLBACK = "fallback"
    """As ``pure``, and the newest release has compiled wheels that are for other builds."""
    LOST = "lost"
    """The newest release has no wheel that fits, and an older one does."""
    NONE = "none"
    """No final release has a wheel that fits."""


@frozen
class TargetMinimum:
    """What one target needs of a project."""

    target: str
    """``3.14t``; with the platform where there are several."""
    allowed: bool
    """It does not count."""
    support: Support
    version: str | None = None
    """The first that fits, with all after it; of ``lost`` the last that fits, of ``none`` a pre-release that does."""
    uploaded: str | None = None
    """The day (UTC) of its wheels, ``2024-08-18``, where the index tells."""
    yanked: str | None = None
    """The release before ``version`` that would fit and is yanked."""
    earlier: str | None = None
    """The first release that was ever made for the target, where ``gap``, the last before ``version``, does not fit."""
    gap: str | None = None


@frozen
class RequirementMinimum:
    """One requirement of the user's, and the least version of its project."""

    requirement: str
    """As written."""
    specifier: str
    """The versions that it admits (PEP 440); may be empty."""
    path: str
    line: int | None
    ready: str
    """The requirement to put in its place; as it stands where nothing has to change, or nothing helps."""
    minimum: str | None
    """``None``: there is none for all targets that count, or it is not known."""
    targets: tuple[TargetMinimum, ...] = ()
    """Those to which it applies."""
    unknown: str | None = None
    """Why nothing is known, in a sentence."""
    kept_out: str | None = None
    """What keeps out every release that would do, in a sentence."""

    @property
    def exit_status(self) -> ExitStatus:
        """What a run ends with for it alone."""
        if self.unknown is not None:
            return ExitStatus.UNDECIDED
        missing = any(one.support in {Support.LOST, Support.NONE} for one in self.targets if not one.allowed)
        return ExitStatus.BLOCKED if missing or self.kept_out else ExitStatus.READY


@frozen
class Minimums:
    """The answer of ``nogilcheck minimum``."""

    requirements: tuple[RequirementMinimum, ...]
    not_read: tuple[str, ...]
    """What of the inputs could not be read, in sentences with their places."""
    idle: tuple[str, ...]
    """The targets that count and to which no requirement applies."""
    exit_status: ExitStatus
