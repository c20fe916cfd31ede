"""What one file says."""

from __future__ import annotations

from dataclasses import dataclass, field

from nogilcheck.model.lock import Lock
from nogilcheck.model.source import Bounds, IndexSettings, Root, Unread


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything that a file says, for all extras and groups: what of it was asked for is chosen later."""

    roots: tuple[Root, ...] = ()
    """With ``group`` and ``kind``, where they belong to an extra or a dependency group."""
    constraints: tuple[Root, ...] = ()
    overrides: tuple[Root, ...] = ()
    settings: IndexSettings = field(default_factory=IndexSettings)
    """What it says of indexes, as the tool does that it is written for."""
    bounds: Bounds | None = None
    lock: Lock | None = None
    """Set by lock files, whose roots are in it."""
    extras: tuple[str, ...] = ()
    """Every extra that the project offers, normalized, in its order; with the empty ones."""
    groups: tuple[str, ...] = ()
    """Every dependency group, likewise."""
    unread: tuple[Unread, ...] = ()
    """Parts that could not be understood; the rest counts all the same."""
    notes: tuple[str, ...] = ()
