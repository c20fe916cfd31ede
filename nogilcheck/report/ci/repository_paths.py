"""Locations as code hosts want them: paths from the root of the repository, with slashes."""

from __future__ import annotations

import posixpath
import re
from typing import Final

from nogilcheck.model.report.report import Report
from nogilcheck.model.source import COMMAND_LINE, STDIN, Location
from nogilcheck.report.words import safe

_URL: Final = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_ABSOLUTE: Final = re.compile(r"/|[a-z]:/", re.IGNORECASE)


def repository_path(path: str, prefix: str = "") -> str | None:
    """The path below the root of the repository, or as it is where it is absolute; ``None`` for what is no file.

    ``prefix`` leads from the root to the working directory.
    """
    if not path or path in {COMMAND_LINE, STDIN} or _URL.match(path):
        return None
    plain = safe(path.replace("\\", "/"))
    return posixpath.normpath(plain if _ABSOLUTE.match(plain) else posixpath.join(prefix, plain))


def is_absolute(path: str) -> bool:
    """Whether a path from `repository_path` does not depend on where the repository is."""
    return _ABSOLUTE.match(path) is not None


def file_of(location: Location | None, report: Report, prefix: str = "") -> tuple[str, int | None] | None:
    """The file and line of an entry; the first file that was read stands in where the entry has none."""
    if location is not None and (path := repository_path(location.path, prefix)) is not None:
        return path, location.line
    for file in report.inputs:
        if (path := repository_path(file.path, prefix)) is not None:
            return path, None
    return None
