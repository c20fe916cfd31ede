"""Analyse the bytes of extension modules in worker processes, several at once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from queue import LifoQueue
from typing import Self

from nogilcheck.binary import Isolated
from nogilcheck.index.promises import Promise
from nogilcheck.index.workers import Urgency, Workers
from nogilcheck.model.declaration import Declaration, Declared, Fact, FactCode
from nogilcheck.model.json_format.kinds import Mismatch
from nogilcheck.model.json_format.records import kind_of
from nogilcheck.model.report.shared_state import SharedStateReading, unread

MAX_PROCESSES = 4
"""Modules that are analysed at the same time, at most; fewer where there are fewer processors."""
CONTINUED_BYTES = 128 * 2**20
"""Uncompressed bytes of a wheel's libraries that are read for the modules that one of them creates."""

_COMMAND = ("-m", "nogilcheck.jobs.scanning.worker")
_LIBRARY = re.compile(r"[^/]+\.(?:so(?:\.[0-9.]+)?|dylib|dll|pyd)")
_ANSWERS = frozenset({Declared.NOT_USED, Declared.USED, Declared.NONE})


class AnalysisWorkers:
    """A pool of worker processes, each started when it is first needed. Thread-safe; a context manager."""

    def __init__(self, processes: int | None = None) -> None:
        self._all = [Isolated(command=_COMMAND) for _ in range(processes or min(os.cpu_count() or 1, MAX_PROCESSES))]
        # The last one used comes first, so that no more processes are started than are busy at the same time.
        self._idle: LifoQueue[Isolated] = LifoQueue()
        for each in reversed(self._all):
            self._idle.put(each)
        self._workers = Workers(len(self._all), _raised)

    @property
    def processes(self) -> int:
        """How many processes there may be."""
        return len(self._all)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._workers.close(flush=False)
        for each in self._all:
            each.close()

    def declaration_of(self, data: bytes, filename: str, python: str) -> Declaration:
        """Like `nogilcheck.binary.declaration_of`, within limits of time and memory; blocks."""
        with self._acquired() as worker:
            return worker.declaration_of(data, filename, python)

    def continuations_of(self, data: bytes, python: str, functions: Mapping[str, str]) -> Mapping[str, Declaration]:
        """Like `nogilcheck.binary.continuations_of`, within the same limits; blocks."""
        with self._acquired() as worker:
            return worker.continuations_of(data, python, functions)

    def shared_state_of(self, sources: Mapping[str, bytes]) -> SharedStateReading:
        """Like `nogilcheck.shared_state.reading.read_shared_state`, within the same limits; blocks."""
        header = {"sources": {path: len(source) for path, source in sources.items()}}
        with self._acquired() as worker:
            found = worker.ask(header, b"".join(sources.values()), _reading)
        return unread(found) if isinstance(found, str) else found

    def start(self, data: bytes, filename: str, python: str) -> Promise[Declaration]:
        """Call `declaration_of` as soon as a process is idle; returns at once."""
        promise: Promise[Declaration] = Promise()

        def analyse() -> None:
            try:
                promise.give(self.declaration_of(data, filename, python))
            except BaseException as error:  # noqa: BLE001  raised again by `Promise.wait`
                promise.fail(error)

        self._workers.submit(analyse, Urgency.WANTED)
        return promise

    @contextmanager
    def _acquired(self) -> Iterator[Isolated]:
        worker = self._idle.get()
        try:
            yield worker
        finally:
            self._idle.put(worker)


def _reading(answer: Mapping[str, object]) -> SharedStateReading:
    try:
        reading: SharedStateReading = kind_of(SharedStateReading).read(dict(answer))
    except Mismatch as error:
        raise ValueError from error
    return reading


def _raised(error: BaseException) -> None:
    raise error


def is_library(member: str) -> bool:
    """Whether a file may be a library with a function that creates a module."""
    return _LIBRARY.fullmatch(member.rpartition("/")[2]) is not None


def continued(
    workers: AnalysisWorkers,
    declarations: Mapping[str, Declaration],
    python: str,
    libraries: Mapping[str, int],
    read: Callable[[str], bytes],
) -> dict[str, Declaration]:
    """Complete the declarations, by path, of modules that functions of other libraries in the wheel create.

    ``libraries``: the sizes of the libraries in bytes, by name. ``read`` returns the content of one.
    """
    functions = {
        path: declaration.continues_at
        for path, declaration in declarations.items()
        if declaration.continues_at is not None
    }
    answers: dict[str, list[tuple[str, Declaration]]] = {path: [] for path in functions}
    for library in _smallest(libraries) if functions else ():
        data = read(library)
        asked = {path: name for path, name in functions.items() if path != library and name.encode() in data}
        for path, answer in workers.continuations_of(data, python, asked).items() if asked else ():
            if answer.declared in _ANSWERS:
                answers[path].append((library, answer))
    return {
        path: _joined(declaration, functions.get(path), answers.get(path, ()))
        for path, declaration in declarations.items()
    }


def _joined(declaration: Declaration, function: str | None, answers: Sequence[tuple[str, Declaration]]) -> Declaration:
    # Which of several libraries the loader takes is not known, so all have to agree.
    if function is None or len({answer.declared for _, answer in answers}) != 1:
        return declaration
    library, answer = answers[0]
    place = Fact(code=FactCode.HANDED_OVER, detail=(function, library.rpartition("/")[2]))
    own = tuple(fact for fact in declaration.evidence if fact.code is not FactCode.HANDED_OVER)
    return replace(declaration, declared=answer.declared, continues_at=None, evidence=(*own, place, *answer.evidence))


def _smallest(libraries: Mapping[str, int]) -> Iterable[str]:
    """The names in order of size, until their sizes exceed `CONTINUED_BYTES`."""
    left = CONTINUED_BYTES
    for name in sorted(libraries, key=lambda name: (libraries[name], name)):
        left -= libraries[name]
        if left < 0:
            return
        yield name
