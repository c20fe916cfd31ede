"""A project that is not ready, driven through four months: see ``fixtures/sample-project``."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.asking import joined
from tests.support.command import Outcome, run
from tests.support.invariants import check_report
from tests.world import SHAPES, Index, Universe, parse, serve

SAMPLE = Path(__file__).parents[2] / "fixtures" / "sample-project"
BASELINE = "nogilcheck-baseline.json"


def month(number: int) -> Universe:
    path = SAMPLE / "months" / f"{number}.toml"
    return parse(path.read_text(encoding="utf-8"), name=f"month-{number}")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample project, and the working directory."""
    path = tmp_path / "shop"
    shutil.copytree(SAMPLE, path)
    monkeypatch.chdir(path)
    return path


@pytest.fixture
def index() -> Iterator[Index]:
    with serve(month(1), SHAPES["pypi"]) as served:
        yield served


class Shop:
    """Checks of the project, with one cache."""

    def __init__(self, index: Index, cache: Path) -> None:
        self._always = ("--index-url", index.url, "--cache-dir", str(cache), "--max-age", "0")

    def check(self, *arguments: str) -> Outcome:
        outcome = run("check", *arguments, *self._always)
        settings, *written = outcome.stderr.splitlines() or [""]
        assert settings.startswith(("nogilcheck: settings from ", "Wrote ")) or not settings
        assert all(line.startswith("Wrote ") for line in written)
        return outcome

    def report(self, *arguments: str) -> dict[str, Any]:
        outcome = self.check("--format", "json", *arguments)
        check_report(outcome.stdout)
        report: dict[str, Any] = json.loads(outcome.stdout)
        assert report["exit_status"] == outcome.status
        return report


@pytest.fixture
def shop(project: Path, index: Index, cache_dir: Path) -> Shop:
    return Shop(index, cache_dir)


def counting(report: dict[str, Any]) -> dict[str, str]:
    """The blockers that count, each with the line that it stands at."""
    return {
        finding["distribution"]: f"{finding['location']['path']}:{finding['location']['line']}"
        for finding in report["findings"]
        if finding["severity"] == "blocker" and finding["suppressed_by"] is None
    }


def waive(project: Path, *, until: str = "2099-12-31") -> int:
    """Add the waiver; the line that it begins at."""
    before = (project / "pyproject.toml").read_text(encoding="utf-8")
    waiver = (SAMPLE / "waiver.toml").read_text(encoding="utf-8").replace("2099-12-31", until)
    (project / "pyproject.toml").write_text(before + waiver, encoding="utf-8")
    return (before + waiver[: waiver.index("[[")]).count("\n") + 1


def test_four_months(project: Path, index: Index, shop: Shop) -> None:
    # Month 1: not ready. Without a line it fails, with one it passes.
    (project / BASELINE).unlink()
    assert shop.check("--no-config", "requirements.txt", "--python", "3.14t").status == 1
    drawn = shop.check("--write-baseline", BASELINE)
    assert drawn.status == 0
    assert "2 blockers recorded" in joined(drawn.stdout)
    assert (project / BASELINE).read_text(encoding="utf-8") == (SAMPLE / BASELINE).read_text(encoding="utf-8")
    first = shop.check("--output", "month-1.json")
    assert first.status == 0
    assert "BLOCKED  2 blockers (2 ignored)" in shop.check().stdout

    # Month 2: one release of a known blocker, which is not new, and one blocker that is.
    index.replace(month(2))
    report = shop.report()
    assert (report["verdict"], report["exit_status"]) == ("blocked", 1)
    assert counting(report) == {"colours": "requirements.txt:4"}
    versions = {one["name"]: one["version"] for one in report["distributions"]}
    assert versions["fastjson"] == "1.1"
    shop.check("--output", "month-2.json")
    regressed = run("diff", "month-1.json", "month-2.json")
    assert regressed.status == 1
    assert "requirements.txt:4 imaging → colours" in regressed.stdout

    # Month 3: nothing has changed but the project's mind.
    pyproject = (project / "pyproject.toml").read_text(encoding="utf-8")
    waive(project)
    waived = shop.check()
    assert waived.status == 0
    assert "waived until 2099-12-31: 1.0 has free-threaded wheels, and is announced" in joined(waived.stdout)
    (project / "pyproject.toml").write_text(pyproject, encoding="utf-8")
    line = waive(project, until="2001-01-31")
    expired = shop.report()
    assert expired["exit_status"] == 1
    assert counting(expired) == {"colours": "requirements.txt:4"}
    (told,) = (finding for finding in expired["findings"] if finding["status"] == "waiver-expired")
    assert (told["distribution"], told["location"]) == ("colours", {"path": "pyproject.toml", "line": line})
    assert f"the waiver in pyproject.toml:{line} has ended (2001-01-31; " in joined(shop.check().stdout)

    # Month 4: two of them are fixed upstream.
    index.replace(month(4))
    fixed = shop.check("--output", "month-4.json")
    assert fixed.status == 0
    text = joined(shop.check().stdout)
    assert "1 of 2 blockers in the baseline is gone (fastjson on 3.14t linux-x86_64): tighten it with " in text
    assert f"the waiver of colours<1 (pyproject.toml:{line}) matched nothing: it may be removed" in text
    better = run("diff", "month-2.json", "month-4.json")
    assert better.status == 0
    assert "3 blockers before, 1 now" in better.stdout
    (target,) = json.loads(run("diff", "month-2.json", "month-4.json", "--format", "json").stdout)["targets"]
    ready = {one["distribution"]: one["new"]["versions"] for one in target["changes"] if one["kind"] == "ready"}
    assert ready == {"colours": ["1.0"], "fastjson": ["1.2"]}
    assert run("diff", "month-2.json", "month-4.json", "-o", "diff.html").stdout == ""
    assert "3 blockers before, 1 now" in Path("diff.html").read_text(encoding="utf-8")
    tightened = shop.check("--write-baseline", BASELINE)
    assert tightened.status == 0
    assert "Wrote baseline nogilcheck-baseline.json: 1 blocker recorded (0 more, 1 fewer than before)" in joined(
        tightened.stdout
    )
    assert json.loads((project / BASELINE).read_text(encoding="utf-8"))["blockers"] == [
        "blocker:cp314t-linux_x86_64:dbdriver"
    ]
    index.replace(month(2))
    assert counting(shop.report()) == {"colours": "requirements.txt:4", "fastjson": "requirements.txt:2"}


def test_a_changed_policy_needs_no_new_check(project: Path, index: Index, cache_dir: Path) -> None:
    index.replace(month(2))
    always = ("--index-url", index.url, "--cache-dir", str(cache_dir))
    assert run("check", *always).status == 1
    asked = len(index.requests)
    assert run("check", *always, "--ignore", "colours").status == 0
    assert run("check", *always, "--fail-on", "warning").status == 1
    waive(project)
    assert run("check", *always).status == 0
    assert run("check", *always, "--no-config", "requirements.txt", "--python", "3.14t").status == 1
    assert len(index.requests) == asked


def test_below_the_project_it_is_the_same_project(project: Path, index: Index, shop: Shop) -> None:
    below = project / "src" / "shop"
    below.mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(below)
        index.replace(month(2))
        report = shop.report()
    assert report["exit_status"] == 1
    assert list(counting(report)) == ["colours"]
