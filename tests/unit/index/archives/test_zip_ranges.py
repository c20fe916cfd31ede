"""Many members of an archive with few requests."""

from __future__ import annotations

import pytest

from nogilcheck.index.archives import zip_ranges
from nogilcheck.index.archives.zip_ranges import ZipRanges, chunks
from nogilcheck.index.http.failures import ReadError
from tests.support.archive_bytes import Served, Unreachable, zip_of
from tests.support.modules import noise

MEMBERS = {"a": noise(5_000), "between": noise(20_000), "b": noise(6_000), "far": noise(200_000), "c": noise(7_000)}


def opened(served: Served) -> ZipRanges:
    archive = ZipRanges(served, "demo.whl")
    served.requests.clear()
    return archive


@pytest.fixture(autouse=True)
def _small_tail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_ranges, "TAIL", 1000)


def test_neighbours_come_with_one_request_and_what_is_far_with_its_own() -> None:
    served = Served(zip_of(MEMBERS))
    archive = opened(served)
    wanted = [info for info in archive.members if info.filename in "abc"]
    found = chunks(wanted)
    assert [[info.filename for info in chunk] for chunk in found] == [["a", "b"], ["c"]]
    costs = [archive.cost(chunk) for chunk in found]
    contents = {info.filename: data for chunk in found for info, data in archive.read_chunk(chunk, 10_000)}
    assert contents == {name: MEMBERS[name] for name in "abc"}
    assert len(served.requests) == 2
    assert sum(end - start for start, end in served.requests) == sum(costs) == archive.fetched - 1000


def test_chunks_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_ranges, "CHUNK", 30_000)
    archive = opened(Served(zip_of(MEMBERS)))
    assert [[info.filename for info in chunk] for chunk in chunks(archive.members)] == [
        ["a", "between"],
        ["b"],
        ["far"],
        ["c"],
    ]


def test_a_request_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_ranges, "PART", 64_000)
    served = Served(zip_of(MEMBERS))
    archive = opened(served)
    (far,) = (info for info in archive.members if info.filename == "far")
    assert next(archive.read_chunk([far], 300_000)) == (far, MEMBERS["far"])
    assert [end - start for start, end in served.requests][:3] == [64_000] * 3


def test_what_a_chunk_brought_is_let_go() -> None:
    served = Served(zip_of(MEMBERS))
    archive = opened(served)
    chunk = chunks([info for info in archive.members if info.filename == "a"])[0]
    for _ in range(2):
        assert dict(archive.read_chunk(chunk, 10_000))[chunk[0]] == MEMBERS["a"]
    assert len(served.requests) == 2


def test_a_whole_file_costs_nothing_more() -> None:
    served = Served(zip_of(MEMBERS), ranges=False)
    archive = opened(served)
    assert sum(map(archive.cost, chunks(archive.members))) == 0
    assert archive.fetched == len(served.data)


def test_a_member_beyond_the_limit_is_not_fetched() -> None:
    served = Served(zip_of(MEMBERS))
    archive = opened(served)
    chunk = chunks([info for info in archive.members if info.filename == "far"])[0]
    with pytest.raises(ReadError, match=r"200,\d+ bytes"):
        list(archive.read_chunk(chunk, 1000))
    assert served.requests == []


def test_a_server_that_goes_away_is_told() -> None:
    archive = ZipRanges(Unreachable(zip_of(MEMBERS), after=1), "demo.whl")
    with pytest.raises(ReadError, match="gone"):
        list(archive.read_chunk(chunks(archive.members)[0], 10**6))
