"""The fast parser parses a command line as typer would, or leaves it to typer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import typer.main
from hypothesis import given
from hypothesis import strategies as st

from nogilcheck.cli.commands.check import check
from nogilcheck.cli.fast_parser import parse, spellings

app = typer.Typer(add_completion=False)
app.command("check")(check)
COMMAND: Any = typer.main.get_command(app)


def by_typer(arguments: list[str]) -> dict[str, object] | None:
    """What typer makes of a command line, without what was not given; ``None`` where it refuses."""
    try:
        found = COMMAND.make_context("check", list(arguments), resilient_parsing=False).params
    except (Exception, SystemExit):
        return None
    return without_defaults(found)


def without_defaults(found: Mapping[str, object]) -> dict[str, object]:
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}
    return {name: value for name, value in plain.items() if value is not None and value != [] and value is not False}


def given_only(flags: dict[str, Any] | None) -> dict[str, object] | None:
    return None if flags is None else without_defaults(flags)


def test_every_flag_of_typer_is_known_and_no_other() -> None:
    of_typer = {
        flag: (parameter.name, parameter.multiple, parameter.is_flag)
        for parameter in COMMAND.params
        if parameter.param_type_name == "option"
        for flag in [*parameter.opts, *parameter.secondary_opts]
        if flag not in {"--help", "-h"}
    }
    known = {
        flag: (option.parameter, option.is_repeatable, option.kind == "switch")
        for flag, (option, _) in spellings().items()
    }
    assert known == of_typer


WORDS = st.sampled_from(["r.txt", "-", "--", "", "3.14t,3.15t", "7", "-7", "--x", "a=b", "-rx", "--python=3.14t", "-h"])
OPTIONS = st.sampled_from([*spellings(), "--max-age=0", "--output=", "--pre=1", "--pyth"])


@given(st.lists(WORDS | OPTIONS, max_size=6))
def test_what_it_takes_apart_typer_takes_apart_alike(arguments: list[str]) -> None:
    flags = given_only(parse(arguments))
    if flags is not None:
        assert flags == by_typer(arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        ["r.txt", "-q", "--python", "3.14t", "--platform=all", "--max-age", "60", "--no-color", "-o", "-"],
        ["numpy", "pandas>=2", "-", "-r", "a.txt", "-r", "b.txt", "--cache-dir", "x=y", "--format", "json"],
        [],
    ],
)
def test_usual_command_lines_are_taken_apart(arguments: list[str]) -> None:
    assert given_only(parse(arguments)) == by_typer(arguments) is not None


@pytest.mark.parametrize("odd", ["--help", "-h", "--", "-qv", "--max-age=x", "--unknown", "--python", "-rfile"])
def test_anything_else_is_left_to_typer(odd: str) -> None:
    assert parse(["r.txt", odd]) is None
