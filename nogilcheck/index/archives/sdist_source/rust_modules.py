"""Extension modules in Rust: what PyO3 is told, what its version means, and slots written by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from nogilcheck.index.archives.sdist_source.conditions import BuildConditions
from nogilcheck.model.evidence import SourceMark, SourceWord

TELLING: Final = (b"pymodule", b"Py_MOD_GIL_", b"PyInit_")

_FIRST: Final = (0, 23)
"""The first PyO3 that builds for free-threaded Pythons; its predecessors refuse them, or do not know them."""
_OPT_OUT: Final = (0, 28)
"""The first PyO3 in which a module declares that it runs without the GIL unless it says otherwise."""
_NEWEST: Final = {(0, 23): 13, (0, 24): 13, (0, 25): 14, (0, 26): 14, (0, 27): 14, (0, 28): 15, (0, 29): 16}
"""The newest minor version of Python that PyO3 takes where it is free-threaded (``pyo3-ffi/build.rs``)."""

_LOCKED: Final = re.compile(rb'^name = "pyo3(?:-ffi)?"\r?\nversion = "((\d+)\.(\d+)[^"\n]{0,30})"', re.MULTILINE)
_REQUIRED: Final = re.compile(
    rb'^pyo3(?:-ffi)?[ \t]*=[ \t]*(?:"|\{[^}\n]{0,200}?version[ \t]*=[ \t]*")[~^=> ]*((\d+)\.(\d+)[^"\n]{0,30})"',
    re.MULTILINE,
)
_MARKS: Final = re.compile(
    rb"^[ \t]*#\[(?:pyo3::)?pymodule\b(?:\([^)\n]{0,200}?gil_used[ \t]*=[ \t]*(?P<gil_used>true|false))?"
    rb"|(?P<cfg>^[ \t]*#\[cfg\((?P<condition>[^\n]{1,200})\)\])"
    rb"|^[^\n/]{0,200}?\bvalue:[^\n]{0,200}?\b(?P<slot>Py_MOD_GIL_(?:NOT_)?USED)\b",
    re.MULTILINE,
)
_CFG_REACH: Final = 4
"""Lines after a ``#[cfg(...)]`` in which a slot stands that it is about."""


def read_rust(files: Mapping[str, bytes], conditions: BuildConditions) -> Iterator[SourceMark]:
    """What the Rust files and those of Cargo say. ``files``: by path, of the project and not of vendored crates.

    One explicit ``gil_used`` speaks for a crate: what else is marked in it are its submodules.
    """
    version = _version(files)
    marks = [mark for path in sorted(files) if path.endswith(".rs") for mark in _in_file(path, files[path], conditions)]
    explicit = [mark for mark, is_default in marks if not is_default]
    if version and (refused := _refused(*version, conditions.python)):
        yield refused
    for mark in explicit or [mark for mark, _ in marks][:1]:
        if explicit:
            yield mark
        elif version:
            number, place = version
            word = SourceWord.RUNS_WITHOUT if number >= _OPT_OUT else SourceWord.TURNS_ON
            yield SourceMark(word=word, path=mark.path, line=mark.line, text=f"#[pymodule] of PyO3 {place.text}")
        else:
            yield SourceMark(
                word=SourceWord.SILENT, path=mark.path, line=mark.line, text="#[pymodule] of an unknown PyO3"
            )


def _version(files: Mapping[str, bytes]) -> tuple[tuple[int, int], SourceMark] | None:
    """The version of PyO3: what the lock has, or else what is required; that of the shallowest file."""
    for name, pattern in (("Cargo.lock", _LOCKED), ("Cargo.toml", _REQUIRED)):
        for path in sorted((path for path in files if path.split("/")[-1] == name), key=lambda path: path.count("/")):
            if match := pattern.search(files[path]):
                line = files[path].count(b"\n", 0, match.start(1)) + 1
                text = match[1].decode("ascii", "replace")
                mark = SourceMark(word=SourceWord.SILENT, path=path, line=line, text=text)
                return (int(match[2][:6]), int(match[3][:6])), mark
    return None


def _refused(number: tuple[int, int], place: SourceMark, python: tuple[int, int]) -> SourceMark | None:
    newest = _NEWEST.get(number, 0 if number < _FIRST else python[1])
    if newest >= python[1]:
        return None
    what = f"takes free-threaded Pythons up to 3.{newest}" if newest else "is older than free-threaded Pythons"
    return SourceMark(word=SourceWord.REFUSES, path=place.path, line=place.line, text=f"PyO3 {place.text} {what}")


def _in_file(path: str, data: bytes, conditions: BuildConditions) -> Iterator[tuple[SourceMark, bool]]:
    """Each statement, and whether it leaves the matter to the default of PyO3."""
    line, position = 1, 0
    condition: tuple[int, bool | None] = (-_CFG_REACH, True)
    for match in _MARKS.finditer(data):
        line += data.count(b"\n", position, match.start())
        position = match.start()
        if match["cfg"]:
            condition = (line, conditions.hold(match["condition"].decode("latin-1")))
            continue
        if match["slot"] and line - condition[0] < _CFG_REACH and condition[1] is False:
            continue
        said = match["slot"] or match["gil_used"]
        word = SourceWord.RUNS_WITHOUT if said in {b"false", b"Py_MOD_GIL_NOT_USED"} else SourceWord.TURNS_ON
        text = (said or b"").decode() if match["slot"] else f"gil_used = {(said or b'').decode()}"
        yield SourceMark(word=word, path=path, line=line, text=text), said is None
