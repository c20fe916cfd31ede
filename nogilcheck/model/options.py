"""The options of a check."""

from __future__ import annotations

from dataclasses import field

from nogilcheck.frozen import frozen
from nogilcheck.model.source import IndexSettings

DEFAULT_PYTHONS = ("3.14t", "3.15t")
"""Every supported free-threaded release (PEP 779); 3.13t was experimental and is checked on request."""

DEFAULT_PLATFORMS = ("linux-x86_64",)

HOST = "host"
"""Stands for the running interpreter, as a Python and as a platform."""

DEFAULT_INDEX_URL = "https://pypi.org/simple/"

DEFAULT_FAIL_WORDS = ("blocker", "unknown")
"""What ``--fail-on`` takes where it is not given."""

DEFAULT_SCAN_LIMIT = 500_000_000
"""Bytes; the wheels of a stack of 140 distributions with numpy, pandas and cryptography take a tenth of it."""

DEFAULT_TIME_LIMIT = 600
"""Seconds; a stack of 144 distributions takes some four, with a scan of all its wheels a minute."""


@frozen
class Options:
    """Everything that shapes a check. Equal options, witnesses and index pages mean an equal report."""

    inputs: tuple[str, ...] = ()
    """Files, directories, requirements (``numpy``, ``pandas>=2``) or ``-``, as typed; nothing: what the working
    directory states, unless an environment is given."""
    constraints: tuple[str, ...] = ()
    """Constraints files."""
    input_format: str | None = None
    """What the files are, whatever they are called."""
    environment: str | None = None
    """The directory of an installed environment to be judged as well."""
    extras: tuple[str, ...] = ()
    """Optional dependencies (PEP 621) to be checked beside the core, as typed."""
    groups: tuple[str, ...] = ()
    """Dependency groups (PEP 735), likewise."""
    all_extras: bool = False
    all_groups: bool = False
    pythons: tuple[str, ...] = DEFAULT_PYTHONS
    platforms: tuple[str, ...] = DEFAULT_PLATFORMS
    allow_targets: tuple[str, ...] = ()
    """Pythons (``3.15t``) that are shown and never fail the run."""
    settings: IndexSettings = field(default_factory=IndexSettings)
    """From flags; what the files say is merged in by the reader, flags first."""
    exclude_newer: str | None = None
    """An ISO 8601 time in UTC without a zone (``2026-11-23T00:00:00``), so that it compares as text with
    the upload times of an index; files uploaded at or after it do not exist."""
    evidence: tuple[str, ...] = ()
    """Files with evidence of the user's own, in the format of the package's ledger."""
    scan: bool = False
    """Read what the extension modules of the chosen wheels declare about the GIL."""
    scan_limit: int = DEFAULT_SCAN_LIMIT
    """Bytes of wheels that are read for that, at most."""
    time_limit: int = DEFAULT_TIME_LIMIT
    """Seconds that the run may last; 0: for ever."""
    offline: bool = False
    refresh: bool = False
    """Ask every index again, whatever the cache holds."""
    no_cache: bool = False
    cache_dir: str | None = None
    max_age: int | None = None
    """Seconds for which a cached page is fresh, instead of what the index says."""

    def __post_init__(self) -> None:
        """Raise `TypeError` for one string where several are meant: its characters would be taken for them."""
        for name in _SEVERAL:
            value = getattr(self, name)
            if isinstance(value, str):
                raise TypeError(f"Options.{name} takes a tuple of strings; write {name}=({value!r},)")
            object.__setattr__(self, name, tuple(value))


_SEVERAL = ("inputs", "constraints", "extras", "groups", "pythons", "platforms", "allow_targets", "evidence")
