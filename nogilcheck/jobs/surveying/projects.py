"""The projects of a survey: those below directories, and what lists name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePath

from nogilcheck.errors import InputError
from nogilcheck.inputs.arguments import ArgumentKind, sort_argument
from nogilcheck.inputs.discovery import directories_below, nested_requirements
from nogilcheck.inputs.formats import format_of
from nogilcheck.jobs.changed_files import discovered
from nogilcheck.model.report.survey import SurveyProject
from nogilcheck.model.source import STDIN
from nogilcheck.model.urls import redact

_ONE_PROJECT = "to check a requirements file as one project, name it in a list, or call it requirements.txt"
_HINT = "name a directory with projects, or a file that lists paths, names or reports, one a line"


def find_projects(arguments: Sequence[str], warn: Callable[[str], None]) -> tuple[SurveyProject, ...]:
    """Every project once, in the order in which they are found.

    A directory stands for the projects below it; a lock, a pyproject.toml or a requirements file for itself; a JSON
    file for a report that exists; any other file for the list in it, which ``warn`` says; anything else is a
    requirement. Raises `InputError` where there is no project, or a list cannot be read.
    """
    found: dict[str, SurveyProject] = {}
    for argument in arguments:
        projects = list(_named(argument, listed=False))
        if not projects:
            raise InputError("no project found", where=redact(argument), hint=_HINT)
        if _is_list(argument):
            warn(f"{redact(argument)} is read as a list: each line is a project; {_ONE_PROJECT}")
        for project in projects:
            found.setdefault(project.name, project)
    if not found:
        raise InputError("no project to survey", hint=_HINT)
    return tuple(found.values())


def _named(text: str, *, listed: bool) -> Iterator[SurveyProject]:
    kind = sort_argument(text).kind
    if text == STDIN:
        raise InputError("a survey does not read standard input", hint=_HINT)
    if kind is ArgumentKind.DIRECTORY:
        yield from _below(text)
    elif not listed and _is_list(text):
        yield from _listed(text)
    elif kind is not ArgumentKind.REQUIREMENT and os.path.isfile(text) and text.lower().endswith(".json"):
        yield SurveyProject(name=redact(text), inputs=(), saved=text)
    else:
        yield SurveyProject(name=redact(text), inputs=(text,))


def _is_list(text: str) -> bool:
    """A file that is no input of a check."""
    if sort_argument(text).kind is ArgumentKind.REQUIREMENT or not os.path.isfile(text):
        return False
    return not (text.lower().endswith(".json") or format_of(text) or _is_requirements(PurePath(text).name))


def _is_requirements(name: str) -> bool:
    return name.startswith("requirements") and name.endswith((".txt", ".in"))


def _below(top: str) -> Iterator[SurveyProject]:
    """A project for each directory of which a check would read something."""
    for directory, _, _ in directories_below(Path(top)):
        if discovered(PurePath(directory)) is not None:
            yield SurveyProject(name=directory, inputs=(directory,))
        else:
            for name in nested_requirements(directory):
                path = str(Path(directory, name))
                yield SurveyProject(name=path, inputs=(path,))


def _listed(path: str) -> Iterator[SurveyProject]:
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
            yield from _named(beside if os.path.exists(beside) else text, listed=True)
