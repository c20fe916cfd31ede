"""Requirements files that a build backend reads: requirements and comments, no options."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath, PureWindowsPath

from nogilcheck.inputs.file_content.dependencies import read_dependency
from nogilcheck.inputs.file_content.diagnostics import Part
from nogilcheck.inputs.file_content.document import Document
from nogilcheck.inputs.text.logical_lines import MAX_LINE_LENGTH, logical_lines, split_options
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.source import Location, Root


def read_requirement_files(document: Document, names: Iterable[tuple[str, Location]], part: Part) -> Iterator[Root]:
    """The requirements of files inside the project, each of which is named at a place."""
    for name, asked in names:
        if _outside(name):
            document.diagnostics.reject(asked, f"{name} is not inside the project, as build backends want it")
            continue
        shown = document.neighbours.shown(name)
        try:
            text = document.neighbours.text(name)
        except UnreadableSourceError as error:
            where = asked if error.line is None else Location(path=shown, line=error.line)
            document.diagnostics.reject(where, f"{name}: {error.message}", error.hint)
            continue
        yield from _lines(document, text, shown, part)


def _lines(document: Document, text: str, shown: str, part: Part) -> Iterator[Root]:
    # A build backend expands no variables.
    for line in logical_lines(text, lambda _: None):
        where = Location(path=shown, line=line.number)
        if line.oversized:
            document.diagnostics.reject(where, f"a line of more than {MAX_LINE_LENGTH} characters")
            continue
        requirement, options = split_options(line.text)
        if options:
            document.diagnostics.reject(
                where,
                f"an option in a file that a build backend reads, which takes requirements only: {line.text}",
                "Write the requirements out, without options.",
            )
        elif requirement and (root := read_dependency(document, requirement, where, part)):
            yield root


def _outside(name: str) -> bool:
    """Whether a path leads out of the project (setuptools refuses it; such a file would not be in the sdist)."""
    path = PureWindowsPath(name)
    return bool(path.anchor) or PurePosixPath(name).is_absolute() or ".." in path.parts
