"""The values of options as typed -> `Options`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nogilcheck.config.option import Kind, Option
from nogilcheck.config.option_table import OPTIONS, was_given
from nogilcheck.errors import UsageError, invalid_value
from nogilcheck.model.options import Options
from nogilcheck.model.source import IndexSettings

if TYPE_CHECKING:
    from datetime import date

_ALL, _NONE = ":all:", ":none:"

EXCLUDE_NEWER_FORMS = "a date (2026-11-22), an RFC 3339 time (2026-11-22T12:00:00Z) or a duration (7 days, 2w, P7D)"
"""What ``--exclude-newer`` takes."""


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
    for name in fields.keys() & {"inputs", "constraints"}:
        fields[name] = tuple(map(_from_here, fields[name]))
    return Options(**fields, settings=IndexSettings(**settings))


def _from_here(given: str) -> str:
    """An absolute path below the working directory as people there call it; anything else as it is."""
    try:
        here = os.path.join(os.getcwd(), "")  # noqa: PTH109, PTH118  as text: a link stays what it is called
    except OSError:  # the directory is gone
        return given
    below = given.removeprefix(here)
    return given if below in {given, ""} else below if os.sep in below else os.path.join(os.curdir, below)  # noqa: PTH118


def check_text(option: Option, text: str) -> None:
    """Raise `UsageError` for a value in a file or a variable that no run can use."""
    if option.kind in {"time", "size", "choice"}:
        _read(option, text)


def environment_of(given: str) -> str:
    """The directory of an installed environment; that of ``current`` is named by the shell's variables.

    Raises `UsageError` where there is no such directory, or none is active.
    """
    if given != "current":
        return _existing("--env", given, "the directory of an environment, or current (the one that is active)")
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


def _existing(flag: str, place: str, allowed: str) -> str:
    """The place of an option, unless there is nothing at it; URLs are not asked. Raises `UsageError`.

    Standard input is none, and extras may stand behind the name of a file, as pip has it for pylock.toml.
    """
    if place == "-" or "://" in place or place.startswith("file:"):
        return place
    if not os.path.exists(place) and not os.path.exists(place.partition("[")[0]):
        from nogilcheck.model.urls import redact

        because = "there is no such file or directory"
        raise invalid_value(redact(place), flag, allowed, because=because, among=_beside(place))
    return place


def _beside(place: str) -> list[str]:
    """What is in the directory of a place, for suggestions."""
    directory = os.path.dirname(place)  # noqa: PTH120  what was typed
    try:
        return [os.path.join(directory, name) for name in os.listdir(directory or os.curdir)]  # noqa: PTH118, PTH208
    except (OSError, ValueError):
        return []


def _names(option: Option, values: list[str]) -> tuple[str, ...]:
    """Repeated and comma-separated names as one sequence."""
    names = tuple(name for value in values for part in value.split(",") if (name := part.strip()))
    if not names:
        raise invalid_value(",".join(values), f"{option.flag}", "a name; leave the option out for the default")
    return names


def _file(option: Option, name: str) -> str:
    """A bare name such as ``requirements`` is a file after ``-r``."""
    if not name:
        raise invalid_value(name, f"{option.flag}", "a file, or a URL")
    if name == "-":
        return name
    _existing(f"{option.flag}", name, f"the path {'' if option.name == 'evidence' else 'or URL '}of a file")
    return name if "/" in name or os.sep in name else os.path.join(os.curdir, name)  # noqa: PTH118


def _texts(option: Option, values: list[str]) -> tuple[str, ...]:
    if option.name == "find-links":
        for place in values:
            _existing("--find-links", place, "a directory, a page or a URL")
    return tuple(values)


def _choice(option: Option, given: str) -> str:
    choices = option.choices or {}
    if given not in choices:
        raise invalid_value(given, f"{option.flag}", choices)
    return choices[given]


def parse_cutoff(text: str) -> str:
    """The value of ``--exclude-newer`` as `Options.exclude_newer`.

    A bare date means the end of that day, UTC; a time without a zone is taken as UTC (RFC 3339); a duration, in words
    or as ISO 8601 has it, counts back from now, as with uv. Raises `UsageError`.
    """
    from datetime import UTC, date, datetime, timedelta

    from nogilcheck.inputs.settings.cooldown import span_of

    try:
        if (span := span_of(text)) is not None:
            moment = (datetime.now(UTC) - span).replace(microsecond=0)
        elif (day := _day(text)) == date.max:
            return "9999-12-31T23:59:59"
        elif day is not None:
            moment = datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC)
        else:
            moment = datetime.fromisoformat(text)
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise invalid_value(text, "--exclude-newer", EXCLUDE_NEWER_FORMS) from None
    return moment.replace(tzinfo=None).isoformat()


def is_relative(cutoff: str | None) -> bool:
    """Whether the value of ``--exclude-newer`` means another time in each run."""
    if cutoff is None:
        return False
    from nogilcheck.inputs.settings.cooldown import span_of

    return span_of(cutoff) is not None


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
        allowed = "a URL (https://host/simple/), or a directory; encode / # ? and @ where a password holds them"
        raise invalid_value(None, flag, allowed)
    return value


def parse_formats(flag: str, values: Iterable[str]) -> frozenset[str]:
    """The values of ``--only-binary`` or ``--no-binary``, as pip reads them: names, ``:all:`` or ``:none:``.

    ``:none:`` empties what came before it. Raises `UsageError` for anything that is not a name.
    """
    names: set[str] = set()
    for entry in (part.strip() for value in values for part in value.split(",")):
        if entry == _NONE:
            names.clear()
        elif entry:
            names.add(_ALL if entry == _ALL else _normalized(flag, entry))
    return frozenset(names)


_SIZE = r"(?P<number>[0-9]{1,9}(?:\.[0-9]{1,3})?)\s*(?P<unit>[kmgt]?)(?P<binary>i?)b?"


def parse_size(flag: str, text: str) -> int:
    """A number of bytes: ``500MB``, ``1.5GiB``, ``20000000``. Raises `UsageError`."""
    match = re.fullmatch(_SIZE, text.strip(), re.IGNORECASE)
    if match is None or (match["binary"] and not match["unit"]):
        raise invalid_value(text, flag, "500MB, 1GiB or a number of bytes")
    base = 1024 if match["binary"] else 1000
    return int(float(match["number"]) * base ** " kmgt".index(match["unit"].lower() or " "))


def parse_number(flag: str, text: str, *, least: int = 0, most: int | None = None) -> int:
    """A whole number of ASCII digits between two. Raises `UsageError`."""
    if text.isascii() and text.isdigit() and len(text) < 19 and least <= (number := int(text)) <= (most or number):
        return number
    allowed = f"a whole number, {least} to {most}" if most else "a whole number of seconds"
    duration = re.fullmatch(r"([0-9]{1,9})\s*([smhdw])", text.strip()) if most is None else None
    meant = str(int(duration[1]) * _SECONDS[duration[2]]) if duration else None
    raise invalid_value(text, flag, allowed, meant=meant)


_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def _normalized(flag: str, name: str) -> str:
    from packaging.utils import InvalidName, canonicalize_name

    try:
        return canonicalize_name(name, validate=True)
    except InvalidName:
        from nogilcheck.model.urls import redact

        raise invalid_value(redact(name), flag, "names of projects, :all: or :none:") from None


_READERS: Mapping[Kind, Callable[[Option, Any], object]] = {
    "names": _names,
    "projects": lambda option, values: parse_formats(f"{option.flag}", values),
    "texts": _texts,
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
