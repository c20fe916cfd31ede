"""What a lock file, or an installed environment, holds, which is followed, not solved; and how its tool writes it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum

from nogilcheck.frozen import frozen
from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.source import Location, Root


class LockedSource(StrEnum):
    """Where a locked distribution comes from."""

    INDEX = "index"
    URL = "url"
    """An archive at a URL of its own."""
    VCS = "vcs"
    PATH = "path"
    """A directory or an archive on the disk."""


@frozen
class LockedDependency:
    """One requirement of a locked distribution."""

    name: str
    """Normalized (PEP 503)."""
    version: str | None = None
    """Which entry is meant where a project has several; ``None``: every one whose own marker holds."""
    specifier: str = ""
    extras: tuple[str, ...] = ()
    """The extras of the dependency that it asks for; normalized, sorted."""
    marker: str | None = None
    extra: str | None = None
    """The extra of the parent that brings it in; ``None``: always there."""
    reference: str | None = None
    """`LockedDistribution.reference` of the entry that is meant, where there is one; ``None``: any."""


@frozen
class LockedDistribution:
    """One entry: a project at a version."""

    name: str
    """Normalized (PEP 503)."""
    version: str | None
    """As written; ``None`` where the lock leaves it open (a project directory with a dynamic version)."""
    location: Location
    """Where the entry begins."""
    marker: str | None = None
    """When it belongs to an environment at all; ``None``: whenever something asks for it."""
    requires_python: str | None = None
    files: tuple[ReleaseFile, ...] = ()
    files_known: bool = True
    """False: the lock has no file names, and the index has to tell (by ``hashes``, where there are any)."""
    hashes: tuple[str, ...] = ()
    """``sha256:...``: the only files that may be installed, where ``files_known`` is false. Empty: any."""
    dependencies: tuple[LockedDependency, ...] = ()
    source: LockedSource = LockedSource.INDEX
    reference: str = ""
    """What it is taken from, where that is no index: a URL or a path; no credentials."""
    own: bool = False
    """The locked project itself, or a member of its workspace: chains lead through it, and nothing of it is judged."""


@frozen
class Lock:
    """One lock file, or one installed environment."""

    path: str
    """As the user would type it."""
    kind: str
    """``uv.lock``, ``poetry.lock``, ``pdm.lock``, ``Pipfile.lock``, ``pylock.toml`` or ``environment``."""
    roots: tuple[Root, ...]
    """What is asked for directly, by the project or by its extras and groups (`Root.group`)."""
    distributions: tuple[LockedDistribution, ...]
    selected: frozenset[tuple[str, str | None]] = frozenset()
    """``("extra", NAME)`` and ``("group", NAME)``, normalized: what is installed of the project beside its core.
    Where members of a workspace conflict, ``("project", NAME)`` for each that is installed, and for what they lead to.
    """
    conflicts: tuple[frozenset[tuple[str, str | None]], ...] = ()
    """Sets of such, of which no two are installed together (uv's ``conflicts``)."""
    constraints: tuple[Root, ...] = ()
    """Those that the user names beside it; it is not resolved again, and has to satisfy them as it is."""
    bounding: tuple[Root, ...] = ()
    """The constraints by which its tool locks again."""
    overrides: tuple[Root, ...] = ()
    """Those by which its tool locks again; see `Inputs.overrides`."""
    companions: tuple[Root, ...] = ()
    """Requirements that the installer takes together with it, in one go."""
    again: str = ""
    """The command that wrote it, where it says so itself."""
    is_for_every_python: bool = True
    """Each release in it has to do for every Python that it is for; uv locks several of a project where none does."""
    has_graph: bool = True
    """Whether it tells who requires what; where not, every distribution is asked for by a root of its own."""


ENVIRONMENT = "environment"
"""The kind of what is installed, which nothing locks."""

UV, POETRY, PDM, PIPENV = "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock"

ANEW = {
    UV: "uv lock --refresh",
    POETRY: "poetry lock --no-cache",
    PDM: "pdm lock --refresh",
    PIPENV: "pipenv lock",
}
"""The command that brings files into a lock which its index has had since; the plain ones leave it as it is."""

_MOVING = {
    UV: ("uv lock", "--upgrade-package "),
    POETRY: ("poetry update --lock", ""),
    PDM: ("pdm update --no-sync --update-reuse", ""),
    PIPENV: ("pipenv upgrade --lock-only", ""),
}
"""The command, and what stands before each project."""

FOR_EVERY_PYTHON = frozenset({POETRY, PDM})
"""One release has to do for every Python that the project is for; uv locks one for each, Pipenv for one Python."""


def takes_versions(kind: str) -> bool:
    """Whether the command names the release; else the tool takes the newest that the project permits."""
    return kind not in {POETRY, PDM, PIPENV}


def moving(kind: str, moves: Sequence[tuple[str, str]], *, newest: Collection[str] = ()) -> str:
    """The command that moves projects, each to a release, in a lock of a kind; empty where none is known.

    Each was tried with the real tool (uv 0.13.9, Poetry 2.5, PDM 2.29.4, Pipenv 2026.10). ``newest``: projects of which
    no one release does for every Python, so that the tool has to choose.
    """
    if kind not in _MOVING:
        return ""
    command, before = _MOVING[kind]
    if not moves:
        return ANEW[kind]
    named = takes_versions(kind)
    words = (f"{name}=={version}" if named and name not in newest else name for name, version in moves)
    return " ".join([command, *(before + word for word in words)])


def compiling(command: str, moves: Sequence[tuple[str, str]]) -> str:
    """A command of ``uv pip compile``, ``uv export`` or pip-tools that wrote a file, so that it makes these moves."""
    flags = "".join(f" --upgrade-package {name}=={version}" for name, version in moves)
    if command.startswith("uv export"):
        return f"uv lock{flags} && {command}"
    return f"{command}{flags}" if command else ""
