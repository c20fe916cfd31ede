from __future__ import annotations

import shlex
from dataclasses import replace

from nogilcheck.model.lock import ANEW, UV
from nogilcheck.model.report.finding import Advice, Finding, Gap
from nogilcheck.model.report.report import Report
from nogilcheck.model.source import InputFile, Location
from nogilcheck.model.verdict import Cause, Severity, Status
from nogilcheck.report.next_steps import insights, next_commands
from nogilcheck.report.origins import origins_of
from nogilcheck.report.scope import Scope
from tests.support.reports import AIRFLOW, SCIENCE, WEB, Link, World, blocked, root, target


def steps(report: Report) -> list[str]:
    return insights(report, Scope(report.targets), origins_of(report))


def commands(report: Report, *, verbose: bool = False) -> list[str]:
    return [shlex.join(one.words) for one in next_commands(report, verbose=verbose)]


def world(links: list[Link], blockers: dict[str, Cause], roots: int = 2) -> World:
    names = dict.fromkeys(link.child for link in links)
    return World(
        targets=(target("3.14t"),),
        roots=[root(f"r{n}", n + 1) for n in range(roots)],
        links=links,
        versions=dict.fromkeys(names, "1"),
        verdicts={name: blocked(Status.GIL_ONLY, cause=cause) for name, cause in blockers.items()},
    )


FT = Cause.FREE_THREADING


def test_a_ready_project_is_told_what_to_install_with() -> None:
    assert steps(WEB.report()) == ["Install with python3.14t or python3.15t and run your tests there."]
    assert commands(WEB.report()) == ["nogilcheck -v"]
    assert commands(WEB.report(), verbose=True) == []


def test_the_next_commands_ask_for_the_same_and_can_be_pasted() -> None:
    asked = {
        "inputs": ["a file.txt", "pandas>=2"],
        "pythons": ["3.15t", "3.15t"],
        "platforms": ["linux-x86_64"],
        "extras": ["fast", "kafka"],
        "all_groups": True,
        "exclude_newer": None,
        "evidence": ["own.toml"],
        "settings": {"index_url": "https://example.org/simple/"},
    }
    report = replace(AIRFLOW.report(), options=asked)
    again = (
        "'a file.txt' 'pandas>=2' --extra fast --extra kafka --all-groups --python 3.15t --evidence own.toml "
        "--index-url https://example.org/simple/"
    )
    assert commands(report) == [
        f"nogilcheck why grpcio {again}",
        f"nogilcheck plan {again}",
        f"nogilcheck {again} -v",
    ]


def test_the_next_commands_ask_the_same_indexes_and_no_others() -> None:
    settings = {
        "index_url": None,
        "extra_index_urls": ["https://example.org/a/"],
        "strategy": "merge",
        "find_links": ["my wheels", "https://example.org/links"],
        "no_index": True,
        "pre": True,
        "only_binary": [":all:"],
        "no_binary": [],
    }
    report = replace(WEB.report(), options={"inputs": ["r.txt"], "settings": settings, "scan": True})
    expected = (
        "nogilcheck r.txt --extra-index-url https://example.org/a/ --index-strategy merge --find-links 'my wheels' "
        "--find-links https://example.org/links --no-index --pre --only-binary :all: --scan -v"
    )
    assert commands(report) == [expected]


def test_a_lock_that_has_no_wheel_which_the_index_has_is_locked_again() -> None:
    report = AIRFLOW.report()
    again = Advice(kind="relock", project="grpcio", version="1.85.1", text="lock again")
    findings = tuple(replace(f, advice=(again,)) if f.distribution == "grpcio" else f for f in report.findings)
    locked = replace(report, findings=findings, inputs=(InputFile(path="uv.lock", kind=UV, requirements=3),))
    first, *others = commands(locked)
    assert first == ANEW[UV]
    assert len(others) == 2


def test_the_nearest_target_names_whom_it_waits_for_and_what_frees_most() -> None:
    assert steps(replace(AIRFLOW, gaps=()).report())[:2] == [
        "3.14t, the nearest target, waits for free-threaded wheels of grpcio, psycopg-binary and psycopg2-binary.",
        "Removing apache-airflow-providers-postgres (r.txt:2) removes 2 of these 3 blockers.",
    ]


def test_one_ready_target_comes_before_one_that_is_not() -> None:
    on_the_other = {"psutil": AIRFLOW.verdicts["psutil"], "pyyaml": AIRFLOW.verdicts["pyyaml"]}
    report = replace(AIRFLOW, verdicts=on_the_other, gaps=()).report()
    assert steps(report)[:2] == [
        "3.14t is ready: install with python3.14t and run your tests there.",
        "3.15t waits for wheels of psutil and pyyaml.",
    ]


def test_an_allowed_target_is_nothing_to_wait_for() -> None:
    report = AIRFLOW.report()
    allowed = replace(report, targets=(replace(report.targets[0], allowed=True), report.targets[1]))
    assert steps(allowed)[0].startswith("3.15t waits for wheels of grpcio, psycopg-binary, psycopg2-binary, psutil")


def test_wheels_that_no_build_has_are_not_called_free_threaded() -> None:
    links = [Link(parent=0, child="pyyaml"), Link(parent=1, child="other")]
    assert steps(world(links, {"pyyaml": Cause.PYTHON}).report())[0] == "3.14t waits for 3.14 wheels of pyyaml."
    assert steps(world(links, {"pyyaml": Cause.SOURCE}).report())[0] == "3.14t waits for wheels of pyyaml."


def test_a_long_list_of_names_is_counted() -> None:
    links = [Link(parent=0, child=name) for name in "abcdefg"]
    said = steps(world(links, dict.fromkeys("abcdefg", FT)).report())[0]
    assert said == "3.14t waits for free-threaded wheels of a, b, c, d and 3 more."


def test_a_requirement_that_alone_brings_everything_is_named() -> None:
    links = [Link(parent=0, child="a"), Link(parent="a", child="x"), Link(parent=1, child="b")]
    assert "Removing a (r.txt:1) removes that blocker." in steps(world(links, {"x": FT}).report())


def test_a_blocker_that_two_requirements_bring_goes_with_neither() -> None:
    links = [
        Link(parent=0, child="a"),
        Link(parent="a", child="x"),
        Link(parent=1, child="b"),
        Link(parent="b", child="x"),
        Link(parent="x", child="a"),
    ]
    assert not any("Without" in step for step in steps(world(links, {"x": FT}).report()))


def test_two_lines_that_ask_for_the_same_count_as_one_requirement() -> None:
    links = [
        Link(parent=0, child="a"),
        Link(parent=1, child="a"),
        Link(parent="a", child="x"),
        Link(parent=2, child="b"),
    ]
    said = steps(world(links, {"x": FT}, roots=3).report())
    assert "Removing a (r.txt:1, r.txt:2) removes that blocker." in said


def test_the_only_requirement_and_a_blocker_itself_are_no_way_out() -> None:
    only = world([Link(parent=0, child="a"), Link(parent="a", child="x")], {"x": FT}, roots=1)
    direct = world([Link(parent=0, child="x"), Link(parent=1, child="b")], {"x": FT})
    for each in (only, direct):
        assert not any("Without" in step for step in steps(each.report()))


def test_gaps_are_to_be_settled() -> None:
    gap = Gap(rule="NGC202", text="'pandas=>2' is not a requirement")
    assert steps(replace(WEB, gaps=(gap,)).report())[0] == "Resolve the unknowns above, then rerun."
    assert "Resolve the unknowns above, then rerun." in steps(AIRFLOW.report())


def test_targets_that_wait_for_the_same_are_named_together() -> None:
    assert steps(SCIENCE.report())[:2] == [
        (
            "3.14t on linux, macOS and windows-amd64, the nearest targets, wait for free-threaded wheels of "
            "polars-runtime-32."
        ),
        "Removing polars (r.txt:2) removes that blocker.",
    ]


def test_a_target_that_the_project_excludes_waits_for_no_wheel() -> None:
    own = Finding(
        rule="NGC007",
        status="own-requires-python",
        severity=Severity.BLOCKER,
        target="cp315t-linux_x86_64",
        distribution="demo",
        version=None,
        location=Location(path="pyproject.toml", line=5),
        detail=("<3.15",),
    )
    ready = WEB.report()
    on_one = replace(ready, findings=(own,), targets=(ready.targets[0], replace(ready.targets[1], verdict="blocked")))
    assert steps(on_one) == ["3.14t is ready: install with python3.14t and run your tests there."]
    on_all = replace(
        ready,
        findings=tuple(replace(own, target=target.id, location=None) for target in ready.targets),
        targets=tuple(replace(target, verdict="blocked") for target in ready.targets),
    )
    assert steps(on_all) == []
    waiting = replace(AIRFLOW, gaps=()).report()
    both = steps(replace(waiting, findings=(own, *waiting.findings)))
    assert not any("demo" in step for step in both)
    assert not any("demo" in command for command in commands(replace(waiting, findings=(own, *waiting.findings))))


def test_wheels_that_an_older_installer_does_not_take_are_told() -> None:
    report = WEB.report()
    first = report.targets[0]
    counts = replace(first.counts, status={**first.counts.status, Status.ABI3T: 1})
    told = steps(replace(report, targets=(replace(first, counts=counts), *report.targets[1:])))
    assert told[1:] == ["Wheels for abi3t need pip 26.1 or uv 0.11.3, or newer."]
