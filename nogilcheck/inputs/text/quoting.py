"""Text of the user's files in a form that messages can quote: on one line, bounded, without secrets."""

from __future__ import annotations

from collections.abc import Mapping

from nogilcheck.model.urls import redact

MAX_SHOWN = 160
"""Characters of a line that a message quotes."""

_SHORTEST_SECRET = 3
"""Characters; a shorter value of a variable is no secret, and hiding it would garble messages."""


def abbreviate(text: str) -> str:
    """Text on one line, bounded and without credentials."""
    if len(text) > 16 * MAX_SHOWN:
        return f"(a text of {len(text)} characters)"
    text = redact(" ".join(text.split()))
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."


def hide(text: str, values: Mapping[str, str]) -> str:
    """``text`` with variables (``${NAME}``) in the place of their values, which may be secrets."""
    for variable, value in values.items():
        if len(value) >= _SHORTEST_SECRET:
            text = text.replace(value, variable)
    return text
