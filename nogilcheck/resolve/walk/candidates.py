"""The versions of one project that a build may get, in the order in which pip would try them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from operator import itemgetter

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from nogilcheck.model.artifact import Fetcher, Metadata, Missing, MissingKind, ProjectPage, ReleaseFile, build_number
from nogilcheck.model.target import Target
from nogilcheck.resolve.direct import is_local, look_at
from nogilcheck.resolve.neighbours import nearness
from nogilcheck.resolve.versions import merged
from nogilcheck.resolve.walk.admission import EVERYTHING, Admission

FileOf = Callable[[Version], ReleaseFile | None]


class ProjectCandidates:
    """One project's page as one build sees it."""

    def __init__(
        self,
        page: ProjectPage,
        build: Target,
        admission: Admission,
        fetcher: Fetcher | None,
        *,
        pre: bool,
    ) -> None:
        """``pre`` admits pre-releases whatever the specifiers say; without a fetcher only the page counts."""
        self.page = page
        self._build = build
        self._admission = admission
        self._fetcher = fetcher
        self._pre = True if pre else None
        self._admitted: dict[Version, tuple[ReleaseFile, ...]] = {}
        self._best: dict[Version, ReleaseFile | None] = {}
        self._admitted_by_metadata: dict[Version, bool] = {}
        self.excluded_by_metadata: dict[Version, str] = {}
        """Versions whose Requires-Python stands only in their core metadata."""

    def admitted(self, version: Version) -> tuple[ReleaseFile, ...]:
        """The files of a version that the user's options admit."""
        if version not in self._admitted:
            files = self._admission.existing(self.page, version)
            name = self.page.name
            self._admitted[version] = tuple(f for f in files if self._admission.refusal(name, f) is None)
        return self._admitted[version]

    def not_admitted(self, version: Version) -> tuple[str, ...]:
        """The options that exclude files of a version."""
        files = self._admission.existing(self.page, version)
        refusals = (self._admission.refusal(self.page.name, file) for file in files)
        return tuple(dict.fromkeys(filter(None, refusals)))

    def best(self, version: Version) -> ReleaseFile | None:
        """The file that the build gets for a version: its preferred wheel, else the sdist."""
        if version not in self._best:
            self._best[version] = self._find_best(version)
        return self._best[version]

    def _find_best(self, version: Version) -> ReleaseFile | None:
        build = self._build
        best: tuple[tuple[bool, int, tuple[int, str] | tuple[()]], ReleaseFile] | None = None
        for file in self.admitted(version):
            tag = build.best_tag(file.tags) if file.kind == "wheel" else None
            if (file.kind == "wheel" and tag is None) or not build.admits_python(file.requires_python):
                continue
            rank = -build.rank(tag) if tag else -len(build.tags)
            preference = (not file.yanked, rank, build_number(file.build))
            if best is None or preference >= best[0]:  # pip takes the last of equals
                best = (preference, file)
        return best[1] if best else None

    def lacks_upload_time(self, version: Version) -> bool:
        """Whether an upload date is asked for and the page does not tell that of every file of the version."""
        return self._admission.needs_upload_times and any(f.upload_time is None for f in self.page.files(version))

    def exists(self, version: Version) -> bool:
        """Whether any file of the version was uploaded in time."""
        return bool(self._admission.existing(self.page, version))

    def metadata_file(self, version: Version) -> ReleaseFile | None:
        """The file to read core metadata from: the wheel that the build gets, else the nearest wheel, else an sdist.

        The wheels of one version may state different dependencies (tensorflow's do, by Python). Where the build gets
        an sdist, a wheel for a neighbour tells what a build of that sdist came to, in a fraction of its bytes.
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

    def matching(self, specifiers: SpecifierSet, *, pinned: bool) -> Iterator[Version]:
        """Versions to try, newest first, exactly as pip: those with a file for the build.

        Where no permitted version has one, all permitted versions: a missing file never sends the
        walk into the past (docs/explanation/semantics.md).
        """
        found = False
        for version in self._permitted(specifiers, self.page.versions, self.best, pinned=pinned):
            if not self._metadata_excludes(version):
                found = True
                yield version
        if not found:
            yield from self._permitted(specifiers, self.page.versions, self._any_file, pinned=pinned)

    def only(self) -> Version:
        """The version of a direct reference. As in pip, nothing but Requires-Python is asked of it."""
        (version,) = self.page.versions
        self._metadata_excludes(version)
        return version

    def likely(self, specifiers: SpecifierSet) -> Version | None:
        """The first version to try, as far as the page tells."""
        for file_of in (self.best, self._any_file):
            version = next(self._permitted(specifiers, self.page.versions, file_of, pinned=True), None)
            if version is not None:
                return version
        return None

    def permitted(self, specifiers: SpecifierSet, *, pinned: bool) -> list[tuple[Version, tuple[ReleaseFile, ...]]]:
        """Every permitted version with its files, stable ones first unless pre-releases are asked for."""
        versions = self.page.versions
        stable = list(self._permitted(specifiers, versions, self._any_file, pinned=pinned))
        rest = [version for version in versions if version.is_prerelease and version not in stable]
        more = self._permitted(specifiers, rest, self._any_file, pinned=pinned)
        return [(version, self.admitted(version)) for version in (*stable, *more)]

    def newer_without_file(self, chosen: Version, specifiers: SpecifierSet) -> tuple[Version, str] | None:
        """The newest permitted version above the chosen one that has no file for the build.

        With it comes the Requires-Python that excludes it; empty when it simply has no fitting file.
        """
        for version in self.page.versions:
            if version <= chosen:
                return None
            if version.is_prerelease and not (self._pre or chosen.is_prerelease):
                continue
            if not specifiers.contains(version, prereleases=True):
                continue
            files = [file for file in self._admission.existing(self.page, version) if not file.yanked]
            if not files:
                continue
            if version in self.excluded_by_metadata:
                return version, self.excluded_by_metadata[version]
            if self.best(version) is None:
                refusing = (f.requires_python for f in files if not self._build.admits_python(f.requires_python))
                return version, next(filter(None, refusing), "")
        return None

    def _permitted(
        self, specifiers: SpecifierSet, versions: Iterable[Version], file_of: FileOf, *, pinned: bool
    ) -> Iterator[Version]:
        """Pip's rules for pre-releases (PEP 440) and yanked files (PEP 592), applied to whole lists."""
        # A version that no specifier admits is not looked at: its files are not even taken apart.
        admitted = (version for version in versions if specifiers.contains(version, prereleases=True))
        offered = ((version, file) for version in admitted if (file := file_of(version)) is not None)
        only_yanked: list[Version] = []
        unyanked = False
        for version, file in specifiers.filter(offered, prereleases=self._pre, key=itemgetter(0)):
            if file.yanked:
                only_yanked.append(version)
                continue
            unyanked = True
            yield version
        if pinned and not unyanked:
            yield from only_yanked

    def _any_file(self, version: Version) -> ReleaseFile | None:
        files = self._admission.existing(self.page, version)
        return min(files, key=lambda file: file.yanked, default=None)

    def _metadata_excludes(self, version: Version) -> bool:
        """Whether the core metadata excludes this Python although the page does not say so."""
        file = self.best(version)
        if file is None or file.requires_python or self._fetcher is None:
            return False
        answer = self._fetcher.metadata(file)
        if isinstance(answer, Missing):
            return False
        admitted = self._admitted_by_metadata[version] = self._build.admits_python(answer.requires_python)
        if not admitted:
            self.excluded_by_metadata[version] = answer.requires_python or ""
        return not admitted

    def is_equivalent_to(self, other: ProjectCandidates) -> bool:
        """Whether every question that the other was asked so far has the same answer here."""
        for version, theirs in other._best.items():
            ours = self.best(version)
            if (ours is None) != (theirs is None) or (ours and theirs and ours.yanked != theirs.yanked):
                return False
        return all(
            self._metadata_excludes(version) is not admitted
            for version, admitted in other._admitted_by_metadata.items()
        )


def likely_version(
    page: ProjectPage,
    build: Target,
    admission: Admission,
    specifiers: Iterable[str],
    *,
    pre: bool,
) -> ReleaseFile | None:
    """The file of the version that a build would get under these specifiers, without asking any index."""
    project = ProjectCandidates(page, build, admission, fetcher=None, pre=pre)
    version = project.likely(merged(specifiers))
    return None if version is None else project.metadata_file(version)


def _empty(page: ProjectPage) -> Missing:
    where = ", ".join(page.indexes) or "the index"
    if page.versions:
        text = f"{page.name}: no file was uploaded before the date that was asked for"
    elif page.status != "active":
        text = f"{page.name}: {where} lists no file, its status is {page.status}"  # PEP 792
    else:
        text = f"{page.name}: {where} lists no file of it"
    return Missing(kind=MissingKind.EMPTY, text=text)


class CandidateIndex:
    """Every project's candidates for one build, looked up once.

    A direct reference is a project of its own here, with one version: ``url`` is what
    `nogilcheck.resolve.direct.reference` makes of it, ``None`` stands for the index.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        build: Target,
        admission: Admission,
        *,
        pre: bool,
        links: Mapping[str, str] | None = None,
    ) -> None:
        """See `ProjectCandidates`. ``links``: every reference of the user's own -> the URL to ask for."""
        self._fetcher = fetcher
        self._build = build
        self.admission = admission
        self.links = links or {}
        self._pre = pre
        self._projects: dict[tuple[str, str | None], ProjectCandidates | Missing] = {}
        self._described: dict[tuple[str, Version, str | None], None] = {}
        """The versions whose core metadata were asked for."""

    def of(self, name: str, url: str | None = None) -> ProjectCandidates | Missing:
        """The candidates of one project (normalized name); blocks until its page is here.

        Of a direct reference that cannot be followed, `Missing.text` is only the reason.
        """
        key = (name, url)
        if key not in self._projects:
            self._projects[key] = self._on_index(name) if url is None else self._at(name, url)
        return self._projects[key]

    def _on_index(self, name: str) -> ProjectCandidates | Missing:
        page = self._fetcher.page(name)
        if isinstance(page, Missing):
            return page
        found = self._offered(page)
        return found if any(map(found.exists, page.versions)) else _empty(page)

    def _offered(self, page: ProjectPage) -> ProjectCandidates:
        """What an index offers of a project."""
        return ProjectCandidates(page, self._build, self.admission, self._fetcher, pre=self._pre)

    def _at(self, name: str, url: str) -> ProjectCandidates | Missing:
        """What a direct reference leads to: an archive, or a version whose files on the index stand in for it."""
        found = self._look_at(name, url)
        if isinstance(found, Missing):
            return found
        if isinstance(found, ReleaseFile):
            page = ProjectPage(name=name, files_by_version={found.version: (found,)}, digest=url)
            return ProjectCandidates(page, self._build, EVERYTHING, self._fetcher, pre=self._pre)
        project = self.of(name)
        if isinstance(project, Missing):
            return Missing(kind=MissingKind.DIRECT_URL, text=f"{found} was looked for, but {project.text}")
        if not project.exists(found):
            where = ", ".join(project.page.indexes) or "the index"
            return Missing(kind=MissingKind.DIRECT_URL, text=f"{where} has no version {found} of {name}")
        of_index = project.page.files_by_version
        page = replace(project.page, files_by_version={v: files for v, files in of_index.items() if v == found})
        return ProjectCandidates(page, self._build, self.admission, self._fetcher, pre=self._pre)

    def _look_at(self, name: str, url: str) -> ReleaseFile | Version | Missing:
        if url not in self.links and is_local(url):
            return Missing(
                kind=MissingKind.DIRECT_URL, text="files on this disk are read for the user's own lines only"
            )
        return look_at(name, self.links.get(url, url))

    def prefetch(self, wanted: Iterable[tuple[str, str | None]]) -> None:
        """Start fetching what will be asked about these projects, each with its reference; returns at once."""
        names: dict[str, None] = {}
        for name, url in dict.fromkeys(wanted):
            found = self._look_at(name, url) if url else None
            if isinstance(found, ReleaseFile):
                self._fetcher.prefetch_metadata(found)
            elif not isinstance(found, Missing):
                names[name] = None
        self._fetcher.prefetch(names)

    def is_equivalent_to(self, other: CandidateIndex) -> bool:
        """Whether every question that the other was asked so far has the same answer here."""
        for key, theirs in other._projects.items():
            ours = self.of(*key)
            if isinstance(ours, Missing) or isinstance(theirs, Missing):
                if ours != theirs:
                    return False
            elif not ours.is_equivalent_to(theirs):
                return False
        return self._describes_as(other)

    def _describes_as(self, other: CandidateIndex) -> bool:
        """Whether the core metadata agree wherever the two builds get different files."""
        differing = []
        for described in other._described:
            ours, theirs = (index.metadata_file(*described) for index in (self, other))
            if ours and theirs and ours.url != theirs.url:
                self._fetcher.prefetch_metadata(ours)
                differing.append((ours, theirs))
            elif ours != theirs:
                return False
        return all(_agree(*map(self._fetcher.metadata, files)) for files in differing)

    def metadata_file(self, name: str, version: Version, url: str | None = None) -> ReleaseFile | None:
        """The file whose core metadata count for one version of a project."""
        project = self.of(name, url)
        return None if isinstance(project, Missing) else project.metadata_file(version)

    def metadata(self, name: str, version: Version, url: str | None = None) -> Metadata | Missing | None:
        """The core metadata of one version; ``None`` when it has no file at all."""
        self._described[name, version, url] = None
        project = self.of(name, url)
        if isinstance(project, Missing):
            return project
        file = project.metadata_file(version)
        return None if file is None else self._fetcher.metadata(file)


def _agree(ours: Metadata | Missing, theirs: Metadata | Missing) -> bool:
    """Whether two files of one version ask for the same, wherever it was read."""
    if isinstance(ours, Missing) or isinstance(theirs, Missing):
        return False
    return _asks(ours) == _asks(theirs)


def _asks(metadata: Metadata) -> tuple[object, ...]:
    return set(metadata.requires), metadata.extras, metadata.requires_python, metadata.problems
