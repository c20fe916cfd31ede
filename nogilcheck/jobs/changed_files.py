"""What has to be checked because files have changed: for a pre-commit hook, which is given their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path, PurePath

from nogilcheck.inputs.discovery import Discovery, discover
from nogilcheck.inputs.structured import states_dependencies
from nogilcheck.inputs.text.sources import SourceReader

_STATING = ("pyproject.toml", "setup.cfg", "pixi.toml")
"""Files that may state dependencies, and may as well do nothing but configure tools."""
_OF_A_PROJECT = (*_STATING, "nogilcheck.toml")


def projects_of(files: Iterable[str]) -> tuple[str, ...]:
    """Arguments of checks, one each: directories, and files that are not what is found in theirs.

    ``files`` are paths relative to the working directory. What only configures tools, in a directory that states no
    dependencies, stands for the nearest directory above that does.
    """
    return tuple(dict.fromkeys(argument for file in files for argument in _checks(PurePath(file))))


def _checks(file: PurePath) -> Iterator[str]:
    found = discovered(file.parent)
    of_project = file.name.lower() in _OF_A_PROJECT or "constraints" in file.name.lower()
    if found is not None:
        yield _directory(file.parent)
        if not of_project and Path(file).absolute() not in map(Path, found.paths):
            yield str(file)
    elif not of_project:
        yield str(file)
    else:
        for parent in file.parent.parents:
            if discovered(parent) is not None:
                yield _directory(parent)
                return
        if file.name.lower() not in _STATING:
            yield "."  # which says what is missing there


def _directory(path: PurePath) -> str:
    return "." if path == PurePath() else f"./{path.as_posix()}" if not path.is_absolute() else str(path)


def discovered(directory: PurePath) -> Discovery | None:
    """What a check of a directory would read; ``None``: nothing there states dependencies, or it cannot be read."""
    try:
        return discover(str(Path(directory).absolute()), partial(states_dependencies, sources=SourceReader()))
    except OSError:  # the check says so
        return None
