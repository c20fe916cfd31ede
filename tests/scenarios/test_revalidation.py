"""A cache past its life: the index is asked whether anything has changed, and nothing else is done when not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nogilcheck.resolve.walk import walk
from tests.support.command import Outcome, run
from tests.world import SHAPES, Index, Shape, parse, serve

UNIVERSE = parse("""
[projects.app]
"1.0" = { requires = ["speed"] }
[projects.speed]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
""")
FIXED = parse("""
[projects.app]
"1.0" = { requires = ["speed"] }
[projects.speed]
"1.0" = { wheels = ["cp314-cp314t-manylinux_2_28_x86_64"] }
""")
WITHOUT_ETAG = replace(SHAPES["pypi"], etag=False)


def check(index: Index, cache: Path, *arguments: str) -> Outcome:
    given = arguments or ("app",)
    return run(*given, "--python", "3.14t", "--index-url", index.url, "--cache-dir", str(cache))


@pytest.mark.parametrize("again", [("--max-age", "0"), ("--refresh",)], ids=" ".join)
@pytest.mark.parametrize("shape", [SHAPES["pypi"], WITHOUT_ETAG], ids=["304", "200"])
def test_when_no_page_has_changed_nothing_is_resolved_again(
    cache_dir: Path, monkeypatch: pytest.MonkeyPatch, shape: Shape, again: tuple[str, ...]
) -> None:
    with serve(UNIVERSE, shape) as index:
        first = check(index, cache_dir)
        monkeypatch.setattr(walk, "walk_all", None)
        index.forget()
        assert check(index, cache_dir, "app", *again) == first
        assert {request.path for request in index.requests} == {"/simple/app/", "/simple/speed/"}
        index.forget()
        assert check(index, cache_dir) == first
        assert index.requests == (), "what was asked for is fresh again"


@pytest.mark.parametrize("shape", [SHAPES["pypi"], WITHOUT_ETAG], ids=["etag", "no-etag"])
def test_a_page_that_changed_is_asked_for_once(cache_dir: Path, shape: Shape) -> None:
    with serve(UNIVERSE, shape) as index:
        assert check(index, cache_dir).status == 1
        index.replace(FIXED)
        index.forget()
        assert check(index, cache_dir, "app", "--refresh").status == 0
        pages = [request.path for request in index.requests if request.path.startswith("/simple/")]
        assert sorted(pages) == ["/simple/app/", "/simple/speed/"]


def test_an_index_that_is_gone_is_a_gap_although_there_is_an_old_answer(cache_dir: Path) -> None:
    with serve(UNIVERSE) as index:
        assert check(index, cache_dir).status == 1
        url = index.url
    stale = run("app", "--python", "3.14t", "--index-url", url, "--cache-dir", str(cache_dir), "--max-age", "0")
    assert stale.status == 3
    assert "did not answer" in stale.stdout


def test_an_index_that_the_file_names_is_asked_as_well(cache_dir: Path, tmp_path: Path) -> None:
    with serve(UNIVERSE) as index:
        file = tmp_path / "requirements.txt"
        file.write_text(f"--index-url {index.url}\napp\n", encoding="utf-8")
        given = (str(file), "--python", "3.14t", "--cache-dir", str(cache_dir))
        first = run(*given)
        index.forget()
        assert run(*given, "--max-age", "0") == first
        assert {request.status for request in index.requests} == {304}
        assert len(index.requests) == 2
