"""What the user typed -> `Options`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from nogilcheck.errors import UsageError

_ALL, _NONE = ":all:", ":none:"


def parse_cutoff(text: str) -> str:
    """The value of ``--exclude-newer`` as `Options.exclude_newer`.

    A bare date means the end of that day, UTC; a time without a zone is taken as UTC (RFC 3339).
    Raises `UsageError`.
    """
    try:
        if (day := _day(text)) == date.max:
            return "9999-12-31T23:59:59"
        if day is not None:
            moment = datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC)
        else:
            moment = datetime.fromisoformat(text)
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(
            f"'{text}' is not a date for --exclude-newer", hint="write 2026-11-22 or 2026-11-22T12:00:00Z"
        ) from None
    return moment.replace(tzinfo=None).isoformat()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def check_written(name: str, text: str) -> None:
    """Raise `UsageError` for a value of a setting in a file or a variable that no run can use."""
    if name == "exclude-newer":
        parse_cutoff(text)
    elif name == "scan-limit":
        parse_size(f"--{name}", text)


def parse_index_url(flag: str, value: str) -> str:
    """The value of ``--index-url`` or ``--extra-index-url``: a URL, or the path of a directory.

    Raises `UsageError`, which quotes nothing that may be a credential.
    """
    try:
        parts = urlsplit(value)
        usable = bool(parts.hostname) if parts.scheme in {"http", "https"} else parts.scheme == "file"
        _ = parts.port  # raises for one that is no number, such as half a password
        # ``user:123/rest@host`` reads as a host with a port; a password that begins so must be encoded.
        usable = usable and not ("@" in value and "@" not in parts.netloc and ":" in parts.netloc)
    except ValueError:
        usable = False
    if not usable and not Path(value).is_dir():
        raise UsageError(
            f"the value of {flag} is no URL of a package index",
            hint="write https://host/simple/, and encode / # ? and @ where a password holds them",
        )
    return value


def parse_formats(values: Iterable[str]) -> frozenset[str]:
    """The values of ``--only-binary`` or ``--no-binary``, as pip reads them: names, ``:all:`` or ``:none:``.

    ``:none:`` empties what came before it. Raises `UsageError` for anything that is not a name.
    """
    found: set[str] = set()
    for entry in (part.strip() for value in values for part in value.split(",")):
        if entry == _NONE:
            found.clear()
        elif entry:
            found.add(_ALL if entry == _ALL else _normalized(entry))
    return frozenset(found)


_SIZE = re.compile(r"(?P<number>[0-9]{1,9}(?:\.[0-9]{1,3})?)\s*(?P<unit>[kmgt]?)(?P<binary>i?)b?", re.IGNORECASE)


def parse_size(flag: str, text: str) -> int:
    """A number of bytes: ``500MB``, ``1.5GiB``, ``20000000``. Raises `UsageError`."""
    match = _SIZE.fullmatch(text.strip())
    if match is None or (match["binary"] and not match["unit"]):
        raise UsageError(f"'{text}' is no size for {flag}", hint="write 500MB, 1GiB or a number of bytes")
    base = 1024 if match["binary"] else 1000
    return int(float(match["number"]) * base ** " kmgt".index(match["unit"].lower() or " "))


def _normalized(name: str) -> str:
    from packaging.utils import InvalidName, canonicalize_name

    try:
        return canonicalize_name(name, validate=True)
    except InvalidName:
        from nogilcheck.model.urls import redact

        raise UsageError(f"'{redact(name)}' is not a project name", hint="name projects, or :all:") from None
