"""What an index offers of one project to one target: since when, until when, and what else instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property

from packaging.version import Version

from nogilcheck.classify.wheels import FREE_THREADED, fitting_wheels, tag_kind, wheel_kind
from nogilcheck.frozen import frozen
from nogilcheck.model.artifact import Outline, ProjectPage, ReleaseFile
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import Offered, ReleaseSpan, WheelKind

MAX_SPANS = 8
"""Spans of releases that are told; a history with more changes than this tells nobody anything."""

Files = Callable[[Version], Sequence[ReleaseFile]]
"""The files of one version that exist for the user, such as those that were uploaded before a date."""

Look = tuple[tuple[str, str | None], ...]
"""What counts of the files of a version: tags, empty for an sdist, and Requires-Python. Neighbours mostly are alike."""

Outlines = Callable[[Version], Outline | None]


def _no_outline(_: Version) -> None:
    """Nothing is known without the files."""


@frozen
class Release:
    """One version and when it came to be."""

    version: Version
    uploaded: str | None = None
    """``2024-08-18`` (UTC), where the index tells upload times (PEP 700)."""


@frozen
class Distance:
    """How far two releases of a project are apart."""

    releases: int
    """Final releases above the older one, the newer one included."""
    months: int | None
    """Whole months between their uploads; ``None`` where the index does not tell, or the newer one came first."""


class Offers:
    """The releases of one project as one target sees them.

    Yanked files (PEP 592) count for nothing. Every answer is worked out when it is asked for, from the newest
    release back as far as needed, and the files of a release are made only where the tags of its wheels fit.
    """

    def __init__(
        self, page: ProjectPage, target: Target, *, existing: Files | None = None, outline: Outlines | None = None
    ) -> None:
        """``existing``: by default all files of the page. ``outline``: what the names of the same files tell."""
        self.page = page
        self.target = target
        self._existing = existing or page.files
        self._outline = outline or (_no_outline if existing else page.outline)
        self._files: dict[Version, list[ReleaseFile]] = {}
        self._looks: dict[Version, Look] = {}
        self._offered_by_look: dict[Look, Offered] = {}
        self._known: dict[tuple[str, ...], frozenset[WheelKind]] = {}

    def seen_by(self, target: Target) -> Offers:
        """The same releases as another target sees them; what does not depend on it is found out once."""
        others = Offers(self.page, target, existing=self._existing, outline=self._outline)
        others._files, others._looks = self._files, self._looks
        return others

    @cached_property
    def first_made(self) -> Release | None:
        """The oldest final release with a wheel that is made for the target.

        For a free-threaded target one that is built for a free-threaded ABI, its day that of the wheel;
        for others one that fits.
        """
        return next(self._having(self.made, reversed(self.page.versions)), None)

    @cached_property
    def newest_made(self) -> Release | None:
        """The newest of these releases; ``None`` where there is none."""
        return next(self._having(self.made, self.page.versions), None)

    @cached_property
    def newest_fitting(self) -> Release | None:
        """The newest final release of which any wheel fits, such as one for every Python."""
        return next(self._having(self.fitting, self.page.versions), None)

    @cached_property
    def steady(self) -> Release | None:
        """The oldest release from which on every final one fits; ``None`` where the newest does not.

        Where the newest has a wheel that is made for the target, those that have one as well count.
        """
        if self.newest is None:
            return None
        wheels = self.made if self.made(self.newest.version) else self.fitting
        first = None
        for version in self.page.versions:
            if (version.is_prerelease and not self.newest.version.is_prerelease) or not self._look(version):
                continue
            if not (files := wheels(version)):
                break
            first = Release(version=version, uploaded=day_of(files))
        return first

    @cached_property
    def pre_release(self) -> Release | None:
        """The newest pre-release of which a wheel fits, where it is newer than every final release that has one."""
        for version in self.page.versions:
            if self.newest_fitting and version < self.newest_fitting.version:
                return None
            if version.is_prerelease and (files := self.fitting(version)):
                return Release(version=version, uploaded=day_of(files))
        return None

    @cached_property
    def newest(self) -> Release | None:
        """The newest final release; of a project without any the newest pre-release."""
        final = (version for version in self.page.versions if not version.is_prerelease)
        for version in (*final, *self.page.versions):
            if files := self.files(version):
                return Release(version=version, uploaded=day_of(files))
        return None

    def files(self, version: Version) -> list[ReleaseFile]:
        """The files of one version that exist and are not yanked."""
        if version not in self._files:
            self._files[version] = [file for file in self._existing(version) if not file.yanked]
        return self._files[version]

    def fitting(self, version: Version) -> list[ReleaseFile]:
        """The wheels of one version that fit the target, most preferred first."""
        return fitting_wheels(self.files(version), self.target) if self._kinds(version) else []

    def made(self, version: Version) -> list[ReleaseFile]:
        """Those among them that are made for the target; see `first_made`."""
        if not self.target.free_threaded:
            return self.fitting(version)
        if FREE_THREADED.isdisjoint(self._kinds(version)):
            return []
        return [file for file in self.fitting(version) if self._kind(file.tags) in FREE_THREADED]

    def _kinds(self, version: Version) -> frozenset[WheelKind]:
        """As what the wheels of one version would fit, by their tags alone. Neighbours mostly have the same tags."""
        tags = tuple(self.page.wheel_tags(version))
        known = self._known.get(tags)
        if known is None:
            known = self._known[tags] = frozenset(filter(None, map(self._kind, tags)))
        return known

    def _kind(self, tags: str) -> WheelKind | None:
        tag = self.target.best_tag(tags)
        return tag_kind(*tag.split("-")) if tag else None

    def spans(self) -> tuple[ReleaseSpan, ...]:
        """What the final releases have for the target, the oldest first, of at most the `MAX_SPANS` newest spans."""
        runs: list[tuple[Offered, list[Version]]] = []
        for version in self.page.versions:
            if version.is_prerelease or not (look := self._look(version)):
                continue
            offered = self._offered_by_look.get(look) or self._offered(look)
            self._offered_by_look[look] = offered
            if not runs or runs[-1][0] is not offered:
                if len(runs) == MAX_SPANS:
                    break
                runs.append((offered, []))
            runs[-1][1].append(version)
        return tuple(self._span(offered, versions) for offered, versions in reversed(runs))

    def _look(self, version: Version) -> Look:
        if version not in self._looks:
            if outline := self._outline(version):
                tags = (*outline.wheel_tags, *([""] * outline.has_sdist))
                self._looks[version] = tuple([(each, outline.requires_python) for each in tags])
            else:
                self._looks[version] = tuple([(file.tags, file.requires_python) for file in self.files(version)])
        return self._looks[version]

    def _offered(self, look: Look) -> Offered:
        wheels = [(tags, python) for tags, python in look if tags]
        fitting = {kind for tags, python in wheels if (kind := self._kind(tags)) and self.target.admits_python(python)}
        if fitting & FREE_THREADED if self.target.free_threaded else fitting:
            return Offered.MADE
        if fitting:
            return Offered.FITTING
        if not FREE_THREADED.isdisjoint(wheel_kind(tags) for tags, _ in wheels):
            return Offered.ELSEWHERE
        return Offered.OTHERS if wheels else Offered.SOURCE

    def _span(self, offered: Offered, versions: Sequence[Version]) -> ReleaseSpan:
        """The span of these versions, the newest first."""
        last, first = self.release(versions[0]), self.release(versions[-1])
        return ReleaseSpan(
            offered=offered,
            first=str(first.version),
            first_day=first.uploaded,
            last=str(last.version),
            last_day=last.uploaded,
            releases=len(versions),
        )

    def ships(self, version: Version) -> tuple[WheelKind, ...]:
        """The kinds of wheels that one version has, for whatever target; in the order of `WheelKind`."""
        kinds = {wheel_kind(file.tags) for file in self.files(version) if file.kind == "wheel"}
        return tuple(kind for kind in WheelKind if kind in kinds)

    def has_sdist(self, version: Version) -> bool:
        """Whether one version has an sdist, whatever Python it asks for."""
        return any(file.kind == "sdist" for file in self.files(version))

    def release(self, version: Version) -> Release:
        """A version with the day on which the first of its files was uploaded."""
        return Release(version=version, uploaded=day_of(self.files(version)))

    def between(self, older: Version, newer: Version) -> Distance:
        """How far apart two versions of the page are, in the order of their versions."""
        count = sum(
            older < version <= newer and not version.is_prerelease and bool(self._look(version))
            for version in self.page.versions
        )
        days = self.release(older).uploaded, self.release(newer).uploaded
        return Distance(releases=count, months=months_between(*days))

    def _having(self, wheels: Callable[[Version], list[ReleaseFile]], versions: Iterable[Version]) -> Iterator[Release]:
        for version in versions:
            if not version.is_prerelease and (files := wheels(version)):
                yield Release(version=version, uploaded=day_of(files))


def day_of(files: Iterable[ReleaseFile]) -> str | None:
    """The day (UTC) on which the first of these files was uploaded; ``None`` where the index does not tell."""
    return min((file.upload_time[:10] for file in files if file.upload_time), default=None)


def months_between(earlier: str | None, later: str | None) -> int | None:
    """Whole months from one day (``2024-08-18``) to another; ``None`` where one is unknown or they are not in order."""
    try:
        first, second = date.fromisoformat(earlier or ""), date.fromisoformat(later or "")
    except ValueError:
        return None
    if second < first:
        return None
    return (second.year - first.year) * 12 + second.month - first.month - (second.day < first.day)


def regression(chosen: Version, offers: Offers) -> Release | None:
    """The newest final release before the chosen one that had a wheel made for the target; its day is the wheel's.

    A lower version that was uploaded later, as a backport is, was not before it.
    """
    if offers.made(chosen):  # a lock, or a hash, leaves it out
        return None
    since = offers.release(chosen).uploaded
    for version in offers.page.versions:
        if version < chosen and not version.is_prerelease and (files := offers.made(version)):
            day = day_of(files)
            if since is None or day is None or day <= since:
                return Release(version=version, uploaded=day)
    return None
