"""What a directory says of its dependencies: a lock first, then the project, then requirements files."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nogilcheck.inputs.formats import FORMATS, InputFormat

MAX_ENTRIES = 10_000
"""Of a directory that is searched; in a larger one the rest is not looked at."""

_REQUIREMENTS_SUFFIXES = (".txt", ".in")
_SEARCHED = ("pylock.toml", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pyproject.toml")
_AFTER_REQUIREMENTS = ("setup.cfg", "environment.yml")
_MAY_STATE_NOTHING = frozenset({"pyproject.toml", "setup.cfg"})
"""Files that many projects have for other settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What was chosen in a directory."""

    paths: tuple[str, ...]
    """Absolute; several requirements files are one project."""
    passed_over: tuple[str, ...]
    """Names of further files that would have done."""


def discover(directory: str, states: Callable[[str], bool]) -> Discovery | None:
    """The files to read in a directory; ``None`` when none of them states dependencies.

    ``states`` tells of a pyproject.toml or a setup.cfg (its absolute path) whether it states any.
    Raises `OSError` for a directory that cannot be read.
    """
    names = _names(directory)
    by_name = {one.name: one for one in FORMATS}
    candidates = [_matching(names, by_name[name]) for name in _SEARCHED]
    candidates.append(_requirements(names))
    candidates += [_matching(names, by_name[name]) for name in _AFTER_REQUIREMENTS]
    found = [
        one for one in candidates if one and (one[0] not in _MAY_STATE_NOTHING or states(str(Path(directory, one[0]))))
    ]
    if not found:
        return None
    chosen, *others = found
    return Discovery(
        paths=tuple(str(Path(directory, name)) for name in chosen),
        passed_over=tuple(name for other in others for name in other),
    )


def advice(directory: str) -> str:
    """What to do where nothing was found, by what is there instead."""
    path = Path(directory)
    if (path / "Pipfile").is_file():
        return "lock the Pipfile (pipenv lock), and name Pipfile.lock"
    nested = sorted(one.name for one in path.glob("requirements/*.txt"))
    if nested:
        preferred = next((name for name in ("base.txt", "default.txt") if name in nested), nested[0])
        return f"name the files that count: nogilcheck requirements/{preferred}"
    if (path / "setup.py").is_file():
        return "setup.py is never run: name the requirements that it installs, a lock, or --env and an environment"
    return "name a file or requirements: nogilcheck numpy"


def _names(directory: str) -> list[str]:
    with os.scandir(directory) as entries:
        files = (entry.name for _, entry in zip(range(MAX_ENTRIES), entries, strict=False) if entry.is_file())
        return sorted(files)


def _matching(names: list[str], one: InputFormat) -> list[str]:
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
