"""What is known of a project beside its wheels: facts with their sources. None of them changes a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EvidenceKind(StrEnum):
    """What a fact is about; the keys of a project's table in the ledger."""

    TESTED = "tested"
    """Upstream's CI names a free-threaded build; `EvidenceFact.word` says for what: ``tests`` or ``wheels``."""
    WHEELS = "wheels"
    """The first release with a free-threaded wheel on PyPI."""
    TRACKING = "tracking"
    """The issue to follow."""
    STANCE = "stance"
    """What the maintainers say of it; ``word`` is one of `STANCES`."""
    KNOWN = "known"
    """A problem on free-threaded builds, of some versions."""
    ALTERNATIVE = "alternatives"
    """Another project that does the same; ``word`` is its name."""
    FALLBACK = "fallback"
    """What doing without the compiled part costs."""


STANCES = ("ready", "declared-only", "planned", "will-not")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFact:
    """One fact of the ledger."""

    kind: EvidenceKind
    text: str = ""
    """In words, without a full stop; may be empty where the kind and the word say it all."""
    source: str
    """The URL that says so."""
    date: str
    """The ISO 8601 day of what the source says."""
    word: str | None = None
    """What some kinds say in a word; see `EvidenceKind`."""
    versions: str | None = None
    """A specifier set (PEP 440): the versions that have a known problem."""
    fixed: str | None = None
    """The release that fixes a known problem."""


def affects(fact: EvidenceFact, version: str | None) -> bool:
    """Whether it is a known problem of this version."""
    if fact.kind is not EvidenceKind.KNOWN or version is None:
        return False
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(fact.versions or "").contains(version, prereleases=True)
