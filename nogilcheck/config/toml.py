"""Parse TOML, with the line of an error."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from typing import Any

from nogilcheck.errors import UsageError

MAX_DOTS = 200
"""Dots in a line of a usual document. `tomllib` takes time that grows with the square of the parts of a key."""


def load(text: str, where: str, hint: str) -> dict[str, Any]:
    """The document. Raises `UsageError`, with the line, for text that is not valid TOML."""
    if all(line.count(".") < MAX_DOTS for line in text.split("\n")):
        with suppress(ValueError, RecursionError):
            return tomllib.loads(text)
    from nogilcheck.inputs.text.sources import UnreadableSourceError
    from nogilcheck.inputs.text.toml_document import parse_toml

    try:
        return parse_toml(text).data
    except UnreadableSourceError as error:
        place = where if error.line is None else f"{where}:{error.line}"
        raise UsageError(str(error), where=place, hint=hint) from None
