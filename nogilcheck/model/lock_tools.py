"""The tools that write locks: with which command each moves single projects and keeps the rest.

Each was tried with the real tool (uv 0.13.9, Poetry 2.5, PDM 2.29.4, Pipenv 2026.10): what moves, and to which release.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from nogilcheck.model.plan import Move

UV, POETRY, PDM, PIPENV = "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock"

ANEW = {
    UV: "uv lock --refresh",
    POETRY: "poetry lock --no-cache",
    PDM: "pdm lock --refresh",
    PIPENV: "pipenv lock",
}
"""The command that brings files into a lock which its index has had since; the plain ones leave it as it is."""

_MOVING = {
    UV: ("uv lock", "--upgrade-package "),
    POETRY: ("poetry update --lock", ""),
    PDM: ("pdm update --no-sync --update-reuse", ""),
    PIPENV: ("pipenv upgrade --lock-only", ""),
}
"""The command, and what stands before each project."""

FOR_EVERY_PYTHON = frozenset({POETRY, PDM})
"""One release has to do for every Python that the project is for; uv locks one for each, Pipenv for one Python."""


def takes_versions(kind: str) -> bool:
    """Whether the command names the release; else the tool takes the newest that the project permits."""
    return kind not in {POETRY, PDM, PIPENV}


def moving(kind: str, moves: Sequence[Move], *, newest: Collection[str] = ()) -> str:
    """The command that makes these moves in a lock of a kind; empty where none is known.

    ``newest``: projects of which no one release does for every Python, so that the tool has to choose.
    """
    if kind not in _MOVING:
        return ""
    command, before = _MOVING[kind]
    moved = [move for move in moves if move.before and move.after]
    if not moved:
        return ANEW[kind]
    return " ".join([command, *(before + _named(kind, move, newest) for move in moved)])


def _named(kind: str, move: Move, newest: Collection[str]) -> str:
    return f"{move.project}=={move.after}" if takes_versions(kind) and move.project not in newest else move.project


def compiling(command: str, moves: Sequence[Move]) -> str:
    """A command of ``uv pip compile``, ``uv export`` or pip-tools that wrote a file, so that it makes these moves."""
    flags = "".join(f" --upgrade-package {move.project}=={move.after}" for move in moves if move.before and move.after)
    if command.startswith("uv export"):
        return f"uv lock{flags} && {command}"
    return f"{command}{flags}" if command else ""
