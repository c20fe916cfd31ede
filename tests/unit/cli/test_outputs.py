"""Where reports go, and how they are written."""

from __future__ import annotations

import os
import stat
from datetime import date
from pathlib import Path

import pytest

from nogilcheck.cli.outputs import Output, look_for, plan, write_file
from nogilcheck.errors import UsageError
from nogilcheck.report.formats import RENDERERS, format_of_file


def planned(formats: list[str], files: list[str]) -> list[tuple[str, str | None]]:
    return [(output.format, output.path) for output in plan(formats, files)]


@pytest.mark.parametrize(
    ("formats", "files", "expected"),
    [
        ([], [], [("terminal", None)]),
        (["json"], [], [("json", None)]),
        (["JSON"], [], [("json", None)]),
        ([], ["a.sarif", "b.md"], [("sarif", "a.sarif"), ("markdown", "b.md")]),
        ([], ["-"], [("terminal", None)]),
        ([], ["a.json", "-"], [("json", "a.json"), ("terminal", None)]),
        (["gitlab", "badge"], ["a.json", "b.json"], [("gitlab", "a.json"), ("badge", "b.json")]),
        (["markdown", "json"], ["-", "a"], [("markdown", None), ("json", "a")]),
    ],
)
def test_what_goes_where(
    formats: list[str], files: list[str], expected: list[tuple[str, str | None]], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert planned(formats, files) == expected


@pytest.mark.parametrize(
    ("formats", "files", "said"),
    [
        (["json", "csv"], [], "--format is given twice and --output not at all"),
        (["json"], ["a.json", "b.json"], "--format is given once and --output twice"),
        (["json", "csv", "html"], ["a.json"], "--format is given 3 times and --output once"),
        (["yaml"], [], "invalid value 'yaml' for --format"),
        ([], ["a.yaml"], "cannot infer a format from '.yaml'"),
        ([], ["a.json", "./a.json"], "two reports have the same output"),
        ([], ["-", "-"], "two reports have the same output"),
        ([], ["missing/a.json"], "invalid value 'missing/a.json' for --output"),
    ],
)
def test_what_makes_no_sense_is_said(
    formats: list[str], files: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=said) as caught:
        plan(formats, files)
    assert caught.value.hint or "same output" in said


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("report.json", "json"), ("r.SARIF", "sarif"), ("r.sarif.json", "sarif"), ("summary.md", "markdown"),
        ("x.csv", "csv"), ("x.html", "html"), ("junit.xml", "junit"), ("report", "terminal"), ("x.txt", "terminal"),
        ("out/gl-code-quality-report.json", "gitlab"), (".report", "terminal"), ("v1.2/report", "terminal"),
    ],
)  # fmt: skip
def test_the_name_of_a_file_tells_its_format(name: str, expected: str) -> None:
    assert format_of_file(name) == expected
    assert expected in RENDERERS


def test_a_file_is_replaced_at_once_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    before = path.stat().st_ino
    write_file(str(path), "néw\n")
    assert path.read_bytes() == "néw\n".encode()
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.json"]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        assert path.stat().st_ino != before, "whoever reads the old file reads it to its end"


def test_a_new_file_has_the_mode_that_files_have_here(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("", encoding="utf-8")
    write_file(str(tmp_path / "report"), "x\n")
    assert (tmp_path / "report").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.skipif(os.name != "posix", reason="no such links")
def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "report").symlink_to(tmp_path / "there" / "real")
    write_file(str(tmp_path / "report"), "x\n")
    assert (tmp_path / "report").is_symlink()
    assert (tmp_path / "there" / "real").read_bytes() == b"x\n"


@pytest.mark.skipif(os.name != "posix", reason="no such device")
def test_what_is_no_regular_file_is_written_to() -> None:
    write_file(os.devnull, "x\n")
    assert not Path(os.devnull).is_file()


def test_a_directory_cannot_be_written_to(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        write_file(str(tmp_path), "x\n")
    assert list(tmp_path.iterdir()) == []


def test_lone_surrogates_are_written_as_escapes(tmp_path: Path) -> None:
    write_file(str(tmp_path / "r"), "\udcff\n")
    assert (tmp_path / "r").read_bytes() == b"\\udcff\n"


def test_an_output_without_a_path_is_standard_output() -> None:
    assert plan(None, None) == (Output(format="terminal", path=None),)


def test_a_file_that_has_the_name_of_the_temporary_one_stays(tmp_path: Path) -> None:
    place = tmp_path / "report.json"
    theirs = [tmp_path / f".report.json.{os.getpid()}{number}.tmp" for number in ("", "-1")]
    for path in theirs:
        path.write_text("theirs", encoding="utf-8")
    write_file(str(place), "ours")
    assert [path.read_text(encoding="utf-8") for path in (place, *theirs)] == ["ours", "theirs", "theirs"]
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_that_nobody_reads_is_an_error(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "report.json")
    with pytest.raises(UsageError, match="cannot be written"):
        write_file(str(tmp_path / "report.json"), "ours")


@pytest.mark.parametrize(("epoch", "expected"), [("1723975200", "2024-08-18"), ("0", "1970-01-01")])
def test_the_day_may_be_given(epoch: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """https://reproducible-builds.org/specs/source-date-epoch/."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert look_for(Output(format="html", path="r.html"), colour=None, verbose=False).day == expected


@pytest.mark.parametrize("epoch", ["", "yesterday", "9" * 30])
def test_a_day_that_is_none_is_today(epoch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    day = look_for(Output(format="html", path="r.html"), colour=None, verbose=False).day
    assert date.fromisoformat(day) > date(2026, 1, 1)
