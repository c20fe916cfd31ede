"""The public API, as the page about it shows it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import nogilcheck
from nogilcheck import InputError, Options, Report, UsageError, check
from tests.support.command import unmeasured
from tests.world import parse, serve

UNIVERSE = parse("""
[projects.speed]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
[projects.pure]
"1.0" = {}
""")
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "api.md"
TABLE = """\
project    verdict    blockers
service    blocked    speed
worker     ready      -
website    unreadable website/pyproject.toml:"""


def project(directory: str, *requirements: str, text: str | None = None) -> None:
    Path(directory).mkdir()
    stated = f'[project]\nname = "{directory}"\nversion = "1"\ndependencies = {list(requirements)}\n'
    Path(directory, "pyproject.toml").write_text(text or stated, encoding="utf-8")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    project("service", "pure", "speed")
    project("worker", "pure")
    project("website", text="[project\n")
    return tmp_path


def test_the_script_of_the_page(here: Path) -> None:
    script = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[-1]
    assert len(script.splitlines()) <= 20
    with serve(UNIVERSE) as index:
        env = unmeasured() | {"PIP_INDEX_URL": index.url, "PYTHONPATH": str(PAGE.parents[2])}
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=env, check=True)
    assert done.stdout.startswith(TABLE)


def test_what_a_report_tells_without_the_json(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(UNIVERSE) as index:
        monkeypatch.setenv("PIP_INDEX_URL", index.url)
        report = check(here / "service", python=["3.14t", "3.14"], options=Options(no_cache=True))
        assert check("nothing-of-this-name", python="3.14t").unknowns
    assert [finding.distribution for finding in report.blockers] == ["speed"]
    assert report.target("3.14t").verdict == "blocked"
    assert report.target("3.14").verdict == "ready"
    assert report.distribution("Speed").version == "1.0"
    assert Report.from_json(report.to_json()) == report
    for missing in (report.target, report.distribution):
        with pytest.raises(KeyError):
            missing("3.13t")


def test_errors_are_public(here: Path) -> None:
    with pytest.raises(UsageError, match="'snake'"):
        check("pure", python="snake")
    with pytest.raises(InputError) as caught:
        check("website")
    assert caught.value.where == "website/pyproject.toml:1"


@pytest.mark.parametrize(
    "field", ["inputs", "constraints", "extras", "groups", "pythons", "platforms", "allow_targets"]
)
def test_one_string_is_not_several(field: str) -> None:
    with pytest.raises(TypeError, match=re.escape(f"{field}=('x',)")):
        Options(**{field: "x"})  # type: ignore[arg-type]


def test_lists_are_as_good_as_tuples() -> None:
    assert Options(inputs=["a", "b"]) == Options(inputs=("a", "b"))  # type: ignore[arg-type]


def test_every_public_name_is_there() -> None:
    assert set(nogilcheck.__all__) <= set(dir(nogilcheck))
    for name in nogilcheck.__all__:
        assert getattr(nogilcheck, name).__doc__
    with pytest.raises(AttributeError):
        nogilcheck.nothing  # noqa: B018
