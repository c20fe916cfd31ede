"""One wheel whose directory was read: its extension modules, what reading them costs, and what they declare."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from nogilcheck.classify.extensions import Extensions, find_extensions, libraries, suffixes
from nogilcheck.classify.scanned import condemns
from nogilcheck.index.archives.zip_ranges import ZipRanges, chunks
from nogilcheck.jobs.scanning.analysis_workers import is_library
from nogilcheck.model.artifact import Missing, MissingKind, ReleaseFile
from nogilcheck.model.scan import ModuleScan, WheelScan
from nogilcheck.model.target import Target
from nogilcheck.shared_state.reading import MAX_SOURCE, sources_among

MAX_MODULES = 2000
"""Extension modules of one wheel that are read; the most seen is below 400."""
MODULE_LIMIT = 512 * 2**20
"""Bytes of one module, uncompressed; a larger one is not read."""
WHEEL_LIMIT = 2 * 2**30
"""Bytes of all modules of one wheel, uncompressed."""
LIBRARY_BYTES = 16 * 2**20
"""Bytes beyond which a file whose name and place are those of a library (`libraries`) is not read as a module."""


@dataclass(frozen=True, slots=True)
class WantedWheel:
    """One wheel as one interpreter gets it; equal where one scan suffices."""

    url: str = field(repr=False)
    sha256: str
    index: str
    """The one that lists it: another one may claim anything of the same URL."""
    python: tuple[int, int]
    family: str
    """`Target.family`."""
    file: ReleaseFile = field(compare=False)

    @classmethod
    def of(cls, file: ReleaseFile, target: Target) -> WantedWheel:
        """The wheel that a free-threaded target gets."""
        return cls(file.url, file.hashes.get("sha256", ""), file.index, target.python, target.family, file)

    @property
    def abi(self) -> str:
        """The ABI tag of the interpreter, such as ``cp314t``."""
        return f"cp{self.python[0]}{self.python[1]}t"


class OpenedWheel:
    """A wheel whose directory was read."""

    def __init__(self, wanted: WantedWheel, archive: ZipRanges, known: WheelScan) -> None:
        self.wanted = wanted
        self.archive = archive
        self.declared = {module.path: module.declaration for module in known.modules if module.declaration}
        """The declarations that are known so far, by path of the module."""
        members = {info.filename: info for info in archive.members}
        self.extensions = _extensions(members, wanted)
        unread = [members[path] for path in self.extensions.loadable if path not in self.declared]
        readable = _readable(unread)
        self._left_out = len(unread) - len(readable)
        """Modules that exceed the limits above, and are not read whatever the limit of the run."""
        self.libraries = [info for path, info in members.items() if is_library(path)]
        """Libraries whose functions a module may call to create itself."""
        self.chunks = sorted(chunks(readable), key=archive.cost)
        self.cost = sum(map(archive.cost, self.chunks))
        """Bytes that remain to be fetched."""

    def scan(self) -> WheelScan:
        """The scan as far as it has come."""
        modules = (ModuleScan(path=path, declaration=self.declared.get(path)) for path in self.extensions.loadable)
        return WheelScan(modules=tuple(modules), unloadable=self.extensions.unloadable)

    def left_out(self) -> Missing | None:
        """Why modules were not read; ``None`` when none was left out."""
        if not self._left_out:
            return None
        text = f"{self.wanted.file.filename}: {self._left_out} of its extension modules are too large, or too many"
        return Missing(kind=MissingKind.TOO_LARGE, text=text)


class OpenedSources:
    """The Python sources of a wheel whose directory was read."""

    def __init__(self, wanted: WantedWheel, archive: ZipRanges) -> None:
        self.wanted = wanted
        self.archive = archive
        members = {info.filename: info for info in archive.members}
        sizes = {path: max(info.file_size, info.compress_size) for path, info in members.items()}
        paths, self.unread = sources_among(sizes)
        self._chunks = chunks(members[path] for path in paths)
        self.cost = sum(map(archive.cost, self._chunks))
        """Bytes that remain to be fetched."""

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """The sources by path. Raises `ReadError`."""
        for chunk in self._chunks:
            for info, data in self.archive.read_chunk(chunk, MAX_SOURCE):
                yield info.filename, data


def _extensions(members: Mapping[str, zipfile.ZipInfo], wanted: WantedWheel) -> Extensions:
    extensions = find_extensions(members, suffixes(wanted.python, wanted.family))
    large = {path for path in libraries(members) if members[path].file_size > LIBRARY_BYTES}
    return replace(extensions, loadable=tuple(path for path in extensions.loadable if path not in large))


def _readable(members: Sequence[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """The members within all limits, the smallest first."""
    by_size = sorted(members, key=lambda info: max(info.file_size, info.compress_size))[:MAX_MODULES]
    totals = accumulate(max(info.file_size, info.compress_size) for info in by_size)
    return [
        info
        for info, total in zip(by_size, totals, strict=True)
        if max(info.file_size, info.compress_size) <= MODULE_LIMIT and total <= WHEEL_LIMIT
    ]


def is_condemned(scan: WheelScan) -> bool:
    """Whether some module turns the GIL on, whatever the others declare."""
    return any(map(condemns, scan.modules))


def is_decided(scan: WheelScan) -> bool:
    """Whether reading more modules cannot change the verdict."""
    return is_condemned(scan) or all(module.declaration is not None for module in scan.modules)
