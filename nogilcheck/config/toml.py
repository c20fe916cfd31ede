"""TOML, with the errors that a configuration deserves."""

from __future__ import annotations

import tomllib
from typing import Any

from nogilcheck.errors import UsageError


def load(text: str, where: str, hint: str) -> dict[str, Any]:
    """The document. Raises `UsageError`, with the line, for text that is no TOML."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        from nogilcheck.inputs.sources import UnreadableError
        from nogilcheck.inputs.toml_document import parse_toml

        try:
            return parse_toml(text).data
        except UnreadableError as error:
            place = where if error.line is None else f"{where}:{error.line}"
            raise UsageError(str(error), where=place, hint=hint) from None
