"""Statuses and reasons, as data, put into words for people.

Texts in a report come from strangers (indexes, wheels, requirements files), and sentences repeat them
as they are: whatever prints one passes it through `safe`, or escapes it for its own format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from nogilcheck.model.finding import Finding
from nogilcheck.model.report import TargetSummary
from nogilcheck.model.verdict import Cause, Fallback, Reason, ReasonCode, Status, Verdict

STATUS_WORDS: Final = {
    Status.UNKNOWN: "unknown",
    Status.GIL_ENABLED: "GIL enabled",
    Status.FREE_THREADED: "free-threaded",
    Status.ABI3T: "abi3t",
    Status.COMPILED: "compiled",
    Status.NO_ABI: "no-abi",
    Status.PURE_FALLBACK: "pure fallback",
    Status.PURE: "pure",
    Status.UNAVAILABLE: "unavailable",
    Status.SOURCE_PURE: "pure sdist",
    Status.SOURCE_ONLY: "source only",
    Status.OTHER_PLATFORM: "other platform",
    Status.OTHER_PYTHON: "other Python",
    Status.GIL_ONLY: "GIL-only",
}

_SDIST: Final = "an sdist exists; a source build may work, unverified"

_RUN_LENGTH = 3
"""From so many neighbours on, a list says ``a to b``."""


def safe(text: str) -> str:
    """The text with everything that does not print made visible as a Python escape.

    Control characters, terminal escapes, line ends, bidirectional overrides, zero-width characters
    and lone surrogates: all of them are unprintable to `str.isprintable`.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escape(ord(char)) for char in text)


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def listed(items: Iterable[str], *, last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *rest, final = items
    return f"{', '.join(rest)} {last} {final}" if rest else final


def counted(number: int, noun: str) -> str:
    """``1 warning``, ``2 warnings``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def runs(pythons: Iterable[str]) -> str:
    """Python versions, neighbouring minors of a kind drawn together: ``3.9 to 3.14, 3.13t and 3.14t``."""
    kinds: dict[str, list[str]] = {}
    for python in pythons:
        kinds.setdefault(python.lstrip("0123456789."), []).append(python)
    return listed(part for kind, members in kinds.items() for part in _runs_of(members, kind))


def _runs_of(pythons: list[str], kind: str) -> list[str]:
    groups: list[list[str]] = []
    for python in pythons:
        minor = python.removesuffix(kind).removeprefix("3.")
        if groups and minor.isdecimal() and groups[-1][-1] == f"3.{int(minor) - 1}{kind}":
            groups[-1].append(python)
        else:
            groups.append([python])
    together = ([f"{group[0]} to {group[-1]}"] if len(group) >= _RUN_LENGTH else group for group in groups)
    return [part for parts in together for part in parts]


def why(verdict: Verdict, target: TargetSummary) -> list[str]:
    """The clauses of one sentence: what exists instead of a wheel that fits, and what an installer makes of it."""
    said = _HEADLINES.get(verdict.status, _no_headline)(verdict, target)
    for reason in verdict.reasons:
        if phrase := _phrase(reason, verdict, target):
            said.append(phrase)
    if verdict.cause and verdict.sdist:
        said.append(_SDIST)
    if verdict.fallback:
        said.append(_fallback(verdict.fallback))
    return list(dict.fromkeys(said))


def held_back(finding: Finding) -> str:
    """Why the chosen version is not the newest: ``1.4.0 held back: 1.5.0 needs Python >=3.16``."""
    newer, by = (*finding.detail, "", "")[:2]
    head = f"{finding.version or finding.distribution} held back"
    if not newer:
        return head
    if by in {"", "no-file"}:
        return f"{head}: {newer} has no file for this Python"
    if by == "requires-python":
        return f"{head}: {newer} excludes this Python"
    return f"{head}: {newer} needs Python {by}"


def finding_text(finding: Finding) -> str:
    """What a finding without a status of its own says."""
    if finding.status == "held-back":
        return held_back(finding)
    if finding.status == "odd-tag":
        return f"no interpreter accepts the tags of its {listed(finding.detail)} wheels"
    return ", ".join((finding.status.replace("-", " "), *finding.detail))


def _no_headline(_verdict: Verdict, _target: TargetSummary) -> list[str]:
    return []


def _gil_only(verdict: Verdict, _target: TargetSummary) -> list[str]:
    if pairs := _detail(verdict, ReasonCode.GIL_WHEELS):
        return [f"{listed(pairs)} wheels only"]
    return ["no free-threaded wheel of this version"]


def _source_only(verdict: Verdict, target: TargetSummary) -> list[str]:
    if verdict.cause is Cause.PYTHON:
        return [f"no wheel for {target.python} at all, free-threaded or not"]
    return [f"no wheel for any Python on {target.platform}, free-threaded or not"]


def _unavailable(verdict: Verdict, target: TargetSummary) -> list[str]:
    if refusing := _detail(verdict, ReasonCode.REQUIRES_PYTHON):
        return [f"needs Python {listed(refusing)}, which excludes {target.python}, free-threaded or not"]
    return _source_only(verdict, target)


def _other_platform(verdict: Verdict, target: TargetSummary) -> list[str]:
    if places := _detail(verdict, ReasonCode.FREE_THREADED_PLATFORMS):
        return [f"free-threaded wheels for {listed(places)}, none for {target.platform}"]
    return [f"free-threaded wheels for other platforms, none for {target.platform}"]


def _other_python(verdict: Verdict, target: TargetSummary) -> list[str]:
    if pythons := _detail(verdict, ReasonCode.FREE_THREADED_PYTHONS):
        return [f"free-threaded wheels for {runs(pythons)}, none for {target.python}"]
    return [f"free-threaded wheels for other Pythons, none for {target.python}"]


def _gil_enabled(verdict: Verdict, _target: TargetSummary) -> list[str]:
    modules = f": {listed(verdict.extensions)}" if verdict.extensions else ""
    return [f"extension modules turn the GIL back on{modules}"]


def _pure_fallback(verdict: Verdict, _target: TargetSummary) -> list[str]:
    wheel = _detail(verdict, ReasonCode.TWIN_WHEEL)
    tag = "-".join(wheel[0].split("-")[-3:-1]) if wheel else ""
    instead = f" (the ordinary build gets a {tag} wheel)" if tag else ""
    return [f"loses its compiled accelerator{instead}"]


def _source_pure(_verdict: Verdict, _target: TargetSummary) -> list[str]:
    return ["pure Python, but only an sdist"]


_HEADLINES: Final[dict[Status, Callable[[Verdict, TargetSummary], list[str]]]] = {
    Status.GIL_ENABLED: _gil_enabled,
    Status.PURE_FALLBACK: _pure_fallback,
    Status.UNAVAILABLE: _unavailable,
    Status.SOURCE_PURE: _source_pure,
    Status.SOURCE_ONLY: _source_only,
    Status.OTHER_PLATFORM: _other_platform,
    Status.OTHER_PYTHON: _other_python,
    Status.GIL_ONLY: _gil_only,
}

_SAID_BY_HEADLINE: Final = {
    Status.GIL_ONLY: {ReasonCode.GIL_WHEELS},
    Status.OTHER_PLATFORM: {ReasonCode.FREE_THREADED_PLATFORMS, ReasonCode.GIL_WHEELS},
    Status.OTHER_PYTHON: {ReasonCode.FREE_THREADED_PYTHONS, ReasonCode.GIL_WHEELS},
    Status.UNAVAILABLE: {ReasonCode.REQUIRES_PYTHON},
    Status.PURE_FALLBACK: {ReasonCode.TWIN_WHEEL},
}

_SAID_ELSEWHERE: Final = {
    ReasonCode.SDIST,  # by `Verdict.sdist`, together with what it is good for
    ReasonCode.COMPILED_ELSEWHERE,  # by the wheels that exist
    ReasonCode.PURE_SOURCES,  # by the status
    ReasonCode.ODD_TAG,  # by a finding of its own
}


def _phrase(reason: Reason, verdict: Verdict, target: TargetSummary) -> str | None:
    """What one reason adds to the headline; ``None`` when that or another phrase says it already."""
    code, detail = reason.code, reason.detail
    if code in _SAID_ELSEWHERE or code in _SAID_BY_HEADLINE.get(verdict.status, ()):
        return None
    if code in _PLAIN:
        return _PLAIN[code]
    if not detail:
        return None
    if code is ReasonCode.FREE_THREADED_RELEASES:
        repeats = verdict.fallback is not None and verdict.fallback.version == reason.detail[0]
        return None if repeats else f"{detail[0]} has a free-threaded wheel that fits"
    return _WITH_DETAIL[code](detail, target)


_PLAIN: Final = {
    ReasonCode.NEVER_FREE_THREADED: "no free-threaded wheel in any release",
    ReasonCode.NO_SDIST: "no sdist",
    ReasonCode.NO_FILES: "no file of this version may be used",
}

_WITH_DETAIL: Final[dict[ReasonCode, Callable[[tuple[str, ...], TargetSummary], str]]] = {
    ReasonCode.GIL_WHEELS: lambda detail, _: f"{listed(detail)} wheels need the GIL",
    ReasonCode.FREE_THREADED_PYTHONS: lambda detail, _: f"free-threaded wheels for {runs(detail)}",
    ReasonCode.FREE_THREADED_PLATFORMS: lambda detail, _: f"free-threaded wheels for {listed(detail)}",
    ReasonCode.WHEELS_FOR_PYTHONS: lambda detail, _: f"wheels for {runs(detail)} exist",
    ReasonCode.WHEELS_FOR_PLATFORMS: lambda detail, _: f"wheels for {listed(detail)} exist",
    ReasonCode.REQUIRES_PYTHON: lambda detail, _: f"needs Python {listed(detail)}",
    ReasonCode.NOT_ADMITTED: lambda detail, _: f"other files are excluded by {listed(detail)}",
    ReasonCode.TWIN_WHEEL: lambda detail, target: f"ordinary {target.python} gets {detail[0]}",
    ReasonCode.NATIVE_SOURCES: lambda detail, _: f"its sdist needs a compiler ({', '.join(detail)})",
    ReasonCode.NO_SOURCE_EVIDENCE: lambda detail, _: f"only an sdist, and no telling whether it compiles: {detail[0]}",
    ReasonCode.MISTAGGED: lambda detail, _: (
        f"{detail[0]} is mis-tagged: it holds extension modules that do not load here"
        + (f" ({', '.join(detail[1:])})" if detail[1:] else "")
    ),
    ReasonCode.ARCHIVE_NOT_READ: lambda detail, _: ": ".join(detail),
    ReasonCode.GAP: lambda detail, _: detail[-1],
}


def _fallback(fallback: Fallback) -> str:
    version = f"{fallback.version} ({fallback.reason})"
    return f"pip would silently take {version} instead" if fallback.silent else f"{version} has a fitting wheel"


def _detail(verdict: Verdict, code: ReasonCode) -> list[str]:
    """The details of every reason with this code."""
    return [item for reason in verdict.reasons if reason.code is code for item in reason.detail]
