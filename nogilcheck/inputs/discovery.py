"""What a directory says of its dependencies: a lock first, then the project, then requirements files."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nogilcheck.inputs.formats import FORMATS, Format

MAX_ENTRIES = 10_000
"""Of a directory that is searched; in a larger one the rest is not looked at."""

_REQUIREMENTS_SUFFIXES = (".txt", ".in")
_PYPROJECT = "pyproject.toml"
_SEARCHED = ("pylock.toml", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", _PYPROJECT)
_AFTER_REQUIREMENTS = ("setup.cfg", "environment.yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What was chosen in a directory."""

    paths: tuple[str, ...]
    """Absolute; several requirements files are one project."""
    passed_over: tuple[str, ...]
    """Names of further files that would have done."""


def discover(directory: str, states: Callable[[str], bool]) -> Discovery | None:
    """The files to read in a directory; ``None`` when none of them states dependencies.

    ``states`` tells of a pyproject.toml (its absolute path) whether it states any: many only configure tools.
    Raises `OSError` for a directory that cannot be read.
    """
    names = _names(directory)
    by_name = {one.name: one for one in FORMATS}
    candidates = [_matching(names, by_name[name]) for name in _SEARCHED]
    candidates.append(_requirements(names))
    candidates += [_matching(names, by_name[name]) for name in _AFTER_REQUIREMENTS]
    found = [one for one in candidates if one and (one != [_PYPROJECT] or states(str(Path(directory, _PYPROJECT))))]
    if not found:
        return None
    chosen, *others = found
    return Discovery(
        paths=tuple(str(Path(directory, name)) for name in chosen),
        passed_over=tuple(name for other in others for name in other),
    )


def _names(directory: str) -> list[str]:
    with os.scandir(directory) as entries:
        files = (entry.name for _, entry in zip(range(MAX_ENTRIES), entries, strict=False) if entry.is_file())
        return sorted(files)


def _matching(names: list[str], one: Format) -> list[str]:
    """The files of a format; of several pylock files, which are alternatives, the one without a name of its own."""
    found = [name for name in names if one.matches(name)]
    plain = [name for name in found if name.lower() == one.name.lower()]
    return plain or found[:1]


def _requirements(names: list[str]) -> list[str]:
    """Every ``requirements*.txt``, which together are one project; else what such files are compiled from."""
    for suffix in _REQUIREMENTS_SUFFIXES:
        if found := [name for name in names if name.startswith("requirements") and name.endswith(suffix)]:
            return found
    return []
