"""Files, hashes and places in locks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.paths import absolute, path_to_url, public_url
from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.filenames import parse_filename, parse_version

PYPI = "https://pypi.org/simple"
"""Where a distribution comes from when the lock does not say."""

VCS = ("git", "hg", "svn", "bzr")
"""Version control systems that pip knows."""

_HASH = re.compile(r"(?P<algorithm>md5|sha1|sha224|sha256|sha384|sha512):(?P<digest>[0-9A-Fa-f]{32,128})")
_BARE_SHA256 = re.compile(r"[0-9A-Fa-f]{64}")


def hashes_of(values: Iterable[object]) -> dict[str, str]:
    """Algorithm -> digest, of texts such as ``sha256:...``; others are no hashes."""
    matches = (_HASH.fullmatch(value) for value in values if isinstance(value, str))
    return {match["algorithm"]: match["digest"].lower() for match in matches if match}


def allowed_hashes(values: Iterable[object]) -> tuple[str, ...]:
    """``sha256:...`` and the like, of texts that are such or bare SHA-256 digests."""
    texts = [value for value in values if isinstance(value, str)]
    full = [f"sha256:{text}" if _BARE_SHA256.fullmatch(text) else text for text in texts]
    return tuple(dict.fromkeys(text.lower() for text in full if _HASH.fullmatch(text)))


def release_file(
    filename: str,
    project: str,
    *,
    url: str,
    hashes: Mapping[str, str],
    size: int | None = None,
    upload_time: str | None = None,
    index: str | None = None,
) -> ReleaseFile | None:
    """A file that a lock names; ``None`` for one that no installer would take for the project (normalized)."""
    parsed = parse_filename(filename, project) if filename else None
    version = parse_version(parsed.version) if parsed else None
    if parsed is None or version is None:
        return None
    return ReleaseFile(
        filename=filename,
        url=url,
        version=version,
        kind=parsed.kind,
        tags=parsed.tags,
        build=parsed.build,
        upload_time=upload_time,
        size=size,
        hashes=hashes,
        index=_public_index(index or ""),
    )


def release_files(rows: object, project: str, *, index: str, version: str) -> tuple[ReleaseFile, ...]:
    """The files of a version: of an array of tables with ``file`` or ``url``, and ``hash``.

    What no installer takes for that version is left out.
    """
    wanted = parse_version(version)
    files: dict[str, ReleaseFile] = {}
    for row in tables_of(rows):
        url = row.get("url")
        url = url if isinstance(url, str) else ""
        filename = row.get("file")
        filename = filename if isinstance(filename, str) else last_part(url)
        file = release_file(filename, project, url=url, hashes=hashes_of([row.get("hash")]), index=index)
        if file is not None and file.version == wanted:
            files[filename] = file
    return tuple(files.values())


def universal_wheel(url: str, project: str, hashes: Iterable[object]) -> ReleaseFile | None:
    """The wheel at a URL where it is for every platform and every Python 3; ``None`` for any other file.

    Tools that lock one file for one interpreter say nothing of what other builds get of the release.
    """
    filename = last_part(url) if is_url(url) else ""
    if not filename.endswith("-none-any.whl"):
        return None
    return release_file(filename, project, url="", hashes=hashes_of(hashes))


def directory_files(url: str, version: str | None) -> tuple[ReleaseFile, ...]:
    """A project directory, given as a file URL, as the one file of a version: it is built, as an sdist is.

    None for a version that is not known.
    """
    known = parse_version(version) if version else None
    if known is None:
        return ()
    return (ReleaseFile(filename=last_part(url.rstrip("/")), url=url, version=known, kind="sdist", hashes={}),)


def at_place(files: Iterable[ReleaseFile], place: str, neighbours: Neighbours) -> tuple[ReleaseFile, ...]:
    """The files of an archive that is a source of its own: a URL, or a path relative to the lock."""
    url = place if is_url(place) else file_url(place, neighbours)
    return tuple(replace(file, url=url) for file in files)


def is_beside(place: str, neighbours: Neighbours) -> bool:
    """Whether a path is the directory of the lock: the locked project itself."""
    return not is_url(place) and absolute(place, neighbours.directory) == neighbours.directory


def file_url(place: str, neighbours: Neighbours) -> str:
    """The URL of a path relative to the lock, or of what is a file URL already."""
    return place if place.lower().startswith("file:") else path_to_url(absolute(place, neighbours.directory))


def tables_of(rows: object) -> list[dict[str, Any]]:
    """The tables of an array; nothing else counts."""
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def is_url(text: str) -> bool:
    """Whether a place is a URL rather than a path."""
    return "://" in text


def last_part(place: str) -> str:
    """The file name at the end of a URL or a path."""
    if is_url(place):
        try:
            place = unquote(urlsplit(place).path)
        except ValueError:
            return ""
    return place.replace("\\", "/").rpartition("/")[2]


def public_reference(text: str) -> str:
    """A URL or a path that can be shown: no credentials, nothing that cannot be encoded."""
    return public_url(text.encode("utf-8", "backslashreplace").decode())


def vcs_reference(system: str, url: str, revision: object) -> str:
    """A place in a version control system, as it can be shown."""
    shown = f"{system}+{public_reference(url)}"
    return f"{shown}@{public_reference(revision)}" if isinstance(revision, str) else shown


@lru_cache(maxsize=64)
def _public_index(url: str) -> str:
    """Without credentials; the few indexes of a lock are named once for each file."""
    return public_url(url)
