"""However many threads fetch and however many ask: the same answers, and nothing asked for twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from nogilcheck.index.fetcher import IndexFetcher
from nogilcheck.index.http import connections
from nogilcheck.index.http.connections import Connections
from nogilcheck.index.pages.page_policy import PagePolicy
from nogilcheck.index.workers import Urgency
from nogilcheck.model.artifact import Metadata, Missing, ProjectPage, ReleaseFile
from nogilcheck.model.cache import Cache, PageKey
from nogilcheck.model.source import IndexSettings
from nogilcheck.store.sqlite_cache import open_cache
from tests.support.command import run
from tests.support.grown_worlds import page_path, tree
from tests.support.memory_cache import MemoryCache
from tests.support.together import THREADS, together
from tests.world import Index, Shape, load, parse, serve

COUNT = 10
UNIVERSE = parse(
    "\n".join(
        f"""
[projects.p{number}]
"0.9" = {{}}
"1.0" = {{ requires = ["p{(number + 1) % COUNT}", "P{number * 5 % COUNT}>=0.9", "absent"], extras.e = ["p0"] }}
[projects.p{number}."2.0"]
wheels = ["cp314-none-manylinux_2_28_x86_64", "cp314-cp314t-manylinux_2_28_x86_64"]
sdist = {{ native = ["c"] }}
"""
        for number in range(COUNT)
    )
)
NAMES = [*(f"p{number}" for number in range(COUNT)), "absent"]

Answers = dict[str, object]


def likely(page: ProjectPage) -> Iterable[ReleaseFile]:
    return page.files(page.versions[0])[:1]


def heard(metadata: Metadata) -> Iterable[str]:
    return [dependency.name for dependency in metadata.requires]


def nothing(_: object) -> tuple[()]:
    return ()


def ask_everything(fetching: IndexFetcher, thread: int) -> Answers:
    """Every page, every file, and whatever is read from one; each thread in another order."""
    answers: Answers = {}
    for turn in range(len(NAMES)):
        name = NAMES[(turn + 5 * thread) % len(NAMES)]
        fetching.prefetch(NAMES[turn : turn + 2])
        page = fetching.page(name)
        if isinstance(page, Missing):
            answers[name] = page
            continue
        answers[name] = page.name, page.versions, page.indexes, page.status
        for version in page.versions:
            for file in page.files(version):
                answers[file.filename] = file, fetching.metadata(file)
                if file.kind == "wheel":
                    answers[f"{file.filename} members"] = fetching.listing(file)
    return answers


@contextmanager
def fetcher(
    index: Index,
    cache: Cache,
    *,
    threads: int,
    likely: Callable[[ProjectPage], Iterable[ReleaseFile]] = likely,
    heard: Callable[[Metadata], Iterable[str]] = heard,
) -> Iterator[tuple[IndexFetcher, Connections]]:
    with (
        closing(Connections(threads=threads)) as connections,
        IndexFetcher(
            settings=IndexSettings(index_url=index.url),
            cache=cache,
            connections=connections,
            policy=PagePolicy(),
            files_to_prefetch=likely,
            names_to_prefetch=heard,
        ) as fetching,
    ):
        yield fetching, connections


def everything(index: Index, *, threads: int, askers: int) -> tuple[list[Answers], list[str], set[tuple[PageKey, str]]]:
    """What each asker was told, what the index was asked for, and what the fetcher says that it read."""
    index.forget()
    with fetcher(index, MemoryCache(), threads=threads) as (fetching, _):
        answers = together(partial(ask_everything, fetching), threads=askers)
        read = set(fetching.record.pages)
    return answers, sorted(f"{request.path} {request.headers.get('range')}" for request in index.requests), read


def test_32_threads_tell_32_askers_what_one_tells_one(shape: Shape) -> None:
    with serve(UNIVERSE, shape) as index:
        (expected,), asked, read = everything(index, threads=1, askers=1)
        answers, asked_by_many, read_by_many = everything(index, threads=THREADS, askers=THREADS)
    assert len(expected) == len(NAMES) + COUNT * (5 + 4)
    assert all(answer == expected for answer in answers)
    assert asked_by_many == asked
    assert read_by_many == read


def test_32_requests_are_under_way_at_once() -> None:
    names = [f"p{number}" for number in range(THREADS)]
    universe = parse("\n".join(f'[projects.{name}]\n"1.0" = {{}}' for name in ["first", *names]))
    with (
        serve(universe) as index,
        fetcher(index, MemoryCache(), threads=THREADS, likely=nothing, heard=nothing) as (fetching, _),
    ):
        rounds = index.in_rounds([["/simple/first/"], [page_path(name) for name in names]])
        fetching.page("first")
        together(lambda thread: fetching._start_page(names[thread], Urgency.WANTED).wait())
        assert not rounds.missing


@pytest.mark.parametrize("name", ["graphs", "backtracking", "conflict", "missing"])
def test_the_report_does_not_depend_on_the_number_of_threads(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    universe = load(name)
    with serve(universe) as index:

        def reports(threads: int) -> list[tuple[int, str]]:
            monkeypatch.setattr(connections, "Connections", partial(Connections, threads=threads))
            found = []
            for scenario in universe.scenarios:
                directory = tmp_path / scenario.name
                directory.mkdir(exist_ok=True)
                arguments = scenario.arguments(scenario.write(directory), index.url)
                outcome = run(*arguments, "--format", "json", "--no-cache")
                assert outcome.stdout, outcome
                found.append((outcome.status, outcome.stdout))
            return found

        assert reports(THREADS) == reports(1)


def test_fetchers_on_many_threads_share_one_cache(cache_dir: Path) -> None:
    """Each finds the cache empty or not, as it happens; after them nobody asks for anything."""
    world = tree(3, 2)

    def look_up_all(thread: int) -> int:
        with fetcher(index, cache, threads=2) as (fetching, connections):
            for name in world.names:
                page = fetching.page(name)
                assert isinstance(page, ProjectPage)
                assert isinstance(fetching.metadata(page.files(page.versions[0])[0]), Metadata)
            return connections.requests

    with serve(world.universe) as index, open_cache(cache_dir, explicit=True, warn=pytest.fail) as cache:
        assert sum(together(look_up_all, threads=8)) >= 2 * len(world.names)
        assert sum(together(look_up_all, threads=8)) == 0
