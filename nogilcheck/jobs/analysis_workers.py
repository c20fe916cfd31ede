"""Judging the bytes of extension modules for the jobs that have them: in worker processes, several at once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from queue import LifoQueue
from types import TracebackType
from typing import Self

from nogilcheck.binary import Isolated
from nogilcheck.index.promises import Promise
from nogilcheck.index.workers import Urgency, Workers
from nogilcheck.model.declaration import Declaration, Declared, Fact, FactCode

MAX_PROCESSES = 4
"""Modules that are judged at the same time, at most; fewer where there are fewer processors."""
CONTINUED_BYTES = 128 * 2**20
"""Bytes of a wheel's libraries, unpacked, that are read for a module that is made by one of them."""

_LIBRARY = re.compile(r"[^/]+\.(?:so(?:\.[0-9.]+)?|dylib|dll|pyd)")
_ANSWERS = frozenset({Declared.NOT_USED, Declared.USED, Declared.NONE})


class Judges:
    """Worker processes, each started when it is first needed. For any number of threads; a context manager."""

    def __init__(self, processes: int | None = None) -> None:
        self._all = [Isolated() for _ in range(processes or min(os.cpu_count() or 1, MAX_PROCESSES))]
        # The last one used comes first: no more are started than are at work at the same time.
        self._idle: LifoQueue[Isolated] = LifoQueue()
        for each in reversed(self._all):
            self._idle.put(each)
        self._workers = Workers(len(self._all), _raised)

    @property
    def processes(self) -> int:
        """How many there may be."""
        return len(self._all)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._workers.close(flush=False)
        for each in self._all:
            each.close()

    def declaration_of(self, data: bytes, filename: str, python: str) -> Declaration:
        """As `nogilcheck.binary.declaration_of`, within limits of time and memory; blocks."""
        with self._taken() as judge:
            return judge.declaration_of(data, filename, python)

    def continuations_of(self, data: bytes, python: str, functions: Mapping[str, str]) -> Mapping[str, Declaration]:
        """As `nogilcheck.binary.continuations_of`, likewise."""
        with self._taken() as judge:
            return judge.continuations_of(data, python, functions)

    def start(self, data: bytes, filename: str, python: str) -> Promise[Declaration]:
        """The same, as soon as a process is idle; returns at once."""
        promise: Promise[Declaration] = Promise()

        def judge() -> None:
            try:
                promise.give(self.declaration_of(data, filename, python))
            except BaseException as error:  # noqa: BLE001  whoever waits hears of it
                promise.fail(error)

        self._workers.submit(judge, Urgency.WANTED)
        return promise

    @contextmanager
    def _taken(self) -> Iterator[Isolated]:
        judge = self._idle.get()
        try:
            yield judge
        finally:
            self._idle.put(judge)


def _raised(error: BaseException) -> None:
    raise error


def is_library(member: str) -> bool:
    """Whether a file may hold a function that a module hands over to."""
    return _LIBRARY.fullmatch(member.rpartition("/")[2]) is not None


def continued(
    judges: Judges,
    declarations: Mapping[str, Declaration],
    python: str,
    libraries: Mapping[str, int],
    read: Callable[[str], bytes],
) -> dict[str, Declaration]:
    """What modules declare, by path, where they hand over to functions of libraries beside them: what those declare.

    ``libraries``: those there are, by name, with their sizes in bytes. ``read`` gives one's content.
    """
    functions = {path: found.continues_at for path, found in declarations.items() if found.continues_at is not None}
    told: dict[str, list[tuple[str, Declaration]]] = {path: [] for path in functions}
    for library in _smallest(libraries) if functions else ():
        data = read(library)
        asked = {path: name for path, name in functions.items() if path != library and name.encode() in data}
        for path, answer in judges.continuations_of(data, python, asked).items() if asked else ():
            if answer.declared in _ANSWERS:
                told[path].append((library, answer))
    return {path: _joined(found, functions.get(path), told.get(path, ())) for path, found in declarations.items()}


def _joined(found: Declaration, function: str | None, told: Sequence[tuple[str, Declaration]]) -> Declaration:
    # Which of several libraries the loader takes is not known; only where all say the same that does not matter.
    if function is None or len({answer.declared for _, answer in told}) != 1:
        return found
    library, answer = told[0]
    place = Fact(code=FactCode.HANDED_OVER, detail=(function, library.rpartition("/")[2]))
    evidence = tuple(fact for fact in found.evidence if fact.code is not FactCode.HANDED_OVER)
    return replace(found, declared=answer.declared, continues_at=None, evidence=(*evidence, place, *answer.evidence))


def _smallest(libraries: Mapping[str, int]) -> Iterable[str]:
    """By size, as long as all before them are not too much."""
    left = CONTINUED_BYTES
    for name in sorted(libraries, key=lambda each: (libraries[each], each)):
        left -= libraries[name]
        if left < 0:
            return
        yield name
