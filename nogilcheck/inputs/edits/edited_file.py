"""Edit one of the user's files, whatever its format; the lines of a requirements file (pip's format) here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

from nogilcheck.inputs.edits.structured_lines import edited_strings
from nogilcheck.inputs.edits.written import line_end, replaced
from nogilcheck.model.plan import BOM, FileEdit, PlanLine, RequirementChange
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


HEADING = "# what others require, by nogilcheck plan"

_HASH = re.compile(r"--hash[=\s]\s*\S+")
_CONTINUED = re.compile(r"\\\r?\n")


def edited_requirements(text: str, changes: Sequence[RequirementChange]) -> tuple[str, tuple[RequirementChange, ...]]:
    """The text with the changes in their places, and the changes that have none; comments and line ends stay.

    Changes without a location are further requirements, which come last.
    """
    end = line_end(text)
    own = {change.location.line: change for change in changes if change.location}
    written: list[str] = []
    placed: set[RequirementChange] = set()
    for first, last, logical in _logical(text):
        # A requirement is said to stand where its words begin, which may be after a line that only goes on.
        change = next((own[line] for line in range(first, last + 1) if line in own), None)
        new = logical if change is None else _changed(logical, change, end)
        placed |= {change} if change is not None and new is not None else set()
        written.append(logical if new is None else new)
    added = [change for change in changes if change.location is None]
    if added and written and not written[-1].endswith("\n"):
        written.append(end)
    more = [line for change in added for line in PlanLine(requirement=change.after, hashes=change.hashes).text]
    lines = [HEADING, *more] if more else []
    return "".join([*written, *(line + end for line in lines)]), tuple(
        change for change in own.values() if change not in placed
    )


def _logical(text: str) -> Iterator[tuple[int, int, str]]:
    """Lines with those that continue them: the numbers of the first and the last, and the text."""
    parts: list[str] = []
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        parts.append(line)
        if not line.rstrip("\r\n").endswith("\\") or line.lstrip().startswith("#"):
            yield number - len(parts) + 1, number, "".join(parts)
            parts = []
    if parts:
        number = len(text.splitlines())
        yield number - len(parts) + 1, number, "".join(parts)


def _changed(logical: str, change: RequirementChange, end: str) -> str | None:
    """A line of the file, however many it goes over, with its options and its comment."""
    if not change.hashes:
        return replaced(logical, change.before or "", change.after)
    body = logical.rstrip("\r\n")
    requirement, hashes, rest = body.partition("--hash")
    requirement, unhashed, _ = (requirement, hashes, rest) if hashes else (body, "", "")
    new = replaced(_CONTINUED.sub(" ", requirement), change.before or "", change.after)
    if new is None:
        return None
    options, mark, comment = _CONTINUED.sub(" ", unhashed + rest).partition(" #")
    kept = " ".join(_HASH.sub(" ", options).split())
    line = PlanLine(requirement=f"{new.rstrip()} {kept}".rstrip(), hashes=change.hashes)
    return end.join(line.text) + mark + comment + logical[len(body) :]
