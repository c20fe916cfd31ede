"""Core metadata and member names of a file, from the cheapest source that works."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nogilcheck.index.archives.core_metadata import parse_metadata
from nogilcheck.index.archives.metadata_record import decode_metadata, encode_metadata
from nogilcheck.index.archives.range_readers import (
    MAX_WHOLE,
    HttpRangeReader,
    LocalRangeReader,
    check_hash,
    read_pieces,
    sha256_of,
)
from nogilcheck.index.archives.ranges import RangeReader
from nogilcheck.index.http.failures import ReadError, TransportError
from nogilcheck.index.http.logins import Logins
from nogilcheck.index.http.retrying_transport import Transport
from nogilcheck.index.local_path import NOT_FOLLOWED, local_path
from nogilcheck.model.artifact import Metadata, Missing, MissingKind, ReleaseFile
from nogilcheck.model.cache import Cache, Kind, file_key
from nogilcheck.model.evidence import SourceReading
from nogilcheck.model.urls import without_credentials

if TYPE_CHECKING:
    from nogilcheck.index.archives.zip_ranges import ZipRanges

_log = logging.getLogger(__name__)

MAX_METADATA = 16 * 1024 * 1024
"""Bytes of a ``.metadata`` file (PEP 658); the largest real ones have about 1 MB."""

MAX_SDIST = 64 * 1024 * 1024
"""Bytes of an sdist that are read; most tell what they have to tell much earlier."""

_OK = 200
_METADATA_VERSION = b"Metadata-Version:"
"""Required in every version of the format; a gateway's friendly page has none."""

_LASTING = frozenset({MissingKind.DYNAMIC})
"""Missing answers that are a property of the file, and are kept with it."""


class MetadataSources:
    """Cache, then ``<url>.metadata`` (PEP 658), then ranges, then the whole wheel; an sdist by its stream."""

    def __init__(self, *, transport: Callable[[], Transport], cache: Cache, logins: Logins, offline: bool) -> None:
        self._transport = transport
        self._logins = logins
        self._cache = cache
        self._offline = offline
        self._announced: dict[str, Metadata] = {}
        """What was read from ``.metadata`` files, by the hash that a page announced. The wheels of one version that are
        for other platforms mostly have the same."""

    def metadata(self, file: ReleaseFile) -> Metadata | Missing:
        """The core metadata of one file."""
        key = self._key(file)
        kept = self._cache.get(Kind.METADATA, key) if key else None
        known = decode_metadata(kept) if kept is not None else None
        if known is not None:
            return known
        try:
            metadata = self._wheel(file) if file.kind == "wheel" else self._sdist(file)
        except ReadError as error:
            return error.missing
        key = self._key(file) if self._cache.keeps else None  # once more: it may have taken another login
        if key and (isinstance(metadata, Metadata) or metadata.kind in _LASTING):
            self._cache.put(Kind.METADATA, key, encode_metadata(metadata))
        return metadata

    def members(self, file: ReleaseFile) -> tuple[str, ...] | Missing:
        """The names of a wheel's members."""
        from nogilcheck.index.archives.wheel_reader import wheel_members

        key = self._key(file)
        kept = self._cache.get(Kind.MEMBERS, key) if key else None
        if kept is not None:
            return tuple(json.loads(kept))
        try:
            names = wheel_members(self._reader(file), file.filename)
        except ReadError as error:
            return error.missing
        key = self._key(file) if self._cache.keeps else None
        if key and not isinstance(names, Missing):
            self._cache.put(Kind.MEMBERS, key, json.dumps(names).encode("ascii"))
        return names

    def readings(self, file: ReleaseFile, pythons: tuple[tuple[int, int], ...]) -> tuple[SourceReading, ...] | Missing:
        """What the source in an sdist says of a build on each of these free-threaded Pythons."""
        from nogilcheck.index.archives.sdist_source import reading  # which a plain check does without

        what = f"source {reading.FORMAT} {','.join(f'{major}.{minor}' for major, minor in pythons)}"
        key = self._key(file)
        kept = self._cache.get(Kind.SCANS, f"{key} {what}") if key else None
        known = reading.decode_readings(kept) if kept is not None else None
        if known is not None:
            return known
        path = local_path(file.url)
        try:
            if path is None:
                self._refuse_unreachable(file)
            contents = reading.read_source(lambda: self._pieces(file, path), file.filename)
        except ReadError as error:
            return error.missing
        if isinstance(contents, Missing):
            return contents
        readings = tuple(reading.judge_source(contents, file.filename, python) for python in pythons)
        if key := self._key(file) if self._cache.keeps else None:
            self._cache.put(Kind.SCANS, f"{key} {what}", reading.encode_readings(readings))
        return readings

    def content_key(self, file: ReleaseFile) -> str | None:
        """What is known of the content of a file is kept under this; of one on the disk its hash, whoever tells it.

        ``None``: nothing can be kept. Raises `ReadError` where a file on the disk cannot be read.
        """
        path = local_path(file.url)
        return self._key(file) if path is None else sha256_of(path)

    def archive(self, file: ReleaseFile, *, most: int) -> ZipRanges:
        """A wheel whose members can be read; its directory has been.

        ``most``: bytes of the whole wheel, where its server knows no ranges. A wheel on the disk, and one that comes
        whole, is checked against its hash. Raises `ReadError`.
        """
        from nogilcheck.index.archives.zip_ranges import ZipRanges

        path = local_path(file.url)
        if path is not None:
            check_hash(path, file.hashes)
        return ZipRanges(self._reader(file, most=most), file.filename)

    def _key(self, file: ReleaseFile) -> str | None:
        """What was read from a file is kept under this; of one on the disk, which is read in no time, nothing is."""
        return None if local_path(file.url) is not None else file_key(file, self._logins.current(file.url))

    def _wheel(self, file: ReleaseFile) -> Metadata | Missing:
        path = local_path(file.url)
        notes: tuple[str, ...] = ()
        if path is not None:
            check_hash(path, file.hashes)
        elif file.core_metadata:
            self._refuse_unreachable(file)
            if file.metadata_hash and (known := self._announced.get(file.metadata_hash)):
                return known
            # Whatever is wrong with it, the wheel itself is there; a host that is gone is not asked again.
            try:
                response = self._transport().get(f"{file.url}.metadata", limit=MAX_METADATA)
            except TransportError as error:
                if error.missing.kind is not MissingKind.UNREACHABLE:
                    raise
            else:
                if response.status == _OK and _is_metadata(response.content, file.metadata_hash):
                    described = parse_metadata(response.content, origin="pep658")
                    if file.metadata_hash:
                        self._announced[file.metadata_hash] = described
                    return described
                _log.debug("%s.metadata is not what the index announced (HTTP %d)", file.filename, response.status)
                if response.status == _OK and file.metadata_hash is not None:
                    notes = (_contradicted(file),)
            _log.debug("%s: reading its metadata from the wheel", file.filename)
        from nogilcheck.index.archives.wheel_reader import read_wheel_metadata  # which most indexes spare us

        metadata = read_wheel_metadata(self._reader(file), file.filename, origin=None if path is None else "local")
        return replace(metadata, notes=notes) if notes and isinstance(metadata, Metadata) else metadata

    def _reader(self, file: ReleaseFile, *, most: int = MAX_WHOLE) -> RangeReader:
        path = local_path(file.url)
        if path is not None:
            return LocalRangeReader(path)
        self._refuse_unreachable(file)
        return HttpRangeReader(
            self._transport(), file.url, file.size, file.hashes, most=most, whole=_only_user_tells_hash(file)
        )

    def _sdist(self, file: ReleaseFile) -> Metadata | Missing:
        from nogilcheck.index.archives.sdist_reader import read_sdist
        from nogilcheck.index.archives.source_directory import read_source_directory

        path = local_path(file.url)
        if path is None:
            self._refuse_unreachable(file)
        elif path.is_dir():
            return read_source_directory(path)
        return read_sdist(lambda: self._pieces(file, path), file.filename)

    def _pieces(self, file: ReleaseFile, path: Path | None) -> Iterator[bytes]:
        if path is not None:
            check_hash(path, file.hashes)
            return read_pieces(path)
        if _only_user_tells_hash(file):
            return iter([self._reader(file, most=MAX_SDIST).tail(0)])
        return self._transport().stream(file.url, limit=MAX_SDIST)

    def _refuse_unreachable(self, file: ReleaseFile) -> None:
        """Raise `ReadError` for a file that must not be asked for."""
        if file.url.startswith(NOT_FOLLOWED):
            where = without_credentials(file.url.removeprefix(NOT_FOLLOWED))
            text = f"{file.index} links {file.filename} to {where}: only http and https links of an index are followed"
            raise ReadError(Missing(kind=MissingKind.UNREACHABLE, text=text))
        if self._offline:
            text = f"what is in {file.filename} is not cached, and --offline is set"
            raise ReadError(Missing(kind=MissingKind.OFFLINE, text=f"{text} ({without_credentials(file.url)})"))


def _only_user_tells_hash(file: ReleaseFile) -> bool:
    """Whether a requirement names the file by URL and gives its hash: no index vouches for it, so it is compared."""
    return not file.index and bool(file.hashes)


def _is_metadata(content: bytes, announced: str | None) -> bool:
    """Whether it is what the page announced; without a hash there, whether it looks like it."""
    if announced is None:
        return _METADATA_VERSION in content
    algorithm, _, digest = announced.partition("=")
    return hashlib.new(algorithm, content, usedforsecurity=False).hexdigest() == digest


def _contradicted(file: ReleaseFile) -> str:
    where = without_credentials(f"{file.url}.metadata")
    return f"{where} has another hash than {file.index} announces: it is not used, and the wheel itself was read"
