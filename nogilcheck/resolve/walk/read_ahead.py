"""Read the metadata of older versions at once, where a walk goes back through the versions of a project one by one."""

from __future__ import annotations

from collections.abc import Callable

from packaging.version import Version

from nogilcheck.model.artifact import Fetcher
from nogilcheck.resolve.walk.project_candidates import ProjectCandidates

MOST_AHEAD = 32
"""Versions of one project whose metadata is being read without having been asked for."""


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
        self._pending: list[Version] = []
        """Read, and not asked for yet, newest first."""
        self._next = 0
        """The position on the page from where on nothing was read."""

    def asked_for(self, version: Version, is_permitted: Callable[[Version], bool]) -> None:
        """Note that the metadata of a version is asked for, and start reading that of older ones which are permitted.

        Returns at once.
        """
        if self._first is None:
            self._first = version
        if version >= self._first:
            return
        self._pending = [each for each in self._pending if each < version]
        if 2 * len(self._pending) > self._at_a_time:
            return
        self._at_a_time = min(2 * self._at_a_time, MOST_AHEAD)
        versions = self._project.page.versions
        while self._next < len(versions) and len(self._pending) < self._at_a_time:
            older = versions[self._next]
            self._next += 1
            if older < version and is_permitted(older) and self._project.best(older):
                self._read(older)

    def _read(self, version: Version) -> None:
        if file := self._project.metadata_file(version):
            self._fetcher.prefetch_metadata(file)
            self._pending.append(version)
