"""Everything that a run was given, read."""

from __future__ import annotations

from dataclasses import field
from itertools import accumulate

from nogilcheck.frozen import frozen
from nogilcheck.model.cache import Witness
from nogilcheck.model.lock import Lock
from nogilcheck.model.source import Bounds, IndexSettings, InputFile, Root, Unread


@frozen
class Inputs:
    """Everything that the user's files and names say together."""

    files: tuple[InputFile, ...] = ()
    roots: tuple[Root, ...] = ()
    """What has to be solved: all of it is one project."""
    constraints: tuple[Root, ...] = ()
    overrides: tuple[Root, ...] = ()
    """Each replaces every requirement on its project (uv's ``override-dependencies``)."""
    bounds: tuple[Bounds, ...] = ()
    """Those of locks, too."""
    locks: tuple[Lock, ...] = ()
    """Each a project of its own, followed rather than solved."""
    settings: IndexSettings = field(default_factory=IndexSettings)
    unread: tuple[Unread, ...] = ()
    notes: tuple[str, ...] = ()
    """Things worth saying that change nothing, such as an option that was ignored as pip ignores it."""
    requires_nothing: bool = False
    """Where there are no roots: whether an input says that there are none. A list that is empty may be a mistake."""
    witnesses: tuple[Witness, ...] | None = ()
    """``None`` when the answer cannot be replayed (standard input, a remote file)."""

    @property
    def all_roots(self) -> tuple[Root, ...]:
        """The roots that are solved, then those of each lock: a position in it stands for a root in the whole run."""
        return (*self.roots, *(root for lock in self.locks for root in lock.roots))

    @property
    def first_roots(self) -> tuple[int, ...]:
        """For each lock the position of its first root in `all_roots`."""
        return tuple(accumulate((len(lock.roots) for lock in self.locks[:-1]), initial=len(self.roots)))[
            : len(self.locks)
        ]
