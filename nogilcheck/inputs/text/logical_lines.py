"""Text of a requirements file -> logical lines, as pip sees them.

The order matters and is pip's: join continuations, drop comments, expand variables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field

from nogilcheck.frozen import frozen
from nogilcheck.inputs.text.quoting import abbreviate, hide

MAX_LINE_LENGTH = 256 * 1024
"""Characters of one logical line, continuations joined; hashes of a project with hundreds of files fit."""

_COMMENT = re.compile(r"(?:^|\s)#.*$")
"""pip's, without the repetition: the white space before it is stripped anyway, and so the search stays linear."""

_VARIABLE = re.compile(r"(?P<variable>\$\{(?P<name>[A-Z0-9_]+)\})")
"""POSIX names in braces only (IEEE Std 1003.1, 2013)."""


@frozen
class LogicalLine:
    """One logical line: never blank, never a comment."""

    number: int
    """Of its first physical line, 1-based."""
    written: str
    """As in the file, variables not expanded."""
    text: str
    """Variables expanded: what pip reads. May hold secrets; show it through `shown` only."""
    values: Mapping[str, str] = field(default_factory=dict)
    """``${NAME}`` -> the value that replaced it."""
    oversized: bool = False
    """Longer than `MAX_LINE_LENGTH`, so not to be read any further."""

    def hidden(self, text: str) -> str:
        """A part of the line with variables in the place of their values."""
        return hide(text, self.values)

    def shown(self, text: str) -> str:
        """A part of the line, or a message that may quote it, in a form that is safe to show."""
        return abbreviate(self.hidden(text))


def logical_lines(text: str, lookup: Callable[[str], str | None]) -> Iterator[LogicalLine]:
    """The logical lines of a requirements file.

    ``lookup`` gives the value of an environment variable; an unset or empty one stays as written.
    """
    for number, joined in _join(text.splitlines()):
        written = (_COMMENT.sub("", joined) if "#" in joined else joined).strip()
        if written:
            yield _expand(number, written, lookup)


def _join(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Continuations joined, with the number of the first line. A comment line ends a continuation."""
    parts: list[str] = []
    first = 0
    for number, line in enumerate(lines, 1):
        comment = line.lstrip().startswith("#")
        if line.endswith("\\") and not comment:
            if not parts:
                first = number
            # pip strips backslashes at both ends.
            parts.append(line.strip("\\"))
            continue
        # The blank keeps a comment a comment after joining.
        last = " " + line if comment else line
        if parts:
            yield first, "".join((*parts, last))
            parts = []
        else:
            yield number, last
    if parts:
        yield first, "".join(parts)


def _expand(number: int, written: str, lookup: Callable[[str], str | None]) -> LogicalLine:
    text = written
    values: dict[str, str] = {}
    oversized = len(written) > MAX_LINE_LENGTH
    if not oversized and "${" in written:
        for variable, name in dict.fromkeys(_VARIABLE.findall(written)):
            if not (value := lookup(name)):
                continue
            if oversized := len(text) + len(value) * text.count(variable) > MAX_LINE_LENGTH:
                break
            text = text.replace(variable, value)
            values[variable] = value
    return LogicalLine(number=number, written=written, text=text, values=values, oversized=oversized)


def split_options(text: str) -> tuple[str, str]:
    """The requirement at the start of a line, and the options after it.

    Options begin at the first token, between single blanks, that starts with a dash.
    """
    if text.startswith("-"):
        return "", text
    at = text.find(" -")
    return (text, "") if at < 0 else (text[:at], text[at + 1 :])
