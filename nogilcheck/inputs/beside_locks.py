"""A lock and what is beside it: what has to agree with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from nogilcheck.inputs.contents.content import unique
from nogilcheck.inputs.requirements.reader import RequirementsReader
from nogilcheck.model.lock import Lock
from nogilcheck.model.source import Root


def beside(lock: Lock, reader: RequirementsReader, named: Iterable[Root]) -> Lock:
    """The lock with what it has to agree with: pip resolves a pylock.toml together with all that it is told.

    The locks of other tools have to satisfy the constraints that were ``named``; an environment is what it is.
    """
    if lock.kind == "environment":
        return lock
    if lock.kind != "pylock.toml":
        return replace(lock, constraints=unique(named))
    return replace(lock, constraints=unique(reader.constraints), companions=unique(reader.roots))
