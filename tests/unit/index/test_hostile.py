"""Bytes that were made to do harm. What is bounded is shown by counting what was read, never by a clock."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import os
import random
import struct
import tarfile
import tomllib
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import packaging.metadata
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nogilcheck.index.archives import core_metadata as metadata
from nogilcheck.index.archives import sdist_archive, sdist_requires, sdist_stream, wheel_reader, zip_ranges
from nogilcheck.index.archives.core_metadata import parse_metadata
from nogilcheck.index.archives.range_readers import HttpRangeReader, LocalRangeReader, read_pieces
from nogilcheck.index.archives.sdist_reader import read_sdist
from nogilcheck.index.archives.sdist_requires import read_project_table, read_pyproject, read_requires_txt
from nogilcheck.index.archives.wheel_reader import read_wheel_metadata, wheel_members
from nogilcheck.index.http import content_codings as encodings
from nogilcheck.index.http.content_codings import EncodingError, TruncatedError, unpacked
from nogilcheck.index.http.failures import ReadError
from nogilcheck.index.http.freshness import MAX_LIFE, fresh_until
from nogilcheck.index.http.retrying_transport import Transport
from nogilcheck.index.local_path import NOT_FOLLOWED
from nogilcheck.index.pages import html_anchors as anchors
from nogilcheck.index.pages import simple_api as pages
from nogilcheck.index.pages.file_table import FileTable
from nogilcheck.index.pages.find_links import local_listing
from nogilcheck.index.pages.html_anchors import Anchors
from nogilcheck.index.pages.simple_api import PageError, parse_page
from nogilcheck.model.artifact import Metadata, Missing, MissingKind
from nogilcheck.model.urls import QUOTE_LIMIT
from tests.support.archive_bytes import METADATA, WHEEL, Served, streamed, tar_of, zip_of
from tests.world import Answer, Garbage, Shape, archive, parse, serve

JSON = "application/vnd.pypi.simple.v1+json"
HTML = "text/html"
URL = "https://index.test/simple/demo/"
INFO = "demo-1.0.dist-info/METADATA"
SDIST = "demo-1.0.tar.gz"
CONTROLS = "\x1b[31m\x07\x9b2J\u202e\u200b\x7f\r\n"
LONG = "9" * 5000
"""packaging takes a number of so many digits for a version, and Python refuses to convert it."""


def page_error(content: bytes, content_type: str) -> str:
    with pytest.raises(PageError) as caught:
        FileTable.of(parse_page(content, content_type, URL), "demo")
    return str(caught.value)


def json_page(*files: Any, **more: Any) -> bytes:
    return json.dumps({"meta": {"api-version": "1.0"}, "name": "demo", "files": files, **more}).encode()


# Pages


def test_a_json_page_of_too_many_values_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MAX_VALUES", 1000)
    monkeypatch.setattr(json, "loads", None)
    assert page_error(b'{"files": [' + b"[]," * 600, JSON) == "holds more than 1,000 values"


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"files":[' + b'{"a":' * 100_000])
def test_a_json_page_that_is_nested_deeply_is_an_error(content: bytes) -> None:
    assert "is not JSON" in page_error(content, JSON)


@pytest.mark.parametrize("key", ["size", "requires-python", "upload-time", "hashes", "yanked", "core-metadata"])
def test_whatever_depth_is_read_is_kept_or_refused(key: str) -> None:
    """The page can be read, and writing it down may need a deeper stack than reading it."""
    for depth in range(900, 1000):
        nested = b'{"x":' * depth + b"1" + b"}" * depth
        content = b'{"files":[{"filename":"demo-1.0.tar.gz","url":"x","%b":%b}]}' % (key.encode(), nested)
        try:
            FileTable.of(parse_page(content, JSON, URL), "demo").encoded()
        except PageError:
            return


def test_a_json_page_of_too_many_files_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MAX_FILES", 2)
    file = {"filename": "demo-1.0.tar.gz", "url": "x"}
    assert len(parse_page(json_page(file, file), JSON, URL).rows) == 2
    assert page_error(json_page(file, file, file), JSON) == "lists more than 2 files"


def test_numbers_without_end_are_no_json() -> None:
    assert "is not JSON" in page_error(b'{"files": [' + LONG.encode() + b"]}", JSON)


def test_absurd_facts_are_as_good_as_absent() -> None:
    file = {"filename": "demo-1.0.tar.gz", "url": "x", "size": 2**62 + 1, "requires-python": f">={LONG}"}
    (row,) = FileTable.of(parse_page(json_page({**file, "upload-time": "2" * 100}), JSON, URL), "demo").rows("1.0")
    assert (row.size, row.requires_python, row.upload_time) == (None, None, None)


@pytest.mark.parametrize(
    "filename",
    [f"demo-{LONG}.tar.gz", f"demo-1.0-cp3{LONG}-cp3{LONG}t-any.whl", "-" * 100_000 + ".tar.gz", "demo-1.0-1" * 9999],
)
def test_names_that_no_file_system_holds_are_no_files(filename: str) -> None:
    table = FileTable.of(parse_page(json_page({"filename": filename, "url": "x"}), JSON, URL), "demo")
    assert not table.groups


class Counting(Anchors):
    """Counts the characters that it is given."""

    given = 0

    def feed(self, data: str) -> None:
        self.given += len(data)
        super().feed(data)


ENDLESS = ("<!--", "<a ", "<a a='", "<a <", "<!a", "<?", "</", "<script>", "&", "<![CDATA[")


@pytest.mark.parametrize("pattern", ENDLESS)
def test_markup_without_end_is_given_up_early(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchors, "PIECE", 1000)
    monkeypatch.setattr(anchors, "MAX_CONSTRUCT", 4000)
    parser = Counting(most=10)
    with pytest.raises(anchors.MarkupError):
        parser.read(pattern * (1_000_000 // len(pattern)))
    assert parser.given <= 8000


@pytest.mark.parametrize("pattern", ["<b>", "</b>", "<!---->", "<?>", "<!x>", "<b a b c d>", "x<b>", "<textarea>"])
def test_elements_are_counted(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchors, "PIECE", 1000)
    monkeypatch.setattr(anchors, "MAX_ELEMENTS", 500)
    monkeypatch.setattr(anchors, "MAX_CONSTRUCT", 4000)
    parser = Counting(most=10)
    with pytest.raises(anchors.MarkupError):
        parser.read(pattern * (1_000_000 // len(pattern)))
    assert parser.given <= 10_000


def test_a_million_anchors_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchors, "PIECE", 1000)
    parser = Counting(most=100)
    with pytest.raises(anchors.MarkupError, match="more than 100 files"):
        parser.read('<a href="demo-1.0.tar.gz">x</a>\n' * 1_000_000)
    assert parser.given <= 5000
    assert len(parser.anchors) == 100
    monkeypatch.setattr(pages, "MAX_FILES", 1)
    assert page_error(b"<a href=x.whl><a href=y.whl>", HTML) == "lists more than 1 files"


_MARKUP = (*ENDLESS, "<a href='x'>", ">", "'", '"', "=", "x", "-->")


@given(st.text(max_size=60) | st.lists(st.sampled_from(_MARKUP), max_size=12).map("".join), st.integers(1, 20))
def test_pieces_make_no_difference(text: str, piece: int) -> None:
    def found() -> object:
        parser = Anchors(most=100)
        try:
            parser.read(text)
        except anchors.MarkupError:
            return None
        return parser.anchors, parser.base

    whole = found()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(anchors, "PIECE", piece)
        in_pieces = found()
    assert whole == in_pieces


@pytest.mark.parametrize("charset", ["idna", "punycode", "undefined", "base64", "nonsense", "zlib", "utf-16", "\0", ""])
def test_any_charset_is_survived(charset: str) -> None:
    listing = parse_page(b'<a href="demo-1.0.tar.gz">x</a>-\xff', f"text/html; charset={charset}", URL)
    assert len(listing.rows) == (0 if charset == "utf-16" else 1)


@pytest.mark.parametrize("declaration", ["<![", "<![<![", "<!x[", "<!DOCTYPE [<!ELEMENT"])
def test_malformed_declarations_are_no_defect(declaration: str) -> None:
    with contextlib.suppress(PageError):
        parse_page(f"{declaration}<a href='x.whl'>{declaration}".encode(), HTML, URL)


@pytest.mark.parametrize("base", ["http://[", "//[x", "javascript:", "file:///etc/"])
def test_a_base_that_makes_no_sense_leads_nowhere_else(base: str) -> None:
    table = FileTable.of(parse_page(f"<base href='{base}'><a href='demo-1.0.tar.gz'>".encode(), HTML, URL), "demo")
    url = table.url(table.rows("1.0")[0])
    assert url.startswith((NOT_FOLLOWED, URL))


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"x", f"foo/{CONTROLS.strip()}{'x' * 500}"),
        (json_page(meta={"api-version": CONTROLS * 500}), JSON),
        (json_page(meta={"api-version": {CONTROLS: [CONTROLS]}}), JSON),
        (f'<meta name="pypi:repository-version" content="{CONTROLS * 500}">'.encode(), HTML),
        (b"{" + CONTROLS.encode(), JSON),
    ],
)
def test_what_a_page_error_quotes_is_safe_and_short(content: bytes, content_type: str) -> None:
    text = page_error(content, content_type)
    assert text.isprintable()
    assert len(text) < 500


def test_a_status_is_safe_and_short() -> None:
    for content, kind in (
        (json_page(**{"project-status": {"status": CONTROLS * 500}}), JSON),
        (f'<meta name="pypi:project-status" content="{CONTROLS * 500}">'.encode(), HTML),
    ):
        status = parse_page(content, kind, URL).status
        assert status.isprintable()
        assert len(status) <= QUOTE_LIMIT


def test_a_directory_of_too_many_files_is_not_listed_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = 0

    def endless(path: Path) -> Iterator[Path]:
        nonlocal seen
        while True:
            seen += 1
            yield path / f"{seen}.whl"

    monkeypatch.setattr("nogilcheck.index.pages.find_links.MAX_LISTED", 10)
    monkeypatch.setattr(Path, "iterdir", endless)
    with pytest.raises(PageError, match="more than 10 entries"):
        local_listing(tmp_path)
    assert seen == 11


@pytest.mark.parametrize("header", [f"max-age={LONG}", f"max-age={LONG}, public"])
def test_a_life_that_is_too_long_to_be_told(header: str) -> None:
    assert fresh_until({"cache-control": header}, 0.0) == MAX_LIFE
    assert fresh_until({"cache-control": "max-age=600", "age": LONG}, 0.0) == 0.0


def test_of_a_fragment_only_so_many_fields_are_read() -> None:
    for count, hashes in ((pages.MAX_FRAGMENT_FIELDS - 1, {"sha256": "00"}), (pages.MAX_FRAGMENT_FIELDS, {})):
        href = "demo-1.0.tar.gz#sha256=00" + "&amp;a=b" * count
        (row,) = FileTable.of(parse_page(f'<a href="{href}">'.encode(), HTML, URL), "demo").rows("1.0")
        assert row.hashes == hashes


# Bodies


def gzipped(data: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        data = gzip.compress(data, mtime=0)
    return data


def in_pieces(data: bytes, size: int = 100) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


RAW_DEFLATE = zlib.compressobj(wbits=-zlib.MAX_WBITS)


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gzipped(b"content"), "gzip"),
        (gzipped(b"content"), "X-GZIP , identity"),
        (gzipped(b"content") + b"trailing", "gzip"),
        (zlib.compress(b"content"), "deflate"),
        (RAW_DEFLATE.compress(b"content") + RAW_DEFLATE.flush(), "deflate"),
        (b"content", ""),
        (b"content", "identity"),
        (b"content", "aws-chunked"),
    ],
)
@pytest.mark.parametrize("size", [1, 1000])
def test_codings_are_undone(body: bytes, coding: str, size: int) -> None:
    assert b"".join(unpacked(in_pieces(body, size), coding)) == b"content"


def test_an_empty_body_has_no_coding() -> None:
    assert list(unpacked([], "gzip")) == list(unpacked([b""], "gzip")) == []


def test_a_bomb_is_unpacked_piece_by_piece() -> None:
    taken = 0

    def body() -> Iterator[bytes]:
        nonlocal taken
        for piece in in_pieces(gzipped(bytes(50_000_000)), 1000):
            taken += 1
            yield piece

    unpacking = unpacked(body(), "gzip")
    sizes = [len(next(unpacking)) for _ in range(8)]
    assert max(sizes) <= encodings.PIECE
    assert taken == 1


@pytest.mark.parametrize("coding", ["gzip, gzip", "deflate,gzip,gzip", "br", "zstd", "compress"])
def test_a_coding_that_nobody_asked_for_is_refused(coding: str) -> None:
    with pytest.raises(EncodingError, match="not asked for"):
        unpacked([gzipped(b"x", 2)], coding)


@pytest.mark.parametrize("body", [b"no gzip", gzipped(b"content")[:5] + b"\xff" * 20])
def test_what_is_not_packed_as_it_says_is_an_error(body: bytes) -> None:
    with pytest.raises(EncodingError):
        list(unpacked([body], "gzip"))


def test_a_packed_body_that_is_cut_short_is_noticed() -> None:
    """Without a length nothing else tells: half a page would pass for a page."""
    with pytest.raises(TruncatedError):
        list(unpacked([gzipped(b"content" * 1000)[:-9]], "gzip"))


@given(st.lists(st.binary(max_size=40), max_size=4), st.sampled_from(["gzip", "deflate"]))
def test_any_body_is_bytes_or_an_error(body: list[bytes], coding: str) -> None:
    with contextlib.suppress(EncodingError, TruncatedError):
        assert all(isinstance(piece, bytes) for piece in unpacked(body, coding))


WORLD = parse('[projects.demo."1.0"]\nwheels = ["py3-none-any"]')
DEMO = "demo-1.0-py3-none-any.whl"


@pytest.fixture
def http() -> Iterator[Transport]:
    opened = Transport(threads=1)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("body", "headers", "words"),
    [
        (gzipped(bytes(10_000_000)), {"Content-Encoding": "gzip"}, "is larger than 5,000 bytes"),
        (gzipped(bytes(10_000_000), 2), {"Content-Encoding": "gzip, gzip"}, "not asked for"),
        (b"x", {"Content-Encoding": "br"}, "not asked for"),
        (Garbage.BYTES, {"Content-Encoding": "gzip"}, "cannot be unpacked"),
    ],
)
def test_a_packed_body_is_a_gap(http: Transport, body: bytes, headers: dict[str, str], words: str) -> None:
    with serve(WORLD) as index:
        index.fail("/x", action=Answer(body=body, headers=tuple(headers.items())))
        with pytest.raises(ReadError, match=words):
            http.get(f"{index.base}/x", limit=5000)
        assert len(index.requests) == 1
        assert index.requests[0].headers["accept-encoding"] == encodings.ACCEPTED


def test_a_packed_body_without_its_end_is_asked_for_again(http: Transport) -> None:
    whole = gzipped(b"content" * 100)
    with serve(WORLD) as index:
        packed = (("Content-Encoding", "gzip"),)
        index.fail("/x", action=Answer(body=whole, headers=packed))
        index.fail("/x", action=Answer(body=whole[:-9], headers=packed), times=1)
        assert http.get(f"{index.base}/x", limit=5000).content == b"content" * 100


@pytest.mark.parametrize("told", [f"bytes 0-{LONG}/{LONG}", f"bytes {LONG}-9/9", "bytes 0-9/" + "9" * 30])
def test_ranges_that_are_too_long_to_be_told(http: Transport, told: str) -> None:
    with serve(WORLD) as index:
        index.fail("/files/*", action=Answer(status=206, body=b"x" * 10, headers=(("Content-Range", told),)))
        reader = HttpRangeReader(http, index.url_of(DEMO), None)
        with pytest.raises(ReadError):
            reader.tail(10)


# Hashes


@pytest.mark.parametrize("algorithm", ["sha256", "sha512", "md5"])
@pytest.mark.parametrize("ranges", [False, "refused"])
def test_a_whole_wheel_must_have_the_hash_of_the_page(http: Transport, algorithm: str, ranges: Any) -> None:
    content = archive(WORLD.file(DEMO))
    right = hashlib.new(algorithm, content).hexdigest()
    with serve(WORLD, Shape(ranges=ranges)) as index:

        def read(hashes: dict[str, str]) -> Metadata | Missing:
            return read_wheel_metadata(HttpRangeReader(http, index.url_of(DEMO), None, hashes), DEMO)

        assert isinstance(read({algorithm: right.upper()}), Metadata)
        assert isinstance(read({"sha3_256": "of no kind that pip compares"}), Metadata)
        for wrong in ("0" * len(right), "", CONTROLS * 100):
            found = read({algorithm: wrong})
            assert isinstance(found, Missing)
            assert found.kind is MissingKind.BROKEN
            assert right in found.text
            assert found.text.isprintable()


def test_the_strongest_hash_counts(http: Transport) -> None:
    right = hashlib.sha256(archive(WORLD.file(DEMO))).hexdigest()
    with serve(WORLD, Shape(ranges=False)) as index:
        reader = HttpRangeReader(http, index.url_of(DEMO), None, {"md5": "0" * 32, "sha256": right})
        assert isinstance(read_wheel_metadata(reader, DEMO), Metadata)


# Core metadata


def problems_of(*lines: str) -> tuple[str, ...]:
    head = "Metadata-Version: 2.4\nName: demo\nVersion: 1.0\n"
    return parse_metadata((head + "\n".join(lines) + "\n").encode("utf-8", "surrogatepass"), origin="wheel").problems


def test_fields_without_end_are_not_parsed_to_their_end(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    whole = packaging.metadata.parse_email

    def counting(data: bytes) -> Any:
        sizes.append(len(data))
        return whole(data)

    monkeypatch.setattr(metadata, "parse_email", counting)
    monkeypatch.setattr(metadata, "LINES_LIMIT", 1000)
    monkeypatch.setattr(metadata, "HEADERS_LIMIT", 50_000)
    for line in (
        "Requires-Dist: idna\n",
        "x: y\n",
        "x: y\r",
        "Summary: " + "y" * 1000 + "\n",
        "Requires-Dist: a\n b\n",
    ):
        found = parse_metadata((line * (1_000_000 // len(line))).encode(), origin="wheel")
        assert "more than 1,000 lines or 50,000 bytes of fields" in found.problems[0]
    assert max(sizes) <= 50_000


def test_a_long_description_is_not_among_the_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "LINES_LIMIT", 10)
    assert parse_metadata(METADATA + b"text\n" * 1000, origin="wheel").problems == ()


def test_extras_without_end_are_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "EXTRAS_LIMIT", 5)
    data = b"Metadata-Version: 2.4\n" + b"".join(b"Provides-Extra: e%d\n" % number for number in range(9))
    found = parse_metadata(data, origin="wheel")
    assert len(found.extras) == 5
    assert found.problems == ("it has more than 5 extras; the rest were not read",)


@pytest.mark.parametrize(
    "line",
    [
        f"Requires-Dist: idna=={LONG}",
        f"Requires-Dist: idna>=1.{LONG}",
        f"Requires-Dist: idna; python_version >= '{LONG}'",
        f"Requires-Dist: idna[{','.join(f'e{number}' for number in range(100_000))}]",
        f"Requires-Dist: idna; {'(' * 5000}",
        f"Requires-Dist: idna; {'(' * 5000}python_version > '3'{')' * 5000}",
        f"Requires-Dist: {' and '.join(['idna'] * 5000)}",
        f"Requires-Dist: {'a-' * 20_000}",
        f"Requires-Dist: idna{CONTROLS.strip()}",
        f"Requires-Python: >={LONG}",
        f"Requires-Python: {'>=3,' * 10_000}>=3",
    ],
)
def test_a_monstrous_field_is_a_problem_that_is_safe_to_show(line: str) -> None:
    (problem,) = problems_of(line)
    assert problem.isprintable()
    assert len(problem) < 500


def test_of_many_sections_only_so_many_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"".join(b"[e%d]\nidna>%d\n" % (number, number) for number in range(50))
    monkeypatch.setattr(sdist_requires, "REQUIREMENTS_LIMIT", 10)
    found = read_requires_txt(data, extras=(), requires_python=None)
    assert len(found.requires) == 10
    assert found.problems
    monkeypatch.setattr(sdist_requires, "EXTRAS_LIMIT", 5)
    found = read_requires_txt(data, extras=(), requires_python=None)
    assert len(found.requires) < 10
    assert "more than 5 sections" in found.problems[0]


def test_of_many_optional_dependencies_only_so_many_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdist_requires, "REQUIREMENTS_LIMIT", 10)
    monkeypatch.setattr(metadata, "EXTRAS_LIMIT", 20)
    table = {"optional-dependencies": {f"e{number}": ["idna", "six"] for number in range(30)}}
    found = read_project_table({"project": table})
    assert found is not None
    assert len(found.requires) == 10
    assert found.problems


def test_toml_that_takes_long_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tomllib, "loads", None)
    assert read_pyproject(b"a." * 1001 + b"b = 1") is None
    assert read_pyproject(b"[" + b'"a".' * 1001 + b"b]") is None
    assert read_pyproject(b"#" * (sdist_requires.TOML_LIMIT + 1)) is None


# Archives


def missing(found: object) -> Missing:
    assert isinstance(found, Missing)
    assert found.text.isprintable()
    assert len(found.text) < 1000
    return found


def total(reader: Served) -> int:
    return sum(end - start for start, end in reader.requests)


def test_65_thousand_members() -> None:
    names = {f"demo/{number}.py": b"" for number in range(65_000)}
    reader = Served(zip_of({**names, INFO: METADATA}))
    assert isinstance(read_wheel_metadata(reader, WHEEL), Metadata)
    assert len(reader.requests) <= 3


def test_names_of_64_kilobytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_ranges, "DIRECTORY_LIMIT", 1_000_000)
    few, many = (zip_of({**{f"{n}{'x' * 65_000}": b"" for n in range(count)}, INFO: METADATA}) for count in (10, 20))
    assert isinstance(read_wheel_metadata(Served(few), WHEEL), Metadata)
    reader = Served(many)
    assert missing(read_wheel_metadata(reader, WHEEL)).kind is MissingKind.TOO_LARGE
    assert total(reader) == zip_ranges.TAIL


def test_a_metadata_file_of_100_megabytes_is_not_even_fetched() -> None:
    reader = Served(zip_of({"x": os.urandom(100_000), INFO: METADATA + bytes(100_000_000)}))
    assert missing(read_wheel_metadata(reader, WHEEL)).kind is MissingKind.TOO_LARGE
    assert total(reader) == zip_ranges.TAIL


def test_a_size_that_lies_unpacks_no_more_than_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """METADATA of 50 MB that claims to have 1000 bytes."""
    data = bytearray(zip_of({INFO: METADATA + bytes(50_000_000)}))
    for at, offset in ((data.index(b"PK\3\4"), 22), (data.rindex(b"PK\1\2"), 24)):
        struct.pack_into("<L", data, at + offset, 1000)
    monkeypatch.setattr(wheel_reader, "METADATA_LIMIT", 100_000)
    assert missing(read_wheel_metadata(Served(bytes(data)), WHEEL)).kind is MissingKind.BROKEN


END = b"PK\5\6"


@pytest.mark.parametrize("value", [0, 1, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF])
@pytest.mark.parametrize(("offset", "layout"), [(8, "<H"), (10, "<H"), (12, "<L"), (16, "<L"), (20, "<H")])
def test_an_end_of_directory_that_lies(offset: int, layout: str, value: int) -> None:
    """Its counts, its size, its offset and the length of its comment."""
    if layout == "<H" and value > 0xFFFF:
        return
    data = bytearray(zip_of({INFO: METADATA, "demo/x": b"x" * 40_000}))
    struct.pack_into(layout, data, data.rindex(END) + offset, value)
    reader = Served(bytes(data))
    assert isinstance(read_wheel_metadata(reader, WHEEL), Metadata | Missing)
    assert total(reader) <= len(data) + 2 * zip_ranges.READ_AHEAD


def test_a_zip64_directory_beyond_every_file() -> None:
    record = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, 2**62, 2**62)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1)
    end = struct.pack("<4s4H2LH", END, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert missing(read_wheel_metadata(Served(record + locator + end), WHEEL)).kind is MissingKind.BROKEN


def test_overlapping_members_are_read_once() -> None:
    """Every entry of the directory leads to the same bytes: a bomb for who unpacks them all."""
    data = bytearray(zip_of({**{f"demo/{number:03}": b"" for number in range(200)}, INFO: METADATA}))
    target, at = data.index(b"PK\3\4" + data[data.rindex(b"PK\3\4") + 4 :][:4]), data.index(b"PK\1\2")
    assert target == 0
    local = data.rindex(b"PK\3\4")
    while at >= 0:
        struct.pack_into("<L", data, at + 42, local)
        at = data.find(b"PK\1\2", at + 4)
    reader = Served(bytes(data))
    assert isinstance(read_wheel_metadata(reader, WHEEL), Metadata | Missing)
    assert total(reader) <= len(data)


OUTSIDE = ("../../outside", "/outside", "demo-1.0/../../outside", "C:\\outside", "..\\outside", "demo-1.0/" + CONTROLS)


def below(directory: Path) -> set[Path]:
    return set(directory.rglob("*"))


@pytest.mark.parametrize("name", OUTSIDE)
def test_nothing_is_unpacked_wherever_it_wants_to_go(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inside").mkdir()
    monkeypatch.chdir(tmp_path / "inside")
    assert isinstance(read_wheel_metadata(Served(zip_of({INFO: METADATA, name: b"x"})), WHEEL), Metadata)
    for stream in (streamed(tar_of({"PKG-INFO": METADATA, name: b"x"}, root="demo-1.0/")),
                   streamed(tar_of({"demo-1.0/PKG-INFO": METADATA, name: b"x"}, root="")),
                   streamed(zip_of({"demo-1.0/PKG-INFO": METADATA, name: b"x"}))):  # fmt: skip
        assert isinstance(read_sdist(stream, SDIST), Metadata)
    assert below(tmp_path) == {tmp_path / "inside"}


def test_a_file_outside_of_the_root_is_not_taken_for_one_inside() -> None:
    evil = METADATA.replace(b"idna", b"evil")
    members = {"demo-1.0/../PKG-INFO": evil, "/PKG-INFO": evil, "demo-1.0/PKG-INFO": METADATA}
    for data in (tar_of(members, root=""), zip_of(members)):
        found = read_sdist(streamed(data), SDIST)
        assert isinstance(found, Metadata)
        assert [one.name for one in found.requires] == ["idna"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE])
@pytest.mark.parametrize("target", ["/etc/passwd", "../../outside", "demo-1.0/other", "demo-1.0/PKG-INFO"])
def test_links_and_devices_are_not_followed(kind: bytes, target: str) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as writer:
        link = tarfile.TarInfo("demo-1.0/PKG-INFO")
        link.type, link.linkname = kind, target
        writer.addfile(link)
        other = tarfile.TarInfo("demo-1.0/other")
        other.size = len(METADATA)
        writer.addfile(other, io.BytesIO(METADATA))
    assert missing(read_sdist(streamed(file.getvalue()), SDIST)).kind is MissingKind.BROKEN


def test_a_bomb_is_left_when_the_limit_is_hit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdist_stream, "UNPACKED_LIMIT", 200_000)
    noise = random.Random(0).randbytes(1_000_000)  # more than what is read ahead
    data = tar_of({"a.bin": bytes(20_000_000), "b.bin": noise, "PKG-INFO": METADATA})
    taken = 0

    def stream() -> Iterator[bytes]:
        nonlocal taken
        for at in range(0, len(data), 100):
            taken += 100
            yield data[at : at + 100]

    found = read_sdist(stream, SDIST)
    assert isinstance(found, Metadata)
    assert found.problems
    assert taken < len(data) // 2


def test_of_many_members_only_so_many_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdist_archive, "MEMBERS_LIMIT", 10)
    noted: list[object] = []
    monkeypatch.setattr(sdist_archive.SdistContents, "note", lambda self, path: noted.append(path))
    members = {f"{number}.c": b"" for number in range(1000)}
    for data in (tar_of(members), zip_of({f"demo-1.0/{name}": text for name, text in members.items()})):
        noted.clear()
        assert isinstance(read_sdist(streamed(data), SDIST), Metadata | Missing)
        assert len(noted) == 10


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    """Opening it would wait for a writer."""
    os.mkfifo(tmp_path / WHEEL)
    readers: tuple[Callable[[Path], object], ...] = (LocalRangeReader, lambda path: list(read_pieces(path)))
    for read in readers:
        with pytest.raises(ReadError, match="no regular file"):
            read(tmp_path / WHEEL)


# Whatever the bytes are

_WORDS = (
    b"PK\3\4", b"PK\1\2", b"PK\5\6", b"PK\6\6", b"PK\6\7", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\0", b"]\0\0",
    b"\0" * 512, b"ustar\0", INFO.encode(), METADATA,
    b"demo-1.0/PKG-INFO", b"\xff\xff\xff\xff", b"\0\0\0\0", b"\n", b"\r", b": ",
    b"Requires-Dist", b"Provides-Extra", b'{"files":[{"filename":"demo-1.0.tar.gz","url":"x"', b"}", b"]", b'"', b",",
    b"<a href=", b"<base href=", b"<meta name=pypi:repository-version content=", b"<!", b"<![", b"-->", b">", b"http://[",
)  # fmt: skip
_bytes = st.binary(max_size=200) | st.lists(st.sampled_from(_WORDS) | st.binary(max_size=8), max_size=20).map(b"".join)


@given(_bytes)
def test_any_bytes_are_an_answer(data: bytes) -> None:
    answers: Iterable[object] = (
        read_wheel_metadata(Served(data), WHEEL),
        read_sdist(streamed(data, piece=7), SDIST),
        read_sdist(streamed(data), "demo-1.0.zip"),
        parse_metadata(data, origin="wheel"),
        read_requires_txt(data, extras=(), requires_python=None),
    )
    assert all(isinstance(found, Metadata | Missing) for found in answers)
    assert isinstance(wheel_members(Served(data), WHEEL), tuple | Missing)


@given(_bytes, st.sampled_from([JSON, HTML, "text/plain", "", "application/xhtml+xml; charset=utf-16"]))
def test_any_page_is_a_table_or_an_error(data: bytes, content_type: str) -> None:
    with contextlib.suppress(PageError):
        table = FileTable.of(parse_page(data, content_type, URL), "demo")
        urls = [table.url(row) for version in table.groups for row in table.rows(version)]
        assert all(url.startswith(("https://", "http://", NOT_FOLLOWED)) for url in urls)
