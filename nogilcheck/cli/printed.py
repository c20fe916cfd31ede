"""What a check printed is printed again where nothing that it rests on has changed.

This is the whole way of a replay, so it imports no dataclasses, no settings and nothing that draws. The key of what was
printed has everything that decides between two runs of the same files: the command line, the environment, the
terminal, the day, and the files with settings.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from nogilcheck import __version__
from nogilcheck.config.trust import state_of_files
from nogilcheck.inputs.text.input_fingerprint import FILE, witness_of
from nogilcheck.jobs.replay import keyed, witnesses_hold
from nogilcheck.model.cache import CacheReader, Kind, SolutionRecord, pages_hold
from nogilcheck.store.location import locate
from nogilcheck.store.reading import reading

FORMAT = 2
"""Raise it when the meaning of what is kept changes."""

_SHELL = ("_", "OLDPWD", "SHLVL")
"""Variables in which a shell keeps its own books."""


class Printed(NamedTuple):
    """What a check wrote and how it ended."""

    status: int
    stdout: str
    stderr: str
    max_age: int | None
    """Seconds that its pages may be old; ``None``: what the index says."""
    offline: bool
    """Whether pages need not be fresh."""


class Printing:
    """One command line, here and now."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._arguments = arguments
        self._asked = _surroundings(arguments)
        location = locate(_cache_directory(arguments), os.environ)
        self._directory = None if location is None else location.directory

    def again(self) -> int | None:
        """Print what the same command printed; its exit status. ``None``: the check has to be done."""
        try:
            printed = self._recall()
        except (sqlite3.Error, OSError, ValueError, TypeError, MemoryError):  # the check says what is wrong
            return None
        if printed is None:
            return None
        with suppress(OSError):
            sys.stderr.write(printed.stderr)
            sys.stderr.flush()
        with suppress(AttributeError, ValueError):  # not a stream of its own
            sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        with suppress(BrokenPipeError):
            sys.stdout.write(printed.stdout)
            sys.stdout.flush()
        return printed.status

    def keep(self, printed: Printed, solution: SolutionRecord, directory: Path | None, files: Iterable[str]) -> None:
        """Keep what was printed for a solution in the cache of this directory.

        ``files``, absolute paths, were read as well.
        """
        if directory is None or directory != self._directory or _surroundings(self._arguments) != self._asked:
            return
        from nogilcheck.store.sqlite_cache import open_cache

        with closing(open_cache(directory, explicit=False, warn=lambda _: None)) as cache:
            witnesses = (keyed(cache, witness_of(FILE, file)) for file in files)
            kept = solution._replace(witnesses=(*solution.witnesses, *witnesses), report=json.dumps(printed))
            key, record = self._key(cache), kept.encoded()
            if cache.get(Kind.SOLUTIONS, key) != record:
                cache.put(Kind.SOLUTIONS, key, record)

    def _recall(self) -> Printed | None:
        if self._directory is None:
            return None
        with reading(self._directory) as cache:
            record = None if cache is None else cache.get(Kind.SOLUTIONS, self._key(cache))
            if cache is None or record is None:
                return None
            solution = SolutionRecord.decoded(record)
            if solution is None:
                return None
            printed = Printed(*json.loads(solution.report))
            now = None if printed.offline else time.time()
            fresh = pages_hold(cache, solution.pages, now=now, max_age=printed.max_age)
            return printed if fresh and witnesses_hold(cache, solution) else None

    def _key(self, cache: CacheReader) -> str:
        """Keyed, because the command line and the environment may hold credentials."""
        return cache.keyed(f"printed {FORMAT} {self._asked}")


def _cache_directory(arguments: Sequence[str]) -> str | None:
    """What the command line says; where that is wrong, nothing is kept (see `Printing.keep`)."""
    named = None
    for argument, following in zip_longest(arguments, arguments[1:], fillvalue=""):
        option, equals, value = argument.partition("=")
        if option == "--cache-dir":
            named = value if equals else following
    return named


def _surroundings(arguments: Sequence[str]) -> str:
    """Everything outside the files of a check that decides what it prints."""
    here = _here()
    stated = [
        (__version__, sys.version, sys.prefix, sys.executable),
        str(here),
        list(arguments),
        sorted((name, value) for name, value in os.environ.items() if name not in _SHELL),
        [_look(sys.stdout), _look(sys.stderr)],
        time.strftime("%Y-%m-%d", time.gmtime()),  # waivers end
        state_of_files(here),
    ]
    return json.dumps(stated)


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError:  # gone, as the check will say
        return Path()


def _look(stream: object) -> list[object]:
    """What a stream can show."""
    isatty, size = getattr(stream, "isatty", None), None
    if isatty is not None and isatty():
        with suppress(OSError):
            size = tuple(os.get_terminal_size(stream.fileno()))  # type: ignore[attr-defined]
    return [size, getattr(stream, "encoding", None), isatty is not None and isatty()]
