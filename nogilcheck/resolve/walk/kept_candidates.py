"""The candidates that requirements leave of each project, looked for once: a search asks the same again and again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count, islice
from typing import Generic, TypeVar

from packaging.specifiers import SpecifierSet

from nogilcheck.model.artifact import ProjectPage
from nogilcheck.resolve.versions import is_pinned, merged_text, specifier_set
from nogilcheck.resolve.walk.effort import Effort
from nogilcheck.resolve.walk.project_candidates import ProjectCandidates
from nogilcheck.resolve.walk.requirements import Candidate, Identifier

T = TypeVar("T")


class Remembered(Generic[T]):
    """What an iterator yields, for any number of readers, each at its own place; taken when the first one asks."""

    def __init__(self, items: Iterator[T]) -> None:
        self._known: list[T] = []
        self._further = items

    def __iter__(self) -> Iterator[T]:
        for number in count():
            if number == len(self._known):  # whoever asks the same meanwhile goes on from there
                self._known.extend(islice(self._further, 1))
                if number == len(self._known):
                    return
            yield self._known[number]


class KeptCandidates:
    """What `ProjectCandidates.matching` yields, as candidates."""

    def __init__(self, effort: Effort) -> None:
        self._effort = effort
        self.asked_last: dict[str, SpecifierSet] = {}
        """By project."""
        self._made: dict[Candidate, Candidate] = {}
        self._found: dict[tuple[Identifier, str, bool], tuple[ProjectPage, Remembered[Candidate]]] = {}
        """With the page that was looked at: another one takes its place where files are discarded."""

    def once(self, candidate: Candidate) -> Candidate:
        """The one object for all equal candidates, so that identity stands for equality, which is slower."""
        return self._made.setdefault(candidate, candidate)

    def of(self, identifier: Identifier, project: ProjectCandidates, specifiers: Sequence[str]) -> Iterable[Candidate]:
        """The candidates that satisfy all of the specifiers. Taking them raises `ExhaustedError`."""
        asked = identifier, merged_text(specifiers), any(map(is_pinned, specifiers))
        wanted = self.asked_last[identifier.name] = specifier_set(asked[1])
        page, candidates = self._found.get(asked, (None, ()))
        if page is not project.page:
            versions = project.matching(wanted, pinned=asked[2], counted=self._effort.counted)
            candidates = Remembered(self.once(Candidate(*identifier, version)) for version in versions)
            self._found[asked] = project.page, candidates
        return candidates
