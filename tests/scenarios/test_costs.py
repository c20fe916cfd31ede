"""What a check costs, in counts and not in seconds: requests, bytes, round trips, parses."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from nogilcheck.index.archives import core_metadata as metadata
from nogilcheck.index.archives import metadata_record as record
from nogilcheck.index.archives.zip_ranges import TAIL
from nogilcheck.index.pages import file_table, page_scan, simple_api
from nogilcheck.index.pages.file_table import FileTable
from nogilcheck.model.cache import SolutionRecord
from tests.support.command import run
from tests.support.grown_worlds import page_path, tree
from tests.world import SHAPES, Index, Request, Shape, parse, serve

# What is looked at, and beside it all that must not be.
UNIVERSE = parse("""
[projects.app]
"1.0" = { requires = ["compiled>=1", "middle", "windows-only ; sys_platform == 'win32'"] }
"2.0" = { requires = ["never"] }
[projects.app."1.1"]
requires = ["compiled>=1,<9", "middle", "windows-only ; sys_platform == 'win32'"]
extras.more = ["only-for-an-extra"]
[projects.compiled]
"1.0" = {}
[projects.compiled."2.0"]
sdist = { native = ["c"] }
wheels = ["cp314-cp314-manylinux_2_28_x86_64", "cp314-cp314t-manylinux_2_28_x86_64",
          "cp315-cp315-manylinux_2_28_x86_64", "cp315-cp315t-manylinux_2_28_x86_64", "cp314-cp314-win_amd64"]
[projects.middle]
"1.0" = { requires = ["leaf>=1"], sdist = true, wheels = ["py3-none-any"] }
"1.1" = { requires = ["leaf>=1"], sdist = true, wheels = ["py3-none-any"] }
[projects.leaf]
"0.9" = {}
"1.0" = {}
[projects.windows-only]
"1.0" = {}
[projects.only-for-an-extra]
"1.0" = {}
""")
ROOT = "app<2"
PAGES = ["/simple/app/", "/simple/compiled/", "/simple/leaf/", "/simple/middle/"]
WHEELS = [
    "/files/app-1.1-py3-none-any.whl",
    "/files/compiled-2.0-cp314-cp314-manylinux_2_28_x86_64.whl",
    "/files/leaf-1.0-py3-none-any.whl",
    "/files/middle-1.1-py3-none-any.whl",
]
"""What the ordinary build of 3.14 gets."""

SLACK = 4096
"""Bytes of a range beyond what was looked for."""


def check(index: Index, *arguments: str, python: str = "3.14t") -> tuple[Request, ...]:
    """Run a check that must come out ready; what the index was asked for."""
    index.forget()
    outcome = run(*arguments, "--python", python, "--index-url", index.url)
    assert (outcome.status, outcome.stderr) == (0, ""), outcome
    return index.requests


def paths(requests: tuple[Request, ...], start: str = "/") -> list[str]:
    """The paths that begin so, sorted, as often as they were asked for."""
    return sorted(request.path for request in requests if request.path.startswith(start))


def counting(monkeypatch: pytest.MonkeyPatch, function: Callable[..., Any]) -> list[tuple[Any, ...]]:
    """The positional arguments of every call of a function from now on, whoever imported it."""
    calls: list[tuple[Any, ...]] = []

    def counted(*arguments: Any, **options: Any) -> Any:
        calls.append(arguments)
        return function(*arguments, **options)

    for module in [module for name, module in sys.modules.items() if name.startswith("nogilcheck.")]:
        if getattr(module, function.__name__, None) is function:
            monkeypatch.setattr(module, function.__name__, counted)
    return calls


# Requests


@pytest.mark.parametrize("name", ["pypi", "html"])
def test_a_cold_run_asks_for_each_page_and_each_metadata_once(name: str) -> None:
    with serve(UNIVERSE, SHAPES[name]) as index:
        requests = check(index, ROOT, "--no-cache")
    assert {request.method for request in requests} == {"GET"}
    assert paths(requests) == sorted([*PAGES, *(f"{wheel}.metadata" for wheel in WHEELS)])


def test_of_a_small_wheel_without_a_metadata_file_one_range_is_read() -> None:
    with serve(UNIVERSE, SHAPES["mirror"]) as index:
        requests = check(index, ROOT, "--no-cache")
    assert {request.method for request in requests} == {"GET"}
    # Nothing tells whether the target's own wheel requires the same, so it is read as well.
    own = "/files/compiled-2.0-cp314-cp314t-manylinux_2_28_x86_64.whl"
    assert paths(requests) == sorted([*PAGES, *WHEELS, own])
    assert {request.status for request in requests if request.path.endswith(".whl")} == {206}


def test_what_is_asked_for_does_not_depend_on_the_number_of_releases() -> None:
    few, many = tree(3, 2), tree(3, 2, releases=40)
    asked = []
    for world in (few, many):
        with serve(world.universe) as index:
            asked.append(paths(check(index, world.root, "--no-cache")))
    assert asked[0] == asked[1] == sorted(path for one in few.rounds for path in one)


@pytest.mark.parametrize(("other", "further"), [("same", 0), ("another", 1)])
def test_a_second_target_asks_for_no_further_page_and_for_metadata_that_differ(other: str, further: int) -> None:
    wheels = ", ".join(
        f'{{ tag = "cp{python}-cp{python}.cp{python}t-manylinux_2_28_x86_64", fields.Summary = "{summary}" }}'
        for python, summary in (("314", "same"), ("315", other))
    )
    with serve(parse(f'[projects.lib]\n"1.0" = {{ wheels = [{wheels}] }}')) as index:
        one = check(index, "lib", "--no-cache")
        two = check(index, "lib", "--no-cache", python="3.14t,3.15t")
    assert paths(two, "/simple/") == paths(one, "/simple/") == [page_path("lib")]
    assert len(paths(two)) == len(paths(one)) + further


def test_further_platforms_ask_for_nothing_that_is_the_same_there() -> None:
    world = tree(2, 3)
    with serve(world.universe) as index:
        one = check(index, world.root, "--no-cache")
        all_ = check(index, world.root, "--no-cache", "--platform", "all", python="3.14t,3.15t")
    assert paths(all_) == paths(one)


def test_the_targets_own_wheels_are_read_in_the_round_of_the_metadata() -> None:
    regular, own = (f"a-1.0-cp314-cp314{t}-manylinux_2_28_x86_64.whl" for t in ("", "t"))
    wheels = [name.removeprefix("a-1.0-").removesuffix(".whl") for name in (regular, own)]
    universe = parse(f'[projects.root]\n"1.0" = {{ requires = ["a"] }}\n[projects.a]\n"1.0" = {{ wheels = {wheels} }}')
    with serve(universe, SHAPES["mirror"]) as index:
        rounds = index.in_rounds(
            [
                [page_path("root")],
                ["/files/root-1.0-py3-none-any.whl"],
                [page_path("a")],
                [f"/files/{name}" for name in (regular, own)],
            ]
        )
        check(index, "root", "--no-cache")
    assert not rounds.missing


@pytest.mark.parametrize(("description", "further"), [("Same", []), ("Other", ["free-threaded"])])
def test_the_targets_own_wheel_is_read_where_the_digests_differ(description: str, further: list[str]) -> None:
    regular, own = (f"cp314-cp314{t}-manylinux_2_28_x86_64" for t in ("", "t"))
    wheels = f'["{regular}", {{ tag = "{own}", fields.Summary = "{description}" }}]'
    universe = parse(f'[projects.lib]\n"1.0" = {{ wheels = {wheels}, fields.Summary = "Same" }}')
    with serve(universe, SHAPES["pypi"]) as index:
        requests = check(index, "lib", "--no-cache")
    read = [f"/files/lib-1.0-{tag}.whl.metadata" for tag in (regular, *(own for _ in further))]
    assert paths(requests, "/files/") == sorted(read)


# Bytes


@pytest.mark.parametrize(("first", "requests"), [(False, 1), (True, 2)], ids=["at-the-end", "at-the-front"])
def test_a_large_wheel_is_read_by_its_tail_and_at_most_one_more_range(*, first: bool, requests: int) -> None:
    # zip members stand in the order of writing: in front the ballast lies between the metadata and the directory.
    wheel = f'{{ tag = "py3-none-any", padding = {1 << 20}, metadata-first = {str(first).lower()} }}'
    universe = parse(f'[projects.big]\n"1.0" = {{ wheels = [{wheel}] }}')
    with serve(universe, SHAPES["mirror"]) as index:
        page, *parts = check(index, "big", "--no-cache")
    assert page.path == "/simple/big/"
    assert [part.status for part in parts] == [206] * requests
    assert sum(part.bytes for part in parts) <= TAIL + SLACK
    assert parts[0].bytes == TAIL


def test_pages_are_sent_compressed() -> None:
    world = tree(1, 1, releases=40)
    with serve(world.universe) as index:
        page, _ = check(index, world.root, "--no-cache")
        plain = index.answer(page.path, {"accept": page.headers["accept"]})
    assert page.bytes < len(plain.body) / 2


# Round trips


@pytest.mark.parametrize(("depth", "branching"), [(1, 1), (8, 1), (3, 2), (2, 4)])
def test_a_level_of_the_graph_costs_two_round_trips(depth: int, branching: int) -> None:
    """Pages, then metadata. The index holds each answer until everything of its round was asked for."""
    world = tree(depth, branching, releases=3)
    with serve(world.universe) as index:
        rounds = index.in_rounds(world.rounds)
        requests = check(index, world.root, "--no-cache")
    assert not rounds.missing, "these were not asked for together with the rest of their round"
    assert len(requests) == 2 * len(world.names)
    assert len(world.rounds) <= 2 * world.depth + 3


def test_sdists_are_read_in_the_round_of_the_metadata() -> None:
    """What is judged by its source needs no further round trip, and no second reading."""
    names = ("a", "b", "c")
    projects = [f'[projects.{name}."1.0"]\nsdist = {{ backend = "flit_core.buildapi" }}' for name in names]
    root = f'[projects.root]\n"1.0" = {{ requires = {list(names)} }}'
    sdists = [f"/files/{name}-1.0.tar.gz" for name in names]
    with serve(parse("\n".join([root, *projects]))) as index:
        rounds = index.in_rounds(
            [["/simple/root/"], ["/files/root-1.0-py3-none-any.whl.metadata"], [page_path(n) for n in names], sdists]
        )
        requests = check(index, "root", "--no-cache")
    assert not rounds.missing
    assert Counter(paths(requests, "/files/")) == Counter(["/files/root-1.0-py3-none-any.whl.metadata", *sdists])


def test_archives_that_are_listed_are_listed_in_one_round() -> None:
    """Whether a wheel that claims no ABI holds an extension module, its directory tells."""
    names = [f"n{number}" for number in range(4)]
    projects = [f'[projects.{name}]\n"1.0" = {{ wheels = ["cp314-none-manylinux_2_28_x86_64"] }}' for name in names]
    root = f'[projects.root]\n"1.0" = {{ requires = {names} }}'
    wheels = [f"/files/{name}-1.0-cp314-none-manylinux_2_28_x86_64.whl" for name in names]
    levels = [["root-1.0-py3-none-any.whl"], [wheel.rpartition("/")[2] for wheel in wheels]]
    first, second = ([f"/files/{wheel}.metadata" for wheel in level] for level in levels)
    with serve(parse("\n".join([root, *projects])), SHAPES["pypi"]) as index:
        rounds = index.in_rounds([[page_path("root")], first, list(map(page_path, names)), second, wheels])
        check(index, "root", "--no-cache")
    assert not rounds.missing


# Detours around blockers

BLOCKED = parse("""
[projects.top]
"1.0" = { requires = ["native", "compiled-above"] }
"1.1" = { requires = ["native", "compiled-above", "newer ; python_version >= '3.15'"] }
[projects.compiled-above."1.0"]
wheels = [{ tag = "cp314-cp314.cp314t-manylinux_2_28_x86_64", requires = ["native"] },
          { tag = "cp314-cp314.cp314t-win_amd64", requires = ["native<2"] }]
[projects.native]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64", "cp314-cp314.cp314t-win_amd64"] }
"2.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64", "cp314-cp314-win_amd64", "cp315-cp315-win_amd64"] }
[projects.newer]
"1.0" = {}
""")
PLATFORMS = ("linux-x86_64", "windows-amd64", "macos-arm64")


def test_what_a_detour_may_choose_of_a_pure_project_is_looked_for_once_for_all_platforms(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    goal = import_module("nogilcheck.resolve.plan.goal")
    looked_at: list[str] = []
    matching = goal.GoalCandidates.matching

    def counted(project: Any, *arguments: Any, **options: Any) -> Any:
        looked_at.append(project.page.name)
        return matching(project, *arguments, **options)

    monkeypatch.setattr(goal.GoalCandidates, "matching", counted)
    with serve(BLOCKED) as index:
        counts = []
        for python, platforms in (("3.14t", PLATFORMS[:1]), ("3.14t", PLATFORMS), ("3.14t,3.15t", PLATFORMS)):
            looked_at.clear()
            target = ("--python", python, "--platform", ",".join(platforms), "--index-url", index.url)
            assert run("top", "--no-cache", *target).status == 1
            counts.append(looked_at.count("top"))
    assert counts == [1, 1, 2]


def test_a_target_gets_the_answer_that_it_gets_alone() -> None:
    """Whatever the other targets share with it."""
    with serve(BLOCKED) as index:

        def told(*platforms: str) -> list[dict[str, Any]]:
            target = ("--python", "3.14t,3.15t", "--platform", ",".join(platforms), "--index-url", index.url)
            report = json.loads(run("top", "--no-cache", "--format", "json", *target).stdout)
            return sorted(report["findings"], key=lambda finding: str(finding["fingerprint"]))

        together = told(*PLATFORMS)
        for platform in PLATFORMS:
            alone = told(platform)
            targets = {finding["target"] for finding in alone}
            assert alone == [finding for finding in together if finding["target"] in targets]


# Parses


@pytest.mark.parametrize("python", ["3.14t", "3.14t,3.15t"])
def test_each_answer_is_parsed_once(monkeypatch: pytest.MonkeyPatch, python: str) -> None:
    import_module("nogilcheck.index.fetcher")  # so that all who parse are there
    world = tree(3, 2)
    scanned = counting(monkeypatch, page_scan.scan)
    parsed_pages = counting(monkeypatch, simple_api.parse_page)
    parsed_metadata = counting(monkeypatch, metadata.parse_metadata)
    with serve(world.universe) as index:
        check(index, world.root, "--no-cache", python=python)
        assert sorted(url for _, url, _ in scanned) == sorted(map(index.page_url, world.names))
    assert parsed_pages == [], "a page was parsed of which the scan knows the layout"
    assert len(parsed_metadata) == len(world.names)


def test_a_requirement_is_taken_apart_once_however_often_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    shared = ["shared-one>=1", "shared-two>=1 ; python_version >= '3.9'"]
    # One beneath the other, so that no two threads meet the same line at the same time.
    chain = [f'[projects.link-{n}]\n"1.0" = {{ requires = {[*shared, f"link-{n + 1}"]} }}' for n in range(5)]
    ends = [f'[projects.{name}]\n"1.0" = {{}}' for name in ("link-5", "shared-one", "shared-two")]
    metadata.parse_dependency.cache_clear()
    taken_apart: list[str] = []

    def counted(text: str) -> Requirement:
        taken_apart.append(text)
        return Requirement(text)

    monkeypatch.setattr(metadata, "Requirement", counted)
    with serve(parse("\n".join([*chain, *ends]))) as index:
        check(index, "link-0", "--no-cache")
    assert sorted(text for text in taken_apart if text.startswith("shared")) == shared


# A cache that is there


def filled(index: Index, cache: Path, *arguments: str) -> tuple[Request, ...]:
    """A check with an empty cache."""
    return check(index, *arguments, "--cache-dir", str(cache))


@pytest.mark.parametrize("again", [("--max-age", "0"), ("--refresh",)], ids=" ".join)
def test_a_stale_run_revalidates_each_page_once_and_reads_nothing_again(
    cache_dir: Path, again: tuple[str, ...]
) -> None:
    with serve(UNIVERSE, SHAPES["pypi"]) as index:
        cold = filled(index, cache_dir, ROOT)
        for _ in range(2):
            stale = filled(index, cache_dir, ROOT, *again)
            assert paths(stale) == paths(cold, "/simple/") == PAGES
            assert {(request.method, request.status, request.bytes) for request in stale} == {("GET", 304, 0)}
            assert all(request.headers["if-none-match"] for request in stale)


def test_a_stale_run_of_many_pages_costs_one_request_each(cache_dir: Path) -> None:
    world = tree(3, 5)
    with serve(world.universe) as index:
        filled(index, cache_dir, world.root)
        stale = filled(index, cache_dir, world.root, "--max-age", "0")
    assert paths(stale) == sorted(map(page_path, world.names))
    assert {request.status for request in stale} == {304}


def test_a_page_that_changed_is_the_only_one_that_is_read_again(cache_dir: Path) -> None:
    world, newer = tree(2, 3), tree(2, 3, releases=2)
    changed = world.levels[1][1]
    with serve(world.universe) as index:
        filled(index, cache_dir, world.root)
        kept = [project for project in world.universe.projects if project.name != changed]
        added = [project for project in newer.universe.projects if project.name == changed]
        index.replace(replace(world.universe, projects=(*kept, *added)))
        again = filled(index, cache_dir, world.root, "--max-age", "0")
    answers = Counter((request.path, request.status) for request in again)
    assert answers == {(page_path(name), 200 if name == changed else 304): 1 for name in world.names}


@pytest.mark.parametrize("shape", [SHAPES["pypi"], SHAPES["html"], SHAPES["mirror"]], ids=["pypi", "html", "mirror"])
def test_a_fresh_cache_asks_for_nothing(cache_dir: Path, shape: Shape) -> None:
    with serve(UNIVERSE, shape) as index:
        filled(index, cache_dir, ROOT)
        assert filled(index, cache_dir, ROOT) == ()


def test_a_replay_parses_nothing(cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(UNIVERSE) as index:
        filled(index, cache_dir, ROOT)
        parsed = [
            counting(monkeypatch, function)
            for function in (
                page_scan.scan,
                simple_api.parse_page,
                metadata.parse_metadata,
                record.decode_metadata,
            )
        ]
        filled(index, cache_dir, ROOT)
    assert parsed == [[], [], [], []]


def test_another_question_is_answered_from_the_same_cache(cache_dir: Path) -> None:
    with serve(UNIVERSE) as index:
        filled(index, cache_dir, ROOT)
        assert filled(index, cache_dir, "middle") == ()


def test_without_a_cache_nothing_is_made_for_it(monkeypatch: pytest.MonkeyPatch, cache_dir: Path) -> None:
    import_module("nogilcheck.index.fetcher")
    pages, solutions = FileTable.encoded, SolutionRecord.encoded
    made: list[object] = []

    def page_made(table: FileTable) -> bytes:
        made.append(table)
        return pages(table)

    def solution_made(solution: SolutionRecord) -> bytes:
        made.append(solution)
        return solutions(solution)

    monkeypatch.setattr(FileTable, "encoded", page_made)
    monkeypatch.setattr(SolutionRecord, "encoded", solution_made)
    described = counting(monkeypatch, record.encode_metadata)
    digested: list[object] = []

    def digest_made(*data: Any) -> Any:
        digested.append(data)
        return sha256(*data)

    monkeypatch.setattr(file_table, "sha256", digest_made)
    with serve(UNIVERSE) as index:
        check(index, ROOT, "--no-cache")
        assert (made, described, digested) == ([], [], [])
        filled(index, cache_dir, ROOT)
    assert len(digested) == len(PAGES)
    assert len(made) == len(PAGES) + 2  # the report, and what was printed
    assert len(described) == len(WHEELS)


def test_of_a_page_only_the_files_of_the_versions_that_are_looked_at_are_parsed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import_module("nogilcheck.index.fetcher")
    entries = counting(monkeypatch, simple_api.json_row)
    few, many = tree(3, 2, releases=2), tree(3, 2, releases=40)
    parsed = []
    for world in (few, many):
        entries.clear()
        with serve(world.universe) as index:
            check(index, world.root, "--no-cache")
        parsed.append(len(entries))
    assert parsed[0] == parsed[1]


def test_a_plain_check_imports_nothing_of_what_few_need() -> None:
    """Scans, sdists, pages in HTML, ranges of wheels, advice, unusual requests: each is imported where it is used."""
    code = "import sys\nfrom nogilcheck.cli.main import main\ntry:\n    main()\nfinally:\n    print(*sys.modules)"
    arguments = ("pure", "--offline", "--no-cache", "--quiet")
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    loaded = set(done.stdout.split())
    assert "nogilcheck.index.archives.metadata_sources" in loaded
    ours = (
        "binary",
        "shared_state",
        "jobs.advice",
        "resolve.plan.goal",
        "resolve.locked.follow",
        "index.pages.html_anchors",
    )
    archives = tuple(f"nogilcheck.index.archives.{name}" for name in ("sdist", "source", "wheel", "zip"))
    others = ("abi3info", "html", "http.cookies", "httpx", "ruamel", "tarfile", "typer", "zipfile")
    few = (*(f"nogilcheck.{name}" for name in ours), *archives, *others)
    assert [name for name in loaded if name.startswith(few)] == []
