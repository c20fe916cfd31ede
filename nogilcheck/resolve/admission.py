"""Decide which files of a project the user's options admit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from packaging.version import Version

from nogilcheck.frozen import frozen
from nogilcheck.model.artifact import Outline, ProjectPage, ReleaseFile
from nogilcheck.model.graph import ExcludedBy
from nogilcheck.model.source import Cutoff, IndexSettings, Location, Root

ALL = ":all:"


class Admission:
    """Applies pip's ``--only-binary``, ``--no-binary`` and ``--hash``, and an upload date."""

    def __init__(self, settings: IndexSettings, *, exclude_newer: str | None, roots: Iterable[Root]) -> None:
        """Create it from the options of a run.

        ``exclude_newer`` as in `Options` replaces the cutoff of the settings for all projects. ``roots``: the
        requirements and constraints that apply; as in pip, a file must have a hash that all of those on its project
        allow.
        """
        self._settings = settings
        self._cutoffs = {cutoff.project: cutoff for cutoff in settings.cutoffs}
        if exclude_newer is not None:
            self._cutoffs[None] = Cutoff(before=exclude_newer, origin="--exclude-newer")
        self._hashes: dict[str, frozenset[str]] = {}
        self._hashed_at: dict[str, Location] = {}
        for root in roots:
            if root.name and root.hashes:
                allowed = frozenset(map(str.lower, root.hashes))
                self._hashes[root.name] = self._hashes.get(root.name, allowed) & allowed
                self._hashed_at.setdefault(root.name, root.location)

    def existing(self, page: ProjectPage, version: Version) -> tuple[ReleaseFile, ...]:
        """The files of a version that were uploaded in time."""
        files = page.files(version)
        cutoff = self.cutoff(page.name)
        if cutoff is None:
            return files
        in_time = tuple(file for file in files if not _is_late(file, cutoff))
        return () if cutoff.whole_releases and len(in_time) < len(files) else in_time

    def in_time(self, page: ProjectPage) -> ProjectPage:
        """The page as it was before the upload date; the files of a version are parsed when they are needed."""
        if self.cutoff(page.name) is None:
            return page
        return replace(
            page,
            files_by_version={
                version: _InTime(admission=self, page=page, version=version) for version in page.files_by_version
            },
        )

    def lacks_upload_time(self, page: ProjectPage, version: Version) -> bool:
        """Whether a cutoff counts, and the index does not tell when every file of the version was uploaded.

        As in pip and uv, files of a local find-links location have no age.
        """
        cutoff = self.cutoff(page.name)
        if cutoff is None or cutoff.whole_releases:
            return False
        return any(file.upload_time is None and not _is_local(file.index) for file in page.files(version))

    def cutoff(self, name: str) -> Cutoff | None:
        """The cutoff that counts for a project."""
        cutoff = self._cutoffs.get(name) or self._cutoffs.get(None)
        return None if cutoff is None or cutoff.before is None else cutoff

    def admitted(self, page: ProjectPage, version: Version) -> tuple[ReleaseFile, ...]:
        """The files of a version that were uploaded in time and that no option excludes."""
        files = self.existing(page, version)
        if self._formats(page.name) is None and not self.has_hashes(page.name):
            return files
        return tuple(file for file in files if self.refusal(page.name, file) is None)

    def outline(self, page: ProjectPage, version: Version) -> Outline | None:
        """The files of a version as their names tell, where that is enough and no option can exclude any."""
        name = page.name
        may_exclude = self.cutoff(name) is not None or self._formats(name) is not None or self.has_hashes(name)
        return None if may_exclude else page.outline(version)

    def has_hashes(self, name: str) -> bool:
        """Whether a requirement or a constraint names hashes for the project."""
        return name in self._hashes

    def refusal(self, name: str, file: ReleaseFile) -> ExcludedBy | None:
        """What excludes a file of a project."""
        formats = self._formats(name)
        if formats is not None and file.kind == ("sdist" if formats.option == "only-binary" else "wheel"):
            return formats
        # As in pip, a page without a hash of the required algorithms leaves the check to the download.
        if (allowed := self._hashes.get(name)) is not None and file.hashes:
            hashes = {f"{algorithm}:{digest}".lower() for algorithm, digest in file.hashes.items()}
            comparable = {text.partition(":")[0] for text in allowed} <= set(map(str.lower, file.hashes))
            if comparable and hashes.isdisjoint(allowed):
                return ExcludedBy("hash", f"--hash ({self._hashed_at[name]})")
        return None

    def _formats(self, name: str) -> ExcludedBy | None:
        """What counts of the project, as in pip's FormatControl: an entry for the project overrides ``:all:``."""
        settings = self._settings
        rows = (("only-binary", settings.only_binary), ("no-binary", settings.no_binary))
        for entry in (name, ALL):
            for option, names in rows:
                if entry in names:
                    return ExcludedBy(option, settings.origins.get(f"{option} {entry}", f"--{option} {entry}"))
        return None


@frozen
class _InTime:
    """The files of one version that were uploaded in time."""

    admission: Admission
    page: ProjectPage
    version: Version

    def __call__(self) -> tuple[ReleaseFile, ...]:
        return self.admission.existing(self.page, self.version)

    def wheel_tags(self) -> list[str]:
        return [file.tags for file in self() if file.kind == "wheel"]

    def outline(self) -> None:
        return None


EVERYTHING = Admission(IndexSettings(), exclude_newer=None, roots=())
"""Admits every file, for direct references: pip checks neither their format nor their upload date."""


def _is_local(index: str) -> bool:
    return index.startswith("file:") or Path(index).is_absolute()


def _is_late(file: ReleaseFile, cutoff: Cutoff) -> bool:
    if file.upload_time is None or cutoff.before is None:
        return False
    return _moment(file.upload_time) >= _moment(cutoff.before)


def _moment(time: str) -> str:
    """Normalize a time in UTC to text that sorts: no zone, and no trailing zeros in the fraction."""
    whole, _, fraction = time.removesuffix("Z").partition(".")
    return f"{whole}.{fraction.rstrip('0')}" if fraction.rstrip("0") else whole
