"""``nogilcheck config show``."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import typer

from nogilcheck.cli.errors import exiting_on_errors, warn
from nogilcheck.cli.examples import CONFIG_SHOW
from nogilcheck.cli.grouped_command import GroupedCommand
from nogilcheck.cli.typer_options import TextOrJson, check_text_or_json, with_options

if TYPE_CHECKING:
    from nogilcheck.config.effective import EffectiveSettings

config_app = typer.Typer(help="Show the settings.", rich_markup_mode=None)

MAX_VALUE = 36
"""Columns for values; a longer item pushes its origin to the right."""


@config_app.callback()
def _top() -> None:
    """Show the settings."""


@config_app.command("show", cls=GroupedCommand, epilog=CONFIG_SHOW)
@with_options()
def show(config: str | None = None, no_config: bool = False, output_format: TextOrJson = "terminal") -> None:
    """Print the settings in effect and where each comes from, without credentials."""
    from nogilcheck.config.effective import merge_layers
    from nogilcheck.config.file import locate, working_directory

    with exiting_on_errors():
        check_text_or_json(output_format)
        here = working_directory()
        file = locate({"config": config, "no_config": no_config}, os.environ, here, warn)
        settings = merge_layers({}, os.environ, file, here)
        for warning in settings.warnings:
            warn(warning)
        _check(settings)
        typer.echo(_json(settings) if output_format == "json" else _table(settings))


def _check(settings: EffectiveSettings) -> None:
    """Everything that a check would find wrong with them."""
    from nogilcheck.config.policy import read_policy

    read_policy(settings, has_baseline=bool(settings.value("baseline")))


def _json(settings: EffectiveSettings) -> str:
    values = {
        setting.name: {"value": _shown(setting.value), "origin": setting.origin, "where": settings.where(setting)}
        for setting in settings.settings
    }
    file = settings.file.path if settings.file else None
    return json.dumps({"file": file, "settings": values}, indent=2, default=str)


def _table(settings: EffectiveSettings) -> str:
    from nogilcheck.report.words import safe

    rows = [
        (setting.name, _written(_shown(setting.value)), settings.where(setting))
        for setting in settings.settings
        if setting.value is not None
    ]
    name = max(len(row[0]) for row in rows)
    value = min(max(len(row[1]) for row in rows), MAX_VALUE)
    head = f"# {settings.file.path}" if settings.file else "# no configuration file"
    lines = [f"{safe(left):{name}} = {safe(middle):{value}}  # {safe(right)}" for left, middle, right in rows]
    return "\n".join([safe(head), *lines])


def _written(value: object) -> str:
    """The value, nearly as TOML has it."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_written(item)}" for key, item in value.items()) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shown(value: object) -> object:
    """The value without credentials."""
    from nogilcheck.model.urls import redact, without_credentials

    if isinstance(value, dict):
        return {key: _shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shown(item) for item in value]
    if isinstance(value, str):
        return without_credentials(value) if "://" in value and " " not in value else redact(value)
    return value
