"""The time limit of a run, by a clock that goes on with the requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nogilcheck.config.values import options_of
from nogilcheck.errors import ExitStatus
from nogilcheck.jobs.check import RunIO, check
from nogilcheck.jobs.plan import plan
from nogilcheck.jobs.why import explain
from nogilcheck.model.options import DEFAULT_TIME_LIMIT, Options
from nogilcheck.model.report.report import Report
from nogilcheck.model.source import IndexSettings
from nogilcheck.report.documents.plan import render_plan_json
from nogilcheck.report.documents.why_json import render as render_why_json
from nogilcheck.report.terminal.plan import render_plan
from nogilcheck.report.terminal.why import render as render_why
from tests.support.command import run
from tests.support.grown_worlds import tree
from tests.world import SHAPES, Index, parse, serve

CHAIN = tree(30, 1)
LIMIT = 100
SECONDS_PER_REQUEST = 10
THREADS = 16
"""Requests that may be under way when the time is up."""


@pytest.fixture
def index_of_chain() -> Iterator[Index]:
    with serve(CHAIN.universe, SHAPES["pypi"]) as index:
        yield index


def options(
    index: Index, *inputs: str, limit: int = LIMIT, cache_dir: Path | None = None, scan: bool = False
) -> Options:
    return Options(
        inputs=inputs,
        pythons=("3.14t",),
        settings=IndexSettings(index_url=index.url),
        no_cache=cache_dir is None,
        cache_dir=str(cache_dir) if cache_dir else None,
        time_limit=limit,
        scan=scan,
    )


def slow(index: Index) -> RunIO:
    """Each request takes so long."""
    return RunIO(clock=lambda: float(SECONDS_PER_REQUEST * len(index.requests)))


def limits(report: Report) -> list[str]:
    return [gap.text for gap in report.gaps if "--time-limit" in gap.text and "is not judged" in gap.text]


def test_projects_that_each_name_one_more_end(index_of_chain: Index) -> None:
    report = check(options(index_of_chain, CHAIN.root), slow(index_of_chain))
    assert report.exit_status is ExitStatus.UNDECIDED
    assert limits(report) == [
        "the run reached its time limit of 100 seconds (--time-limit); what was still unknown then is not judged"
    ]
    assert len(index_of_chain.requests) <= LIMIT / SECONDS_PER_REQUEST + THREADS
    judged = {entry.name for entry in report.distributions if entry.version is not None}
    assert CHAIN.root in judged, "what was known is reported"
    assert len(judged) < CHAIN.depth
    assert Report.from_json(report.to_json()) == report


def test_a_blocker_that_was_known_counts_more() -> None:
    world = parse("""
    [projects.app]
    "1.0" = { requires = ["late"] }
    [projects.late]
    "1.0" = { requires = ["later"] }
    [projects.later]
    "1.0" = {}
    [projects.speed."1.0"]
    wheels = ["cp314-cp314-manylinux_2_28_x86_64"]
    """)
    with serve(world) as index:
        io = RunIO(clock=lambda: 1e6 if index.asked("/simple/later/") else 0.0)
        report = check(options(index, "speed", "app"), io)
    assert report.exit_status is ExitStatus.BLOCKED
    assert limits(report)


@pytest.mark.parametrize("hanging", ["/simple/d3n0/", "*d2n0*.metadata"])
def test_an_answer_that_never_comes_is_waited_for_until_then(index_of_chain: Index, hanging: str) -> None:
    hang = index_of_chain.hang(hanging)
    io = RunIO(clock=lambda: 1e6 if hang.entered.is_set() else 0.0)
    report = check(options(index_of_chain, CHAIN.root), io)
    hang.release()
    assert report.exit_status is ExitStatus.UNDECIDED
    assert limits(report)


def test_no_answer_of_it_is_given_again(index_of_chain: Index, cache_dir: Path) -> None:
    """The next run, with more time, asks for what is missing and for nothing else."""
    cut = check(options(index_of_chain, CHAIN.root, cache_dir=cache_dir), slow(index_of_chain))
    before = {request.path for request in index_of_chain.requests if request.status == 200}
    index_of_chain.forget()
    whole = check(options(index_of_chain, CHAIN.root, limit=0, cache_dir=cache_dir), slow(index_of_chain))
    assert (cut.exit_status, whole.exit_status) == (ExitStatus.UNDECIDED, ExitStatus.READY)
    assert len(whole.distributions) == CHAIN.depth
    assert len(before & {request.path for request in index_of_chain.requests}) <= THREADS


def test_without_a_limit_and_with_time_enough_nothing_is_said(index_of_chain: Index) -> None:
    for limit in (0, 10_000):
        report = check(options(index_of_chain, CHAIN.root, limit=limit), slow(index_of_chain))
        assert (report.exit_status, report.gaps) == (ExitStatus.READY, ())


@pytest.mark.parametrize("wanted", ["scan", "listing", "sdist"])
def test_what_is_read_after_the_resolution_keeps_to_it_too(wanted: str) -> None:
    world = parse("""
    [projects.scan."1.0"]
    wheels = ["cp314-cp314t-manylinux_2_28_x86_64"]
    [projects.listing."1.0"]
    wheels = ["cp314-none-manylinux_2_28_x86_64"]
    [projects.sdist."1.0"]
    sdist = {}
    wheels = []
    """)
    with serve(world) as index:
        asking = replace(options(index, wanted), scan=wanted == "scan")
        ready = len(index.requests)
        whole = check(asking)
        requests = len(index.requests) - ready
        index.forget()
        # All but the last request are answered in time.
        io = RunIO(clock=lambda: 1e6 if len(index.requests) >= requests - 1 else 0.0)
        cut = check(asking, io)
    assert cut.exit_status is ExitStatus.UNDECIDED, whole
    assert limits(cut)


def test_a_requirements_file_on_a_server_keeps_to_it(tmp_path: Path) -> None:
    """It counts as a file that could not be read."""
    with serve(parse('[projects.a]\n"1.0" = {}')) as index:
        file = tmp_path / "r.txt"
        file.write_text(f"a\n-r {index.base}/more.txt\n")
        looks = iter([0.0])  # the first look at the clock is all the time there is
        report = check(options(index, str(file)), RunIO(clock=lambda: next(looks, 1e6)))
    assert report.exit_status is ExitStatus.UNUSABLE
    assert any("--time-limit" in gap.text for gap in report.gaps if gap.location)
    assert index.requests == ()


@pytest.mark.parametrize("job", [plan, lambda asked, io: explain("speed", asked, io)])
def test_other_jobs_end_as_well(job: Callable[[Options, RunIO], object]) -> None:
    releases = "\n".join(f'"{n}.0" = {{ wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }}' for n in range(1, 20))
    with serve(parse(f"[projects.speed]\n{releases}")) as index:
        for seconds in (1, 15, 25, 45):
            index.forget()
            assert job(options(index, "speed", limit=seconds), slow(index)) is not None


def test_on_the_command_line(index_of_chain: Index) -> None:
    assert Options().time_limit == DEFAULT_TIME_LIMIT
    outcome = run(CHAIN.root, "-i", index_of_chain.url, "--no-cache", "-p", "3.14t", "--time-limit", "900")
    assert outcome.status == 0
    assert [options_of({"time_limit": given}).time_limit for given in (None, 0, 900)] == [DEFAULT_TIME_LIMIT, 0, 900]


@pytest.mark.parametrize("job", ["plan", "why"])
def test_other_outputs_say_that_it_was_reached(job: str) -> None:
    """In the terminal and in JSON; with time enough they say nothing of it."""
    releases = "\n".join(f'"{n}.0" = {{ wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }}' for n in range(1, 20))
    said = set()
    with serve(parse(f"[projects.speed]\n{releases}")) as index:
        for seconds in (5, 900):
            index.forget()
            asked, io = options(index, "speed", limit=seconds), slow(index)
            if job == "plan":
                found = plan(asked, io)
                texts = render_plan(found, width=300, colour=False, verbose=False), render_plan_json(found)
            else:
                explained = explain("speed", asked, io)
                texts = render_why(explained, width=300, colour=False, verbose=False), render_why_json(explained)
            said.add((seconds, *("reached its time limit" in text for text in texts)))
            assert (json.loads(texts[1])["reached_limit"] is None) is (seconds == 900)
    assert said == {(5, True, True), (900, False, False)}
