"""Facts that a newer release has overtaken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from nogilcheck.model.evidence import EvidenceFact, EvidenceKind

_NOT_YET = frozenset({"planned", "will-not"})


class NewestRelease(NamedTuple):
    """The newest stable release of a project."""

    version: Version
    uploaded: str
    """ISO 8601 day, UTC; empty where the index does not tell."""
    free_threaded: bool
    """It has a wheel that was built for a free-threaded interpreter."""


def may_be_overtaken(facts: Iterable[EvidenceFact]) -> bool:
    """Whether a release could contradict any of them, so that the index has to be asked."""
    return any(fact.word in _NOT_YET or (fact.kind is EvidenceKind.KNOWN and fact.fixed is None) for fact in facts)


def overtaken(facts: Iterable[EvidenceFact], newest: NewestRelease) -> Iterator[str]:
    """What the newest release contradicts or leaves behind, in sentences without a full stop."""
    for fact in facts:
        released = f"{newest.version}{f' ({newest.uploaded})' if newest.uploaded else ''}"
        if fact.kind is EvidenceKind.STANCE and fact.word in _NOT_YET and newest.free_threaded:
            yield f"stance {fact.word} of {fact.date}, but {released} has free-threaded wheels"
        if fact.kind is EvidenceKind.KNOWN and fact.fixed is None and newest.uploaded > fact.date:
            within = SpecifierSet(fact.versions or "").contains(newest.version, prereleases=True)
            asked = "is it fixed there?" if within else "it is outside the range: name the release that fixes it"
            yield f"known problem of {fact.date} without a fix, and {released} is newer: {asked}"
