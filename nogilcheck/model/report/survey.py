"""A survey: what the checks of many projects came to, one line for each, and the answers made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Final, NamedTuple

from nogilcheck.errors import ExitStatus
from nogilcheck.frozen import frozen
from nogilcheck.model.report.report import BLOCKED, UNDECIDED, Outcome

SURVEY_VERSION: Final = "1.1"


@frozen
class SurveyBlocker:
    """Something that blocks a target of a project."""

    name: str
    """The distribution, or ``its own Requires-Python: PROJECT``."""
    version: str | None
    status: str
    """The name of the rule."""
    link: str | None
    """The page of the distribution."""
    fix: str
    """The best advice of the report in a sentence; empty where it has none."""
    known: tuple[str, ...] = ()
    """What the ledger says of it, in sentences without a full stop."""
    track: tuple[str, ...] = ()
    """URLs of the issues to follow."""


@frozen
class SurveyTarget:
    """What one target of a project came to, before policy."""

    label: str
    """``3.14t on linux-x86_64``."""
    allowed: bool
    blockers: tuple[SurveyBlocker, ...] = ()
    """Each distribution once, sorted by name."""
    unknowns: tuple[str, ...] = ()
    """What could not be known, so that more may block, in sentences."""
    verdict: Outcome
    """Ready only where there is neither."""


@frozen
class SurveyResult:
    """One project of a survey."""

    project: str
    """The path or the requirement as it is shown; without credentials, and unique in a survey."""
    report: str | None
    """The file of its JSON report, relative to the directory of the survey; ``None`` where the check failed."""
    error: str | None
    """Why there is no report, in a sentence."""
    choice: tuple[str, ...] = ()
    """Which files were chosen where there were others, and which those are, in sentences."""
    rests_on: Mapping[str, str] | None = None
    """Absolute path -> digest of the sizes and times of what is there: the same while nothing has changed, and empty
    where there is nothing. ``None`` where a change would not be noticed: a survey that goes on checks it anew."""
    targets: Mapping[str, SurveyTarget] = field(default_factory=dict)
    """By target id; empty where the check failed."""


class BlockerRank(NamedTuple):
    """One blocker on one target, over all projects."""

    name: str
    holds: dict[str, SurveyBlocker]
    """The projects that it blocks, sorted, and how."""
    alone: int
    """Those that would be ready if only this were fixed: nothing else blocks them, and nothing is unknown."""


class FixSet(NamedTuple):
    """Fixes that free a share of the projects that fixes can free; chosen greedily, so a smaller set may exist."""

    share: int
    """Per cent, at least."""
    names: tuple[str, ...]
    freed: int
    """Projects."""


class TargetAnswer(NamedTuple):
    """What the survey says about one target."""

    label: str
    allowed: bool
    projects: dict[str, SurveyTarget]
    """Every project of the survey, sorted by name."""
    ranks: tuple[BlockerRank, ...]
    """Those that hold the most projects first."""
    fix_sets: tuple[FixSet, ...]
    """For 50, 80 and 100 % of the projects that fixes can free; one that does for several is there once."""

    def having(self, verdict: str) -> list[str]:
        """The projects that came out so."""
        return [name for name, found in self.projects.items() if found.verdict == verdict]


class SurveyAnswer(NamedTuple):
    """The answers for every target."""

    projects: dict[str, SurveyResult]
    """By name, sorted; without their targets."""
    targets: dict[str, TargetAnswer]

    @property
    def failed(self) -> dict[str, str]:
        """Projects that could not be checked -> why; unknown on every target."""
        return {name: one.error for name, one in self.projects.items() if one.error is not None}

    @property
    def exit_status(self) -> int:
        """1 where a project is blocked on a target that counts, else 3 where anything is unknown or failed, else 0."""
        counted = [target for target in self.targets.values() if not target.allowed]
        if any(target.having(BLOCKED) for target in counted):
            return ExitStatus.BLOCKED
        unknown = self.failed or not self.targets or any(target.having(UNDECIDED) for target in counted)
        return ExitStatus.UNDECIDED if unknown else ExitStatus.READY


class SurveyChange(NamedTuple):
    """A project of which a target came out otherwise; an empty verdict: it was not there."""

    project: str
    target: str
    old: str
    new: str
