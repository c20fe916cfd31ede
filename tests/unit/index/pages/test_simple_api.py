from __future__ import annotations

import json
from typing import Any

import pytest

from nogilcheck.index.pages import simple_api as pages
from nogilcheck.index.pages.simple_api import FileRow, Listing, PageError, parse_page

URL = "https://index.example/simple/a/"
JSON = "application/vnd.pypi.simple.v1+json"
INSTALLED = pages._fast_decoder()
"""msgspec's, where the extra ``fast`` is installed."""


@pytest.fixture(params=["stdlib", "msgspec"])
def decoder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON by the standard library, and by a faster decoder that may refuse what is not JSON."""
    fast = INSTALLED or json.loads if request.param == "msgspec" else None
    monkeypatch.setattr(pages, "_fast_decoder", lambda: fast)


def rows(listing: Listing) -> list[FileRow]:
    return listing.rows


def page(*files: Any, **fields: Any) -> Listing:
    return parse_page(json.dumps({"meta": {"api-version": "1.4"}, "files": files, **fields}).encode(), JSON, URL)


def test_reads_every_field_of_a_json_page() -> None:
    listing = page(
        {
            "filename": "a-1-py3-none-any.whl",
            "url": "https://files.example/a-1-py3-none-any.whl",
            "hashes": {"sha256": "AB", "md5": "cd"},
            "requires-python": ">=3.9",
            "core-metadata": {"sha256": "EF"},
            "yanked": "broken",
            "size": 7,
            "upload-time": "2026-01-01T00:00:00Z",
        },
        **{"project-status": {"status": "archived", "reason": "moved"}},
    )
    assert rows(listing) == [
        FileRow(
            "a-1-py3-none-any.whl",
            ">=3.9",
            True,
            "2026-01-01T00:00:00Z",
            7,
            True,
            "https://files.example/a-1-py3-none-any.whl",
            {"sha256": "ab", "md5": "cd"},
            "sha256=ef",
        )
    ]
    assert (listing.base, listing.status) == (URL, "archived")


def test_absent_and_null_fields_say_nothing() -> None:
    bare = {"filename": "a-1.tar.gz", "url": "a-1.tar.gz"}
    nulls = dict.fromkeys(
        ("hashes", "requires-python", "core-metadata", "yanked", "size", "upload-time", "dist-info-metadata")
    )
    listing = page(bare, {**bare, **nulls})
    assert rows(listing) == [FileRow("a-1.tar.gz", None, False, None, None, False, "a-1.tar.gz", {})] * 2
    assert listing.status == "active"


def test_values_of_a_wrong_type_say_nothing() -> None:
    file = {"filename": "a-1.tar.gz", "url": "u", "hashes": ["x"], "requires-python": 3, "size": "9", "upload-time": {}}
    assert rows(page(file)) == [FileRow("a-1.tar.gz", None, False, None, None, False, "u", {})]
    assert rows(page({**file, "hashes": {"sha256": 5, "md5": "aa"}, "size": -1}))[0].hashes == {"md5": "aa"}


@pytest.mark.parametrize("entry", [None, 7, "a", [], {}, {"filename": "a"}, {"filename": 1, "url": "u"}])
def test_entries_that_are_no_files_are_passed_over(entry: object) -> None:
    assert rows(page(entry, {"filename": "b", "url": "u"})) == [FileRow("b", None, False, None, None, False, "u", {})]


@pytest.mark.parametrize(
    ("newer", "older", "expected"),
    [(None, True, True), (False, True, False), (True, None, True), ({"sha256": "x"}, False, True), (None, {}, False)],
)
def test_the_older_metadata_key_counts_only_without_the_newer(newer: object, older: object, *, expected: bool) -> None:
    listing = page({"filename": "a", "url": "u", "core-metadata": newer, "dist-info-metadata": older})
    assert rows(listing)[0].core_metadata is expected


@pytest.mark.parametrize("yanked", [True, "reason"])
def test_yanked_by_truth(yanked: object) -> None:
    assert rows(page({"filename": "a", "url": "u", "yanked": yanked}))[0].yanked
    assert not rows(page({"filename": "a", "url": "u", "yanked": False}))[0].yanked


@pytest.mark.usefixtures("decoder")
@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"{", b"[]", b"{}", b'{"files": {}}', b"\xff\xfe\x00", b"[" * 99999]
)
def test_what_is_no_json_page_is_an_error(content: bytes) -> None:
    with pytest.raises(PageError):
        parse_page(content, JSON, URL)


@pytest.mark.usefixtures("decoder")
def test_an_unknown_major_version_is_an_error() -> None:
    with pytest.raises(PageError, match=r"2\.0"):
        page(meta={"api-version": "2.0"})
    with pytest.raises(PageError, match=r"2\.0"):
        parse_page(b'<meta name="pypi:repository-version" content="2.0">', "text/html", URL)
    assert page(meta={}).rows == []
    assert page(meta=None).rows == []


HTML = """<!DOCTYPE html><html><head>
<meta name="pypi:repository-version" content="1.3"><meta name="pypi:project-status" content="deprecated">
</head><body><h1>Links</h1>
<a href="../../files/a-1-py3-none-any.whl#sha256=AB" data-requires-python="&gt;=3.9,&lt;4" data-yanked=""
   data-core-metadata="sha256=ef">a-1-py3-none-any.whl</a><br>
<a href="https://x.test/a%2Bb-1%2Bcpu.tar.gz?token=1#egg=a">text</a>
<a data-dist-info-metadata="true" HREF=" a-2.zip ">
<a data-core-metadata="false" data-dist-info-metadata="true" href="a-3.zip"></a>
<a name="nothing">no link</a><a href="">empty</a><a href="http://[broken/a.zip">odd</a><a href="dir/">dir</a>
"""


def test_reads_every_attribute_of_an_html_page() -> None:
    listing = parse_page(HTML.encode(), "text/html; charset=utf-8", URL)
    assert rows(listing) == [
        FileRow(
            "a-1-py3-none-any.whl", ">=3.9,<4", True, None, None, True, "../../files/a-1-py3-none-any.whl",
            {"sha256": "ab"}, "sha256=ef",
        ),
        FileRow("a+b-1+cpu.tar.gz", None, False, None, None, False, "https://x.test/a%2Bb-1%2Bcpu.tar.gz?token=1", {}),
        FileRow("a-2.zip", None, False, None, None, True, "a-2.zip", {}),
        FileRow("a-3.zip", None, False, None, None, False, "a-3.zip", {}),
    ]  # fmt: skip
    assert (listing.base, listing.status) == (URL, "deprecated")


def test_the_base_element_counts_once() -> None:
    text = b'<base href="/files/"><base href="/other/"><a href="a-1.zip">'
    assert parse_page(text, "text/html", URL).base == "https://index.example/files/"


def test_the_charset_is_that_of_the_header() -> None:
    text = '<a href="ä-1.zip">'.encode("latin-1")
    assert rows(parse_page(text, "text/html; charset=latin-1", URL))[0].filename == "ä-1.zip"
    assert rows(parse_page(text, "text/html; charset=no-such-thing", URL))[0].filename == "\ufffd-1.zip"


@pytest.mark.parametrize("content_type", ["application/json", "text/plain; charset=utf-8", "application/octet-stream"])
def test_servers_of_static_files_do_not_know_the_types(content_type: str) -> None:
    as_json = parse_page(b' {"files": [{"filename": "a", "url": "u"}]}', content_type, URL)
    as_html = parse_page(b'<a href="a">', content_type, URL)
    assert [row.filename for row in rows(as_json) + rows(as_html)] == ["a", "a"]


def test_another_type_is_an_error() -> None:
    with pytest.raises(PageError, match="image/png"):
        parse_page(b"<a href=a>", "image/png", URL)


def test_credentials_of_a_file_are_not_kept() -> None:
    as_json = page({"filename": "a-1.zip", "url": "https://me:secret@x.example/a-1.zip#sha256=ab"})
    as_html = parse_page(b'<a href="//me:secret@x.example/a-1.zip">', "text/html", URL)
    assert [row.url for row in rows(as_json) + rows(as_html)] == ["https://x.example/a-1.zip", "//x.example/a-1.zip"]
