"""Reading the extension modules of many wheels: in ranges, several at once, judged, and kept for good.

First the directory of every wheel is read. Then it is known what each costs: the cheapest come first, and what does not
fit under the limit is not begun. Within a wheel neighbouring members are read with one request, small chunks first.
Once a module brings the GIL back, the verdict stands; the others are read as well where all of them together have at
most `NAMED_BYTES`, so that nearly every report names every such module.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.util import find_spec
from itertools import accumulate
from threading import Lock, Semaphore
from types import TracebackType
from typing import Self, TypeVar

from nogilcheck.binary import ENGINE
from nogilcheck.classify.extensions import Extensions, find_extensions, libraries, suffixes
from nogilcheck.classify.scanned import condemns
from nogilcheck.index.archives.range_readers import MAX_WHOLE
from nogilcheck.index.archives.zip_ranges import TAIL, ZipRanges, chunks
from nogilcheck.index.fetcher import IndexFetcher
from nogilcheck.index.http.failures import ReadError
from nogilcheck.index.local_path import local_path
from nogilcheck.index.progress import ScanProgress
from nogilcheck.index.promises import Promise
from nogilcheck.index.workers import Urgency, Workers
from nogilcheck.jobs.analysis_workers import Judges, continued, is_library
from nogilcheck.model.artifact import Missing, MissingKind, ReleaseFile
from nogilcheck.model.cache import Cache, Kind
from nogilcheck.model.scan import ModuleScan, WheelScan, decode_scan, encode_scan
from nogilcheck.model.target import Target

THREADS = 8
"""Wheels that are read at the same time."""
MAX_MODULES = 2000
"""Extension modules of one wheel that are read; the most seen is below 400."""
MODULE_LIMIT = 512 * 2**20
"""Bytes of one module, unpacked; a larger one is not read."""
LARGE_MODULE = 32 * 2**20
"""Bytes beyond which modules are held in memory one at a time."""
WHEEL_LIMIT = 2 * 2**30
"""Bytes of all modules of one wheel, unpacked."""
LIBRARY_BYTES = 16 * 2**20
"""Bytes beyond which what is a library by its name and place (`libraries`) is taken for one, and not read."""
NAMED_BYTES = 8 * 2**20
"""Bytes, packed, that are read of a wheel's other modules once one of them has decided."""

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One wheel as one interpreter gets it; equal for what has to be scanned once."""

    url: str = field(repr=False)
    sha256: str
    python: tuple[int, int]
    family: str
    """`Target.family`."""
    file: ReleaseFile = field(compare=False)

    @classmethod
    def of(cls, file: ReleaseFile, target: Target) -> Wanted:
        """A wheel that a free-threaded target gets."""
        return cls(file.url, file.hashes.get("sha256", ""), target.python, target.family, file)

    @property
    def abi(self) -> str:
        """``cp314t``."""
        return f"cp{self.python[0]}{self.python[1]}t"


class _Opened:
    """A wheel of which the directory was read."""

    def __init__(self, wanted: Wanted, archive: ZipRanges, known: WheelScan) -> None:
        self.wanted = wanted
        self.archive = archive
        self.declared = {module.path: module.declaration for module in known.modules if module.declaration}
        """What is known of its modules already."""
        members = {info.filename: info for info in archive.members}
        self.extensions = _extensions(members, wanted)
        unread = [members[path] for path in self.extensions.loadable if path not in self.declared]
        readable = _readable(unread)
        self.beyond = len(unread) - len(readable)
        """Modules that are not read, whatever the limit of the run."""
        self.libraries = [info for path, info in members.items() if is_library(path)]
        """Files that a module may hand over to."""
        self.chunks = sorted(chunks(readable), key=archive.cost)
        self.cost = sum(map(archive.cost, self.chunks))
        """Bytes that are left to be fetched."""

    def scan(self) -> WheelScan:
        """What is known so far."""
        modules = (ModuleScan(path=path, declaration=self.declared.get(path)) for path in self.extensions.loadable)
        return WheelScan(modules=tuple(modules), unloadable=self.extensions.unloadable)


class WheelScans:
    """All wheels of one run. A context manager: it ends what it has started."""

    def __init__(
        self, fetcher: IndexFetcher, cache: Cache, *, limit: int, on_progress: Callable[[ScanProgress], None]
    ) -> None:
        self._fetcher = fetcher
        self._cache = cache
        self._limit = limit
        self._on_progress = on_progress
        self._judges = Judges()
        self._promises: list[Promise[object]] = []
        self._workers = Workers(THREADS, self._broken)
        self._lock = Lock()
        self._one_at_a_time = Semaphore()
        self._wheels = self._done = self._spent = self._planned = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._workers.close(flush=False)
        self._judges.__exit__(kind, error, traceback)

    def run(self, wanted: Sequence[Wanted]) -> Mapping[Wanted, WheelScan]:
        """Scan each of them."""
        self._wheels = len(wanted)
        found: dict[Wanted, WheelScan] = {}
        opened: list[_Opened] = []
        for one, result in self._each(wanted, self._open):
            if isinstance(result, _Opened):
                opened.append(result)
            else:
                found[one] = result
        opened.sort(key=lambda one: (one.cost, one.wanted.file.filename))
        totals = list(accumulate((one.cost for one in opened), initial=self._spent))
        affordable = [one for one, total in zip(opened, totals[1:], strict=True) if total <= self._limit]
        self._planned = totals[len(affordable)]
        for left in opened[len(affordable) :]:
            found[left.wanted] = replace(left.scan(), missing=self._beyond(left.wanted, left.cost))
            self._tell(done=1)
        for each, scanned in self._each(affordable, self._read):
            found[each.wanted] = scanned
        return found

    def _each(self, items: Sequence[T], call: Callable[[T], R]) -> Iterator[tuple[T, R]]:
        """Call for each item, on several threads; in the order of the items. Raises what a call raises."""
        promises: list[Promise[R]] = [Promise() for _ in items]
        self._promises += promises  # type: ignore[arg-type]  # whatever they promise, they can fail
        for promise, item in zip(promises, items, strict=True):
            self._workers.submit(partial(_keep, promise, call, item), Urgency.WANTED)
        for promise, item in zip(promises, items, strict=True):
            yield item, promise.wait()

    def _broken(self, error: BaseException) -> None:
        for promise in self._promises:
            promise.fail(error)

    def _open(self, wanted: Wanted) -> _Opened | WheelScan:
        """What the cache knows, or what the wheel's directory says; a wheel that is there already is read at once."""
        try:
            kept = self._kept(wanted)
            if kept is not None and _is_decided(kept):
                self._tell(done=1)
                return kept
            is_local = self._is_local(wanted)
            left = self._limit - self._spent
            if left < TAIL and not is_local:
                self._tell(done=1)
                return WheelScan(missing=self._beyond(wanted, None))
            archive = self._fetcher.archive(wanted.file, most=min(left, MAX_WHOLE))
            opened = _Opened(wanted, archive, kept or WheelScan())
        except ReadError as error:
            self._tell(done=1)
            return WheelScan(missing=error.missing)
        if is_local:
            return self._read(opened)
        self._tell(spent=archive.fetched)
        return opened if opened.cost else self._read(opened)

    def _read(self, opened: _Opened) -> WheelScan:
        """Read and judge what is not known, small chunks first, until the wheel is decided."""
        missing: Missing | None = None
        is_local = self._is_local(opened.wanted)
        left = list(opened.chunks)
        while left and missing is None:
            if _is_condemned(opened.scan()) and sum(map(opened.archive.cost, left)) > NAMED_BYTES:
                break
            before = opened.archive.fetched
            try:
                self._read_chunk(opened, left.pop(0))
            except ReadError as error:
                missing = error.missing
            self._tell(spent=0 if is_local else opened.archive.fetched - before)
        if missing is None and not _is_condemned(opened.scan()):
            missing = self._go_on_in_libraries(opened)
        scanned = opened.scan()
        self._keep(opened.wanted, scanned)
        self._tell(done=1)
        if _is_decided(scanned):
            return scanned
        return replace(scanned, missing=missing or _too_large(opened))

    def _read_chunk(self, opened: _Opened, members: Sequence[zipfile.ZipInfo]) -> None:
        large = any(info.file_size > LARGE_MODULE for info in members)
        with self._one_at_a_time if large else nullcontext():
            started = [
                (info.filename, self._judges.start(data, info.filename, opened.wanted.abi))
                for info, data in opened.archive.read_chunk(members, MODULE_LIMIT)
            ]
            for path, promise in started:
                opened.declared[path] = promise.wait()

    def _go_on_in_libraries(self, opened: _Opened) -> Missing | None:
        """Judge the modules that hand over to a library of the wheel; why that could not be read, if it could not."""
        if not any(one.continues_at for one in opened.declared.values()):
            return None
        before = opened.archive.fetched
        left = MAX_WHOLE if self._is_local(opened.wanted) else self._limit - self._spent
        affordable = {info.filename: info.file_size for info in opened.libraries if info.compress_size <= left}
        try:
            opened.declared = continued(
                self._judges,
                opened.declared,
                opened.wanted.abi,
                affordable,
                lambda name: opened.archive.read(name, MODULE_LIMIT),
            )
        except ReadError as error:
            return error.missing
        finally:
            self._tell(spent=0 if self._is_local(opened.wanted) else opened.archive.fetched - before)
        return None

    def _kept(self, wanted: Wanted) -> WheelScan | None:
        key = self._key(wanted)
        data = self._cache.get(Kind.SCANS, key) if key else None
        return None if data is None else decode_scan(data)

    def _keep(self, wanted: Wanted, scanned: WheelScan) -> None:
        if key := self._key(wanted):
            self._cache.put(Kind.SCANS, key, encode_scan(scanned))

    @staticmethod
    def _is_local(wanted: Wanted) -> bool:
        """Whether it is on the disk: what is read of it counts for no limit."""
        return local_path(wanted.url) is not None

    def _key(self, wanted: Wanted) -> str | None:
        """The wheel, the interpreter, and who judges: the libraries of the extra tell more than data alone."""
        content = self._fetcher.content_key(wanted.file)
        return content and f"{content} {wanted.abi} {wanted.family} {_engine()}"

    def _beyond(self, wanted: Wanted, cost: int | None) -> Missing:
        amount = "" if cost is None else f" of {cost / 1e6:,.1f} MB"
        text = f"its extension modules{amount} are beyond what is left of --scan-limit ({self._limit / 1e6:,.0f} MB)"
        return Missing(kind=MissingKind.TOO_LARGE, text=f"{wanted.file.filename}: {text}")

    def _tell(self, *, done: int = 0, spent: int = 0) -> None:
        with self._lock:
            self._done += done
            self._spent += spent
            planned = max(self._planned, self._spent)
            progress = ScanProgress(wheels=self._wheels, done=self._done, bytes=self._spent, planned=planned)
        self._on_progress(progress)


def _keep(promise: Promise[R], call: Callable[[T], R], item: T) -> None:
    promise.give(call(item))


def _extensions(members: Mapping[str, zipfile.ZipInfo], wanted: Wanted) -> Extensions:
    found = find_extensions(members, suffixes(wanted.python, wanted.family))
    taken = {path for path in libraries(members) if members[path].file_size > LIBRARY_BYTES}
    return replace(found, loadable=tuple(path for path in found.loadable if path not in taken))


def _readable(members: Sequence[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Those within every bound, the smallest first."""
    by_size = sorted(members, key=lambda info: max(info.file_size, info.compress_size))[:MAX_MODULES]
    totals = accumulate(max(info.file_size, info.compress_size) for info in by_size)
    return [
        info
        for info, total in zip(by_size, totals, strict=True)
        if max(info.file_size, info.compress_size) <= MODULE_LIMIT and total <= WHEEL_LIMIT
    ]


def _too_large(opened: _Opened) -> Missing | None:
    """Why modules were left out; ``None``: none was, and what is not known is in their declarations."""
    if not opened.beyond:
        return None
    text = f"{opened.wanted.file.filename}: {opened.beyond} of its extension modules are too large, or too many"
    return Missing(kind=MissingKind.TOO_LARGE, text=text)


def _is_condemned(scan: WheelScan) -> bool:
    return any(map(condemns, scan.modules))


def _is_decided(scan: WheelScan) -> bool:
    return _is_condemned(scan) or all(module.declaration is not None for module in scan.modules)


def _engine() -> str:
    """Of the program and the libraries at hand."""
    extras = "".join(name[0] for name in ("capstone", "lief") if find_spec(name) is not None)
    return f"{ENGINE}{extras}"
