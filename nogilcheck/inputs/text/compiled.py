"""The command that wrote a compiled requirements file, or a pylock.toml, as it says itself."""

from __future__ import annotations

import re

_COMMAND = re.compile(r"#\s+((?:uv pip compile|uv export|pip-compile)(?: [\w./=:,@%+\-\[\]]+)*)\s*")
"""Nothing that a shell would do more with than pass it on."""

_HEAD = 20
"""Lines among which the command stands."""


def compiling_command(text: str) -> str:
    """The command of uv or pip-tools in the head of a file; empty where there is none that is safe to repeat."""
    for line in text.split("\n", _HEAD)[:_HEAD]:
        if line and not line.startswith("#"):
            break
        if found := _COMMAND.fullmatch(line.rstrip("\r")):
            return found[1]
    return ""
