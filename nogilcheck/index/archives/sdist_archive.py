"""The few files of an sdist that say something, read in one pass over a stream, within bounds."""

from __future__ import annotations

import io
import itertools
import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from nogilcheck.index.archives.ranges import BytesReader
from nogilcheck.index.archives.sdist_stream import ByteSource, Chunks, LimitHit, Unpacked, decompressed
from nogilcheck.index.archives.zip_ranges import ZipRanges
from nogilcheck.index.http.failures import ReadError
from nogilcheck.model.artifact import Missing, MissingKind
from nogilcheck.model.urls import quotable

COMPRESSED_LIMIT = 32 * 1024 * 1024
"""Bytes of a tar archive read from the stream. pyspark's sdist has 456 MB; what tells comes early."""
ZIP_LIMIT = 64 * 1024 * 1024
"""Bytes of a zip archive, which must be read whole: its directory stands at the end."""
MEMBERS_LIMIT = 50_000
"""Members looked at."""
MEMBER_LIMIT = 4 * 1024 * 1024
"""Bytes of one file that is read; larger ones are passed over."""
WANTED_LIMIT = 32
"""Files read in one archive: a real one has fewer than ten that tell anything."""
TAR_HEADER_LIMIT = 64 * 1024
"""Bytes of the headers of one tar member, with its extended headers (pax, GNU long names)."""

LANGUAGES = {
    ".c": "C",
    ".cc": "C++",
    ".cpp": "C++",
    ".cxx": "C++",
    ".c++": "C++",
    ".cu": "CUDA",
    ".f": "Fortran",
    ".f77": "Fortran",
    ".f90": "Fortran",
    ".f95": "Fortran",
    ".f03": "Fortran",
    ".f08": "Fortran",
    ".for": "Fortran",
    ".go": "Go",
    ".mm": "Objective-C++",
    ".pyx": "Cython",
    ".rs": "Rust",
    ".zig": "Zig",
}
"""ByteSource suffixes of languages that need a compiler."""
_LIBRARIES = frozenset({".so", ".pyd", ".dylib", ".dll", ".a", ".lib"})
_ASIDE = frozenset(
    {"test", "tests", "testing", "doc", "docs", "documentation", "example", "examples", "sample", "samples",
     "demo", "demos", "bench", "benchmark", "benchmarks", "fuzz"}
)  # fmt: skip
_AT_ROOT = frozenset({"PKG-INFO", "pyproject.toml", "setup.py", "setup.cfg", "hatch.toml", "pdm_build.py"})
_IN_EGG_INFO = frozenset({"PKG-INFO", "requires.txt", "SOURCES.txt"})
_EGG_INFO_DEPTH = 5
_MAGIC_LENGTH = 6
_BAD_TAR = (
    tarfile.TarError,
    OSError,
    EOFError,
    ValueError,
    IndexError,  # tarfile, for a sparse member whose map is cut off
    OverflowError,
    RecursionError,  # tarfile, for a long chain of extended headers
    lzma.LZMAError,
    zlib.error,
)


Path = tuple[str, ...]
"""The parts of a member's name below the archive's root directory."""


@dataclass(slots=True, kw_only=True)
class SdistContents:
    """What an sdist holds that tells something about its dependencies or its build."""

    files: dict[str, bytes] = field(default_factory=dict)
    """Path below the archive's root directory -> content."""
    languages: set[str] = field(default_factory=set)
    """Of native sources outside of test, documentation and example directories; values of `LANGUAGES`."""
    libraries: bool = False
    """It holds libraries that are compiled already."""
    complete: bool = True
    """Every member was seen; false when a limit was hit."""

    def note(self, path: Path) -> None:
        """Take account of a member by its name."""
        if is_aside(path):
            return
        name = path[-1]
        suffix = name[name.rfind(".") :].lower() if "." in name else ""
        if suffix in LANGUAGES:
            self.languages.add(LANGUAGES[suffix])
        elif name == "Cargo.toml":
            self.languages.add("Rust")
        elif suffix in _LIBRARIES:
            self.libraries = True

    def wants(self, path: Path, size: int) -> bool:
        """Whether the content of a member should be kept."""
        *directories, name = path
        if not directories:
            wanted = name in _AT_ROOT
        else:
            wanted = name in _IN_EGG_INFO and directories[-1].endswith(".egg-info")
            wanted = wanted and len(directories) <= _EGG_INFO_DEPTH and not is_aside(path)
        if not wanted or "/".join(path) in self.files:
            return False
        if size > MEMBER_LIMIT or len(self.files) >= WANTED_LIMIT:
            self.complete = False
            return False
        return True

    def keep(self, path: Path, content: bytes) -> None:
        """Keep the content of a member that is wanted."""
        self.files["/".join(path)] = content


Contents = TypeVar("Contents", bound=SdistContents)


def read_stream(opened: Callable[[], Iterator[bytes]], filename: str, contents: Contents) -> Contents | Missing:
    """Fill ``contents`` from a stream that is opened here, read as far as the limits allow, and closed."""
    try:
        chunks = opened()
        try:
            return read_contents(chunks, filename, contents)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
    except ReadError as error:
        return error.missing


def read_contents(stream: Iterator[bytes], filename: str, contents: Contents) -> Contents:
    """Read a tar archive (plain, gzip, bzip2 or xz) or a zip archive; nothing is written to disk.

    The format is told from the first bytes, as tarfile does, whatever the file name says.

    :raises ReadError: when it is broken, or too large for a zip archive, or the stream raises it.
    """
    magic = b""
    while len(magic) < _MAGIC_LENGTH and (chunk := next(stream, None)) is not None:
        magic += chunk
    raw = Chunks(itertools.chain([magic], stream), COMPRESSED_LIMIT)
    buffered = io.BufferedReader(raw)
    if magic.startswith(b"PK\x03\x04"):
        raw.limit = ZIP_LIMIT
        return _read_zip(buffered, raw, filename, contents)
    try:
        _walk_tar(Unpacked(decompressed(buffered, magic)), contents)
    except LimitHit:
        contents.complete = False
    except _BAD_TAR as error:
        if not raw.cut:
            reason = quotable(str(error)) or type(error).__name__
            text = f"{quotable(filename)} is not an archive that can be read: {reason}"
            raise ReadError(Missing(kind=MissingKind.BROKEN, text=text)) from None
        contents.complete = False
    return contents


def _read_zip(buffered: ByteSource, raw: Chunks, filename: str, contents: Contents) -> Contents:
    data = buffered.read()
    if raw.cut:
        text = f"{quotable(filename)} has more than {ZIP_LIMIT:,} bytes"
        raise ReadError(Missing(kind=MissingKind.TOO_LARGE, text=text))
    archive = ZipRanges(BytesReader(data), filename)
    contents.complete = len(archive.members) <= MEMBERS_LIMIT
    for member in archive.members[:MEMBERS_LIMIT]:
        path = _below_root(member.filename)
        if path is None or member.is_dir():
            continue
        contents.note(path)
        if contents.wants(path, member.file_size):
            contents.keep(path, archive.read(member, max(MEMBER_LIMIT, member.file_size)))
    return contents


def _walk_tar(file: Unpacked, contents: SdistContents) -> None:
    file.allow(TAR_HEADER_LIMIT)
    archive = tarfile.TarFile(fileobj=file, encoding="utf-8", errors="surrogateescape")
    for _ in range(MEMBERS_LIMIT):
        file.allow(TAR_HEADER_LIMIT)
        member = archive.next()
        archive.members = []  # type: ignore[attr-defined]  # each keeps its extended headers
        if member is None:
            # tarfile takes a broken header for the end, and where the archive was cut; the end is a block of zeros.
            contents.complete &= file.last == tarfile.NUL * tarfile.BLOCKSIZE
            file.drain()
            return
        path = _below_root(member.name)
        if path is None or not member.isreg() or member.issparse():
            continue
        contents.note(path)
        if contents.wants(path, member.size):
            file.allow(max(MEMBER_LIMIT, member.size))
            content = archive.extractfile(member)
            assert content is not None  # regular
            contents.keep(path, content.read(member.size))
    raise LimitHit


def _below_root(name: str) -> Path | None:
    """The path below the root directory (``name-version``); ``None`` for odd paths."""
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    if not parts or ".." in parts or name.startswith("/"):
        return None
    return parts[1:] or parts


def is_aside(path: Path) -> bool:
    """Whether it stands in a directory of tests, documentation or examples."""
    return any(part.lower() in _ASIDE for part in path[:-1])
