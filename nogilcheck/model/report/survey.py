"""A survey: what the checks of many projects came to, one line for each, and the answers made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from nogilcheck.errors import ExitStatus
from nogilcheck.model.report.report import BLOCKED, UNDECIDED, Outcome

SURVEY_VERSION: Final = "1.1"


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyTarget:
    """What one target of a project came to, before policy."""

    label: str
    """``3.14t on linux-x86_64``."""
    verdict: Outcome
    allowed: bool
    blockers: tuple[SurveyBlocker, ...]
    """Each distribution once, sorted by name."""
    unknowns: tuple[str, ...]
    """What could not be known, so that more may block, in sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
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
    rests_on: Mapping[str, str] = field(default_factory=dict)
    """Absolute path -> digest of the sizes and times of what is there: the same while nothing has changed."""
    targets: Mapping[str, SurveyTarget] = field(default_factory=dict)
    """By target id; empty where the check failed."""


@dataclass(slots=True)
class BlockerRank:
    """One blocker on one target, over all projects."""

    name: str
    alone: int = 0
    """Projects that would be ready if only this were fixed: nothing else blocks them, and nothing is unknown."""
    holds: dict[str, SurveyBlocker] = field(default_factory=dict)
    """The projects that it blocks, and how; equal values are one object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FixSet:
    """Fixes that free a share of the projects that fixes can free; chosen greedily, so a smaller set may exist."""

    share: int
    """Per cent, at least."""
    names: tuple[str, ...]
    freed: int
    """Projects."""


@dataclass(slots=True)
class TargetAnswer:
    """What the survey says about one target. Every project has a verdict."""

    label: str
    allowed: bool = True
    verdicts: dict[str, Outcome] = field(default_factory=dict)
    blockers: dict[str, frozenset[str]] = field(default_factory=dict)
    """Project -> the names of what blocks it."""
    unknowns: dict[str, str] = field(default_factory=dict)
    """Project, perhaps a blocked one -> the first thing that could not be known."""
    ranks: list[BlockerRank] = field(default_factory=list)
    """Those that hold the most projects first."""
    fix_sets: tuple[FixSet, ...] = ()
    """For 50, 80 and 100 % of the projects that fixes can free; one that does for several is there once."""

    def having(self, verdict: str) -> list[str]:
        """The projects that came out so, sorted."""
        return sorted(project for project, found in self.verdicts.items() if found == verdict)

    @property
    def freeable(self) -> list[str]:
        """Blocked projects of which nothing is unknown, so that fixes are known to free them."""
        return [project for project in self.blockers if project not in self.unknowns]


@dataclass(slots=True)
class SurveyAnswer:
    """The answers for every target."""

    projects: dict[str, SurveyResult] = field(default_factory=dict)
    """By name, without their targets."""
    targets: dict[str, TargetAnswer] = field(default_factory=dict)

    @property
    def failed(self) -> dict[str, str]:
        """Projects that could not be checked -> why; unknown on every target."""
        return {name: one.error for name, one in sorted(self.projects.items()) if one.error is not None}

    @property
    def exit_status(self) -> int:
        """1 where a project is blocked on a target that counts, else 3 where anything is unknown or failed, else 0."""
        verdicts = {one for target in self.targets.values() if not target.allowed for one in target.verdicts.values()}
        if BLOCKED in verdicts:
            return ExitStatus.BLOCKED
        return ExitStatus.UNDECIDED if UNDECIDED in verdicts or self.failed or not self.targets else ExitStatus.READY


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyChange:
    """A project of which a target came out otherwise; an empty verdict: it was not there."""

    project: str
    target: str
    old: str
    new: str
