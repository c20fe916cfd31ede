"""Cool-downs as the tools spell them (``2026-11-20``, ``P14D``, ``14 days``, ``14d``, 14) -> `Cutoff`.

The function of each tool gives a cutoff for every project, without its origin, and raises `ValueError` for what the
tool would not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.document import Table
from nogilcheck.model.source import Cutoff, Location, Unread

MAX_LENGTH = 200
"""Characters of a duration."""

EARLIEST = datetime(1, 1, 2, tzinfo=UTC)

_UNITS = {
    "weeks": ("w", "wk", "wks", "week", "weeks"),
    "days": ("d", "day", "days"),
    "hours": ("h", "hr", "hrs", "hour", "hours"),
    "minutes": ("m", "min", "mins", "minute", "minutes"),
    "seconds": ("s", "sec", "secs", "second", "seconds"),
}
_UNIT_OF = {spelling: unit for unit, spellings in _UNITS.items() for spelling in spellings}

_ISO = re.compile(
    r"[+-]?P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?",
    re.IGNORECASE | re.ASCII,
)
_WORDS = re.compile(r"[+-]?\s*(?P<parts>(?:\d+\s*[a-z]+[\s,]*)+?)(?:\s*ago)?", re.ASCII)
_PART = re.compile(r"(\d+)\s*([a-z]+)", re.ASCII)
_PIP_DAYS = re.compile(r"P(\d+)D", re.ASCII)
_PDM_SPAN = re.compile(r"(\d+)([dhw])")
_PIPENV_DAYS = re.compile(r"(\d+)d", re.ASCII)
_ZONE_NAME = re.compile(r"\[[^\]]*\]$")


def pip_cutoff(text: str) -> Cutoff:
    """``uploaded-prior-to`` of pip 26.3: an ISO 8601 date or time, local without a zone, or ``P14D``."""
    if match := _PIP_DAYS.fullmatch(text):
        return _ago(timedelta(days=_count(match[1])))
    return _utc(datetime.fromisoformat(text))


def uv_cutoff(text: str) -> Cutoff:
    """``exclude-newer`` of uv 0.13: a date or a time, an ISO 8601 duration, or one in words (``14 days``, ``2w``).

    A date, and a time without a zone, mean the end of that day here.
    """
    if (span := span_of(text)) is not None:
        return _ago(span)
    if (day := _day(text)) is not None:
        return _utc(datetime.combine(day + timedelta(days=1), time.min))
    moment = datetime.fromisoformat(_ZONE_NAME.sub("", text))
    if moment.tzinfo is None:
        if _ZONE_NAME.search(text):
            raise ValueError(f"a time zone name without an offset: {text}")
        return _utc(datetime.combine(moment.date() + timedelta(days=1), time.min))
    return _utc(moment)


def pdm_cutoff(text: str) -> Cutoff:
    """``exclude-newer`` of PDM 2.29: a date or a time in UTC, or ``14d``, ``2w``, ``36h``."""
    if match := _PDM_SPAN.fullmatch(text):
        unit = {"d": "days", "h": "hours", "w": "weeks"}[match[2]]
        return _ago(timedelta(**{unit: _count(match[1])}))
    if "T" in text.upper():
        moment = datetime.fromisoformat(text.upper())
    else:
        moment = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    return _utc(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def pipenv_cutoff(text: str) -> Cutoff:
    """``cool-down-period`` of Pipenv: ``14d``."""
    if match := _PIPENV_DAYS.fullmatch(text):
        return _ago(timedelta(days=_count(match[1])))
    raise ValueError(f"not a number of days: {text}")


def days_ago(days: int) -> Cutoff:
    """``solver.min-release-age`` of Poetry: a number of days."""
    return _ago(timedelta(days=_count(str(days))))


def span_of(text: str) -> timedelta | None:
    """The duration that uv reads; ``None`` for anything else. Years and months are none: uv refuses them."""
    if len(text) > MAX_LENGTH:
        raise ValueError("too long")
    if (match := _ISO.fullmatch(text)) and any(match.groupdict().values()):
        return timedelta(**{unit: _count(count) for unit, count in match.groupdict(default="0").items()})
    if (match := _WORDS.fullmatch(text)) is None:
        return None
    span = timedelta()
    for count, unit in _PART.findall(match["parts"]):
        if unit not in _UNIT_OF:
            return None
        span += timedelta(**{_UNIT_OF[unit]: _count(count)})
    return span


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _count(text: str) -> int:
    if len(text) > 9:
        raise ValueError(f"too many: {text[:20]}")
    return int(text)


def _ago(span: timedelta) -> Cutoff:
    now = datetime.now(UTC)
    return replace(_utc(now - span if span < now - EARLIEST else EARLIEST), span=span)


def _utc(moment: datetime) -> Cutoff:
    """A time without a zone is local."""
    try:
        return Cutoff(before=moment.astimezone(UTC).replace(tzinfo=None).isoformat())
    except OverflowError as error:
        raise ValueError(f"out of range: {moment}") from error


Reading = Callable[[str], Cutoff]
"""The function of one tool."""


def table_cutoffs(table: Table, key: str, by_project: str, read: Reading) -> Iterator[Cutoff]:
    """The cutoffs of a table for single projects, and the one for all others."""
    projects = table.table(by_project)
    for name in projects:
        yield from cutoff_at(projects, name, read, project=canonicalize_name(name))
    yield from cutoff_at(table, key, read)


def cutoff_at(table: Table, key: str, read: Reading, *, project: str | None = None) -> Iterator[Cutoff]:
    """The cutoff that a value states, if it states one; ``false`` is the one that lets everything through."""
    origin = f"{key} ({table.where(key)})"
    if table.at(key) is False:
        yield Cutoff(before=None, project=project, origin=origin)
    elif (text := table.string(key)) is not None:
        try:
            yield replace(read(text), project=project, origin=origin)
        except ValueError:
            table.reject(f"not a date, a time or a span of time: {table.named(key)} = {text!r}", key)


def text_cutoffs(text: str, where: Location, name: str, read: Reading) -> tuple[tuple[Cutoff, ...], list[Unread]]:
    """The cutoff that a text states, and what of it cannot be read; ``name`` is the setting's."""
    if text.lower() == "false":
        return (Cutoff(before=None, origin=name),), []
    try:
        return (replace(read(text), origin=name if where.path == name else f"{name} ({where})"),), []
    except ValueError:
        problem = f"not a date, a time or a span of time: {name} = {text!r}"
        return (), [Unread(location=where, text=problem)]
