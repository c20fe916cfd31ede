"""What the readers of TOML locks share: values of the right type, with the place of those that are not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

from packaging.markers import InvalidMarker, Marker
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import InvalidName, canonicalize_name

from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.paths import path_to_url, public_url
from nogilcheck.inputs.text.quoting import abbreviate
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.inputs.text.toml_document import Path, TomlDocument, parse_toml
from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.filenames import parse_filename, parse_version
from nogilcheck.model.source import Location, Unread

Table = Mapping[str, Any]

MAX_UNREAD = 100
"""Parts of one lock that are told to be unusable; of the others only the number is."""


MAX_DIGITS = 1000
"""Digits of a number anywhere in a lock. From 4,300 on Python refuses to read it, in versions and markers too."""

_NUMBER = re.compile(rf"(?<!\d)\d{{{MAX_DIGITS}}}")


def parse_lock(text: str) -> TomlDocument:
    """The document. Raises `UnreadableSourceError`, with the line, for text that is no TOML or no sane lock."""
    if found := _NUMBER.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise UnreadableSourceError(f"a number of more than {MAX_DIGITS} digits", line=line)
    return parse_toml(text)


class LockParts:
    """One lock while it is read, and what of it could not be."""

    def __init__(self, document: TomlDocument, path: str, beside: Neighbours) -> None:
        self.path = path
        self._document = document
        self._beside = beside
        self._unread: dict[Unread, None] = {}

    @property
    def unread(self) -> tuple[Unread, ...]:
        """What was rejected, in order."""
        more = len(self._unread) - MAX_UNREAD
        told = tuple(self._unread)[:MAX_UNREAD]
        if more <= 0:
            return told
        return (*told, Unread(location=Location(path=self.path), text=f"{more} more parts cannot be read"))

    def location(self, at: Path) -> Location:
        """Where the value at this place begins."""
        return Location(path=self.path, line=self._document.line(*at))

    def reject(self, text: str, at: Path) -> None:
        """This part cannot be understood; the rest counts."""
        self._unread[Unread(location=self.location(at), text=abbreviate(text))] = None

    def string(self, table: Table, key: str, at: Path) -> str | None:
        """A string; ``None`` where there is none."""
        value = table.get(key)
        if value is None or isinstance(value, str):
            return value
        self.reject(f"{key} is no string", (*at, key))
        return None

    def table(self, table: Table, key: str, at: Path) -> Table:
        """A table; an empty one where there is none."""
        value = table.get(key)
        if isinstance(value, dict):
            return value
        if value is not None:
            self.reject(f"{key} is no table", (*at, key))
        return {}

    def array(self, table: Table, key: str, at: Path) -> list[Any]:
        """An array; an empty one where there is none."""
        value = table.get(key)
        if isinstance(value, list):
            return value
        if value is not None:
            self.reject(f"{key} is no array", (*at, key))
        return []

    def tables(self, table: Table, key: str, at: Path) -> Iterator[tuple[Table, Path]]:
        """The tables of an array, each with its place."""
        for index, value in enumerate(self.array(table, key, at)):
            where = (*at, key, index)
            if isinstance(value, dict):
                yield value, where
            else:
                self.reject(f"in {key}: no table", where)

    def strings(self, table: Table, key: str, at: Path) -> Iterator[tuple[str, Path]]:
        """The strings of an array, each with its place."""
        for index, value in enumerate(self.array(table, key, at)):
            where = (*at, key, index)
            if isinstance(value, str):
                yield value, where
            else:
                self.reject(f"in {key}: no string", where)

    def name(self, table: Table, at: Path) -> str | None:
        """The normalized name (PEP 503) of a project; ``None`` for what has none."""
        written = self.string(table, "name", at)
        name = None if written is None else normalized_name(written)
        if name is None and (written is not None or "name" not in table):
            self.reject("an entry without a name" if written is None else f"{written!r} is no name of a project", at)
        return name

    def marker(self, table: Table, at: Path) -> str | None:
        """An environment marker (PEP 508); one that is rejected counts as always holding."""
        written = self.string(table, "marker", at)
        if written is None or is_marker(written):
            return written
        self.reject(f"not an environment marker: {written}", (*at, "marker"))
        return None

    def markers(self, table: Table, key: str, at: Path) -> tuple[str, ...]:
        """An array of markers. Empty, which means no limit, when one of them is rejected."""
        written = list(self.strings(table, key, at))
        for marker, where in written:
            if not is_marker(marker):
                self.reject(f"not an environment marker: {marker}", where)
        good = tuple(marker for marker, _ in written if is_marker(marker))
        return good if len(good) == len(self.array(table, key, at)) else ()

    def specifier(self, table: Table, key: str, at: Path) -> str | None:
        """A version specifier set (PEP 440)."""
        written = self.string(table, key, at)
        try:
            return None if written is None else str(SpecifierSet(written))
        except InvalidSpecifier:
            self.reject(f"{key} is no version specifier: {written}", (*at, key))
            return None

    def of_version(self, file: ReleaseFile, version: object, at: Path) -> bool:
        """Whether a file is of the version of its entry; a wheel that is not is rejected, as installers do."""
        if file.kind != "wheel" or not isinstance(version, str) or file.version == parse_version(version):
            return True
        self.reject(f"{file.filename} is not of version {version}, which its entry is about", at)
        return False

    def shown(self, path: str) -> str:
        """A path relative to the lock, as the user would type it."""
        return self._beside.shown(path)

    def path_url(self, path: str) -> str:
        """The file URL of a path relative to the lock."""
        return path_to_url(self._beside.shown(path))


def is_url(text: str) -> bool:
    """Whether a place is a URL rather than a path."""
    return "://" in text


@lru_cache(maxsize=8192)
def normalized_name(text: str) -> str | None:
    """The normalized name (PEP 503); ``None`` for text that is no name."""
    try:
        return canonicalize_name(text, validate=True)
    except InvalidName:
        return None


@lru_cache(maxsize=8192)
def is_marker(text: str) -> bool:
    """Whether text is an environment marker (PEP 508), which knows no backslash; packaging takes it for Python's."""
    if "\\" in text:
        return False
    try:
        Marker(text)
    except (InvalidMarker, ValueError, RecursionError):
        return False
    return True


def last_part(place: str) -> str:
    """The file name at the end of a URL or a path."""
    if is_url(place):
        try:
            place = unquote(urlsplit(place).path)
        except ValueError:
            return ""
    return place.replace("\\", "/").rpartition("/")[2]


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
    parsed = parse_filename(filename, project)
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


@lru_cache(maxsize=64)
def _public_index(url: str) -> str:
    """Without credentials; the few indexes of a lock are named once for each file."""
    return public_url(url)
