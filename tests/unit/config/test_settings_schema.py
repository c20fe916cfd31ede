"""The schema of the settings takes what the program takes, and refuses what it refuses."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, FormatChecker

from nogilcheck.config.policy import read_policy
from nogilcheck.errors import UsageError
from tests.layout import ROOT
from tests.support.settings_schema import PATH, documented_settings
from tests.unit.config.test_effective import effective

SCHEMA = json.loads((ROOT / PATH).read_text(encoding="utf-8"))


def errors(toml: str) -> list[str]:
    """What the schema has against a nogilcheck.toml; dates are strings to it, as to every reader of TOML as JSON."""
    table: Any = json.loads(json.dumps(tomllib.loads(toml), default=str))
    return [error.message for error in Draft7Validator(SCHEMA, format_checker=FormatChecker()).iter_errors(table)]


def test_it_is_a_schema() -> None:
    Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("toml", documented_settings())
def test_what_the_documentation_shows_is_valid(toml: str) -> None:
    assert toml.strip()
    assert errors(toml) == []


def test_there_is_enough_to_try_it_on() -> None:
    assert len(documented_settings()) >= 3


@pytest.mark.parametrize(
    "toml",
    [
        "fail_on = ['new']", "python = 3.14", "python = ['3.14t', 3]", "pre = 'yes'", "max-age = -1", "max-age = 1.5",
        "time-limit = true", "index-url = ''", "index-strategy = 'newest'", "cache-dir = [' ']", "format = 'json'",
        "severity = {NGC999 = 'off'}", "severity = {NGC102 = 'quiet'}", "severity = 'off'",
        "waivers = [{distribution = 'a'}]", "waivers = [{reason = 'r'}]", "waivers = [3]",
        "waivers = [{distribution = 'a', reason = 'r', expires = 'soon'}]",
        "waivers = [{distribution = 'a', reason = 'r', until = 3}]", "waivers = [{rule = 'none', reason = 'r'}]",
        "waivers = [{distribution = 'a', reason = 'r', targets = []}]",
    ],
)  # fmt: skip
def test_what_the_program_refuses(toml: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read_policy(effective(tmp_path, toml), has_baseline=True)
    assert errors(toml)
