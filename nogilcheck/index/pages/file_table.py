"""The files of a page in a compact form: in memory, in the cache, and as `ReleaseFile` values when asked for.

The form is a header line and one line of JSON per version, so that of a page with thousands of files only the
versions that are looked at are ever read. ``body`` has what tells the files apart, ``links`` where they are;
the digest is of everything but the locations, which some servers sign anew for every answer.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urljoin

from nogilcheck.index.local_path import NOT_FOLLOWED
from nogilcheck.index.pages.simple_api import MAX_UPLOAD_TIME, REMOTE, FileRow, Listing, PageError, RawRow
from nogilcheck.model.credentials.secrets import sealed, unsealed
from nogilcheck.model.filenames import version_text
from nogilcheck.model.urls import without_userinfo

FORMAT = 4
"""Of the encoding; a record of another format is fetched again."""

COMPRESSION = 1
"""zlib's fastest level: numpy's page shrinks to a fifth in 4 ms."""

MAX_DECODED = 1 << 28
"""Bytes that one record may unpack to."""

_SEPARATOR = "\t"
"""Between two JSON texts, neither of which holds a raw tab."""

_USUAL_HASH = "sha256"

_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


class TableError(ValueError):
    """A record that cannot be decoded."""


class FileTable:
    """Rows by version text, in the page's order; under the empty text where a page holds many projects."""

    __slots__ = ("_body", "_links", "_prefix", "base", "digest", "groups", "status")

    def __init__(
        self, *, base: str, prefix: str, status: str, versions: Iterable[str], body: list[str], links: list[str]
    ) -> None:
        self.base = base
        self._prefix = prefix
        self.status = status
        self.groups: Mapping[str, int] = {version: line for line, version in enumerate(versions)}
        """Version text -> its line."""
        self.digest = ""
        self._body = body
        self._links = links

    @classmethod
    def of(cls, listing: Listing, project: str) -> FileTable:
        """The rows that belong to a project; every row when ``project`` is empty. Raises `PageError`."""
        groups = _by_version(listing.rows, project) if project else {"": listing.rows}
        try:
            body = [_encode([row[0] for row in rows]) for rows in groups.values()]
            hashes = [_encode([_short(row[2]) for row in rows]) for rows in groups.values()]
        except RecursionError:
            raise PageError("is nested too deeply") from None
        prefix = _host(listing.rows[0][1]) if listing.rows else ""
        places = [_encode([_place(row, prefix) for row in rows]) for rows in groups.values()]
        table = cls(
            base=without_userinfo(listing.base).partition("?")[0],  # a query, perhaps a secret, leads nowhere from here
            prefix=prefix,
            status=listing.status,
            versions=groups,
            body=body,
            links=[f"{place}{_SEPARATOR}{digests}" for place, digests in zip(places, hashes, strict=True)],
        )
        digest = sha256(_encoded([_encode([FORMAT, listing.status, *groups])]))
        digest.update(_encoded(body))
        digest.update(_encoded(hashes))
        table.digest = digest.hexdigest()
        return table

    @classmethod
    def decoded(cls, record: bytes) -> FileTable:
        """The table of a cached record. Raises `TableError`."""
        (header_text, *body_lines), links = _unpack(record)
        try:
            header: Any = json.loads(header_text)
            hosts = header["hosts"]
            link_lines = unsealed(links.decode("utf-8", "surrogatepass"), *hosts).split("\n") if links else []
            if header["format"] != FORMAT or not len(header["versions"]) == len(body_lines) == len(link_lines):
                raise TableError("another format")
            table = cls(
                base=unsealed(header["base"], *hosts),
                prefix=header["prefix"],
                status=header["status"],
                versions=header["versions"],
                body=body_lines,
                links=link_lines,
            )
            table.digest = header["digest"]
        except (ValueError, KeyError, TypeError) as error:
            raise TableError(str(error)) from None
        return table

    def encoded(self) -> bytes:
        """The record, without secrets: ``body``, compressed, and ``links`` behind it."""
        hosts = list(dict.fromkeys([_host(self.base), self._prefix]))
        # Mostly hexadecimal digits of hashes: compressing them costs more than it saves.
        links = sealed("\n".join(self._links), *hosts).encode("utf-8", "surrogatepass")
        header = {
            "format": FORMAT,
            "digest": self.digest,
            "hosts": hosts,
            "base": sealed(self.base, *hosts),
            "prefix": self._prefix,
            "status": self.status,
            "versions": list(self.groups),
        }
        return zlib.compress(_encoded([_encode(header), *self._body]), COMPRESSION) + links

    def raw_rows(self, version: str) -> list[RawRow]:
        """The rows of one version text."""
        line = self.groups[version]
        places, hashes = self._links[line].split(_SEPARATOR)
        return [
            (facts, f"{self._prefix}{place}{facts[0]}" if isinstance(place, str) else place[0], _long(short))
            for facts, place, short in zip(
                json.loads(self._body[line]), json.loads(places), json.loads(hashes), strict=True
            )
        ]

    def filenames(self, version: str) -> list[str]:
        """The file names of one version text."""
        return [facts[0] for facts in json.loads(self._body[self.groups[version]])]

    def upload_times(self, version: str) -> list[str]:
        """The upload times of one version text, of the files that have one."""
        times = (facts[3] for facts in json.loads(self._body[self.groups[version]]))
        return [time for time in times if isinstance(time, str) and len(time) <= MAX_UPLOAD_TIME]

    def rows(self, version: str) -> list[FileRow]:
        """The rows of one version text, made fit for use."""
        return [FileRow.of(*raw) for raw in self.raw_rows(version)]

    def url(self, row: FileRow) -> str:
        """The absolute URL of a row, behind `NOT_FOLLOWED` where it leads nowhere.

        A page from the network must not send us to the local disk.
        """
        url = row.url
        if not url.startswith(REMOTE):
            try:
                url = urljoin(self.base, url)
            except ValueError:
                return NOT_FOLLOWED + url
            if not url.startswith(REMOTE) and self.base.startswith(REMOTE):
                return NOT_FOLLOWED + url
        return url


def _by_version(rows: Iterable[RawRow], project: str) -> dict[str, list[RawRow]]:
    groups: dict[str, list[RawRow]] = {}
    for row in rows:
        version = version_text(row[0][0], project)
        if version is not None:
            group = groups.get(version)
            if group is None:
                groups[version] = [row]
            else:
                group.append(row)
    return groups


def _host(url: str) -> str:
    """Scheme and host of a URL, with the slash behind them; empty for a relative one."""
    return url[: url.find("/", url.find("//") + 2) + 1] if "://" in url else ""


def _place(row: RawRow, prefix: str) -> str | tuple[str]:
    """What stands between the host and the file name; the URL in a tuple where it is made otherwise."""
    filename, url = row[0][0], row[1]
    end = len(url) - len(filename)
    fits = end >= len(prefix) and url.endswith(filename) and url.startswith(prefix)
    return url[len(prefix) : end] if fits else (url,)


def _short(hashes: Any) -> Any:
    """The digest alone where it is the usual one."""
    if type(hashes) is dict and len(hashes) == 1 and type(digest := hashes.get(_USUAL_HASH)) is str:
        return digest
    return hashes if isinstance(hashes, dict) else None


def _long(short: Any) -> Any:
    return {_USUAL_HASH: short} if isinstance(short, str) else short


def _encoded(lines: list[str]) -> bytes:
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def _unpack(record: bytes) -> tuple[list[str], bytes]:
    """The lines of what is compressed, and what follows it. Raises `TableError`."""
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(record, MAX_DECODED).decode("utf-8", "surrogatepass")
    except (zlib.error, UnicodeDecodeError) as error:
        raise TableError(str(error)) from None
    if not unpacker.eof:
        raise TableError("it does not end where it should")
    return text.split("\n"), unpacker.unused_data
