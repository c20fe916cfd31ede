"""The files of a page by version, as text: in memory, in the cache, and as `ReleaseFile` values when asked for.

The text is that of a JSON page: as the index sent it where `page_scan` can tell where the files of each version stand,
else written anew from what was read. So of a page with thousands of files only those of the versions that are looked at
are ever parsed, and what came compressed is kept as it came.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable
from hashlib import sha256
from typing import Any
from urllib.parse import urljoin

from nogilcheck.index.local_path import NOT_FOLLOWED
from nogilcheck.index.pages.page_scan import Spans, scan
from nogilcheck.index.pages.page_texts import PageText
from nogilcheck.index.pages.simple_api import (
    JSON_TYPES,
    MAX_REQUIRES_PYTHON,
    REMOTE,
    FileRow,
    Listing,
    decode_json,
    json_row,
    media_type,
    parse_page,
)
from nogilcheck.model.credentials.secrets import known, sealed, unsealed
from nogilcheck.model.filenames import version_text
from nogilcheck.model.urls import without_userinfo

FORMAT = 5
"""Of the encoding; a record of another format is fetched again."""

_NAMES = re.compile(rb'"filename"(?:: ?"([^"\\]+)")?')
_PYTHONS = re.compile(rb'"requires-python": ?(?:null|"([^"\\]{0,%d})")' % MAX_REQUIRES_PYTHON)
_FIRST_HOST = re.compile(rb'"url": ?"(https?://[!-~]+?/)')

_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


class TableError(ValueError):
    """A record that cannot be decoded."""


class FileTable:
    """Rows by version text, in the page's order; under the empty text where a page holds many projects."""

    __slots__ = ("_body", "_digest", "_hosts", "_project", "_text", "base", "groups", "status")

    def __init__(
        self,
        text: PageText,
        *,
        base: str,
        status: str,
        groups: dict[str, Spans],
        project: str,
        digest: str = "",
        body: slice = slice(None),
    ) -> None:
        """``body``: what a digest that is not known yet is to be of."""
        self._text = text
        self._project = project
        first = _FIRST_HOST.search(text.content)
        self._hosts = list(dict.fromkeys((_host(base), first[1].decode() if first else "")))
        self.base = base
        self.status = status
        self._digest = digest
        self._body = body
        self.groups = groups
        """Version text -> where its entries stand. One that a server describes wrongly may have no row."""

    @classmethod
    def read(
        cls, content: bytes, content_type: str, url: str, project: str, *, packed: bytes | None = None
    ) -> FileTable:
        """The rows of a page that belong to a project (normalized name); every row when ``project`` is empty.

        ``packed``: the content as it came, compressed with gzip. Raises `PageError`.
        """
        is_json = media_type(content, content_type) in JSON_TYPES
        page = scan(content, url, project) if project and is_json else None
        if page is None:
            return cls.of(parse_page(content, content_type, url), project)
        return cls(
            PageText(content, packed),
            base=_bare_base(url),
            status=page.listing.status,
            groups=page.spans,
            project=project,
            body=slice(page.begin, page.end),
        )

    @classmethod
    def of(cls, listing: Listing, project: str) -> FileTable:
        """The rows of a listing that belong to a project; every row when ``project`` is empty."""
        groups = _by_version(listing.rows, project) if project else {"": listing.rows}
        digest = sha256(_encode([FORMAT, listing.status, *groups]).encode("utf-8", "surrogatepass"))
        pieces: list[bytes] = []
        spans: dict[str, Spans] = {}
        end = 0
        for version, rows in groups.items():
            entries = list(map(_entry, rows))
            digest.update("".join([facts for facts, _ in entries]).encode("utf-8", "surrogatepass") + b"\n")
            text = ",".join([f"{facts[:-1]},{location}}}" for facts, location in entries])
            pieces.append(text.encode("utf-8", "surrogatepass"))
            spans[version] = [end, end + len(pieces[-1])]
            end += len(pieces[-1])
        return cls(
            PageText(b"".join(pieces), None),
            base=_bare_base(listing.base),
            status=listing.status,
            digest=digest.hexdigest(),
            groups=spans,
            project=project,
        )

    @classmethod
    def decoded(cls, record: bytes) -> FileTable:
        """The table of a cached record. Raises `TableError`."""
        head, _, packed = record.partition(b"\n")
        try:
            header: Any = json.loads(head)
            hosts = header["hosts"]
            if header["format"] != FORMAT:
                raise TableError("another format")
            text = PageText.unpacked(packed)
            if header["sealed"]:
                content = text.content.decode("utf-8", "surrogatepass")
                text = PageText(unsealed(content, *hosts).encode("utf-8", "surrogatepass"), None)
            return cls(
                text,
                base=unsealed(header["base"], *hosts),
                status=header["status"],
                digest=header["digest"],
                groups=header["groups"],
                project=header["project"],
            )
        except (ValueError, KeyError, TypeError, zlib.error) as error:
            raise TableError(str(error)) from None

    @property
    def digest(self) -> str:
        """Of everything but the locations where the page was written anew: some servers sign them for every answer.

        Made when it is first asked for: nobody does without a cache.
        """
        if not self._digest:
            digest = sha256(_encode([FORMAT, self.status]).encode())
            digest.update(memoryview(self._text.content)[self._body])
            self._digest = digest.hexdigest()
        return self._digest

    def encoded(self) -> bytes:
        """The record, without secrets: a line of JSON, and the text, compressed."""
        is_sealed = any(secret.encode("utf-8", "surrogatepass") in self._text.content for secret in known(*self._hosts))
        header = {
            "format": FORMAT,
            "digest": self.digest,
            "hosts": self._hosts,
            "sealed": is_sealed,
            "base": sealed(self.base, *self._hosts),
            "status": self.status,
            "project": self._project,
            "groups": self.groups,
        }
        text = self._text
        if is_sealed:
            hidden = sealed(text.content.decode("utf-8", "surrogatepass"), *self._hosts)
            text = PageText(hidden.encode("utf-8", "surrogatepass"), None)
        return _encode(header).encode("utf-8", "surrogatepass") + b"\n" + text.packed()

    def rows(self, version: str) -> list[FileRow]:
        """The rows of one version text. Raises `PageError` for a page that turns out to be none."""
        content, spans = self._text.content, iter(self.groups[version])
        entries = b",".join([content[begin:end] for begin, end in zip(spans, spans, strict=True)])
        rows = map(json_row, decode_json(b"[%b]" % entries))
        return [row for row in rows if row is not None and self._is_of(row.filename, version)]

    def filenames(self, version: str) -> list[str]:
        """The file names of one version text, which are found without parsing. Raises `PageError`."""
        found, locations = [], 0
        content, spans = self._text.content, iter(self.groups[version])
        for span in zip(spans, spans, strict=True):
            found += _NAMES.findall(content, *span)
            locations += content.count(b'"url"', *span)
        if b"" in found or len(found) != locations:  # one has an escape, or is no file's
            return [row.filename for row in self.rows(version)]
        return [name for name in (each.decode("utf-8", "replace") for each in found) if self._is_of(name, version)]

    def alike(self, version: str) -> tuple[list[str], str] | None:
        """The file names of one version text and its Requires-Python, found without parsing. Raises `PageError`.

        ``None`` where one is yanked, they do not have the same Requires-Python, or it is written in an unusual way.
        """
        names, content, spans = self.filenames(version), self._text.content, iter(self.groups[version])
        entries = b",".join([content[begin:end] for begin, end in zip(spans, spans, strict=True)])
        pythons = _PYTHONS.findall(entries)
        counts = {entries.count(text) for text in (b'"requires-python"', b'"yanked"', b'"yanked":false')}
        if len(set(pythons)) != 1 or counts | {len(pythons)} != {len(names)}:
            return None
        return names, pythons[0].decode("utf-8", "replace")

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

    def _is_of(self, filename: str, version: str) -> bool:
        return not self._project or version_text(filename, self._project) == version


def _entry(file: FileRow) -> tuple[str, str]:
    """The entry of a row, as on a JSON page, of what is of use: without the location, and the location."""
    algorithm, _, digest = (file.metadata_hash or "").partition("=")
    facts = {
        "filename": file.filename,
        "requires-python": file.requires_python,
        "yanked": file.yanked,
        "upload-time": file.upload_time,
        "size": file.size,
        "core-metadata": {algorithm: digest} if digest else file.core_metadata,
        "hashes": file.hashes,
    }
    return _encode(facts), f'"url":{_encode(file.url)}'


def _by_version(rows: Iterable[FileRow], project: str) -> dict[str, list[FileRow]]:
    groups: dict[str, list[FileRow]] = {}
    for row in rows:
        version = version_text(row.filename, project)
        if version is not None:
            groups.setdefault(version, []).append(row)
    return groups


def _host(url: str) -> str:
    """Scheme and host of a URL, with the slash behind them; empty for a relative one."""
    return url[: url.find("/", url.find("//") + 2) + 1] if "://" in url else ""


def _bare_base(url: str) -> str:
    """What relative URLs are relative to; a query, perhaps a secret, leads nowhere from there."""
    return without_userinfo(url).partition("?")[0]
