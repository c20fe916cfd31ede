"""One page of one index: from the cache while it is fresh, else from where it lives, conditionally (RFC 9111)."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from urllib.parse import quote, urlsplit

from nogilcheck.index.http.failures import ReadError, refused
from nogilcheck.index.http.freshness import fresh_until
from nogilcheck.index.http.transport import Response, Transport
from nogilcheck.index.local_path import local_path
from nogilcheck.index.pages.collector import collector_paused
from nogilcheck.index.pages.file_table import FileTable, TableError
from nogilcheck.index.pages.find_links import local_listing, local_page, read_local_page, remote_archive
from nogilcheck.index.pages.simple_api import ACCEPT, PageError, parse_page
from nogilcheck.model.artifact import Missing, MissingKind
from nogilcheck.model.cache import NOT_FOUND_DIGEST, Cache, PageKey, PageRecord
from nogilcheck.model.urls import identity, without_credentials

MAX_PAGE = 32 * 1024 * 1024
"""Bytes of one page, unpacked; the largest on PyPI have about 10 MB."""

PAGE_ATTEMPTS = 2
"""Requests for a page that arrives and cannot be read: something on the way may have garbled it."""

_OK = 200
_NOT_MODIFIED = 304
_FORBIDDEN = 403
_ABSENT = frozenset({404, 410})

_FORBIDS_THE_UNKNOWN = frozenset({"download.pytorch.org"})
"""Hosts that answer 403 where others answer 404, for a project that they do not have. uv knows them, too."""


class PageSource:
    """Fetches and keeps pages; used by any number of threads."""

    def __init__(
        self,
        *,
        transport: Callable[[], Transport],
        cache: Cache,
        offline: bool,
        refresh: bool,
        max_age: int | None,
        clock: Callable[[], float],
        asked_since: float | None = None,
        later: Callable[[Callable[[], None]], None],
    ) -> None:
        """``asked_since``: pages asked for since this Unix time are fresh, whatever the other options say."""
        self._transport = transport
        self._cache = cache
        self._offline = offline
        self._refresh = refresh
        self._max_age = max_age
        self._clock = clock
        self._asked_since = asked_since
        self._later = later
        """What nobody waits for is handed to it: writes to the cache."""
        self._parsing = threading.Semaphore(_parsers())
        """Pages that are parsed at the same time: finished one after the other they are of use sooner, and the
        values of a large one weigh twenty times its bytes."""

    def index_page(self, index: str, project: str) -> FileTable | Missing:
        """The page of one project on one index; ``index`` ends with a slash and may hold credentials."""
        path = local_path(index)
        if path is not None:
            try:
                return FileTable.of(read_local_page(local_page(path, project)), project)
            except FileNotFoundError:
                return _not_found(index, project)
            except (OSError, PageError) as error:
                return _unusable(f"{path / project}", error)
        return self._remote(f"{index}{quote(project)}/", index, project)

    def links_page(self, location: str) -> FileTable | Missing:
        """The files of any project at one find-links location, which may hold credentials."""
        path = local_path(location)
        if path is None:
            archive = remote_archive(location)
            return FileTable.of(archive, "") if archive is not None else self._remote(location, location, "")
        try:
            listing = local_listing(path)
        except PageError as error:
            return _unusable(f"{path}", error)
        return _not_found(location, "") if listing is None else FileTable.of(listing, "")

    def _remote(self, url: str, index: str, project: str) -> FileTable | Missing:
        key = PageKey(index=identity(index), project=project)
        record, known = self._kept(key)
        if record is not None and known is not None and (self._offline or self._fresh(record)):
            return known
        if self._offline:
            what = f"the page of {project}" if project else "the page"
            text = f"{what} at {key.index} is not in the cache, and the network must not be used"
            return Missing(kind=MissingKind.OFFLINE, text=text)
        etag = record.etag if record is not None and isinstance(known, FileTable) else None
        problem = PageError("")
        for _ in range(PAGE_ATTEMPTS):
            try:
                response = self._transport().get(url, headers=_headers(etag), limit=MAX_PAGE)
                return self._answer(response, key, known, url)
            except ReadError as error:
                return error.missing
            except PageError as error:
                problem = error
        return _unusable(without_credentials(url), problem)

    def still(self, place: str, state: PageRecord) -> bool:
        """Whether a kept page is what it was; asks unless it is fresh, and keeps what is new.

        ``place`` is the index or find-links location, which may hold credentials; ``state`` may lack its contents.
        """
        key = state.key
        if self._fresh(state):
            return True
        url = f"{place}{quote(key.project)}/" if key.project else place
        try:
            response = self._transport().get(url, headers=_headers(state.etag), limit=MAX_PAGE)
            if response.status == _NOT_MODIFIED:
                self._renew(key, response)
                return True
            found = self._answer(response, key, None, url)
        except (ReadError, PageError):
            return False
        digest = found.digest if isinstance(found, FileTable) else NOT_FOUND_DIGEST
        return digest == state.digest

    def _fresh(self, record: PageRecord) -> bool:
        if self._asked_since is not None and record.fetched_at >= self._asked_since:
            return True
        return not self._refresh and record.fresh(self._clock(), self._max_age)

    def _kept(self, key: PageKey) -> tuple[PageRecord | None, FileTable | Missing | None]:
        record = self._cache.page(key)
        if record is None:
            return None, None
        if record.digest == NOT_FOUND_DIGEST:
            return record, _not_found(key.index, key.project)
        try:
            return record, FileTable.decoded(record.body, record.links, record.digest)
        except TableError:
            return None, None

    def _answer(
        self, response: Response, key: PageKey, known: FileTable | Missing | None, url: str
    ) -> FileTable | Missing:
        now = self._clock()
        until = fresh_until(response.headers, now)
        if response.status == _NOT_MODIFIED and known is not None:
            self._renew(key, response)
            return known
        etag = response.headers.get("etag")
        if response.status == _OK:
            with self._parsing, collector_paused():
                content_type = response.headers.get("content-type", "")
                table = FileTable.of(parse_page(response.content, content_type, response.url), key.project)
            self._later(partial(self._keep, table, key, etag, now, until))
            return table
        if response.status in _ABSENT or (response.status == _FORBIDDEN and _forbids_the_unknown(key)):
            record = PageRecord(key=key, digest=NOT_FOUND_DIGEST, fetched_at=now, fresh_until=until)
            self._later(partial(self._cache.put_page, record))
            return _not_found(key.index, key.project)
        raise refused(url, response.status, authorized=response.authorized)

    def _renew(self, key: PageKey, response: Response) -> None:
        now = self._clock()
        until = fresh_until(response.headers, now)
        self._later(partial(self._cache.renew_page, key, fetched_at=now, fresh_until=until))

    def _keep(self, table: FileTable, key: PageKey, etag: str | None, now: float, until: float) -> None:
        body, links = table.encoded()
        self._cache.put_page(
            PageRecord(
                key=key, digest=table.digest, etag=etag, fetched_at=now, fresh_until=until, body=body, links=links
            )
        )


def _parsers() -> int:
    """As many as can run: one under the GIL, one per processor without it."""
    has_gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    return 1 if has_gil else os.cpu_count() or 1


def _headers(etag: str | None) -> dict[str, str]:
    return {"Accept": ACCEPT} if etag is None else {"Accept": ACCEPT, "If-None-Match": etag}


def _forbids_the_unknown(key: PageKey) -> bool:
    return urlsplit(key.index).hostname in _FORBIDS_THE_UNKNOWN


def _not_found(index: str, project: str) -> Missing:
    where = without_credentials(index)
    text = f"{where} does not know {project}" if project else f"there is nothing at {where}"
    return Missing(kind=MissingKind.NOT_FOUND, text=text)


def _unusable(where: str, error: Exception) -> Missing:
    return Missing(kind=MissingKind.UNREACHABLE, text=f"{where} {error}")
