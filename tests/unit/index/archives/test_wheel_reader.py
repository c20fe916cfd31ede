from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nogilcheck.index.archives import wheel_reader, zip_ranges
from nogilcheck.index.archives.ranges import BytesReader
from nogilcheck.index.archives.wheel_reader import read_wheel_metadata, wheel_members
from nogilcheck.model.artifact import Dependency, Metadata, Missing, MissingKind
from tests.support.archive_bytes import METADATA, WHEEL, Served, Unreachable, zip_of

INFO = "demo-1.0.dist-info/METADATA"
NOISE = Random(1).randbytes(100_000)
FOUND = Metadata(
    requires=(Dependency(name="idna", specifier=">=2"),),
    requires_python=">=3.9",
    origin="range",
    name="demo",
    version="1.0",
)
SMALL = zip_of({"demo/__init__.py": b"pass", INFO: METADATA})
FRONT = zip_of({INFO: METADATA, "demo/data.bin": NOISE})
WIDE = zip_of({INFO: METADATA, **{f"demo/{number:04}/{'x' * 60}.py": b"" for number in range(500)}})


@pytest.mark.parametrize(
    ("data", "requests"),
    [(SMALL, 1), (zip_of({"demo/data.bin": NOISE, INFO: METADATA}), 1), (FRONT, 2), (WIDE, 3)],
    ids=["small", "end", "front", "wide directory"],
)
def test_few_requests(data: bytes, requests: int) -> None:
    reader = Served(data)
    assert read_wheel_metadata(reader, WHEEL) == FOUND
    assert len(reader.requests) == requests
    fetched = [at for start, end in reader.requests for at in range(start, end)]
    assert len(fetched) == len(set(fetched)), "nothing is fetched twice"


def test_a_local_header_longer_than_expected_costs_one_more_request() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        info = zipfile.ZipInfo(INFO)
        info.extra = struct.pack("<HH", 0xCAFE, 4000) + b"x" * 4000
        archive.writestr(info, METADATA)
        archive.writestr("demo/data.bin", NOISE)
        info.extra = b""  # the directory, written at the end, tells nothing of it
    reader = Served(file.getvalue())
    assert read_wheel_metadata(reader, WHEEL) == FOUND
    assert len(reader.requests) == 3


def test_a_comment_moves_the_directory() -> None:
    assert read_wheel_metadata(Served(zip_of({INFO: METADATA}, comment=b"c" * 50_000)), WHEEL) == FOUND


def test_bytes_before_the_archive() -> None:
    assert read_wheel_metadata(Served(b"#!/bin/sh\n" * 10 + FRONT), WHEEL) == FOUND


def test_zip64(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    data = zip_of({INFO: METADATA, "demo/data.bin": NOISE})
    assert b"PK\x06\x06" in data
    assert read_wheel_metadata(Served(data), WHEEL) == FOUND


def test_a_server_without_ranges_is_asked_once() -> None:
    reader = Served(FRONT, ranges=False)
    found = read_wheel_metadata(reader, WHEEL)
    assert isinstance(found, Metadata)
    assert found.origin == "wheel"
    assert len(reader.requests) == 1


def test_the_origin_can_be_given() -> None:
    found = read_wheel_metadata(BytesReader(SMALL), WHEEL, origin="local")
    assert isinstance(found, Metadata)
    assert found.origin == "local"


def test_members_in_their_order() -> None:
    assert wheel_members(Served(SMALL), WHEEL) == ("demo/__init__.py", INFO)
    reader = Served(FRONT)
    assert wheel_members(reader, WHEEL) == (INFO, "demo/data.bin")
    assert len(reader.requests) == 1


@pytest.mark.parametrize("after", [0, 1, 2])
def test_an_unreachable_server_is_the_answer(after: int) -> None:
    found = read_wheel_metadata(Unreachable(WIDE, after=after), WHEEL)
    assert found == Missing(kind=MissingKind.UNREACHABLE, text="gone")


def test_a_server_that_sends_less_than_asked_for() -> None:
    class Short(Served):
        def read(self, start: int, end: int) -> bytes:
            return super().read(start, end)[:-1]

    found = read_wheel_metadata(Short(FRONT), WHEEL)
    assert isinstance(found, Missing)
    assert found.kind is MissingKind.BROKEN


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"demo/__init__.py": b""}, "no .dist-info"),
        ({INFO: METADATA, "other-1.dist-info/METADATA": METADATA}, "2 .dist-info"),
        ({"other-1.0.dist-info/METADATA": METADATA}, "another project"),
        ({"demo-1.0.dist-info/WHEEL": b""}, "METADATA"),
        ({"demo/vendor/demo-1.0.dist-info/METADATA": METADATA}, "no .dist-info"),
    ],
)
def test_wheels_without_their_metadata(members: dict[str, bytes], words: str) -> None:
    found = read_wheel_metadata(Served(zip_of(members)), WHEEL)
    assert isinstance(found, Missing)
    assert found.kind is MissingKind.BROKEN
    assert words in found.text
    assert WHEEL in found.text


def test_the_directory_name_need_not_be_normalized() -> None:
    data = zip_of({"Demo.Pkg-1.0.dist-info/METADATA": METADATA})
    assert read_wheel_metadata(Served(data), "demo_pkg-1.0-py3-none-any.whl") == FOUND


def _with_entry(data: bytes, offset: int, layout: str, *values: int) -> bytes:
    """The archive with a field of METADATA's entry in the directory changed."""
    at = data.rindex(INFO.encode()) - 46
    changed = bytearray(data)
    struct.pack_into(layout, changed, at + offset, *values)
    return bytes(changed)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda data: _with_entry(data, 24, "<L", 2**31), MissingKind.TOO_LARGE),
        (lambda data: _with_entry(data, 20, "<L", 2**31), MissingKind.TOO_LARGE),
        (lambda data: _with_entry(data, 24, "<L", 5), MissingKind.BROKEN),
        (lambda data: _with_entry(data, 16, "<L", 0), MissingKind.BROKEN),
        (lambda data: _with_entry(data, 42, "<L", 2**31), MissingKind.BROKEN),
        (lambda data: _with_entry(data, 42, "<L", 7), MissingKind.BROKEN),
        (lambda data: _with_entry(data, 8, "<H", 1), MissingKind.BROKEN),
        (lambda data: _with_entry(data, 10, "<H", 99), MissingKind.BROKEN),
        (lambda data: _with_entry(data, 6, "<H", 99), MissingKind.BROKEN),
        (lambda data: data[:-30], MissingKind.BROKEN),
        (lambda data: b"", MissingKind.BROKEN),
        (lambda data: b"<html>" * 9000, MissingKind.BROKEN),
    ],
)
def test_lying_archives(change: Callable[[bytes], bytes], kind: MissingKind) -> None:
    found = read_wheel_metadata(Served(change(SMALL)), WHEEL)
    assert isinstance(found, Missing)
    assert found.kind is kind
    assert WHEEL in found.text


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_whose_output_zipfile_does_not_bound_are_refused(method: int) -> None:
    found = read_wheel_metadata(Served(zip_of({INFO: METADATA}, compression=method)), WHEEL)
    assert isinstance(found, Missing)
    assert found.kind is MissingKind.BROKEN


def test_a_bomb_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheel_reader, "METADATA_LIMIT", 10_000)
    found = read_wheel_metadata(Served(zip_of({INFO: METADATA + b"0" * 1_000_000})), WHEEL)
    assert isinstance(found, Missing)
    assert found.kind is MissingKind.TOO_LARGE


def test_a_large_directory_is_refused_before_it_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_ranges, "DIRECTORY_LIMIT", 40_000)
    reader = Served(WIDE)
    found = wheel_members(reader, WHEEL)
    assert isinstance(found, Missing)
    assert found.kind is MissingKind.TOO_LARGE
    assert len(reader.requests) == 1


_cuts = st.tuples(st.integers(0, 4000), st.integers(0, 60), st.binary(max_size=60))


@given(base=st.sampled_from([SMALL, WIDE[-45_000:], FRONT]), cuts=st.lists(_cuts, min_size=1, max_size=4))
def test_damaged_wheels_are_values(base: bytes, cuts: list[tuple[int, int, bytes]]) -> None:
    """Bytes replaced, inserted or removed, mostly near the directory: an answer, and few requests."""
    data = base
    for back, length, put in cuts:
        at = max(len(data) - back, 0)
        data = data[:at] + put + data[at + length :]
    reader = Served(data)
    found = read_wheel_metadata(reader, WHEEL)
    assert isinstance(found, Metadata | Missing)
    assert len(reader.requests) <= 6
    assert isinstance(wheel_members(Served(data), WHEEL), tuple | Missing)
