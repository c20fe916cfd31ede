"""A wheel's core metadata and member names, read without fetching the whole wheel."""

from __future__ import annotations

from packaging.utils import canonicalize_name

from nogilcheck.index.archives.core_metadata import parse_metadata
from nogilcheck.index.archives.ranges import RangeReader
from nogilcheck.index.archives.zip_ranges import ZipRanges
from nogilcheck.index.http.failures import ReadError
from nogilcheck.model.artifact import Metadata, Missing, MissingKind
from nogilcheck.model.urls import quotable

METADATA_LIMIT = 16 * 1024 * 1024
"""Bytes of a METADATA file; the largest, with a changelog for a description, have about 1 MB."""


def read_wheel_metadata(reader: RangeReader, filename: str, *, origin: str | None = None) -> Metadata | Missing:
    """The core metadata of a wheel: one request where the end of the file holds METADATA too, else two or three.

    :param origin: for `Metadata.origin`; by default ``wheel`` when the server sent the whole file, else ``range``.
    """
    try:
        archive = ZipRanges(reader, filename)
        directory = _dist_info(archive.names, filename)
        data = archive.read(f"{directory}/METADATA", METADATA_LIMIT)
    except ReadError as error:
        return error.missing
    return parse_metadata(data, origin=origin or ("range" if reader.whole is None else "wheel"))


def wheel_members(reader: RangeReader, filename: str = "the wheel") -> tuple[str, ...] | Missing:
    """The names of a wheel's members, from its central directory. They are foreign text: see to it before showing."""
    try:
        return ZipRanges(reader, filename).names
    except ReadError as error:
        return error.missing


def _dist_info(names: tuple[str, ...], filename: str) -> str:
    """The one top-level ``.dist-info`` directory, which must belong to the project, as pip has it.

    :raises ReadError: when there is none, more than one, or another project's.
    """
    directories = {top for top in (name.split("/", 1)[0] for name in names) if top.endswith(".dist-info")}
    if len(directories) != 1:
        amount = f"{len(directories)} .dist-info directories" if directories else "no .dist-info directory"
        raise ReadError(_broken(filename, f"has {amount}"))
    directory = directories.pop()
    if not canonicalize_name(directory).startswith(canonicalize_name(filename.partition("-")[0])):
        raise ReadError(_broken(filename, f"holds the metadata of another project, {quotable(directory)}"))
    return directory


def _broken(filename: str, what: str) -> Missing:
    return Missing(kind=MissingKind.BROKEN, text=f"{quotable(filename)} {what}")
