"""The JSON Schema of ``[tool.nogilcheck]`` and nogilcheck.toml, from the table of options, as SchemaStore takes it."""

from __future__ import annotations

import json
import re
from typing import Any

from nogilcheck.config.option import Option
from nogilcheck.config.option_table import SETTINGS
from nogilcheck.config.waivers import WAIVER_KEYS
from nogilcheck.model.policy import SEVERITY_WORDS
from nogilcheck.model.rules.table import BY_CODE, BY_NAME
from tests.layout import ROOT

PATH = "docs/reference/nogilcheck.schema.json"

_PAGES = ("docs/reference/configuration.md", "docs/how-to/hold-the-line.md")

_Schema = dict[str, Any]

_TEXT: _Schema = {"type": "string", "pattern": r"\S"}
_WAIVER_VALUES: dict[str, _Schema] = {
    "a string": _TEXT,
    "an array of strings": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]},
    "a date": {"type": "string", "format": "date"},
    '`"fixed"`': {"enum": ["fixed"]},
}
_KINDS: dict[str, _Schema] = {
    "switch": {"type": "boolean"},
    "number": {"type": "integer", "minimum": 0},
    "severities": {
        "type": "object",
        "propertyNames": {"$ref": "#/definitions/rule"},
        "additionalProperties": {"enum": list(SEVERITY_WORDS)},
    },
    "waivers": {
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["reason"],
            "anyOf": [{"required": ["distribution"]}, {"required": ["rule"]}],
            "properties": {
                key.name: {
                    "description": key.help,
                    **({"allOf": [{"$ref": "#/definitions/rule"}]} if key.name == "rule" else _WAIVER_VALUES[key.type]),
                }
                for key in WAIVER_KEYS
            },
        },
    },
}


def settings_schema() -> str:
    """The file, in draft 7: what SchemaStore asks for, and what editors know."""
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        # Where SchemaStore keeps schemas of tables of pyproject.toml.
        "$id": "https://json.schemastore.org/partial-nogilcheck.json",
        "title": "nogilcheck",
        "description": "Settings of nogilcheck: [tool.nogilcheck] in pyproject.toml, or nogilcheck.toml.",
        "type": "object",
        "additionalProperties": False,
        "definitions": {
            "rule": {"description": "The code or the name of a rule.", "enum": [*BY_CODE, *BY_NAME]},
            "texts": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]},
        },
        "properties": {option.name: _setting(option) for option in SETTINGS if option.in_file},
    }
    return json.dumps(schema, indent=2) + "\n"


def _setting(option: Option) -> _Schema:
    described: _Schema = {"description": f"{option.help} {option.details}".strip()}
    if option.default:
        described["default"] = list(option.default)
    if option.is_repeatable:
        return {**described, "allOf": [{"$ref": "#/definitions/texts"}]}
    return {**described, **({"enum": list(option.choices)} if option.choices else _KINDS.get(option.kind, _TEXT))}


def documented_settings() -> list[str]:
    """The settings in the documentation and in the sample project, as nogilcheck.toml has them."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "fixtures" / "sample-project").glob("*.toml")]
    for page in _PAGES:
        texts += re.findall(
            r"^```toml\n(.*?)^```$", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
        )
    return [
        text.partition("[tool.nogilcheck]")[2].replace("tool.nogilcheck.", "")
        for text in texts
        if "[tool.nogilcheck]" in text and "fail_on" not in text  # a mistake that a page shows
    ]
