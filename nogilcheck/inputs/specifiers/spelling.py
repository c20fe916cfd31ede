"""What pip takes for a URL, an archive or a path where a requirement is expected."""

from __future__ import annotations

import os
import re
import urllib.parse

VCS_SCHEMES = frozenset(
    f"{system}+{transport}"
    for system, transports in {
        "bzr": ("file", "ftp", "http", "https", "lp", "sftp", "ssh"),
        "git": ("file", "git", "http", "https", "ssh"),
        "hg": ("file", "http", "https", "ssh", "static-http"),
        "svn": ("file", "http", "https", "ssh", "svn"),
    }.items()
    for transport in transports
)
_URL_SCHEMES = VCS_SCHEMES | {"http", "https", "file", "ftp"}
VCS_PREFIXES = ("git:", "hg:", "bzr:", "svn:")
"""pip completes ``git://host`` after ``-e`` to ``git+git://host``."""

_ARCHIVE_SUFFIXES = (
    *(".zip", ".whl", ".tar.gz", ".tgz", ".tar", ".tar.bz2", ".tbz"),
    *(".tar.xz", ".txz", ".tlz", ".tar.lz", ".tar.lzma"),
)

_PROJECT_NAME = re.compile(r"[A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9]", re.IGNORECASE | re.ASCII)
_PATH_WITH_EXTRAS = re.compile(r"(.+)(\[[^\]]+\])", re.DOTALL)


def is_url(text: str) -> bool:
    """Whether pip takes the text for a URL. Raises `ValueError` for a malformed one."""
    return ":" in text and urllib.parse.urlsplit(text).scheme in _URL_SCHEMES


def is_archive(path: str) -> bool:
    """Whether the name is that of a wheel or an sdist."""
    return path.lower().endswith(_ARCHIVE_SUFFIXES)


def strip_extras(path: str) -> tuple[str, str]:
    """``./project[extra]`` -> ``./project``, ``[extra]``."""
    match = _PATH_WITH_EXTRAS.fullmatch(path)
    return (match[1].rstrip(), match[2]) if match else (path, "")


def looks_like_path(text: str) -> bool:
    """Whether the text can only be a path."""
    return text.startswith(".") or has_separator(text)


def has_separator(text: str) -> bool:
    """Whether there are directories in the text."""
    return os.sep in text or (os.altsep is not None and os.altsep in text)


def is_project_name(text: str) -> bool:
    """Whether a project may be called so (PEP 508)."""
    return _PROJECT_NAME.fullmatch(text) is not None
