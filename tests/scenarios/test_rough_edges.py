"""Streams that fail, values that make no sense, and input that pip would refuse."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nogilcheck.report.words import safe
from tests.support.command import run
from tests.world import SHAPES, Answer, parse, serve, sha256

WORLD = parse("""
[projects.app]
"1.0" = { requires = ["pure"] }
[projects.pure]
"1.0" = { extras = { fast = ["speed"] } }
[projects.speed]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
""")
COMMAND = [sys.executable, "-m", "nogilcheck"]
NO_DEVICE = not Path("/dev/full").exists()


def shell(script: str) -> subprocess.CompletedProcess[str]:
    """A shell script in which ``$N`` is the command."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = ["/bin/sh", "-c", script.replace("$N", shlex.join(COMMAND))]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=False)


@pytest.mark.skipif(NO_DEVICE, reason="there is no /dev/full")
@pytest.mark.parametrize("arguments", ["pure --index-url {url}", "--help", "--version", "cache info"])
def test_a_full_disk_is_one_line_and_status_2(arguments: str) -> None:
    with serve(WORLD) as index:
        done = shell(f"$N {arguments.format(url=index.url)} > /dev/full")
    assert done.returncode == 2
    assert done.stderr.startswith("nogilcheck: error: ")
    assert done.stderr.count("\n") == 1


def test_a_reader_that_has_read_enough_changes_no_status() -> None:
    with serve(WORLD) as index:
        done = shell(f"($N speed --python 3.14t -i {index.url}; echo $? >status) | true; cat status")
    assert (done.stdout, done.stderr) == ("1\n", "")


@pytest.mark.parametrize(("redirect", "status"), [(">&-", 0), ("2>&-", 0), (">&- 2>&-", 0)])
def test_closed_streams_change_no_status(redirect: str, status: int) -> None:
    with serve(WORLD) as index:
        done = shell(f"$N pure --python 3.14t -i {index.url} {redirect}")
    assert done.returncode == status
    assert "Traceback" not in done.stderr


def test_a_closed_standard_input_is_said() -> None:
    done = shell("$N - <&-")
    assert done.returncode == 2
    assert "there is no standard input" in done.stderr


def test_a_working_directory_that_is_gone_is_said() -> None:
    done = shell("mkdir gone && cd gone && rmdir ../gone && $N pure")
    assert done.returncode == 2
    assert "working directory is gone" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_with_130_within_a_second() -> None:
    with serve(WORLD) as index:
        hang = index.hang("/simple/pure/")
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
        command = [sys.executable, "-X", "faulthandler", "-m", "nogilcheck", "pure", "--no-cache"]
        process = subprocess.Popen([*command, "--index-url", index.url], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            if not hang.entered.wait(60):
                process.send_signal(signal.SIGABRT)  # what it waits for is the last thing that it says
                pytest.fail(f"nothing was asked for: {process.communicate(timeout=60)}")
            process.send_signal(signal.SIGINT)
            before = time.monotonic()
            _, errors = process.communicate(timeout=60)
            waited = time.monotonic() - before
        finally:  # whatever went wrong, nothing of it is left to other tests
            process.kill()
            process.communicate()
            hang.release()
    assert process.returncode == 130
    assert errors == b"nogilcheck: interrupted\n"
    assert waited < 10, "the server never answers: it must not be waited for"


@pytest.mark.parametrize("option", ["--exclude-newer", "--format", "--python", "--platform", "--output"])
def test_a_value_in_the_wrong_place_is_not_quoted_with_its_password(option: str) -> None:
    outcome = run("pure", option, "https://bob:hunter2@host/x")
    assert outcome.status == 2
    assert "hunter2" not in outcome.stdout + outcome.stderr


@pytest.mark.parametrize(
    "url", ["https://bob:hun/ter2@host/simple", "https://bob:hun#ter2@host/", "bob:ter2@host/", "htps://ter2"]
)
def test_an_index_url_that_is_none_is_not_quoted(url: str) -> None:
    outcome = run("pure", "--index-url", url)
    assert outcome.status == 2
    assert "--index-url" in outcome.stderr
    assert "ter2" not in outcome.stdout + outcome.stderr


@pytest.mark.parametrize("arguments", [["--python", ""], ["--python", ","], ["--platform", ""], ["-r", ""]])
def test_an_empty_value_is_no_default(arguments: list[str]) -> None:
    assert run("pure", *arguments).status == 2


def test_an_extra_that_does_not_exist_is_a_warning() -> None:
    with serve(WORLD) as index:
        outcome = run("pure[fats]", "--index-url", index.url, "--no-cache", "--python", "3.14t")
    assert outcome.status == 0
    assert "fats" in outcome.stdout.partition("Warnings")[2]


def test_ordinary_builds_are_said_to_be_ordinary() -> None:
    with serve(WORLD) as index:
        outcome = run("speed", "--python", "3.14", "--index-url", index.url, "--no-cache")
    assert outcome.status == 0
    assert "no free-threaded build was checked" in outcome.stdout


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("--require-hashes\npure==1.0\n", "has no hash"),
        ("pure==1.0 --hash=sha256:{pure}\nspeed==1.0\n", "has no hash"),
        ("pure>=1.0 --hash=sha256:{pure}\n", "is not pinned"),
        ("app==1.0 --hash=sha256:{app}\n", "pure has no hash"),
    ],
)
def test_what_pip_refuses_under_hash_checking_never_passes(here: Path, lines: str, said: str) -> None:
    hashes = {name: sha256(WORLD.file(f"{name}-1.0-py3-none-any.whl")) for name in ("app", "pure")}
    (here / "r.txt").write_text(lines.format(**hashes), encoding="utf-8")
    with serve(WORLD) as index:
        outcome = run("r.txt", "--index-url", index.url, "--no-cache", "--python", "3.14t")
    assert outcome.status == 2
    assert said in " ".join(outcome.stdout.split())


def test_a_fully_hashed_file_passes(here: Path) -> None:
    lines = [f"{n}==1.0 --hash=sha256:{sha256(WORLD.file(f'{n}-1.0-py3-none-any.whl'))}\n" for n in ("app", "pure")]
    (here / "r.txt").write_text("".join(lines), encoding="utf-8")
    with serve(WORLD) as index:
        assert run("r.txt", "--index-url", index.url, "--no-cache", "--python", "3.14t").status == 0


@pytest.mark.parametrize(
    "page",
    [
        Answer(status=200, body=b'{"meta": {"api-version": "1.0"}, "name": "pure", "files": []}',
               headers=(("Content-Type", "application/vnd.pypi.simple.v1+json"),)),
        Answer(status=200, body=b"<html><form>Please log in</form></html>", headers=(("Content-Type", "text/html"),)),
    ],
    ids=["no-files", "login-page"],
)  # fmt: skip
def test_a_page_without_files_is_a_gap(page: Answer) -> None:
    with serve(WORLD, SHAPES["mirror"]) as index:
        index.fail("/simple/pure/", action=page)
        outcome = run("pure", "speed", "--index-url", index.url, "--no-cache", "--python", "3.14t")
        assert outcome.status == 1, "a known blocker counts more than a gap"
        assert run("pure", "--index-url", index.url, "--no-cache", "--python", "3.14t").status == 3
    assert "lists no file" in outcome.stdout


def test_a_date_before_every_upload_is_a_gap_that_names_it() -> None:
    with serve(WORLD) as index:
        outcome = run("pure", "--index-url", index.url, "--no-cache", "--exclude-newer", "2020-01-01")
    assert outcome.status == 3
    assert "date" in outcome.stdout


def test_many_equal_lines_are_asked_once(here: Path) -> None:
    (here / "r.txt").write_text("pure\n" * 5000, encoding="utf-8")
    with serve(WORLD) as index:
        outcome = run("r.txt", "--index-url", index.url, "--no-cache", "--python", "3.14t")
        assert len(index.asked("/simple/pure/")) == 1
    assert outcome.status == 0
    assert safe(outcome.stdout.replace("\n", "")) == outcome.stdout.replace("\n", "")


def test_a_defect_does_not_end_as_blocked(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("nogilcheck.jobs.check.answer", fail)
    outcome = run("pure")
    assert outcome.status == 2
    assert "defect" in outcome.stderr
    assert "ZeroDivisionError" in outcome.stderr


def test_a_suffix_of_no_format_is_an_error_before_any_work(here: Path) -> None:
    outcome = run("pure", "-o", "report.docx")
    assert (outcome.status, list(here.iterdir())) == (2, [])
    assert "report.docx" in outcome.stderr


def test_a_hash_of_a_kind_that_the_page_does_not_give_is_left_to_the_download(here: Path) -> None:
    (here / "r.txt").write_text(f"pure==1.0 --hash=sha512:{'0' * 128}\n", encoding="utf-8")
    with serve(WORLD) as index:
        assert run("r.txt", "--index-url", index.url, "--no-cache", "--python", "3.14t").status == 0


def test_one_platform_under_two_names_is_one_target() -> None:
    with serve(WORLD) as index:
        outcome = run(
            "pure", "--index-url", index.url, "--no-cache", "--python", "3.14t",
            "--platform", "windows-amd64,win_amd64", "--format", "json",
        )  # fmt: skip
    assert [target["id"] for target in json.loads(outcome.stdout)["targets"]] == ["cp314t-windows_amd64"]


NO_PLATFORMS = (
    "manylinux_2_28_arm64",  # Linux calls it aarch64
    "manylinux_2_16_aarch64",  # PEP 599 begins with 2.17
    "macosx_16_0_arm64",  # 15 is followed by 26
    "macosx_10_9_arm64",
    "musllinux_2_0_x86_64",
)


@pytest.mark.parametrize("name", NO_PLATFORMS)
def test_a_platform_that_cannot_be_is_refused(name: str) -> None:
    assert run("pure", "--platform", name).status == 2
