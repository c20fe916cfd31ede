"""A policy over a finished report: what counts, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nogilcheck.config.policy import parse_fail_on, parse_ignore
from nogilcheck.judge.policy import apply_policy
from nogilcheck.model.policy import Baseline, Policy, Waiver
from nogilcheck.model.report.finding import Advice, Finding, Gap
from nogilcheck.model.report.report import Report
from nogilcheck.model.rules.table import BY_NAME
from nogilcheck.model.source import Location
from nogilcheck.model.verdict import Cause, Severity, Status
from tests.support.report_strategy import reports
from tests.support.reports import Link, World, blocked, root, target, unknown, warned

TODAY = date(2026, 11, 22)
T14, T15 = "cp314t-linux_x86_64", "cp315t-linux_x86_64"

WORLD = World(
    targets=(target("3.14t"), target("3.15t")),
    roots=(root("app", 1), root("fast", 2)),
    links=(
        Link(parent=0, child="app"),
        Link(parent=1, child="fast"),
        Link(parent="app", child="speed", specifier=">=1"),
        Link(parent="app", child="slow"),
    ),
    versions={"app": "1.0", "fast": "2.0", "speed": "1.5", "slow": "3.0"},
    verdicts={
        "speed": blocked(Status.GIL_ONLY),
        "fast": {"3.15t": blocked(Status.SOURCE_ONLY, cause=Cause.PYTHON)},
        "slow": warned(Status.PURE_FALLBACK),
    },
)
"""speed, transitive, blocks both; fast, direct, blocks 3.15t because of the Python; slow, transitive, is a warning."""


def report(world: World = WORLD, *, allowed: Iterable[str] = (), gaps: Iterable[Gap] = ()) -> Report:
    made = world.report()
    families = {Severity.BLOCKER: "blocker"}
    return replace(
        made,
        exit_status=1,
        targets=tuple(replace(one, allowed=one.python_name in allowed) for one in made.targets),
        findings=tuple(
            replace(f, fingerprint=f"{families.get(f.severity, f.status)}:{f.target}:{f.distribution}")
            for f in made.findings
        ),
        gaps=tuple(gaps),
    )


READY_BUT = replace(WORLD, verdicts={"slow": warned(Status.PURE_FALLBACK)})


def waiver(**values: Any) -> Waiver:
    plain: dict[str, Any] = {"reason": "no release yet", "location": Location(path="pyproject.toml", line=7)}
    return Waiver(**(plain | values))


def gap(rule: str, distribution: str | None = None, target: str | None = None) -> Gap:
    return Gap(rule=BY_NAME[rule].code, text="it is not known", distribution=distribution, target=target)


def held(found: Report, **policy: Any) -> Report:
    return apply_policy(found, Policy(**policy), today=TODAY)


def suppressed(found: Report) -> dict[tuple[str, str], str]:
    return {(f.distribution, f.target): f.suppressed_by for f in found.findings if f.suppressed_by is not None}


def notes(found: Report) -> str:
    return "\n".join(found.notes)


@given(reports())
def test_without_a_policy_nothing_changes_but_what_follows(found: Report) -> None:
    found = replace(
        found,
        findings=tuple(replace(one, suppressed_by=None) for one in found.findings if one.severity != "ready"),
        gaps=tuple(replace(one, suppressed_by=None, rule="NGC204") for one in found.gaps),
    )
    after = apply_policy(found, Policy(), today=TODAY)
    assert sorted(map(repr, after.findings)) == sorted(map(repr, found.findings))
    assert (after.gaps, after.notes, after.verdict, after.targets) == (
        found.gaps,
        found.notes,
        found.verdict,
        found.targets,
    )


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ([], 1),
        (["blocker"], 1),
        (["free-threading"], 1),
        (["python"], 1),
        (["source"], 0),
        (["warning"], 1),
        (["gap"], 0),
        (["never"], 0),
        (["direct:never"], 1),
        (["transitive:never"], 1),
        (["direct:never", "transitive:never"], 0),
        (["direct:never", "transitive:python"], 0),
        (["transitive:never", "direct:free-threading"], 0),
        (["transitive:never", "direct:python"], 1),
        (["transitive:gap,direct:gap"], 0),
    ],
)
def test_what_fails_a_run(words: list[str], status: int) -> None:
    assert held(report(), fail_on=parse_fail_on(words)).exit_status == status


@pytest.mark.parametrize(
    ("words", "status"), [([], 0), (["warning"], 1), (["direct:warning"], 0), (["transitive:warning"], 1)]
)
def test_warnings_fail_where_that_is_asked_for(words: list[str], status: int) -> None:
    assert held(report(READY_BUT), fail_on=parse_fail_on(words)).exit_status == status


@pytest.mark.parametrize(
    ("words", "rule", "status"),
    [
        ([], "unreachable", 3),
        (["blocker"], "unreachable", 3),
        (["new"], "unreachable", 3),
        (["gap"], "unreachable", 3),
        (["never"], "unreachable", 0),
        (["never"], "unread", 2),
        (["direct:never"], "unreachable", 3),
    ],
)
def test_a_gap_always_counts_unless_nothing_does(words: list[str], rule: str, status: int) -> None:
    assert held(report(READY_BUT, gaps=[gap(rule)]), fail_on=parse_fail_on(words)).exit_status == status


@pytest.mark.parametrize(
    ("name", "words", "status"),
    [
        ("fast", "direct:never", 0),
        ("fast", "transitive:never", 3),
        ("slow", "direct:never", 3),
        ("slow", "transitive:never", 0),
        ("nowhere", "transitive:never", 3),
    ],
)
def test_a_gap_of_a_project_counts_as_its_place_in_the_graph_does(name: str, words: str, status: int) -> None:
    found = report(READY_BUT, gaps=[gap("unreachable", name)])
    assert held(found, fail_on=parse_fail_on([words])).exit_status == status


def test_allowed_targets_never_fail() -> None:
    only_fast = replace(WORLD, verdicts={"fast": WORLD.verdicts["fast"]})
    assert held(report(only_fast)).exit_status == 1
    assert held(report(only_fast, allowed=["3.15t"])).exit_status == 0
    everywhere = report(allowed=["3.14t", "3.15t"], gaps=[gap("cut-off"), gap("unreachable", target=T14)])
    assert held(everywhere).exit_status == 0
    assert held(replace(everywhere, gaps=(gap("unread"),))).exit_status == 2, "the input itself is not understood"
    assert held(report(READY_BUT, allowed=["3.15t"], gaps=[gap("cut-off")])).exit_status == 3


@pytest.mark.parametrize(
    ("made", "status", "severity"),
    [("off", 0, Severity.BLOCKER), ("warning", 0, Severity.WARNING), ("blocker", 1, Severity.BLOCKER)],
)
def test_a_rule_may_count_as_something_else(made: str, status: int, severity: Severity) -> None:
    only = replace(WORLD, verdicts={"speed": WORLD.verdicts["speed"]})
    after = held(report(only), severity={"NGC006": made})
    assert (after.exit_status, after.verdict) == (status, "blocked")
    assert {one.severity for one in after.findings} == {severity}
    assert suppressed(after) == (
        {("speed", T14): "NGC006 is off", ("speed", T15): "NGC006 is off"} if made == "off" else {}
    )


def test_a_warning_may_count_as_a_blocker_and_then_comes_first() -> None:
    after = held(report(), severity={"NGC101": "blocker", "NGC006": "warning", "NGC003": "warning"})
    assert after.exit_status == 1
    assert [one.distribution for one in after.findings] == ["slow", "slow", "fast", "speed", "speed"]


@pytest.mark.parametrize(("made", "status"), [("off", 0), ("warning", 0), ("blocker", 1)])
def test_a_rule_of_gaps_may_count_as_something_else(made: str, status: int) -> None:
    after = held(report(READY_BUT, gaps=[gap("unreachable", "slow")]), severity={"NGC204": made})
    assert after.exit_status == status
    assert (after.gaps[0].suppressed_by is not None) == (made != "blocker")


@pytest.mark.parametrize(
    ("words", "distribution", "status"),
    [
        (["warning"], "slow", 1),
        (["warning"], None, 1),
        (["transitive:warning"], "slow", 1),
        (["direct:warning"], "slow", 0),
        (["direct:warning"], None, 1),
        (["direct:warning"], "fast", 1),
        (["new"], "slow", 0),
    ],
)
def test_a_gap_that_counts_as_a_warning_fails_where_warnings_do(
    words: list[str], distribution: str | None, status: int
) -> None:
    found = report(replace(READY_BUT, verdicts={}), gaps=[gap("unreachable", distribution)])
    after = held(found, severity={"NGC204": "warning"}, fail_on=parse_fail_on(words))
    assert after.exit_status == status
    assert (after.gaps[0].suppressed_by is None) == (status == 1)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("speed", {("speed", T14), ("speed", T15)}),
        ("Speed", {("speed", T14), ("speed", T15)}),
        ("ngc003", {("fast", T15)}),
        ("speed:NGC006", {("speed", T14), ("speed", T15)}),
        ("speed:gil-only", {("speed", T14), ("speed", T15)}),
        (":gil-only", {("speed", T14), ("speed", T15)}),
        ("speed:NGC003", set()),
        ("slow", {("slow", T14), ("slow", T15)}),
        ("elsewhere", set()),
    ],
)
def test_what_is_ignored_by_name(text: str, gone: set[tuple[str, str]]) -> None:
    after = held(report(), ignores=(parse_ignore(text),))
    assert suppressed(after) == dict.fromkeys(gone, f"ignored with --ignore {text}")
    assert (f"--ignore {text} matched nothing" in after.notes) == (not gone)
    assert after.exit_status == 1


def test_an_ignored_gap_does_not_count() -> None:
    found = report(
        replace(READY_BUT, verdicts={"speed": unknown()}), gaps=[gap("unknown", "speed"), gap("conflict", "fast")]
    )
    assert held(found).exit_status == 2
    assert held(found, ignores=(parse_ignore("fast"),)).exit_status == 3
    after = held(found, ignores=(parse_ignore("fast"), parse_ignore("NGC201")))
    assert after.exit_status == 0
    assert "2 unknowns ignored" in notes(after)


@pytest.mark.parametrize(
    ("ignored", "status"),
    [
        (["NGC206"], 3),
        (["NGC206", "NGC208"], 0),
        (["speed:NGC206", "speed:NGC208"], 0),
        (["fast:NGC206", "NGC208"], 3),
        (["NGC201"], 3),
    ],
)
def test_what_is_unknown_is_let_through_with_the_gaps_that_say_why(ignored: list[str], status: int) -> None:
    world = replace(READY_BUT, verdicts={"speed": unknown()})
    gaps = [gap("direct-reference", "speed"), gap("dependencies-unknown", "speed", T15)]
    found = held(report(world, gaps=gaps), ignores=tuple(map(parse_ignore, ignored)))
    assert found.exit_status == status
    if status == 0:
        assert suppressed(found) == dict.fromkeys(
            [("speed", T14), ("speed", T15)], f"ignored with --ignore {ignored[0]}"
        )


def test_what_is_unknown_without_a_gap_of_its_own_is_let_through_by_its_own_name_only() -> None:
    found = report(replace(READY_BUT, verdicts={"speed": unknown()}), gaps=[gap("direct-reference", "fast")])
    assert held(found, ignores=(parse_ignore("NGC206"),)).exit_status == 3


@pytest.mark.parametrize(
    ("values", "gone"),
    [
        ({"distribution": "speed"}, {("speed", T14), ("speed", T15)}),
        ({"distribution": "speed", "specifier": "<2"}, {("speed", T14), ("speed", T15)}),
        ({"distribution": "speed", "specifier": ">=2"}, set()),
        ({"distribution": "speed", "rule": "NGC006"}, {("speed", T14), ("speed", T15)}),
        ({"distribution": "speed", "rule": "NGC003"}, set()),
        ({"rule": "NGC003"}, {("fast", T15)}),
        ({"distribution": "speed", "targets": ("3.15t",)}, {("speed", T15)}),
        ({"distribution": "speed", "targets": (T14,)}, {("speed", T14)}),
        ({"distribution": "speed", "targets": ("linux-x86_64",)}, {("speed", T14), ("speed", T15)}),
        ({"distribution": "speed", "targets": ("3.15t linux-x86_64", "windows-amd64")}, {("speed", T15)}),
        ({"distribution": "slow"}, set()),
        ({"distribution": "slow", "rule": "NGC101"}, {("slow", T14), ("slow", T15)}),
    ],
)
def test_what_a_waiver_is_for(values: Mapping[str, Any], gone: set[tuple[str, str]]) -> None:
    after = held(report(), waivers=(waiver(**values),))
    assert suppressed(after) == dict.fromkeys(gone, "waived: no release yet")
    assert ("(pyproject.toml:7) matched nothing" in notes(after)) == (not gone)


def test_where_warnings_fail_a_waiver_is_for_them_as_well() -> None:
    after = held(report(READY_BUT), waivers=(waiver(distribution="slow"),), fail_on=parse_fail_on(["warning"]))
    assert after.exit_status == 0
    assert set(suppressed(after)) == {("slow", T14), ("slow", T15)}


def test_a_waiver_of_targets_that_were_not_checked_is_not_called_unused() -> None:
    after = held(report(), waivers=(waiver(distribution="speed", targets=("3.16t",)),))
    assert (suppressed(after), after.notes) == ({}, ())


def test_nothing_is_called_unused_while_something_is_unknown() -> None:
    after = held(report(gaps=[gap("unreachable", "x")]), waivers=(waiver(distribution="y"),))
    assert "matched nothing" not in notes(after)


@pytest.mark.parametrize(("day", "holds"), [("2026-11-21", False), ("2026-11-22", True), ("2026-11-23", True)])
def test_a_waiver_holds_up_to_its_last_day(day: str, holds: bool) -> None:
    only = replace(WORLD, targets=WORLD.targets[:1])
    after = held(report(only), waivers=(waiver(distribution="speed", expires=date.fromisoformat(day)),))
    assert after.exit_status == (0 if holds else 1)
    expired = [one for one in after.findings if one.status == "waiver-expired"]
    if holds:
        assert suppressed(after) == {("speed", T14): f"waived until {day}: no release yet"}
        assert not expired
    else:
        (told,) = expired
        assert (told.rule, told.severity, told.distribution) == ("NGC108", Severity.WARNING, "speed")
        assert told.location == Location(path="pyproject.toml", line=7)
        assert told.detail == ("pyproject.toml:7", day, "no release yet")


@pytest.mark.parametrize(
    ("kind", "project", "ends"), [("upgrade", "speed", True), ("relax", "app", False), ("wait", "speed", False)]
)
def test_a_waiver_until_fixed_ends_with_a_release_that_fits(kind: str, project: str, ends: bool) -> None:
    made = report(replace(WORLD, targets=WORLD.targets[:1]))
    step = Advice(kind=kind, project=project, version="1.6", text="")
    made = replace(made, findings=tuple(replace(one, advice=(step,)) for one in made.findings))
    after = held(made, waivers=(waiver(distribution="speed", until_fixed=True),))
    assert after.exit_status == (1 if ends else 0)
    if ends:
        (told,) = [one for one in after.findings if one.status == "waiver-expired"]
        assert told.detail == ("pyproject.toml:7", "speed 1.6 fits", "no release yet")
    else:
        assert suppressed(after) == {("speed", T14): "waived until fixed: no release yet"}


def test_an_expired_waiver_of_a_gap_is_told() -> None:
    found = report(READY_BUT, gaps=[gap("unreachable", "slow")])
    after = held(found, waivers=(waiver(distribution="slow", expires=date(2026, 1, 31)),))
    assert after.exit_status == 3
    assert "the waiver of slow (pyproject.toml:7) has ended (2026-01-31)" in after.notes
    assert held(found, waivers=(waiver(distribution="slow"),)).exit_status == 0


def test_a_waiver_for_one_target_does_not_cover_a_gap_on_all() -> None:
    found = report(READY_BUT, gaps=[gap("unreachable", "slow")])
    assert held(found, waivers=(waiver(distribution="slow", targets=("3.15t",)),)).exit_status == 3
    assert held(found, waivers=(waiver(distribution="slow", targets=("3.15t", "3.14t")),)).exit_status == 0


def test_a_waiver_that_still_holds_covers_one_that_has_expired() -> None:
    only = replace(WORLD, targets=WORLD.targets[:1])
    waivers = (waiver(distribution="speed", expires=date(2026, 1, 31)), waiver(rule="NGC006"))
    after = held(report(only), waivers=waivers)
    assert (after.exit_status, [one.status for one in after.findings]) == (0, ["gil-only", "pure-fallback"])


def baseline(*fingerprints: str, targets: Iterable[str] = (T14, T15)) -> Baseline:
    return Baseline(path="b.json", targets=frozenset(targets), fingerprints=frozenset(fingerprints))


def test_what_the_baseline_has_is_not_new() -> None:
    drawn = baseline(f"blocker:{T14}:speed", f"blocker:{T15}:speed")
    after = held(report(), baseline=drawn)
    assert after.exit_status == 1
    assert suppressed(after) == dict.fromkeys([("speed", T14), ("speed", T15)], "in the baseline b.json")
    assert after.findings[0].distribution == "fast", "what counts comes first"
    assert notes(after) == "2 blockers ignored (baseline b.json)"
    everything = baseline(*drawn.fingerprints, f"blocker:{T15}:fast")
    for words in ([], ["new"], ["direct:warning"], ["free-threading", "python"]):
        assert held(report(), baseline=everything, fail_on=parse_fail_on(words)).exit_status == 0


def test_what_is_gone_is_told_with_what_to_do() -> None:
    drawn = baseline(*(f"blocker:{T14}:{name}" for name in ("speed", "a", "b", "c", "d", "e", "f")))
    after = held(report(replace(WORLD, targets=WORLD.targets[:1])), baseline=drawn)
    stale = [one for one in after.findings if one.status == "baseline-stale"]
    assert [(one.rule, one.distribution, one.location) for one in stale] == [
        ("NGC109", name, Location(path="b.json")) for name in "abcdef"
    ]
    assert "6 of 7 blockers in the baseline are gone (a on 3.14t linux-x86_64, " in notes(after)
    assert "e on 3.14t linux-x86_64, 1 more): tighten it with --write-baseline b.json" in notes(after)
    assert after.exit_status == 0


def test_nothing_is_gone_while_something_is_unknown() -> None:
    drawn = baseline(f"blocker:{T14}:a", f"blocker:{T15}:a")
    found = report(gaps=[gap("unreachable", "app", T14)])
    after = held(found, baseline=drawn)
    assert [one.target for one in after.findings if one.status == "baseline-stale"] == [T15]
    assert "gone" not in notes(held(replace(found, gaps=(gap("unreachable", "app"),)), baseline=drawn))
    assert "2 of" in notes(held(found, baseline=drawn, ignores=(parse_ignore("app"),)))


def test_targets_that_the_baseline_does_not_cover_are_told() -> None:
    after = held(report(), baseline=baseline(f"blocker:{T14}:speed", targets=[T14]))
    assert "the baseline b.json does not cover 3.15t linux-x86_64: every blocker there is new" in after.notes


def test_an_expired_waiver_counts_whatever_the_baseline_has() -> None:
    only = report(replace(WORLD, targets=WORLD.targets[:1]))
    policy = {"baseline": baseline(f"blocker:{T14}:speed")}
    assert held(only, **policy).exit_status == 0
    assert held(only, waivers=(waiver(distribution="speed", expires=date(2026, 1, 31)),), **policy).exit_status == 1


def test_the_project_itself_counts_as_direct() -> None:
    own = Finding(
        rule="NGC007", status="own-requires-python", severity=Severity.BLOCKER, target=T14, distribution="demo",
        version=None, location=Location(path="pyproject.toml", line=3),
    )  # fmt: skip
    found = replace(report(READY_BUT), findings=(own,))
    assert held(found, fail_on=parse_fail_on(["transitive:never"])).exit_status == 1
    assert held(found, fail_on=parse_fail_on(["direct:never"])).exit_status == 0
    assert held(found, fail_on=parse_fail_on(["free-threading"])).exit_status == 0
    assert held(found, ignores=(parse_ignore("demo"),)).exit_status == 0


@given(st.sampled_from([T14, T15]), st.sampled_from(["speed", "fast", "slow"]), st.sampled_from(["ignores", "waivers"]))
def test_suppressing_more_never_fails_more(on: str, name: str, how: str) -> None:
    policy: dict[str, Any] = (
        {"ignores": (parse_ignore(name),)}
        if how == "ignores"
        else {"waivers": (waiver(distribution=name, targets=(on,)),)}
    )
    for words in ([], ["warning"], ["direct:never"]):
        fail_on = parse_fail_on(words)
        assert held(report(), fail_on=fail_on, **policy).exit_status <= held(report(), fail_on=fail_on).exit_status
