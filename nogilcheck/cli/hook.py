"""``nogilcheck-hook ARGUMENTS FILE...``: what pre-commit runs. Each project of which a file has changed is checked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from nogilcheck.cli.fast_parser import spellings
from nogilcheck.cli.main import main as run

_WORST_FIRST = (130, 2, 1, 3, 0)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Check and exit with the worst status of all checks, as `nogilcheck.errors.ExitStatus` orders them."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options, files = _parted(given)
    if not files:
        run(["check", *options])
    from nogilcheck.jobs.changed_files import projects_of

    statuses = {_status(["check", *options, *([] if project == "." else [project])]) for project in projects_of(files)}
    sys.exit(next((status for status in _WORST_FIRST if status in statuses), 2) if statuses else 0)


def _parted(given: Sequence[str]) -> tuple[list[str], list[str]]:
    """The options with their values, and the files: pre-commit appends those that have changed to ``args``."""
    known = spellings()
    options: list[str] = []
    files: list[str] = []
    remaining = iter(given)
    for argument in remaining:
        flag = argument.partition("=")[0]
        if argument.startswith("-"):
            options.append(argument)
            takes_value = flag in known and known[flag][0].kind != "switch" and "=" not in argument
            options += [value for value in [next(remaining, None)] if value is not None] if takes_value else []
        elif Path(argument).is_file():
            files.append(argument)
        else:
            options.append(argument)
    return options, files


def _status(arguments: list[str]) -> int:
    try:
        run(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 2
