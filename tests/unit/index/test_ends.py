"""What is read piece by piece is read to its end; what was cut off before it is a gap, or said to be incomplete."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zlib
from collections.abc import Callable, Iterator

import pytest

from nogilcheck.index.archives import sdist_stream
from nogilcheck.index.archives.sdist_archive import SdistContents, read_contents
from nogilcheck.index.archives.sdist_reader import read_sdist
from nogilcheck.index.archives.wheel_reader import read_wheel_metadata
from nogilcheck.index.http import content_codings as encodings
from nogilcheck.index.http.content_codings import EncodingError, TruncatedError, unpacked
from nogilcheck.index.pages.simple_api import PageError, parse_page
from nogilcheck.model.artifact import Metadata, Missing, MissingKind
from tests.support.archive_bytes import METADATA, WHEEL, Served, streamed, tar_of, zip_of

URL = "https://index.test/simple/demo/"
SDIST = "demo-1.0.tar.gz"
PACKERS: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}


# Pages


def anchors(page: str) -> int:
    return len(parse_page(page.encode(), "text/html", URL).rows)


LINKS = "".join(f"<a href='demo-{number}.tar.gz'>x</a>\n" for number in range(100))
LONG = (
    "<!--{}-->",
    "<script>{}</script>",
    "<style>{}</style>",
    "<b title='{}'>",
    "<{}>",
    "<!DOCTYPE {}>",
    "<?{}?>",
    "{}",
)


@pytest.mark.parametrize("construct", LONG)
@pytest.mark.parametrize("length", [10, 65_500, 140_000, 260_000])
def test_what_stands_behind_something_long_is_read(construct: str, length: int) -> None:
    assert anchors("<html><body>" + LINKS + construct.format("x" * length) + LINKS) == 200


UNFINISHED = (
    "<", "</", "</a", "<a", "<a href='demo-2.tar.gz", "<a href='demo-2.tar.gz'", "<!", "<!-", "<!--", "<!-- x --",
    "<!DOCTYPE html", "<?xml", "<script>", "<script>x", "<script>x</script", "<style>x", "<!-- x " + LINKS,
)  # fmt: skip


@pytest.mark.parametrize("end", UNFINISHED)
def test_a_page_that_ends_within_something_is_a_gap(end: str) -> None:
    with pytest.raises(PageError, match="ends within"):
        anchors(LINKS + end)


@pytest.mark.parametrize("end", ["", "\n", "AT&T", "&lt", "&", "a < b", "&#6", "</html>", "<br>", "\ufffd", "\0"])
def test_a_page_that_ends_in_text_is_whole(end: str) -> None:
    assert anchors(LINKS + end) == 100


def test_every_beginning_of_a_page_is_whole_or_a_gap() -> None:
    """Where it is whole, what was cut off are whole elements or text: as many anchors as tags were begun."""
    page = "<!DOCTYPE html><html><head><title>x</title></head><body>" + LINKS[:150] + "<!-- > --></body></html>"
    for end in range(1, len(page)):
        beginning = page[:end]
        try:
            found = anchors(beginning)
        except PageError:
            continue
        assert found == beginning.count("<a ")


@pytest.mark.parametrize("content", [b"", b" \r\n"])
def test_an_empty_page_is_a_gap(content: bytes) -> None:
    """And none that lists no files."""
    for content_type in ("text/html", "application/vnd.pypi.simple.v1+json", ""):
        with pytest.raises(PageError):
            parse_page(content, content_type, URL)
    assert anchors("<html>") == 0


# Bodies


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_body_that_was_cut_is_an_error(size: int, coding: str, pack: Callable[[bytes], bytes]) -> None:
    data = pack(bytes(range(256)))
    assert b"".join(unpacked(pieces(data, size), coding)) == bytes(range(256))
    for end in range(1, len(data)):
        with pytest.raises(TruncatedError):
            list(unpacked(pieces(data[:end], size), coding))


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_every_member_of_a_body_is_read(size: int) -> None:
    parts = [b"one", b"", b"two" * 50_000, b"three"]
    data = b"".join(map(gzip.compress, parts))
    assert b"".join(unpacked(pieces(data, size), "gzip")) == b"".join(parts)
    with pytest.raises(TruncatedError):
        list(unpacked(pieces(data[:-1], size), "gzip"))


def test_a_body_of_too_many_members_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encodings, "MAX_MEMBERS", 3)
    assert list(unpacked([gzip.compress(b"x") * 3], "gzip")) == [b"x"] * 3
    with pytest.raises(EncodingError):
        list(unpacked([gzip.compress(b"x") * 4], "gzip"))


def test_what_fills_a_piece_to_the_last_byte_is_read() -> None:
    for length in (encodings.PIECE - 1, encodings.PIECE, encodings.PIECE + 1, 3 * encodings.PIECE):
        assert len(b"".join(unpacked([gzip.compress(bytes(length))], "gzip"))) == length


# Archives


@pytest.mark.parametrize("more", [1, 1000])
def test_a_member_that_is_shorter_than_its_directory_says(more: int) -> None:
    """Its checksum is right."""
    data = bytearray(zip_of({"demo-1.0.dist-info/METADATA": METADATA}))
    struct.pack_into("<L", data, data.rindex(b"PK\1\2") + 24, len(METADATA) + more)
    found = read_wheel_metadata(Served(bytes(data)), WHEEL)
    assert isinstance(found, Missing)
    assert found.kind is MissingKind.BROKEN


@pytest.mark.parametrize("mode", ["", "gz", "bz2", "xz"])
def test_an_sdist_that_was_cut_is_broken_or_incomplete(mode: str) -> None:
    data = tar_of({"PKG-INFO": METADATA, "setup.py": b"#" * 600, "fast.c": b""}, mode=mode)
    assert read_contents(iter([data]), SDIST, SdistContents()).complete
    end = len(data) if mode else data.rindex(b"demo-1.0/fast.c") + tarfile.BLOCKSIZE
    for at in range(1, end, 1 if mode else 64):
        found = read_sdist(streamed(data[:at]), SDIST)
        if isinstance(found, Metadata):
            assert not mode
            assert found.source is not None
            assert found.source.signs == ("only the beginning of the archive was read",)
        else:
            assert found.kind is MissingKind.BROKEN


def test_a_tar_archive_without_its_end_is_incomplete() -> None:
    """Cut between two members, it looks like one that has no others."""
    data = tar_of({"PKG-INFO": METADATA, "fast.c": b""}, mode="")
    cut = data[: data.rindex(b"demo-1.0/fast.c")]
    assert len(cut) % tarfile.BLOCKSIZE == 0
    for packed in (cut, *(pack(cut) for pack in PACKERS.values())):
        assert not read_contents(iter([packed]), SDIST, SdistContents()).complete


@pytest.mark.parametrize("mode", PACKERS)
def test_a_wrong_checksum_at_the_end_is_noticed(mode: str) -> None:
    data = bytearray(tar_of({"PKG-INFO": METADATA}, mode=mode))
    at = {"gz": -6, "bz2": -3, "xz": -14}[mode]
    data[at] ^= 0x10
    found = read_sdist(streamed(bytes(data)), SDIST)
    assert isinstance(found, Missing)
    assert found.kind is MissingKind.BROKEN


@pytest.mark.parametrize("piece", [1, 1000])
@pytest.mark.parametrize(
    ("mode", "between"), [("gz", b""), ("gz", bytes(8)), ("bz2", b""), ("xz", b""), ("xz", bytes(8))]
)
def test_streams_behind_each_other_are_one_archive(mode: str, piece: int, between: bytes) -> None:
    data = tar_of({"PKG-INFO": METADATA, "setup.py": b"#" * 600, "fast.c": b""}, mode="")
    packed = between.join(PACKERS[mode](part) for part in (data[:700], data[700:1000], data[1000:]))
    contents = read_contents(streamed(packed, piece=piece)(), SDIST, SdistContents())
    assert (contents.complete, contents.languages, set(contents.files)) == (True, {"C"}, {"PKG-INFO", "setup.py"})


def test_of_xz_streams_only_so_many_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = tar_of({"PKG-INFO": METADATA}, mode="")
    packed = b"".join(map(lzma.compress, (data[:600], b"", b"", data[600:])))
    assert read_contents(iter([packed]), SDIST, SdistContents()).complete
    monkeypatch.setattr(sdist_stream, "MAX_STREAMS", 3)
    assert not read_contents(iter([packed]), SDIST, SdistContents()).complete


def test_what_stands_behind_the_end_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdist_stream, "UNPACKED_LIMIT", 200_000)
    file = io.BytesIO(tar_of({"PKG-INFO": METADATA}, mode=""))
    file.seek(0, io.SEEK_END)
    file.write(bytes(1_000_000))
    for pack in PACKERS.values():
        assert not read_contents(iter([pack(file.getvalue())]), SDIST, SdistContents()).complete
