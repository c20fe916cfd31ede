"""Judging the bytes of extension modules for the jobs that have them: in worker processes, several at once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from queue import LifoQueue
from types import TracebackType
from typing import Self

from nogilcheck.binary import Isolated
from nogilcheck.index.once import Promise
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
        self._workers = Workers(lambda: len(self._all), _raised)

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

    def declaration_of(self, data: bytes, filename: str, python: str, *, function: str | None = None) -> Declaration:
        """As `nogilcheck.binary.declaration_of`, within limits of time and memory; blocks."""
        with self._taken() as judge:
            return judge.declaration_of(data, filename, python, function=function)

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
    declaration: Declaration,
    path: str,
    python: str,
    libraries: Mapping[str, int],
    read: Callable[[str], bytes],
) -> Declaration:
    """What a module declares that hands over to a function of a library beside it; what it said where none has that.

    ``libraries``: those there are, by name, with their sizes in bytes. ``read`` gives one's content.
    """
    function = declaration.continues_at
    if function is None:
        return declaration
    found: dict[str, Declaration] = {}
    for library in _smallest(libraries):
        if library != path and function.encode() in (data := read(library)):
            answer = judges.declaration_of(data, path, python, function=function)
            if answer.declared in _ANSWERS:
                found[library] = answer
    # Which of several libraries the loader takes is not known; only where all say the same that does not matter.
    if len({answer.declared for answer in found.values()}) != 1:
        return declaration
    library, answer = next(iter(found.items()))
    place = Fact(code=FactCode.HANDED_OVER, detail=(function, library.rpartition("/")[2]))
    evidence = tuple(fact for fact in declaration.evidence if fact.code is not FactCode.HANDED_OVER)
    return replace(
        declaration, declared=answer.declared, continues_at=None, evidence=(*evidence, place, *answer.evidence)
    )


def _smallest(libraries: Mapping[str, int]) -> Iterable[str]:
    """By size, as long as all before them are not too much."""
    left = CONTINUED_BYTES
    for name in sorted(libraries, key=lambda each: (libraries[each], each)):
        left -= libraries[name]
        if left < 0:
            return
        yield name
