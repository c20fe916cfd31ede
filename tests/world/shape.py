"""How an index presents a universe. No two kinds of index agree on this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Format = Literal["json", "html", "negotiate", "html-always"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The habits of one index server. The defaults are those of a plain mirror."""

    format: Format = "json"
    """``json``: always JSON (PEP 691). ``html``: HTML (PEP 503), 406 for a client that accepts none.
    ``negotiate``: what ``Accept`` prefers. ``html-always``: HTML, also when only JSON was asked for."""
    core_metadata: bool = False
    """Offers ``<file>.metadata`` of wheels under the key of PEP 714."""
    legacy_core_metadata: bool = False
    """The same under the older key, ``dist-info-metadata`` (PEP 658)."""
    ranges: bool | Literal["refused"] = True
    """True: 206, also for suffix ranges. False: 200 with everything. ``refused``: 416, for suffix ranges 501."""
    etag: bool = False
    """Sends ``ETag`` and answers a matching ``If-None-Match`` with 304."""
    max_age: int | None = None
    """``Cache-Control: max-age``, seconds; ``None``: no such header."""
    gzip: bool = False
    """Compresses pages and metadata for clients that accept it."""
    relative_urls: bool = False
    """File URLs are relative to the page."""
    upload_times: bool = True
    """PEP 700, JSON only."""
    sizes: bool = True
    """PEP 700, JSON only."""
    hashes: bool = True
    """Pages give the sha256 of each file."""
    latency: float = 0.0
    """Seconds before each answer."""
    credentials: tuple[str, str] | None = None
    """User and password; every request without them is answered with 401."""
    redirect_names: bool = True
    """A name that is not normalized is redirected (301); otherwise it is not found."""

    @property
    def metadata_files(self) -> bool:
        """Whether ``<file>.metadata`` exists."""
        return self.core_metadata or self.legacy_core_metadata


SHAPES: dict[str, Shape] = {
    "pypi": Shape(format="negotiate", core_metadata=True, legacy_core_metadata=True, etag=True, max_age=600, gzip=True),
    "mirror": Shape(upload_times=False, sizes=False, redirect_names=False),
    "html": Shape(format="html", core_metadata=True, ranges=False),
    "html-ranges-relative": Shape(format="html-always", relative_urls=True, etag=True),
    "legacy-metadata": Shape(legacy_core_metadata=True, ranges="refused", gzip=True, max_age=0, etag=True),
}
"""The shapes worth running every index test in."""
