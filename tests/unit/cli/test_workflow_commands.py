"""No line of ours is a workflow command, but those that are meant to be."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nogilcheck.cli.workflow_commands import Defused
from tests.support.command import run

PARSED = re.compile(r"^\s*::|##\[", re.MULTILINE)
"""What the runner looks for (``ActionCommand.cs``)."""

PIECES = ("::", ":", "##[", "#", "[", "\n", " ", "error", "::error::x", "##[add-mask]", "\t", "a")


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), max_size=8))
def test_however_a_text_is_written_no_line_is_a_command(parts: list[str]) -> None:
    stream = io.StringIO()
    defused = Defused(stream)
    for part in parts:
        assert defused.write(part) == len(part)
    assert not PARSED.search(stream.getvalue())
    assert stream.getvalue().replace(" ", "") == "".join(parts).replace(" ", "")


FORMATS = (
    "terminal",
    "tree",
    "json",
    "compact",
    "sarif",
    "gitlab",
    "junit",
    "markdown",
    "csv",
    "html",
    "badge",
    "mermaid",
    "dot",
)
COMMANDS = ("::error::planted", "::add-mask::planted", "a##[error]planted", "a##[set-env name=X]planted")


def planted(path: Path) -> None:
    lines = [f"{'x' * width} {'y' * 9} {command}" for command in COMMANDS for width in (3, 70, 92, 97, 101)]
    lines += [*COMMANDS, *(f"-r {command}" for command in COMMANDS), *(f"x @ {command}" for command in COMMANDS)]
    path.write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("further", [["--no-annotations"], ["--no-annotations", "-v"], ["--no-annotations", "-vv"], []])
def test_what_strangers_wrote_is_no_command_in_any_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, further: list[str]
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.chdir(tmp_path)
    planted(tmp_path / "r.txt")
    outcome = run("r.txt", "--offline", "--no-cache", "--python", "3.14t", "--format", form, *further)
    lines = (outcome.stdout + "\n" + outcome.stderr).splitlines()
    assert any("planted" in line for line in lines) or form in {"badge", "dot", "mermaid", "tree"}
    own = re.compile(r"::(?:error|warning|notice) (?:file=|title=)")
    commands = [line for line in lines if PARSED.search(line) and not own.match(line)]
    assert not commands
    assert bool([line for line in lines if own.match(line)]) == ("--no-annotations" not in further)
    if form in {"json", "sarif", "gitlab"} and further:
        assert "##[error]planted" in json.dumps(json.loads(outcome.stdout))


def test_errors_and_settings_are_no_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.chdir(tmp_path)
    for arguments in (
        ["##[error]x"],
        ["--python", "##[error]x"],
        ["explain", "##[x]"],
        ["--##[error]"],
        ["diff", "##[a]", "b"],
    ):
        outcome = run(*arguments)
        assert outcome.status == 2
        assert not PARSED.search(outcome.stdout + "\n" + outcome.stderr)


@pytest.mark.parametrize("further", [[], ["-v"]])
def test_text_wrapped_to_the_start_of_a_line_is_no_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, further: list[str]
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.chdir(tmp_path)
    lines = [f"x @ https://h.example/{'y' * width} {'z ' * 9} ::error::planted" for width in range(1, 60)]
    (tmp_path / "r.txt").write_text("\n".join(["x", *lines]), encoding="utf-8")
    outcome = run("r.txt", "--offline", "--no-cache", "--python", "3.14t", "--no-annotations", *further)
    assert ": :error::planted" in outcome.stdout, "one of them is at the start of a line"
    assert not PARSED.search(outcome.stdout + "\n" + outcome.stderr)
