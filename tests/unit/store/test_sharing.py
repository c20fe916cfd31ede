"""Many threads, many processes, and processes that are killed."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest

import tests
from nogilcheck.model.cache import Kind
from nogilcheck.store import sqlite_cache
from nogilcheck.store.database import DATABASE_NAME
from nogilcheck.store.maintenance import clear
from tests.support.together import together
from tests.unit.store import worker
from tests.unit.store.samples import digest, key, opened, page, solution

THREADS = 32
PROCESSES = 8
KILLS = int(os.environ.get("NOGILCHECK_TEST_KILLS", "10"))
"""Set the variable for a longer run."""


def start(job: Callable[[Path, int], None], directory: Path, number: int = 0) -> subprocess.Popen[str]:
    root = Path(tests.__file__).parent.parent
    command = [sys.executable, "-m", worker.__name__, job.__name__, str(directory), str(number)]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return output


def check_integrity(directory: Path) -> None:
    with closing(sqlite3.connect(directory / DATABASE_NAME)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_threads_share_one_cache(cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_cache, "FLUSH_RECORDS", 50)  # so that writing and reading meet
    barrier = Barrier(THREADS)

    def hammer(thread: int) -> None:
        barrier.wait()
        for turn in range(20):
            own = 100 * (thread + 1) + turn
            cache.put(Kind.PAGES, key(own), page(own))
            cache.put(Kind.METADATA, digest(own), b"%d" % own)
            cache.put(Kind.PAGES, key(turn), page(turn))
            assert cache.get(Kind.PAGES, key(own)) == page(own)
            assert cache.get(Kind.PAGES, key(turn)) is not None
            assert cache.get(Kind.METADATA, digest(own)) == b"%d" % own
            assert cache.get_many(Kind.PAGES, [key(own), key(turn)]) == {key(own): page(own), key(turn): page(turn)}
            if turn % 5 == 0:
                cache.put(Kind.SOLUTIONS, digest(own), solution(own))
                cache.flush()

    with opened(cache_dir) as cache, ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(hammer, thread) for thread in range(THREADS)]:
            done.result()
    check_integrity(cache_dir)
    with opened(cache_dir) as cache:
        for thread in range(THREADS):
            for turn in range(20):
                own = 100 * (thread + 1) + turn
                assert cache.get(Kind.METADATA, digest(own)) == b"%d" % own
                assert cache.get(Kind.PAGES, key(own)) == page(own)


def test_a_record_that_many_threads_replace_is_always_whole(cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_cache, "FLUSH_RECORDS", 3)
    shared = key(0)
    versions = [page(number) for number in range(THREADS)]
    solutions = [solution(number) for number in range(THREADS)]

    def hammer(thread: int) -> None:
        for _ in range(10):
            cache.put(Kind.PAGES, shared, versions[thread])
            cache.put(Kind.SOLUTIONS, digest(0), solutions[thread])
            cache.put(Kind.METADATA, digest(0), b"%d" % thread)
            assert cache.get(Kind.PAGES, shared) in versions
            assert cache.get(Kind.SOLUTIONS, digest(0)) in solutions
            assert int(cache.get(Kind.METADATA, digest(0)) or b"-1") in range(THREADS)

    with opened(cache_dir) as cache:
        together(hammer, threads=THREADS)
        last = cache.get(Kind.PAGES, shared), cache.get(Kind.SOLUTIONS, digest(0)), cache.get(Kind.METADATA, digest(0))
    check_integrity(cache_dir)
    with opened(cache_dir) as cache:
        assert (
            cache.get(Kind.PAGES, shared),
            cache.get(Kind.SOLUTIONS, digest(0)),
            cache.get(Kind.METADATA, digest(0)),
        ) == last


def test_threads_that_open_it_together_make_one_file(cache_dir: Path) -> None:
    barrier = Barrier(8)

    def use(thread: int) -> None:
        barrier.wait()
        with opened(cache_dir / "new") as cache:
            cache.put(Kind.PAGES, key(thread), page(thread))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(use, range(8)))
    with opened(cache_dir / "new") as cache:
        assert all(cache.get(Kind.PAGES, key(thread)) == page(thread) for thread in range(8))


def test_processes_share_one_file(cache_dir: Path) -> None:
    directory = cache_dir / "new"
    for process in [start(worker.share, directory, number) for number in range(PROCESSES)]:
        finish(process)
    check_integrity(directory)
    with opened(directory) as cache:
        for number in range(PROCESSES):
            for turn in range(worker.ROUNDS):
                own = 1000 * (number + 1) + turn
                assert cache.get(Kind.PAGES, key(own)) == page(own)
                assert cache.get(Kind.SOLUTIONS, digest(own)) == solution(own)


def test_it_can_be_cleared_while_others_use_it(cache_dir: Path) -> None:
    users = [start(worker.use_while_cleared, cache_dir, number) for number in range(3)]
    processes = [*users, start(worker.clear_often, cache_dir)]
    try:
        for process in processes:
            finish(process)
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    with opened(cache_dir) as cache:
        cache.put(Kind.PAGES, key(1), page(1))
    check_integrity(cache_dir)
    assert not list(cache_dir.glob("*.corrupt-*"))


def test_a_cache_cleared_by_another_is_left_alone(cache_dir: Path) -> None:
    with opened(cache_dir) as cache:
        cache.put(Kind.PAGES, key(1), page(1))
        cache.flush()
        clear(cache_dir)
        assert cache.get(Kind.PAGES, key(1)) is None
        with opened(cache_dir) as newer:
            newer.put(Kind.PAGES, key(2), page(2))
        cache.put(Kind.PAGES, key(3), page(3))
        cache.flush()
        assert cache.get(Kind.PAGES, key(2)) is None
    with opened(cache_dir) as newer:
        assert newer.get(Kind.PAGES, key(2)) == page(2)
        assert newer.get(Kind.PAGES, key(3)) is None


def test_a_killed_writer_leaves_it_whole(cache_dir: Path) -> None:
    random_source = random.Random(0)
    done = 0
    for _ in range(KILLS):
        process = start(worker.write_forever, cache_dir)
        assert process.stdout is not None
        for _ in range(random_source.randint(1, 4)):
            assert process.stdout.readline(), "the writer ended by itself"
            done += 1
        process.kill()
        process.communicate()
        with opened(cache_dir) as cache:  # a warning would fail the test
            bodies = {found for each in range(20) if (found := cache.get(Kind.PAGES, key(each))) is not None}
            assert len(bodies) == 1, "a transaction was torn"
            number = int(bodies.pop().decode()[:1])
            assert cache.get(Kind.METADATA, digest(number)) == b"%d" % number
        check_integrity(cache_dir)
    assert done >= KILLS
