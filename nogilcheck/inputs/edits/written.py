"""Find a requirement in text, and change only what differs."""

from __future__ import annotations

import re

_GAP = r"(?:\s|\\\r?\n)*"
"""What may stand between two words of a requirement that goes on in the next line."""

_HARD = r"(?<![\w.\-])"
"""What a name does not begin after."""


def replaced(text: str, before: str, after: str) -> str | None:
    """The text with ``after`` in the place of the first ``before``; ``None``: it is not there.

    ``before`` is a requirement as it is read: a line that goes on in the next one is joined. Only what differs is
    changed, so that line breaks stay where they can.
    """
    head = _common(before, after)
    rest = _common(before[head:][::-1], after[head:][::-1])
    end = len(before) - rest
    parts = (before[:head], before[head:end], before[end:])
    found = re.search(_HARD + "({})({})({})".format(*map(_pattern, parts)) + r"(?![\w.*+!\-])", text)
    if found is None:
        return None
    return text[: found.start(2)] + after[head : len(after) - rest] + text[found.end(2) :]


def _common(text: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    different = (number for number, (one, two) in enumerate(zip(text, other, strict=False)) if one != two)
    return next(different, min(len(text), len(other)))


def _pattern(part: str) -> str:
    """Matches a part of a requirement however its words are spaced."""
    return _GAP.join(map(re.escape, re.split(r"\s+", part)))


def line_end(text: str) -> str:
    """The line end of a text: that of its first line."""
    first, newline, _ = text.partition("\n")
    return "\r\n" if newline and first.endswith("\r") else "\n"
