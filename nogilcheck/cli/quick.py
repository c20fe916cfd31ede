"""The usual command lines of a check, taken apart without typer, whose import takes longer than a whole replay.

Whatever is not usual is left to typer, which also has the errors and the help. A test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from nogilcheck.cli.check_job import Flags

LISTS = {
    "--requirement": "requirement",
    "-r": "requirement",
    "--constraint": "constraint",
    "-c": "constraint",
    "--extra": "extra",
    "--group": "group",
    "--python": "python",
    "-p": "python",
    "--platform": "platform",
    "--allow-target": "allow_target",
    "--format": "output_format",
    "--output": "output",
    "-o": "output",
    "--extra-index-url": "extra_index_url",
    "--find-links": "find_links",
    "-f": "find_links",
    "--only-binary": "only_binary",
    "--no-binary": "no_binary",
    "--fail-on": "fail_on",
    "--ignore": "ignore",
}
"""Options with a value, which may be repeated, and the parameters that they fill."""

VALUES = {
    "--input-format": "input_format",
    "--env": "env",
    "--index-url": "index_url",
    "-i": "index_url",
    "--index-strategy": "index_strategy",
    "--exclude-newer": "exclude_newer",
    "--scan-limit": "scan_limit",
    "--max-age": "max_age",
    "--cache-dir": "cache_dir",
    "--baseline": "baseline",
    "--write-baseline": "write_baseline",
    "--config": "config",
}
"""Options with one value: the last one counts."""

SWITCHES = {
    "--verbose": ("verbose", True),
    "-v": ("verbose", True),
    "--quiet": ("quiet", True),
    "-q": ("quiet", True),
    "--color": ("colour", True),
    "--no-color": ("colour", False),
    "--annotations": ("annotations", True),
    "--no-annotations": ("annotations", False),
    "--all-extras": ("all_extras", True),
    "--all-groups": ("all_groups", True),
    "--no-index": ("no_index", True),
    "--pre": ("pre", True),
    "--scan": ("scan", True),
    "--offline": ("offline", True),
    "--refresh": ("refresh", True),
    "--no-cache": ("no_cache", True),
    "--no-config": ("no_config", True),
    "--isolated": ("no_config", True),
}
"""Options without a value, and what they set."""

_NUMBERS = frozenset({"max_age"})


def parse(arguments: Sequence[str]) -> Flags | None:
    """The flags of a command line of ``nogilcheck check``; ``None`` when typer should have a look at it."""
    flags: dict[str, object] = {}
    lists: dict[str, list[str]] = {}
    left = iter(arguments)
    for argument in left:
        if not argument.startswith("-") or argument == "-":
            lists.setdefault("inputs", []).append(argument)
            continue
        if argument in SWITCHES:
            name, setting = SWITCHES[argument]
            flags[name] = setting
            continue
        option, equals, value = argument.partition("=") if argument.startswith("--") else (argument, "", "")
        if not equals:
            value = next(left, "")
        if not value or (value.startswith("-") and value != "-"):
            return None
        if option in LISTS:
            lists.setdefault(LISTS[option], []).append(value)
        elif option in VALUES:
            name = VALUES[option]
            if name in _NUMBERS and not (value.isascii() and value.isdigit()):
                return None
            flags[name] = int(value) if name in _NUMBERS else value
        else:
            return None
    return cast("Flags", {**flags, **lists})
