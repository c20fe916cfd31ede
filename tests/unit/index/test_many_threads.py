"""What threads share, with 32 of them at once."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable, Iterator
from threading import Semaphore
from types import SimpleNamespace
from typing import Any

import pytest
from packaging.requirements import InvalidRequirement

from nogilcheck.classify.wheels import tag_kinds
from nogilcheck.index.archives.core_metadata import parse_dependency
from nogilcheck.index.http.credentials import Credentials
from nogilcheck.index.http.hosts import Hosts
from nogilcheck.index.http.network_backend import Deadline, LookUpOnce
from nogilcheck.index.promises import OnceMap, Promise, gather
from nogilcheck.index.workers import Urgency, Workers
from nogilcheck.model.filenames import normalized, parse_filename, parse_version
from nogilcheck.resolve.versions import is_pinned, is_upper_bounded, specifier_set
from tests.support.together import THREADS, switching_often, together

ROUNDS = 8
PATIENCE = 60.0
"""Seconds until a test that hangs fails."""


@pytest.fixture(autouse=True)
def _switching_often() -> Iterator[None]:
    with switching_often():
        yield


def no_defect(error: BaseException) -> None:
    raise error


# Promises


def test_of_many_claims_of_a_key_one_is_the_first() -> None:
    once: OnceMap[int, str] = OnceMap()
    keys = range(100)

    def claim_all(thread: int) -> tuple[list[int], list[Promise[str]]]:
        firsts, promises = [], {}
        for turn in keys:
            key = (turn + 3 * thread) % len(keys)
            promises[key], first = once.claim(key)
            if first:
                firsts.append(key)
                promises[key].give(f"{key} from {thread}")
        return firsts, [promises[key] for key in keys]

    claimed = together(claim_all)
    assert sorted(key for firsts, _ in claimed for key in firsts) == list(keys)
    assert all(promises == claimed[0][1] for _, promises in claimed)
    assert (len(once), once.pending()) == (len(keys), [])
    givers = {key: thread for thread, (firsts, _) in enumerate(claimed) for key in firsts}
    assert [promise.wait() for promise in claimed[0][1]] == [f"{key} from {givers[key]}" for key in keys]


def test_what_many_give_everyone_hears_once() -> None:
    for _ in range(ROUNDS):
        promise: Promise[int] = Promise()
        heard: list[tuple[int, int]] = []

        def meet(thread: int, promise: Promise[int] = promise, heard: list[tuple[int, int]] = heard) -> int:
            promise.then(lambda value: heard.append((thread, value)))
            promise.give(thread)
            promise.then(lambda value: heard.append((thread + THREADS, value)))
            return promise.wait()

        (answer,) = set(together(meet))
        assert sorted(heard) == [(listener, answer) for listener in range(2 * THREADS)]


def test_a_promise_is_either_kept_or_broken_for_everyone() -> None:
    for _ in range(ROUNDS):
        promise: Promise[int] = Promise()
        heard: list[int] = []

        def meet(thread: int, promise: Promise[int] = promise, heard: list[int] = heard) -> int | str:
            promise.then(heard.append)
            if thread % 2:
                promise.give(thread)
            else:
                promise.fail(ValueError(f"{thread}"))
            try:
                return promise.wait()
            except ValueError as error:
                return str(error)

        (outcome,) = set(together(meet))
        assert heard == ([outcome] * THREADS if isinstance(outcome, int) else [])


def test_what_many_bring_is_gathered_once_and_in_order() -> None:
    for _ in range(ROUNDS):
        promises: list[Promise[int]] = [Promise() for _ in range(THREADS)]
        heard: list[list[int]] = []

        def bring(thread: int, promises: list[Promise[int]] = promises, heard: list[list[int]] = heard) -> None:
            if thread % 8 == 0:
                gather(promises, heard.append)
            promises[thread].give(thread)

        together(bring)
        assert heard == [list(range(THREADS))] * (THREADS // 8)


# Workers


@pytest.mark.parametrize("pool", [1, THREADS])
def test_each_task_is_run_once_however_it_is_hurried(pool: int) -> None:
    each = 50
    log: list[tuple[int, int]] = []
    done = Semaphore(0)
    workers = Workers(pool, no_defect)

    def task(key: tuple[int, int]) -> Callable[[], None]:
        def run() -> None:
            log.append(key)
            done.release()

        return run

    def submit(thread: int) -> None:
        for turn in range(each):
            urgency = (Urgency.LIKELY, Urgency.WANTED, Urgency.LATER)[turn % 3]
            workers.submit(task((thread, turn)), urgency, key=(thread, turn))
            workers.hurry(((thread + 1) % THREADS, turn))
            workers.hurry((thread, turn // 2))

    together(submit)
    for _ in range(THREADS * each):
        assert done.acquire(timeout=PATIENCE)
    workers.close(flush=True)
    assert Counter(log) == {(thread, turn): 1 for thread in range(THREADS) for turn in range(each)}


def test_closing_loses_no_write_that_was_there_before() -> None:
    early = [(0, turn) for turn in range(40)]
    for _ in range(ROUNDS):
        workers = Workers(4, no_defect)
        log: list[tuple[int, int]] = []
        for key in early:
            workers.submit(lambda key=key, log=log: log.append(key), Urgency.LATER)  # type: ignore[misc]

        def meet(thread: int, workers: Workers = workers, log: list[tuple[int, int]] = log) -> None:
            if thread == THREADS // 2:
                workers.close(flush=True)
                written = Counter(log)
                assert all(written[key] == 1 for key in early)
            else:
                workers.submit(lambda: log.append((1, thread)), Urgency.LATER)

        together(meet)
        assert max(Counter(log).values()) == 1


# What else a run has only once


def test_a_host_gets_one_request_until_it_answers_and_then_so_many() -> None:
    hosts, url = Hosts(8), "https://host.test/simple/a/"
    inside: list[int] = []
    most: list[int] = []

    def visit(thread: int) -> None:
        for _ in range(ROUNDS):
            with hosts.slots(url):
                inside.append(thread)
                most.append(len(inside))
                inside.remove(thread)

    together(visit)
    assert max(most) == 1
    together(lambda thread: hosts.has_answered(url))
    slots = hosts.slots(url)
    assert [slots.acquire(blocking=False) for _ in range(9)] == [True] * 8 + [False]


def test_a_host_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def look_up(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(0, 0, 0, "", ("192.0.2.1", port))]

    class Backend:
        def connect_tcp(self, host: str, port: int, *_: Any) -> SimpleNamespace:
            return SimpleNamespace(address=f"{host}:{port}")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    backend = LookUpOnce(Backend(), Deadline())
    streams = together(lambda thread: backend.connect_tcp(f"host-{thread % 4}.test", 443).address)
    assert set(streams) == {"192.0.2.1:443"}
    assert sorted(asked) == [f"host-{number}.test" for number in range(4)]


def test_credentials_are_learnt_and_told_by_many() -> None:
    credentials = Credentials()

    def use(thread: int) -> str | None:
        url = f"https://user-{thread}:pass@host-{thread}.test/simple/"
        bare = credentials.learn(url)
        assert "pass" not in bare
        return credentials.authorization(bare)

    told = together(use)
    assert len(set(told)) == THREADS
    assert all(told)
    assert told == [credentials.authorization(f"https://host-{thread}.test/") for thread in range(THREADS)]


# Parsers that remember


def test_parsers_give_every_thread_the_same_answers() -> None:
    numbers = range(150)

    def dependency(text: str) -> object:
        try:
            return parse_dependency(text)
        except InvalidRequirement as error:
            return type(error)

    def ask(number: int) -> tuple[object, ...]:
        specifier = f">={number},<{number + 2}" if number % 2 else f"=={number}.*"
        return (
            parse_version(f"{number}.0rc1"),
            parse_version(f"not-{number}"),
            normalized(f"Some_Name.{number}"),
            parse_filename(f"some_name-{number}-cp3{number}-cp3{number}t-linux_x86_64.whl", "some-name"),
            parse_filename(f"some-name-{number}.tar.gz", "some-name"),
            dependency(f"Name.{number}[B,a] {specifier} ; python_version >= '3.{number}'"),
            dependency(f"Name {number} is none"),
            str(specifier_set(specifier)),
            specifier_set(specifier).contains(f"{number}.1"),
            is_pinned(specifier),
            is_upper_bounded(specifier),
            tag_kinds(f"cp3{number}-abi3.abi3t-linux_x86_64"),
        )

    expected = [ask(number) for number in numbers]
    for parser in (parse_version, normalized, parse_dependency, specifier_set, is_pinned, is_upper_bounded, tag_kinds):
        parser.cache_clear()

    def ask_all(thread: int) -> list[tuple[object, ...]]:
        order = [(7 * thread + number) % len(numbers) for number in numbers]
        answers = {number: ask(number) for number in order}
        return [answers[number] for number in numbers]

    assert all(answers == expected for answers in together(ask_all))
