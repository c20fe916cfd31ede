"""The goal of a plan: for every project the versions that would do, the smallest change first."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import islice

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from nogilcheck.frozen import frozen
from nogilcheck.model.artifact import Fetcher, Metadata, ProjectPage, ReleaseFile
from nogilcheck.model.target import Target
from nogilcheck.resolve.admission import Admission
from nogilcheck.resolve.plan.loosened_problem import permits
from nogilcheck.resolve.versions import specifier_set
from nogilcheck.resolve.walk.kept_candidates import Remembered
from nogilcheck.resolve.walk.project_candidates import Counted, ProjectCandidates
from nogilcheck.resolve.walk.target_metadata import own_wheel, target_wheel

WINDOW_RELEASES = 10
"""Releases of one project that are tried: the newest that fit, among those that its requirements permit."""

WINDOW_MONTHS = 12
"""How much older than the version of today a release may be, by its upload."""

READ_TOGETHER = 10
"""Versions whose metadata is prefetched once a second one is looked at."""


class Prefer(StrEnum):
    """Which of the releases that fit is taken."""

    SMALLEST = "smallest"
    """The one nearest to today's version; a cap is raised just as far as it takes."""
    NEWEST = "newest"
    """The newest; a cap goes."""


_DAYS_OF_MONTH = 30.44


@frozen
class Window:
    """The limits of a plan: releases of each project, and how many months older than today's version they may be."""

    releases: int = WINDOW_RELEASES
    months: int = WINDOW_MONTHS
    prefer: Prefer = Prefer.SMALLEST


@frozen
class Goal:
    """What is wanted for a target, and what it gets today."""

    target: Target
    fits: Callable[[Sequence[ReleaseFile]], bool]
    """Whether a wheel among the files of one version is for the target."""
    sources: Set[str]
    """Projects for which an sdist will do as well: that of today's version holds no compiled code."""
    today: Mapping[str, Version]
    """The versions that the ordinary resolution chose, by project."""
    sound: Set[str]
    """Projects whose version of today may stay."""
    own: Mapping[str, str]
    """The user's own specifiers on each project, merged."""
    window: Window = field(default_factory=Window)
    floors: Mapping[str, Version] = field(default_factory=dict)
    """The oldest Python that a release has to do for as well, by project: see `Project.floors`."""
    refused: Mapping[str, Set[Version]] = field(default_factory=dict)
    """Versions that do not do for what is in their wheels, by project: a scan found that they turn the GIL on."""


class GoalCandidates(ProjectCandidates):
    """A project's versions that would do; of a project that stays blocked (``kept``), the others after them."""

    def __init__(
        self,
        page: ProjectPage,
        build: Target,
        admission: Admission,
        fetcher: Fetcher,
        *,
        pre: bool,
        goal: Goal,
        kept: Set[str],
    ) -> None:
        super().__init__(page, build, admission, fetcher, pre=pre)
        self._goal = goal
        self._kept = kept
        self._wants_pre = pre
        self._metadata = fetcher
        self._today = goal.today.get(page.name)
        self._within: dict[Version, bool] = {}
        self._changed: dict[str, tuple[Version, ...]] = {}
        self._tried: dict[tuple[str, bool], Remembered[Version]] = {}
        self._exists: dict[str, bool] = {}

    @property
    def builds(self) -> tuple[Target, Target]:
        """The regular build and the target."""
        return self._build, self._goal.target

    @property
    def wanted(self) -> tuple[Hashable, ...] | None:
        """What is wanted of this project, and what it gets today; ``None``: that cannot be compared."""
        name, goal = self.page.name, self._goal
        if name in goal.floors or name in goal.refused or self._admission.has_hashes(name):
            return None
        asked = self._wants_pre, goal.window, goal.own.get(name), self._today
        return *asked, name in goal.sound, name in goal.sources, self._stays_blocked

    @property
    def _stays_blocked(self) -> bool:
        return self.page.name in self._kept

    @cached_property
    def _own(self) -> SpecifierSet:
        return specifier_set(self._goal.own.get(self.page.name, ""))

    @cached_property
    def _oldest(self) -> str | None:
        """The earliest upload that is within the window; ``None`` where the index gives no times."""
        moment = self.page.last_upload(self._today) if self._today is not None else None
        try:
            start = datetime.fromisoformat((moment or "")[:10]) - timedelta(
                days=self._goal.window.months * _DAYS_OF_MONTH
            )
        except (ValueError, OverflowError):
            return None
        return start.date().isoformat()

    def matching(self, specifiers: SpecifierSet, *, pinned: bool, counted: Counted = iter) -> Iterator[Version]:  # noqa: ARG002
        """The versions to try: today's, then those that the user's specifiers admit, then the rest (see `Prefer`).

        Only versions that would do; of a project that stays blocked (``kept``), every other one after them.
        """
        tried = []
        for version in counted(self._fitting(specifiers)):
            self.discards(version)
            if version == self._today or (
                self._fits(version) and not self.metadata_excludes(version) and self._is_described(version)
            ):
                tried.append(version)
                yield version
        if self._stays_blocked:
            yield from (version for version in counted(self._blocked(specifiers)) if version not in tried)

    def tried(self, specifiers: SpecifierSet) -> Iterable[Version]:
        """The same, looked for once; what a second one needs is read ahead when it is asked for."""
        key = str(specifiers), self._stays_blocked
        if key not in self._tried:
            self._tried[key] = Remembered(self._first_alone(specifiers))
        return self._tried[key]

    def _first_alone(self, specifiers: SpecifierSet) -> Iterator[Version]:
        for number, version in enumerate(self.matching(specifiers, pinned=False)):
            yield version
            if number == 0:
                self.prefetch(self.changed(specifiers)[:READ_TOGETHER])

    def exists_within(self, specifier: str) -> bool:
        """Whether the page has any version that meets a specifier set."""
        if specifier not in self._exists:
            admits = specifier_set(specifier)
            self._exists[specifier] = any(admits.contains(each, prereleases=True) for each in self.page.versions)
        return self._exists[specifier]

    def discards(self, version: Version) -> bool:
        """See `ProjectCandidates.discards`. Whether the version fits is another question afterwards."""
        found = super().discards(version)
        if found:
            self._within.pop(version, None)
            self._changed.clear()
        return found

    def changed(self, specifiers: SpecifierSet) -> Sequence[Version]:
        """The versions within the window, except today's: those that fit and are permitted, the preferred one first."""
        key = str(specifiers)
        if key not in self._changed:
            permitted = [version for version in self.page.versions if self._is_permitted(version, specifiers)]
            own = [version for version in permitted if self._own.contains(version, prereleases=True)]
            rest = [version for version in permitted if version not in own]
            self._changed[key] = tuple(version for part in (own, rest) for version in self._preferred(part))
        return self._changed[key]

    def _preferred(self, versions: Sequence[Version]) -> Iterable[Version]:
        """Those within the window among ``versions``, which are the newest first.

        The smallest change is the nearest later version, else the nearest earlier one. The newest count in any case:
        something else may require them.
        """
        limit, today = self._goal.window.releases, self._today
        newest = list(islice(filter(self._fits, versions), limit))
        if self._goal.window.prefer is Prefer.NEWEST or today is None:
            return newest
        later = (version for version in reversed(versions) if version > today)
        nearest = {*newest, *islice(filter(self._fits, later), limit)}
        return [*sorted(v for v in nearest if v > today), *(v for v in newest if v < today)]

    def prefetch(self, versions: Iterable[Version]) -> None:
        """Start reading the metadata of some versions."""
        for version in versions:
            for file in (self.metadata_file(version), own_wheel(self, version, self._goal.target)):
                if file is not None:
                    self._metadata.prefetch_metadata(file)

    def _fitting(self, specifiers: SpecifierSet) -> Iterator[Version]:
        today = self._today
        may_stay = self.page.name in self._goal.sound or self._stays_blocked
        if today is not None and may_stay and specifiers.contains(today, prereleases=True):
            yield today
        yield from self.changed(specifiers)

    def _blocked(self, specifiers: SpecifierSet) -> Iterator[Version]:
        """The newest versions within the window that are not worse than today's, whether or not they fit."""
        source = self._today is None or self.best(self._today) is None
        others = (
            version
            for version in self.page.versions
            if self._is_permitted(version, specifiers)
            and not self._is_too_old(version)
            and (source or self.best(version) is not None)
            and not (self.discards(version) and self.best(version) is None)
            and not self.metadata_excludes(version)
            and self._is_described(version)
        )
        return islice(others, self._goal.window.releases)

    def _is_permitted(self, version: Version, specifiers: SpecifierSet) -> bool:
        if version == self._today or not specifiers.contains(version, prereleases=True):
            return False
        # Pre-releases are only for users who have one already, or who admit them.
        return not version.is_prerelease or self._wants_pre or bool(self._today and self._today.is_prerelease)

    def _fits(self, version: Version) -> bool:
        """Whether a version is within the window and has a file for the target."""
        if version not in self._within:
            self._within[version] = not self._is_too_old(version) and self._may_fit(version)
        return self._within[version]

    def _is_too_old(self, version: Version) -> bool:
        if self._today is None or version > self._today or self._oldest is None:
            return False
        return (self.page.last_upload(version) or "") < self._oldest

    def _may_fit(self, version: Version) -> bool:
        if version in self._goal.refused.get(self.page.name, ()):
            return False
        if self.page.name not in self._goal.sources:
            # This rejects most versions of a blocked project before their files are parsed.
            if not any(map(self._goal.target.best_tag, self.page.wheel_tags(version))):
                return False
            if not self._goal.fits(self.admitted(version)):
                return False
        best = self.best(version)
        if best is None or best.yanked:
            return False
        return self._does_for_floor(best.requires_python)

    def _does_for_floor(self, requires_python: str | None) -> bool:
        floor = self._goal.floors.get(self.page.name)
        return floor is None or not requires_python or permits([requires_python], floor)

    def _is_described(self, version: Version) -> bool:
        """Whether the target gets a wheel of a version whose requirements are known; else it cannot be relied on."""
        own = target_wheel(self, version, self._goal.target, self._metadata)
        if own.unread or own.stops or (own.refused and own.file is None):
            return False
        file = own.file or self.metadata_file(version)
        answer = self._metadata.metadata(file) if file else None
        described = isinstance(answer, Metadata) and not answer.problems
        return described and isinstance(answer, Metadata) and self._does_for_floor(answer.requires_python)
