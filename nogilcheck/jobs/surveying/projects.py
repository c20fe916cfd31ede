"""The projects of a survey: those below directories, and what lists name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePath

from packaging.utils import canonicalize_name

from nogilcheck.errors import InputError
from nogilcheck.inputs.arguments import ArgumentKind, sort_argument
from nogilcheck.inputs.discovery import directories_below, names_inputs, nested_requirements
from nogilcheck.inputs.formats import format_of
from nogilcheck.jobs.changed_files import discovered
from nogilcheck.jobs.surveying.one_project import SurveyProject
from nogilcheck.model.urls import redact

_ONE_PROJECT = "to check a requirements file as one project, call it requirements.txt, or NAME-requirements.txt"
_HINT = "name a directory with projects, or a file that lists paths, names or reports, one a line"


def find_projects(arguments: Sequence[str], warn: Callable[[str], None]) -> tuple[SurveyProject, ...]:
    """Every project once, in the order in which they are found.

    A directory stands for the projects below it; a lock, a pyproject.toml or a requirements file for itself; a JSON
    file for a report that exists; any other file for the list in it; anything else is a requirement. ``warn`` is told
    of lists, of links that are not followed, and of what is named twice. Raises `InputError` where an argument stands
    for no project, or a list cannot be read.
    """
    found: dict[tuple[str, ...], SurveyProject] = {}
    for argument in arguments:
        projects = list(_named(argument, warn))
        if not projects:
            raise InputError("no project found", where=redact(argument), hint=_HINT)
        for project in projects:
            first = found.setdefault(_identity(project.given), project)
            if first is not project:
                warn(f"{project.name} is named twice, or is the same as {first.name}: it counts once")
    return tuple(found.values())


def _identity(given: str) -> tuple[str, ...]:
    """The same for two names of one project: the files that are read, or the requirement however it is spelled."""
    if os.path.exists(given):
        chosen = discovered(PurePath(given)) if os.path.isdir(given) else None
        return tuple(map(os.path.realpath, chosen.paths if chosen else (given,)))
    shown = redact(given).replace(" ", "")
    name = re.match(r"[\w.-]*", shown)[0]  # type: ignore[index]  # it may be empty
    return (canonicalize_name(name) + shown[len(name) :],)


def _named(text: str, warn: Callable[[str], None], *, listed: bool = False) -> Iterator[SurveyProject]:
    kind = sort_argument(text).kind
    is_file = kind is not ArgumentKind.REQUIREMENT and os.path.isfile(text) and not _is_input(text)
    if kind is ArgumentKind.STDIN:
        raise InputError("a survey does not read standard input", hint=_HINT)
    if kind is ArgumentKind.DIRECTORY:
        below = list(_below(text, warn))
        yield from below or ([SurveyProject(text)] if listed else [])
    elif is_file and text.lower().endswith(".json"):
        yield SurveyProject(text, is_report=True)
    elif listed or not is_file:
        yield SurveyProject(text)
    else:
        warn(f"{redact(text)} is read as a list: each line is a project; {_ONE_PROJECT}")
        yield from _listed(text, warn)


def _is_input(text: str) -> bool:
    """A file that is an input of a check by its name."""
    name = PurePath(text).name.lower()
    return format_of(text) is not None or ("requirements" in name and name.endswith((".txt", ".in")))


def _below(top: str, warn: Callable[[str], None]) -> Iterator[SurveyProject]:
    """A project for each directory of which a check would read something, or say why it cannot."""
    unreadable: list[str] = []
    for directory, names, files in directories_below(Path(top), unreadable.append):
        if links := [str(path) for name in names if (path := Path(directory, name)).is_symlink()]:
            warn(f"links to directories are not followed: {', '.join(links)}")
        nested = nested_requirements(directory)
        if discovered(PurePath(directory)) is not None or (names_inputs(files) and not nested):
            yield SurveyProject(directory)
        else:
            yield from (SurveyProject(str(Path(directory, name))) for name in nested)
    yield from map(SurveyProject, unreadable)


def _listed(path: str, warn: Callable[[str], None]) -> Iterator[SurveyProject]:
    """What a list names, one project a line; paths are relative to the list. Comments begin with ``#``."""
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise InputError(f"the list cannot be read: {reason}", where=path, hint=_HINT) from None
    for number, line in enumerate(lines, start=1):
        text = f" {line}".partition(" #")[0].strip()
        if text.startswith("-"):
            message = f"an option in a list of projects: {redact(text)}"
            raise InputError(message, where=f"{path}:{number}", hint=_ONE_PROJECT)
        if text:
            beside = str(Path(path).parent / text)
            yield from _named(beside if os.path.exists(beside) else text, warn, listed=True)
