"""The tool checked by itself: what it depends on is ready wherever it may be asked about. From a recording."""

from __future__ import annotations

from pathlib import Path

import pytest

from nogilcheck.model.report.report import Report
from tests.support.command import run
from tests.support.own_tree import (
    EXTRAS,
    PYTHONS,
    RECORD_AGAIN,
    RECORDING,
    check_ready,
    checks,
    not_recorded,
    own_requirements,
    recording,
)
from tests.world import Universe, parse, serve
from tests.world.record import record


def check(requirements: tuple[str, ...], universe: Universe, directory: Path) -> Report:
    """The answer of the command line, for every Python and platform."""
    path = directory / "requirements.txt"
    path.write_text("".join(f"{line}\n" for line in requirements), encoding="utf-8")
    asked = ["--python", ",".join(PYTHONS), "--platform", "all"]
    with serve(universe) as index:
        outcome = run("check", str(path), *asked, "--index-url", index.url, "--no-cache", "--format", "json")
    report = Report.from_json(outcome.stdout)
    assert outcome.status == report.exit_status
    return report


@pytest.fixture(autouse=True)
def _recorded() -> None:
    """A dependency that is newer than the recording is no fault of the code."""
    missing = not_recorded(line for extras in EXTRAS for line in own_requirements(*extras))
    assert not missing, f"{RECORDING.name} does not have {', '.join(missing)}; {RECORD_AGAIN}"


@pytest.mark.parametrize("extras", EXTRAS, ids=lambda extras: "-".join(extras) or "default")
def test_the_own_tree_is_ready(extras: tuple[str, ...], tmp_path: Path) -> None:
    requirements = own_requirements(*extras)
    report = check(requirements, recording(), tmp_path)
    assert not report.gaps, f"{[gap.text for gap in report.gaps]}; {RECORD_AGAIN}"
    check_ready(report, requirements)


def test_a_dependency_that_is_not_ready_would_be_noticed(tmp_path: Path) -> None:
    """As recorded, but without the wheels of the compiled one for one Python on one platform."""
    text = RECORDING.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if "cp315t-win_arm64" not in line]
    assert len(kept) < len(text.splitlines())
    requirements = own_requirements("fast")
    report = check(requirements, parse("\n".join(kept)), tmp_path)
    assert {target.id for target in report.targets if target.verdict != "ready"} == {"cp315t-windows_arm64"}
    with pytest.raises(AssertionError):
        check_ready(report, requirements)


def test_a_dependency_that_is_not_recorded_is_named() -> None:
    assert not_recorded(["packaging", "nobody-recorded-this>=1", "packaging>=99999"]) == [
        "nobody-recorded-this>=1",
        "packaging>=99999",
    ]


def test_the_recording_recorded_is_the_recording() -> None:
    with serve(recording()) as index:
        again = record(index.url, checks())
    assert RECORDING.read_text(encoding="utf-8").endswith(f"\n\n{again}")
