"""The reference page of the command line, made from the help of every command."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import typer

from tests.support.commands import COMMANDS

HEAD = """\
# Command line

`nogilcheck FILES` is short for `nogilcheck check FILES`. `nogilcheck COMMAND --help` shows what this page shows;
so does `man nogilcheck` where pip or pipx installed it. `nogilcheck --install-completion` lets the shell complete
commands, options and their values.
[Configuration](configuration.md) has the keys and variables that stand for options.

<!-- written by `make docs` from the help of the commands -->
"""


_NO_BRACES = str.maketrans("", "", "{}")


def command_line_page() -> str:
    """The page."""
    return "\n".join([HEAD, *(line for names in COMMANDS for line in _lines(names))])


def _lines(names: tuple[str, ...]) -> Iterator[str]:
    command = COMMANDS[names]
    context = typer.Context(command, info_name=" ".join(["nogilcheck", *names]))
    yield f"## nogilcheck {' '.join(names)}\n"
    yield f"{inspect.cleandoc(command.help)}\n"
    yield f"```text\n{plain(command.get_usage(context))}\n```\n"
    for title, records in command.sections(context):
        yield f"| {title} | |\n|---|---|"
        yield "\n".join(f"| `{_cell(option)}` | {_cell(text)} |" for option, text in records) + "\n"
    examples = inspect.cleandoc(command.epilog.partition("\b\n")[2])
    yield (
        "<!-- not run: examples, for files that are not here -->\n```sh\n"
        + "\n".join(line.strip() for line in examples.splitlines())
        + "\n```\n"
    )


def plain(text: str) -> str:
    """A text of typer's without the braces and brackets that its releases put around what is required or optional."""
    return text[1:-1] if text.startswith("[") and text.endswith("]") else text.translate(_NO_BRACES)


def _cell(text: str) -> str:
    return plain(text).replace("|", "\\|").replace("[tool.nogilcheck]", "`[tool.nogilcheck]`")
