from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nogilcheck.index.archives.range_readers import HttpRangeReader, LocalRangeReader, read_pieces
from nogilcheck.index.http.failures import ReadError
from nogilcheck.index.http.retrying_transport import Transport
from nogilcheck.model.artifact import MissingKind
from tests.world import Answer, Index, Shape, archive, parse, serve

UNIVERSE = parse('[projects.a."1.0"]\nwheels = ["py3-none-any"]')
NAME = "a-1.0-py3-none-any.whl"
CONTENT = archive(UNIVERSE.file(NAME))
SIZE = len(CONTENT)


@pytest.fixture
def http() -> Iterator[Transport]:
    opened = Transport(threads=1)
    yield opened
    opened.close()


@pytest.fixture(params=[True, False, "refused"], ids=["ranges", "ignored", "refused"])
def index(request: pytest.FixtureRequest) -> Iterator[Index]:
    with serve(UNIVERSE, Shape(ranges=request.param)) as running:
        yield running


@pytest.mark.parametrize("size", [SIZE, None, SIZE - 5, SIZE + 5, 0], ids=["told", "untold", "less", "more", "zero"])
def test_parts_of_a_file(index: Index, http: Transport, size: int | None) -> None:
    reader = HttpRangeReader(http, index.url_of(NAME), size)
    tail = reader.tail(20)
    assert reader.size == SIZE
    assert tail == (CONTENT if reader.whole is not None else CONTENT[-20:])
    assert reader.read(3, 9) == CONTENT[3:9]
    assert reader.read(5, 5) == b""
    assert (reader.whole is None) is (index.shape.ranges is True)
    assert {request.method for request in index.requests} == {"GET"}


def test_a_tail_longer_than_the_file(index: Index, http: Transport) -> None:
    for size in (SIZE, None):
        assert HttpRangeReader(http, index.url_of(NAME), size).tail(SIZE + 100) == CONTENT


def test_a_server_without_ranges_is_asked_once(http: Transport) -> None:
    with serve(UNIVERSE, Shape(ranges=False)) as index:
        reader = HttpRangeReader(http, index.url_of(NAME), None)
        assert reader.tail(5) == reader.whole == reader.tail(7) == CONTENT
        assert reader.read(0, 4) == CONTENT[:4]
        assert len(index.requests) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, MissingKind.UNREACHABLE), (403, MissingKind.FORBIDDEN), (401, MissingKind.FORBIDDEN)],
)
def test_no_file(index: Index, http: Transport, status: int, kind: MissingKind) -> None:
    index.fail("/files/*", action=status)
    with pytest.raises(ReadError) as caught:
        HttpRangeReader(http, index.url_of(NAME), None).tail(5)
    assert caught.value.missing.kind is kind
    assert len(index.requests) == 1


WRONG_PARTS = ("", "bytes 0-4/9", "bytes 3-5/*", "bytes 3-5/9", "pages 1-2/9", "bytes 3-9/100")


@pytest.mark.parametrize("content_range", WRONG_PARTS)
def test_another_part_costs_the_whole_file(http: Transport, content_range: str) -> None:
    with serve(UNIVERSE) as index:
        wrong = Answer(status=206, body=b"abcde", headers=(("Content-Range", content_range),))
        index.fail("/files/*", action=wrong, times=1)
        assert HttpRangeReader(http, index.url_of(NAME), SIZE).read(3, 8) == CONTENT[3:8]
        assert ["range" in request.headers for request in index.requests] == [True, False]


@pytest.mark.parametrize("content_range", ["bytes 0-4/9", "bytes 3-7/8", "bytes 2-6/7"])
def test_another_tail_costs_the_whole_file(http: Transport, content_range: str) -> None:
    with serve(UNIVERSE) as index:
        wrong = Answer(status=206, body=b"abcde", headers=(("Content-Range", content_range),))
        index.fail("/files/*", action=wrong, times=1)
        assert HttpRangeReader(http, index.url_of(NAME), None).tail(4) == CONTENT


@pytest.mark.parametrize("content_range", WRONG_PARTS)
def test_another_part_than_was_asked_for(index: Index, http: Transport, content_range: str) -> None:
    index.fail("/files/*", action=Answer(status=206, body=b"abcde", headers=(("Content-Range", content_range),)))
    with pytest.raises(ReadError) as caught:
        HttpRangeReader(http, index.url_of(NAME), 9).read(3, 8)
    assert caught.value.missing.kind is MissingKind.BROKEN


def test_a_length_that_the_server_does_not_know(index: Index, http: Transport) -> None:
    index.fail("/files/*", action=Answer(status=206, body=b"abc", headers=(("Content-Range", "bytes 4-6/*"),)))
    reader = HttpRangeReader(http, index.url_of(NAME), None)
    assert (reader.tail(3), reader.size) == (b"abc", 7)


def test_a_local_file(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(CONTENT)
    reader = LocalRangeReader(path)
    assert (reader.size, reader.whole) == (SIZE, None)
    assert reader.tail(9) == CONTENT[-9:]
    assert reader.tail(SIZE + 1) == b"".join(read_pieces(path)) == CONTENT
    assert reader.read(2, 7) == CONTENT[2:7]
    path.unlink()
    for read in (lambda: reader.tail(1), lambda: LocalRangeReader(path), lambda: list(read_pieces(path))):
        with pytest.raises(ReadError) as caught:
            read()
        assert caught.value.missing.kind is MissingKind.NOT_FOUND
