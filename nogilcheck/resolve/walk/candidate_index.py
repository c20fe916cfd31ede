"""The candidates of every project for one build: from an index, or from a direct reference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from packaging.version import Version

from nogilcheck.model.artifact import Fetcher, Metadata, Missing, MissingKind, ProjectPage, ReleaseFile
from nogilcheck.model.target import Target
from nogilcheck.resolve.admission import EVERYTHING, Admission
from nogilcheck.resolve.direct import is_local, look_at
from nogilcheck.resolve.walk.discards import flaw_of
from nogilcheck.resolve.walk.project_candidates import ProjectCandidates
from nogilcheck.resolve.walk.read_ahead import ReadAhead
from nogilcheck.resolve.walk.requirements import Candidate
from nogilcheck.resolve.walk.target_metadata import target_wheel

MakeCandidates = Callable[..., ProjectCandidates]
"""Makes the candidates on a page of an index: `ProjectCandidates`, or a subclass with the same first arguments."""


def _without_files(page: ProjectPage) -> Missing:
    where = ", ".join(page.indexes) or "the index"
    if page.versions:
        text = f"{page.name}: no file was uploaded before the date that was asked for"
    elif page.status != "active":
        text = f"{page.name}: {where} lists no file, its status is {page.status}"  # PEP 792
    else:
        text = f"{page.name}: {where} lists no file of it"
    return Missing(kind=MissingKind.EMPTY, text=text)


class CandidateIndex:
    """Looks up the candidates of every project for one build, each once.

    A direct reference counts as a project of its own with one version: ``url`` is its normalized form
    (`nogilcheck.resolve.direct.reference`), and ``None`` stands for the index.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        build: Target,
        admission: Admission,
        *,
        pre: bool,
        links: Mapping[str, str] | None = None,
        make_candidates: MakeCandidates = ProjectCandidates,
        target: Target | None = None,
    ) -> None:
        """See `ProjectCandidates`. ``links``: every direct reference that the user wrote -> the URL to fetch.

        ``target``: its own wheels tell what a version requires, where it has any (see `target_metadata`), and are
        candidates where the build gets nothing of a version.
        """
        self._target = target
        self._fetcher = fetcher
        self._build = build
        self.admission = admission
        self.links = links or {}
        self._pre = pre
        self._make_candidates = make_candidates
        self._projects: dict[tuple[str, str | None], ProjectCandidates | Missing] = {}
        self._described: dict[tuple[str, Version, str | None], None] = {}
        """The versions whose core metadata was asked for, in order."""
        self._ahead: dict[str, ReadAhead] = {}

    def of(self, name: str, url: str | None = None) -> ProjectCandidates | Missing:
        """The candidates of one project (normalized name); blocks until its page has arrived.

        For a direct reference that cannot be followed, `Missing.text` is the reason alone.
        """
        key = (name, url)
        if key not in self._projects:
            self._projects[key] = self._on_index(name) if url is None else self._at(name, url)
        return self._projects[key]

    def _on_index(self, name: str) -> ProjectCandidates | Missing:
        page = self._fetcher.page(name)
        if isinstance(page, Missing):
            return page
        project = self._make_candidates(page, self._build, self.admission, self._fetcher, pre=self._pre)
        project.target = self._target
        return project if any(map(project.exists, page.versions)) else _without_files(page)

    def _at(self, name: str, url: str) -> ProjectCandidates | Missing:
        """The archive that a direct reference names, or the index's files of the version that its ref names."""
        target = self._look_at(name, url)
        if isinstance(target, Missing):
            return target
        if isinstance(target, ReleaseFile):
            page = ProjectPage(name=name, files_by_version={target.version: (target,)})
            return ProjectCandidates(page, self._build, EVERYTHING, self._fetcher, pre=self._pre)
        project = self.of(name)
        if isinstance(project, Missing):
            return Missing(kind=MissingKind.DIRECT_URL, text=f"{target} was looked for, but {project.text}")
        if not project.exists(target):
            where = ", ".join(project.page.indexes) or "the index"
            return Missing(kind=MissingKind.DIRECT_URL, text=f"{where} has no version {target} of {name}")
        files = {version: files for version, files in project.page.files_by_version.items() if version == target}
        page = replace(project.page, files_by_version=files)
        return ProjectCandidates(page, self._build, self.admission, self._fetcher, pre=self._pre)

    def _look_at(self, name: str, url: str) -> ReleaseFile | Version | Missing:
        if url not in self.links and is_local(url):
            return Missing(
                kind=MissingKind.DIRECT_URL, text="files on this disk are read for the user's own lines only"
            )
        return look_at(name, self.links.get(url, url))

    def failures(self) -> tuple[list[tuple[str, Missing]], list[Missing]]:
        """The failures of indexes so far: with the projects that others have all the same, and for what is unknown."""
        found = self._projects.values()
        partial = [(one.page.name, why) for one in found if not isinstance(one, Missing) for why in one.page.unanswered]
        return partial, [one for one in found if isinstance(one, Missing)]

    def is_out_of_time(self) -> bool:
        """Whether the run has reached its time limit."""
        return self._fetcher.is_out_of_time()

    def prefetch(self, wanted: Iterable[tuple[str, str | None]]) -> None:
        """Start fetching the pages, or archive metadata, of projects with their direct references; returns at once."""
        names: dict[str, None] = {}
        for name, url in dict.fromkeys(wanted):
            target = self._look_at(name, url) if url else None
            if isinstance(target, ReleaseFile):
                self._fetcher.prefetch_metadata(target)
            elif not isinstance(target, Missing):
                names[name] = None
        self._fetcher.prefetch(names)

    def is_equivalent_to(self, other: CandidateIndex) -> bool:
        """Whether every question asked of ``other`` so far has the same answer for this build."""
        for key, theirs in other._projects.items():
            ours = self.of(*key)
            if isinstance(ours, Missing) or isinstance(theirs, Missing):
                if ours != theirs:
                    return False
            elif not ours.is_equivalent_to(theirs):
                return False
        return self._has_metadata_of(other)

    def _has_metadata_of(self, other: CandidateIndex) -> bool:
        """Whether the core metadata agrees wherever the two builds get different files."""
        differing = []
        for described in other._described:
            ours, theirs = (index.metadata_file(*described) for index in (self, other))
            if ours and theirs and ours.url != theirs.url:
                self._fetcher.prefetch_metadata(ours)
                differing.append((described[0], ours, theirs))
            elif ours != theirs:
                return False
        return all(self._are_alike(*each) for each in differing)

    def _are_alike(self, name: str, ours: ReleaseFile, theirs: ReleaseFile) -> bool:
        """Whether two files of one version have the same requirements, and are discarded neither or both."""
        answers = [self._fetcher.metadata(file) for file in (ours, theirs)]
        flaws = [flaw_of(file, name, answer) for file, answer in zip((ours, theirs), answers, strict=True)]
        return flaws[0] == flaws[1] and _agree(*answers)

    def read_ahead(self, candidate: Candidate, is_permitted: Callable[[Version], bool] | None = None) -> None:
        """Start reading what may be asked for after the metadata of a version on the index; returns at once.

        Without ``is_permitted``: that metadata itself, which is likely to be asked for.
        """
        name, _, version, url = candidate
        if version is None or url is not None:
            return
        project = self.of(name)
        if isinstance(project, Missing):
            return
        if (ahead := self._ahead.get(name)) is None:
            ahead = self._ahead[name] = ReadAhead(project, self._fetcher)
        if is_permitted is None:
            ahead.likely(version)
        else:
            ahead.asked_for(version, is_permitted)

    def metadata_file(self, name: str, version: Version, url: str | None = None) -> ReleaseFile | None:
        """The file that the core metadata of one version is read from (`ProjectCandidates.metadata_file`)."""
        project = self.of(name, url)
        return None if isinstance(project, Missing) else project.metadata_file(version)

    def discards(self, name: str, version: Version) -> bool:
        """Whether installers discard a version on the index, or some file of it; it is gone from then on. Blocks."""
        project = self.of(name)
        return not isinstance(project, Missing) and project.discards(version)

    def metadata(self, name: str, version: Version, url: str | None = None) -> Metadata | Missing | None:
        """The core metadata of one version; ``None`` when the version has no file. Blocks."""
        self._described[name, version, url] = None
        project = self.of(name, url)
        if isinstance(project, Missing):
            return project
        own = target_wheel(project, version, self._target, self._fetcher).file if self._target else None
        file = own or project.metadata_file(version)
        return None if file is None else self._fetcher.metadata(file)


def _agree(ours: Metadata | Missing, theirs: Metadata | Missing) -> bool:
    """Whether two files of one version have the same requirements, wherever these were read."""
    if isinstance(ours, Missing) or isinstance(theirs, Missing):
        return False
    return metadata_digest(ours) == metadata_digest(theirs)


def metadata_digest(metadata: Metadata) -> tuple[object, ...]:
    """What a resolution depends on in core metadata; comparable."""
    return set(metadata.requires), metadata.extras, metadata.requires_python, metadata.problems
