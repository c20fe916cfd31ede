"""The fetcher's answers straight from a universe, without a server: for tests that ask thousands of questions."""

from __future__ import annotations

from collections.abc import Iterable

from packaging.utils import canonicalize_name
from packaging.version import Version

from nogilcheck.index.archives.core_metadata import parse_dependency, parse_metadata
from nogilcheck.model.artifact import Metadata, Missing, MissingKind, ProjectPage, ReleaseFile, SourceEvidence
from tests.world import metadata
from tests.world.universe import File, SdistContents, Universe, WheelContents


class MemoryFetcher:
    """Implements `Fetcher`."""

    def __init__(self, universe: Universe) -> None:
        self._universe = universe
        self.asked: list[str] = []
        """Names of projects whose page was asked for, in order."""

    def prefetch(self, names: Iterable[str]) -> None:
        pass

    def prefetch_metadata(self, file: ReleaseFile) -> None:
        pass

    def page(self, name: str) -> ProjectPage | Missing:
        self.asked.append(name)
        project = self._universe.project(name)
        if project is None:
            return Missing(kind=MissingKind.NOT_FOUND, text=f"{name}: no such project")
        files: dict[Version, tuple[ReleaseFile, ...]] = {}
        for file in project.files:
            release = _release_file(file)
            files[release.version] = (*files.get(release.version, ()), release)
        return ProjectPage(name=name, files_by_version=dict(files), indexes=("memory",))

    def metadata(self, file: ReleaseFile) -> Metadata | Missing:
        found = self._universe.file(file.filename)
        contents, core = found.contents, found.core
        if core.fields and found.is_wheel:  # they may be such as no reader takes
            return parse_metadata(metadata(found), origin="wheel")
        source = None
        if isinstance(contents, SdistContents):
            source = SourceEvidence(compiles=bool(contents.native), signs=contents.native)
        return Metadata(
            requires=tuple(map(parse_dependency, core.requires_dist)),
            extras=tuple(sorted(canonicalize_name(extra) for extra in core.extras)),
            requires_python=core.requires_python,
            origin="wheel" if found.is_wheel else "sdist",
            source=source,
        )

    def listing(self, file: ReleaseFile) -> tuple[str, ...] | Missing:
        contents = self._universe.file(file.filename).contents
        assert isinstance(contents, WheelContents)
        return contents.members

    def is_out_of_time(self) -> bool:
        return False


def _release_file(file: File) -> ReleaseFile:
    contents = file.contents
    return ReleaseFile(
        filename=file.filename,
        url=f"memory:{file.filename}",
        version=Version(file.version),
        kind="wheel" if isinstance(contents, WheelContents) else "sdist",
        tags=contents.tags if isinstance(contents, WheelContents) else "",
        build=contents.build if isinstance(contents, WheelContents) else "",
        requires_python=file.requires_python,
        yanked=file.yanked is not None,
        upload_time=file.upload_time,
        hashes={},
        index="memory",
    )
