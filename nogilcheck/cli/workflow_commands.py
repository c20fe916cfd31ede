"""On GitHub Actions the runner takes some lines of any output for commands: none of them may come from a stranger.

https://github.com/actions/runner, ``ActionCommand.cs``: ``::name ...::`` after white space at the start of a line, and
the older ``##[name ...]`` anywhere in one.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

_COMMAND = re.compile(r"^(?P<before>\s*:)(?=:)|(?P<older>##)(?=\[)", re.MULTILINE)


class Defused:
    """A text stream in which no line is a command: a blank is put between the signs that begin one."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        """For commands of our own."""
        self._before = ""
        """What stands in the current line and may yet become the beginning of a command."""

    def write(self, text: str) -> int:
        """Write a text, which may be any part of a line."""
        known = len(self._before)
        defused = _COMMAND.sub(r"\g<0> ", self._before + text)
        self.stream.write(defused[known:])
        line = defused.rpartition("\n")[2]
        self._before = line if not line.strip(":").strip() else "\0" + line[-2:]
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def is_actions() -> bool:
    """Whether this is a step of GitHub Actions, whose runner reads what is written."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def for_commands(stream: TextIO) -> TextIO:
    """The same stream, to which commands of our own can be written."""
    return stream.stream if isinstance(stream, Defused) else stream


def defused_json(text: str) -> str:
    """The same JSON without the beginning of a command; white space would change it."""
    return text.replace("##[", "#\\u0023[")


@contextmanager
def without_foreign_commands() -> Iterator[None]:
    """Standard output and standard error of the block hold no commands but our own, on GitHub Actions."""
    if not is_actions():
        yield
        return
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = Defused(sys.stdout), Defused(sys.stderr)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
