"""Commands that take the options of a check take all of them, and call them the same."""

from __future__ import annotations

import inspect
from typing import Annotated, Any

import typer
import typer.main

from nogilcheck.cli.commands import check as declared
from nogilcheck.cli.shared import ALONE, SHARED, with_options_of_check


def test_every_option_of_a_check_is_shared_or_declared_not_to_be() -> None:
    assert {*SHARED, *ALONE} == set(inspect.signature(declared.check).parameters)


def test_a_command_has_its_own_parameters_and_those_of_a_check() -> None:
    taken: dict[str, object] = {}

    @with_options_of_check
    def command(
        name: Annotated[str, typer.Argument()],
        output_format: Annotated[str | None, typer.Option("--format")] = None,
        **shared: object,
    ) -> None:
        taken.update(shared, name=name, output_format=output_format)

    app = typer.Typer(add_completion=False)
    app.command("check")(declared.check)
    app.command("command")(command)
    group: Any = typer.main.get_command(app)
    line = ["numpy", "a.txt", "b.txt", "-p", "3.14t", "--format", "json", "--no-color", "--max-age", "7"]
    group(["command", *line], standalone_mode=False)

    assert (taken["name"], taken["inputs"], taken["python"]) == ("numpy", ["a.txt", "b.txt"], ["3.14t"])
    assert (taken["output_format"], taken["colour"], taken["max_age"]) == ("json", False, 7)
    own, of_check = (
        {parameter.name: parameter.opts for parameter in group.commands[name].params if parameter.name not in ALONE}
        for name in ("command", "check")
    )
    assert own == {"name": ["name"], **of_check}
