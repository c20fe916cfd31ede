"""The plan of a year-old freeze on the real index, and pip asked for it. Opt in: ``make test-live``.

What stays blocked moves with the index: a change since it was written down here is printed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from nogilcheck.inputs.edits.edited_file import edited_requirements
from nogilcheck.jobs.check import check
from nogilcheck.jobs.plan import plan
from nogilcheck.model.options import DEFAULT_INDEX_URL, Options
from nogilcheck.model.plan import Plan
from nogilcheck.model.verdict import Severity
from nogilcheck.targets.builds import make_target
from tests.support.pip_oracle import INSTALL, ask_pip, installation, require_pip

pytestmark = pytest.mark.live

FREEZE = Path(__file__).parents[2] / "fixtures" / "requirements" / "year-old.txt"
PLATFORM = "linux-x86_64"
REMAINED_ON = "2026-11-22"
REMAINED = {
    "3.14t": {"grpcio", "orjson", "polars-runtime-32"},
    "3.15t": {"grpcio", "orjson", "polars-runtime-32", "psutil", "pyyaml", "watchfiles"},
}
FREED = {"cffi", "greenlet", "scikit-learn"}
"""Newer releases have the wheels, and files are not replaced: they can be freed for good."""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def found(cache: str) -> Plan:
    return plan(Options(inputs=(str(FREEZE),), pythons=tuple(REMAINED), platforms=(PLATFORM,),
                        cache_dir=cache))  # fmt: skip


def test_what_can_be_freed_is(found: Plan, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n\nWhat remains blocked in {FREEZE.name}:")
        print(f"| Python | {REMAINED_ON} | today |", "|---|---|---|", sep="\n")
        for target in found.targets:
            was, now = (", ".join(sorted(names)) for names in (REMAINED[target.python], target.remaining))
            print(f"| {target.python} | {was} | {now} |")
    assert all(target.verified for target in found.targets)
    freed = {name for target in found.targets for name in target.blockers if name not in target.remaining}
    assert freed >= FREED


@pytest.mark.parametrize("python", REMAINED)
def test_what_is_written_is_blocked_by_what_remains_alone(python: str, found: Plan, cache: str, tmp_path: Path) -> None:
    path = _written(found, python, tmp_path)
    report = check(
        Options(
            inputs=(str(path),),
            pythons=(python,),
            platforms=(PLATFORM,),
            cache_dir=cache,
        )
    )  # fmt: skip
    assert report.gaps == ()
    blocked = {one.distribution for one in report.findings if one.severity is Severity.BLOCKER}
    assert blocked == _remaining(found, python)


@pytest.mark.parametrize("python", REMAINED)
def test_pip_takes_what_is_written_without_what_remains(python: str, found: Plan, tmp_path: Path) -> None:
    """Without dependencies: what requires one that remains blocked is pinned beside it, and everything is pinned."""
    require_pip()
    path = _written(found, python, tmp_path)
    remaining = _remaining(found, python)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if line.partition("==")[0] not in remaining), "utf-8")
    question = installation(make_target(python, PLATFORM), DEFAULT_INDEX_URL, ["--no-deps", "-r", str(path)])
    (answer,) = ask_pip(INSTALL, [question])
    assert "chosen" in answer, answer["error"]
    assert len(answer["chosen"]) > 200


def test_pip_resolves_what_is_written_on_the_twin(found: Plan, tmp_path: Path) -> None:
    """Nothing contradicts: the ordinary build has a wheel of all of it."""
    require_pip()
    path = _written(found, "3.14t", tmp_path)
    question = installation(make_target("3.14t", PLATFORM).installer, DEFAULT_INDEX_URL, ["-r", str(path)])
    (answer,) = ask_pip(INSTALL, [question])
    assert "chosen" in answer, answer["error"]


def _remaining(found: Plan, python: str) -> set[str]:
    return {name for target in found.targets if target.python == python for name in target.remaining}


def _written(found: Plan, python: str, directory: Path) -> Path:
    (target,) = (one for one in found.targets if one.python == python)
    path = directory / "planned.txt"
    path.write_text(edited_requirements(FREEZE.read_text(encoding="utf-8"), target.changes)[0], encoding="utf-8")
    return path
