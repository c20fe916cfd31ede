"""Parse the usual command lines of a check without typer, whose import takes longer than a whole replay (ADR 0004).

Everything unusual is left to typer, which also has the errors and the help. A test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nogilcheck.config.option import Option
from nogilcheck.config.option_table import OPTIONS


def spellings() -> dict[str, tuple[Option, bool]]:
    """Each spelling of a flag -> its option, and what it sets a switch to."""
    known: dict[str, tuple[Option, bool]] = {}
    for option in OPTIONS:
        if flag := option.flag:
            known[flag] = (option, True)
            if option.short:
                known[option.short] = (option, True)
            if option.off:
                known[option.off] = (option, False)
    return known


def parse(arguments: Sequence[str]) -> dict[str, Any] | None:
    """The flags of a command line of ``nogilcheck check``, by `Option.parameter`; ``None``: leave it to typer."""
    known = spellings()
    flags: dict[str, Any] = {}
    remaining = iter(arguments)
    for argument in remaining:
        if not argument.startswith("-") or argument == "-":
            flags.setdefault("inputs", []).append(argument)
            continue
        flag, equals, value = argument.partition("=") if argument.startswith("--") else (argument, "", "")
        if flag not in known:
            return None
        option, switched_on = known[flag]
        if option.kind == "switch":
            if equals:
                return None
            flags[option.parameter] = switched_on
            continue
        value = value if equals else next(remaining, "")
        if not value or (value.startswith("-") and value != "-"):
            return None
        if option.is_repeatable:
            flags.setdefault(option.parameter, []).append(value)
        elif option.kind != "number":
            flags[option.parameter] = value
        elif value.isascii() and value.isdigit():
            flags[option.parameter] = int(value)
        else:
            return None
    return flags
