"""Which files with settings are taken without being named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_REPOSITORY = (".git", ".hg", ".jj")
"""What is at the root of a repository; ``.git`` is a file in a worktree or a submodule."""

_ROOT = 0


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
