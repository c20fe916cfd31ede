"""Surveys: many projects on the command line, one of them failing, resumed, and with workers that are lost."""

from __future__ import annotations

import json
import os
import pickle
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from nogilcheck.jobs.surveying.engines import Engine, processes
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
    # Threads: most of these tests are not about processes, which take a second each to start.
    threads = Engine(start=lambda: ThreadPoolExecutor(1), jobs=1, lost=(BrokenProcessPool,))
    monkeypatch.setattr("nogilcheck.jobs.survey.processes", lambda _: threads)
    return tmp_path


def survey(index: Index, *arguments: str) -> Outcome:
    outcome = run(
        "survey", *arguments, "--index-url", index.url, "--cache-dir", "cache", "--python", "3.14t", "--jobs", "1"
    )
    assert "Traceback" not in outcome.stderr
    return outcome


def lines() -> list[dict[str, object]]:
    return [json.loads(line) for line in Path("nogilcheck-survey/survey.jsonl").read_text().splitlines()[1:]]


def test_a_monorepo(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nogilcheck.jobs.survey.processes", processes)
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
    done = {task[0]: result for task, result in run_engine(processes(1), _killed_once, tasks)}
    assert done == {0: 0, 1: 1, 2: 2, 3: 3, 4: None, 5: 5}


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense"])
def test_a_scheduler_that_does_not_answer_is_told_before_any_work(index: Index, address: str) -> None:
    """With Dask or without; `tests/integration/test_survey_on_dask.py` has it for sure."""
    outcome = survey(index, "services", "--scheduler", address)
    assert (outcome.status, outcome.stdout) == (2, "")
    assert "--scheduler" in outcome.stderr or f"the scheduler {address}" in outcome.stderr
    assert not Path("nogilcheck-survey").exists()


def test_credentials_do_not_travel_to_a_scheduler(index: Index) -> None:
    url = index.url.replace("://", "://user:secret@")
    outcome = run("survey", "services", "--index-url", url, "--scheduler", "tcp://127.0.0.1:9")
    assert outcome.status == 2
    assert "credentials" in outcome.stderr
    assert "secret" not in outcome.stderr


def test_credentials_are_in_no_task(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes to a scheduler is what is pickled here; the workers' own environment has the secrets."""
    monkeypatch.setenv("PIP_INDEX_URL", index.url.replace("://", "://user:planted-secret@"))
    monkeypatch.setenv("UV_INDEX_COMPANY_PASSWORD", "planted-secret")
    Path("services/web/requirements.txt").write_text("--extra-index-url http://u:planted-secret@127.0.0.1:9/\npure\n")
    tasks: list[bytes] = []

    class Recording(ThreadPoolExecutor):
        def submit(self, work: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
            tasks.append(pickle.dumps((work, arguments, named)))
            return super().submit(work, *arguments, **named)

    engine = Engine(start=Recording, jobs=1, lost=(BrokenProcessPool,))
    monkeypatch.setattr("nogilcheck.jobs.survey.dask", lambda _: engine)
    outcome = run("survey", "services/web", "services/api", "--no-cache", "--scheduler", "tcp://127.0.0.1:9")
    assert len(tasks) == 2
    assert not any(b"planted-secret" in task for task in tasks)
    assert "planted-secret" not in outcome.stdout + outcome.stderr + Path("nogilcheck-survey/survey.jsonl").read_text()


def test_what_is_left_out_or_cannot_be_read_is_said_and_never_ready(index: Index) -> None:
    top = Path("odd")
    for name in ("ok", "sub/deep", "setup", "broken", "elsewhere/linked", "loop"):
        (top / name).mkdir(parents=True)
    for name in ("ok", "sub/deep", "elsewhere/linked"):
        (top / name / "requirements.txt").write_text("pure\n", encoding="utf-8")
    (top / "ok" / "pylock.toml").write_text('lock-version = "1.0"\ncreated-by = "x"\npackages = []\n')
    (top / "setup" / "setup.py").write_text("raise SystemExit\n", encoding="utf-8")
    (top / "broken" / "requirements.txt").symlink_to("gone.txt")
    (top / "loop" / "again").symlink_to(Path("odd").resolve(), target_is_directory=True)
    Path("names.txt").write_text("PURE\nodd/loop\nodd/gone/requirements.txt\n./odd/sub/deep\n", encoding="utf-8")
    outcome = survey(index, "odd", "odd/../odd/sub", "pure", "names.txt")
    assert outcome.status == 3
    assert {one["project"] for one in lines()} == {
        "odd/ok", "odd/sub/deep", "odd/setup", "odd/broken", "odd/elsewhere/linked", "pure", "odd/loop",
        "odd/gone/requirements.txt",
    }  # fmt: skip
    assert "links to directories are not followed: odd/loop/again" in outcome.stderr
    assert "odd/../odd/sub/deep is named twice, or is the same as odd/sub/deep" in outcome.stderr
    assert "PURE is named twice, or is the same as pure" in outcome.stderr
    failed = {one["project"] for one in lines() if one["error"]}
    assert failed == {"odd/setup", "odd/broken", "odd/loop", "odd/gone/requirements.txt"}
    assert "Using odd/ok/pylock.toml (requirements.txt also found" in outcome.stdout
    nothing = survey(index, "odd/loop", "--into", "other")
    assert (nothing.status, nothing.stdout) == (2, "")


def test_a_directory_that_cannot_be_read_is_a_project_that_fails(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("services/closed").mkdir()
    scandir = os.scandir

    def closed(path: Any = ".") -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    outcome = survey(index, "services/web", "services")
    assert "services/closed: services/closed: cannot be read: Permission denied" in outcome.stdout


def test_a_report_of_other_targets_is_ready_on_none(index: Index) -> None:
    for name, python in (("other.json", "3.13t"), ("both.json", "3.13t,3.14t"), ("two.json", "3.14t,3.15t")):
        run("check", "pure", "--index-url", index.url, "--no-cache", "--python", python, "-o", name)
    outcome = survey(index, "other.json", "both.json", "--python", "3.15t", "two.json")
    assert "other.json: other.json: the report is about 3.13t on linux-x86_64" in outcome.stdout
    assert "both.json: its report is not about 3.15t on linux-x86_64" in outcome.stdout
    assert "3.14t on linux-x86_64: 2 ready, 0 blocked, 1 unknown" in outcome.stdout
    assert "3.15t on linux-x86_64: 1 ready, 0 blocked, 2 unknown" in outcome.stdout
    assert "3.13t on linux-x86_64:" not in outcome.stdout
    assert outcome.status == 3


def test_a_survey_goes_on_with_what_is_unchanged_and_mixes_no_questions(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey(index, "services/web", "services/api", "services/lost")
    Path("services/api/requirements.txt").write_text("pure\n", encoding="utf-8")
    before = lines()
    again = survey(index, "services/web", "services/api", "services/lost", "--resume")
    assert "1 results are of the survey of " in again.stderr
    assert [one["project"] for one in lines() if one in before][:1] == ["services/web"]
    assert "2 ready, 0 blocked, 1 unknown" in again.stdout, "what has changed is checked again"
    fewer = survey(index, "services/web", "--resume", "--format", "jsonl")
    assert fewer.status == 0
    assert len(fewer.stdout.splitlines()) == 2, "what is no longer asked for is in no answer"
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "http://127.0.0.1:9/simple/")
    assert survey(index, "services/web", "--resume").status == 2


@pytest.mark.parametrize("cached", [True, False])
@pytest.mark.parametrize("changed", ["services/all.txt", "pip.conf", "known.toml", "services/web/uv.toml"])
def test_a_survey_goes_on_without_results_of_which_anything_that_they_rest_on_has_changed(
    index: Index, monkeypatch: pytest.MonkeyPatch, changed: str, *, cached: bool
) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", os.path.abspath("pip.conf"))  # noqa: PTH100
    texts = {
        "services/web/requirements.txt": ("-r ../all.txt\n",),
        "services/all.txt": ("pure\n", "speed\n"),
        "known.toml": ("", "[pure]\nfallback = { text = 'slow', source = 'https://a.example', date = 2026-01-01 }\n"),
        "pip.conf": ("", "[global]\nno-binary = pure\n"),
    }
    for name, (text, *_) in texts.items():
        Path(name).write_text(text, encoding="utf-8")
    arguments = ("services/web", "services/api", "--evidence", "known.toml", *(() if cached else ("--no-cache",)))
    assert "1 ready, 1 blocked" in survey(index, *arguments).stdout
    assert "2 results are of the survey of " in survey(index, *arguments, "--resume").stderr
    Path(changed).write_text(texts.get(changed, ("", "[pip]\nno-binary = ['pure']\n"))[1], encoding="utf-8")
    again = survey(index, *arguments, "--resume")
    assert ("results are of" in again.stderr) == changed.startswith("services"), "the others are done anew"
