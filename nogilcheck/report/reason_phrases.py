"""What each reason of a verdict says, as a phrase."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from nogilcheck.model.verdict import ReasonCode
from nogilcheck.report.words import families, listed, runs

MAX_MODULES: Final = 12
"""Modules that one sentence names; the JSON report names more."""


_FLOOR_DETAILS: Final = 2


def newer_floor(detail: Sequence[str]) -> str:
    """``needs glibc 2.35 (the target assumes 2.34: `--platform manylinux_2_35_x86_64`)``."""
    floor, *more = detail
    if len(more) < _FLOOR_DETAILS:
        return f"needs {floor}"
    what = floor.partition(" ")[0]
    assumed, platform, *gil_only = more
    said = f"needs {floor} (the target assumes {assumed.removeprefix(what).strip()}: `--platform {platform}`)"
    return f"{said}, but is {gil_only[0]} there" if gil_only else said


def modules_named(names: Sequence[str]) -> str:
    """Names of extension modules, not more of them than fit."""
    if len(names) > MAX_MODULES:
        names = [*names[: MAX_MODULES - 1], f"{len(names) - MAX_MODULES + 1} more"]
    return listed(names)


def _one_or_more(names: Sequence[str], one: str, more: str) -> str:
    return f"{modules_named(names)} {one if len(names) == 1 else more}"


def _dated(detail: tuple[str, ...]) -> str:
    """``2.0 (2026-11-25)``: a version, and the day of its upload where it is known."""
    version, day = (*detail, "")[:2]
    return f"{version} ({day})" if day else version


PLAIN: Final = {
    ReasonCode.NEVER_FREE_THREADED: "no free-threaded wheel in any release",
    ReasonCode.NOT_YET: "no release has a free-threaded wheel for this Python yet",
    ReasonCode.NO_SDIST: "no sdist",
    ReasonCode.NO_FILES: "no file of this version can be used",
}

WITH_DETAIL: Final[dict[ReasonCode, Callable[[tuple[str, ...]], str]]] = {
    ReasonCode.GIL_WHEELS: lambda detail: f"{listed(detail)} wheels need the GIL",
    ReasonCode.FREE_THREADED_PYTHONS: lambda detail: f"free-threaded wheels for {runs(detail)}",
    ReasonCode.FREE_THREADED_PLATFORMS: lambda detail: f"free-threaded wheels for {listed(families(detail))}",
    ReasonCode.WHEELS_FOR_PYTHONS: lambda detail: f"wheels for {runs(detail)} exist",
    ReasonCode.WHEELS_FOR_PLATFORMS: lambda detail: f"wheels for {listed(families(detail))} exist",
    ReasonCode.REQUIRES_PYTHON: lambda detail: f"needs Python {listed(detail)}",
    ReasonCode.COOLING_DOWN: lambda detail: f"{_dated(detail)} fits, but the cool-down excludes it",
    ReasonCode.LATER_UPLOAD: lambda detail: f"{', uploaded '.join(detail)}, is not among the locked files",
    ReasonCode.NOT_ADMITTED: lambda detail: f"other files are excluded by {listed(detail)}",
    ReasonCode.NEWER_FLOOR: newer_floor,
    ReasonCode.STAND_IN: lambda detail: f"its dependencies are those of {detail[0]}",
    ReasonCode.SDIST_EXCLUDED: lambda detail: f"its sdist needs Python {listed(detail)}",
    ReasonCode.REFUSED_WHEEL: lambda detail: ": ".join([f"installers do not take {detail[0]} there", *detail[1:]]),
    ReasonCode.TWIN_WHEEL: lambda detail: f"the regular build gets {detail[0]}",
    ReasonCode.NATIVE_SOURCES: lambda detail: f"its sdist needs a compiler ({', '.join(detail)})",
    ReasonCode.NO_SOURCE_EVIDENCE: lambda detail: f"only an sdist; whether it needs a compiler is unknown: {detail[0]}",
    ReasonCode.MISTAGGED: lambda detail: (
        f"{detail[0]} is mis-tagged: installers take it, but its extension modules do not load here"
        + (f" ({', '.join(detail[1:])})" if detail[1:] else "")
    ),
    ReasonCode.ARCHIVE_NOT_READ: ": ".join,
    ReasonCode.DECLARES_GIL: lambda detail: _one_or_more(
        detail, "declares that it needs the GIL", "declare that they need the GIL"
    ),
    ReasonCode.DECLARES_NOTHING: lambda detail: _one_or_more(
        detail, "does not declare that it runs without the GIL", "do not declare that they run without the GIL"
    ),
    ReasonCode.DELEGATED_GIL: lambda detail: (
        f"{modules_named(detail[1:]) if detail[1:] else 'modules'}: made by {detail[0]}, "
        "which does not declare that it runs without the GIL"
    ),
    ReasonCode.TEST_MODULES_GIL: lambda detail: (
        f"only its tests import {modules_named(detail)}, which would turn the GIL on; this does not count"
    ),
    ReasonCode.MODULES_NOT_READ: lambda detail: (
        f"{detail[0]} more of its extension modules {'was' if detail[0] == '1' else 'were'} not read"
    ),
    ReasonCode.NOT_SCANNED: lambda detail: detail[-1],
    ReasonCode.SCAN_UNKNOWN: lambda detail: ": ".join(
        [*([modules_named(detail[:-1])] if detail[1:] else []), detail[-1]]
    ),
    ReasonCode.UNLOADABLE_MODULES: lambda detail: (
        f"this Python does not load files with this suffix: {modules_named(detail)}"
    ),
    ReasonCode.GAP: lambda detail: detail[-1],
    ReasonCode.UNANSWERED_INDEX: lambda detail: f"judged without {listed(detail)}, which did not answer",
}
