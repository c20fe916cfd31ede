"""What the user wrote, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta
from typing import Annotated, Literal

from nogilcheck.frozen import frozen
from nogilcheck.model.json_format.kinds import integer

COMMAND_LINE = "<command line>"
"""The ``Location.path`` of requirements named on the command line."""

STDIN = "-"
"""The ``Location.path`` of requirements read from standard input."""

LineNumber = Annotated[int, integer(minimum=1, description="Counted from 1.")]

Count = Annotated[int, integer(minimum=0)]


@frozen
class Location:
    """A place in something the user wrote."""

    path: str
    """As the user would type it: relative to the working directory where possible."""
    line: LineNumber | None = None

    def __str__(self) -> str:
        return self.path if self.line is None else f"{self.path}:{self.line}"


@frozen
class Root:
    """A requirement (or, in a constraints file, a constraint) that the user wrote (PEP 508)."""

    requirement: str
    """The requirement as written, without comments, hashes and per-requirement options."""
    name: str | None
    """Normalized (PEP 503); ``None`` for a URL or a path without a name."""
    specifier: str = ""
    """A version specifier set (PEP 440), possibly empty."""
    extras: tuple[str, ...] = ()
    """Normalized names, sorted."""
    marker: str | None = None
    url: str | None = None
    """A direct reference or a local path; credentials removed. ``None`` for an index requirement."""
    link: str | None = field(default=None, repr=False)
    """``url`` with the credentials that it was written with, to be asked for and never shown; ``None``: it has none."""
    editable: bool = False
    hashes: tuple[str, ...] = ()
    """``sha256:...`` and the like, as in ``--hash``."""
    location: Location
    group: str | None = None
    """The extra or dependency group of the project that it belongs to; normalized."""
    kind: Literal["", "extra", "group"] = ""
    """What ``group`` is: an optional dependency (PEP 621) or a dependency group (PEP 735)."""
    locked: str | None = None
    """The version that a lock has for it, where it has several of the project; ``None``: the lock has one at most."""
    asker: str | None = None
    """The member of a workspace that asks for it, where a lock says that members conflict as a whole; normalized."""
    index: str | None = None
    """The name of the index that alone it may come from (uv's and Poetry's sources); ``None``: any."""
    binding: bool = False
    """A plan may not change it: a setting of an installer says it, or a file that is not on this disk."""

    @property
    def with_marker(self) -> str:
        """The requirement with its marker, which a lock has beside it: ``lib==1.0 ; python_version < "3.13"``."""
        if self.marker is None or ";" in self.requirement:
            return self.requirement
        return f"{self.requirement} ; {self.marker}"


Strategy = Literal["merge", "first-index"]

Role = Literal["first", "default", "merged", "supplemental", "explicit"]


@frozen
class NamedIndex:
    """An index as uv, Poetry, PDM or Pipenv are told of it."""

    name: str = ""
    """By which a dependency is pinned to it; empty: none can be."""
    url: str = field(repr=False)
    """Of the Simple API, or the path of a directory. May hold credentials: never print it."""
    role: Role = "first"
    """``first``: what it has comes from it alone, before all others (uv); ``default``: in the place of PyPI;
    ``merged``: together with the default one (Poetry, PDM); ``supplemental``: for what no other has (Poetry);
    ``explicit``: only for what is pinned to it."""
    flat: bool = False
    """It lists its files as a find-links location does (uv, PDM)."""
    only: tuple[str, ...] = ()
    """Patterns (`fnmatch`) of normalized names that come from such indexes alone (PDM, ``include_packages``)."""
    never: tuple[str, ...] = ()
    """Patterns of names for which it is not asked (PDM, ``exclude_packages``)."""


@frozen
class Pin:
    """A project comes from one index, or from one of those to which it is pinned."""

    project: str
    """Normalized (PEP 503)."""
    index: str | None
    """The name of the index; ``None``: also from the ordinary ones, for the pin does not hold everywhere."""


@frozen
class Cutoff:
    """A cool-down: what an installer does not take because it was uploaded too late."""

    before: str | None
    """A time in UTC as in ``Options.exclude_newer``; ``None``: the project is exempt from any cutoff."""
    project: str | None = None
    """Normalized; ``None``: every project that has no cutoff of its own."""
    whole_releases: bool = False
    """One late file takes the whole release away, and a file without an upload time is not late (Poetry)."""
    span: timedelta | None = None
    """It is so long ago, and moves with the clock: the same answer cannot be given again later."""
    origin: str = ""
    """The setting and its place, for people: ``exclude-newer (pyproject.toml:7)``."""


@frozen
class IndexSettings:
    """Where distributions come from and which of their files are admitted."""

    index_url: str | None = field(default=None, repr=False)
    """``None``: the default index (PyPI). May hold credentials: never print it, see `nogilcheck.model.urls`."""
    extra_index_urls: tuple[str, ...] = field(default=(), repr=False)
    """pip's further indexes, which it merges with the default one."""
    indexes: tuple[NamedIndex, ...] = ()
    """Those of other tools."""
    pins: tuple[Pin, ...] = ()
    strategy: Strategy | None = None
    """For all indexes together; ``None``: each as the tool does that was told of it."""
    find_links: tuple[str, ...] = field(default=(), repr=False)
    """Directories, archives, or URLs of HTML pages; relative paths already made absolute."""
    no_index: bool = False
    pre: bool = False
    """Admit pre-releases for every project."""
    only_binary: frozenset[str] = frozenset()
    """Normalized names, or ``:all:``."""
    no_binary: frozenset[str] = frozenset()
    origins: Mapping[str, str] = field(default_factory=dict)
    """Who says so in a file or a variable, for people: ``no-binary :all:`` -> ``--no-binary :all: (r.txt:3)``."""
    require_hashes: bool = False
    cutoffs: tuple[Cutoff, ...] = ()
    """At most one for each project, and one for all others."""


@frozen
class Bounds:
    """The Pythons and environments that a project, or a lock, says it is for."""

    project: str
    """Its name, or the path of the file that says it."""
    location: Location
    requires_python: str | None = None
    """A specifier set (core metadata, Requires-Python)."""
    setting: str = "requires-python"
    """What the user changes to have other Pythons admitted, in a message."""
    environments: tuple[str, ...] = ()
    """Markers, of which one at least must hold; empty: no limit."""
    free_threaded: tuple[bool | None, ...] = ()
    """For each of them the build that it is for; ``None``, and none at all: for both."""
    pythons: tuple[str, ...] = ()
    """The minor versions of Python 3 that its classifiers list, as ``3.14``; they limit nothing."""
    again: str = ""
    """How the tool of a lock locks for another Python, ``{version}`` (``3.14``) in the place of it."""

    def environments_of(self, *, free_threaded: bool) -> tuple[str, ...]:
        """The environments that are for one of the two builds."""
        builds = self.free_threaded or (None,) * len(self.environments)
        return tuple(
            environment
            for environment, build in zip(self.environments, builds, strict=True)
            if build is None or build is free_threaded
        )


@frozen
class InputFile:
    """One input that the user named, and how much it said."""

    path: str
    kind: str
    """``requirements``, ``constraints``, ``names``, ``stdin``, ``pyproject.toml``, ``uv.lock``, ..."""
    requirements: Count
    """How many roots it brought, with everything that it includes."""

    @property
    def is_lock(self) -> bool:
        """Whether its versions are followed: of all kinds, only those of locks have that word in their names."""
        return "lock" in self.kind


@frozen
class Unread:
    """A line, or a whole file, that could not be understood. Never dropped silently."""

    location: Location
    text: str
    """What is wrong, in a sentence; no credentials."""
    hint: str | None = None
    needs_build: bool = False
    """Nothing is wrong: only another tool could tell what stands here, as a build (PEP 621, ``dynamic``) or conda."""
    setting: Literal["", "choice", "install"] = ""
    """Nothing is wrong: it is a setting that is not followed, of which versions are chosen (a lock has chosen already),
    or of what is installed whoever chose it."""
    group: str | None = None
    """As in `Root`: what is not checked cannot make a check fail."""
    kind: Literal["", "extra", "group"] = ""
