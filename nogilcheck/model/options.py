"""What the user asked for."""

from __future__ import annotations

from dataclasses import dataclass, field

from nogilcheck.model.source import IndexSettings

DEFAULT_PYTHONS = ("3.14t", "3.15t")
"""Every supported free-threaded release (PEP 779); 3.13t was experimental and is checked on request."""

DEFAULT_PLATFORMS = ("linux-x86_64",)

HOST = "host"
"""Stands for the running interpreter, as a Python and as a platform."""

DEFAULT_INDEX_URL = "https://pypi.org/simple/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Everything that shapes a check. Equal options, witnesses and index pages mean an equal report."""

    inputs: tuple[str, ...] = ()
    """Files, requirements (``numpy``, ``pandas>=2``) or ``-``, as typed."""
    constraints: tuple[str, ...] = ()
    """Constraints files."""
    pythons: tuple[str, ...] = DEFAULT_PYTHONS
    platforms: tuple[str, ...] = DEFAULT_PLATFORMS
    allow_targets: tuple[str, ...] = ()
    """Pythons (``3.15t``) that are shown and never fail the run."""
    settings: IndexSettings = field(default_factory=IndexSettings)
    """From flags; what the files say is merged in by the reader, flags first."""
    exclude_newer: str | None = None
    """An ISO 8601 time in UTC without a zone (``2026-11-23T00:00:00``), so that it compares as text with
    the upload times of an index; files uploaded at or after it do not exist."""
    offline: bool = False
    refresh: bool = False
    """Ask every index again, whatever the cache holds."""
    no_cache: bool = False
    cache_dir: str | None = None
    max_age: int | None = None
    """Seconds for which a cached page is fresh, instead of what the index says."""
