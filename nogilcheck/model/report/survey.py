"""A survey: what the checks of many projects came to, one line for each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from nogilcheck.errors import ExitStatus
from nogilcheck.model.report.report import Outcome

SURVEY_VERSION = "1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyProject:
    """A project that was found, or named."""

    name: str
    """The path or the requirement as it is shown; without credentials, and unique in a survey."""
    inputs: tuple[str, ...]
    """What a check of it is given; empty where ``saved`` holds."""
    saved: str | None = None
    """The path of its JSON report, which exists already."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyTarget:
    """What one target of a project came to, before policy."""

    label: str
    """``3.14t on linux-x86_64``."""
    verdict: Outcome
    allowed: bool
    blockers: tuple[SurveyBlocker, ...]
    """Each distribution once, sorted by name."""
    unknowns: bool
    """Something could not be known, so that more may block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyResult:
    """One project of a survey."""

    project: str
    """`SurveyProject.name`."""
    report: str | None
    """The file of its JSON report, relative to the directory of the survey; ``None`` where the check failed."""
    error: str | None
    """Why there is no report, in a sentence."""
    choice: tuple[str, ...] = ()
    """Which files were read, and which were passed over."""
    targets: Mapping[str, SurveyTarget] = field(default_factory=dict)
    """By target id; empty where the check failed."""


@dataclass(slots=True)
class BlockerRank:
    """One blocker on one target, over all projects."""

    name: str
    holds: int = 0
    """Projects that it blocks."""
    alone: int = 0
    """Projects that would be ready if only this were fixed: nothing else blocks them, and nothing is unknown."""
    statuses: Counter[str] = field(default_factory=Counter)
    fixes: Counter[str] = field(default_factory=Counter)
    """The best advice of each project that has any."""
    link: str | None = None
    example: str = ""
    """One of the projects."""


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
    """What the survey says about one target. Its size grows with what blocks, not with what was found in projects."""

    id: str
    label: str
    ready: list[str] = field(default_factory=list)
    blocked: int = 0
    unknown: list[str] = field(default_factory=list)
    """Projects without a blocker of which something could not be known, failed ones among them."""
    unfreeable: int = 0
    """Blocked projects of which something is unknown as well: no set of fixes is known to free them."""
    allowed: bool = True
    ranks: dict[str, BlockerRank] = field(default_factory=dict)
    distance: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    """How many blockers there are -> the projects that have so many, unknowns aside."""
    sets: Counter[frozenset[str]] = field(default_factory=Counter)
    """The blockers of projects that fixes can free -> how many projects have exactly those."""
    fix_sets: tuple[FixSet, ...] = ()
    """For 50, 80 and 100 % of the projects that fixes can free."""

    @property
    def by_hold(self) -> list[BlockerRank]:
        """Those that hold the most projects first."""
        return sorted(self.ranks.values(), key=lambda rank: (-rank.holds, -rank.alone, rank.name))


@dataclass(slots=True)
class SurveyAnswer:
    """The answers for every target, and what ended otherwise."""

    projects: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    """Projects that could not be checked, and why."""
    targets: dict[str, TargetAnswer] = field(default_factory=dict)
    outcomes: dict[str, dict[str, str]] = field(default_factory=dict)
    """Project -> target -> verdict; for the comparison of two surveys."""

    @property
    def exit_status(self) -> int:
        """1 where a project is blocked on a target that counts, else 3 where anything is unknown or failed, else 0."""
        counted = [target for target in self.targets.values() if not target.allowed]
        if any(target.blocked for target in counted):
            return ExitStatus.BLOCKED
        if self.failed or any(target.unknown for target in counted) or not self.targets:
            return ExitStatus.UNDECIDED
        return ExitStatus.READY


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyChange:
    """A project of which a target came out otherwise; an empty verdict: it was not there."""

    project: str
    target: str
    old: str
    new: str
