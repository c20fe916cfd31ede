"""The fetcher: threads that work ahead of the walk, and answers that are worked out once.

A page that arrives tells which metadata is likely to be wanted, and metadata that arrives tells which pages are:
both start at once, on the thread that has the news. Tasks never wait for tasks; what needs several pages is
finished by the thread that brings the last of them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

from nogilcheck.index.archives.metadata_sources import MetadataLadder
from nogilcheck.index.archives.zip_ranges import ZipRanges
from nogilcheck.index.http.connections import THREADS, Connections
from nogilcheck.index.pages.file_table import FileTable
from nogilcheck.index.pages.index_replies import Answer, IndexReply, LinksPage, answer, may_change_unseen, settled
from nogilcheck.index.pages.index_routes import Place, Route, Routes
from nogilcheck.index.pages.page_source import PageSource
from nogilcheck.index.progress import Meter, Progress
from nogilcheck.index.promises import OnceMap, Promise, gather
from nogilcheck.index.workers import Urgency, Workers
from nogilcheck.model.artifact import Metadata, Missing, MissingKind, ProjectPage, ReleaseFile
from nogilcheck.model.cache import Cache, PageKey
from nogilcheck.model.source import IndexSettings

_PASSING = frozenset({MissingKind.UNREACHABLE, MissingKind.FORBIDDEN, MissingKind.OFFLINE})
"""Answers that may be different next time although no page has changed."""

_STOPPED = Missing(kind=MissingKind.UNREACHABLE, text="the run was stopped before the answer came")

V = TypeVar("V")


class IndexFetcher:
    """Implements `nogilcheck.model.artifact.Fetcher`. Use it as a context manager, or call `close`.

    :param likely: called with each page that arrives, on a thread of the pool; the metadata of the files that
        it returns is prefetched.
    :param heard: called with each metadata that arrives, on a thread of the pool; the pages of the names that it
        returns (normalized) are prefetched.
    :param max_age: seconds for which a kept page is fresh, instead of what the index said.
    :param asked_since: Unix time; pages that were asked for since then are fresh in any case.
    :param connections: those of the run, which are left open; without them the fetcher has its own.
    :param on_progress: called from several threads whenever something was heard of or has arrived.
    """

    def __init__(
        self,
        *,
        settings: IndexSettings,
        cache: Cache,
        likely: Callable[[ProjectPage], Iterable[ReleaseFile]],
        heard: Callable[[Metadata], Iterable[str]],
        offline: bool = False,
        refresh: bool = False,
        max_age: int | None = None,
        threads: int = THREADS,
        connections: Connections | None = None,
        asked_since: float | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._routes = Routes(settings)
        self._connections = connections or Connections(threads=threads)
        self._connections.learn(place.url for place in self._routes.places)
        self._connections.learn_named((index.name, index.url) for index in settings.indexes)
        self._own_connections = connections is None
        self._likely = likely
        self._heard = heard
        self._workers = Workers(lambda: self._connections.useful_threads, self._broken)
        self._lock = threading.Lock()
        self._closed = False
        self._defect: BaseException | None = None
        self._source = PageSource(
            transport=self._connections.open,
            cache=cache,
            offline=offline,
            refresh=refresh,
            max_age=max_age,
            clock=clock,
            asked_since=asked_since,
            later=self._later,
        )
        self._ladder = MetadataLadder(transport=self._connections.open, cache=cache, offline=offline)
        self._parts: OnceMap[PageKey, IndexReply] = OnceMap()
        self._pages: OnceMap[str, Answer] = OnceMap()
        self._wanted: set[str] = set()
        """Projects whose pages somebody waits for."""
        self._metadata: OnceMap[str, Metadata | Missing] = OnceMap()
        self._listings: OnceMap[str, tuple[str, ...] | Missing] = OnceMap()
        self._meter = Meter(
            on_progress,
            pages=lambda: len(self._pages),
            metadata=lambda: len(self._metadata),
            received=lambda: self._connections.bytes,
        )
        self._read: dict[PageKey, str] = {}
        self._files: dict[str, None] = {}
        self._local_indexes = {place.name for place in self._routes.places if place.is_local and not place.is_links}
        self._passing = False

    def prefetch(self, names: Iterable[str]) -> None:
        """Start fetching the pages of these projects (normalized names); returns at once."""
        for name in names:
            self._start_page(name, Urgency.LIKELY)

    def prefetch_metadata(self, file: ReleaseFile) -> None:
        """Start reading the core metadata of one file; returns at once."""
        self._start_metadata(file, Urgency.LIKELY)

    def page(self, name: str) -> ProjectPage | Missing:
        """The page of one project (normalized name), joined from every place that lists it; blocks."""
        found = self._wait(self._start_page(name, Urgency.WANTED), Answer(page=_STOPPED, read=()))
        with self._lock:
            self._read.update(found.read)
            self._files |= dict.fromkeys(found.files)
        return self._noted(found.page)

    def metadata(self, file: ReleaseFile) -> Metadata | Missing:
        """The core metadata of one file, by the cheapest rung that works; blocks."""
        self._note_passing(file)
        return self._noted(self._wait(self._start_metadata(file, Urgency.WANTED), _STOPPED))

    def prefetch_listing(self, file: ReleaseFile) -> None:
        """Start reading the central directory of one wheel; returns at once."""
        self._start_listing(file)

    def listing(self, file: ReleaseFile) -> tuple[str, ...] | Missing:
        """The member names of one wheel, read from its central directory; blocks."""
        self._note_passing(file)
        return self._noted(self._wait(self._start_listing(file), _STOPPED))

    def content_key(self, file: ReleaseFile) -> str | None:
        """What the content of a file is kept under; see `MetadataLadder.content_key`. Raises `ReadError`."""
        return self._ladder.content_key(file)

    def archive(self, file: ReleaseFile, *, most: int) -> ZipRanges:
        """A wheel whose members can be read, by this thread; see `MetadataLadder.archive`. Raises `ReadError`."""
        self._note_passing(file)
        return self._ladder.archive(file, most=most)

    @property
    def pages_read(self) -> tuple[tuple[PageKey, str], ...]:
        """Every page that an answer rests on, with its digest, save for those on the disk."""
        with self._lock:
            return tuple(self._read.items())

    @property
    def files_read(self) -> tuple[str, ...]:
        """The pages of local indexes that an answer rests on: absolute paths, where there need not be a file."""
        with self._lock:
            return tuple(self._files)

    @property
    def replayable(self) -> bool:
        """Whether equal pages mean equal answers.

        Nothing failed, every file that was read is listed on a page or has a hash (on a local index: has a hash), and
        what is on the disk is in `files_read`, or witnessed by the reader of the inputs as find-links locations are.
        """
        return not self._passing and not any(map(may_change_unseen, self._routes.places))

    @property
    def requests(self) -> int:
        """HTTP requests sent so far, retries included."""
        return self._connections.requests

    @property
    def bytes(self) -> int:
        """Bytes of answers received so far."""
        return self._connections.bytes

    def close(self, *, flush: bool = True) -> None:
        """Stop at once. Requests under way are abandoned; who still waits gets `Missing`.

        ``flush``: first write to the cache what has arrived and was not written yet.
        """
        if self._closed:
            return
        self._closed = True
        self._workers.close(flush=flush)
        for page in self._pages.pending():
            page.give(Answer(page=_STOPPED, read=()))
        for metadata in self._metadata.pending():
            metadata.give(_STOPPED)
        for listing in self._listings.pending():
            listing.give(_STOPPED)
        if self._own_connections:
            self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close(flush=error is None)

    def _start_page(self, name: str, urgency: Urgency) -> Promise[Answer]:
        promise, first = self._pages.claim(name)
        if urgency is Urgency.WANTED:
            self._wanted.add(name)
        if first:
            self._meter.tell()
            self._ask(name, self._routes.of(name), 0)
        elif urgency is Urgency.WANTED and not promise.done:
            for place in self._routes.places:
                self._workers.hurry(place.key(name))
        return promise

    def _ask(self, name: str, route: Route, tier: int) -> None:
        """Ask the places of one tier, and again all before it, whose answers are here."""
        urgency = Urgency.WANTED if name in self._wanted else Urgency.LIKELY
        parts = [self._start_part(place, name, urgency) for place in route.places(tier)]
        gather(parts, partial(self._gathered, name, route, tier))

    def _start_part(self, place: Place, name: str, urgency: Urgency) -> Promise[IndexReply]:
        key = place.key(name)
        promise, first = self._parts.claim(key)
        if first:

            def load() -> None:
                if place.is_links:
                    found = self._source.links_page(place.url)
                    promise.give(LinksPage(found) if isinstance(found, FileTable) else found)
                else:
                    promise.give(self._source.index_page(place.url, name))

            self._workers.submit(load, urgency, key=key)
        return promise

    def _gathered(self, name: str, route: Route, tier: int, parts: list[IndexReply]) -> None:
        asked = route.places(tier)
        if not settled(name, route, tier, dict(zip((place.name for place in asked), parts, strict=True))):
            self._ask(name, route, tier + 1)
            return
        found = answer(name, asked, parts, pinned=route.pinned)
        self._pages.claim(name)[0].give(found)
        self._meter.tell(pages=1)
        if isinstance(found.page, ProjectPage):
            for file in self._likely(found.page):
                self._start_metadata(file, Urgency.LIKELY)

    def _start_metadata(self, file: ReleaseFile, urgency: Urgency) -> Promise[Metadata | Missing]:
        promise, first = self._metadata.claim(file.url)
        if first:

            def load() -> None:
                found = self._ladder.metadata(file)
                # Heard before it is given: what a page is likely to be asked for depends on it.
                names = self._heard(found) if isinstance(found, Metadata) else ()
                promise.give(found)
                self._meter.tell(metadata=1)
                self.prefetch(names)

            self._workers.submit(load, urgency, key=file.url)
            self._meter.tell()
        elif urgency is Urgency.WANTED and not promise.done:
            self._workers.hurry(file.url)
        return promise

    def _start_listing(self, file: ReleaseFile) -> Promise[tuple[str, ...] | Missing]:
        promise, first = self._listings.claim(file.url)
        if first:
            self._workers.submit(lambda: promise.give(self._ladder.members(file)), Urgency.WANTED)
        return promise

    def _later(self, call: Callable[[], None]) -> None:
        self._workers.submit(call, Urgency.LATER)

    def _wait(self, promise: Promise[V], stopped: V) -> V:
        if self._defect is not None:
            raise self._defect
        return stopped if self._closed and not promise.done else promise.wait()

    def _noted(self, found: V) -> V:
        if isinstance(found, Missing) and found.kind in _PASSING:
            self._passing = True
        return found

    def _note_passing(self, file: ReleaseFile) -> None:
        """A file that no page lists may change behind its URL, unless its hash is known."""
        if (not file.index or file.index in self._local_indexes) and "sha256" not in file.hashes:
            self._passing = True

    def _broken(self, error: BaseException) -> None:
        """A thread raised: wrong settings of the environment, or a defect of ours. Whoever waits hears of it."""
        self._defect = error
        for promises in (self._pages, self._metadata, self._listings):
            for promise in promises.pending():
                promise.fail(error)
