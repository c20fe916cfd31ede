"""The options of the table as typer's parameters, for the commands that have them, and what shells offer for values."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial, wraps
from typing import Annotated, Any, get_origin

import typer

from nogilcheck.config.option import COMMA_SEPARATED, Option
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


def completion(option: Option) -> Callable[[str], list[str]] | None:
    """The function by which typer completes the values of an option; ``None``: files, or whatever the shell offers."""
    words = _WORDS.get(option.name)
    if words is None:
        return None

    def completed(incomplete: str) -> list[str]:
        """The words, after those that commas end."""
        before, comma, _ = incomplete.rpartition(",") if option.kind in COMMA_SEPARATED else ("", "", "")
        return [word for name in words() if (word := f"{before}{comma}{name}").startswith(incomplete)]

    return completed


def rules() -> Iterator[str]:
    """The names and codes of all rules."""
    from nogilcheck.model.rules.table import ALL_RULES

    for rule in ALL_RULES:
        yield from (rule.name, rule.code)


def _pythons() -> Iterable[str]:
    from nogilcheck.targets.builds import usual_pythons

    return (*usual_pythons(), "host")


def _platforms() -> Iterable[str]:
    from nogilcheck.targets.platforms import PLATFORM_NAMES

    return PLATFORM_NAMES


def _formats() -> Iterable[str]:
    from nogilcheck.report.formats import RENDERERS

    return RENDERERS


def _input_formats() -> Iterable[str]:
    from nogilcheck.inputs.formats import NAMES

    return NAMES


def _fail_words() -> Iterator[str]:
    from nogilcheck.model.policy import FAIL_WORDS

    yield from FAIL_WORDS
    for scope in ("direct", "transitive"):
        yield from (f"{scope}:{word}" for word in FAIL_WORDS)


def _of_project(*keys: str) -> Callable[[], Iterable[str]]:
    """The keys of a table of the ``pyproject.toml`` in the working directory; none where it cannot be read."""

    def names() -> Iterable[str]:
        import tomllib
        from pathlib import Path

        try:
            table: Any = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
            for key in keys:
                table = table[key]
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return ()
        return tuple(table) if isinstance(table, dict) else ()

    return names


_WORDS: Mapping[str, Callable[[], Iterable[str]]] = {
    "python": _pythons,
    "allow-target": _pythons,
    "platform": _platforms,
    "format": _formats,
    "input-format": _input_formats,
    "index-strategy": lambda: ("merge", "first-index"),
    "fail-on": _fail_words,
    "ignore": lambda: (rule for rule in rules() if rule.isupper()),  # a name alone is that of a project
    "env": lambda: ("current",),
    "extra": _of_project("project", "optional-dependencies"),
    "group": _of_project("dependency-groups"),
    "only-binary": lambda: (":all:", ":none:"),
    "no-binary": lambda: (":all:", ":none:"),
}
"""By option: the words that are offered."""
