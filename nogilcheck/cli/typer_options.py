"""The options of the table as typer's parameters, for the commands that have them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial, wraps
from typing import Annotated, Any, get_origin

import typer

from nogilcheck.cli.value_completion import completion
from nogilcheck.config.option import Option
from nogilcheck.config.option_table import OPTIONS
from nogilcheck.config.values import parse_number
from nogilcheck.errors import invalid_value

ALL = tuple(option.name for option in OPTIONS if option.has_flag)
SHARED = tuple(option.name for option in OPTIONS if option.has_flag and option.is_shared)
"""What is checked, on what, from where, and how the answer is drawn."""


def format_option(*formats: str, several: bool = True) -> Any:
    """``--format`` of a command that has these."""
    default = "Default: as the file is called, or terminal." if several else "Default: terminal."
    return typer.Option(
        "--format",
        metavar="NAME",
        help=f"Output format: {', '.join(formats[:-1])} or {formats[-1]}. {default}",
        show_default=False,
        autocompletion=lambda incomplete: [name for name in formats if name.startswith(incomplete)],
        rich_help_panel="Output",
    )


TextOrJson = Annotated[str, format_option("terminal", "json", several=False)]
"""For standard output alone."""

_BY_PARAMETER = {option.parameter: option for option in OPTIONS}


def with_options(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command options of the table.

    Those in ``names`` follow the command's own parameters; the command receives them as keyword arguments, by
    `Option.parameter`. A parameter of its own is taken from the table, too, where it is called as an option is and has
    no declaration for typer (``Annotated``).
    """

    def decorated(command: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(command, eval_str=True)
        parameters = {
            name: _declared(parameter)
            for name, parameter in own.parameters.items()
            if parameter.kind is not inspect.Parameter.VAR_KEYWORD
        }
        for option in OPTIONS:
            if option.name in names:
                parameters.setdefault(option.parameter, _parameter(option))

        @wraps(command)
        def called(*arguments: Any, **flags: Any) -> None:
            command(*arguments, **flags)

        called.__signature__ = own.replace(parameters=list(parameters.values()))  # type: ignore[attr-defined]  # PEP 362
        return called

    return decorated


def _declared(own: inspect.Parameter) -> inspect.Parameter:
    """A command's own parameter, declared for typer by itself or by the table."""
    if own.name not in _BY_PARAMETER or get_origin(own.annotation) is Annotated:
        return own
    return own.replace(annotation=_parameter(_BY_PARAMETER[own.name]).annotation)


def _parameter(option: Option) -> inspect.Parameter:
    text = " ".join(filter(None, (option.help, option.details))).replace("`", "")
    declaration: Any
    if option.name == "inputs":
        declaration = typer.Argument(
            metavar=option.metavar, help=option.details, show_default=False, rich_help_panel=option.group
        )
    else:
        flag = f"{option.flag}/{option.off}" if option.off else f"{option.flag}"
        declaration = typer.Option(
            *filter(None, (flag, option.short)),
            metavar=option.metavar,
            help=text,
            parser=partial(parse_number, f"--{option.name}") if option.kind == "number" else None,
            autocompletion=completion(option),
            rich_help_panel=option.group,
        )
    is_plain_switch = option.kind == "switch" and not option.off
    return inspect.Parameter(
        option.parameter,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        default=False if is_plain_switch else None,
        annotation=Annotated[bool if is_plain_switch else _type(option) | None, declaration],
    )


def _type(option: Option) -> Any:
    if option.is_repeatable:
        return list[str]
    return {"switch": bool, "number": int}.get(option.kind, str)


def check_text_or_json(name: str) -> None:
    """Raise `UsageError` for a format that is neither."""
    if name not in {"terminal", "json"}:
        raise invalid_value(name, "--format", ("terminal", "json"))
