"""An installed environment: the distributions in its site-packages, from their metadata.

See the specification "Recording installed projects" (PEP 376, PEP 610, PEP 627). Nothing is imported or run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.file_content.diagnostics import CORE, Diagnostics
from nogilcheck.inputs.installed.metadata import read_installed
from nogilcheck.inputs.locks.entries import held_in, pinned_root
from nogilcheck.inputs.locks.roots import lock_roots
from nogilcheck.inputs.text.evidence import Evidence
from nogilcheck.inputs.text.pipes import read_up_to
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.lock import Lock, LockedDistribution
from nogilcheck.model.source import Location

MAX_DISTRIBUTIONS = 5000
"""Distributions of one environment; Anaconda's own has about 500."""

TOOLS = frozenset({"pip", "setuptools", "wheel"})
"""What environments are created with, wanted or not."""

_LAYOUTS = ("lib/*/site-packages", "lib64/*/site-packages", "Lib/site-packages")
"""Of virtual environments (PEP 405) and conda's, on POSIX and Windows."""

_VERSION = re.compile(r"(?P<minor>3\.\d+)(?:\.\d+)?")

_SUFFIXES = (".dist-info", ".egg-info", ".egg-link")


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
    diagnostics = Diagnostics()
    by_name: dict[str, LockedDistribution] = {}
    requested: set[str] = set()
    for place, distribution in _distributions(directories, Path(path), shown, diagnostics):
        # Python imports the one that comes first.
        if by_name.setdefault(distribution.name, distribution) is distribution and (place / "REQUESTED").is_file():
            requested.add(distribution.name)
    wanted = [distribution for name, distribution in by_name.items() if name not in TOOLS]
    asked = [pinned_root(distribution) for distribution in wanted if distribution.name in requested]
    settings = _settings(Path(path))
    held = held_in(_python(settings, directories))
    roots = lock_roots(asked, [(distribution, (CORE,)) for distribution in wanted], held)
    if settings.get("include-system-site-packages", "").lower() == "true":
        diagnostics.note("distributions of its base Python, which it can import, are not checked", shown)
    return Content(
        lock=Lock(path=shown, kind="environment", roots=roots, distributions=tuple(by_name.values())),
        unread=diagnostics.unread,
        notes=diagnostics.notes,
    )


def site_packages(path: Path) -> list[Path]:
    """The directories with distributions, each once although lib64 is often lib. Raises `UnreadableSourceError`."""
    try:
        places = [place for layout in _LAYOUTS for place in sorted(path.glob(layout)) if place.is_dir()]
        if not places and (path.name in {"site-packages", "dist-packages"} or any(path.glob("*.dist-info"))):
            places = [path] if path.is_dir() else []
        return list({os.path.realpath(place): place for place in reversed(places)}.values())[::-1]
    except (OSError, ValueError) as error:
        raise UnreadableSourceError(f"cannot be read: {error}") from error


def _distributions(
    directories: Sequence[Path], base: Path, shown: str, diagnostics: Diagnostics
) -> Iterator[tuple[Path, LockedDistribution]]:
    """Each distribution with its metadata directory."""
    for count, place in enumerate(_places(directories)):
        where = str(Path(shown, place.relative_to(base)))
        if count >= MAX_DISTRIBUTIONS:
            text = f"more than {MAX_DISTRIBUTIONS} distributions; the rest is not read"
            diagnostics.reject(Location(path=shown), text)
            return
        if place.name.startswith("~"):
            diagnostics.note("left over from a failed update; ignored, as pip does", where)
            continue
        try:
            yield place, read_installed(place, where, diagnostics)
        except UnreadableSourceError as error:
            diagnostics.reject(Location(path=where, line=error.line), error.message, error.hint)


def _places(directories: Sequence[Path]) -> Iterator[Path]:
    for directory in directories:
        try:
            names = sorted(entry.name for entry in os.scandir(directory) if entry.name.endswith(_SUFFIXES))
        except OSError as error:
            raise UnreadableSourceError(f"cannot be read: {error.strerror or error}") from error
        yield from (directory / name for name in names)


def _settings(path: Path) -> dict[str, str]:
    """``pyvenv.cfg`` (PEP 405); empty where there is none."""
    try:
        text = read_up_to(Path(path, "pyvenv.cfg"), 64 * 1024).decode("utf-8", "replace")
    except (OSError, ValueError):
        return {}
    pairs = (line.partition("=") for line in text.splitlines())
    return {key.strip().lower(): value.strip() for key, _, value in pairs}


def _python(settings: Mapping[str, str], directories: Sequence[Path]) -> dict[str, str]:
    """The version of its Python as markers have it: as venv, virtualenv and uv write it, or as in its paths."""
    told = [
        settings.get("version", ""),
        settings.get("version_info", ""),
        *(place.parent.name for place in directories),
    ]
    match = next(filter(None, map(_VERSION.search, told)), None)
    return {"python_version": match["minor"], "python_full_version": match[0]} if match else {}
