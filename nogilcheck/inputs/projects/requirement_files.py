"""The lines of a requirements file that a build backend reads: requirements and comments, no options."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath, PureWindowsPath

from nogilcheck.inputs.project_contents import Part, ProjectCollector
from nogilcheck.inputs.text.logical_lines import MAX_LINE_LENGTH, logical_lines, split_options
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.source import Location


def add_files(gathering: ProjectCollector, names: Iterable[tuple[str, Location]], part: Part) -> None:
    """The requirements of files inside the project, each of which is named at a place."""
    for name, asked in names:
        if _outside(name):
            gathering.reject(asked, f"{name} is not inside the project, as build backends want it")
            continue
        shown = gathering.beside.shown(name)
        try:
            text = gathering.beside.text(name)
        except UnreadableSourceError as error:
            where = asked if error.line is None else Location(path=shown, line=error.line)
            gathering.reject(where, f"{name}: {error.message}", error.hint)
            continue
        _add_lines(gathering, text, shown, part)


def _add_lines(gathering: ProjectCollector, text: str, shown: str, part: Part) -> None:
    # A build backend expands no variables.
    for line in logical_lines(text, lambda _: None):
        where = Location(path=shown, line=line.number)
        if line.oversized:
            gathering.reject(where, f"a line of more than {MAX_LINE_LENGTH} characters")
            continue
        requirement, options = split_options(line.text)
        if options:
            gathering.reject(
                where,
                f"an option in a file that a build backend reads, which takes requirements only: {line.text}",
                "Write the requirements out, without options.",
            )
        elif requirement:
            gathering.add(requirement, where, part)


def _outside(name: str) -> bool:
    """Whether a path leads out of the project (setuptools refuses it; such a file would not be in the sdist)."""
    path = PureWindowsPath(name)
    return bool(path.anchor) or PurePosixPath(name).is_absolute() or ".." in path.parts
