from __future__ import annotations

from nogilcheck.model.cache import Cache
from nogilcheck.store.null import NullCache
from tests.unit.store.samples import digest, key, page, solution


def test_it_answers_nothing_whatever_it_is_given() -> None:
    with NullCache() as null:
        cache: Cache = null
        cache.put_page(page())
        cache.renew_page(key(), fetched_at=1.0, fresh_until=2.0)
        cache.put_metadata(digest(), b"data")
        cache.put_scan(digest(), b"data")
        cache.put_solution(solution())
        null.flush()
        assert cache.page(key()) is None
        assert cache.metadata(digest()) is None
        assert cache.scan(digest()) is None
        assert cache.solution(solution().key) is None
        assert not cache.holds([], now=None)
