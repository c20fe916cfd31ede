"""One page of one index: from the cache while it is fresh, else from where it lives, conditionally (RFC 9111)."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from nogilcheck.index.http.failures import ReadError, refused
from nogilcheck.index.http.freshness import fresh_until
from nogilcheck.index.http.logins import Logins
from nogilcheck.index.http.retrying_transport import Response, Transport
from nogilcheck.index.local_path import local_path
from nogilcheck.index.pages.file_table import FileTable, TableError
from nogilcheck.index.pages.find_links import local_listing, local_page, read_local_page, remote_archive
from nogilcheck.index.pages.index_replies import IndexReply, LinksPage
from nogilcheck.index.pages.index_routes import Place
from nogilcheck.index.pages.page_policy import PagePolicy
from nogilcheck.index.pages.simple_api import ACCEPT, PageError
from nogilcheck.model.artifact import Missing, MissingKind
from nogilcheck.model.cache import NOT_FOUND_DIGEST, Cache, Kind, PageKey, PageState, page_states
from nogilcheck.model.urls import without_credentials

_log = logging.getLogger(__name__)

MAX_PAGE = 32 * 1024 * 1024
"""Bytes of one page, unpacked; the largest on PyPI have about 10 MB."""

MAX_ETAG = 1024
"""Characters of a validator that is kept; the usual ones have less than a hundred."""

PAGE_ATTEMPTS = 2
"""Requests for a page that arrives and cannot be read: something on the way may have garbled it."""

_OK = 200
_NOT_MODIFIED = 304
_FORBIDDEN = 403
_ABSENT = frozenset({404, 410})

_FORBIDS_THE_UNKNOWN = frozenset({"download.pytorch.org"})
"""Hosts that answer 403 where others answer 404, for a project that they do not have. uv knows them, too."""


class _Kept(NamedTuple):
    """A page in the cache."""

    state: PageState
    contents: FileTable | Missing


class PageSource:
    """Fetches and keeps pages; used by any number of threads."""

    def __init__(
        self,
        *,
        transport: Callable[[], Transport],
        cache: Cache,
        policy: PagePolicy,
        logins: Logins,
        later: Callable[[Callable[[], None]], None],
    ) -> None:
        """``later``: is handed the writes to the cache, which nobody waits for."""
        self._transport = transport
        self._cache = cache
        self._policy = policy
        self._logins = logins
        self._later = later
        self._parsing = threading.Semaphore(_parsers())
        """Pages that are parsed at the same time: finished one after the other they are of use sooner, and the
        values of a large one weigh twenty times its bytes."""

    def ask(self, place: Place, project: str) -> IndexReply:
        """The files of a project (normalized name) on an index, or those of all projects at a find-links location."""
        path = local_path(place.url)
        if not place.is_links:
            return self._remote(place, project) if path is None else _local_page(path, place, project)
        if path is not None:
            table = _local_links(path, place)
        else:
            archive = remote_archive(place.url)
            table = self._remote(place, "") if archive is None else FileTable.of(archive, "")
        return LinksPage(table) if isinstance(table, FileTable) else table

    def is_unchanged(self, place: Place, key: PageKey, state: PageState) -> bool:
        """Whether a kept page is what it was. Asks the index unless the page is fresh, and keeps what is new."""
        url = _url(place, key.project)
        if not self._logins.is_current(url, state.login):
            return False
        if self._policy.allows(state):
            return True
        try:
            response = self._get(url, state)
            if response.status == _NOT_MODIFIED:
                self._keep(key, response, url, state=state)
                return True
            contents = self._read(response, key, None, place)
        except (ReadError, PageError) as error:
            _log.debug("%s of %s: %s", key.project, key.index, error)
            return False
        return state.digest == (contents.digest if isinstance(contents, FileTable) else NOT_FOUND_DIGEST)

    def _remote(self, place: Place, project: str) -> FileTable | Missing:
        key = place.key(project)
        url = _url(place, project)
        kept = self._kept(key, url)
        if kept is not None and self._policy.allows(kept.state):
            _log.debug("%s of %s: from the cache", project, key.index)
            return kept.contents
        if self._policy.offline:
            what = f"the page of {project}" if project else "the page"
            text = f"{what} at {key.index} is not cached, and --offline is set"
            return Missing(kind=MissingKind.OFFLINE, text=text, reason="is not cached, and --offline is set")
        problem = PageError("")
        for _ in range(PAGE_ATTEMPTS):
            try:
                return self._read(self._get(url, kept and kept.state), key, kept, place)
            except ReadError as error:
                _log.debug("%s of %s: %s", project, key.index, error)
                return error.missing
            except PageError as error:
                _log.debug("%s of %s %s", project, key.index, error)
                problem = error
        return _unusable(without_credentials(url), problem)

    def _kept(self, key: PageKey, url: str) -> _Kept | None:
        """The page in the cache; ``None`` also for one that was got with a login that would not be sent today."""
        state = page_states(self._cache, [key]).get(key)
        if state is None or not self._logins.is_current(url, state.login):
            return None
        if state.digest == NOT_FOUND_DIGEST:
            return _Kept(state, _not_found(key.index, key.project))
        try:
            table = FileTable.decoded(self._cache.get(Kind.PAGES, key.text) or b"")
        except TableError:
            return None
        return _Kept(state, table) if table.digest == state.digest else None

    def _get(self, url: str, state: PageState | None) -> Response:
        etag = state.etag if state is not None else None
        headers = {"Accept": ACCEPT} if etag is None else {"Accept": ACCEPT, "If-None-Match": etag}
        return self._transport().get(url, headers=headers, limit=MAX_PAGE)

    def _read(self, response: Response, key: PageKey, kept: _Kept | None, place: Place) -> FileTable | Missing:
        """The page that an answer brings or confirms, which is then kept. Raises `PageError` and `TransportError`."""
        url = _url(place, key.project)
        _log.debug("%s of %s: HTTP status %d", key.project, key.index, response.status)
        if response.status == _NOT_MODIFIED and kept is not None:
            self._keep(key, response, url, state=kept.state)
            return kept.contents
        if response.status == _OK:
            with self._parsing:
                content_type = response.headers.get("content-type", "")
                table = FileTable.read(
                    response.content, content_type, response.url, key.project, packed=response.packed
                )
            self._keep(key, response, url, table=table)
            return table
        if response.status in _ABSENT or (response.status == _FORBIDDEN and _forbids_the_unknown(key)):
            self._keep(key, response, url)
            return _not_found(key.index, key.project)
        raise refused(url, response.status, authorized=response.authorized)

    def _keep(
        self,
        key: PageKey,
        response: Response,
        url: str,
        *,
        table: FileTable | None = None,
        state: PageState | None = None,
    ) -> None:
        """Keep that an answer brought this table, confirmed this state of the page, or that there is no page."""
        if not self._cache.keeps:
            return
        digest, etag = (NOT_FOUND_DIGEST, None) if state is None else (state.digest, state.etag)
        if table is not None:
            digest, etag = table.digest, response.headers.get("etag")
        now = self._policy.clock()
        state = PageState(
            digest=digest,
            etag=etag if etag is not None and _can_be_sent(etag) else None,
            fetched_at=now,
            fresh_until=fresh_until(response.headers, now),
            login=self._logins.found(url, response.sent, first=key.login),
        )

        def write() -> None:
            if table is not None:
                self._cache.put(Kind.PAGES, key.text, table.encoded())
            self._cache.put(Kind.PAGE_STATES, key.text, state.encoded())

        self._later(write)


def _local_page(path: Path, place: Place, project: str) -> FileTable | Missing:
    try:
        return FileTable.of(read_local_page(local_page(path, project)), project)
    except FileNotFoundError:
        return _not_found(place.url, project)
    except (OSError, PageError) as error:
        return _unusable(f"{path / project}", error)


def _local_links(path: Path, place: Place) -> FileTable | Missing:
    try:
        listing = local_listing(path)
    except PageError as error:
        return _unusable(f"{path}", error)
    return _not_found(place.url, "") if listing is None else FileTable.of(listing, "")


def _url(place: Place, project: str) -> str:
    """The URL of a page, perhaps with credentials."""
    return place.url if place.is_links else f"{place.url}{quote(project)}/"


def _can_be_sent(etag: str) -> bool:
    """Whether a validator may stand in a header of a request (RFC 9110, section 8.8.3, and what servers make of it).

    Servers send bytes beyond ASCII, which no client sends back, and control characters; a header that is too long is
    answered with 431.
    """
    return etag.isascii() and etag.isprintable() and 0 < len(etag) <= MAX_ETAG


def _parsers() -> int:
    """As many as can run: one under the GIL, one per processor without it."""
    has_gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    return 1 if has_gil else os.cpu_count() or 1


def _forbids_the_unknown(key: PageKey) -> bool:
    return urlsplit(key.index).hostname in _FORBIDS_THE_UNKNOWN


def _not_found(index: str, project: str) -> Missing:
    where = without_credentials(index)
    text = f"{where} does not know {project}" if project else f"there is nothing at {where}"
    return Missing(kind=MissingKind.NOT_FOUND, text=text)


def _unusable(where: str, error: Exception) -> Missing:
    return Missing(kind=MissingKind.UNREACHABLE, text=f"{where} {error}", reason=f"{error}")
