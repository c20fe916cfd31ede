"""Files of other tools that are not read: what they are, and what to give instead."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

MAX_BYTES = 16 * 1024 * 1024
"""Of a file that is looked at to tell what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignFormat:
    """A format that is known and not read."""

    what: str
    hint: str


_OF_AN_ENVIRONMENT = "check the environment itself (nogilcheck --env DIRECTORY), or what `pip freeze` prints in it"
_OF_REQUIREMENTS = "name the requirements that it was made from, or a lock of them (pip lock, pylock.toml)"
_PIXI = ForeignFormat(
    what="a pixi file, which is not supported", hint=f"{_OF_AN_ENVIRONMENT}; pixi keeps environments in .pixi/envs"
)
_CONDA_LOCK = ForeignFormat(what="a conda-lock file, which is not supported", hint=_OF_AN_ENVIRONMENT)

_BY_NAME = {
    "pixi.toml": _PIXI,
    "pixi.lock": _PIXI,
    "conda-lock*.yml": _CONDA_LOCK,
    "*.conda-lock.yml": _CONDA_LOCK,
    "conda-lock*.yaml": _CONDA_LOCK,
    "conda-*.lock": _CONDA_LOCK,
}

_BY_KEYS = (
    ({"pip_version", "installed"}, "a report of `pip inspect`", _OF_AN_ENVIRONMENT),
    ({"pip_version", "install"}, "a report of `pip install --report`", _OF_REQUIREMENTS),
    ({"bomFormat"}, "a CycloneDX bill of materials", _OF_AN_ENVIRONMENT),
    ({"spdxVersion"}, "an SPDX bill of materials", _OF_AN_ENVIRONMENT),
)
"""Top-level keys that tell what a JSON document is."""


def foreign_name(name: str) -> ForeignFormat | None:
    """The format that a file name stands for, without a directory."""
    return next((known for pattern, known in _BY_NAME.items() if fnmatchcase(name.lower(), pattern)), None)


def foreign_beside(directory: str) -> list[tuple[str, ForeignFormat]]:
    """The files in a directory whose names are known and that are not read, sorted by name."""
    try:
        names = sorted(entry.name for entry in Path(directory).iterdir())
    except OSError:
        return []
    return [(name, known) for name in names if (known := foreign_name(name)) is not None]


def foreign_file(path: str) -> ForeignFormat | None:
    """The format of an existing file, by its name or its content."""
    if (known := foreign_name(Path(path).name)) is not None or not path.lower().endswith(".json"):
        return known
    try:
        with Path(path).open("rb") as file:
            return foreign_content(file.read(MAX_BYTES))
    except OSError:
        return None


def foreign_content(data: bytes) -> ForeignFormat | None:
    """The format of a JSON document."""
    if not data.lstrip().startswith(b"{"):
        return None
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return None
    known = ((what, hint) for keys, what, hint in _BY_KEYS if keys <= document.keys())
    return next((ForeignFormat(what=f"{what}, which is not supported", hint=hint) for what, hint in known), None)
