"""Read and analyse the extension modules of many wheels, several at once, and cache the results.

First the directory of every wheel is read, which tells what each wheel costs. The cheapest wheels come first, and those
that exceed the limit are not begun. Within a wheel, neighbouring members are read with one request, small chunks first.
Once a module turns the GIL on, the verdict is certain; the other modules are still read when they amount to at most
`NAMED_BYTES`, so that nearly every report names all such modules.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from threading import Semaphore
from typing import Self, TypeVar

from nogilcheck.binary import ENGINE
from nogilcheck.index.archives.range_readers import MAX_WHOLE
from nogilcheck.index.archives.zip_ranges import TAIL, ZipRanges
from nogilcheck.index.fetcher import IndexFetcher
from nogilcheck.index.http.failures import ReadError
from nogilcheck.index.local_path import local_path
from nogilcheck.index.progress import ScanProgress
from nogilcheck.index.promises import Promise
from nogilcheck.index.workers import Urgency, Workers
from nogilcheck.jobs.scanning.analysis_workers import AnalysisWorkers, continued
from nogilcheck.jobs.scanning.budget import ScanBudget
from nogilcheck.jobs.scanning.opened_wheel import (
    MODULE_LIMIT,
    OpenedSources,
    OpenedWheel,
    WantedWheel,
    is_condemned,
    is_decided,
)
from nogilcheck.model.artifact import Missing, MissingKind
from nogilcheck.model.cache import Cache, Kind
from nogilcheck.model.report.shared_state import SharedStateReading, decode_reading, encode_reading, unread
from nogilcheck.model.scan import WheelScan, decode_scan, encode_scan

THREADS = 8
"""Wheels that are read at the same time."""
LARGE_MODULE = 32 * 2**20
"""Bytes beyond which modules are held in memory one at a time."""
NAMED_BYTES = 8 * 2**20
"""Compressed bytes that the other modules of a wheel may have to be read after one has decided the verdict."""

SOURCES = f"sources 1 {sys.version_info[0]}.{sys.version_info[1]}"
"""The version of how sources are read, and of the parser; a part of the key of what was found in them."""

T = TypeVar("T")
R = TypeVar("R")


class WheelScans:
    """Scans the wheels of one run. A context manager: it ends its threads and processes."""

    def __init__(
        self, fetcher: IndexFetcher, cache: Cache, *, limit: int, on_progress: Callable[[ScanProgress], None]
    ) -> None:
        self._fetcher = fetcher
        self._cache = cache
        self.budget = ScanBudget(limit, on_progress)
        self._analysts = AnalysisWorkers()
        self._archives: dict[WantedWheel, ZipRanges] = {}
        self._promises: list[Promise[object]] = []
        self._workers = Workers(THREADS, self._fail_pending)
        self._one_at_a_time = Semaphore()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._workers.close(flush=False)
        self._analysts.__exit__()

    def run(self, wanted: Sequence[WantedWheel]) -> Mapping[WantedWheel, WheelScan]:
        """Scan the wheels, and return the scan of each; what could not be read is in `WheelScan.missing`."""
        self.budget.expect(len(wanted))
        scans: dict[WantedWheel, WheelScan] = {}
        opened: list[OpenedWheel] = []
        for wheel, result in self._in_parallel(wanted, self._open):
            if isinstance(result, OpenedWheel):
                opened.append(result)
            else:
                scans[wheel] = result
        affordable, beyond = self.budget.plan(opened)
        for expensive in beyond:
            missing = self._beyond_limit(expensive.wanted, expensive.cost)
            scans[expensive.wanted] = replace(expensive.scan(), missing=missing)
            self.budget.report(done=1)
        for read, scan in self._in_parallel(affordable, self._read):
            scans[read.wanted] = scan
        return scans

    def read_sources(self, wanted: Sequence[WantedWheel]) -> dict[WantedWheel, SharedStateReading]:
        """The state that the Python sources of wheels share, the cheapest wheels first; what was not read says why."""
        self.budget.expect(len(wanted))
        found: dict[WantedWheel, SharedStateReading] = {}
        opened: list[OpenedSources] = []
        for wheel, result in self._in_parallel(wanted, self._open_sources):
            if isinstance(result, OpenedSources):
                opened.append(result)
            else:
                found[wheel] = result
        affordable, beyond = self.budget.plan(opened)
        for expensive in beyond:
            found[expensive.wanted] = self._sources_beyond_limit()
            self.budget.report(done=1)
        for sources, reading in self._in_parallel(affordable, self._read_sources):
            found[sources.wanted] = reading
        return found

    def _open_sources(self, wanted: WantedWheel) -> OpenedSources | SharedStateReading:
        key = self._fetcher.content_key(wanted.file)
        kept = decode_reading(self._cache.get(Kind.SCANS, f"{key} {SOURCES}")) if key else None
        try:
            if kept is None:
                known, is_local, left = self._archives.get(wanted), self._is_local(wanted), self.budget.left
                if known is None and left < TAIL and not is_local:
                    self.budget.report(done=1)
                    return self._sources_beyond_limit()
                archive = known or self._fetcher.archive(wanted.file, most=min(left, MAX_WHOLE))
                sources = OpenedSources(wanted, archive)
                if is_local:
                    sources.cost = 0
                elif known is None:
                    self.budget.report(spent=archive.fetched)
                return sources
        except ReadError as error:
            kept = unread(error.missing.text)
        self.budget.report(done=1)
        return kept

    def _read_sources(self, sources: OpenedSources) -> SharedStateReading:
        try:
            reading = self._analysts.shared_state_of(dict(sources.contents()))
        except ReadError as error:
            return unread(error.missing.text)
        finally:
            self.budget.report(done=1, spent=sources.cost)
        reading = replace(reading, unread=(*reading.unread, *sources.unread))
        if (key := self._fetcher.content_key(sources.wanted.file)) and all(each.path for each in reading.unread):
            self._cache.put(Kind.SCANS, f"{key} {SOURCES}", encode_reading(reading))
        return reading

    def _in_parallel(self, items: Sequence[T], call: Callable[[T], R]) -> Iterator[tuple[T, R]]:
        """Call a function with each item on several threads; yield in their order. Raises what it raises."""
        promises: list[Promise[R]] = [Promise() for _ in items]
        self._promises += promises  # type: ignore[arg-type]  # only `fail` is called on them here
        for promise, item in zip(promises, items, strict=True):
            self._workers.submit(partial(_fulfil, promise, call, item), Urgency.WANTED)
        for promise, item in zip(promises, items, strict=True):
            yield item, promise.wait()

    def _fail_pending(self, error: BaseException) -> None:
        for promise in self._promises:
            promise.fail(error)

    def _open(self, wanted: WantedWheel) -> OpenedWheel | WheelScan:
        """Take the scan from the cache, or read the wheel's directory; a wheel on the disk is read at once."""
        try:
            kept = self._kept(wanted)
            if kept is not None and is_decided(kept):
                self.budget.report(done=1)
                return kept
            is_local = self._is_local(wanted)
            left = self.budget.left
            if left < TAIL and not is_local:
                self.budget.report(done=1)
                return WheelScan(missing=self._beyond_limit(wanted, None))
            archive = self._fetcher.archive(wanted.file, most=min(left, MAX_WHOLE))
            opened = OpenedWheel(wanted, archive, kept or WheelScan())
            self._archives[wanted] = archive
        except ReadError as error:
            self.budget.report(done=1)
            return WheelScan(missing=error.missing)
        if is_local:
            return self._read(opened)
        self.budget.report(spent=archive.fetched)
        return opened if opened.cost else self._read(opened)

    def _read(self, opened: OpenedWheel) -> WheelScan:
        """Read and analyse the remaining modules, small chunks first, until the verdict is certain."""
        missing: Missing | None = None
        is_local = self._is_local(opened.wanted)
        left = list(opened.chunks)
        while left and missing is None:
            if is_condemned(opened.scan()) and sum(map(opened.archive.cost, left)) > NAMED_BYTES:
                break
            before = opened.archive.fetched
            try:
                self._read_chunk(opened, left.pop(0))
            except ReadError as error:
                missing = error.missing
            self.budget.report(spent=0 if is_local else opened.archive.fetched - before)
        if missing is None and not is_condemned(opened.scan()):
            missing = self._continue_in_libraries(opened)
        scan = opened.scan()
        if key := self._key(opened.wanted):
            self._cache.put(Kind.SCANS, key, encode_scan(scan))
        self.budget.report(done=1)
        return scan if is_decided(scan) else replace(scan, missing=missing or opened.left_out())

    def _read_chunk(self, opened: OpenedWheel, members: Sequence[zipfile.ZipInfo]) -> None:
        large = any(info.file_size > LARGE_MODULE for info in members)
        with self._one_at_a_time if large else nullcontext():
            started = [
                (info.filename, self._analysts.start(data, info.filename, opened.wanted.abi))
                for info, data in opened.archive.read_chunk(members, MODULE_LIMIT)
            ]
            for path, promise in started:
                opened.declared[path] = promise.wait()

    def _continue_in_libraries(self, opened: OpenedWheel) -> Missing | None:
        """Analyse modules that a library of the wheel creates; return why the library could not be read, if so."""
        if not any(declaration.continues_at for declaration in opened.declared.values()):
            return None
        before = opened.archive.fetched
        left = MAX_WHOLE if self._is_local(opened.wanted) else self.budget.left
        affordable = {info.filename: info.file_size for info in opened.libraries if info.compress_size <= left}
        try:
            opened.declared = continued(
                self._analysts,
                opened.declared,
                opened.wanted.abi,
                affordable,
                lambda name: opened.archive.read(name, MODULE_LIMIT),
            )
        except ReadError as error:
            return error.missing
        finally:
            self.budget.report(spent=0 if self._is_local(opened.wanted) else opened.archive.fetched - before)
        return None

    def _kept(self, wanted: WantedWheel) -> WheelScan | None:
        key = self._key(wanted)
        data = self._cache.get(Kind.SCANS, key) if key else None
        return None if data is None else decode_scan(data)

    @staticmethod
    def _is_local(wanted: WantedWheel) -> bool:
        """Whether the wheel is on the disk, so that reading it counts for no limit."""
        return local_path(wanted.url) is not None

    def _key(self, wanted: WantedWheel) -> str | None:
        """The key in the cache: wheel, interpreter, and the engine, which tells more with the extra installed."""
        content = self._fetcher.content_key(wanted.file)
        return content and f"{content} {wanted.abi} {wanted.family} {_engine()}"

    def _beyond_limit(self, wanted: WantedWheel, cost: int | None) -> Missing:
        amount = "" if cost is None else f" of {cost / 1e6:,.1f} MB"
        text = f"its extension modules{amount} are beyond what is left of {self.budget}"
        return Missing(kind=MissingKind.TOO_LARGE, text=f"{wanted.file.filename}: {text}")

    def _sources_beyond_limit(self) -> SharedStateReading:
        return unread(f"beyond what is left of {self.budget}")


def _fulfil(promise: Promise[R], call: Callable[[T], R], item: T) -> None:
    promise.give(call(item))


def _engine() -> str:
    """The version of the analysis, and the initials of the optional libraries that are installed."""
    extras = "".join(name[0] for name in ("capstone", "lief") if find_spec(name) is not None)
    return f"{ENGINE}{extras}"
