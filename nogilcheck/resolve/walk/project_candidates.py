"""The versions of one project that a build may get, in the order in which pip tries them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from operator import itemgetter

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from nogilcheck.model.artifact import Fetcher, Missing, ProjectPage, ReleaseFile
from nogilcheck.model.graph import ExcludedBy
from nogilcheck.model.target import Target
from nogilcheck.resolve.admission import Admission
from nogilcheck.resolve.preferred_file import nearness, preferred
from nogilcheck.resolve.walk.discards import Flaw, flaw_of, without_files

YankedOf = Callable[[Version], bool | None]
"""Tells whether the file of a version is yanked; ``None``: there is none."""
Counted = Callable[[Iterable[Version]], Iterator[Version]]


class ProjectCandidates:
    """The page of one project, as one build sees it."""

    def __init__(
        self,
        page: ProjectPage,
        build: Target,
        admission: Admission,
        fetcher: Fetcher | None,
        *,
        pre: bool,
    ) -> None:
        """Create them. ``pre``: admit pre-releases whatever the specifiers say.

        Without a ``fetcher``, core metadata is not read.
        """
        self.page = page
        self.target: Target | None = None
        """Its wheels count, too, of versions of which the build gets nothing."""
        self._build = build
        self._admission = admission
        self._fetcher = fetcher
        self._pre = True if pre else None
        self._admitted: dict[Version, tuple[ReleaseFile, ...]] = {}
        self._best: dict[Version, ReleaseFile | None] = {}
        self._yanked: dict[Version, bool | None] = {}
        self._admitted_by_metadata: dict[Version, bool] = {}
        self.excluded_by_metadata: dict[Version, str] = {}
        """Versions that a Requires-Python excludes which only their core metadata states -> that specifier set."""
        self.discarded: dict[Version, dict[str, Flaw]] = {}
        """What installers discard for its metadata: by version, the flaw of each file that was read, by file name.
        ``page`` does not have it any more."""

    def admitted(self, version: Version) -> tuple[ReleaseFile, ...]:
        """The files of a version that the user's options admit."""
        if version not in self._admitted:
            self._admitted[version] = self._admission.admitted(self.page, version)
        return self._admitted[version]

    def not_admitted(self, version: Version) -> tuple[ExcludedBy, ...]:
        """What excludes files of a version (`Admission.refusal`)."""
        files = self._admission.existing(self.page, version)
        return tuple(dict.fromkeys(by for file in files if (by := self._admission.refusal(self.page.name, file))))

    def best(self, version: Version) -> ReleaseFile | None:
        """The file that pip installs on the build: the preferred wheel, else the sdist; ``None``: no file fits."""
        if version not in self._best:
            self._best[version] = self.best_for(version, self._build) or self._wheel_of_target(version)
        return self._best[version]

    def is_yanked(self, version: Version) -> bool | None:
        """Whether what `best` gives is yanked; ``None``: no file fits. In most cases no file needs to be read."""
        if version not in self._yanked:
            outline = None if version in self._best else self._admission.outline(self.page, version)
            if outline and (self.target is None or outline.fits(self._build)):
                self._yanked[version] = False if outline.fits(self._build) else None
            else:
                file = self.best(version)
                self._yanked[version] = None if file is None else file.yanked
        return self._yanked[version]

    def of_target_alone(self, version: Version) -> ReleaseFile | None:
        """The wheel of the target, where the build itself gets nothing of a version."""
        own = self._wheel_of_target(version)
        return own if own and self.best(version) == own != self.best_for(version, self._build) else None

    def _wheel_of_target(self, version: Version) -> ReleaseFile | None:
        file = self.best_for(version, self.target) if self.target else None
        return file if file and file.kind == "wheel" else None

    def best_for(self, version: Version, build: Target) -> ReleaseFile | None:
        """The same for any build, of what this one has not found to be discarded."""
        return preferred(self.admitted(version), build)

    def discards(self, version: Version) -> bool:
        """Take the version's files that installers discard off the page; whether there was any. Blocks.

        As in pip, a file that is not what its name says leaves the version to the next file, and metadata that are
        not valid discard the version.
        """
        if self._fetcher is None:
            return False
        found = False
        while (file := self.best(version)) is not None and file.kind == "wheel":
            flaw = flaw_of(file, self.page.name, self._fetcher.metadata(file))
            if flaw is None:
                break
            found = True
            self.discarded.setdefault(version, {})[file.filename] = flaw
            every = {each.url for each in self.page.files(version)}
            self.page = without_files(self.page, version, every if flaw.release else {file.url})
            self._admitted.pop(version, None)
            self._best.pop(version, None)
            self._yanked.pop(version, None)
        return found

    def seen_by(self, build: Target) -> ProjectCandidates:
        """The candidates of this page for another build."""
        return ProjectCandidates(self.page, build, self._admission, self._fetcher, pre=bool(self._pre))

    def usable(self, page: ProjectPage) -> ProjectPage:
        """Another page of the project without the files that were discarded."""
        for version in self.discarded:
            left = {file.url for file in self.page.files(version)}
            page = without_files(page, version, {file.url for file in page.files(version)} - left)
        return page

    def discarded_above(self, chosen: Version | None, specifiers: SpecifierSet) -> tuple[Version, str, Flaw] | None:
        """The newest permitted version, with its file, that was discarded and would be preferred to the chosen one."""
        for version, flaws in sorted(self.discarded.items(), reverse=True):
            if (chosen is None or version >= chosen) and specifiers.contains(version, prereleases=True):
                return version, *next(iter(flaws.items()))
        return None

    def lacks_upload_time(self, version: Version) -> bool:
        """Whether an upload date is asked for, and the page omits the upload time of some file of the version."""
        return self._admission.lacks_upload_time(self.page, version)

    def exists(self, version: Version) -> bool:
        """Whether any file of the version was uploaded in time."""
        return bool(self._admission.existing(self.page, version))

    def metadata_file(self, version: Version) -> ReleaseFile | None:
        """The file to read core metadata from: the wheel that the build gets, else the nearest wheel, else an sdist.

        The wheels of one version may have different dependencies (tensorflow's do, by Python). Where the build gets
        an sdist, the nearest wheel holds the metadata that building the sdist produces, in a fraction of its bytes.
        """
        best = self.best(version)
        if best is not None and best.kind == "wheel":
            return best
        wheels = [file for file in self.admitted(version) if file.kind == "wheel" and not file.yanked]
        if wheels:
            return min(wheels, key=lambda file: nearness(file, self._build))
        if best is not None:
            return best
        files = self.admitted(version) or self._admission.existing(self.page, version)
        return min(files, key=lambda file: (file.kind != "wheel", file.size or 0), default=None)

    def matching(self, specifiers: SpecifierSet, *, pinned: bool, counted: Counted = iter) -> Iterator[Version]:
        """The versions to try, newest first: those with a file for the build, exactly as pip tries them.

        Where no permitted version has one, all permitted versions: a missing file must be reported, and must not
        make the walk backtrack to old versions of other projects. ``counted`` is handed the versions to look at.
        """
        has_any = False
        versions = self.equal_to(specifiers) if pinned else self.page.versions
        for version in self._permitted(specifiers, counted(versions), self.is_yanked, pinned=pinned):
            # Where one version was discarded, its neighbours are looked at here; else the walk does, when it takes one.
            if self.discarded and self.discards(version) and self.best(version) is None:
                continue
            if not self.metadata_excludes(version):
                has_any = True
                yield version
        if not has_any:
            yield from self._permitted(specifiers, counted(versions), self._is_any_yanked, pinned=pinned)

    def equal_to(self, specifiers: SpecifierSet) -> Sequence[Version]:
        """The versions that may satisfy the pins among the specifiers, without a look at each that there is."""
        pins = [spec.version for spec in specifiers if spec.operator == "==" and not spec.version.endswith(".*")]
        if not pins:
            return self.page.versions
        return self._by_public_version.get(Version(Version(pins[0]).public), ())

    @cached_property
    def _by_public_version(self) -> dict[Version, list[Version]]:
        """The versions, newest first, by what they are without a local label, which ``==`` need not name (PEP 440)."""
        found: dict[Version, list[Version]] = {}
        for version in self.page.versions:
            found.setdefault(Version(version.public) if version.local else version, []).append(version)
        return found

    def direct_version(self) -> Version:
        """The one version of a direct reference. As in pip, only Requires-Python is checked (and noted)."""
        (version,) = self.page.versions
        self.metadata_excludes(version)
        return version

    def likely(self, specifiers: SpecifierSet) -> Version | None:
        """The first version that `matching` would yield, judged by the page alone."""
        versions, ways = self.page.versions, (self.is_yanked, self._is_any_yanked)
        return next((each for way in ways for each in self._permitted(specifiers, versions, way, pinned=True)), None)

    def offered(self, specifiers: SpecifierSet, *, pinned: bool, counted: Counted = iter) -> list[Version]:
        """Every version that `matching` would yield, judged by the page alone."""
        versions = self.equal_to(specifiers) if pinned else self.page.versions
        ways = (self.is_yanked, self._is_any_yanked)
        found = (list(self._permitted(specifiers, counted(versions), way, pinned=pinned)) for way in ways)
        return next(filter(None, found), [])

    def permitted(self, specifiers: SpecifierSet, *, pinned: bool) -> list[tuple[Version, tuple[ReleaseFile, ...]]]:
        """Every permitted version with its admitted files: stable ones first, then the other pre-releases."""
        versions = self.page.versions
        stable = list(self._permitted(specifiers, versions, self._is_any_yanked, pinned=pinned))
        rest = [version for version in versions if version.is_prerelease and version not in stable]
        more = self._permitted(specifiers, rest, self._is_any_yanked, pinned=pinned)
        return [(version, self.admitted(version)) for version in (*stable, *more)]

    def newer_without_file(self, chosen: Version, specifiers: SpecifierSet) -> tuple[Version, str] | None:
        """The newest permitted version above the chosen one without a file for the build, or ``None``.

        With the Requires-Python that excludes it; empty when no file fits for other reasons.
        """
        for version in self.permitted_from(chosen, specifiers):
            if version == chosen:
                return None
            files = [file for file in self._admission.existing(self.page, version) if not file.yanked]
            if not files:
                continue
            if version in self.excluded_by_metadata:
                return version, self.excluded_by_metadata[version]
            if self.best(version) is None:
                refusing = (f.requires_python for f in files if not self._build.admits_python(f.requires_python))
                return version, next(filter(None, refusing), "")
        return None

    def permitted_from(self, chosen: Version, specifiers: SpecifierSet) -> Iterator[Version]:
        """The permitted versions from the newest down to the chosen one."""
        for version in self.page.versions:
            if version < chosen:
                return
            if version.is_prerelease and not (self._pre or chosen.is_prerelease):
                continue
            if specifiers.contains(version, prereleases=True):
                yield version

    def _permitted(
        self, specifiers: SpecifierSet, versions: Iterable[Version], yanked_of: YankedOf, *, pinned: bool
    ) -> Iterator[Version]:
        """Filter as pip does by specifiers, pre-releases (PEP 440) and yanked files (PEP 592)."""
        # Specifiers come first: the files of a version that they exclude need not be parsed.
        admitted = (version for version in versions if specifiers.contains(version, prereleases=True))
        offered = ((version, yanked) for version in admitted if (yanked := yanked_of(version)) is not None)
        only_yanked: list[Version] = []
        unyanked = False
        for version, yanked in specifiers.filter(offered, prereleases=self._pre, key=itemgetter(0)):
            if yanked:
                only_yanked.append(version)
                continue
            unyanked = True
            yield version
        if pinned and not unyanked:
            yield from only_yanked

    def _is_any_yanked(self, version: Version) -> bool | None:
        """Whether every file of a version is yanked; ``None``: there is none."""
        if self._admission.outline(self.page, version):
            return False
        return min((file.yanked for file in self._admission.existing(self.page, version)), default=None)

    def metadata_excludes(self, version: Version) -> bool:
        """Whether only the core metadata excludes this Python: the page states no Requires-Python."""
        file = self.best(version)
        if file is None or file.requires_python or self._fetcher is None:
            return False
        answer = self._fetcher.metadata(file)
        if isinstance(answer, Missing):
            return False
        admitted = self._admitted_by_metadata[version] = self._build.admits_python(answer.requires_python)
        if admitted:
            return False
        if (own := self._wheel_of_target(version)) and own.url != file.url:
            self._best[version], self._yanked[version] = own, own.yanked
            return self.metadata_excludes(version)
        self.excluded_by_metadata[version] = answer.requires_python or ""
        return True

    def is_equivalent_to(self, other: ProjectCandidates) -> bool:
        """Whether every question asked of ``other`` so far has the same answer for this build."""
        for version in other.discarded:
            self.discards(version)
        if self.discarded != other.discarded:
            return False
        if any(self.is_yanked(version) != other.is_yanked(version) for version in {**other._yanked, **other._best}):
            return False
        known = other._admitted_by_metadata.items()
        return all(self.metadata_excludes(version) is not admitted for version, admitted in known)
