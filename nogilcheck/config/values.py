"""The values of options as typed -> `Options`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nogilcheck.config.option_table import OPTIONS, Kind, Option, was_given
from nogilcheck.errors import UsageError
from nogilcheck.model.options import Options
from nogilcheck.model.source import IndexSettings

if TYPE_CHECKING:
    from datetime import date

_ALL, _NONE = ":all:", ":none:"


def options_of(flags: Mapping[str, Any]) -> Options:
    """What the flags ask for. Raises `UsageError`, which names the setting, for values that make no sense.

    ``flags`` are by `Option.parameter`; what was not given is absent, ``None``, ``False`` or empty.
    """
    if flags.get("offline") and flags.get("refresh"):
        raise UsageError(
            "--offline and --refresh contradict each other", hint="leave one of them out", setting="offline"
        )
    if was_given(flags.get("scan_limit")) and not flags.get("scan"):
        raise UsageError("--scan-limit has no effect without --scan", hint="add --scan")
    fields: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    for option in OPTIONS:
        value = flags.get(option.parameter)
        if option.fills and was_given(value):
            group, _, field = option.fills.rpartition(".")
            filled = settings if group else fields
            read = _read(option, value)
            filled[field] = (*filled[field], *read) if field in filled else read
    return Options(**fields, settings=IndexSettings(**settings))


def check_text(option: Option, text: str) -> None:
    """Raise `UsageError` for a value in a file or a variable that no run can use."""
    if option.kind in {"time", "size"}:
        _read(option, text)


def environment_of(given: str) -> str:
    """The directory of an installed environment; that of ``current`` is named by the shell's variables.

    Raises `UsageError` where none is active.
    """
    if given != "current":
        return given
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        if directory := os.environ.get(name):
            return directory
    raise UsageError("no environment is active", hint="activate one, or name its directory: --env .venv")


def _read(option: Option, value: Any) -> Any:
    """The value that an option stands for. Raises `UsageError`, which names the option."""
    reader = _READERS.get(option.kind)
    try:
        return reader(option, value) if reader else value
    except UsageError as error:
        error.setting = option.name
        raise


def _names(option: Option, values: list[str]) -> tuple[str, ...]:
    """Repeated and comma-separated names as one sequence."""
    names = tuple(name for value in values for part in value.split(",") if (name := part.strip()))
    if not names:
        raise UsageError(f"{option.flag} names nothing", hint="leave it out for the default")
    return names


def _file(option: Option, name: str) -> str:
    """A bare name such as ``requirements`` is a file after ``-r``."""
    if not name:
        raise UsageError(f"{option.flag} names nothing", hint="name a file")
    return name if name == "-" or "/" in name or os.sep in name else os.path.join(os.curdir, name)  # noqa: PTH118


def _choice(option: Option, given: str) -> str:
    choices = option.choices or {}
    if given not in choices:
        what = option.name.replace("-", " ")
        raise UsageError(f"there is no {what} {given!r}", hint=f"it is one of {', '.join(choices)}")
    return choices[given]


def parse_cutoff(text: str) -> str:
    """The value of ``--exclude-newer`` as `Options.exclude_newer`.

    A bare date means the end of that day, UTC; a time without a zone is taken as UTC (RFC 3339).
    Raises `UsageError`.
    """
    from datetime import UTC, date, datetime, timedelta

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
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def parse_index_url(flag: str, value: str) -> str:
    """The value of ``--index-url`` or ``--extra-index-url``: a URL, or the path of a directory.

    Raises `UsageError`, which quotes nothing that may be a credential.
    """
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(value)
        usable = bool(parts.hostname) if parts.scheme in {"http", "https"} else parts.scheme == "file"
        _ = parts.port  # raises for one that is no number, such as half a password
        # ``user:123/rest@host`` reads as a host with a port; a password that begins so must be encoded.
        usable = usable and not ("@" in value and "@" not in parts.netloc and ":" in parts.netloc)
    except ValueError:
        usable = False
    if not usable and not os.path.isdir(value):
        raise UsageError(
            f"the value of {flag} is no URL of a package index",
            hint="write https://host/simple/, and encode / # ? and @ where a password holds them",
        )
    return value


def parse_formats(values: Iterable[str]) -> frozenset[str]:
    """The values of ``--only-binary`` or ``--no-binary``, as pip reads them: names, ``:all:`` or ``:none:``.

    ``:none:`` empties what came before it. Raises `UsageError` for anything that is not a name.
    """
    names: set[str] = set()
    for entry in (part.strip() for value in values for part in value.split(",")):
        if entry == _NONE:
            names.clear()
        elif entry:
            names.add(_ALL if entry == _ALL else _normalized(entry))
    return frozenset(names)


_SIZE = r"(?P<number>[0-9]{1,9}(?:\.[0-9]{1,3})?)\s*(?P<unit>[kmgt]?)(?P<binary>i?)b?"


def parse_size(flag: str, text: str) -> int:
    """A number of bytes: ``500MB``, ``1.5GiB``, ``20000000``. Raises `UsageError`."""
    match = re.fullmatch(_SIZE, text.strip(), re.IGNORECASE)
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


_READERS: Mapping[Kind, Callable[[Option, Any], object]] = {
    "names": _names,
    "projects": lambda _, values: parse_formats(values),
    "texts": lambda _, values: tuple(values),
    "files": lambda option, values: tuple(_file(option, value) for value in values),
    "urls": lambda option, values: tuple(parse_index_url(f"{option.flag}", value) for value in values),
    "path": lambda _, value: str(Path(value)),
    "environment": lambda _, value: environment_of(value),
    "url": lambda option, value: parse_index_url(f"{option.flag}", value),
    "choice": _choice,
    "time": lambda _, value: parse_cutoff(value),
    "size": lambda option, value: parse_size(f"{option.flag}", value),
}
"""Readers of the kinds whose values are not taken as they are."""
