"""Put the changes of a plan in their places: the user's files with changed lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nogilcheck.inputs.edits.edited_file import edited_file
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
