"""Every output format of an explanation by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from nogilcheck.report.formats import Renderer, drawn_by, rendered_by

RENDERERS: Final[Mapping[str, Renderer]] = {
    "terminal": rendered_by("terminal.why", "width", "colour", "verbose"),
    "json": rendered_by("documents.why_json"),
    "mermaid": drawn_by("mermaid"),
    "dot": drawn_by("dot"),
}
"""Name -> renderer. Each returns text that ends with a newline."""
