"""The quick parser takes apart what typer would, in the same way, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_type_hints

import pytest
import typer.main
from hypothesis import given
from hypothesis import strategies as st

from nogilcheck.cli import quick
from nogilcheck.cli.check_job import Flags
from nogilcheck.cli.commands.check import check

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


def given_only(flags: Flags | None) -> dict[str, object] | None:
    return None if flags is None else without_defaults(flags)


def test_every_option_is_known_to_both() -> None:
    of_typer = {
        option: (parameter.name, parameter.multiple, parameter.is_flag)
        for parameter in COMMAND.params
        if parameter.param_type_name == "option"
        for option in [*parameter.opts, *parameter.secondary_opts]
        if option not in {"--help", "-h"}
    }
    known = {
        **{option: (name, True, False) for option, name in quick.LISTS.items()},
        **{option: (name, False, False) for option, name in quick.VALUES.items()},
        **{option: (name, False, True) for option, (name, _) in quick.SWITCHES.items()},
    }
    assert known == of_typer


def test_the_flags_are_the_parameters() -> None:
    assert set(get_type_hints(Flags)) == {parameter.name for parameter in COMMAND.params}


WORDS = st.sampled_from(["r.txt", "-", "--", "", "3.14t,3.15t", "7", "-7", "--x", "a=b", "-rx", "--python=3.14t", "-h"])
OPTIONS = st.sampled_from(
    [*quick.LISTS, *quick.VALUES, *quick.SWITCHES, "--max-age=0", "--output=", "--pre=1", "--pyth"]
)


@given(st.lists(WORDS | OPTIONS, max_size=6))
def test_what_it_takes_apart_typer_takes_apart_alike(arguments: list[str]) -> None:
    flags = given_only(quick.parse(arguments))
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
    assert given_only(quick.parse(arguments)) == by_typer(arguments) is not None


@pytest.mark.parametrize("odd", ["--help", "-h", "--", "-qv", "--max-age=x", "--unknown", "--python", "-rfile"])
def test_anything_else_is_left_to_typer(odd: str) -> None:
    assert quick.parse(["r.txt", odd]) is None
