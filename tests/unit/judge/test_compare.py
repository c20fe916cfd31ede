"""Two reports, and what lies between them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from nogilcheck.judge.compare import compare
from nogilcheck.judge.policy import apply_policy
from nogilcheck.model.policy import Policy
from nogilcheck.model.report.finding import Finding
from nogilcheck.model.report.report import Report
from nogilcheck.model.source import Location
from nogilcheck.model.verdict import Severity, Status
from nogilcheck.report.comparison import comparison_json, render_comparison
from tests.support.report_strategy import reports
from tests.support.reports import Link, blocked, ready, target, unknown, warned
from tests.unit.judge.test_apply_policy import T14, TODAY, WORLD, gap, report, waiver

ONE = replace(WORLD, targets=(target("3.14t"),))


def world(**verdicts: Any) -> Report:
    return report(replace(ONE, verdicts={**ONE.verdicts, **verdicts}))


def changes(old: Report, new: Report) -> list[tuple[str, str]]:
    return [(change.kind.value, change.distribution) for change in compare(old, new).targets[0].changes]


def drawn(old: Report, new: Report) -> str:
    return render_comparison(compare(old, new), width=100, colour=False, verbose=True)


def test_nothing_changed() -> None:
    comparison = compare(world(), world())
    assert (comparison.exit_status, comparison.targets[0].changes) == (0, ())
    assert "1 blocker, as before\n  nothing changed\n" in drawn(world(), world())


def test_a_new_blocker_is_a_regression_with_its_place() -> None:
    old, new = world(), world(slow=blocked(Status.OTHER_PYTHON))
    assert changes(old, new) == [("regressed", "slow")]
    assert compare(old, new).exit_status == 1
    text = drawn(old, new)
    assert "3.14t on linux-x86_64: 1 blocker before, 2 now" in text
    assert "slow 3.0  pure fallback -> no wheel for this Python\n        from   r.txt:1 app → slow\n" in text
    (change,) = json.loads(comparison_json(compare(old, new)))["targets"][0]["changes"]
    assert change == {
        "kind": "regressed",
        "distribution": "slow",
        "old": {"versions": ["3.0"], "status": "pure-fallback", "blocks": False},
        "new": {"versions": ["3.0"], "status": "other-python", "blocks": True},
        "rule": "NGC005",
        "location": {"path": "r.txt", "line": 1},
        "suppressed_by": None,
        "counts": True,
    }


def test_a_regression_that_is_waived_or_allowed_is_shown_and_does_not_count() -> None:
    old, new = world(), world(slow=blocked(Status.GIL_ONLY))
    waived = apply_policy(new, Policy(waivers=(waiver(distribution="slow"),)), today=TODAY)
    assert (changes(old, waived), compare(old, waived).exit_status) == ([("regressed", "slow")], 0)
    assert "waived: no release yet" in drawn(old, waived)
    allowed = replace(new, targets=tuple(replace(one, allowed=True) for one in new.targets))
    assert (changes(old, allowed), compare(old, allowed).exit_status) == ([("regressed", "slow")], 0)
    assert "linux-x86_64 (allowed)" in drawn(old, allowed)
    lowered = apply_policy(new, Policy(severity={"NGC006": "warning"}), today=TODAY)
    assert compare(old, lowered).exit_status == 0


@pytest.mark.parametrize("better", [ready(Status.FREE_THREADED), warned(Status.SOURCE_PURE)])
def test_what_blocks_no_more(better: object) -> None:
    old, new = world(), world(speed=better)
    assert (changes(old, new), compare(old, new).exit_status) == ([("ready", "speed")], 0)
    assert "Blocks no more (1)\n    speed 1.5  GIL-only -> " in drawn(old, new)


def test_distributions_come_and_go() -> None:
    fewer = replace(
        ONE,
        links=tuple(link for link in ONE.links if link.child != "speed"),
        versions={name: version for name, version in ONE.versions.items() if name != "speed"},
    )
    assert changes(report(fewer), world()) == [("regressed", "speed")]
    assert changes(world(), report(fewer)) == [("gone", "speed")]
    more = replace(ONE, links=(*ONE.links, Link(parent="app", child="extra")), versions={**ONE.versions, "extra": "1"})
    assert changes(world(), report(more)) == [("new", "extra")]


def test_other_versions_and_other_statuses() -> None:
    newer = replace(ONE, versions={**ONE.versions, "speed": "1.6", "app": "1.1"})
    newer = replace(newer, verdicts={**ONE.verdicts, "slow": ready()})
    assert changes(world(), report(newer)) == [("status", "slow"), ("version", "app"), ("version", "speed")]
    assert compare(world(), report(newer)).exit_status == 0, "a new release of a known blocker is not new"
    assert "speed 1.5 -> 1.6  GIL-only" in drawn(world(), report(newer))
    brief = render_comparison(compare(world(), report(newer)), width=100, colour=False)
    assert "speed" not in brief
    assert brief.endswith("  Other versions (2; -v lists them)\n")


def test_what_is_not_known_any_more_is_no_success() -> None:
    new = replace(world(speed=unknown()), gaps=(gap("unreachable", "speed"),))
    assert changes(world(), new) == [("undetermined", "speed")]
    comparison = compare(world(), new)
    assert (comparison.exit_status, comparison.targets[0].new_gaps) == (3, ("it is not known",))
    assert compare(new, new).exit_status == 0, "it was not known before, either"
    waived = replace(new, gaps=tuple(replace(one, suppressed_by="waived: x") for one in new.gaps))
    assert compare(world(), waived).exit_status == 0
    worse = replace(world(slow=blocked(Status.GIL_ONLY)), gaps=new.gaps)
    assert compare(world(), worse).exit_status == 1


def test_a_project_that_leaves_the_target_out() -> None:
    own = Finding(
        rule="NGC007", status="own-requires-python", severity=Severity.BLOCKER, target=T14, distribution="demo",
        version=None, location=Location(path="pyproject.toml", line=3), detail=("<3.14",),
    )  # fmt: skip
    excluded = replace(world(), findings=(own, *world().findings))
    assert changes(world(), excluded) == [("regressed", "demo")]
    assert "demo  excluded\n        from   pyproject.toml:3" in drawn(world(), excluded)
    assert changes(excluded, world()) == [("gone", "demo")]


def test_only_targets_of_both_are_compared() -> None:
    both, one = report(), world()
    comparison = compare(one, both)
    assert [each.target.id for each in comparison.targets] == [T14]
    assert "Only in the newer report, and not compared: 3.15t on linux-x86_64" in drawn(one, both)
    assert "Only in the older report, and not compared: 3.15t on linux-x86_64" in drawn(both, one)
    assert json.loads(comparison_json(compare(both, one)))["only_in_old"] == ["cp315t-linux_x86_64"]


@given(reports(), reports())
def test_any_two_reports_can_be_compared_and_shown(old: Report, new: Report) -> None:
    comparison = compare(old, new)
    text = render_comparison(comparison, width=60, colour=False)
    assert all(line.isprintable() for line in text.splitlines())
    assert json.loads(comparison_json(comparison))["exit_status"] == comparison.exit_status
    assert compare(old, old).exit_status == 0
