"""The command line as a user meets it: replay, bad input, bad networks, exit statuses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nogilcheck import __version__
from tests.support.command import run, unmeasured
from tests.world import SHAPES, Close, load, parse, serve

APP = """
[projects.app]
"1.0" = { requires = ["speed>=1", "pure"] }
[projects.speed]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
[projects.pure]
"1.0" = {}
"""
FIXED = APP.replace('["cp314-cp314-', '["cp314-cp314t-manylinux_2_28_x86_64", "cp314-cp314-')


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a requirements file, and the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "requirements.txt").write_text("# what we need\napp\n", encoding="utf-8")
    return tmp_path


def check(*arguments: str, cache: Path, index: str) -> tuple[int, str]:
    """A check of 3.14t; its exit status and what it printed."""
    outcome = run(*arguments, "--python", "3.14t", "--cache-dir", str(cache), "--index-url", index)
    written = arguments[arguments.index("--output") + 1] if "--output" in arguments else None
    assert outcome.stderr == (f"Wrote {written} (1 blocker on 3.14t)\n" if written else "")
    return outcome.status, outcome.stdout


def test_a_repeated_check_is_a_replay_without_network(project: Path, cache_dir: Path) -> None:
    with serve(parse(APP), SHAPES["pypi"]) as index:
        first = check("requirements.txt", cache=cache_dir, index=index.url)
        asked = len(index.requests)
        second = check("requirements.txt", cache=cache_dir, index=index.url)
        assert len(index.requests) == asked
    offline = check("requirements.txt", "--offline", cache=cache_dir, index=index.url)
    assert first == second == offline
    assert first[0] == 1


def test_a_replay_answers_in_any_format(project: Path, cache_dir: Path) -> None:
    with serve(parse(APP), SHAPES["pypi"]) as index:
        check("requirements.txt", cache=cache_dir, index=index.url)
        status, text = check("requirements.txt", "--format", "json", cache=cache_dir, index=index.url)
        assert status == 1
        assert json.loads(text)["verdict"] == "blocked"
        assert len(index.asked("/simple/*")) == 3


def test_a_changed_page_changes_the_verdict(project: Path, cache_dir: Path) -> None:
    with serve(parse(APP), SHAPES["pypi"]) as index:
        assert check("requirements.txt", cache=cache_dir, index=index.url)[0] == 1
        index.replace(parse(FIXED))
        assert check("requirements.txt", cache=cache_dir, index=index.url)[0] == 1, "the page is still fresh"
        assert check("requirements.txt", "--refresh", cache=cache_dir, index=index.url)[0] == 0
        assert check("requirements.txt", cache=cache_dir, index=index.url)[0] == 0


def test_a_stale_page_is_asked_for_again(project: Path, cache_dir: Path) -> None:
    with serve(parse(APP), SHAPES["pypi"]) as index:
        assert check("requirements.txt", cache=cache_dir, index=index.url)[0] == 1
        index.replace(parse(FIXED))
        assert check("requirements.txt", "--max-age", "0", cache=cache_dir, index=index.url)[0] == 0


def test_a_changed_file_is_read_again(project: Path, cache_dir: Path) -> None:
    with serve(parse(APP), SHAPES["pypi"]) as index:
        assert check("requirements.txt", cache=cache_dir, index=index.url)[0] == 1
        (project / "requirements.txt").write_text("pure\n", encoding="utf-8")
        assert check("requirements.txt", cache=cache_dir, index=index.url)[0] == 0


def test_an_unchanged_page_is_not_sent_again(project: Path, cache_dir: Path) -> None:
    with serve(parse(APP), SHAPES["pypi"]) as index:
        check("requirements.txt", cache=cache_dir, index=index.url)
        index.forget()
        check("requirements.txt", "--max-age", "0", cache=cache_dir, index=index.url)
        assert [request.status for request in index.requests] == [304, 304, 304]


def test_a_replay_imports_neither_client_nor_resolver_nor_parser(project: Path, cache_dir: Path) -> None:
    heavy = (
        "httpx", "httpx2", "httpcore", "h11", "anyio", "certifi", "ssl", "socket", "http", "email", "html",
        "asyncio", "concurrent", "logging", "rich", "resolvelib", "pip_requirements_parser", "packaging", "msgspec",
        "zipfile", "tarfile", "unicodedata", "importlib.metadata", "importlib.resources",
        "nogilcheck.index", "nogilcheck.resolve", "nogilcheck.classify", "nogilcheck.judge", "nogilcheck.targets",
        "nogilcheck.inputs.reader",
    )  # fmt: skip
    script = (
        "import sys\nfrom nogilcheck.cli.main import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    with serve(parse(APP), SHAPES["pypi"]) as index:
        arguments = ["requirements.txt", "--python", "3.14t", "--cache-dir", str(cache_dir), "--index-url", index.url]
        run(*arguments)
        for given in (arguments, ["--version"], ["check", "--help"]):
            done = subprocess.run(
                [sys.executable, "-c", script, *given],
                capture_output=True,
                text=True,
                check=True,
                timeout=60,
                env=unmeasured(),
            )
            assert done.stderr.strip() == "[]", given


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version").stdout == f"nogilcheck {__version__}\n"


def test_names_instead_of_files(project: Path, cache_dir: Path) -> None:
    with serve(parse(APP)) as index:
        status, text = check("pure>=1", "speed", "-v", cache=cache_dir, index=index.url)
    assert status == 1
    assert "speed 1.0" in text
    assert "pure 1.0" in text


def test_standard_input(project: Path, cache_dir: Path) -> None:
    with serve(parse(APP)) as index:
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "nogilcheck",
                "-",
                "--python",
                "3.14t",
                "--cache-dir",
                str(cache_dir),
                "-i",
                index.url,
            ],
            input="pure\n",
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 pure" in done.stdout


@pytest.mark.parametrize("output", ["report.json", "elsewhere.txt"])
def test_the_report_goes_to_a_file(project: Path, cache_dir: Path, output: str) -> None:
    with serve(parse(APP)) as index:
        status, text = check(
            "requirements.txt", "--format", "json", "--output", output, cache=cache_dir, index=index.url
        )
    assert (status, text) == (1, "")
    assert json.loads((project / output).read_text(encoding="utf-8"))["exit_status"] == 1


def test_nothing_applies(project: Path, cache_dir: Path) -> None:
    (project / "requirements.txt").write_text("app; sys_platform == 'win32'\n", encoding="utf-8")
    with serve(parse(APP)) as index:
        status, text = check("requirements.txt", cache=cache_dir, index=index.url)
    assert status == 3
    assert "no requirement applies" in text


def test_an_empty_file(project: Path, cache_dir: Path) -> None:
    (project / "requirements.txt").write_text("# nothing yet\n", encoding="utf-8")
    with serve(parse(APP)) as index:
        status, text = check("requirements.txt", cache=cache_dir, index=index.url)
    assert status == 3
    assert "no requirement was found" in text


def test_a_missing_file_and_what_the_others_say(project: Path, cache_dir: Path) -> None:
    with serve(parse(APP)) as index:
        status, text = check("requirements.txt", "requirments-dev.txt", cache=cache_dir, index=index.url)
    assert status == 2
    assert "requirments-dev.txt" in text
    assert "speed 1.0" in text, "what could be determined is still reported"


@pytest.mark.parametrize("name", ["requirments.txt", "missing/requirements.txt"])
def test_nothing_but_a_missing_file(project: Path, cache_dir: Path, name: str) -> None:
    outcome = run(name, "--cache-dir", str(cache_dir))
    assert (outcome.status, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith(f"nogilcheck: error: {name}: no such file")
    assert ("requirements.txt" in outcome.stderr.partition("\n")[2]) == (name == "requirments.txt")


def test_an_unreadable_line_and_what_the_others_say(project: Path, cache_dir: Path) -> None:
    (project / "requirements.txt").write_text("app\nnot a requirement\n", encoding="utf-8")
    with serve(parse(APP)) as index:
        status, text = check("requirements.txt", cache=cache_dir, index=index.url)
    assert status == 2
    assert "requirements.txt:2" in text
    assert "speed 1.0" in text


def test_an_unknown_project(project: Path, cache_dir: Path) -> None:
    (project / "requirements.txt").write_text("pure\nno-such-thing\n", encoding="utf-8")
    with serve(parse(APP)) as index:
        status, text = check("requirements.txt", cache=cache_dir, index=index.url)
    assert status == 3
    assert "no-such-thing" in text
    assert "requirements.txt:2" in text


def test_an_index_that_is_not_there(project: Path, cache_dir: Path) -> None:
    with serve(parse(APP)) as index:
        pass
    status, text = check("requirements.txt", cache=cache_dir, index=index.url)
    assert status == 3
    assert index.url in text


def test_a_known_blocker_counts_more_than_an_unreachable_project(project: Path, cache_dir: Path) -> None:
    with serve(parse(APP)) as index:
        index.fail("/simple/pure/", action=Close())
        status, text = check("requirements.txt", cache=cache_dir, index=index.url)
    assert status == 1
    assert "/simple/pure/" in text


def test_after_a_failure_the_next_run_asks_again(project: Path, cache_dir: Path) -> None:
    with serve(parse(FIXED)) as index:
        index.fail("/simple/pure/", action=403)
        assert check("requirements.txt", cache=cache_dir, index=index.url)[0] == 3
        index.heal()
        assert check("requirements.txt", cache=cache_dir, index=index.url)[0] == 0


def test_offline_without_a_cache(project: Path, cache_dir: Path) -> None:
    with serve(parse(APP)) as index:
        status, text = check("requirements.txt", "--offline", cache=cache_dir, index=index.url)
        assert not index.requests
    assert status == 3
    assert "is not cached, and --offline is set" in text


def test_an_allowed_target_never_fails(project: Path, cache_dir: Path) -> None:
    with serve(parse(FIXED)) as index:
        status, text = check("requirements.txt", "--allow-target", "3.15t", cache=cache_dir, index=index.url)
    assert status == 0
    assert "(allowed)" in text
    assert "speed 1.0" in text


@pytest.mark.parametrize(
    ("arguments", "mentioned"),
    [
        (["pure", "--python", "3.12t"], "3.13t"),
        (["pure", "--python", "three"], "three"),
        (["pure", "--platform", "amiga"], "amiga"),
        (["pure", "--format", "yaml"], "yaml"),
        (["pure", "--exclude-newer", "soon"], "soon"),
        (["pure", "--offline", "--refresh"], "--refresh"),
        (["pure", "--no-such-flag"], ""),  # typer tells
        (["pure", "--output", "missing/report.txt"], "missing/report.txt"),
    ],
)
def test_usage_errors(project: Path, arguments: list[str], mentioned: str) -> None:
    with serve(parse(APP)) as index:
        outcome = run("check", *arguments, "--no-cache", "--index-url", index.url)
    assert outcome.status == 2
    assert mentioned in outcome.stderr
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize("format_name", ["terminal", "json"])
def test_credentials_are_never_shown(project: Path, cache_dir: Path, format_name: str) -> None:
    from dataclasses import replace

    shape = replace(SHAPES["pypi"], credentials=("alice", "s3cret"))
    with serve(parse(APP), shape) as index:
        outcome = run(
            "requirements.txt", "no-such-thing", "--format", format_name, "-v", "--cache-dir", str(cache_dir),
            "--index-url", index.url_with_credentials, "--extra-index-url", index.with_userinfo("bob", "hunter2"),
            "--constraint", index.with_userinfo("carol", "t0psecret") + "constraints.txt",
        )  # fmt: skip
    shown = outcome.stdout + outcome.stderr
    kept = b"".join(path.read_bytes() for path in cache_dir.rglob("*") if path.is_file())
    assert "speed" in shown
    for secret in ("s3cret", "hunter2", "t0psecret"):
        assert secret not in shown
        assert secret.encode() not in kept


def test_the_cache_commands(project: Path, cache_dir: Path) -> None:
    with serve(parse(APP)) as index:
        check("requirements.txt", cache=cache_dir, index=index.url)
    where = ("--cache-dir", str(cache_dir))
    assert run("cache", "dir", *where).stdout == f"{cache_dir}\n"
    info = run("cache", "info", *where).stdout
    assert "pages      3" in info
    assert "solutions  2" in info, "the report, and what was printed"
    assert "freed" in run("cache", "clear", *where).stdout
    assert "pages      0" in run("cache", "info", *where).stdout


def test_a_whole_universe_from_a_find_links_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.world import write_links_dir

    monkeypatch.chdir(tmp_path)
    links = tmp_path / "links"
    links.mkdir()
    write_links_dir(load("statuses"), links)
    outcome = run("app", "--no-index", "--find-links", "links", "--python", "3.14t", "--format", "json", "--no-cache")
    report = json.loads(outcome.stdout)
    statuses = {d["name"]: d["targets"]["cp314t-linux_x86_64"]["status"] for d in report["distributions"]}
    assert {name: status for name, status in statuses.items() if name != "app"} == {
        name: name for name in statuses if name != "app"
    }
    assert outcome.status == 1
