"""The manual page, nogilcheck(1), made from the help of every command, in the macros of man(7)."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import typer

from nogilcheck.cli.app import app
from tests.support.command_line_page import plain
from tests.support.commands import COMMANDS

PATH = "docs/man/nogilcheck.1"


def man_page() -> str:
    """The page; without a version and a date, so that it changes with the help alone."""
    head = ['.TH NOGILCHECK 1 "" nogilcheck "User Commands"', ".SH NAME", f"nogilcheck \\- {_text(str(app.info.help))}"]
    usage = [".SH SYNOPSIS", ".nf", *(_text(_usage(names)) for names in COMMANDS), ".fi"]
    commands = [".SH COMMANDS", *(line for names in COMMANDS for line in _command(names))]
    examples = str(app.info.epilog).partition("\b\n")[2]
    return "\n".join([*head, *usage, *commands, ".SH EXAMPLES", *_literal(examples), ""])


def _context(names: tuple[str, ...]) -> typer.Context:
    return typer.Context(COMMANDS[names], info_name=" ".join(["nogilcheck", *names]))


def _usage(names: tuple[str, ...]) -> str:
    usage: str = COMMANDS[names].get_usage(_context(names))
    return plain(usage).removeprefix("Usage: ")


def _command(names: tuple[str, ...]) -> Iterator[str]:
    command = COMMANDS[names]
    yield f".SS {_text(' '.join(['nogilcheck', *names]))}"
    for number, paragraph in enumerate(inspect.cleandoc(command.help).split("\n\n")):
        yield from ([".PP"] if number else [])
        yield from map(_text, paragraph.splitlines())
    for title, records in command.sections(_context(names)):
        yield from (".PP", f".B {_text(title)}")
        for option, text in records:
            yield from (".TP", f".B {_text(plain(option))}", _text(plain(text)))
    yield from (".PP", ".B Examples", *_literal(command.epilog.partition("\b\n")[2]))


def _literal(text: str) -> Iterator[str]:
    yield from (".PP", ".nf", *map(_text, inspect.cleandoc(text).splitlines()), ".fi")


def _text(text: str) -> str:
    """A line of text, in which no sign means anything to the formatter."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("^", "\\(ha").replace("~", "\\(ti")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped
