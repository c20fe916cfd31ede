"""Read the metadata of older versions at once, where a walk goes back through the versions of a project one by one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from itertools import islice

from packaging.version import Version

from nogilcheck.model.artifact import Fetcher, ReleaseFile
from nogilcheck.resolve.walk.project_candidates import ProjectCandidates

MOST_AHEAD = 32
"""Versions of one project whose metadata is being read without having been asked for."""

SDIST_PIECE = 512 * 1024
"""Bytes of an sdist that weigh as much as the metadata of a wheel."""

MOST_LOOKED_AT = 256
"""Versions that are looked at to find these: of thousands few may be permitted."""


class ReadAhead:
    """What is read ahead of one project.

    A walk asks for a second version when the first was in conflict, or when a bound became known after it was chosen.
    So two more are read then; four once it has passed them, and so on. A wrong guess costs a request.
    """

    def __init__(self, project: ProjectCandidates, fetcher: Fetcher) -> None:
        """Create it; nothing is read yet."""
        self._project = project
        self._fetcher = fetcher
        self._first: Version | None = None
        self._at_a_time = 1
        self._asked: set[Version] = set()
        self._pending: dict[Version, int] = {}
        """Read, and not asked for yet, with what they weigh."""

    def likely(self, version: Version) -> None:
        """Start reading the metadata of a version that comes first among those that are permitted; returns at once."""
        if version not in self._asked and version not in self._pending:
            self._read(version)

    def asked_for(self, version: Version, is_permitted: Callable[[Version], bool]) -> None:
        """Note that the metadata of a version is asked for, and start reading that of older ones which are permitted.

        Returns at once. A search comes back to the same versions again and again, each time with other ones permitted.
        """
        if version in self._asked:
            return
        self._asked.add(version)
        self._pending.pop(version, None)
        if self._first is None:
            self._first = version
        if version >= self._first:
            return
        left = sum(weight for each, weight in self._pending.items() if each < version and is_permitted(each))
        if 2 * left > self._at_a_time:
            return
        self._at_a_time = min(2 * self._at_a_time, MOST_AHEAD)
        versions = self._project.page.versions
        begin = bisect_left(versions, x=True, key=lambda each: each < version)
        for older in islice(versions, begin, begin + MOST_LOOKED_AT):
            if left >= self._at_a_time:
                return
            if older not in self._asked and older not in self._pending and is_permitted(older):
                left += self._read(older)

    def _read(self, version: Version) -> int:
        """Start reading what a walk reads of a version; what it weighs, in the metadata of wheels."""
        files = files_to_read(self._project, version)
        for file in files:
            self._fetcher.prefetch_metadata(file)
        if files:
            self._pending[version] = sum(map(_weight, files))
        return self._pending.get(version, 0)


def files_to_read(project: ProjectCandidates, version: Version) -> list[ReleaseFile]:
    """The files whose core metadata a walk reads of a version; none where no file fits the build."""
    best, described = project.best(version), project.metadata_file(version)
    if best is None or described is None:
        return []
    # Where the page does not tell it, the file that would be installed tells whether it is for this Python.
    return [described] if best.requires_python or best.url == described.url else [described, best]


def _weight(file: ReleaseFile) -> int:
    """An sdist is read to its end."""
    return 1 if file.kind == "wheel" else 1 + (file.size or 0) // SDIST_PIECE
