"""Commands that take the options of a check take all of them, and call them the same."""

from __future__ import annotations

from typing import Annotated, Any

import typer
import typer.main

from nogilcheck.cli.commands.check import check
from nogilcheck.cli.typer_options import ALL, SHARED, with_options


def test_a_command_has_its_own_parameters_and_those_of_a_check() -> None:
    taken: dict[str, object] = {}

    @with_options(*SHARED)
    def command(
        name: Annotated[str, typer.Argument()],
        output_format: Annotated[str | None, typer.Option("--format")] = None,
        **shared: object,
    ) -> None:
        taken.update(shared, name=name, output_format=output_format)

    app = typer.Typer(add_completion=False)
    app.command("check")(check)
    app.command("command")(command)
    group: Any = typer.main.get_command(app)
    line = ["numpy", "a.txt", "b.txt", "-p", "3.14t", "--format", "json", "--no-color", "--max-age", "7"]
    group(["command", *line], standalone_mode=False)

    assert (taken["name"], taken["inputs"], taken["python"]) == ("numpy", ["a.txt", "b.txt"], ["3.14t"])
    assert (taken["output_format"], taken["colour"], taken["max_age"]) == ("json", False, 7)
    alone = {name.replace("-", "_") for name in {*ALL} - {*SHARED}} | {"output_format"}
    own, of_check = (
        {parameter.name: parameter.opts for parameter in group.commands[name].params if parameter.name not in alone}
        for name in ("command", "check")
    )
    assert own == {"name": ["name"], **of_check}


def test_a_parameter_without_a_declaration_is_taken_from_the_table() -> None:
    taken: dict[str, object] = {}

    @with_options()
    def command(output: list[str] | None = None, colour: bool | None = None) -> None:
        taken.update(output=output, colour=colour)

    app = typer.Typer(add_completion=False)
    app.command("command")(command)
    typer.main.get_command(app).main(["-o", "a.json", "-o", "-", "--no-color"], standalone_mode=False)
    assert taken == {"output": ["a.json", "-"], "colour": False}
