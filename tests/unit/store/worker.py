"""A process that uses the cache: ``python -m tests.unit.store.worker JOB DIRECTORY NUMBER``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from nogilcheck.model.cache import Kind
from nogilcheck.store.maintenance import clear
from tests.unit.store.samples import digest, key, opened, page, solution

ROUNDS = 12
SHARED = 5
"""Pages that every process writes."""


def share(directory: Path, number: int) -> None:
    """Write and read, a transaction a round; whatever is read must be whole."""
    for turn in range(ROUNDS):
        with opened(directory) as cache:
            for each in range(SHARED):
                found = cache.get(Kind.PAGES, key(each))
                assert found is None or found == page(each, body=bytes(5000)), found
                cache.put(Kind.PAGES, key(each), page(each, body=bytes(5000)))
            own = 1000 * (number + 1) + turn
            cache.put(Kind.PAGES, key(own), page(own))
            cache.put(Kind.SOLUTIONS, digest(own), solution(own))
            cache.flush()
            assert cache.get(Kind.PAGES, key(own)) == page(own)


def clear_often(directory: Path, _number: int) -> None:
    """Clear the cache while others use it."""
    for _ in range(ROUNDS):
        clear(directory)


def use_while_cleared(directory: Path, number: int) -> None:
    """Write and read a cache that may vanish: an answer is right, or there is none."""
    for turn in range(ROUNDS):
        with opened(directory) as cache:
            own = 1000 * (number + 1) + turn
            cache.put(Kind.PAGES, key(own), page(own))
            cache.flush()
            for each in (own, own - 1, 5):
                assert cache.get(Kind.PAGES, key(each)) in {None, page(each)}


def write_forever(directory: Path, _number: int) -> None:
    """Write until killed; a line on standard output marks each transaction."""
    number = 0
    while True:
        with opened(directory) as cache:
            for each in range(20):
                cache.put(Kind.PAGES, key(each), page(each, body=b"%d" % number * 5000))
            cache.put(Kind.METADATA, digest(number), b"%d" % number)
        number += 1
        print(number, flush=True)


def fill(directory: Path, _number: int) -> None:
    """Write more than this process is allowed to, and go on."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    from nogilcheck.store.sqlite_cache import open_cache

    with open_cache(directory, explicit=True, warn=lambda text: print(text, flush=True)) as cache:
        assert cache.get(Kind.PAGES, key(1)) == page(1)
        cache.put(Kind.PAGES, key(2), page(2, body=bytes(1_000_000)))
        cache.flush()
        cache.put(Kind.PAGES, key(3), page(3))
        cache.flush()
        assert cache.get(Kind.PAGES, key(1)) == page(1), "what is there can still be read"


JOBS: dict[str, Callable[[Path, int], None]] = {
    job.__name__: job for job in (share, clear_often, use_while_cleared, write_forever, fill)
}

if __name__ == "__main__":
    JOBS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
