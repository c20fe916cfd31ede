"""Edit one of the user's files, whatever its format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath

from nogilcheck.inputs.edits.requirements_lines import edited_requirements
from nogilcheck.inputs.edits.structured_lines import edited_strings
from nogilcheck.model.plan import BOM, FileEdit, RequirementChange
from nogilcheck.model.source import Root

_STRUCTURED = frozenset({".toml", ".py", ".cfg", ".yml", ".yaml"})

MAX_EDITED = 10 * 1024 * 1024
"""Bytes; what is longer is changed by hand."""


def edited_file(
    path: str, changes: Sequence[RequirementChange], *, after: Root | None
) -> tuple[FileEdit | None, tuple[RequirementChange, ...]]:
    """The file with the changes, as far as they have a place in its text, and the other changes.

    ``after``: the last requirement of the project in the file, behind which further ones are inserted where the format
    is not that of a requirements file. A file that is not UTF-8, or holds what no terminal shows, is not edited: a diff
    of it could not be printed. Nothing is written.
    """
    before = _text(path)
    if before is None:
        return None, tuple(changes)
    if PurePath(path).suffix in _STRUCTURED or PurePath(path).name == "Pipfile":
        new, unplaced = edited_strings(before, changes, after=after)
    else:
        new, unplaced = edited_requirements(before, changes)
    edit = FileEdit(path=path, before=before, after=new)
    shown = FileEdit(path=path, before=before.removeprefix(BOM), after=new.removeprefix(BOM))
    if not all(line.rstrip("\r\n").replace("\t", "").isprintable() for line in shown.diff):
        return None, tuple(changes)
    return (edit if new != before else None), unplaced


def _text(path: str) -> str | None:
    try:
        with Path(path).open("rb") as file:
            text = file.read(MAX_EDITED + 1).decode()
    except (OSError, ValueError):
        return None
    return text if len(text) <= MAX_EDITED else None
