"""The examples in the help of the commands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import pytest

from tests.support.command import run
from tests.support.commands import COMMANDS


def examples(*names: str) -> Iterator[list[str]]:
    """The arguments of those that are of the command itself; what follows a pipe or many spaces is left out."""
    _, _, text = run(*names, "--help").stdout.partition("Examples:\n")
    for line in filter(None, map(str.strip, text.splitlines())):
        words = shlex.split(re.split(r"\s{2,}|\s[|<]\s", line)[0])
        words = words[words.index("nogilcheck") + 1 :]
        if tuple(words[: len(names)]) == names:
            yield words[len(names) :]
        elif names == ("check",):
            yield words


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_every_command_shows_examples_that_it_understands(names: tuple[str, ...]) -> None:
    shown = [*examples(*names)]
    assert shown
    for arguments in shown:
        COMMANDS[names].make_context(names[-1], arguments)  # raises where it has no such option
