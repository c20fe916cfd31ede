"""Every option of every command, given nonsense or nothing, is an error that names it and says what is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import run
from tests.support.commands import COMMANDS

NONSENSE = "file/no such thing.!"
"""It is below a file, so that nothing can be there."""

ARGUMENTS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("check",): ("six", "--offline"),
    ("why",): ("six", "six", "--offline"),
    ("plan",): ("six", "--offline"),
    ("minimum",): ("six", "--offline"),
    ("report",): ("report.json",),
    ("diff",): ("report.json", "report.json"),
    ("inspect",): (".",),
    ("survey",): ("six", "--offline"),
}
ANY = {"--into", "--extra", "--group"}
"""Of a survey: a directory that is to be made, and what some of its projects may have."""
NEEDS = {"--scan-limit": ("--scan",)}


def options(names: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """The options of a command with their longest spelling."""
    for option in COMMANDS[names].params:
        if option.param_type_name == "option":
            yield max(option.opts, key=len), option


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_a_value_that_means_nothing(names: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    Path("report.json").touch()
    for flag, option in options(names):
        if not option.is_flag and (names != ("survey",) or flag not in ANY):
            outcome = run(*names, *ARGUMENTS.get(names, ()), flag, NONSENSE, *NEEDS.get(flag, ()))
            assert (outcome.status, outcome.stdout) == (2, ""), (flag, outcome)
            error, hint = outcome.stderr.splitlines()
            assert error.startswith("nogilcheck: error: ")
            assert hint.startswith("  hint: ")
            assert flag in outcome.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"file", "report.json"}, "nothing is written"


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_a_value_that_is_missing(names: tuple[str, ...]) -> None:
    """The next option is not taken for it: ``-o --quiet`` would write a file of that name."""
    for flag, option in options(names):
        rest: list[tuple[str, ...]] = [] if option.is_flag else [(), ("--help",), ("--",)]
        for more in rest:
            outcome = run(*names, *ARGUMENTS.get(names, ()), flag, *more)
            assert (outcome.status, outcome.stdout) == (2, ""), (flag, outcome)
            assert f"missing value for {flag}\n  hint: {flag} {option.metavar}: " in outcome.stderr


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_a_misspelt_option(names: tuple[str, ...]) -> None:
    for flag, _ in options(names):
        wrong = f"{flag[:-2]}{flag[-1]}{flag[-2]}x"
        outcome = run(*names, *ARGUMENTS.get(names, ()), wrong)
        assert (outcome.status, outcome.stdout) == (2, "")
        assert outcome.stderr.startswith(f"nogilcheck: error: unknown option {wrong} (did you mean '--")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chekc", "six"], "did you mean `nogilcheck check six`?"),
        (["cache"], "allowed: dir, info, clear"),
        (["cache", "claer"], "unknown command 'claer' (did you mean 'clear'?)"),
        (["config"], "allowed: show"),
        (["six", "--platform", "linx"], "invalid value 'linx' for --platform (did you mean 'linux'?)"),
        (["six", "--python", "3.14tt"], "invalid value '3.14tt' for --python (did you mean '3.14t'?)"),
        (["six", "--fail-on", "blokcer"], "invalid value 'blokcer' for --fail-on (did you mean 'blocker'?)"),
        (["six", "--format", "jsno"], "invalid value 'jsno' for --format (did you mean 'json'?)"),
        (
            ["six", "--ignore", "six:gil-onyl"],
            "invalid value 'six:gil-onyl' for --ignore (did you mean 'six:gil-only'?)",
        ),
        (
            ["six", "--ignore", "gil-only"],
            "for --ignore: the name of a rule stands for a project here (did you mean 'NGC006'?)",
        ),
        (["six", "-o", "six.foo"], "invalid value 'six.foo' for --output: cannot infer a format from '.foo'"),
        (["six", "--max-age", "1h"], "invalid value '1h' for --max-age (did you mean '3600'?)"),
        (["plan", "--window-releases", "0"], "allowed: a whole number, 1 to 50"),
        (["plan", "--prefer", "newset"], "(did you mean 'newest'?)"),
        (["-r", "fiel.txt"], "there is no such file or directory (did you mean 'file.txt'?)"),
    ],
)
def test_what_was_probably_meant(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file.txt").touch()
    outcome = run(*arguments)
    assert outcome.status == 2
    assert said in outcome.stderr
