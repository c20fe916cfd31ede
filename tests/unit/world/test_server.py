from __future__ import annotations

import gzip
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from email.message import Message
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

from tests.world import (
    SHAPES,
    Answer,
    Close,
    Garbage,
    Index,
    Rounds,
    Shape,
    Truncate,
    WrongLength,
    archive,
    metadata,
    parse,
    redirect,
    serve,
    sha256,
    status,
)

JSON = "application/vnd.pypi.simple.v1+json"
UNIVERSE = parse("""
    [projects."My.Lib"]
    status = "archived"
    "1.0+local" = { requires-python = ">=3.11,<4", yanked = "a \\"reason\\"", sdist = true, wheels = ["py3-none-any"] }
    "2.0" = { upload-time = "2026-02-03T04:05:06Z", yanked = true }
    [projects.other]
    "1.0" = { requires = ["my-lib"] }
""")
WHEEL = "my_lib-2.0-py3-none-any.whl"
LOCAL = "my_lib-1.0+local-py3-none-any.whl"


class Reply:
    def __init__(self, code: int, headers: Message, body: bytes) -> None:
        self.code, self.body = code, body
        self._headers = headers

    def header(self, name: str) -> str | None:
        return self._headers.get(name)


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


def get(url: str, headers: Mapping[str, str] | None = None, *, method: str = "GET", follow: bool = False) -> Reply:
    request = urllib.request.Request(url, headers=dict(headers or {}), method=method)
    opener = urllib.request.build_opener() if follow else urllib.request.build_opener(NoRedirects)
    try:
        with opener.open(request, timeout=10) as response:
            return Reply(response.status, response.headers, response.read())
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, error.headers, error.read())


class Anchors(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append(dict(attrs))


def json_page(index: Index, name: str = "my-lib") -> dict[str, Any]:
    reply = get(index.page_url(name), {"Accept": JSON})
    assert reply.header("Content-Type") == JSON
    page = json.loads(reply.body)
    assert isinstance(page, dict)
    return page


def html_page(index: Index, name: str = "my-lib") -> list[dict[str, str | None]]:
    reply = get(index.page_url(name), {"Accept": "text/html"})
    assert reply.header("Content-Type") == "text/html"
    return Anchors(reply.body.decode()).found


def test_every_shape_lists_and_serves_every_file(shape: Shape) -> None:
    with serve(UNIVERSE, shape) as index:
        reply = get(index.page_url("my-lib"), {"Accept": f"{JSON}, text/html;q=0.5"})
        if reply.header("Content-Type") == JSON:
            urls = [entry["url"] for entry in json.loads(reply.body)["files"]]
        else:
            urls = [anchor["href"] or "" for anchor in Anchors(reply.body.decode()).found]
        bodies = [get(urljoin(index.page_url("my-lib"), url)).body for url in urls]
    assert bodies == [archive(file) for file in UNIVERSE.projects[0].files]


def test_a_json_page_says_what_pep_691_and_700_say() -> None:
    with serve(UNIVERSE, Shape(core_metadata=True, legacy_core_metadata=True)) as index:
        page = json_page(index)
        url = index.url_of(LOCAL)
    file = UNIVERSE.file(LOCAL)
    assert (page["name"], page["versions"]) == ("my-lib", ["1.0+local", "2.0"])
    assert page["project-status"] == {"status": "archived"}
    wheel, sdist, newer = page["files"]
    assert wheel["url"] == url
    assert "%2B" in url
    assert wheel["requires-python"] == ">=3.11,<4"
    assert wheel["yanked"] == 'a "reason"'
    assert wheel["size"] == len(archive(file))
    assert wheel["hashes"] == {"sha256": sha256(file)}
    assert wheel["core-metadata"] == wheel["dist-info-metadata"]
    assert newer["upload-time"] == "2026-02-03T04:05:06Z"
    assert newer["yanked"] is True
    assert "core-metadata" not in sdist
    assert sdist["filename"] == "my_lib-1.0+local.tar.gz"


def test_a_plain_mirror_says_less() -> None:
    with serve(UNIVERSE, Shape(hashes=False, sizes=False, upload_times=False)) as index:
        page = json_page(index)
    assert "versions" not in page
    assert page["files"][0]["hashes"] == {}
    assert not {"size", "upload-time", "core-metadata", "dist-info-metadata"} & set(page["files"][0])


def test_an_html_page_says_what_pep_503_says() -> None:
    with serve(UNIVERSE, Shape(format="html", core_metadata=True)) as index:
        wheel, sdist, newer = html_page(index)
        url = index.url_of(LOCAL)
    assert wheel["href"] == f"{url}#sha256={sha256(UNIVERSE.file(LOCAL))}"
    assert wheel["data-requires-python"] == ">=3.11,<4"
    assert wheel["data-yanked"] == 'a "reason"'
    assert (wheel["data-core-metadata"] or "").startswith("sha256=")
    assert "data-dist-info-metadata" not in wheel
    assert newer["data-yanked"] == ""
    assert "data-core-metadata" not in sdist


def test_relative_urls_and_older_attributes() -> None:
    with serve(UNIVERSE, Shape(format="html", relative_urls=True, legacy_core_metadata=True, hashes=False)) as index:
        anchor = html_page(index)[-1]
    assert anchor["href"] == f"../../files/{WHEEL}"
    assert anchor["data-dist-info-metadata"] == "true"
    assert "data-core-metadata" not in anchor


@pytest.mark.parametrize(
    ("form", "accept", "expected"),
    [
        ("negotiate", JSON, JSON),
        ("negotiate", "*/*", "text/html"),
        ("negotiate", f"text/html, {JSON};q=0.9", "text/html"),
        ("negotiate", f"text/html;q=0.1, {JSON};q=0.9", JSON),
        ("negotiate", "application/xml", None),
        ("html", JSON, None),
        ("html", "application/vnd.pypi.simple.v1+html", "application/vnd.pypi.simple.v1+html"),
        ("html-always", JSON, "text/html"),
        ("json", "text/html", JSON),
    ],
)
def test_the_format_follows_accept(form: Any, accept: str, expected: str | None) -> None:
    with serve(UNIVERSE, Shape(format=form)) as index:
        reply = get(index.page_url("other"), {"Accept": accept})
    assert (reply.code, reply.header("Content-Type")) == ((406, None) if expected is None else (200, expected))


def test_metadata_files_exist_where_they_are_offered() -> None:
    with serve(UNIVERSE, Shape(legacy_core_metadata=True)) as index:
        assert get(f"{index.url_of(WHEEL)}.metadata").body == metadata(UNIVERSE.file(WHEEL))
        assert get(f"{index.url_of('my_lib-1.0+local.tar.gz')}.metadata").code == 404
    with serve(UNIVERSE, Shape()) as index:
        assert get(f"{index.url_of(WHEEL)}.metadata").code == 404


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("bytes=0-9", slice(0, 10)),
        ("bytes=5-", slice(5, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=-999999", slice(None)),
    ],
)
def test_ranges(wanted: str, expected: slice) -> None:
    whole = archive(UNIVERSE.file(WHEEL))
    with serve(UNIVERSE, Shape()) as index:
        reply = get(index.url_of(WHEEL), {"Range": wanted})
    assert (reply.code, reply.body) == (206, whole[expected])
    start = len(whole) - len(whole[expected]) if expected.stop is None else expected.start or 0
    assert reply.header("Content-Range") == f"bytes {start}-{start + len(reply.body) - 1}/{len(whole)}"


def test_ranges_that_are_not_given() -> None:
    size = len(archive(UNIVERSE.file(WHEEL)))
    with serve(UNIVERSE, Shape()) as index:
        beyond = get(index.url_of(WHEEL), {"Range": f"bytes={size}-"})
        assert (beyond.code, beyond.header("Content-Range")) == (416, f"bytes */{size}")
        assert get(index.url_of(WHEEL), {"Range": "bytes=0-1,5-6"}).code == 200
    with serve(UNIVERSE, Shape(ranges=False)) as index:
        whole = get(index.url_of(WHEEL), {"Range": "bytes=0-9"})
        assert (whole.code, len(whole.body), whole.header("Accept-Ranges")) == (200, size, None)
    with serve(UNIVERSE, Shape(ranges="refused")) as index:
        assert get(index.url_of(WHEEL), {"Range": "bytes=0-9"}).code == 416
        assert get(index.url_of(WHEEL), {"Range": "bytes=-9"}).code == 501


def test_validators_and_the_replacement_of_a_universe() -> None:
    with serve(UNIVERSE, Shape(etag=True, max_age=600)) as index:
        first = get(index.page_url("my-lib"))
        etag = first.header("ETag") or "none"
        assert first.header("Cache-Control") == "max-age=600, public"
        again = get(index.page_url("my-lib"), {"If-None-Match": etag})
        assert (again.code, again.body, again.header("ETag")) == (304, b"", etag)
        assert again.header("Cache-Control") == "max-age=600, public"
        index.replace(parse('[projects.my-lib]\n"9.0" = {}'))
        changed = get(index.page_url("my-lib"), {"If-None-Match": etag})
        assert (changed.code, json.loads(changed.body)["versions"]) == (200, ["9.0"])
        with pytest.raises(KeyError):
            index.url_of(WHEEL)
    with serve(UNIVERSE, Shape()) as index:
        plain = get(index.page_url("my-lib"), {"If-None-Match": etag})
        assert (plain.code, plain.header("ETag"), plain.header("Cache-Control")) == (200, None, None)


def test_gzip_is_for_those_who_accept_it() -> None:
    with serve(UNIVERSE, Shape(gzip=True)) as index:
        packed = get(index.page_url("other"), {"Accept-Encoding": "gzip, deflate"})
        plain = get(index.page_url("other"), {"Accept-Encoding": "identity"})
        file = get(index.url_of(WHEEL), {"Accept-Encoding": "gzip"})
    assert packed.header("Content-Encoding") == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert plain.header("Content-Encoding") is None
    assert file.header("Content-Encoding") is None


def test_names_are_redirected_to_their_normalized_form() -> None:
    with serve(UNIVERSE, Shape()) as index:
        reply = get(index.page_url("My.Lib"))
        assert (reply.code, reply.header("Location")) == (301, "/simple/my-lib/")
        assert get(index.page_url("My.Lib"), follow=True).code == 200
        assert get(f"{index.url}my-lib", follow=True).code == 200
    with serve(UNIVERSE, Shape(redirect_names=False)) as index:
        assert get(index.page_url("My.Lib")).code == 404


def test_what_is_not_there() -> None:
    with serve(UNIVERSE) as index:
        assert [get(url).code for url in (index.page_url("ghost"), f"{index.base}/files/x.whl", index.base)] == [
            404
        ] * 3


def test_the_root_lists_projects_and_links_lists_files() -> None:
    with serve(UNIVERSE, Shape(format="html", relative_urls=True)) as index:
        root = Anchors(get(index.url).body.decode()).found
        links = Anchors(get(index.links_url).body.decode()).found
        file = get(urljoin(index.links_url, links[-1]["href"] or ""))
    assert len(root) == 2
    assert [(anchor["href"] or "").partition("#")[0] for anchor in links][-1] == "../files/other-1.0-py3-none-any.whl"
    assert file.body == archive(UNIVERSE.file("other-1.0-py3-none-any.whl"))
    with serve(UNIVERSE, Shape()) as index:
        assert {entry["name"] for entry in json.loads(get(index.url).body)["projects"]} == {"My.Lib", "other"}


def test_credentials() -> None:
    with serve(UNIVERSE, Shape(credentials=("user", "p@ss"))) as index:
        refused = get(index.page_url("other"))
        assert (refused.code, refused.header("WWW-Authenticate")) == (401, 'Basic realm="index"')
        assert get(index.url_of(WHEEL)).code == 401
        assert get(index.page_url("other"), {"Authorization": "Basic dXNlcjpwQHNz"}).code == 200
        assert index.url_with_credentials == index.url.replace("http://", "http://user:p%40ss@")


def test_requests_are_logged_before_they_are_answered() -> None:
    with serve(UNIVERSE, Shape()) as index:
        get(f"{index.page_url('other')}?x=1", {"Accept": JSON})
        get(index.url_of(LOCAL), {"Range": "bytes=-10"}, method="HEAD")
        first, second = index.requests
        assert (first.method, first.path, first.status) == ("GET", "/simple/other/?x=1", 200)
        assert first.headers["accept"] == JSON
        assert (second.method, second.status, second.bytes) == ("HEAD", 206, 0)
        assert index.asked("/simple/*") == (first,)
        assert index.asked("/files/*+local*") == (second,)
        index.forget()
        assert index.requests == ()


def test_connections_are_kept_alive() -> None:
    with serve(UNIVERSE, Shape()) as index:
        connection = http.client.HTTPConnection(urlsplit(index.base).netloc, timeout=10)
        for _ in range(3):
            connection.request("GET", "/simple/other/")
            response = connection.getresponse()
            assert response.read()
            assert not response.will_close
        # Still open: the server must stop all the same.
    connection.close()


def test_many_at_once() -> None:
    with serve(UNIVERSE) as index, ThreadPoolExecutor(16) as pool:
        codes = list(pool.map(lambda _: get(index.page_url("other")).code, range(64)))
        assert codes == [200] * 64
        assert len(index.requests) == 64


def test_a_fault_holds_the_number_of_times_that_it_was_given() -> None:
    with serve(UNIVERSE) as index:
        rule = index.fail("/simple/other/", action=status(503, retry_after="1"), times=2)
        replies = [get(index.page_url("other")) for _ in range(3)]
        assert [reply.code for reply in replies] == [503, 503, 200]
        assert [reply.header("Retry-After") for reply in replies] == ["1", "1", None]
        assert rule.hits == 2
        assert get(index.page_url("my-lib")).code == 200
        assert [request.status for request in index.asked("/simple/other/")] == [503, 503, 200]


def test_a_fault_can_be_for_good_and_healed() -> None:
    with serve(UNIVERSE) as index:
        index.fail("/files/*", action=404)
        assert [get(index.url_of(WHEEL)).code for _ in range(3)] == [404] * 3
        index.fail(
            "/files/*", action=Answer(status=200, body=b"a login page", headers=(("Content-Type", "text/html"),))
        )
        assert get(index.url_of(WHEEL)).body == b"a login page"
        index.heal()
        assert get(index.url_of(WHEEL)).body == archive(UNIVERSE.file(WHEEL))


def test_a_redirect_elsewhere() -> None:
    with serve(UNIVERSE) as elsewhere, serve(UNIVERSE) as index:
        index.fail("/simple/other/", action=redirect(elsewhere.page_url("other")))
        assert get(index.page_url("other"), follow=True).code == 200
        assert len(elsewhere.requests) == 1


def test_a_connection_that_is_closed() -> None:
    with serve(UNIVERSE) as index:
        index.fail("*", action=Close(), times=1)
        with pytest.raises(http.client.RemoteDisconnected):
            get(index.page_url("other"))
        assert [request.status for request in index.requests] == [0]
        assert get(index.page_url("other")).code == 200


@pytest.mark.parametrize("action", [Truncate(), WrongLength(by=100)])
def test_a_body_that_is_too_short(action: Truncate | WrongLength) -> None:
    with serve(UNIVERSE) as index:
        index.fail("*", action=action)
        with pytest.raises(http.client.IncompleteRead):
            get(index.url_of(WHEEL))


def test_a_body_that_is_longer_than_announced() -> None:
    whole = archive(UNIVERSE.file(WHEEL))
    with serve(UNIVERSE) as index:
        index.fail("*", action=WrongLength(by=-5))
        assert get(index.url_of(WHEEL)).body == whole[:-5]


def test_garbage() -> None:
    with serve(UNIVERSE, SHAPES["mirror"]) as index:
        index.fail("*", action=Garbage())
        reply = get(index.page_url("other"))
        assert (reply.code, reply.header("Content-Type"), reply.body) == (200, JSON, Garbage.BYTES)


def test_a_request_hangs_until_it_is_released() -> None:
    with serve(UNIVERSE) as index, ThreadPoolExecutor(1) as pool:
        hang = index.hang("/simple/other/")
        reply = pool.submit(get, index.page_url("other"))
        assert hang.entered.wait(10)
        assert not reply.done()
        hang.release()
        assert reply.result(10).code == 200


def test_the_end_of_the_server_ends_what_hangs() -> None:
    with ThreadPoolExecutor(1) as pool:
        with serve(UNIVERSE) as index:
            hang = index.hang("*")
            reply = pool.submit(get, index.page_url("other"))
            assert hang.entered.wait(10)
        with pytest.raises((ConnectionError, urllib.error.URLError)):
            reply.result(10)


def test_every_answer_is_late_when_the_index_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    with serve(UNIVERSE, replace(SHAPES["mirror"], latency=0.02)) as index:
        monkeypatch.setattr(index.closing, "wait", waited.append)
        get(index.page_url("other"))
        index.latency = 0.0
        get(index.page_url("other"))
        first, second = index.requests
    assert waited == [0.02, 0.0]
    assert first.began <= first.answered <= second.began <= second.answered


def test_rounds_are_answered_when_they_are_complete() -> None:
    first, second, free = "/simple/my-lib/", "/simple/other/", "/simple/unknown/"
    with serve(UNIVERSE, SHAPES["mirror"]) as index:
        rounds = index.in_rounds([[first], [second]])
        with ThreadPoolExecutor(1) as pool:
            early = pool.submit(get, index.base + second)
            with rounds._changed:
                assert rounds._changed.wait_for(lambda: second in rounds._came, timeout=10)
            assert get(index.base + free).code == 404
            assert not index.asked(second)
            assert get(index.base + first).code == 200
            assert early.result().code == 200
        assert rounds.missing == frozenset()


def test_a_round_that_stays_incomplete_is_told_and_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rounds, "PATIENCE", 0.0)
    with serve(UNIVERSE, SHAPES["mirror"]) as index:
        rounds = index.in_rounds([["/simple/other/", "/simple/never/"], ["/simple/my-lib/"]])
        assert get(index.page_url("my-lib")).code == 200
        assert rounds.missing == {"/simple/other/", "/simple/never/"}
        assert get(index.page_url("other")).code == 200


def test_an_error_in_the_server_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> Answer:
        raise ValueError("broken")

    monkeypatch.setattr(Index, "answer", broken)
    with pytest.raises(ValueError, match="broken"), serve(UNIVERSE) as index, suppress(http.client.RemoteDisconnected):
        get(index.page_url("other"))
