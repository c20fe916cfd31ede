"""The environment variables ``NOGILCHECK_*``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from nogilcheck.config.file import CONFIG_VARIABLE, NO_CONFIG_VARIABLE, PREFIX
from nogilcheck.config.table import BY_VARIABLE, Kind, Setting
from nogilcheck.errors import UsageError

_TRUE, _FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def read_variables(environ: Mapping[str, str]) -> dict[str, object]:
    """Name of a setting -> the value of its variable, as the command line would have it; empty ones say nothing.

    Raises `UsageError` for a value of the wrong type.
    """
    found: dict[str, object] = {}
    for variable, setting in BY_VARIABLE.items():
        text = environ.get(variable, "").strip()
        if text:
            found[setting.name] = _value(setting, variable, text)
            _check(setting, variable, text)
    return found


def _check(setting: Setting, variable: str, text: str) -> None:
    from nogilcheck.config.values import check_written

    try:
        check_written(setting.name, text)
    except UsageError as error:
        raise UsageError(error.message, hint=error.hint, where=variable) from None


def _value(setting: Setting, variable: str, text: str) -> object:
    match setting.kind:
        case Kind.NAMES:
            return re.split(r"[\s,]+", text.strip(", "))
        case Kind.TEXTS:
            return text.split()
        case Kind.SWITCH:
            return switch(variable, text)
        case Kind.NUMBER:
            if not (text.isascii() and text.isdigit()):
                raise UsageError(f"expected {setting.kind}, found '{text}'", where=variable)
            return int(text)
    if setting.choices and text not in setting.choices:
        raise UsageError(f"'{text}' is none of {', '.join(setting.choices)}", where=variable)
    return text


def switch(variable: str, text: str) -> bool:
    """``1`` or ``0``, in any of the usual spellings. Raises `UsageError`."""
    word = text.strip().lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise UsageError(f"expected true or false, found '{text}'", where=variable, hint="write 1 or 0")


def misspelt(environ: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each variable that looks like one of these and is none; others may belong to somebody else."""
    known = {*BY_VARIABLE, CONFIG_VARIABLE, NO_CONFIG_VARIABLE}
    for name in sorted(name for name in environ if name.startswith(PREFIX) and name not in known):
        from difflib import get_close_matches

        near = get_close_matches(name, known, n=1, cutoff=0.85)
        if near:
            yield f"the variable {name} is not known: did you mean {near[0]}?"
