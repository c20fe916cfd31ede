"""How typer shows and parses the commands: help in groups, and errors for values that are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from typer.core import TyperCommand

from nogilcheck.config.option_table import OPTIONS, OTHER
from nogilcheck.errors import UsageError

WIDTH = 100
"""Columns of help, in a terminal that has them."""


class GroupedCommand(TyperCommand):
    """A command whose help lists the options by group, in the order of their first option."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write one section for each group of arguments and options."""
        for title, records in self.sections(ctx):
            with formatter.section(title):
                formatter.write_dl(records, col_max=26)

    def sections(self, ctx: Any) -> list[tuple[str, list[tuple[str, str]]]]:
        """Each group with its options and their help."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            if (record := parameter.get_help_record(ctx)) is not None:
                sections.setdefault(_group(parameter), []).append(record)
        return sorted(sections.items(), key=lambda section: (section[0] == OTHER, _GROUPS.index(section[0])))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse an option in the place of another one's value, which would be taken for it."""
        if not ctx.resilient_parsing:
            _refuse_missing(list(self.get_params(ctx)), args)
        rest: list[str] = super().parse_args(ctx, args)
        return rest


_GROUPS = tuple(dict.fromkeys(("Arguments", "Inputs", "Plan", *(option.group for option in OPTIONS if option.flag))))


def _group(parameter: Any) -> str:
    panel: str | None = getattr(parameter, "rich_help_panel", None)
    return panel or ("Arguments" if parameter.param_type_name == "argument" else OTHER)


def spelled(parameters: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """Every spelling of every option, with its parameter."""
    for parameter in parameters:
        if parameter.param_type_name == "option":
            yield from ((spelling, parameter) for spelling in (*parameter.opts, *parameter.secondary_opts))


def _refuse_missing(parameters: list[Any], arguments: list[str]) -> None:
    """Raise `UsageError` for an option that takes a value and has none before the next option, or at the end."""
    options = dict(spelled(parameters))
    given = iter([*arguments[: arguments.index("--")], "--"] if "--" in arguments else arguments)
    for argument in given:
        option = options.get(argument)
        if option is not None and not option.is_flag:
            value = next(given, "--")
            if value == "--" or value.partition("=")[0] in options:
                raise UsageError(f"missing value for {argument}", hint=f"{argument} {option.metavar}: {option.help}")
