"""What a package index offers: pages, files and their core metadata."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Protocol

from packaging.version import Version

from nogilcheck.frozen import frozen

if TYPE_CHECKING:
    from nogilcheck.model.target import Target

HASHES = ("sha512", "sha384", "sha256", "sha224", "sha1", "md5")
"""Algorithms of the hashes that a page may give, the strongest first (PEP 503: one that Python always has)."""


def build_number(build: str) -> tuple[int, str] | tuple[()]:
    """The sort key of a build tag (PEP 427): its leading digits, then the rest; nothing when empty."""
    match = re.match(r"(\d+)(.*)", build)
    return (int(match[1]), match[2]) if match else ()


@frozen
class ReleaseFile:
    """One distribution archive on an index page (PEP 503, PEP 691)."""

    filename: str
    url: str = field(repr=False)
    """Absolute. May hold credentials: never print it."""
    version: Version
    kind: Literal["wheel", "sdist"]
    tags: str = ""
    """The compressed tag set of a wheel (``cp314-cp314t-manylinux_2_28_x86_64``); empty for an sdist."""
    build: str = ""
    """The wheel's build tag (PEP 427), usually empty."""
    requires_python: str | None = None
    """As the page says (PEP 503 ``data-requires-python``); ``None`` when it says nothing."""
    yanked: bool = False
    """PEP 592."""
    upload_time: str | None = None
    """RFC 3339, UTC (PEP 700)."""
    size: int | None = None
    """Bytes (PEP 700)."""
    hashes: Mapping[str, str]
    """Algorithm -> hexadecimal digest; empty when the page gives none."""
    core_metadata: bool = False
    """The index serves ``<url>.metadata`` (PEP 658, PEP 714)."""
    metadata_hash: str | None = None
    """Of that file, ``sha256=...``; ``None`` when the page gives none that can be checked."""
    index: str = ""
    """The index or the find-links location that listed it; no credentials. Empty: a direct reference leads to it."""


@frozen
class Outline:
    """The files of one version as their names tell; none is yanked, and all have the same Requires-Python."""

    wheel_tags: tuple[str, ...]
    """The compressed tag set of each wheel."""
    has_sdist: bool
    requires_python: str
    """Empty: none."""

    def fits(self, build: Target) -> bool:
        """Whether a build gets one of the files."""
        is_one = self.has_sdist or any(map(build.best_tag, self.wheel_tags))
        return is_one and build.admits_python(self.requires_python)


class LazyFiles(Protocol):
    """The files of one version, made when asked for."""

    def __call__(self) -> tuple[ReleaseFile, ...]:
        """The files, in the page's order."""

    def wheel_tags(self) -> Iterable[str]:
        """The compressed tag set of each wheel, without making the files."""

    def outline(self) -> Outline | None:
        """The files without making them; ``None``: that tells too little."""


@dataclass(frozen=True, kw_only=True)
class ProjectPage:
    """The files of one project, from one index or merged from several."""

    name: str
    """Normalized (PEP 503)."""
    files_by_version: Mapping[Version, LazyFiles | tuple[ReleaseFile, ...]]
    """Large pages build their `ReleaseFile` values only for the versions that are looked at."""
    indexes: tuple[str, ...] = ()
    """The indexes that list the project, in order; no credentials."""
    rivals: tuple[str, ...] = ()
    """The indexes that were merged and each have files of it: two at least, or none. Any of them could provide it."""
    status: str = "active"
    """The project status marker (PEP 792)."""
    unanswered: Sequence[Missing] = ()
    """One for each index that should have been asked as well and did not answer: what it has is not here.

    One more for a page that turns out to be damaged where a version is looked at.
    """

    @cached_property
    def versions(self) -> tuple[Version, ...]:
        """Every version with at least one file, newest first."""
        return tuple(sorted(self.files_by_version, reverse=True))

    @cached_property
    def every_wheel_tag(self) -> frozenset[str]:
        """The compressed tag sets of all wheels."""
        return frozenset(tags for version in self.versions for tags in self.wheel_tags(version))

    def files(self, version: Version) -> tuple[ReleaseFile, ...]:
        """The files of one version, in the page's order; empty when it has none."""
        files = self.files_by_version.get(version, ())
        return files if isinstance(files, tuple) else files()

    def wheel_tags(self, version: Version) -> Iterable[str]:
        """The compressed tag sets of a version's wheels; cheaper than its files."""
        files = self.files_by_version.get(version, ())
        if isinstance(files, tuple):
            return [file.tags for file in files if file.kind == "wheel"]
        return files.wheel_tags()

    def outline(self, version: Version) -> Outline | None:
        """A version's files as their names tell, where that is cheaper and enough."""
        files = self.files_by_version.get(version, ())
        return None if isinstance(files, tuple) else files.outline()

    def last_upload(self, version: Version) -> str | None:
        """When the last file of a version was uploaded; ``None`` where the page does not tell of any."""
        return max((file.upload_time for file in self.files(version) if file.upload_time), default=None)


@frozen
class Dependency:
    """One ``Requires-Dist`` entry (core metadata specification), taken apart."""

    name: str
    """Normalized (PEP 503)."""
    specifier: str = ""
    extras: tuple[str, ...] = ()
    """Normalized, sorted."""
    marker: str | None = None
    url: str | None = None
    """A direct reference (PEP 440); credentials removed."""


@frozen
class SourceEvidence:
    """What an sdist shows without being built."""

    compiles: bool | None
    """True: it holds compiled code. False: shown to hold none. ``None``: no evidence either way."""
    signs: tuple[str, ...] = ()
    """What the judgement rests on: ``C``, ``C++``, ``Rust``, ``Cython``, ``Fortran``, ``maturin``, ..."""


@frozen
class Metadata:
    """The core metadata fields that resolution needs, and those that lead to who could help."""

    requires: tuple[Dependency, ...] = ()
    extras: tuple[str, ...] = ()
    """``Provides-Extra``, normalized, sorted."""
    requires_python: str | None = None
    origin: str = "wheel"
    """The rung of the ladder that gave it: ``pep658``, ``range``, ``wheel``, ``sdist``, ``requires.txt``,
    ``pyproject`` or ``local``."""
    problems: tuple[str, ...] = ()
    """Fields that could not be read, each in a sentence; what could be read is above."""
    source: SourceEvidence | None = None
    """Set when it was read from an sdist."""
    links: tuple[tuple[str, str], ...] = ()
    """Well-known labels (PEP 753: ``homepage``, ``source``, ``issues``, ``changelog``), sorted, with their URLs: http
    or https, as published, so that `nogilcheck.model.urls.without_credentials` has a look at one before it is shown."""
    name: str | None = None
    """The project that they say they are of, normalized, empty where they do not say; ``None`` where nobody looked."""
    version: str | None = None
    """The same for the version, as written."""
    invalid: str | None = None
    """In a sentence, the first Requires-Dist line that is no requirement by PEP 508; those are among ``problems``."""
    is_utf8: bool = True
    """Whether the whole file is UTF-8, as the specification demands."""
    pythons: tuple[str, ...] = ()
    """The minor versions of Python 3 that the classifiers list, as ``3.14``."""
    free_threading: tuple[str, ...] = ()
    """What the classifiers claim (``2 - Beta``; empty: that it is for free-threaded builds, and no more)."""
    notes: tuple[str, ...] = ()
    """What is odd about where it came from, in sentences; no credentials."""


class MissingKind(StrEnum):
    """Why a question has no answer. These are different answers, never merged."""

    NOT_FOUND = "not-found"
    """Every index was asked and none knows the project."""
    EMPTY = "empty"
    """The project exists, and no file of it is there to be used."""
    NO_INDEX = "no-index"
    """Indexes are switched off and no find-links location has the project."""
    OFFLINE = "offline"
    """Not in the cache, and the network must not be used."""
    UNREACHABLE = "unreachable"
    """The index did not answer, or not with anything usable."""
    FORBIDDEN = "forbidden"
    """401 or 403."""
    DYNAMIC = "dynamic"
    """The metadata would need a build (PEP 643)."""
    TOO_LARGE = "too-large"
    """A size limit was hit."""
    BROKEN = "broken"
    """The bytes are not what they should be."""
    DIRECT_URL = "direct-url"
    """A direct reference, a local path or a VCS requirement: no index is asked."""
    NO_VERSION = "no-version"
    """The project exists and no version of it satisfies what is asked."""
    CONFLICT = "conflict"
    """The requirements on the project contradict one another."""
    UNRESOLVED = "unresolved"
    """The resolution was cut off before it came to the project."""


@frozen
class Missing:
    """No answer, and why."""

    kind: MissingKind
    text: str
    """A sentence for people that names what was asked; no credentials."""
    index: str = ""
    """The index that failed to answer, where that is why; no credentials."""
    reason: str = ""
    """What failed there, as a predicate that does not name the page: ``did not answer: Connection refused``."""


class Fetcher(Protocol):
    """Where the walk gets its facts. Every answer is final for the run; failures are values."""

    def prefetch(self, names: Iterable[str]) -> None:
        """Start fetching the pages of these projects; returns at once."""

    def prefetch_metadata(self, file: ReleaseFile) -> None:
        """Start reading the core metadata of one file; returns at once."""

    def page(self, name: str) -> ProjectPage | Missing:
        """The page of one project (normalized name); blocks."""

    def metadata(self, file: ReleaseFile) -> Metadata | Missing:
        """The core metadata of one file, by the cheapest rung that works; blocks."""

    def listing(self, file: ReleaseFile) -> tuple[str, ...] | Missing:
        """The member names of one wheel, read from its central directory; blocks."""

    def is_out_of_time(self) -> bool:
        """Whether the run has reached its time limit: what is asked from now on has no answer."""
