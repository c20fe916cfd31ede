"""What a plan looks for: for every project the versions that would do, the least change first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from nogilcheck.model.artifact import Fetcher, ProjectPage, ReleaseFile
from nogilcheck.model.target import Target
from nogilcheck.resolve.admission import Admission
from nogilcheck.resolve.candidates import CandidateIndex, ProjectCandidates
from nogilcheck.resolve.versions import specifier_set

WINDOW_RELEASES = 10
"""Releases of one project that fit and are tried, the newest ones."""

WINDOW_MONTHS = 12
"""How much older than the version of today a release may be, by its upload."""

_DAYS_OF_MONTH = 30.44


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """How far a plan looks."""

    releases: int = WINDOW_RELEASES
    months: int = WINDOW_MONTHS


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """The versions that fit a target, and those of today."""

    target: Target
    fits: Callable[[Sequence[ReleaseFile]], bool]
    """Whether a wheel among the files of one version is for the target."""
    sources: Set[str]
    """Projects of which an sdist does as well: that of the version of today holds no compiled code."""
    today: Mapping[str, Version]
    """What the ordinary resolution chose, by project."""
    sound: Set[str]
    """Projects whose version of today may stay."""
    own: Mapping[str, str]
    """What the user says of a project: specifiers, merged."""
    window: Window = field(default_factory=Window)


class GoalCandidates(ProjectCandidates):
    """A project's versions that would do. One that stays blocked (`GoalIndex.kept`) offers the others after them."""

    def __init__(
        self,
        page: ProjectPage,
        build: Target,
        admission: Admission,
        fetcher: Fetcher | None,
        *,
        pre: bool,
        goal: Goal,
        kept: Set[str],
    ) -> None:
        super().__init__(page, build, admission, fetcher, pre=pre)
        self._goal = goal
        self._kept = kept
        self._domain: list[Version] | None = None
        self._wants_pre = pre

    @property
    def domain(self) -> Sequence[Version]:
        """The versions within the window that fit, in the order in which they are tried.

        The version of today first where it may stay, then what the user's own words admit; newest first.
        """
        if self._domain is None:
            own = specifier_set(self._goal.own.get(self.page.name, ""))
            found = list(self._fitting())
            today = self._goal.today.get(self.page.name)
            found.sort(key=lambda version: (version != today, not own.contains(version, prereleases=True)))
            self._domain = found
        return self._domain

    @property
    def options(self) -> Sequence[Version]:
        """`domain`, and the version of today where the project stays blocked."""
        today = self._goal.today.get(self.page.name)
        if self.page.name in self._kept and today is not None and today not in self.domain:
            return (today, *self.domain)
        return self.domain

    def matching(self, specifiers: SpecifierSet, *, pinned: bool) -> Iterator[Version]:
        """Versions to try: those of `domain`; of a project that stays blocked every other one too."""
        offered = [version for version in self.options if specifiers.contains(version, prereleases=True)]
        yield from (version for version in offered if not self._metadata_excludes(version))
        if self.page.name in self._kept:
            yield from (version for version in super().matching(specifiers, pinned=pinned) if version not in offered)

    def _fitting(self) -> Iterator[Version]:
        """Newest first."""
        name, today = self.page.name, self._goal.today.get(self.page.name)
        oldest = self._oldest(today)
        found = 0
        for version in self.page.versions:
            if version == today:
                if name in self._goal.sound:
                    yield version
                continue
            if found >= self._goal.window.releases or self._is_unasked(version, today):
                continue
            if today is not None and version < today and oldest is not None and self._uploaded(version) < oldest:
                continue
            if self._may_fit(version):
                found += 1
                yield version

    def _is_unasked(self, version: Version, today: Version | None) -> bool:
        """Whether it is a pre-release and nobody asked for one."""
        return version.is_prerelease and not self._wants_pre and not (today is not None and today.is_prerelease)

    def _may_fit(self, version: Version) -> bool:
        if self.page.name not in self._goal.sources:
            # Most versions of a blocked project are passed over here, before their files are taken apart.
            if not any(map(self._goal.target.best_tag, self.page.wheel_tags(version))):
                return False
            if not self._goal.fits(self.admitted(version)):
                return False
        best = self.best(version)
        return best is not None and not best.yanked

    def _oldest(self, today: Version | None) -> str | None:
        """The earliest upload that is within the window; ``None`` where the index gives no times."""
        moment = self._uploaded(today) if today is not None else ""
        if not moment:
            return None
        try:
            start = datetime.fromisoformat(moment[:10]) - timedelta(days=self._goal.window.months * _DAYS_OF_MONTH)
        except (ValueError, OverflowError):
            return None
        return start.date().isoformat()

    def _uploaded(self, version: Version) -> str:
        return max((file.upload_time or "" for file in self.page.files(version)), default="")


class GoalIndex(CandidateIndex):
    """Every project's candidates as a plan sees them."""

    def __init__(
        self,
        fetcher: Fetcher,
        build: Target,
        admission: Admission,
        *,
        pre: bool,
        links: Mapping[str, str] | None = None,
        goal: Goal,
        kept: Set[str],
    ) -> None:
        """``kept``: projects that stay blocked; it may grow from attempt to attempt."""
        super().__init__(fetcher, build, admission, pre=pre, links=links)
        self._goal = goal
        self._kept = kept

    def _offered(self, page: ProjectPage) -> ProjectCandidates:
        return GoalCandidates(
            page, self._build, self.admission, self._fetcher, pre=self._pre, goal=self._goal, kept=self._kept
        )
