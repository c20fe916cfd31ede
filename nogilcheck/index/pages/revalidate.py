"""Whether the pages that an answer rests on are what they were: all asked for at once, none read again."""

from __future__ import annotations

from collections.abc import Callable, Collection

from nogilcheck.index.http.connections import Connections
from nogilcheck.index.pages.index_routes import routes_of
from nogilcheck.index.pages.page_policy import PagePolicy
from nogilcheck.index.pages.page_source import PageSource
from nogilcheck.index.promises import Promise
from nogilcheck.index.workers import Urgency, Workers
from nogilcheck.model.cache import Cache, PageKey, page_states
from nogilcheck.model.source import IndexSettings


def are_unchanged(
    pages: Collection[tuple[PageKey, str]],
    *,
    settings: IndexSettings,
    cache: Cache,
    connections: Connections,
    policy: PagePolicy,
) -> bool:
    """Whether every page still has its digest; blocks until all of them have been asked for.

    Pages are asked for conditionally (RFC 9110, section 13) and kept in the cache either way. ``False`` also for
    pages of places that these settings do not name, and for those that cannot be had.
    """
    logins = connections.logins(cache.keyed)
    source = PageSource(
        transport=connections.open, cache=cache, policy=policy, logins=logins, later=lambda write: write()
    )
    places = {(place.name, place.login): place for place in routes_of(settings, connections, logins).places}
    states = page_states(cache, (key for key, _ in pages))
    if not all(
        (key.index, key.login) in places and key in states and states[key].digest == digest for key, digest in pages
    ):
        return False
    promises: list[Promise[bool]] = []

    def fail_pending(error: BaseException) -> None:
        for promise in promises:
            promise.fail(error)

    def ask(key: PageKey, promise: Promise[bool]) -> Callable[[], None]:
        return lambda: promise.give(source.is_unchanged(places[key.index, key.login], key, states[key]))

    workers = Workers(connections.threads, fail_pending)
    promises += (Promise() for _ in pages)
    try:
        for (key, _), promise in zip(pages, promises, strict=True):
            workers.submit(ask(key, promise), Urgency.WANTED)
        answers = [promise.wait() for promise in promises]  # all of them: what has changed is kept for what follows
        return all(answers)
    finally:
        workers.close(flush=False)
