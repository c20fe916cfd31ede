"""The least versions of requirements as JSON."""

from __future__ import annotations

import json
from typing import Final

from nogilcheck import __version__
from nogilcheck.model.json_format.records import to_json
from nogilcheck.model.report.minimum import Minimums
from nogilcheck.model.report.report import TOOL_NAME

SCHEMA_VERSION: Final = "1.0"


def render_json(found: Minimums) -> str:
    """The text, with a final newline; the keys of a requirement are the fields of `RequirementMinimum`."""
    value = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": TOOL_NAME, "version": __version__},
        "exit_status": int(found.exit_status),
        "requirements": list(map(to_json, found.requirements)),
        "not_read": list(found.not_read),
        "idle": list(found.idle),
    }
    return json.dumps(value, indent=2) + "\n"
