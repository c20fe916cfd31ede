"""The environment variables ``NOGILCHECK_*``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from nogilcheck.config.option import COMMA_SEPARATED, PREFIX, Option
from nogilcheck.config.option_table import CONFIG_VARIABLE, NO_CONFIG_VARIABLE, SETTINGS
from nogilcheck.config.values import check_text, parse_number
from nogilcheck.errors import UsageError

_TRUE, _FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")

BY_VARIABLE = {option.variable: option for option in SETTINGS if option.variable}


def read_variables(environ: Mapping[str, str]) -> dict[str, object]:
    """Name of an option -> the value of its variable, as the command line would have it; empty ones say nothing.

    Raises `UsageError` for a value of the wrong type.
    """
    values: dict[str, object] = {}
    for variable, option in BY_VARIABLE.items():
        text = environ.get(variable, "").strip()
        if text:
            if "@" in text:
                from nogilcheck.model.credentials.logins import learn_logins

                learn_logins(text)
            try:
                values[option.name] = _value(option, variable, text)
                check_text(option, text)
            except UsageError as error:
                raise UsageError(error.message, hint=error.hint, where=variable) from None
    return values


def _value(option: Option, variable: str, text: str) -> object:
    if option.kind in COMMA_SEPARATED:
        return re.split(r"[\s,]+", text.strip(", "))
    if option.is_repeatable:
        return text.split()
    if option.kind == "switch":
        return switch(variable, text)
    if option.kind == "number":
        return parse_number(f"{option.flag}", text)
    return text


def switch(variable: str, text: str) -> bool:
    """``1`` or ``0``, in any of the usual spellings. Raises `UsageError`."""
    word = text.strip().lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise UsageError(f"expected true or false, found '{text}'", where=variable, hint="write 1 or 0")


def misspelt(environ: Mapping[str, str]) -> Iterator[str]:
    """A warning for each variable whose name is close to one of these; others may belong to another program."""
    known = {*BY_VARIABLE, CONFIG_VARIABLE, NO_CONFIG_VARIABLE}
    for name in sorted(name for name in environ if name.startswith(PREFIX) and name not in known):
        from difflib import get_close_matches

        near = get_close_matches(name, known, n=1, cutoff=0.85)
        if near:
            yield f"the variable {name} is not known: did you mean {near[0]}?"
