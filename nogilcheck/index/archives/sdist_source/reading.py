"""The source in an sdist -> what it says of a build on a free-threaded Python, in one of four words, and where."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, Final

from nogilcheck.index.archives.sdist_archive import Path, SdistContents, is_aside, read_stream
from nogilcheck.index.archives.sdist_evidence import build_requirements, table
from nogilcheck.index.archives.sdist_requires import read_pyproject
from nogilcheck.index.archives.sdist_source import build_files, c_modules, rust_modules
from nogilcheck.index.archives.sdist_source.c_modules import CFile
from nogilcheck.index.archives.sdist_source.conditions import BuildConditions
from nogilcheck.index.archives.sdist_source.cython_modules import read_cython
from nogilcheck.model.artifact import Missing
from nogilcheck.model.evidence import SourceMark, SourceReading, SourceWord
from nogilcheck.model.json_format.kinds import Mismatch
from nogilcheck.model.json_format.records import kind_of, to_json
from nogilcheck.model.urls import quotable

KEPT_LIMIT: Final = 48 * 1024 * 1024
"""Bytes of source that are looked into; a larger sdist is read in part, and does not say."""
MARKS_SHOWN: Final = 5
"""Places that a reading names."""
LIBRARIES_SHOWN: Final = 20

_VENDORED: Final = frozenset(
    {"third_party", "third-party", "3rdparty", "thirdparty", "vendor", "vendored", "_vendor", "extern", "external",
     "subprojects", "submodules", "cargo", "pybind11", "nanobind"}
)  # fmt: skip
"""Directories of other projects' source."""
_FOR_TESTS: Final = re.compile(r"_?test")
_RUST_TOOLS: Final = frozenset({"maturin", "setuptools-rust"})
FORMAT: Final = 1
"""Of what is read; raised where the same sdist would be judged otherwise, so that nothing is taken from the cache."""
_CYTHON_MACRO: Final = "CYTHON_FREETHREADING_COMPATIBLE"
"""Decides for C that Cython generated, whatever the directive was."""
_CARGO: Final = frozenset({"Cargo.toml", "Cargo.lock"})
_DECISIVE: Final = (SourceWord.REFUSES, SourceWord.TURNS_ON, SourceWord.RUNS_WITHOUT)
"""The worst first."""
_DECLARING: Final = frozenset({SourceWord.RUNS_WITHOUT, SourceWord.TURNS_ON})


class SourceFiles(SdistContents):
    """What an sdist holds that tells something about the GIL."""

    kept = 0
    """Bytes that were looked into."""

    def wants(self, path: Path, size: int) -> bool:
        """Whether a member is source or a build file of the project itself."""
        name = path[-1]
        wanted = name in build_files.NAMES | _CARGO or name.endswith((*c_modules.SUFFIXES, ".pyx", ".rs", ".cmake"))
        wanted |= name.endswith(".py") and "build" in name
        if not wanted or is_aside(path) or not _VENDORED.isdisjoint(part.lower() for part in path[:-1]):
            return False
        if self.kept + size > KEPT_LIMIT:
            self.complete = False
            return False
        self.kept += size
        return True

    def keep(self, path: Path, content: bytes) -> None:
        """Keep what may say something: of C and Rust only the files that name one of a few words."""
        telling = c_modules.TELLING if path[-1].endswith(c_modules.SUFFIXES) else rust_modules.TELLING
        is_build_file = path[-1] in build_files.NAMES or not path[-1].endswith((*c_modules.SUFFIXES, ".rs"))
        if is_build_file or any(word in content for word in telling):
            super().keep(path, content)


def read_source(opened: Callable[[], Iterator[bytes]], filename: str) -> SourceFiles | Missing:
    """Read the source files of an sdist from its stream, within the limits of `sdist_archive` and `KEPT_LIMIT`."""
    return read_stream(opened, filename, SourceFiles())


def judge_source(contents: SourceFiles, filename: str, python: tuple[int, int]) -> SourceReading:
    """Judge what was read for one free-threaded Python."""
    pyproject = contents.files.get("pyproject.toml")
    build = table(read_pyproject(pyproject) if pyproject is not None else None, "build-system")
    found = _Found(contents.files, python)
    for path in contents.files:
        found.read(path)
    marks = list(found.judged(build))
    words = {mark.word for mark in marks}
    word = next((one for one in _DECISIVE if one in words), SourceWord.SILENT)
    if word is SourceWord.RUNS_WITHOUT and (SourceWord.SILENT in words or not contents.complete):
        word = SourceWord.SILENT
    telling = list(dict.fromkeys(map(_safe, (mark for mark in marks if mark.word is word))))
    backend = build.get("build-backend")
    return SourceReading(
        file=filename,
        python=f"{python[0]}.{python[1]}",
        word=word,
        marks=tuple(telling[:MARKS_SHOWN]),
        more=len(telling[MARKS_SHOWN:]),
        backend=quotable(backend) if isinstance(backend, str) else None,
        needs=tuple(sorted(found.libraries)[:LIBRARIES_SHOWN]),
    )


def encode_readings(readings: Iterable[SourceReading]) -> bytes:
    """The record that the cache keeps."""
    return json.dumps(list(map(to_json, readings)), separators=(",", ":")).encode("ascii")


def decode_readings(data: bytes) -> tuple[SourceReading, ...] | None:
    """What `encode_readings` wrote; ``None`` for anything else."""
    try:
        return tuple(map(kind_of(SourceReading).read, json.loads(data)))
    except (ValueError, TypeError, Mismatch, RecursionError):
        return None


def _safe(mark: SourceMark) -> SourceMark:
    return replace(mark, path=quotable(mark.path), text=quotable(mark.text))


class _Found:
    """What the files of one sdist say, by the kind of module."""

    def __init__(self, files: Mapping[str, bytes], python: tuple[int, int]) -> None:
        self._files = files
        self._conditions = BuildConditions(python)
        self._c: set[str] = set()
        self._pyx: dict[str, bytes] = {}
        self._rust: dict[str, bytes] = {}
        self._build: dict[str, list[SourceMark]] = defaultdict(list)
        self.libraries: set[str] = set()
        """That build files look for."""

    def read(self, path: str) -> None:
        """Take account of one file."""
        data, name = self._files[path], path.rsplit("/", 1)[-1]
        if name.endswith(c_modules.SUFFIXES):
            self._c.add(path)
        elif name.endswith(".pyx"):
            self._pyx[path] = data
        elif name.endswith(".rs") or name in _CARGO:
            self._rust[path] = data
        if name in build_files.NAMES or name.endswith((".py", ".cmake")):
            for kind, mark in build_files.read_build_file(path, data, self._conditions):
                if kind == "library":
                    self.libraries.add(quotable(mark.text))
                else:
                    self._build[kind].append(mark)

    def judged(self, build: Mapping[str, Any]) -> Iterator[SourceMark]:
        """Every statement that counts, by what the table ``[build-system]`` requires.

        Of a Cython module the generated C counts where the build has no Cython. Rust counts where a tool for it is
        required or there is no module in C; C does not where maturin builds, to which it is a library.
        """
        requires = set(build_requirements(build))
        generated = {_stem(path) for path in self._c if self._is_generated(path)}
        pyx = {path for path in self._pyx if "cython" in requires or _stem(path) not in generated}
        dropped = {_stem(path) for path in pyx}
        for mark in self._build["cython"]:
            if _CYTHON_MACRO in mark.text:
                self._conditions.names[_CYTHON_MACRO] = int(mark.word is SourceWord.RUNS_WITHOUT)
        yield from self._build["any"]
        yield from read_cython(self._pyx, {path for path in pyx if not _for_tests(path)}, self._build["cython"])
        files = {
            path: c_modules.read_c(path, self._files[path], self._conditions)
            for path in sorted(self._c)
            if not (_for_tests(path) or (self._is_generated(path) and _stem(path) in dropped))
        }
        of_c = [] if "maturin" in requires else list(self._of_c(files))
        yield from of_c
        if not of_c or not _RUST_TOOLS.isdisjoint(requires):
            yield from rust_modules.read_rust(self._rust, self._conditions)
        if "cffi" in requires and not any(mark.text == c_modules.BY_CFFI for mark in of_c):
            yield from self._build["cffi"]

    def _is_generated(self, path: str) -> bool:
        return self._files[path].startswith(c_modules.GENERATED)

    def _of_c(self, files: Mapping[str, CFile]) -> Iterator[SourceMark]:
        shared = any(file.says.keys() & _DECLARING for file in files.values() if file.module is None)
        for file in files.values():
            if SourceWord.REFUSES in file.says:
                yield file.says[SourceWord.REFUSES]
            declared = [mark for word, mark in file.says.items() if word in _DECLARING]
            if file.module is None:
                continue
            if file.nanobind and not declared:
                declared = self._build["nanobind"][:1]
            if len(declared) == 1:
                yield declared[0]
            elif declared or shared:
                why = "declares one or the other" if declared else f"{file.module.text} in this file, but in another"
                yield replace(file.module, word=SourceWord.SILENT, text=why)
            else:
                yield file.module


def _stem(path: str) -> PurePosixPath:
    return PurePosixPath(path).with_suffix("")


def _for_tests(path: str) -> bool:
    return _FOR_TESTS.match(path.rsplit("/", 1)[-1]) is not None
