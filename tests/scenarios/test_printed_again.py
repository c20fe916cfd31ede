"""What a check printed is printed again only where a new check would print the same."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nogilcheck.cli import run_check
from nogilcheck.store.database import DATABASE_NAME
from tests.support.command import Outcome, run, unmeasured
from tests.world import Index, parse, serve

UNIVERSE = parse("""
[projects.app]
"1.0" = { requires = ["speed"] }
[projects.speed]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
"2.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64", "cp314-cp314t-manylinux_2_28_x86_64"] }
""")
FILE = "requirements.txt"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    below = tmp_path / "repository" / "service"
    below.mkdir(parents=True)
    (tmp_path / "repository" / ".git").mkdir()
    monkeypatch.chdir(below)
    Path(FILE).write_text("app\nspeed<2\n", encoding="utf-8")
    with serve(UNIVERSE) as served:
        yield served


class Checked:
    """How a check ended, and whether it was done at all."""

    def __init__(self, index: Index, *arguments: str) -> None:
        did: list[object] = []
        done = run_check.run_check

        def noted(*given: object, **more: object) -> int:
            did.append(given)
            return done(*given, **more)  # type: ignore[arg-type]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(run_check, "run_check", noted)
            self.outcome: Outcome = run(FILE, "--python", "3.14t", "--index-url", index.url, *arguments)
        self.was_done = bool(did)


def test_a_command_without_arguments_prints_the_same(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", index.url)
    monkeypatch.setenv("NOGILCHECK_PYTHON", "3.14t")
    first = run()
    assert "speed" in first.stdout
    assert run() == first


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--format", "json"),
        ("-v",),
        ("--max-age", "3600"),
        ("--offline",),
        ("-q",),
        ("--cache-dir", "own"),
        ("--cache-dir=own",),
    ],
)
def test_the_same_command_prints_the_same(index: Index, arguments: tuple[str, ...]) -> None:
    run(FILE, "--python", "3.14t", "--index-url", index.url, "--max-age", "3599")  # --offline needs pages
    first = Checked(index, *arguments)
    assert first.was_done
    index.forget()
    again = Checked(index, *arguments)
    assert not again.was_done
    assert again.outcome == first.outcome
    assert index.requests == ()


def _config(text: str, directory: str = ".") -> Callable[[], object]:
    return lambda: Path(directory, "nogilcheck.toml").write_text(text, encoding="utf-8")


def _pyproject() -> None:
    Path("..", "pyproject.toml").write_text('[tool.nogilcheck]\nfail-on = "never"\n', encoding="utf-8")


CHANGES: dict[str, tuple[Callable[[], object], int]] = {
    "a requirement": (lambda: Path(FILE).write_text("app\n", encoding="utf-8"), 0),
    "settings here": (_config('fail-on = "never"'), 0),
    "settings above": (_config('fail-on = "never"', ".."), 0),
    "settings of the project": (_pyproject, 0),
    "another Python by a variable": (lambda: os.environ.__setitem__("NOGILCHECK_FAIL_ON", "never"), 0),
    "a constraint by a variable": (lambda: os.environ.__setitem__("PIP_CONSTRAINT", "missing.txt"), 2),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_changes_is_seen(index: Index, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    for name in ("NOGILCHECK_FAIL_ON", "PIP_CONSTRAINT"):  # both are as they were after the test
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    assert Checked(index).outcome.status == 1
    assert not Checked(index).was_done
    change, status = CHANGES[what]
    change()
    after = Checked(index)
    assert after.was_done
    assert after.outcome.status == status
    assert Checked(index).outcome == after.outcome


def test_settings_that_go_again_are_seen(index: Index) -> None:
    _config('fail-on = "never"', "..")()
    first = Checked(index)
    assert first.outcome.status == 0
    assert "nogilcheck.toml" in first.outcome.stderr
    again = Checked(index)
    assert not again.was_done
    assert again.outcome == first.outcome, "which settings were taken is said again"
    Path("..", ".git").rename(Path(".git"))
    assert Checked(index).outcome.status == 1, "the settings are outside of the repository now"


def test_a_baseline_that_changed_is_seen(index: Index) -> None:
    assert Checked(index, "--write-baseline", "line.json").outcome.status == 0
    assert Checked(index, "--baseline", "line.json").outcome.status == 0
    assert not Checked(index, "--baseline", "line.json").was_done
    Path("line.json").unlink()
    assert Checked(index, "--baseline", "line.json").outcome.status == 2


@pytest.mark.parametrize("again", [("--refresh",), ("--max-age", "0"), ("--no-cache",), ("-o", "report.txt")])
def test_who_asks_anew_is_answered_anew(index: Index, again: tuple[str, ...]) -> None:
    Checked(index, *again)
    index.forget()
    assert Checked(index, *again).was_done


def test_a_page_that_another_run_found_changed_is_seen(index: Index) -> None:
    Path(FILE).write_text("app\n", encoding="utf-8")
    assert Checked(index).outcome.status == 0
    index.replace(parse('[projects.app]\n"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }\n'))
    run("app", "--python", "3.14t", "--index-url", index.url, "--refresh")
    assert Checked(index).outcome.status == 1


def test_what_was_said_of_one_run_is_not_said_again(index: Index, home: Path) -> None:
    database = home / ".cache" / "nogilcheck" / DATABASE_NAME
    database.parent.mkdir(parents=True)
    database.write_bytes(b"no database" * 1000)
    first = Checked(index)
    assert "cannot be read" in first.outcome.stderr
    second = Checked(index)
    assert second.was_done
    assert second.outcome.stderr == ""


def test_a_cache_that_others_can_write_to_decides_nothing(index: Index, home: Path) -> None:
    Checked(index)
    (home / ".cache" / "nogilcheck").chmod(0o777)
    assert Checked(index).was_done


def test_it_costs_no_heavy_import() -> None:
    program = "import sys, nogilcheck.cli.main, nogilcheck.cli.printed; print(*sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=unmeasured()
    )
    loaded = set(found.stdout.split())
    assert "nogilcheck.cli.printed" in loaded
    assert not {"dataclasses", "inspect", "typer", "rich", "packaging", "nogilcheck.model.options"} & loaded
