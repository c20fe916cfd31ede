"""Build scripts and settings: what they declare for the modules that they build, where they refuse, what they need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nogilcheck.index.archives.sdist_source.conditions import BuildConditions
from nogilcheck.model.evidence import SourceMark, SourceWord

NAMES: Final = frozenset({"setup.py", "setup.cfg", "pyproject.toml", "meson.build", "CMakeLists.txt", "build.rs"})
"""Besides Python files whose name has ``build`` in it, and ``*.cmake``."""
LINE_LIMIT: Final = 500
"""Bytes of a line; of a longer one the rest is passed over."""
LINES_LIMIT: Final = 20_000
"""Lines of one file."""

DIRECTIVE: Final = re.compile(rb"freethreading_compatible['\"\]]*\s*[=:]\s*['\"]?(True|False|1|0)?", re.IGNORECASE)
_IF: Final = re.compile(rb"(\s*)(?:el)?if\b(.*)[:{]\s*(?:#.*)?\Z")
_ABOUT_GIL: Final = re.compile(r"GIL_DISABLED|_is_gil_enabled|free_?thread|nogil", re.IGNORECASE)
_BRANCH: Final = re.compile(rb"\s*(?:if|elif|else|for|while|with|try|def|class|match)\b")
_RAISES: Final = re.compile(rb"\b(?:raise\b|sys\.exit|exit\s*\(|panic!|not_supported\s*\(|unsupported\s*\()")
_BLOCK: Final = 200
"""Lines of a block that are looked back at."""
_LIMITED: Final = re.compile(
    rb"Py_LIMITED_API|['\"]?\bpy_limited_api['\"]?\s*[=:]\s*['\"]?(?:cp3|True)|\blimited-api\s*=\s*true"
)
_LIMITED_ON_3_15: Final = re.compile(rb"py_limited_api['\"]?\s*[=:]\s*['\"]?cp3|limited-api")
"""Settings of setuptools and meson-python that they refuse on any free-threaded Python."""
_ABI3T_SINCE: Final = (3, 15)
_CFFI: Final = re.compile(rb"\bcffi_modules\b|\.set_source\(")
_NANOBIND: Final = re.compile(rb"\b(?:NB_)?FREE_THREADED\b")
_SPELLINGS: Final = (
    (r"(?:sysconfig\.)?get_config_vars?\(\s*['\"]Py_GIL_DISABLED['\"]\s*\)(?:\s*(?:==|is)\s*(?:1|True))?", "G"),
    (r"not\s+(?:sys\._is_gil_enabled\(\)|getattr\(sys,\s*['\"]_is_gil_enabled['\"],[^()]*\)\(\))", "G"),
    (r"sys\.version_info(?:\[:2\])?\s*([<>]=?|==)\s*\(3,\s*(\d+)[^)]*\)", r"PY_MINOR_VERSION \1 \2"),
    (r"\bbool\(G\)", "G"),
    (r"\bstd::env::var(?:_os)?\([^()]*\)\.is_(?:err|none)\(\)|['\"]\w+['\"] not in os\.environ\b", "1"),
    (r"\bstd::env::var(?:_os)?\([^()]*\)\.is_(?:ok|some)\(\)|['\"]\w+['\"] in os\.environ\b", "0"),
    (r"\bos\.(?:environ\.get|getenv)\(\s*['\"]\w+['\"]\s*\)", "0"),
)
"""How build scripts ask for the free-threaded build, its version, and variables (which are not set by default)."""
_NAME: Final = re.compile(r"[\w.]++(?:\(\))?")
_GIL: Final = "Py_GIL_DISABLED"
_LIBRARY: Final = re.compile(
    rb"\bdependency\(\s*['\"]([\w.+-]+)['\"]|\bfind_package\(\s*(\w+)|\blibraries\s*=\s*\[\s*['\"]([\w.+-]+)['\"]"
    rb"|\bpkg_check_modules\(\s*\w+\s+(?:(?:REQUIRED|QUIET|IMPORTED_TARGET)\s+)*([\w.+-]+)"
)
_NO_LIBRARY: Final = frozenset(
    {"python", "python3", "pybind11", "nanobind", "cython", "numpy", "threads", "pkgconfig", "m", "pythoninterp"}
)


def read_build_file(path: str, data: bytes, conditions: BuildConditions) -> Iterator[tuple[str, SourceMark]]:
    """What one file says, each with the kind of module that it is about: cython, nanobind, cffi, library or any."""
    guarded = bool(_ABOUT_GIL.search(data.decode("latin-1")))
    lines = [line[:LINE_LIMIT].partition(b" #")[0] for line in data.split(b"\n")[:LINES_LIMIT]]
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith((b"#", b"//")):
            continue
        if match := DIRECTIVE.search(line):
            yield "cython", _mark(_cython_word(match), path, number, line)
        if _NANOBIND.search(line) and not path.endswith(".py"):
            yield "nanobind", _mark(SourceWord.RUNS_WITHOUT, path, number, line)
        if _CFFI.search(line):
            yield "cffi", _mark(SourceWord.RUNS_WITHOUT, path, number, line)
        limited = _LIMITED if conditions.python < _ABI3T_SINCE else _LIMITED_ON_3_15
        if not guarded and limited.search(line) and not _is_conditional(lines, number - 1):
            yield "any", _mark(SourceWord.REFUSES, path, number, line)
        if raising := _refusal(lines, number - 1, conditions):
            yield "any", _mark(SourceWord.REFUSES, path, raising + 1, lines[raising])
        for match in _LIBRARY.finditer(line):
            name = next(filter(None, match.groups())).decode("ascii", "replace")
            if name.lower() not in _NO_LIBRARY:
                yield "library", _mark(SourceWord.SILENT, path, number, name.encode())


def _cython_word(match: re.Match[bytes]) -> SourceWord:
    value = (match[1] or b"").lower()
    if not value:
        return SourceWord.SILENT
    return SourceWord.RUNS_WITHOUT if value in {b"true", b"1"} else SourceWord.TURNS_ON


def _refusal(lines: list[bytes], start: int, conditions: BuildConditions) -> int | None:
    """The line that raises where the ``if`` of a line is about the GIL, holds, and leads straight to it."""
    match = _IF.match(lines[start])
    condition = match[2].decode("latin-1") if match else ""
    if match is None or not _ABOUT_GIL.search(condition):
        return None
    for pattern, replacement in _SPELLINGS:
        condition = re.sub(pattern, replacement, condition)
    condition = _NAME.sub(lambda name: _GIL if name[0] == "G" or _ABOUT_GIL.search(name[0]) else name[0], condition)
    if conditions.hold(condition.strip()) is not True:
        return None
    for number in range(start + 1, len(lines)):
        line = lines[number]
        indented = len(line) - len(line.lstrip()) > len(match[1])
        if line.strip() and (not indented or _BRANCH.match(line)):
            return None
        if _RAISES.search(line):
            return number
    return None


def _is_conditional(lines: list[bytes], start: int) -> bool:
    """Whether a line depends on a condition: its own, or that of a block that it is in."""
    indentation = len(lines[start]) - len(lines[start].lstrip())
    for line in reversed(lines[max(0, start - _BLOCK) : start]):
        outer = len(line) - len(line.lstrip())
        if line.strip() and outer < indentation:
            indentation = outer
            if _BRANCH.match(line):
                return True
    return b" if " in lines[start]


def _mark(word: SourceWord, path: str, line: int, text: bytes) -> SourceMark:
    said = " ".join(text.decode("utf-8", "replace").split())
    return SourceMark(word=word, path=path, line=line, text=said[:200])
