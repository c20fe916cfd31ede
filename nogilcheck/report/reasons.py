"""The reasons of a verdict, as data, put into words for people."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import replace
from typing import Final, Literal

from nogilcheck.frozen import frozen
from nogilcheck.model.verdict import Cause, Fallback, Reason, ReasonCode, Status, Verdict
from nogilcheck.report.evidence import said_by_source
from nogilcheck.report.reason_phrases import PLAIN, WITH_DETAIL, modules_named, newer_floor
from nogilcheck.report.words import counted, families, listed, runs

_MONTHS: Final = 12
_YEARS_FROM: Final = 24
"""Months from which on an age is told in years."""

_SDIST: Final = "an sdist exists; a source build may work, unverified"


@frozen
class Clause:
    """A part of a sentence that may name the target, so that targets which differ in nothing else share it."""

    text: str
    names: Literal["python", "platform"] | None = None
    """What is named after ``text``."""
    rest: str = ""
    tags: tuple[str, ...] = ()
    """What ``text`` is said of: targets that differ in nothing else share the clause, with all their tags."""

    def said(self, *, python: str, platform: str) -> str:
        """The clause about a target with this Python (``3.14``) and platform, or about several."""
        named = {"python": python, "platform": platform}[self.names] if self.names else ""
        return (f"{listed(self.tags)} " if self.tags else "") + self.text + named + self.rest


def why(verdict: Verdict, version: str | None = None, *, advised: Container[str] = ()) -> list[Clause]:
    """The clauses of one sentence: what exists instead of a wheel that fits, and what an installer makes of it.

    ``version`` is the chosen one, to tell releases before it from those after it. ``advised`` are those of which
    advice tells already.
    """
    headline = _HEADLINES.get(verdict.status)
    said = _not_locked(verdict) or (headline(verdict) if headline else [])
    reasons = (reason for reason in verdict.reasons if not _is_told(reason, verdict, advised))
    said += [Clause(text=phrase) for reason in reasons if (phrase := _phrase(reason, verdict, version))]
    if verdict.cause and verdict.sdist and verdict.status is not Status.GIL_ENABLED:
        said.append(Clause(text=said_by_source(verdict.source) if verdict.source else _SDIST))
    if verdict.fallback:
        said.append(Clause(text=_fallback(verdict.fallback)))
    return list(dict.fromkeys(said))


def _not_locked(verdict: Verdict) -> list[Clause]:
    """What the lock has, then what the release has."""
    detail = verdict.details(ReasonCode.NOT_LOCKED)
    if not detail or verdict.status not in _LACKING:
        return []
    status, *pythons = detail
    has = f"the lock has wheels for {runs(pythons)} only" if pythons else "the lock has no wheel"
    clauses = [Clause(text=has if verdict.sdist or status else f"{has}, and no sdist")]
    if status in _LACKING:
        first, *others = _HEADLINES[Status(status)](verdict)
        clauses += [replace(first, text=f"the release: {first.text}"), *others]
    if not verdict.sdist and any(reason.code is ReasonCode.SDIST for reason in verdict.reasons):
        clauses.append(Clause(text="an sdist exists, but is not in the lock"))
    return clauses


_LACKING: Final = frozenset(
    {Status.UNAVAILABLE, Status.SOURCE_ONLY, Status.OTHER_PLATFORM, Status.OTHER_PYTHON, Status.GIL_ONLY}
)


def _gil_only(verdict: Verdict) -> list[Clause]:
    if verdict.details(ReasonCode.REFUSED_WHEEL):
        return []  # the reason says it
    if pairs := verdict.details(ReasonCode.GIL_WHEELS):
        return [Clause(text="wheels only", tags=tuple(pairs))]
    return [Clause(text="no free-threaded wheel of this version")]


def _source_only(verdict: Verdict) -> list[Clause]:
    if excluding := verdict.details(ReasonCode.NOT_ADMITTED):
        return [Clause(text=f"every wheel is excluded by {listed(excluding)}")]
    if floor := verdict.details(ReasonCode.NEWER_FLOOR):
        return [Clause(text=newer_floor(floor))]
    if verdict.cause is Cause.PYTHON:
        return [Clause(text="no wheel for ", names="python", rest=" at all, free-threaded or not")]
    return [Clause(text="no wheel for any Python on ", names="platform", rest=", free-threaded or not")]


def _unavailable(verdict: Verdict) -> list[Clause]:
    if excluding := verdict.details(ReasonCode.NOT_ADMITTED):
        return [Clause(text=f"files are excluded by {listed(excluding)}, and no other file fits")]
    if refusing := verdict.details(ReasonCode.REQUIRES_PYTHON):
        needs = f"needs Python {listed(refusing)}, which excludes "
        return [Clause(text=needs, names="python", rest=", free-threaded or not")]
    return _source_only(verdict)


def _other_platform(verdict: Verdict) -> list[Clause]:
    if floor := verdict.details(ReasonCode.NEWER_FLOOR):
        return [Clause(text=f"its free-threaded wheel {newer_floor(floor)}")]
    places = listed(families(verdict.details(ReasonCode.FREE_THREADED_PLATFORMS)) or ["other platforms"])
    return [Clause(text=f"free-threaded wheels for {places}, none for ", names="platform")]


def _other_python(verdict: Verdict) -> list[Clause]:
    if verdict.details(ReasonCode.REFUSED_WHEEL):
        return []  # the reason says it
    pythons = verdict.details(ReasonCode.FREE_THREADED_PYTHONS)
    others = runs(pythons) if pythons else "other Pythons"
    yet = " yet" if any(reason.code is ReasonCode.NOT_YET for reason in verdict.reasons) else ""
    return [Clause(text=f"free-threaded wheels for {others}, none for ", names="python", rest=yet)]


_NAMES_MODULES: Final = {ReasonCode.DECLARES_GIL, ReasonCode.DECLARES_NOTHING, ReasonCode.DELEGATED_GIL}


def _gil_enabled(verdict: Verdict) -> list[Clause]:
    if any(reason.code in _NAMES_MODULES for reason in verdict.reasons):
        return [Clause(text="it installs, but importing it turns the GIL on")]
    modules = f": {modules_named(verdict.extensions)}" if verdict.extensions else ""
    return [Clause(text=f"extension modules turn the GIL on{modules}")]


def _pure_fallback(verdict: Verdict) -> list[Clause]:
    wheel = verdict.details(ReasonCode.TWIN_WHEEL)
    tag = "-".join(wheel[0].split("-")[-3:-1]) if wheel else ""
    instead = f" (the regular build gets a {tag} wheel)" if tag else ""
    return [Clause(text=f"loses its compiled accelerator{instead}")]


def _source_pure(verdict: Verdict) -> list[Clause]:
    if excluding := verdict.details(ReasonCode.NOT_ADMITTED):
        return [Clause(text=f"pure Python, but every wheel is excluded by {listed(excluding)}")]
    return [Clause(text="pure Python, but only an sdist")]


_HEADLINES: Final[dict[Status, Callable[[Verdict], list[Clause]]]] = {
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
    Status.OTHER_PLATFORM: {ReasonCode.FREE_THREADED_PLATFORMS, ReasonCode.GIL_WHEELS, ReasonCode.NEWER_FLOOR},
    Status.OTHER_PYTHON: {ReasonCode.FREE_THREADED_PYTHONS, ReasonCode.GIL_WHEELS, ReasonCode.NOT_YET},
    Status.UNAVAILABLE: {
        ReasonCode.REQUIRES_PYTHON,
        ReasonCode.NOT_ADMITTED,
        ReasonCode.SDIST_EXCLUDED,
        ReasonCode.NEWER_FLOOR,
    },
    Status.SOURCE_ONLY: {ReasonCode.NOT_ADMITTED, ReasonCode.NEWER_FLOOR},
    Status.SOURCE_PURE: {ReasonCode.NOT_ADMITTED},
    Status.PURE_FALLBACK: {ReasonCode.TWIN_WHEEL},
}

_SAID_ELSEWHERE: Final = {
    ReasonCode.SDIST,  # by `Verdict.sdist`, together with what it is good for
    ReasonCode.COMPILED_ELSEWHERE,  # by the wheels that exist
    ReasonCode.PURE_SOURCES,  # by the status
    ReasonCode.ODD_TAG,  # by a finding of its own
    ReasonCode.REGRESSED,  # likewise
    ReasonCode.NOT_LOCKED,  # by the headline
}


def _phrase(reason: Reason, verdict: Verdict, version: str | None) -> str | None:
    """What one reason adds to the headline; ``None`` when that or another phrase says it already."""
    code, detail = reason.code, reason.detail
    if code in _SAID_ELSEWHERE or code in _SAID_BY_HEADLINE.get(verdict.status, ()):
        return None
    if code in PLAIN:
        return PLAIN[code]
    if not detail:
        return None
    if code is ReasonCode.FREE_THREADED_RELEASES:
        return _another_release(detail[0], version)
    return WITH_DETAIL[code](detail)


def _is_told(reason: Reason, verdict: Verdict, advised: Container[str]) -> bool:
    """A release that the fallback, a finding of its own or the advice names."""
    if reason.code is not ReasonCode.FREE_THREADED_RELEASES or not reason.detail:
        return False
    told = [verdict.fallback.version] if verdict.fallback else []
    told += verdict.details(ReasonCode.REGRESSED)[:1]
    return reason.detail[0] in told or reason.detail[0] in advised


def _another_release(fitting: str, chosen: str | None) -> str:
    if chosen is not None and _is_older(fitting, chosen):
        return f"{fitting} had a free-threaded wheel that fits; {chosen} does not"
    return f"{fitting} has a free-threaded wheel that fits"


def _is_older(one: str, other: str) -> bool:
    from packaging.version import InvalidVersion, Version  # few replayed reports need it

    try:
        return Version(one) < Version(other)
    except InvalidVersion:
        return False


def _fallback(fallback: Fallback) -> str:
    what = f"{fallback.version} ({', '.join(filter(None, (_age(fallback), fallback.uploaded)))})"
    return f"pip would silently take {what} instead" if fallback.silent else f"{what} has a fitting wheel"


def _age(fallback: Fallback) -> str:
    """``14 months older``, ``2 years older``, ``newer``."""
    if not fallback.months or fallback.reason != "older":
        return fallback.reason
    years = fallback.months // _MONTHS if fallback.months >= _YEARS_FROM else 0
    return f"{counted(years, 'year') if years else counted(fallback.months, 'month')} older"
