"""Paths and URLs, as pip takes them."""

from __future__ import annotations

import os
import stat
import urllib.parse
from pathlib import Path
from typing import Literal

from nogilcheck.model.urls import redact, without_credentials


def absolute(path: str, directory: str | None = None) -> str:
    """``path`` relative to ``directory`` (default: the working directory), normalized; symlinks stay."""
    return os.path.normpath(Path(Path.cwd(), directory or "", path))


def shown_path(path: str) -> str:
    """``path`` for people: relative to the working directory when inside it, else as given; no credentials."""
    full = absolute(path)
    here = str(Path.cwd())
    return redact(os.path.relpath(full, here) if full.startswith(here.rstrip(os.sep) + os.sep) else path)


def kind_of(path: str) -> Literal["file", "directory", "other"] | None:
    """What is at ``path``; ``None`` when nothing is, or when it cannot be asked."""
    try:
        mode = Path(path).stat().st_mode
    except (OSError, ValueError):
        return None
    if stat.S_ISREG(mode):
        return "file"
    return "directory" if stat.S_ISDIR(mode) else "other"


def path_to_url(path: str) -> str:
    """A path as an absolute file URL (RFC 8089)."""
    return Path(absolute(path)).as_uri()


def url_to_path(url: str) -> str:
    """The absolute path that a file URL names.

    Raises `ValueError` when it names another host.
    """
    parts = urllib.parse.urlsplit(url)
    host = "" if parts.netloc == "localhost" else parts.netloc
    if os.name == "nt":
        from urllib.request import url2pathname

        return absolute(url2pathname((f"//{host}" if host else "") + parts.path))
    if host:
        raise ValueError("the file URL names a host; only local files can be read")
    return absolute(urllib.parse.unquote(parts.path))


def public_url(url: str) -> str:
    """A URL without credentials, those of a URL inside a malformed one included."""
    return redact(without_credentials(url))


def similar_name(path: str) -> str | None:
    """A file in the same directory whose name is close to the missing ``path``, in the same spelling."""
    from difflib import get_close_matches  # which a replay does without

    parent = Path(path).parent
    try:
        names = sorted(entry.name for entry in os.scandir(parent) if entry.is_file())
    except (OSError, ValueError):
        return None
    close = get_close_matches(Path(path).name, names, n=1, cutoff=0.75)
    return str(parent / close[0]) if close else None
