"""The fetcher: threads that work ahead of the walk, and answers that are worked out once.

A page that arrives tells which metadata is likely to be wanted, and metadata that arrives tells which pages are:
both are queued at once, by the thread that brought them. Tasks never wait for tasks: an answer that needs several
pages is finished by the thread that brings the last of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from nogilcheck.index.archives.metadata_sources import MetadataSources
from nogilcheck.index.http.connections import Connections
from nogilcheck.index.memory import return_large_blocks
from nogilcheck.index.pages.index_replies import Answer, IndexReply, join_replies, settled
from nogilcheck.index.pages.index_routes import Place, Route, routes_of
from nogilcheck.index.pages.page_policy import PagePolicy
from nogilcheck.index.pages.page_source import PageSource
from nogilcheck.index.progress import Meter, Progress
from nogilcheck.index.promises import OnceMap, Promise, gather
from nogilcheck.index.replay_record import ReplayRecord
from nogilcheck.index.workers import Urgency, Workers
from nogilcheck.model.artifact import Metadata, Missing, MissingKind, ProjectPage, ReleaseFile
from nogilcheck.model.cache import Cache, PageKey
from nogilcheck.model.evidence import SourceReading
from nogilcheck.model.source import IndexSettings

if TYPE_CHECKING:
    from nogilcheck.index.archives.zip_ranges import ZipRanges

_STOPPED = Missing(kind=MissingKind.UNREACHABLE, text="the run was stopped before the answer came")

V = TypeVar("V")

ListedFile = tuple[object, ...]
"""A file as one index describes it."""


def _itself(missing: Missing) -> Missing:
    return missing


def _give(promise: Promise[V], read: Callable[[], V]) -> None:
    promise.give(read())


class IndexFetcher:
    """Implements `nogilcheck.model.artifact.Fetcher`: schedules what is fetched, each thing once.

    Use it as a context manager, or call `close`. ``record`` tells what the answers given so far rest on.

    :param connections: those of the run; the fetcher leaves them open.
    :param files_to_prefetch: called with each page that arrives, on a thread of the pool; the metadata of the files
        that it returns is prefetched.
    :param names_to_prefetch: called with each metadata that arrives, on a thread of the pool; the pages of the names
        that it returns (normalized) are prefetched.
    :param on_progress: called from several threads when a fetch is queued or finishes.
    """

    def __init__(
        self,
        *,
        settings: IndexSettings,
        cache: Cache,
        connections: Connections,
        policy: PagePolicy,
        files_to_prefetch: Callable[[ProjectPage], Iterable[ReleaseFile]] = lambda _: (),
        names_to_prefetch: Callable[[Metadata], Iterable[str]] = lambda _: (),
        on_progress: Callable[[Progress], None] | None = None,
    ) -> None:
        return_large_blocks()
        logins = connections.logins(cache.keyed)
        self._routes = routes_of(settings, connections, logins)
        self.record = ReplayRecord(self._routes.places)
        self._files_to_prefetch = files_to_prefetch
        self._names_to_prefetch = names_to_prefetch
        self._workers = Workers(connections.threads, self._fail_pending)
        self._limit = connections.limit
        self._closed = False
        self._defect: BaseException | None = None
        self._source = PageSource(
            transport=connections.open, cache=cache, policy=policy, logins=logins, later=self._later
        )
        self._archives = MetadataSources(transport=connections.open, cache=cache, logins=logins, offline=policy.offline)
        self._replies: OnceMap[PageKey, IndexReply] = OnceMap()
        self._pages: OnceMap[str, Answer] = OnceMap()
        self._wanted: set[str] = set()
        """Projects whose pages somebody waits for."""
        self._metadata: OnceMap[ListedFile, Metadata | Missing] = OnceMap()
        self._listings: OnceMap[ListedFile, tuple[str, ...] | Missing] = OnceMap()
        self._readings: OnceMap[ListedFile, tuple[SourceReading, ...] | Missing] = OnceMap()
        self._notes: dict[str, None] = {}
        self._meter = Meter(
            on_progress,
            pages=lambda: len(self._pages),
            metadata=lambda: len(self._metadata),
            received=lambda: connections.bytes,
        )

    def prefetch(self, names: Iterable[str]) -> None:
        """Start fetching the pages of these projects (normalized names); returns at once."""
        for name in names:
            self._start_page(name, Urgency.LIKELY)

    def prefetch_metadata(self, file: ReleaseFile) -> None:
        """Start reading the core metadata of one file; returns at once."""
        self._start_metadata(file, Urgency.LIKELY)

    def page(self, name: str) -> ProjectPage | Missing:
        """The page of one project (normalized name), joined from every place that lists it; blocks."""
        answer = self._wait(self._start_page(name, Urgency.WANTED), lambda missing: Answer(page=missing, read=()))
        self.record.record_answer(answer)
        return answer.page

    def metadata(self, file: ReleaseFile) -> Metadata | Missing:
        """The core metadata of one file, from the cheapest source that works; blocks."""
        self.record.record_file(file)
        metadata = self.record.record_transient(self._wait(self._start_metadata(file, Urgency.WANTED), _itself))
        if isinstance(metadata, Metadata):
            self._notes.update(dict.fromkeys(metadata.notes))
        return metadata

    def readings(
        self, files: Iterable[ReleaseFile], pythons: tuple[tuple[int, int], ...]
    ) -> dict[str, tuple[SourceReading, ...] | Missing]:
        """By file name, what the source in each sdist says; see `MetadataSources.readings`. In parallel; blocks."""
        started: dict[str, Promise[tuple[SourceReading, ...] | Missing]] = {}
        for file in files:
            self.record.record_file(file)
            started[file.filename], first = self._readings.claim((*_as_listed(file), pythons))
            if first:
                read = partial(self._archives.readings, file, pythons)
                self._workers.submit(partial(_give, started[file.filename], read), Urgency.WANTED)
        return {name: self.record.record_transient(self._wait(promise, _itself)) for name, promise in started.items()}

    @property
    def notes(self) -> tuple[str, ...]:
        """What is odd about where the metadata came from that were asked for, in sentences."""
        return tuple(self._notes)

    def prefetch_listing(self, file: ReleaseFile) -> None:
        """Start reading the central directory of one wheel; returns at once."""
        self._start_listing(file)

    def listing(self, file: ReleaseFile) -> tuple[str, ...] | Missing:
        """The member names of one wheel, read from its central directory; blocks."""
        self.record.record_file(file)
        return self.record.record_transient(self._wait(self._start_listing(file), _itself))

    def content_key(self, file: ReleaseFile) -> str | None:
        """The key of what was read from the file; see `MetadataSources.content_key`. Raises `ReadError`."""
        return self._archives.content_key(file)

    def archive(self, file: ReleaseFile, *, most: int) -> ZipRanges:
        """A wheel whose members can be read, by this thread; see `MetadataSources.archive`. Raises `ReadError`."""
        self.record.record_file(file)
        return self._archives.archive(file, most=most)

    def is_out_of_time(self) -> bool:
        """Whether the run has reached its time limit: what is asked from now on has no answer."""
        return self._limit.is_reached()

    @property
    def reached_limit(self) -> str:
        """What is said where the run has left something out for its time limit; empty: it has not."""
        return self._limit.text if self._limit.was_reached else ""

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
        for reading in self._readings.pending():
            reading.give(_STOPPED)

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
        replies = [self._start_reply(place, name, urgency) for place in route.places(tier)]
        gather(replies, partial(self._join, name, route, tier))

    def _start_reply(self, place: Place, name: str, urgency: Urgency) -> Promise[IndexReply]:
        key = place.key(name)
        promise, first = self._replies.claim(key)
        if first:
            self._workers.submit(lambda: promise.give(self._source.ask(place, name)), urgency, key=key)
        return promise

    def _join(self, name: str, route: Route, tier: int, replies: list[IndexReply]) -> None:
        """Answer from the replies of every place up to this tier, or ask the next tier."""
        asked = route.places(tier)
        if not settled(name, route, tier, dict(zip((place.name for place in asked), replies, strict=True))):
            self._ask(name, route, tier + 1)
            return
        answer = join_replies(name, asked, replies, pinned=route.pinned)
        self._pages.claim(name)[0].give(answer)
        self._meter.tell(pages=1)
        if isinstance(answer.page, ProjectPage):
            for file in self._files_to_prefetch(answer.page):
                self._start_metadata(file, Urgency.LIKELY)

    def _start_metadata(self, file: ReleaseFile, urgency: Urgency) -> Promise[Metadata | Missing]:
        key = _as_listed(file)
        promise, first = self._metadata.claim(key)
        if first:

            def load() -> None:
                metadata = self._archives.metadata(file)
                # Asked before it is given: which file of a page is likely to be wanted depends on it.
                names = self._names_to_prefetch(metadata) if isinstance(metadata, Metadata) else ()
                promise.give(metadata)
                self._meter.tell(metadata=1)
                self.prefetch(names)

            self._workers.submit(load, urgency, key=key)
            self._meter.tell()
        elif urgency is Urgency.WANTED and not promise.done:
            self._workers.hurry(key)
        return promise

    def _start_listing(self, file: ReleaseFile) -> Promise[tuple[str, ...] | Missing]:
        promise, first = self._listings.claim(_as_listed(file))
        if first:
            self._workers.submit(lambda: promise.give(self._archives.members(file)), Urgency.WANTED)
        return promise

    def _later(self, call: Callable[[], None]) -> None:
        self._workers.submit(call, Urgency.LATER)

    def _wait(self, promise: Promise[V], missing: Callable[[Missing], V]) -> V:
        """The answer; when the run was stopped or its time is up, what ``missing`` makes of that."""
        if self._defect is not None:
            raise self._defect
        if self._closed and not promise.done:
            return missing(_STOPPED)
        if not promise.is_kept_until(self.is_out_of_time):
            return missing(Missing(kind=MissingKind.UNRESOLVED, text=self._limit.text))
        return promise.wait()

    def _fail_pending(self, error: BaseException) -> None:
        """A thread raised: wrong settings of the environment, or a defect of ours. Every wait raises it."""
        self._defect = error
        for promises in (self._pages, self._metadata, self._listings, self._readings):
            for promise in promises.pending():
                promise.fail(error)


def _as_listed(file: ReleaseFile) -> ListedFile:
    """What tells apart what several indexes say of one URL: the answer to one of them is no answer to the others."""
    claims = file.index, file.url, file.filename, file.size, file.core_metadata, file.metadata_hash
    return (*claims, *sorted(file.hashes.items()))
