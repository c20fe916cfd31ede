"""What a directory says of its dependencies: a lock first, then the project, then requirements files."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from pathlib import Path

from nogilcheck.frozen import frozen
from nogilcheck.inputs.foreign import foreign_name
from nogilcheck.inputs.formats import FORMATS, InputFormat

MAX_ENTRIES = 10_000
"""Of a directory that is searched; in a larger one the rest is not looked at."""

MAX_DIRECTORIES, MAX_DEPTH, MAX_SHOWN = 2000, 4, 3
"""Directories that are searched for projects below an empty one, levels of them, and projects that are named."""

_UNREADABLE = {"Pipfile": ("Pipfile.lock",), "setup.py": ("pyproject.toml", "setup.cfg")}
"""Files that state dependencies and are not read, with those that tell what is in them or are read beside them."""

NESTED = "requirements"
"""A directory in which many projects have requirements files, one for each purpose."""

_REQUIREMENTS_SUFFIXES = (".txt", ".in")


@frozen
class Discovery:
    """What was chosen in a directory."""

    paths: tuple[str, ...]
    """Absolute; several requirements files are one project."""
    passed_over: tuple[str, ...]
    """Names of further files that state dependencies, whether they could be read or not."""


def discover(directory: str, states: Callable[[str], bool]) -> Discovery | None:
    """The files to read in a directory; ``None`` when none of them states dependencies.

    ``states`` tells of a pyproject.toml or a setup.cfg (its absolute path) whether it states any.
    Raises `OSError` for a directory that cannot be read.
    """
    names = _names(directory)
    before = [_matching(names, form) for form in FORMATS if form.found == "first"]
    after = [_matching(names, form) for form in FORMATS if form.found == "last"]
    optional = {form.name for form in FORMATS if form.optional}
    candidates = [
        group
        for group in (*before, _requirements(names), *after)
        if group and (group[0] not in optional or states(str(Path(directory, group[0]))))
    ]
    if not candidates:
        return None
    chosen, *others = candidates
    if chosen == ["pyproject.toml"]:  # what pixi installs is the project, mostly, and more
        chosen += [name for group in others for name in group if name == "pixi.toml"]
    others.append([name for name in _UNREADABLE if name in names and chosen[0] not in _UNREADABLE[name]])
    further = (name for name in names if name.endswith(_REQUIREMENTS_SUFFIXES[0]) and NESTED in name)
    others.append([*further, *nested_requirements(directory)])
    return Discovery(
        paths=tuple(str(Path(directory, name)) for name in chosen),
        passed_over=tuple(dict.fromkeys(name for other in others for name in other if name not in chosen)),
    )


def advice(directory: str, shown: str) -> str:
    """What to do where nothing was found, by what is there instead; ``shown``: the directory as the user typed it."""
    path = Path(directory)
    if os.path.isfile(path / "Pipfile"):
        return "lock the Pipfile (pipenv lock), and name Pipfile.lock"
    if nested := nested_requirements(directory):
        usual = (f"{NESTED}/base.txt", f"{NESTED}/default.txt")
        return f"name the files that count: nogilcheck {next((name for name in usual if name in nested), nested[0])}"
    if os.path.isfile(path / "setup.py"):
        return "setup.py is never run: name the requirements that it installs, a lock, or --env and an environment"
    if below := _projects_below(path):
        more = f" (and {len(below) - MAX_SHOWN} more below)" if len(below) > MAX_SHOWN else ""
        named = shlex.join(os.path.normpath(Path(shown, name)) for name in below[:MAX_SHOWN])
        return f"name projects below it: nogilcheck {named}{more}"
    return "name a file or requirements: nogilcheck numpy"


def _projects_below(top: Path) -> list[str]:
    """The directories of projects a few levels below, relative, as far as names tell; nothing is read."""
    found: list[str] = []
    for directory, names, files in islice(directories_below(top), MAX_DIRECTORIES):
        depth = len(Path(directory).relative_to(top).parts)
        if depth >= MAX_DEPTH:
            names.clear()
        if depth and names_inputs(files, optional=True):
            found.append(Path(directory).relative_to(top).as_posix())
            names.clear()
    return found


def names_inputs(files: Collection[str], *, optional: bool = False) -> bool:
    """Whether files of a directory are called as what states dependencies, readable or not.

    ``optional``: or as what may state some.
    """
    usual = [form for form in FORMATS if form.found != "never" and (optional or not form.optional)]
    unread = not optional and any(name in _UNREADABLE or foreign_name(name) for name in files)
    return unread or bool(_requirements(list(files))) or any(form.matches(name) for form in usual for name in files)


def directories_below(
    top: Path, unreadable: Callable[[str], None] = lambda _: None
) -> Iterator[tuple[str, list[str], list[str]]]:
    """As `os.walk`, sorted, without hidden directories, environments, and what package managers install.

    ``unreadable`` is told of directories that cannot be read. Links to directories are named and not followed.
    """
    for directory, names, files in os.walk(top, onerror=lambda error: unreadable(str(error.filename))):
        names[:] = sorted(name for name in names if not name.startswith((".", "_")) and name != "node_modules")
        if "pyvenv.cfg" in files or "site-packages" in names:
            names.clear()
        yield directory, names, files


def _names(directory: str) -> list[str]:
    with os.scandir(directory) as entries:
        files = (entry.name for _, entry in zip(range(MAX_ENTRIES), entries, strict=False) if entry.is_file())
        return sorted(files)


def nested_requirements(directory: str) -> list[str]:
    """Requirements files one level below, in the directory that is called so; relative."""
    return sorted(f"{NESTED}/{file.name}" for file in islice(Path(directory, NESTED).glob("*.txt"), MAX_ENTRIES))


def _matching(names: list[str], form: InputFormat) -> list[str]:
    """The files of a format; of several pylock files, which are alternatives, the one without a name of its own."""
    matching = [name for name in names if form.matches(name)]
    plain = [name for name in matching if name.lower() == form.name.lower()]
    return plain or matching[:1]


def _requirements(names: list[str]) -> list[str]:
    """Every ``requirements*.txt``, which together are one project; else what such files are compiled from."""
    for suffix in _REQUIREMENTS_SUFFIXES:
        if files := [name for name in names if name.startswith("requirements") and name.endswith(suffix)]:
            return files
    return []
