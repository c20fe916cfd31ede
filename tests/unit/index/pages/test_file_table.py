from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from nogilcheck.index.http.credentials import Credentials
from nogilcheck.index.local_path import NOT_FOLLOWED, local_path
from nogilcheck.index.pages import page_texts
from nogilcheck.index.pages.file_table import FileTable, TableError
from nogilcheck.index.pages.project_page import project_page
from nogilcheck.index.pages.simple_api import FileRow, Listing, PageError, parse_page
from nogilcheck.model.artifact import MissingKind, Outline
from nogilcheck.model.credentials import secrets
from nogilcheck.model.urls import identity, without_credentials

URL = "https://index.example/simple/a/"


def table(*files: dict[str, Any], project: str = "a", url: str = URL) -> FileTable:
    content = json.dumps({"files": files}).encode()
    return FileTable.of(parse_page(content, "application/json", url), project)


def file(filename: str, **fields: Any) -> dict[str, Any]:
    return {"filename": filename, "url": f"https://files.example/{filename}", **fields}


def kept(original: FileTable) -> FileTable:
    return FileTable.decoded(original.encoded())


WHEEL = file(
    "a-1.0-cp314-cp314t-linux_x86_64.whl",
    hashes={"sha256": "ab"},
    size=3,
    yanked=True,
    **{"requires-python": ">=3.9", "core-metadata": True, "upload-time": "2026-01-01T00:00:00Z"},
)


@pytest.mark.parametrize("through_the_cache", [False, True])
def test_a_page_has_the_files_by_version(*, through_the_cache: bool) -> None:
    rows = table(WHEEL, file("b-1.0.zip"), file("a-1.0.tar.gz"), file("a-2.0.tar.gz"), file("a-1.tar.gz"))
    page = project_page("a", [("https://index.example/simple/", kept(rows) if through_the_cache else rows)])
    assert page.versions == (Version("2.0"), Version("1.0"))
    wheel, *sdists = page.files(Version("1.0"))
    assert [sdist.filename for sdist in sdists] == ["a-1.0.tar.gz", "a-1.tar.gz"]
    assert {sdist.kind for sdist in sdists} == {"sdist"}
    assert (wheel.kind, wheel.tags, wheel.build) == ("wheel", "cp314-cp314t-linux_x86_64", "")
    assert (wheel.url, wheel.size, wheel.hashes) == (WHEEL["url"], 3, {"sha256": "ab"})
    assert (wheel.requires_python, wheel.yanked, wheel.core_metadata) == (">=3.9", True, True)
    assert (wheel.upload_time, wheel.index) == ("2026-01-01T00:00:00Z", "https://index.example/simple/")
    assert page.files(Version("9")) == ()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=3,
)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"filename": st.text(max_size=8), "url": st.text(max_size=8) | st.sampled_from(["x/a-1.zip", "*", "\t"])},
            optional={
                key: json_values | st.dictionaries(st.sampled_from(["sha256", "md5"]), st.text(max_size=4))
                for key in ("hashes", "size", "yanked", "requires-python", "upload-time", "core-metadata")
            },
        ),
        max_size=5,
    )
)
def test_nothing_is_lost_in_the_cache(files: list[dict[str, Any]]) -> None:
    original = table(*files, project="")
    expected = parse_page(json.dumps({"files": files}).encode(), "application/json", URL).rows
    assert original.rows("") == expected
    assert kept(original).rows("") == expected


def test_equal_pages_have_equal_digests_wherever_the_files_are() -> None:
    moved = {**WHEEL, "url": "https://elsewhere.example/?signature=1"}
    assert table(WHEEL).digest == table(moved).digest == table(WHEEL, file("b-1.zip")).digest


@pytest.mark.parametrize(
    "change",
    [
        {"filename": "a-1.0-cp314-cp314-linux_x86_64.whl"},
        {"hashes": {"sha256": "ac"}},
        {"hashes": {"sha512": "ab"}},
        {"size": 4},
        {"yanked": False},
        {"requires-python": None},
        {"core-metadata": False},
        {"upload-time": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_an_answer_may_depend_on_changes_the_digest(change: dict[str, Any]) -> None:
    assert table({**WHEEL, **change}).digest != table(WHEEL).digest


def test_the_status_changes_the_digest() -> None:
    assert len({FileTable.of(Listing(rows=[], base=URL, status=status), "a").digest for status in ("active", "x")}) == 2


def test_relative_urls_are_relative_to_the_base_and_credentials_go() -> None:
    urls = ["../../f/a-1.zip", "/a-1.zip", "https://user:secret@files.example/a-1.zip", "//cdn.example/a-1.zip"]
    rows = table(*({"filename": "a-1.zip", "url": url} for url in urls), url="https://me:pw@index.example/simple/a/")
    assert "pw" not in rows.base
    assert [rows.url(row) for row in rows.rows("1")] == [
        "https://index.example/f/a-1.zip",
        "https://index.example/a-1.zip",
        "https://files.example/a-1.zip",
        "https://cdn.example/a-1.zip",
    ]


@pytest.mark.parametrize("url", ["file:///etc/a-1.zip", "FILE:///etc/a-1.zip", "ftp://x/a-1.zip", "http:a"])
def test_a_remote_page_does_not_lead_to_the_local_disk(url: str) -> None:
    rows = table({"filename": "a-1.zip", "url": url}, file("a-1.tar.gz"))
    page = project_page("a", [("i", rows)])
    leading_nowhere, other = sorted(found.url for found in page.files(Version("1")))[::-1]
    assert leading_nowhere.startswith(NOT_FOLLOWED)
    assert local_path(leading_nowhere) is None
    assert other.startswith("https://")


def test_files_of_several_places_come_in_the_order_of_the_places() -> None:
    page = project_page("a", [("first", table(file("a-1.zip"))), ("second", table(WHEEL, file("a-2.zip")))])
    assert [(found.index, found.kind) for found in page.files(Version("1"))] == [
        ("first", "sdist"),
        ("second", "wheel"),
    ]
    assert page.indexes == ("first", "second")


@pytest.mark.parametrize("damage", [lambda record: record[:40], lambda record: b"x" * 20, lambda record: b""])
def test_a_damaged_record_is_noticed(damage: Callable[[bytes], bytes]) -> None:
    with pytest.raises(TableError):
        FileTable.decoded(damage(table(WHEEL).encoded()))


def test_an_empty_page_survives() -> None:
    assert dict(kept(table()).groups) == {}


def test_a_signed_url_is_asked_for_as_it_is_and_not_shown() -> None:
    signed = "https://files.example:8443/a@1/a-1.whl?X-Amz-Signature=s3cret"
    row = FileRow("a-1.tar.gz", None, False, None, None, False, signed, {})
    page = FileTable.of(Listing(rows=[row], base=signed), "a")
    assert [page.url(row) for row in page.rows("1")] == [signed]
    assert "s3cret" not in page.base
    assert "s3cret" not in without_credentials(signed) + identity(signed)
    assert Credentials().learn(signed) == signed
    assert identity(signed) != identity(signed.replace("s3cret", "other"))
    assert identity("https://u:p@h/simple/") == identity("https://h/simple/") == "https://h/simple/"


# The scan beside the parser

odd_text = st.sampled_from(
    ["", "a-1.0.zip", '},{"filename":"a-9.zip"', '}, {"filename": "a-9.zip"', '\\"filename":"a-8.zip"', "}]", "[", "x"]
)
odd_values = st.none() | st.booleans() | st.integers(0, 9) | odd_text
odd_keys = st.sampled_from(["core-metadata", "hashes", "filename", "files", "yanked", "size", 'x"filename', "ü"])
odd_nests = odd_values | st.dictionaries(odd_keys, odd_values, max_size=2) | st.lists(odd_values, max_size=1)
pythons = st.sampled_from([">=3.9", ">=3.9", None, "", 3])
usual = st.fixed_dictionaries(
    {"yanked": st.booleans() | odd_text, "hashes": st.just({"sha256": "ab"}), "requires-python": pythons}
)
no_facts: st.SearchStrategy[dict[str, Any]] = st.just({})
entries = st.tuples(
    no_facts | no_facts | usual | st.dictionaries(odd_keys, odd_nests, max_size=1),
    st.sampled_from(["a-1.0-py3-none-any.whl", "a-1.0-1-cp314-cp314t-any.whl", "a-1.0-py3.whl", "a-1.0.tar.gz"])
    | st.sampled_from(["A-2.0-py3-none-any.whl", "a-1.0-1.tar.gz", "a-1.0.exe", "a-2.0.tar.gz", "a-1.0-1-2-3-4.whl"])
    | st.sampled_from(["b-1.0.zip", "ä-1.zip", 'a-"1".zip', "a-1.0.zip", "a-2.0.zip", "a-3.0.zip"]),
    no_facts | usual | usual | st.dictionaries(odd_keys, odd_nests, max_size=2),
).map(lambda parts: {**parts[0], "filename": parts[1], "url": "https://f/" + parts[1], **parts[2]})
pages = st.lists(entries, min_size=1, max_size=6) | st.lists(entries | odd_nests, max_size=4)
heads = no_facts | no_facts | st.dictionaries(st.sampled_from(["meta", "alternates", 'x"files']), odd_nests, max_size=2)


def as_text(value: Any, separators: tuple[str, str], *, spelled: str) -> str:
    """JSON, one letter of it perhaps spelled with an escape."""
    text = json.dumps(value, separators=separators, ensure_ascii=spelled != "raw")
    return text.replace("filename", "file\\u006eame", 1) if spelled == "escaped" else text


@given(
    pages,
    heads,
    heads,
    st.sampled_from([(",", ":"), (", ", ": "), (",", ":"), (", ", ": "), (" , ", " : "), (",", ": ")]),
    st.sampled_from(["", "raw", "", "escaped"]),
)
def test_a_scanned_page_has_what_a_parsed_one_has(
    files: list[Any], before: dict[str, Any], after: dict[str, Any], separators: tuple[str, str], spelled: str
) -> None:
    content = as_text({**before, "files": files, **after}, separators, spelled=spelled).encode()
    try:
        parsed = FileTable.of(parse_page(content, "application/json", URL), "a")
    except PageError:
        return
    read = FileTable.read(content, "application/json", URL, "a")
    for one in (read, kept(read)):
        rows = {version: one.rows(version) for version in one.groups}
        names = {version: one.filenames(version) for version in one.groups}
        expected = {version: parsed.rows(version) for version in parsed.groups}
        assert {version: found for version, found in rows.items() if found} == expected
        assert [version for version, found in rows.items() if found] == list(expected)
        assert all(names[version] == [row.filename for row in found] for version, found in expected.items())
        for version, alike in ((version, one.alike(version)) for version in rows):
            told = {(row.filename, row.requires_python or "", row.yanked) for row in rows[version]}
            assert alike is None or told == {(name, alike[1], False) for name in alike[0]}
        assert (one.base, one.status) == (parsed.base, parsed.status)


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
def test_the_usual_layouts_are_scanned_and_kept_as_they_came(separators: tuple[str, str]) -> None:
    files = [{"core-metadata": {"sha256": "ab"}, **WHEEL}, {"core-metadata": False, **file("a-2.0.tar.gz")}]
    content = json.dumps({"files": files, "meta": {"api-version": "1.4"}}, separators=separators).encode()
    packed = gzip.compress(content)
    read = FileTable.read(content, "application/json", URL, "a", packed=packed)
    assert read.encoded().endswith(packed)
    assert (list(read.groups), kept(read).rows("1.0")) == (["1.0", "2.0"], read.rows("1.0"))


@pytest.mark.parametrize(
    "url",
    [
        "https://me:secret@files.example/a-1.zip",
        "https://files.example/a-1.zip?signature=secret",
        "https://files.example/${TOKEN}/a-1.zip",
    ],
)
def test_no_secret_is_kept_as_it_came(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_everywhere", {"${TOKEN}": "***"})
    content = json.dumps({"files": [{"filename": "a-1.zip", "url": url}]}).encode()
    read = FileTable.read(content, "application/json", URL, "a", packed=gzip.compress(content))
    record = read.encoded()
    text = zlib.decompress(record.partition(b"\n")[2], 47)
    assert all(hidden not in record + text for hidden in (b"me:", b"${TOKEN}"))
    assert FileTable.decoded(record).rows("1") == read.rows("1")


def test_what_the_files_of_a_version_have_in_common_is_found_without_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = {"requires-python": ">=3.9", "yanked": False}
    files = [file("a-1.0.tar.gz", **facts), file("a-1.0-py3-none-any.whl", **facts), file("a-2.0.zip", **facts)]
    files += [file("a-2.0.tar.gz", **{**facts, "yanked": True}), file("a-3.0.zip", **facts)]
    files += [file("a-3.0.tar.gz", **{**facts, "requires-python": None})]
    content = json.dumps({"files": files}, separators=(",", ":")).encode()
    monkeypatch.setattr(FileTable, "rows", None)
    page = project_page("a", [(URL, FileTable.read(content, "application/json", URL, "a"))])
    outline = Outline(wheel_tags=("py3-none-any",), has_sdist=True, requires_python=">=3.9")
    assert [page.outline(version) for version in page.versions] == [None, None, outline]


def test_signatures_that_change_leave_the_digest_alone() -> None:
    pages = [json.dumps({"files": [{**WHEEL, "url": f"https://f/x?s={sign}"}]}).encode() for sign in "ab"]
    assert len({FileTable.read(page, "application/json", URL, "a").digest for page in pages}) == 1


def test_what_a_page_says_beside_its_files_leaves_the_digest_alone() -> None:
    pages = [json.dumps({"files": [WHEEL], "meta": {"_last-serial": serial}}).encode() for serial in (1, 2)]
    assert len({FileTable.read(page, "application/json", URL, "a").digest for page in pages}) == 1


def test_a_page_that_turns_out_to_be_damaged_is_an_index_that_did_not_answer() -> None:
    content = json.dumps({"files": [file("a-1.zip", size=1), file("a-2.zip", size=2)]}).encode()
    broken = content.replace(b'"size": 2', b'"size": ?'.replace(b"?", b"!"))
    page = project_page("a", [("https://i/", FileTable.read(broken, "application/json", URL, "a"))])
    assert ([one.filename for one in page.files(Version("1"))], page.unanswered) == (["a-1.zip"], [])
    assert page.files(Version("2")) == ()
    assert [(one.kind, one.index) for one in page.unanswered] == [(MissingKind.UNREACHABLE, "https://i/")]


def test_only_what_was_read_last_stays_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_texts, "SMALL", 0)
    monkeypatch.setattr(page_texts, "UNPACKED_BYTES", 1000)
    contents = [json.dumps({"files": [file("a-1.zip", size=size)], "x": " " * 900}).encode() for size in range(4)]
    tables = [FileTable.read(one, "text/plain", URL, "a", packed=gzip.compress(one)) for one in contents]
    assert [table._text._content is None for table in tables] == [True, True, True, False]
    assert [table.rows("1")[0].size for table in tables] == [0, 1, 2, 3]
    assert [table._text._content is None for table in tables] == [True, True, True, False]
