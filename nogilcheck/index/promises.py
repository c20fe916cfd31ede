"""Answers that are worked out once and waited for by many."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

WAKE_SECONDS = 0.5
"""An untimed wait cannot be interrupted with Ctrl-C on Windows."""


class Promise(Generic[V]):
    """An answer that somebody will give, once."""

    __slots__ = ("_callbacks", "_done", "_error", "_lock", "_value")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._value: list[V] = []
        self._error: BaseException | None = None
        self._callbacks: list[Callable[[V], None]] = []

    @property
    def done(self) -> bool:
        """Whether the answer, or the failure, is there."""
        return self._done.is_set()

    def give(self, value: V) -> None:
        """Answer; later answers and failures are ignored."""
        with self._lock:
            if self._done.is_set():
                return
            self._value.append(value)
            self._done.set()
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback(value)

    def fail(self, error: BaseException) -> None:
        """Make every `wait` raise this error: a defect, never an expected failure."""
        with self._lock:
            if not self._done.is_set():
                self._error = error
                self._done.set()

    def then(self, callback: Callable[[V], None]) -> None:
        """Call back with the answer: on the thread that gives it, or here and now when it is there."""
        with self._lock:
            if not self._done.is_set():
                self._callbacks.append(callback)
                return
        if self._error is None:
            callback(self._value[0])

    def is_kept_until(self, is_stopped: Callable[[], bool]) -> bool:
        """Whether the answer, or the failure, comes before the waiting is stopped; blocks."""
        while not self._done.is_set():
            if is_stopped():
                return False
            self._done.wait(WAKE_SECONDS)
        return True

    def wait(self) -> V:
        """The answer; blocks. Raises what `fail` was given."""
        while not self._done.wait(WAKE_SECONDS):
            pass
        if self._error is not None:
            raise self._error
        return self._value[0]


class OnceMap(Generic[K, V]):
    """One promise per key, for any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._promises: dict[K, Promise[V]] = {}

    def claim(self, key: K) -> tuple[Promise[V], bool]:
        """The key's promise, and whether the caller is the first: the first one must see that it is kept."""
        promise = self._promises.get(key)
        if promise is not None:
            return promise, False
        with self._lock:
            promise = self._promises.get(key)
            if promise is not None:
                return promise, False
            promise = self._promises[key] = Promise()
            return promise, True

    def pending(self) -> list[Promise[V]]:
        """The promises that were not kept so far."""
        with self._lock:
            return [promise for promise in self._promises.values() if not promise.done]

    def __len__(self) -> int:
        return len(self._promises)


def gather(promises: Sequence[Promise[V]], callback: Callable[[list[V]], None]) -> None:
    """Call back with all answers, in the order of the promises, on the thread that brings the last one."""
    missing = len(promises)
    lock = threading.Lock()
    answers: dict[int, V] = {}

    def arrived(position: int, value: V) -> None:
        with lock:
            answers[position] = value
            complete = len(answers) == missing
        if complete:
            callback([answers[position] for position in range(missing)])

    if not promises:
        callback([])
    for position, promise in enumerate(promises):
        promise.then(partial(arrived, position))
