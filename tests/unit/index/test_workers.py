from __future__ import annotations

import threading

import pytest

from nogilcheck.index.promises import OnceMap, Promise, gather
from nogilcheck.index.workers import Urgency, Workers


class Line:
    """One worker thread that is kept busy until released, and what it did then."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.defects: list[BaseException] = []
        self.workers = Workers(1, self.defects.append)
        self._go = threading.Event()
        busy = threading.Event()

        def wait() -> None:
            busy.set()
            self._go.wait()

        self.workers.submit(wait, Urgency.WANTED)
        busy.wait()

    def add(self, name: str, urgency: Urgency) -> None:
        self.workers.submit(lambda: self.done.append(name), urgency, key=name)

    def release(self) -> None:
        """Let the thread work, and wait until everything is done."""
        end = threading.Event()
        self.workers.submit(end.set, Urgency.LATER)
        self._go.set()
        end.wait()


def test_the_most_urgent_goes_first_and_equals_in_order() -> None:
    line = Line()
    for name, urgency in [("c", Urgency.LATER), ("b1", Urgency.LIKELY), ("b2", Urgency.LIKELY), ("a", Urgency.WANTED)]:
        line.add(name, urgency)
    line.release()
    assert line.done == ["a", "b1", "b2", "c"]


def test_hurrying_runs_a_task_earlier_and_once() -> None:
    line = Line()
    for name in "abc":
        line.add(name, Urgency.LIKELY)
    line.workers.hurry("c")
    line.workers.hurry("c")
    line.workers.hurry("unknown")
    line.release()
    assert line.done == ["c", "a", "b"]
    line.workers.hurry("c")
    line.release()
    assert line.done == ["c", "a", "b"]


def test_what_a_task_raises_is_reported_and_the_thread_lives() -> None:
    line = Line()

    def fail() -> None:
        raise ZeroDivisionError

    line.workers.submit(fail, Urgency.WANTED)
    line.add("next", Urgency.WANTED)
    line.release()
    assert [type(defect) for defect in line.defects] == [ZeroDivisionError]
    assert line.done == ["next"]


@pytest.mark.parametrize(("flush", "expected"), [(True, ["write 1", "write 2"]), (False, [])])
def test_closing_drops_prefetches_and_keeps_writes(*, flush: bool, expected: list[str]) -> None:
    line = Line()
    for name, urgency in [("write 1", Urgency.LATER), ("prefetch", Urgency.LIKELY), ("write 2", Urgency.LATER)]:
        line.add(name, urgency)
    line.workers.close(flush=flush)
    assert line.done == expected
    line.add("too late", Urgency.LATER)
    line._go.set()
    assert line.done == expected


def test_closing_waits_for_a_write_that_runs() -> None:
    workers = Workers(1, lambda error: None)
    started, go, done = threading.Event(), threading.Event(), threading.Event()

    def write() -> None:
        started.set()
        go.wait()
        done.set()

    workers.submit(write, Urgency.LATER)
    started.wait()
    closing = threading.Thread(target=workers.close, kwargs={"flush": True})
    closing.start()
    assert closing.is_alive()
    go.set()
    closing.join()
    assert done.is_set()


def test_one_claim_of_many_is_the_first() -> None:
    once: OnceMap[str, int] = OnceMap()
    firsts: list[bool] = []
    start = threading.Barrier(8)

    def claim() -> None:
        start.wait()
        promise, first = once.claim("key")
        firsts.append(first)
        if first:
            promise.give(7)
        assert promise.wait() == 7

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(firsts) == [False] * 7 + [True]
    assert (len(once), once.pending()) == (1, [])


def test_a_promise_is_kept_once() -> None:
    promise: Promise[int] = Promise()
    heard: list[int] = []
    promise.then(heard.append)
    promise.give(1)
    promise.give(2)
    promise.fail(ValueError())
    promise.then(heard.append)
    assert (promise.wait(), heard) == (1, [1, 1])


def test_a_failure_reaches_who_waits() -> None:
    promise: Promise[int] = Promise()
    heard: list[int] = []
    promise.fail(ValueError("defect"))
    promise.then(heard.append)
    with pytest.raises(ValueError, match="defect"):
        promise.wait()
    assert heard == []


def test_gathering_keeps_the_order() -> None:
    promises: list[Promise[int]] = [Promise() for _ in range(3)]
    heard: list[list[int]] = []
    promises[1].give(1)
    gather(promises, heard.append)
    promises[2].give(2)
    assert heard == []
    promises[0].give(0)
    assert heard == [[0, 1, 2]]
    gather([], heard.append)
    assert heard[-1] == []
