"""Surveys: many projects on the command line, one of them failing, resumed, and with workers that are lost."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nogilcheck.jobs.surveying.engines import processes
from nogilcheck.jobs.surveying.engines import run as run_engine
from tests.support.command import Outcome, run
from tests.world import Index, parse, serve

UNIVERSE = parse("""
[projects.speed]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
[projects.gil]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
[projects.pure]
"1.0" = {}
""")
PROJECTS = {"api": "speed", "jobs": "speed\ngil", "web": "pure", "deep/er": "speed\npure", "lost": "no-such-project"}


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with serve(UNIVERSE) as served:
        yield served


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, requirements in PROJECTS.items():
        Path("services", name).mkdir(parents=True)
        Path("services", name, "requirements.txt").write_text(requirements, encoding="utf-8")
    Path("services/bad").mkdir()
    Path("services/bad/pyproject.toml").write_text("[project\n", encoding="utf-8")
    Path("services/tools").mkdir()
    Path("services/tools/pyproject.toml").write_text("[tool.other]\n", encoding="utf-8")
    return tmp_path


def survey(index: Index, *arguments: str) -> Outcome:
    outcome = run(
        "survey", *arguments, "--index-url", index.url, "--cache-dir", "cache", "--python", "3.14t", "--jobs", "1"
    )
    assert "Traceback" not in outcome.stderr
    return outcome


def lines() -> list[dict[str, object]]:
    return [json.loads(line) for line in Path("nogilcheck-survey/survey.jsonl").read_text().splitlines()[1:]]


def test_a_monorepo(index: Index) -> None:
    outcome = survey(index, "services", "-o", "-", "-o", "page.html", "-o", "all.csv")
    assert outcome.status == 1
    assert "6 projects; ready: 1 for 3.14t" in outcome.stdout
    assert "1 ready, 3 blocked, 2 unknown" in outcome.stdout
    assert "speed: holds 3 projects; 2 would be ready with only this fixed" in outcome.stdout
    assert "gil: holds 1 project; none is held by this alone" in outcome.stdout
    assert "50 %: 1 fix for 2 of 3 projects: speed" in outcome.stdout
    assert "80 %" not in outcome.stdout, "one set does for both"
    assert "100 %: 2 fixes for 3 of 3 projects: speed, gil" in outcome.stdout
    assert "services/bad: services/bad/pyproject.toml" in outcome.stdout
    assert "speed" in Path("page.html").read_text()
    assert len(Path("all.csv").read_text().splitlines()) == 1 + 6
    reports = [Path("nogilcheck-survey", str(one["report"])) for one in lines() if one["report"]]
    assert len(reports) == 5
    assert run("report", str(reports[0])).status == 0, "each is a report of its own"

    # The one that failed is checked again, and nothing else is.
    before = len(index.requests)
    Path("services/bad/pyproject.toml").write_text('[project]\nname = "bad"\nversion = "1"\ndependencies = ["pure"]\n')
    with Path("nogilcheck-survey/survey.jsonl").open("a") as file:
        file.write('{"project": "torn')  # as where the machine went down
    again = survey(index, "services", "--resume")
    assert "2 ready, 3 blocked, 1 unknown" in again.stdout
    assert len(index.requests) == before
    assert len(lines()) == 6

    refused = survey(index, "services", "--resume", "--pre")
    assert (refused.status, refused.stdout) == (2, "")

    Path("services/api/requirements.txt").write_text("pure")
    survey(index, "services", "--into", "later")
    changed = run("diff", "nogilcheck-survey", "later")
    assert (changed.status, changed.stdout) == (0, "services/api on cp314t-linux_x86_64: blocked -> ready\n")
    assert run("diff", "later", "nogilcheck-survey").status == 1
    into = run("diff", "nogilcheck-survey", "later", "--format", "json", "-o", "diff.json")
    assert (into.status, into.stdout) == (0, "")
    assert "services/api" in Path("diff.json").read_text(encoding="utf-8")
    assert run("diff", "nogilcheck-survey", "later", "--format", "html").status == 2


def test_a_report_that_is_none_fails_alone_and_what_is_written_is_confirmed(index: Index) -> None:
    Path("broken.json").write_text("[]", encoding="utf-8")
    outcome = survey(index, "services/web", "broken.json", "-o", "all.csv")
    assert outcome.status == 3
    assert "Wrote all.csv (2 projects; ready: 1 for 3.14t" in outcome.stderr
    assert "not a nogilcheck report" in Path("all.csv").read_text(encoding="utf-8") + outcome.stdout


def test_a_list_of_names_paths_and_reports(index: Index) -> None:
    run("check", "gil", "--index-url", index.url, "--no-cache", "--python", "3.14t", "-o", "gil.json")
    Path("list").write_text("# ours\nservices/web\npure>=1  # a name\n\ngil.json\n", encoding="utf-8")
    outcome = survey(index, "list")
    assert "list is read as a list: each line is a project" in outcome.stderr
    assert "3 projects; ready: 2 for 3.14t" in outcome.stdout
    assert "gil: holds 1 project; 1 would be ready with only this fixed" in outcome.stdout
    assert {one["project"] for one in lines()} == {"services/web", "pure>=1", "gil.json"}


@pytest.mark.parametrize("text", ["", "-r requirements.txt\n"])
def test_nothing_to_survey_is_an_error(index: Index, text: str) -> None:
    Path("list").write_text(text, encoding="utf-8")
    outcome = survey(index, "list")
    assert (outcome.status, outcome.stdout) == (2, "")
    assert not Path("nogilcheck-survey").exists()


def test_all_unknown_is_never_ready(index: Index) -> None:
    assert survey(index, "services/bad").status == 3
    assert survey(index, "services/lost").status == 3
    assert survey(index, "services/web").status == 0


def _killed_once(task: tuple[int, str]) -> int:
    """Kills its worker the first time that one task, the other every time."""
    number, place = task
    first = Path(place, f"{number}")
    if number == 4 or (number == 2 and not first.exists()):
        first.touch()
        os.kill(os.getpid(), signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    return number


def test_the_projects_of_a_lost_worker_are_done_again(tmp_path: Path) -> None:
    tasks = [(number, str(tmp_path)) for number in range(6)]
    assert sorted(run_engine(processes(1), _killed_once, tasks, lambda task: -task[0])) == [-4, 0, 1, 2, 3, 5]


def test_a_scheduler_that_does_not_answer_is_told_before_any_work(index: Index) -> None:
    pytest.importorskip("distributed")
    outcome = survey(index, "services", "--scheduler", "tcp://127.0.0.1:9")
    assert (outcome.status, outcome.stdout) == (2, "")
    assert "--scheduler" in outcome.stderr or "the scheduler tcp://127.0.0.1:9" in outcome.stderr
    assert not Path("nogilcheck-survey").exists()


def test_credentials_do_not_travel_to_a_scheduler(index: Index) -> None:
    url = index.url.replace("://", "://user:secret@")
    outcome = run("survey", "services", "--index-url", url, "--scheduler", "tcp://127.0.0.1:9")
    assert outcome.status == 2
    assert "credentials" in outcome.stderr
    assert "secret" not in outcome.stderr
