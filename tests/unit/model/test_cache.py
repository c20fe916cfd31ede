"""The records of the cache, and what is asked of the states of pages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from nogilcheck.model.artifact import ReleaseFile
from nogilcheck.model.cache import PageKey, PageState, SolutionRecord, Witness, file_key, page_states, pages_hold
from tests.support.memory_cache import MemoryCache

ONE, TWO = (PageKey(index="https://pypi.test/simple/", project=name) for name in ("one", "two"))
FRESH_UNTIL_700 = PageState(digest="d1", fetched_at=100.0, fresh_until=700.0)

names = st.text(max_size=20)
times = st.floats(allow_nan=False, allow_infinity=False)


def cache_of(**states: PageState) -> MemoryCache:
    cache = MemoryCache()
    for name, state in states.items():
        cache.put_state(PageKey(index="https://pypi.test/simple/", project=name), state)
    return cache


@given(st.builds(PageState, digest=names, etag=st.none() | names, fetched_at=times, fresh_until=times))
def test_a_state_comes_back_as_it_was(state: PageState) -> None:
    assert PageState.decoded(state.encoded()) == state


@pytest.mark.parametrize("record", [b"", b"noise", b"[]", b"5"])
def test_a_record_of_another_form_is_no_state(record: bytes) -> None:
    assert PageState.decoded(record) is None


@given(
    st.builds(
        SolutionRecord,
        witnesses=st.lists(st.builds(Witness, kind=names, name=names, sha256=names), max_size=3).map(tuple),
        pages=st.lists(st.tuples(st.builds(PageKey, index=names, project=names), names), max_size=3).map(tuple),
        report=names,
    )
)
def test_a_solution_comes_back_as_it_was(solution: SolutionRecord) -> None:
    assert SolutionRecord.decoded(solution.encoded()) == solution


def test_the_states_of_pages_that_are_kept_are_found() -> None:
    assert page_states(cache_of(one=FRESH_UNTIL_700), [ONE, TWO]) == {ONE: FRESH_UNTIL_700}


def test_the_same_project_on_two_indexes_is_two_pages() -> None:
    elsewhere = PageKey(index="https://other.test/simple/", project="one")
    assert page_states(cache_of(one=FRESH_UNTIL_700), [elsewhere]) == {}


def test_pages_hold_while_they_are_fresh() -> None:
    cache = cache_of(one=FRESH_UNTIL_700)
    assert pages_hold(cache, [(ONE, "d1")], now=699.9)
    assert not pages_hold(cache, [(ONE, "d1")], now=700.0)


def test_pages_hold_for_as_long_as_the_user_says() -> None:
    cache = cache_of(one=FRESH_UNTIL_700)
    assert pages_hold(cache, [(ONE, "d1")], now=5000.0, max_age=10_000)
    assert not pages_hold(cache, [(ONE, "d1")], now=150.0, max_age=10)


def test_offline_stale_pages_hold() -> None:
    assert pages_hold(cache_of(one=FRESH_UNTIL_700), [(ONE, "d1")], now=None)


def test_pages_do_not_hold_when_one_is_missing_or_has_changed() -> None:
    cache = cache_of(one=FRESH_UNTIL_700)
    assert not pages_hold(cache, [(ONE, "d1"), (TWO, "d1")], now=None)
    assert not pages_hold(cache, [(ONE, "d2")], now=None)
    assert not pages_hold(cache, [(ONE, "d1"), (ONE, "d2")], now=None)


def file(*, index: str, sha256: str | None = "ab", url: str = "https://files.test/a-1-py3-none-any.whl") -> ReleaseFile:
    return ReleaseFile(
        filename="a-1-py3-none-any.whl",
        url=url,
        version=Version("1"),
        kind="wheel",
        hashes={} if sha256 is None else {"sha256": sha256},
        index=index,
    )


def test_what_was_read_belongs_to_where_it_came_from() -> None:
    index = "https://pypi.test/simple/"
    known = file_key(file(index=index))
    assert known == file_key(file(index=index))
    assert known == file_key(file(index=index, url="https://files.test/a-1-py3-none-any.whl?signed=anew"))
    others = [
        file(index="https://evil.test/simple/"),
        file(index=index, url="https://evil.test/a-1-py3-none-any.whl"),
        file(index=index, sha256="cd"),
        replace(file(index=index), filename="b-1-py3-none-any.whl"),
        replace(file(index=index), metadata_hash="sha256=ef"),
    ]
    assert len({known, file_key(file(index=index), "a login"), *map(file_key, others)}) == len(others) + 2


def test_a_file_without_a_hash_is_not_kept() -> None:
    assert file_key(file(index="https://pypi.test/simple/", sha256=None)) is None


def test_a_direct_reference_is_known_by_its_url_too() -> None:
    assert file_key(file(index="")) != file_key(file(index="", url="https://evil.test/a-1-py3-none-any.whl"))
