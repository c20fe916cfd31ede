"""Locations on this machine."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

NOT_FOLLOWED = "not-followed://"
"""Stands before the URL of a file to which the page of an index may not lead: the file is there, and cannot be read."""


def local_path(location: str) -> Path | None:
    """The path of a ``file:`` URL or of a plain path; ``None`` for any other URL, and for a malformed one."""
    if location.startswith(("https://", "http://")):
        return None
    if location[:5].lower() != "file:":
        return None if "://" in location else Path(location)
    from urllib.request import url2pathname

    try:
        parts = urlsplit(location)
    except ValueError:  # names nothing; what asks for it says so
        return None
    host = "" if parts.netloc in {"", "localhost"} else f"//{parts.netloc}"
    return Path(url2pathname(host + parts.path))
