"""What is known of a project beside its wheels: facts with their sources. None of them changes a verdict."""

from __future__ import annotations

from enum import StrEnum

from nogilcheck.frozen import frozen


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


@frozen
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


class SourceWord(StrEnum):
    """What the source in an sdist says of a build on a free-threaded Python."""

    RUNS_WITHOUT = "runs-without-gil"
    """Every extension module declares it."""
    TURNS_ON = "turns-gil-on"
    """A module declares that it needs the GIL, or declares nothing, which comes to the same."""
    REFUSES = "refuses"
    """The build ends with an error there."""
    SILENT = "does-not-say"


@frozen
class SourceMark:
    """A place in the source that says something."""

    word: SourceWord
    """What it says by itself."""
    path: str
    """Below the root directory of the sdist; foreign text."""
    line: int
    """From 1."""
    text: str
    """What is there, in words, with foreign text in it."""


@frozen
class SourceReading:
    """What the source in an sdist says, read and not built: evidence, and no verdict."""

    file: str
    """The file name of the sdist."""
    python: str
    """The minor version of the free-threaded Python that it was read for: ``3.14``."""
    word: SourceWord
    marks: tuple[SourceMark, ...] = ()
    """The places that the word rests on, the first ones; where it is silent, what kept it from an answer."""
    more: int = 0
    """Such places that are left out."""
    backend: str | None = None
    """The build backend, as pyproject.toml names it."""
    needs: tuple[str, ...] = ()
    """Libraries that the build looks for."""
