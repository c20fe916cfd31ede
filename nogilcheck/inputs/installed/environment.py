"""An installed environment: the distributions in its site-packages, from their metadata.

See the specification "Recording installed projects" (PEP 376, PEP 610, PEP 627). Nothing is imported or run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nogilcheck.inputs.contents.content import Content
from nogilcheck.inputs.installed.metadata import Installed, read_installed
from nogilcheck.inputs.locks.entries import pinned_root
from nogilcheck.inputs.locks.roots import Member, lock_roots
from nogilcheck.inputs.text.evidence import Evidence
from nogilcheck.inputs.text.quoting import abbreviate
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.lock import Lock
from nogilcheck.model.source import Location, Unread

MAX_DISTRIBUTIONS = 5000
"""Distributions of one environment; Anaconda's own has about 500."""

TOOLS = frozenset({"pip", "setuptools", "wheel"})
"""What environments are created with, wanted or not."""

_LAYOUTS = ("lib/*/site-packages", "lib64/*/site-packages", "Lib/site-packages")
"""Of virtual environments (PEP 405) and conda's, on POSIX and Windows."""

_SUFFIXES = (".dist-info", ".egg-info", ".egg-link")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What lies in site-packages."""

    installed: tuple[Installed, ...]
    unread: tuple[Unread, ...]
    notes: tuple[str, ...]


def read_environment(path: str, shown: str, evidence: Evidence) -> Content:
    """The distributions in a virtual or conda environment, or in a site-packages directory.

    ``path`` is absolute, ``shown`` the same as the user would type it. Roots are what was asked for by name
    (``REQUESTED``, PEP 376) and what nothing else requires. Raises `UnreadableSourceError`.
    """
    directories = site_packages(Path(path))
    evidence.file(str(Path(path, "pyvenv.cfg")))
    for directory in directories:
        evidence.names(str(directory))
        for place in _places([directory]):
            evidence.installable(str(place))
    if not directories:
        raise UnreadableSourceError(
            "not an installed environment: no site-packages in it", hint="Name the directory of a virtual environment."
        )
    found = _found(directories, Path(path), shown)
    by_name: dict[str, Installed] = {}
    for each in found.installed:
        # Python imports the one that comes first.
        by_name.setdefault(each.distribution.name, each)
    distributions = [each.distribution for each in by_name.values()]
    asked = [
        pinned_root(each.distribution)
        for each in by_name.values()
        if each.requested and each.distribution.name not in TOOLS
    ]
    roots = lock_roots(asked, [Member(distribution=each) for each in distributions if each.name not in TOOLS])
    notes = list(found.notes)
    if _sees_system(Path(path)):
        notes.append(f"{shown}: distributions of the Python behind it, which it can see, are not checked")
    return Content(
        lock=Lock(path=shown, kind="environment", roots=roots, distributions=tuple(distributions)),
        unread=found.unread,
        notes=tuple(notes),
    )


def site_packages(path: Path) -> list[Path]:
    """The directories with distributions, each once although lib64 is often lib. Raises `UnreadableSourceError`."""
    try:
        found = [each for layout in _LAYOUTS for each in sorted(path.glob(layout)) if each.is_dir()]
        if not found and (path.name in {"site-packages", "dist-packages"} or any(path.glob("*.dist-info"))):
            found = [path] if path.is_dir() else []
        return list({os.path.realpath(each): each for each in reversed(found)}.values())[::-1]
    except (OSError, ValueError) as error:
        raise UnreadableSourceError(f"cannot be read: {error}") from error


def _found(directories: Sequence[Path], base: Path, shown: str) -> _Found:
    installed: list[Installed] = []
    unread: list[Unread] = []
    notes: list[str] = []
    for place in _places(directories):
        where = Path(shown, place.relative_to(base))
        if place.name.startswith("~"):
            notes.append(f"{where}: what is left of an update that failed, ignored as pip ignores it")
        elif len(installed) + len(unread) >= MAX_DISTRIBUTIONS:
            text = f"more than {MAX_DISTRIBUTIONS} distributions; the rest is not read"
            unread.append(Unread(location=Location(path=shown), text=text))
            break
        else:
            try:
                each = read_installed(place, str(where))
            except UnreadableSourceError as error:
                location = Location(path=str(where), line=error.line)
                unread.append(Unread(location=location, text=abbreviate(error.message), hint=error.hint))
            else:
                installed.append(each)
                unread += each.unread
    return _Found(installed=tuple(installed), unread=tuple(unread), notes=tuple(notes))


def _places(directories: Sequence[Path]) -> Iterator[Path]:
    for directory in directories:
        try:
            names = sorted(entry.name for entry in os.scandir(directory) if entry.name.endswith(_SUFFIXES))
        except OSError as error:
            raise UnreadableSourceError(f"cannot be read: {error.strerror or error}") from error
        yield from (directory / name for name in names)


def _sees_system(path: Path) -> bool:
    """Whether ``pyvenv.cfg`` (PEP 405) lets the environment see the distributions of its base."""
    try:
        with Path(path, "pyvenv.cfg").open(encoding="utf-8", errors="replace") as file:
            pairs = [line.partition("=") for line in file.read(64 * 1024).splitlines()]
    except (OSError, ValueError):
        return False
    return any(
        key.strip().lower() == "include-system-site-packages" and value.strip().lower() == "true"
        for key, _, value in pairs
    )
