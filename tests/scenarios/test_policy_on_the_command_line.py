"""Configuration, policy, baselines and diff as a user meets them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.asking import joined
from tests.support.command import Outcome, run, unmeasured
from tests.world import SHAPES, Index, parse, serve

APP = """
[projects.app]
"1.0" = { requires = ["speed>=1", "pure"] }
[projects.speed]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
[projects.pure]
"1.0" = {}
"""


@pytest.fixture
def index() -> Iterator[Index]:
    with serve(parse(APP), SHAPES["pypi"]) as served:
        yield served


@pytest.fixture
def project(tmp_path: Path, index: Index, cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a requirements file and the working directory; index and cache are in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NOGILCHECK_INDEX_URL", index.url)
    monkeypatch.setenv("NOGILCHECK_CACHE_DIR", str(cache_dir))
    monkeypatch.setenv("NOGILCHECK_PYTHON", "3.14t")
    (tmp_path / "requirements.txt").write_text("app\n", encoding="utf-8")
    return tmp_path


def configure(text: str) -> None:
    Path("nogilcheck.toml").write_text(text, encoding="utf-8")


def refused(*arguments: str) -> Outcome:
    outcome = run(*arguments)
    assert (outcome.status, outcome.stdout) == (2, "")
    assert "Traceback" not in outcome.stderr
    return outcome


def test_a_gap_that_counts_is_shown_beside_the_waived_finding_that_it_is_behind(project: Path) -> None:
    outcome = run("check", "no-such-project", "--ignore", "NGC201")
    assert outcome.status == 3
    assert "ignored with --ignore NGC201" in outcome.stdout
    assert "no-such-project was not found on" in outcome.stdout
    assert "was not found" in run("check", "no-such-project", "--ignore", "NGC201", "--format", "compact").stdout
    whole = run("check", "no-such-project", "--ignore", "no-such-project")
    assert (whole.status, "was not found on" in whole.stdout) == (0, False)


def test_an_unknown_key_is_an_error_with_a_suggestion(project: Path, index: Index) -> None:
    configure("pre = true\nfail_on = 'new'\n")
    outcome = refused("requirements.txt")
    assert outcome.stderr == (
        "nogilcheck: error: nogilcheck.toml:2: unknown setting: 'fail_on'\n  hint: did you mean 'fail-on'?\n"
    )
    assert not index.requests
    assert run("requirements.txt", "--no-config").status == run("requirements.txt", "--isolated").status == 1


def test_a_value_that_a_check_refuses_is_told_with_its_place(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configure("platform = 'amiga'\n")
    assert "nogilcheck.toml:1: invalid value 'amiga' for --platform" in refused("requirements.txt").stderr
    assert "error: invalid value 'amiga'" in refused("requirements.txt", "--platform", "amiga").stderr
    configure("")
    monkeypatch.setenv("NOGILCHECK_EXCLUDE_NEWER", "soon")
    assert "NOGILCHECK_EXCLUDE_NEWER: invalid value 'soon'" in refused("requirements.txt").stderr


def test_what_shapes_a_check_is_a_part_of_the_question(project: Path) -> None:
    assert run("requirements.txt").status == 1
    configure("constraint = 'c.txt'\n")
    (project / "c.txt").write_text("app<1\n", encoding="utf-8")
    assert run("requirements.txt").status == 2, "the constraint leaves nothing"
    configure("")
    assert run("requirements.txt").status == 1


@pytest.mark.parametrize(
    ("arguments", "mentioned"),
    [
        (["--fail-on", "soon"], "invalid value 'soon' for --fail-on"),
        (["--fail-on", "new"], "needs a baseline"),
        (["--ignore", "NGC999"], "invalid value 'NGC999' for --ignore"),
        (["--baseline", "missing.json"], "missing.json: no such baseline"),
        (["--baseline", "requirements.txt"], "requirements.txt: not a baseline of nogilcheck: not JSON"),
        (["--write-baseline", "requirements.txt"], "requirements.txt: not a baseline of nogilcheck"),
        (["--baseline", "."], "the baseline cannot be read"),
        (["--config", "missing.toml"], "missing.toml: no such configuration file"),
        (["--config", "missing.toml", "--no-config"], "contradict"),
    ],
)
def test_usage_errors(project: Path, index: Index, arguments: list[str], mentioned: str) -> None:
    outcome = refused("requirements.txt", *arguments)
    assert mentioned in outcome.stderr
    assert "hint: " in outcome.stderr
    assert not index.requests, "before anything is asked for"
    assert (project / "requirements.txt").read_text(encoding="utf-8") == "app\n"


def test_a_baseline_that_cannot_be_written(project: Path) -> None:
    outcome = run("requirements.txt", "--write-baseline", "missing/b.json")
    assert outcome.status == 2
    assert "missing/b.json: the baseline cannot be written" in outcome.stderr


def test_the_first_line_is_drawn_where_the_configuration_wants_it(project: Path) -> None:
    configure("baseline = 'b.json'\nfail-on = 'new'\n")
    assert "no such baseline" in refused("requirements.txt").stderr
    assert run("requirements.txt", "--write-baseline", "b.json").status == 0
    assert run("requirements.txt").status == 0


def test_no_line_is_drawn_while_something_is_unknown(project: Path, index: Index) -> None:
    assert run("requirements.txt", "--write-baseline", "b.json").status == 0
    before = Path("b.json").read_bytes()
    (project / "requirements.txt").write_text("app\nno-such-project\n", encoding="utf-8")
    outcome = run("requirements.txt", "--write-baseline", "b.json")
    assert outcome.status == 1
    assert "warning: the baseline b.json was not written: 1 unknown may hide blockers" in outcome.stderr
    assert Path("b.json").read_bytes() == before
    held = run("requirements.txt", "--baseline", "b.json")
    assert held.status == 3
    assert run("requirements.txt", "--baseline", "b.json", "--ignore", "no-such-project").status == 0
    assert run("requirements.txt", "--write-baseline", "b.json", "--ignore", "no-such-project").status == 0


def test_an_index_that_is_down_passes_nothing(project: Path, index: Index) -> None:
    assert run("requirements.txt", "--write-baseline", "b.json").status == 0
    index.fail("/simple/speed/", action=503)
    for words in ("new", "blocker", "free-threading", "unknown"):
        outcome = run("requirements.txt", "--baseline", "b.json", "--fail-on", words, "--no-cache")
        assert outcome.status == 3, words
        assert "gone" not in outcome.stdout
    assert run("requirements.txt", "--fail-on", "never", "--no-cache").status == 0


def test_variables_say_what_counts(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOGILCHECK_IGNORE", "speed")
    assert run("requirements.txt").status == 0
    assert run("requirements.txt", "--ignore", "pure").status == 1, "a flag replaces it"
    monkeypatch.setenv("NOGILCHECK_FAIL_ON", "never")
    assert run("requirements.txt", "--ignore", "pure").status == 0


def test_a_misspelt_variable_is_told_unless_it_is_quiet(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOGILCHECK_FAILON", "never")
    assert "warning: the variable NOGILCHECK_FAILON is not known: did you mean NOGILCHECK_FAIL_ON?" in run("app").stderr
    assert run("app", "-q").stderr == ""


def test_the_settings_and_where_they_come_from(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOGILCHECK_INDEX_URL", "https://alice:s3cret@packages.example/simple/")
    configure(
        "inputs = ['https://bob:hunter2@files.example/r.txt']\n\n[[waivers]]\nrule = 'NGC206'\nreason = 'ours'\n"
        "expires = 2027-01-31\n"
    )
    outcome = run("config", "show")
    assert (outcome.status, outcome.stderr) == (0, "")
    lines = {line.split(" = ")[0].strip(): " ".join(line.split()) for line in outcome.stdout.splitlines()}
    assert outcome.stdout.startswith("# nogilcheck.toml\n")
    assert lines["index-url"] == 'index-url = "https://packages.example/simple/" # NOGILCHECK_INDEX_URL'
    assert lines["python"] == 'python = ["3.14t"] # NOGILCHECK_PYTHON'
    assert lines["platform"] == 'platform = ["linux-x86_64"] # default'
    assert lines["waivers"].endswith('reason = "ours", expires = 2027-01-31 }] # nogilcheck.toml:3')
    shown = run("config", "show", "--format", "json")
    data = json.loads(shown.stdout)
    assert data["file"] == "nogilcheck.toml"
    assert data["settings"]["waivers"] == {
        "value": [{"rule": "NGC206", "reason": "ours", "expires": "2027-01-31"}],
        "origin": "file",
        "where": "nogilcheck.toml:3",
    }
    assert not any(secret in outcome.stdout + shown.stdout for secret in ("s3cret", "hunter2"))
    assert json.loads(run("config", "show", "--format", "json", "--no-config").stdout)["file"] is None


@pytest.mark.parametrize(
    "text",
    [
        "severity = { gil-only = 'blocker', NGC006 = 'off' }",
        "pyton = '3.14t'",
        "[[waivers]]\nrule = 'NGC206'",
        "severity = { NGC1 = 'off' }",
        "fail-on = 'x'",
    ],
)
def test_settings_that_a_check_refuses_are_not_shown(project: Path, text: str) -> None:
    configure(text)
    told = refused("requirements.txt").stderr.removeprefix("nogilcheck: settings from nogilcheck.toml\n")
    assert refused("config", "show").stderr == told
    assert "invalid value 'yaml' for --format" in refused("config", "show", "--format", "yaml").stderr


def test_two_reports_that_cannot_be_compared(project: Path) -> None:
    run("requirements.txt", "-o", "a.json")
    run("requirements.txt", "--python", "3.15t", "-o", "b.json")
    Path("c.json").write_text("{}", encoding="utf-8")
    assert "no target in common" in refused("diff", "a.json", "b.json").stderr
    assert "c.json: not a nogilcheck report" in refused("diff", "a.json", "c.json").stderr
    assert "missing.json: the report cannot be read" in refused("diff", "missing.json", "a.json").stderr
    assert "invalid value 'yaml' for --format" in refused("diff", "a.json", "a.json", "--format", "yaml").stderr
    assert refused("diff", "a.json").stderr
    assert run("diff", "a.json", "a.json").status == 0


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_report_on_standard_input_is_compared(project: Path, mark: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    run("requirements.txt", "-o", "a.json")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(mark + Path("a.json").read_bytes())))
    assert "nothing changed" in run("diff", "a.json", "-").stdout


def test_a_diff_on_a_terminal_has_colour_and_otherwise_none(project: Path) -> None:
    run("requirements.txt", "-o", "a.json")
    assert "\x1b" not in run("diff", "a.json", "a.json").stdout
    assert "\x1b[1m" in run("diff", "a.json", "a.json", "--color").stdout


def test_a_replay_with_a_policy_stays_light(project: Path) -> None:
    """What a pre-commit hook of a project that holds its line has to load."""
    configure(
        "baseline = 'b.json'\n[severity]\nNGC102 = 'off'\n[[waivers]]\ndistribution = 'other'\nreason = 'x'\n"
        "expires = 2099-12-31\n"
    )
    assert run("requirements.txt", "--write-baseline", "b.json").status == 0
    heavy = (
        "httpx", "rich", "typer", "click", "resolvelib", "pip_requirements_parser", "packaging", "difflib", "zipfile",
        "tempfile", "nogilcheck.index", "nogilcheck.resolve", "nogilcheck.classify", "nogilcheck.targets",
    )  # fmt: skip
    script = (
        "import sys\nfrom nogilcheck.cli.main import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit as end:\n    assert end.code == 0, end.code\n"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "requirements.txt"],
        capture_output=True, text=True, check=True, timeout=60, env=unmeasured(),
    )  # fmt: skip
    assert done.stderr.splitlines() == ["nogilcheck: settings from nogilcheck.toml", "[]"]
    assert "1 blocker ignored (baseline b.json)" in joined(done.stdout)


@pytest.mark.parametrize("more", [[], ["--quiet"]])
def test_the_report_says_what_was_set_where(project: Path, more: list[str]) -> None:
    """A reader of the report alone sees that a file decided what counts; also of one that was kept."""
    configure('platform = "linux-x86_64"\nfail-on = "never"\n')
    for _ in range(2):
        asked = json.loads(run("requirements.txt", "--format", "json", *more).stdout)["options"]
        assert asked["set_by"] == {
            "platform": "nogilcheck.toml:1", "fail-on": "nogilcheck.toml:2", "python": "NOGILCHECK_PYTHON",
            "index-url": "NOGILCHECK_INDEX_URL", "cache-dir": "NOGILCHECK_CACHE_DIR",
        }  # fmt: skip
