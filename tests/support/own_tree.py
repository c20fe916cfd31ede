"""What this project itself depends on, as recorded from the real index, and what a check of it must say."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from nogilcheck.model.options import Options
from nogilcheck.model.report.report import READY, Report
from nogilcheck.model.verdict import Status
from nogilcheck.targets.platforms import PLATFORMS
from tests.world import Universe, parse

ROOT = Path(__file__).parents[2]
RECORDING = ROOT / "fixtures" / "recorded" / "own-tree.toml"
RECORD_AGAIN = "record again with: make record"

PYTHONS = ("3.14t", "3.15t")
EXTRAS: tuple[tuple[str, ...], ...] = ((), ("fast",))
"""The default install, and the extras that bring something."""

INSTALLED_FROM_A_WHEEL = {Status.FREE_THREADED, Status.ABI3T, Status.NO_ABI, Status.PURE_FALLBACK, Status.PURE}


def own_requirements(*extras: str) -> tuple[str, ...]:
    """The requirements of ``nogilcheck[EXTRAS]``, as pyproject.toml writes them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    return (*project["dependencies"], *(line for extra in extras for line in optional[extra]))


def checks() -> list[Options]:
    """The check of the own tree with each of `EXTRAS`, on every target."""
    return [Options(inputs=own_requirements(*extras), pythons=PYTHONS, platforms=("all",)) for extras in EXTRAS]


@cache
def recording() -> Universe:
    """The recorded tree; it has no scenarios."""
    return parse(RECORDING.read_text(encoding="utf-8"), name=RECORDING.stem)


def not_recorded(requirements: Iterable[str]) -> list[str]:
    """The requirements that no recorded version satisfies."""
    unsatisfied = []
    for line in requirements:
        requirement = Requirement(line)
        project = recording().project(requirement.name)
        if project is None or not any(requirement.specifier.filter(project.versions)):
            unsatisfied.append(line)
    return unsatisfied


def check_ready(report: Report, requirements: Iterable[str]) -> None:
    """Every distribution that the requirements bring has a wheel for every target."""
    assert report.gaps == ()
    assert (report.exit_status, report.verdict) == (0, READY), report.findings
    assert len(report.targets) == len(PYTHONS) * len(PLATFORMS)
    everywhere = [each for each in map(Requirement, requirements) if each.marker is None]
    roots = {canonicalize_name(each.name) for each in everywhere}
    for target in report.targets:
        found = {d.name: d.targets[target.id].verdict.status for d in report.distributions if target.id in d.targets}
        assert found.keys() > roots, f"on {target.id}"
        assert target.verdict == READY, f"on {target.id}"
        assert set(found.values()) <= INSTALLED_FROM_A_WHEEL, f"on {target.id}: {found}"
