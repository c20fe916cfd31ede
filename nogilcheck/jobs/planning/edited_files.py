"""Put the changes of a plan in their places: the user's files with changed lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from nogilcheck.inputs.edits.edited_file import edited_file
from nogilcheck.inputs.text.compiled import compiling_command
from nogilcheck.model.lock import PDM, POETRY, UV, compiling, moving
from nogilcheck.model.plan import FileEdit, RequirementChange
from nogilcheck.model.source import COMMAND_LINE, STDIN, Root


def edits_of(
    roots: Sequence[Root], changes: Iterable[RequirementChange], *, locked: str | None
) -> tuple[tuple[FileEdit, ...], tuple[RequirementChange, ...]]:
    """The files with the changes, and the changes that have no place in them. Nothing is written.

    Further requirements go to the first file in which the project itself requires something. ``locked``: the path of
    the lock that is planned for; its tool alone edits it.
    """
    last = {root.location.path: root for root in roots if root.group is None and root.location.line}
    home = next((path for path in last if path not in (COMMAND_LINE, STDIN, locked)), "")
    by_path: dict[str, list[RequirementChange]] = {}
    for change in changes:
        by_path.setdefault(change.location.path if change.location else home, []).append(change)
    edits: list[FileEdit] = []
    by_hand: list[RequirementChange] = []
    for path, own in by_path.items():
        edit, unplaced = (
            (None, own) if path in ("", COMMAND_LINE, STDIN, locked) else edited_file(path, own, after=last.get(path))
        )
        edits += [edit] if edit else []
        by_hand += unplaced
    return tuple(edits), tuple(by_hand)


def commands_beside(edits: Iterable[FileEdit], moves: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """With what to lock again what lies beside the edited files, and to compile again those that are compiled."""
    return tuple(dict.fromkeys(command for edit in edits for command in _beside(Path(edit.path), edit.before, moves)))


def _beside(path: Path, text: str, moves: Sequence[tuple[str, str]]) -> Iterator[str]:
    if path.name == "pyproject.toml":
        yield from (moving(kind, moves) for kind in (UV, POETRY, PDM) if path.with_name(kind).is_file())
    elif command := compiling_command(text) or (_compiled(path) if path.suffix == ".in" else ""):
        yield compiling(command, moves)


def _compiled(path: Path) -> str:
    """The command that compiled the file beside an ``.in`` file."""
    try:
        return compiling_command(path.with_suffix(".txt").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
