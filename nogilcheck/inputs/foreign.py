"""Files of other tools that are not read: what they are, and what to give instead."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignFormat:
    """A format that is known and not read."""

    what: str
    hint: str


_BY_NAME = {
    "pixi.toml": ForeignFormat(
        what="a pixi manifest, which is not supported", hint="lock it (pixi lock) and name pixi.lock"
    ),
    "conda-*.lock": ForeignFormat(
        what="an explicit list of conda packages, which is not supported",
        hint="check the environment itself (nogilcheck --env DIRECTORY), or its conda-lock.yml",
    ),
}


def foreign_name(name: str) -> ForeignFormat | None:
    """The format that a file name stands for, without a directory."""
    return next((known for pattern, known in _BY_NAME.items() if fnmatchcase(name.lower(), pattern)), None)


def foreign_beside(directory: str) -> list[tuple[str, ForeignFormat]]:
    """The files in a directory whose names are known and that are not read, sorted by name."""
    try:
        names = sorted(entry.name for entry in Path(directory).iterdir())
    except OSError:
        return []
    known = [(name, form) for name in names if (form := foreign_name(name)) is not None]
    return [(name, form) for name, form in known if name != "pixi.toml" or "pixi.lock" not in names]
