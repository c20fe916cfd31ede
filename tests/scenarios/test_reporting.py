"""Formats, outputs, annotations, saved reports and rule pages, through the command line."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nogilcheck.report.formats import RENDERERS
from tests.support.command import Outcome, run
from tests.support.reports import AIRFLOW
from tests.world import SHAPES, parse, serve

APP = """
[projects.app]
"1.0" = { requires = ["speed>=1", "pure"] }
[projects.speed]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
[projects.pure]
"1.0" = {}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, in a subdirectory of its repository."""
    directory = tmp_path / "services" / "api"
    directory.mkdir(parents=True)
    monkeypatch.chdir(directory)
    (directory / "requirements.txt").write_text("# what we need\napp\n", encoding="utf-8")
    return directory


@pytest.fixture
def index() -> Iterator[str]:
    with serve(parse(APP), SHAPES["pypi"]) as served:
        yield served.url


def check(*arguments: str, index: str) -> Outcome:
    return run("requirements.txt", *arguments, "--python", "3.14t", "--no-cache", "--index-url", index)


def test_several_outputs_of_one_check(project: Path, index: str) -> None:
    outcome = check("-o", "report.sarif", "--output", "summary.md", "--output=-", "-o", "report.json", index=index)
    assert outcome.status == 1
    files = ("report.sarif", "summary.md", "report.json")
    assert outcome.stderr == "".join(f"Wrote {name} (1 blocker on 3.14t)\n" for name in files)
    assert "3.14t  BLOCKED  1 blocker" in outcome.stdout
    results = json.loads((project / "report.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == ["NGC006"]
    assert (project / "summary.md").read_text(encoding="utf-8").startswith("## nogilcheck: 3.14t is blocked by 1\n")
    assert json.loads((project / "report.json").read_text(encoding="utf-8"))["exit_status"] == 1


def test_the_tree_is_a_format_with_a_flag_of_its_own(project: Path, index: str) -> None:
    drawn = check("--tree", index=index)
    assert "\nrequirements.txt:2  app 1.0\n" in drawn.stdout
    assert drawn == check("--format", "tree", index=index)
    assert check("--tree", "--format", "json", index=index).status == 2


def test_formats_pair_up_with_outputs(project: Path, index: str) -> None:
    outcome = check("--format", "badge", "-o", "b.json", "--format", "gitlab", "-o", "-", index=index)
    assert json.loads((project / "b.json").read_text(encoding="utf-8"))["message"] == "3.14t 1 blocker"
    assert json.loads(outcome.stdout)[0]["check_name"] == "NGC006"


def test_an_output_that_cannot_be_is_known_before_the_check(project: Path) -> None:
    with serve(parse(APP), SHAPES["pypi"]) as served:
        outcome = check("-o", "missing/report.json", index=served.url)
        assert not served.requests
    assert outcome.status == 2
    assert "missing/report.json" in outcome.stderr


def test_on_github_actions_lines_are_annotated_and_the_summary_is_written(
    project: Path, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = project / "summary"
    summary.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(project.parents[1]))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    outcome = check(index=index)
    annotation = "::error file=services/api/requirements.txt,line=2,title=NGC006 speed 1.0 blocks 3.14t::"
    assert annotation in outcome.stdout.splitlines()[-1]
    assert "BLOCKED  1 blocker" in outcome.stdout
    assert summary.read_text(encoding="utf-8").startswith("before\n## nogilcheck: ")
    to_file = check("-o", "report.json", index=index)
    assert to_file.stdout.startswith("::error ")
    machine = check("--format", "json", index=index)
    assert json.loads(machine.stdout)["verdict"] == "blocked"
    assert machine.stderr.startswith("::error ")
    once = check("--format", "github", index=index)
    assert (once.stdout.count("::error "), once.stderr) == (1, "")
    size = summary.stat().st_size
    outputs = project / "outputs"
    monkeypatch.setenv("GITHUB_OUTPUT", str(outputs))
    off = check("--no-annotations", index=index)
    assert "::" not in off.stdout + off.stderr
    assert summary.stat().st_size == size
    assert outputs.read_text(encoding="utf-8") == "verdict=blocked\nblockers=1\n"


def test_annotations_elsewhere_only_when_asked_for(project: Path, index: str) -> None:
    assert "::error" not in check(index=index).stdout
    assert "::error file=requirements.txt,line=2" in check("--annotations", index=index).stdout


def test_a_summary_that_cannot_be_written_is_a_warning(
    project: Path, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(project / "missing" / "summary"))
    outcome = check(index=index)
    assert outcome.status == 1
    assert "warning: the step summary cannot be written" in outcome.stderr


@pytest.mark.parametrize("name", RENDERERS)
def test_a_saved_report_in_any_format_is_what_the_check_writes(name: str, project: Path, index: str) -> None:
    check("-o", "report.json", index=index)
    assert run("report", "report.json", "--format", name).stdout == check("--format", name, index=index).stdout


def test_a_saved_report_goes_to_files_whatever_it_says(project: Path) -> None:
    (project / "r.json").write_text(AIRFLOW.report().to_json(), encoding="utf-8")
    outcome = run("report", "r.json", "-o", "r.html", "-o", "r.xml", "-o", "again.json")
    files = ("r.html", "r.xml", "again.json")
    said = "".join(f"Wrote {name} (3 blockers on 3.14t, 5 blockers on 3.15t)\n" for name in files)
    assert outcome == Outcome(status=0, stdout="", stderr=said)
    assert (project / "again.json").read_bytes() == (project / "r.json").read_bytes()
    assert (project / "r.html").read_bytes().startswith(b"<!DOCTYPE html>")
    assert (project / "r.xml").read_bytes().startswith(b"<?xml")


def test_a_report_on_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    given = io.TextIOWrapper(io.BytesIO(AIRFLOW.report().to_json().encode()))
    monkeypatch.setattr(sys, "stdin", given)
    assert json.loads(run("report", "-", "--format", "badge").stdout)["label"] == "free-threaded"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "r.json: the report cannot be read"),
        (b"", "r.json: not a nogilcheck report: not JSON"),
        (b"[]", "r.json: not a nogilcheck report"),
        (b"\xff", "r.json: not a nogilcheck report: not UTF-8"),
        (b'{"schema_version": "9.0"}', "r.json: the report has schema version 9.0"),
    ],
)
def test_what_is_no_report_is_said(project: Path, content: bytes | None, said: str) -> None:
    if content is not None:
        (project / "r.json").write_bytes(content)
    outcome = run("report", "r.json")
    assert (outcome.status, outcome.stdout) == (2, "")
    assert said in outcome.stderr
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize("name", ["NGC006", "ngc006", "gil-only", "GIL_ONLY"])
def test_explain_a_rule(name: str) -> None:
    outcome = run("explain", name)
    assert outcome.status == 0
    assert outcome.stdout.startswith("NGC006 gil-only\n")
    assert "Remedy\n" in outcome.stdout


def test_explain_lists_every_rule_and_knows_no_others() -> None:
    listed = run("explain")
    assert (listed.status, listed.stderr) == (0, "")
    assert "NGC001  gil-enabled" in listed.stdout
    assert "NGC202  unread" in listed.stdout
    unknown = run("explain", "gil-olny")
    assert (unknown.status, unknown.stdout) == (2, "")
    assert "did you mean NGC006 gil-only?" in unknown.stderr


def test_two_processes_write_the_same_bytes(project: Path) -> None:
    """Whatever the order of sets is in each."""
    (project / "r.json").write_text(AIRFLOW.report().to_json(), encoding="utf-8")
    names = [f"out.{number}" for number in range(len(RENDERERS))]
    arguments = [word for name, out in zip(RENDERERS, names, strict=True) for word in ("--format", name, "-o", out)]
    written = []
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-m", "nogilcheck", "report", "r.json", *arguments],
            check=True, timeout=60, env={**os.environ, "PYTHONHASHSEED": seed},
        )  # fmt: skip
        written.append([(project / name).read_bytes() for name in names])
    assert written[0] == written[1]
    assert all(written[0])


COMPLETIONS = {
    "bash": {"COMP_CWORD": "{position}", "COMP_WORDS": "{lines}"},
    "zsh": {"_TYPER_COMPLETE_ARGS": "{words}"},
    "fish": {"_TYPER_COMPLETE_ARGS": "{words}", "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
}


def complete(shell: str, words: str) -> str:
    """What a shell is told when the user presses the tabulator after the words."""
    position = str(words.count(" "))
    lines = words.replace(" ", "\n")  # as "${COMP_WORDS[*]}" is with the IFS of typer's script
    extra = {
        name: value.format(words=words, lines=lines, position=position) for name, value in COMPLETIONS[shell].items()
    }
    done = subprocess.run(
        [sys.executable, "-m", "nogilcheck"],
        capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "_NOGILCHECK_COMPLETE": f"complete_{shell}", **extra},
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.stdout


GOING_ON = {
    "nogilcheck ex": "explain",
    "nogilcheck check --annot": "--annotations",
    "nogilcheck requirements.txt --outp": "--output",
    "nogilcheck --format gitl": "gitlab",
    "nogilcheck explain gil-o": "gil-only",
    "nogilcheck --vers": "--version",
    "nogilcheck r.txt --format json --quie": "--quiet",
}
LEFT_OUT = "nogilcheck requirements.txt --outp"


@pytest.mark.parametrize(
    ("shell", "words"), [*(("bash", words) for words in GOING_ON), ("zsh", LEFT_OUT), ("fish", LEFT_OUT)]
)
def test_shells_are_told_how_to_go_on(shell: str, words: str) -> None:
    assert GOING_ON[words] in complete(shell, words)


@pytest.mark.parametrize("command", ["check", "report", "explain"])
def test_help_has_examples_or_explains_itself(command: str) -> None:
    text = run(command, "--help").stdout
    assert f"nogilcheck {command}" in text
    assert command == "explain" or "Examples:" in text
