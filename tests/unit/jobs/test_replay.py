"""A finished report is given again as long as what it rests on is unchanged."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import fields, replace
from pathlib import Path

import pytest

from nogilcheck.inputs.text.input_fingerprint import witness_of
from nogilcheck.jobs import replay as replay_module
from nogilcheck.jobs.asked import asked
from nogilcheck.jobs.replay import is_fresh, keep, recall, solution_key
from nogilcheck.model.cache import Kind, PageKey, PageState
from nogilcheck.model.options import Options
from nogilcheck.model.source import IndexSettings
from tests.support.memory_cache import MemoryCache

OPTIONS = Options(inputs=("r.txt",))
PAGE = PageKey(index="https://pypi.test/simple/", project="numpy")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "r.txt"
    path.write_text("numpy\n", encoding="utf-8")
    return path


@pytest.fixture
def cache(file: Path) -> MemoryCache:
    """Holds a report that rests on a file, a variable and a page."""
    cache = MemoryCache()
    now = time.time()
    cache.put_state(PAGE, PageState(digest="one", fetched_at=now, fresh_until=now + 600))
    witnesses = (witness_of("file", str(file)), witness_of("variable", "PIP_INDEX_URL"))
    keep(cache, OPTIONS, "the report", witnesses=witnesses, pages=[(PAGE, "one")])
    return cache


def replay(cache: MemoryCache, options: Options) -> str | None:
    solution = recall(cache, options)
    return solution.report if solution is not None and is_fresh(solution, cache, options) else None


def test_the_same_question_has_the_same_answer(cache: MemoryCache) -> None:
    assert replay(cache, OPTIONS) == "the report"


@pytest.mark.parametrize(
    "options",
    [
        replace(OPTIONS, cache_dir="elsewhere"),
        replace(OPTIONS, offline=True),
        replace(OPTIONS, max_age=60),
        replace(OPTIONS, no_cache=True),
    ],
)
def test_how_the_answer_is_found_is_no_part_of_the_question(cache: MemoryCache, options: Options) -> None:
    assert replay(cache, options) == "the report"


@pytest.mark.parametrize(
    "options",
    [
        replace(OPTIONS, inputs=("r.txt", "s.txt")),
        replace(OPTIONS, pythons=("3.14t",)),
        replace(OPTIONS, platforms=("windows-amd64",)),
        replace(OPTIONS, allow_targets=("3.15t",)),
        replace(OPTIONS, exclude_newer="2026-01-01T00:00:00"),
        replace(OPTIONS, settings=IndexSettings(pre=True)),
        replace(OPTIONS, settings=IndexSettings(index_url="https://user:one@pypi.test/simple/")),
        replace(OPTIONS, settings=IndexSettings(only_binary=frozenset({":all:"}))),
        replace(OPTIONS, refresh=True),
    ],
)
def test_another_question_has_no_answer_yet(cache: MemoryCache, options: Options) -> None:
    assert replay(cache, options) is None


def test_every_option_either_shapes_the_answer_or_says_how_to_find_it() -> None:
    how = {"offline", "refresh", "no_cache", "cache_dir", "max_age", "time_limit"}
    assert set(asked(OPTIONS)) == {field.name for field in fields(Options)} - how


def test_a_key_holds_no_secret_and_does_not_depend_on_the_order_of_a_set() -> None:
    names = [f"p{number}" for number in range(50)]
    one, two = (
        replace(OPTIONS, settings=IndexSettings(index_url="https://user:secret@x.test/", only_binary=frozenset(order)))
        for order in (names, reversed(names))
    )
    cache = MemoryCache()
    assert solution_key(cache, one) == solution_key(cache, two)
    assert "secret" not in solution_key(cache, one)


def test_the_directory_and_the_version_are_part_of_the_question(
    tmp_path: Path, cache: MemoryCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with monkeypatch.context() as patch:
        patch.chdir(elsewhere)
        assert replay(cache, OPTIONS) is None
    with monkeypatch.context() as patch:
        patch.setattr(replay_module, "__version__", "999")
        assert replay(cache, OPTIONS) is None
    assert replay(cache, OPTIONS) == "the report"


def test_a_file_or_a_variable_that_changed(cache: MemoryCache, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("PIP_INDEX_URL", "https://other.test/simple/")
        assert replay(cache, OPTIONS) is None
    file.write_text("numpy\nscipy\n", encoding="utf-8")
    assert replay(cache, OPTIONS) is None
    file.write_text("numpy\n", encoding="utf-8")
    assert replay(cache, OPTIONS) == "the report"
    file.unlink()
    assert replay(cache, OPTIONS) is None


def test_a_page_that_changed_or_went_stale(cache: MemoryCache) -> None:
    state = cache.state(PAGE)
    offline = replace(OPTIONS, offline=True)
    cache.put_state(PAGE, state._replace(fresh_until=state.fetched_at - 1))
    assert replay(cache, OPTIONS) is None
    assert replay(cache, replace(OPTIONS, max_age=3600)) == "the report"
    assert replay(cache, offline) == "the report"
    cache.put_state(PAGE, state._replace(digest="two"))
    assert replay(cache, OPTIONS) is None
    assert replay(cache, offline) is None
    del cache.records[Kind.PAGE_STATES, PAGE.text]
    assert replay(cache, offline) is None


def test_an_answer_costs_no_heavy_import() -> None:
    program = "import sys, nogilcheck.jobs.replay; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(found.stdout.split())
    assert "nogilcheck.jobs.replay" in loaded
    heavy = {"httpx", "httpx2", "rich", "resolvelib", "pip_requirements_parser", "typer"}
    assert not heavy & {name.partition(".")[0] for name in loaded}
    assert not {name for name in loaded if name.startswith(("nogilcheck.resolve", "nogilcheck.index"))}
