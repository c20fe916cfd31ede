"""Whether the pages that an answer rests on are what they were: all asked for at once, none read again."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from functools import partial

from nogilcheck.index.http.connections import Connections
from nogilcheck.index.pages.index_routes import Place, Routes
from nogilcheck.index.pages.page_source import PageSource
from nogilcheck.index.promises import Promise
from nogilcheck.index.workers import Urgency, Workers
from nogilcheck.model.cache import Cache, PageKey, PageRecord
from nogilcheck.model.source import IndexSettings


def unchanged(
    pages: Collection[tuple[PageKey, str]],
    *,
    settings: IndexSettings,
    cache: Cache,
    connections: Connections,
    refresh: bool,
    max_age: int | None,
    asked_since: float,
) -> bool:
    """Whether every page still has its digest; blocks until all of them have been asked for.

    Pages are asked for conditionally (RFC 9110, section 13) and kept in the cache either way. ``False`` also for
    pages of places that these settings do not name, and for those that cannot be had. The options are those of
    `PageSource`.
    """
    source = PageSource(
        transport=connections.open,
        cache=cache,
        offline=False,
        refresh=refresh,
        max_age=max_age,
        clock=time.time,
        asked_since=asked_since,
        later=lambda call: call(),
    )
    known = {place.name: place for place in Routes(settings).places}
    states = cache.page_states([key for key, _ in pages])
    asked: list[tuple[Place, PageRecord]] = []
    for key, digest in pages:
        place, state = known.get(key.index), states.get(key)
        if place is None or state is None or state.digest != digest:
            return False
        asked.append((place, state))
    connections.learn(place.url for place in known.values())
    connections.learn_named((index.name, index.url) for index in settings.indexes)
    promises: list[Promise[bool]] = []
    defects: list[BaseException] = []
    workers = Workers(lambda: connections.useful_threads, defects.append)
    for place, state in asked:
        promise: Promise[bool] = Promise()
        promises.append(promise)
        workers.submit(partial(_answer, promise, source.still, place, state), Urgency.WANTED)
    try:
        answers = [promise.wait() for promise in promises]  # all of them: what has changed is kept for what follows
        return all(answers)
    finally:
        workers.close(flush=False)


def _answer(promise: Promise[bool], still: Callable[[str, PageRecord], bool], place: Place, state: PageRecord) -> None:
    try:
        promise.give(still(place.url, state))
    except BaseException as error:
        promise.fail(error)
        raise
