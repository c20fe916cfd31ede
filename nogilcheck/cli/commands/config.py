"""``nogilcheck config show``."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Annotated

import typer

from nogilcheck.cli.errors import ending_well, warn
from nogilcheck.cli.examples import CONFIG_SHOW
from nogilcheck.errors import UsageError

if TYPE_CHECKING:
    from nogilcheck.config.settle import Settled

config_app = typer.Typer(help="Look at the settings.", no_args_is_help=True, rich_markup_mode=None)

MAX_VALUE = 36
"""Columns for values; a longer one pushes its origin to the right."""


@config_app.callback()
def _top() -> None:
    """Look at the settings."""


@config_app.command("show", epilog=CONFIG_SHOW)
def show(
    config: Annotated[str | None, typer.Option("--config", metavar="FILE", help="The configuration file.")] = None,
    no_config: Annotated[bool, typer.Option("--no-config", "--isolated", help="Ignore configuration files.")] = False,
    output_format: Annotated[
        str, typer.Option("--format", metavar="NAME", help="terminal or json.", show_default=False)
    ] = "terminal",
) -> None:
    """Print the effective settings, and where each comes from. Credentials are left out."""
    from nogilcheck.config.file import locate, working_directory
    from nogilcheck.config.settle import settle

    with ending_well():
        if output_format not in {"terminal", "json"}:
            raise UsageError(f"{output_format!r} is not a format of settings", hint="Formats: terminal, json.")
        here = working_directory()
        file = locate({"config": config, "no_config": no_config}, os.environ, here)
        settled = settle({}, os.environ, file, here)
        for warning in settled.warnings:
            warn(warning)
        _check(settled)
        typer.echo(_json(settled) if output_format == "json" else _table(settled))


def _check(settled: Settled) -> None:
    """Everything that a check would find wrong with them."""
    from nogilcheck.config.policy import read_policy

    read_policy(settled, has_baseline=bool(settled.value("baseline")))


def _json(settled: Settled) -> str:
    settings = {
        one.setting.name: {"value": _shown(one.value), "origin": one.origin, "where": settled.where(one)}
        for one in settled.effective
    }
    file = settled.file.path if settled.file else None
    return json.dumps({"file": file, "settings": settings}, indent=2, default=str)


def _table(settled: Settled) -> str:
    from nogilcheck.report.words import safe

    rows = [
        (one.setting.name, _written(_shown(one.value)), settled.where(one))
        for one in settled.effective
        if one.value is not None
    ]
    name = max(len(row[0]) for row in rows)
    value = min(max(len(row[1]) for row in rows), MAX_VALUE)
    head = f"# {settled.file.path}" if settled.file else "# no configuration file"
    lines = [f"{safe(left):{name}} = {safe(middle):{value}}  # {safe(right)}" for left, middle, right in rows]
    return "\n".join([safe(head), *lines])


def _written(value: object) -> str:
    """The value, nearly as TOML has it."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_written(one)}" for key, one in value.items()) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shown(value: object) -> object:
    """The value without credentials."""
    from nogilcheck.model.urls import redact, without_credentials

    if isinstance(value, dict):
        return {key: _shown(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_shown(one) for one in value]
    if isinstance(value, str):
        return without_credentials(value) if "://" in value and " " not in value else redact(value)
    return value
