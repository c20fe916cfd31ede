"""Find-links locations: directories, archives and HTML pages that list the files of many projects.

What pip does with ``--find-links``: the files of other projects are passed over, a location where nothing is, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from urllib.parse import unquote, urlsplit

from nogilcheck.index.pages.simple_api import FileRow, Listing, PageError, parse_page
from nogilcheck.model.filenames import SDIST_SUFFIXES, WHEEL_SUFFIX, is_archive, normalized

MAX_LOCAL_PAGE = 32 * 1024 * 1024
"""Bytes of a local HTML page."""

MAX_LISTED = 100_000
"""Entries of a directory that are looked at."""

MAX_NAME_DASHES = 16
"""Dashes of an sdist's file name that may belong to the name of its project."""


def local_page(index: Path, project: str) -> Path:
    """The file that is the page of a project, on an index that is a directory."""
    return index / project / "index.html"


def local_listing(path: Path) -> Listing | None:
    """The files that a local location lists; ``None`` when nothing is there.

    Raises `PageError` for something that cannot be read.
    """
    try:
        mode = path.stat().st_mode
        if S_ISDIR(mode):
            rows = [_local_row(entry) for entry in _entries(path) if is_archive(entry.name)]
            return Listing(rows=rows, base=path.absolute().as_uri() + "/")
        if not S_ISREG(mode):
            return None
        if is_archive(path.name):
            return Listing(rows=[_local_row(path)], base=path.absolute().as_uri())
        return read_local_page(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise PageError(f"cannot be read: {error.strerror or error}") from None


def read_local_page(path: Path) -> Listing:
    """A page of the Simple API that is a file on the disk. Raises `PageError` or `OSError`."""
    with path.open("rb") as stream:
        content = stream.read(MAX_LOCAL_PAGE + 1)
    if len(content) > MAX_LOCAL_PAGE:
        raise PageError(f"is larger than {MAX_LOCAL_PAGE:,} bytes")
    return parse_page(content, "text/plain", path.absolute().as_uri())


def remote_archive(url: str) -> Listing | None:
    """The listing of a URL that is itself an archive."""
    bare, _, _ = url.partition("#")
    try:
        filename = unquote(urlsplit(bare).path.rpartition("/")[2])
    except ValueError:  # whoever fetches it says so
        return None
    if not is_archive(filename):
        return None
    return Listing(rows=[_row(filename, bare)], base=bare)


def rows_by_project(rows: Iterable[FileRow]) -> dict[str, list[FileRow]]:
    """The rows under every normalized name that they may belong to; `parse_filename` has the last word."""
    rows_by_name: dict[str, list[FileRow]] = {}
    for row in rows:
        for name in _possible_names(row.filename):
            rows_by_name.setdefault(name, []).append(row)
    return rows_by_name


def _possible_names(filename: str) -> set[str]:
    parts = filename.split("-", MAX_NAME_DASHES + 1)
    if filename.endswith(WHEEL_SUFFIX):
        return {normalized(parts[0])}
    if not filename.endswith(SDIST_SUFFIXES):
        return set()
    return {normalized("-".join(parts[:count])) for count in range(1, len(parts))}


def _entries(path: Path) -> list[Path]:
    entries = sorted(islice(path.iterdir(), MAX_LISTED + 1))
    if len(entries) > MAX_LISTED:
        raise PageError(f"has more than {MAX_LISTED:,} entries")
    return entries


def _local_row(path: Path) -> FileRow:
    return _row(path.name, path.absolute().as_uri())


def _row(filename: str, url: str) -> FileRow:
    return FileRow(
        filename=filename,
        requires_python=None,
        yanked=False,
        upload_time=None,
        size=None,
        core_metadata=False,
        url=url,
        hashes={},
    )
