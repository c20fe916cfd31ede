"""The JSON Schema of the JSON report: made from its values, kept in ``schema.json``, which ``make docs`` writes."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def schema() -> dict[str, Any]:
    """The schema (JSON Schema 2020-12) that every JSON report of this version validates against."""
    loaded: dict[str, Any] = json.loads(files("nogilcheck.report").joinpath("schema.json").read_text("utf-8"))
    return loaded
