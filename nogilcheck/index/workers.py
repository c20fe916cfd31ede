"""A small pool of daemon threads that runs the most urgent task first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from enum import IntEnum
from heapq import heappop, heappush
from itertools import count

from nogilcheck.index.promises import WAKE_SECONDS


class Urgency(IntEnum):
    """Smaller runs first."""

    WANTED = 0
    """Somebody waits for it."""
    LIKELY = 1
    """A prefetch."""
    LATER = 2
    """Nobody waits for it, and it is not to be lost: writes to the cache."""


class _Task:
    """One call, run at most once however often it is queued."""

    __slots__ = ("_claim", "call", "key", "urgency")

    def __init__(self, call: Callable[[], None], urgency: Urgency, key: Hashable) -> None:
        self.call = call
        self.key = key
        self.urgency = urgency
        self._claim = threading.Lock()

    def claim(self) -> bool:
        """Whether the caller is the one to run it."""
        return self._claim.acquire(blocking=False)


class Workers:
    """Threads start when there is something to do.

    Daemon threads rather than `concurrent.futures`, whose threads the interpreter joins at exit: Ctrl-C would
    then last until the slowest answer has come. Tasks must not wait for other tasks.

    :param threads: at most.
    :param on_defect: called with what a task raised, on its thread.
    """

    def __init__(self, threads: int, on_defect: Callable[[BaseException], None]) -> None:
        self._limit = threads
        self._on_defect = on_defect
        lock = threading.Lock()
        self._changed = threading.Condition(lock)
        self._kept = threading.Condition(lock)
        self._queue: list[tuple[int, int, _Task]] = []
        self._waiting: dict[Hashable, _Task] = {}
        self._order = count()
        self._threads = 0
        self._idle = 0
        self._keeping = 0
        """How many tasks run that are not to be lost."""
        self._closed = False

    def submit(self, call: Callable[[], None], urgency: Urgency, *, key: Hashable = None) -> None:
        """Queue a task; ignored once the pool is closed. ``key`` is what `hurry` knows it by."""
        task = _Task(call, urgency, key)
        with self._changed:
            if key is not None:
                self._waiting[key] = task
            self._push(task, urgency)

    def hurry(self, key: Hashable) -> None:
        """Let a task that is still queued run before those that nobody waits for."""
        with self._changed:
            task = self._waiting.pop(key, None)
            if task is not None:
                self._push(task, Urgency.WANTED)

    def close(self, *, flush: bool) -> None:
        """Stop, without waiting for the tasks that run; with ``flush`` all that are not to be lost are finished."""
        with self._changed:
            self._closed = True
            left = [task for _, _, task in sorted(self._queue) if task.urgency is Urgency.LATER]
            self._queue.clear()
            self._changed.notify_all()
        if not flush:
            return
        for task in left:
            if task.claim():
                task.call()
        with self._kept:
            while self._keeping:
                self._kept.wait(WAKE_SECONDS)

    def _push(self, task: _Task, urgency: Urgency) -> None:
        if self._closed:
            return
        heappush(self._queue, (urgency, next(self._order), task))
        self._changed.notify()
        self._grow()

    def _grow(self) -> None:
        """One more thread, when there is more to do than threads to do it."""
        if len(self._queue) > self._idle and self._threads < self._limit:
            self._threads += 1
            threading.Thread(target=self._run, name="nogilcheck-fetch", daemon=True).start()

    def _run(self) -> None:
        while (task := self._next()) is not None:
            try:
                task.call()
            except BaseException as error:  # noqa: BLE001 - a thread has nobody to raise to
                self._on_defect(error)
            finally:
                if task.urgency is Urgency.LATER:
                    with self._kept:
                        self._keeping -= 1
                        self._kept.notify_all()
            del task

    def _next(self) -> _Task | None:
        with self._changed:
            while not self._closed:
                while self._queue:
                    task = heappop(self._queue)[2]
                    if task.claim():
                        self._waiting.pop(task.key, None)
                        self._keeping += task.urgency is Urgency.LATER
                        return task
                self._idle += 1
                self._changed.wait()
                self._idle -= 1
            return None
