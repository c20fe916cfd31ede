"""State that the threads of a program share, found in Python sources. It is evidence and changes no verdict."""

from __future__ import annotations

import json
from enum import StrEnum

from nogilcheck.frozen import frozen
from nogilcheck.model.json_format.kinds import Mismatch
from nogilcheck.model.json_format.records import kind_of, to_json


class SharedStateKind(StrEnum):
    """What code does to a piece of state, the most telling kind first."""

    COUNTER = "counter"
    """It is read, changed and written: ``count += 1``, ``seen[key] = seen.get(key, 0) + 1``."""
    CHECK_THEN_ACT = "check-then-act"
    """A container is asked, and then changed: ``if key not in cache: cache[key] = make(key)``."""
    LAZY = "lazy"
    """A value is made at its first use: ``if _client is None: _client = connect()``."""
    CHANGED = "changed"
    """A container is changed."""
    REBOUND = "rebound"
    """A function binds a global name to another value."""


@frozen
class SharedState:
    """One name at the level of a module or a class that functions change outside a lock."""

    kind: SharedStateKind
    name: str
    """As in its module: ``_cache``, ``Parser.instances``. Foreign text."""
    path: str
    """The file in which it is changed, as the wheel or the directory has it. Foreign text."""
    line: int
    """Of the most telling change; its other changes are not listed."""


@frozen
class UnreadSource:
    """A Python source that was not read, so that nothing is known of its state."""

    path: str
    """The file; empty: none of the sources was read."""
    text: str
    """Why, without a full stop."""


@frozen
class SharedStateReading:
    """What the Python sources of one distribution, or of one directory, share between threads."""

    modules: int
    """Sources that were read."""
    found: tuple[SharedState, ...] = ()
    """Sorted by file and line."""
    unread: tuple[UnreadSource, ...] = ()


def unread(text: str) -> SharedStateReading:
    """Of sources that could not be read at all, which ``text`` explains."""
    return SharedStateReading(modules=0, unread=(UnreadSource(path="", text=text),))


def encode_reading(reading: SharedStateReading) -> bytes:
    """The record that the cache keeps."""
    return json.dumps(to_json(reading), separators=(",", ":")).encode("ascii")


def decode_reading(data: bytes | None) -> SharedStateReading | None:
    """What `encode_reading` wrote; ``None`` for anything else."""
    try:
        reading: SharedStateReading = kind_of(SharedStateReading).read(json.loads(data or b""))
    except (ValueError, Mismatch, RecursionError):
        return None
    return reading
