"""The commands of the command line, as typer has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer.main

from nogilcheck.cli.app import app


def commands(command: Any, *names: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with its name; typer may have a click of its own, so that there is no class to ask for."""
    if not hasattr(command, "commands"):
        yield names, command
        return
    for name, each in command.commands.items():
        yield from commands(each, *names, name)


COMMANDS = dict(commands(typer.main.get_command(app)))
