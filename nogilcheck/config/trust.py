"""Which files with settings are taken without being named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from nogilcheck.inputs.text.input_fingerprint import FILE, witness_of

_REPOSITORY = (".git", ".hg", ".jj")
"""What is at the root of a repository; ``.git`` is a file in a worktree or a submodule."""

_ROOT = 0


OWN_NAME, PROJECT_NAME = "nogilcheck.toml", "pyproject.toml"


def state_of_files(here: Path) -> list[tuple[str, str, bool, bool]]:
    """All that the choice of a file from ``here`` rests on: what its answer is the same for is the same choice."""
    return [
        (str(path), digest, outside, is_foreign(path, here))
        for directory, outside in directories(here)
        for path in (directory / OWN_NAME, directory / PROJECT_NAME)
        if (digest := witness_of(FILE, str(path)).sha256)
    ]


def directories(here: Path) -> Iterator[tuple[Path, bool]]:
    """``here`` and its parents, and whether each is outside the repository that ``here`` is in."""
    outside = False
    for directory in (here, *here.parents):
        yield directory, outside
        outside = outside or any(os.path.lexists(directory / name) for name in _REPOSITORY)


def is_foreign(path: Path, here: Path) -> bool:
    """Whether a file belongs neither to the user, nor to root, nor to the owner of the working directory.

    The last is the user of a checkout that is mounted into a container. Windows is not asked.
    """
    if os.name == "nt":
        return False
    try:
        return path.stat().st_uid not in {os.geteuid(), _ROOT, here.stat().st_uid}
    except OSError:
        return True
