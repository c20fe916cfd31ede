from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

from nogilcheck.errors import UsageError
from nogilcheck.index.fetcher import IndexFetcher
from nogilcheck.index.http.connections import THREADS, Connections
from nogilcheck.index.pages.page_policy import PagePolicy
from nogilcheck.index.progress import Progress
from nogilcheck.index.workers import Urgency
from nogilcheck.model.artifact import Fetcher, Metadata, Missing, MissingKind, ProjectPage, ReleaseFile
from nogilcheck.model.cache import NOT_FOUND_DIGEST, Cache, Kind, PageKey
from nogilcheck.model.source import IndexSettings, NamedIndex, Pin
from tests.support.memory_cache import MemoryCache
from tests.world import SHAPES, Answer, Close, Garbage, Index, Shape, parse, redirect, serve, sha256, write_links_dir

UNIVERSE = parse("""
[projects.app."1.0"]
requires = ["Lib_A>=1", "lib-b"]
extras.fast = ["lib-c"]
requires-python = ">=3.9"
[projects.app."2.0"]
wheels = ["cp314-cp314t-manylinux_2_28_x86_64", "cp314-cp314-manylinux_2_28_x86_64"]
requires = ["lib-a"]
members = ["app/fast.so"]
[projects.lib-a."1.0"]
wheels = []
sdist = { native = ["c"] }
requires = ["lib-b"]
yanked = true
[projects.lib-b]
"1.0" = {}
[projects.dynamic."1.0"]
sdist = { dynamic = true, backend = "setuptools.build_meta" }
""")

Settings = dict[str, Any]


@pytest.fixture
def index(shape: Shape) -> Iterator[Index]:
    with serve(UNIVERSE, shape) as running:
        yield running


@pytest.fixture
def pypi() -> Iterator[Index]:
    with serve(UNIVERSE) as running:
        yield running


def nothing(_: object) -> tuple[()]:
    return ()


@contextmanager
def fetching(
    *urls: str,
    cache: Cache | None = None,
    settings: IndexSettings | None = None,
    files_to_prefetch: Callable[[ProjectPage], Iterable[ReleaseFile]] = nothing,
    names_to_prefetch: Callable[[Metadata], Iterable[str]] = nothing,
    on_progress: Callable[[Progress], None] | None = None,
    threads: int = THREADS,
    **policy: Any,
) -> Iterator[IndexFetcher]:
    chosen = settings or IndexSettings(index_url=urls[0], extra_index_urls=urls[1:])
    cache = cache if cache is not None else MemoryCache()
    with (
        closing(Connections(threads=threads)) as connections,
        IndexFetcher(
            settings=chosen,
            cache=cache,
            connections=connections,
            policy=PagePolicy(**policy),
            files_to_prefetch=files_to_prefetch,
            names_to_prefetch=names_to_prefetch,
            on_progress=on_progress,
        ) as fetcher,
    ):
        yield fetcher


def page_of(fetcher: IndexFetcher, name: str) -> ProjectPage:
    page = fetcher.page(name)
    assert isinstance(page, ProjectPage)
    return page


def missing(answer: object, kind: MissingKind) -> str:
    assert isinstance(answer, Missing)
    assert answer.kind is kind
    return answer.text


def only(fetcher: IndexFetcher, name: str, version: str, *, kind: str = "wheel") -> ReleaseFile:
    return next(file for file in page_of(fetcher, name).files(Version(version)) if file.kind == kind)


def metadata_of(fetcher: IndexFetcher, name: str, version: str, *, kind: str = "wheel") -> Metadata:
    metadata = fetcher.metadata(only(fetcher, name, version, kind=kind))
    assert isinstance(metadata, Metadata)
    return metadata


# In every shape of index


def test_pages_and_metadata(index: Index) -> None:
    with fetching(index.url) as fetcher:
        protocol: Fetcher = fetcher
        page = page_of(fetcher, "app")
        assert protocol.page("app") is page
        assert page.versions == (Version("2.0"), Version("1.0"))
        assert page.indexes == (index.url,)
        (wheel,) = page.files(Version("1.0"))
        assert (wheel.filename, wheel.url) == ("app-1.0-py3-none-any.whl", index.url_of("app-1.0-py3-none-any.whl"))
        assert (wheel.requires_python, wheel.yanked, wheel.index) == (">=3.9", False, index.url)
        assert wheel.hashes == ({"sha256": index.sha256_of(wheel.filename)} if index.shape.hashes else {})
        assert only(fetcher, "lib-a", "1.0", kind="sdist").yanked
        metadata = metadata_of(fetcher, "app", "1.0")
        assert [dependency.name for dependency in metadata.requires] == ["lib-a", "lib-b", "lib-c"]
        assert (metadata.extras, metadata.requires_python) == (("fast",), ">=3.9")
        assert fetcher.record.replayable
    assert not [request for request in index.requests if request.method != "GET"]


def test_the_cheapest_rung_that_works(index: Index) -> None:
    with fetching(index.url) as fetcher:
        origin = metadata_of(fetcher, "app", "2.0").origin
        expected = "pep658" if index.shape.metadata_files else "range" if index.shape.ranges is True else "wheel"
        assert origin == expected
        assert bool(index.asked("*.metadata")) is index.shape.metadata_files


def test_an_sdist(index: Index) -> None:
    with fetching(index.url) as fetcher:
        metadata = metadata_of(fetcher, "lib-a", "1.0", kind="sdist")
        assert [dependency.name for dependency in metadata.requires] == ["lib-b"]
        assert metadata.source is not None
        assert metadata.source.compiles


def test_the_members_of_a_wheel(index: Index) -> None:
    with fetching(index.url) as fetcher:
        names = fetcher.listing(only(fetcher, "app", "2.0"))
        assert not isinstance(names, Missing)
        assert "app/fast.so" in names
        asked = len(index.requests)
        assert fetcher.listing(only(fetcher, "app", "2.0")) == names
        assert len(index.requests) == asked


def test_an_unknown_project(index: Index) -> None:
    with fetching(index.url) as fetcher:
        assert index.url in missing(fetcher.page("nothing"), MissingKind.NOT_FOUND)
        assert fetcher.record.pages == ((PageKey(index=index.url, project="nothing"), NOT_FOUND_DIGEST),)
        assert fetcher.record.replayable


def test_a_second_run_asks_only_what_is_no_longer_fresh(index: Index) -> None:
    cache = MemoryCache()
    with fetching(index.url, cache=cache) as fetcher:
        before = (
            fetcher.page("nothing"),
            metadata_of(fetcher, "app", "2.0"),
            fetcher.listing(only(fetcher, "app", "2.0")),
        )
        read = fetcher.record.pages
    index.forget()
    with fetching(index.url, cache=cache) as fetcher:
        after = (
            fetcher.page("nothing"),
            metadata_of(fetcher, "app", "2.0"),
            fetcher.listing(only(fetcher, "app", "2.0")),
        )
        assert after == before
        assert fetcher.record.pages == read
    fresh = index.shape.max_age != 0
    assert [request.status for request in index.asked("/simple/app/")] == ([] if fresh else [304])
    assert not index.asked("/files/*")


def test_an_old_page_is_asked_for_again(index: Index) -> None:
    cache = MemoryCache()
    with fetching(index.url, cache=cache, clock=lambda: 1000.0) as fetcher:
        page_of(fetcher, "app")
        read = fetcher.record.pages
    key = PageKey(index=index.url, project="app")
    assert cache.state(key).fresh_until == 1000.0 + (600 if index.shape.max_age is None else index.shape.max_age)
    index.forget()
    with fetching(index.url, cache=cache, clock=lambda: 9000.0) as fetcher:
        assert page_of(fetcher, "app").files(Version("2.0"))
        assert fetcher.record.pages == read
    assert [request.status for request in index.requests] == [304 if index.shape.etag else 200]
    assert cache.state(key).fetched_at == 9000.0


def test_offline_with_and_without_a_cache(index: Index) -> None:
    cache = MemoryCache()
    with fetching(index.url, cache=cache, offline=True) as fetcher:
        assert "app" in missing(fetcher.page("app"), MissingKind.OFFLINE)
        assert not fetcher.record.replayable
    with fetching(index.url, cache=cache, clock=lambda: 0.0) as fetcher:
        expected = metadata_of(fetcher, "app", "1.0")
        missing(fetcher.page("nothing"), MissingKind.NOT_FOUND)
    index.forget()
    with fetching(index.url, cache=cache, offline=True) as fetcher:
        assert metadata_of(fetcher, "app", "1.0") == expected
        missing(fetcher.page("nothing"), MissingKind.NOT_FOUND)
        for kind in (fetcher.metadata, fetcher.listing):
            assert "app-2.0" in missing(kind(only(fetcher, "app", "2.0")), MissingKind.OFFLINE)
    assert not index.requests


def test_32_threads_ask_once(index: Index) -> None:
    with fetching(index.url) as fetcher:
        start = threading.Barrier(32)
        answers: list[object] = []

        def ask() -> None:
            start.wait()
            fetcher.prefetch(["app", "lib-b"])
            answers.append(metadata_of(fetcher, "app", "1.0"))

        threads = [threading.Thread(target=ask) for _ in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == 32
        fetcher.page("lib-b")
    paths = [(request.path, request.headers.get("range")) for request in index.requests]
    assert len(paths) == len(set(paths))


# Working ahead


def test_news_starts_what_is_likely_to_be_wanted(pypi: Index) -> None:
    """Nobody asks for anything but the first page; the graph arrives all the same."""
    arrived = threading.Event()

    def likely(page: ProjectPage) -> tuple[ReleaseFile, ...]:
        if page.name == "lib-b":
            arrived.set()
        return page.files(page.versions[0])[:1]

    with fetching(
        pypi.url,
        files_to_prefetch=likely,
        names_to_prefetch=lambda metadata: [dependency.name for dependency in metadata.requires],
    ) as fetcher:
        fetcher.prefetch(["app"])
        arrived.wait()
        assert list(fetcher.record.pages) == []
        page_of(fetcher, "app")
        assert [key.project for key, _ in fetcher.record.pages] == ["app"]


def test_progress(pypi: Index) -> None:
    seen: list[Progress] = []
    with fetching(pypi.url, on_progress=seen.append) as fetcher:
        metadata_of(fetcher, "app", "1.0")
        fetcher.close()
    last = max(seen, key=lambda progress: (progress.pages_done, progress.metadata_done))
    assert (last.pages_known, last.pages_done, last.metadata_known, last.metadata_done) == (1, 1, 1, 1)
    assert last.bytes > 0
    assert len(pypi.requests) == 2


def test_a_prefetched_page_that_is_wanted_jumps_the_queue(pypi: Index) -> None:
    hang = pypi.hang("/simple/slow/")
    with fetching(pypi.url, threads=1) as fetcher:
        fetcher.prefetch(["slow", "app", "lib-b"])
        hang.entered.wait()
        fetcher._start_page("lib-b", Urgency.WANTED)
        hang.release()
        page_of(fetcher, "app")
    assert [request.path for request in pypi.requests] == ["/simple/slow/", "/simple/lib-b/", "/simple/app/"]


# Failures are values


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (401, MissingKind.FORBIDDEN),
        (403, MissingKind.FORBIDDEN),
        (503, MissingKind.UNREACHABLE),
        (418, MissingKind.UNREACHABLE),
        (Close(), MissingKind.UNREACHABLE),
        (Garbage(), MissingKind.UNREACHABLE),
        (Answer(body=b"hello", headers=(("Content-Type", "image/png"),)), MissingKind.UNREACHABLE),
    ],
    ids=str,
)
def test_a_page_that_cannot_be_had(pypi: Index, fault: Any, kind: MissingKind) -> None:
    pypi.fail("/simple/app/", action=fault)
    cache = MemoryCache()
    with fetching(pypi.url, cache=cache) as fetcher:
        assert f"{pypi.url}app" in missing(fetcher.page("app"), kind)
        assert not fetcher.record.replayable
    assert not cache.records


def test_metadata_that_cannot_be_had(pypi: Index) -> None:
    pypi.fail("/files/*", action=503)
    cache = MemoryCache()
    with fetching(pypi.url, cache=cache) as fetcher:
        missing(fetcher.metadata(only(fetcher, "app", "1.0")), MissingKind.UNREACHABLE)
        missing(fetcher.listing(only(fetcher, "app", "1.0")), MissingKind.UNREACHABLE)
        assert not fetcher.record.replayable
    assert not cache.keys(Kind.METADATA)


@pytest.mark.parametrize("fault", [404, Answer(body=b"<html>Please log in</html>")], ids=["absent", "gateway"])
def test_an_advertised_metadata_file_that_is_none(pypi: Index, fault: Any) -> None:
    pypi.fail("*.metadata", action=fault)
    with fetching(pypi.url) as fetcher:
        assert metadata_of(fetcher, "app", "1.0").origin == "range"


def test_credentials_are_used_and_never_told() -> None:
    with serve(UNIVERSE, Shape(credentials=("me", "s3cret"))) as private:
        cache = MemoryCache()
        with fetching(private.url_with_credentials, cache=cache) as fetcher:
            page = page_of(fetcher, "app")
            metadata_of(fetcher, "app", "1.0")
            assert "s3cret" not in repr((page.indexes, page.files(Version("1.0")), fetcher.record.pages))
        assert "s3cret" not in repr(cache.records)
        with fetching(private.with_userinfo("me", "wr0ng")) as fetcher:
            assert "wr0ng" not in missing(fetcher.page("app"), MissingKind.FORBIDDEN)


def test_a_damaged_record_is_fetched_again(pypi: Index) -> None:
    cache = MemoryCache()
    with fetching(pypi.url, cache=cache) as fetcher:
        page_of(fetcher, "app")
        read = fetcher.record.pages
    key = PageKey(index=pypi.url, project="app")
    cache.put(Kind.PAGES, key.text, b"noise")
    with fetching(pypi.url, cache=cache) as fetcher:
        page_of(fetcher, "app")
        assert fetcher.record.pages == read
    assert [request.status for request in pypi.asked("/simple/app/")] == [200, 200]


def test_wrong_settings_of_the_environment_reach_the_caller(pypi: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nothing.pem")
    with fetching(pypi.url) as fetcher:
        for _ in range(2):
            with pytest.raises(UsageError):
                fetcher.page("app")


def test_a_defect_in_a_callback_reaches_the_caller(pypi: Index) -> None:
    def likely(page: ProjectPage) -> tuple[ReleaseFile, ...]:
        raise ZeroDivisionError

    with fetching(pypi.url, files_to_prefetch=likely) as fetcher:
        fetcher.page("app")
        hang = pypi.hang("/simple/lib-b/")
        with pytest.raises(ZeroDivisionError):
            fetcher.page("lib-b")
        hang.release()


# Freshness


def test_refresh_asks_again(pypi: Index) -> None:
    cache = MemoryCache()
    for refresh in (False, True):
        with fetching(pypi.url, cache=cache, refresh=refresh) as fetcher:
            page_of(fetcher, "app")
    assert [request.status for request in pypi.requests] == [200, 304]


@pytest.mark.parametrize(("max_age", "asked"), [(0, 2), (5, 2), (100, 1), (None, 1)])
def test_max_age_overrides_the_server(pypi: Index, max_age: int | None, asked: int) -> None:
    cache = MemoryCache()
    for now in (0.0, 50.0):
        with fetching(pypi.url, cache=cache, max_age=max_age, clock=lambda now=now: now) as fetcher:
            page_of(fetcher, "app")
    assert len(pypi.requests) == asked


# Several places


def test_indexes_are_merged(pypi: Index) -> None:
    other = parse('[projects.app]\n"2.0+cpu" = {}\n"1.0" = {}\n[projects.lib-b]\n"1.0" = {}')
    with serve(other, SHAPES["html"]) as second, fetching(pypi.url, second.url) as fetcher:
        page = page_of(fetcher, "app")
        assert page.versions == (Version("2.0+cpu"), Version("2.0"), Version("1.0"))
        assert [file.index for file in page.files(Version("1.0"))] == [pypi.url, second.url]
        assert page.indexes == page.rivals == (pypi.url, second.url)
        assert page_of(fetcher, "lib-a").indexes == (pypi.url,)
        assert page_of(fetcher, "lib-a").rivals == ()
        assert (PageKey(index=second.url, project="lib-a"), NOT_FOUND_DIGEST) in fetcher.record.pages
        assert len(fetcher.record.pages) == 4


@pytest.mark.parametrize("broken", [0, 1])
def test_where_one_index_fails_the_page_says_what_it_rests_on(pypi: Index, broken: int) -> None:
    with serve(UNIVERSE, SHAPES["mirror"]) as second, fetching(pypi.url, second.url) as fetcher:
        failing, well = (pypi, second)[broken], (second, pypi)[broken]
        failing.fail("/simple/app/", action=500)
        failing.fail("/simple/nothing/", action=500)
        page = page_of(fetcher, "app")
        assert page.indexes == (well.url,)
        (failure,) = page.unanswered
        assert (failure.index, failure.kind) == (failing.url, MissingKind.UNREACHABLE)
        assert failing.page_url("app") in failure.text
        assert failing.page_url("nothing") in missing(fetcher.page("nothing"), MissingKind.UNREACHABLE)
        assert not fetcher.record.replayable


OTHERS = parse('[projects.app]\n"3.0" = {}\n[projects.own]\n"1.0" = {}')


@pytest.mark.parametrize("flat", [False, True], ids=["index", "flat"])
def test_the_first_index_that_has_the_project(pypi: Index, flat: bool) -> None:
    with serve(OTHERS, SHAPES["html"]) as second:
        first = NamedIndex(url=second.links_url if flat else second.url, flat=flat)
        settings = IndexSettings(index_url=pypi.url, indexes=(first,))
        with fetching(settings=settings) as fetcher:
            assert page_of(fetcher, "app").versions == (Version("3.0"),)
            assert page_of(fetcher, "app").rivals == ()
            assert page_of(fetcher, "lib-b").indexes == (pypi.url,)
            text = missing(fetcher.page("nothing"), MissingKind.NOT_FOUND)
            assert pypi.url in text
            assert flat or second.url in text
            assert {key.project for key, _ in fetcher.record.pages} == {"app", "lib-b", "nothing"} - (
                {"app"} if flat else set()
            ) | ({""} if flat else set())
        assert [request.path for request in pypi.requests] == ["/simple/lib-b/", "/simple/nothing/"]


def test_an_index_of_its_own_for_one_project(pypi: Index) -> None:
    with serve(OTHERS) as second:
        settings = IndexSettings(
            index_url=pypi.url,
            indexes=(NamedIndex(name="x", url=second.url, role="explicit"),),
            pins=(Pin(project="own", index="x"), Pin(project="lib-b", index="x")),
        )
        with fetching(settings=settings) as fetcher:
            fetcher.prefetch(["own", "app", "lib-b"])
            assert page_of(fetcher, "own").indexes == (second.url,)
            assert page_of(fetcher, "app").indexes == (pypi.url,)
            assert pypi.url not in missing(fetcher.page("lib-b"), MissingKind.NOT_FOUND)
        assert [request.path for request in pypi.requests] == ["/simple/app/"]
        assert {request.path for request in second.requests} == {"/simple/own/", "/simple/lib-b/"}


def test_find_links_join_what_the_first_index_has(pypi: Index) -> None:
    with serve(OTHERS) as second:
        settings = IndexSettings(
            index_url=pypi.url, indexes=(NamedIndex(url=second.url),), find_links=(pypi.links_url,)
        )
        with fetching(settings=settings) as fetcher:
            assert page_of(fetcher, "app").indexes == (pypi.links_url, second.url)
            assert page_of(fetcher, "lib-b").indexes == (pypi.links_url, pypi.url)
            assert page_of(fetcher, "app").rivals == page_of(fetcher, "lib-b").rivals == ()


# Habits of servers


@pytest.mark.parametrize("chosen", ["mirror", "html", "html-ranges-relative"])
def test_urls_are_relative_to_where_a_page_was_found(pypi: Index, chosen: str) -> None:
    shape = replace(SHAPES[chosen], relative_urls=True)
    with serve(OTHERS, shape) as elsewhere:
        pypi.fail("/simple/own/", action=redirect(elsewhere.page_url("own")))
        with fetching(pypi.url) as fetcher:
            file = only(fetcher, "own", "1.0")
            assert (file.url, file.index) == (elsewhere.url_of("own-1.0-py3-none-any.whl"), pypi.url)
            assert metadata_of(fetcher, "own", "1.0").requires == ()


def test_a_project_that_is_written_otherwise(shape: Shape) -> None:
    world = parse('[projects."Zope.Some_Thing"]\n"1.0" = { wheels = ["py3-none-any"], sdist = {} }')
    with serve(world, shape) as index, fetching(index.url) as fetcher:
        assert {file.kind for file in page_of(fetcher, "zope-some-thing").files(Version("1.0"))} == {"wheel", "sdist"}
        assert {request.status for request in index.requests} == {200}


def test_files_that_are_written_otherwise(pypi: Index) -> None:
    names = ["Zope.Some_Thing-1.0.tar.gz", "zope.some.thing-1.0-py3-none-any.whl", "zope_other-1.0.tar.gz"]
    page = "".join(f'<a href="../../f/{name}">{name}</a>' for name in names)
    pypi.fail("/simple/zope-some-thing/", action=Answer(body=page.encode(), headers=(("Content-Type", "text/html"),)))
    with fetching(pypi.url) as fetcher:
        files = page_of(fetcher, "zope-some-thing").files(Version("1.0"))
        assert [(file.filename, file.url) for file in files] == [(name, f"{pypi.base}/f/{name}") for name in names[:2]]


def test_the_same_index_twice_counts_once(pypi: Index) -> None:
    with fetching(pypi.url, pypi.url.rstrip("/")) as fetcher:
        assert len(page_of(fetcher, "app").files(Version("1.0"))) == 1


def test_find_links_page(pypi: Index) -> None:
    settings = IndexSettings(no_index=True, find_links=(pypi.links_url,))
    cache = MemoryCache()
    with fetching(settings=settings, cache=cache) as fetcher:
        assert metadata_of(fetcher, "app", "1.0").requires
        assert page_of(fetcher, "lib-b").indexes == (pypi.links_url,)
        text = missing(fetcher.page("nothing"), MissingKind.NO_INDEX)
        assert pypi.links_url in text
        assert len({key for key, _ in fetcher.record.pages}) == 1
    assert len(pypi.asked("/links/")) == 1
    with fetching(settings=settings, cache=cache, offline=True) as fetcher:
        page_of(fetcher, "lib-b")


def test_find_links_directory(tmp_path: Path, pypi: Index) -> None:
    write_links_dir(UNIVERSE, tmp_path)
    (tmp_path / "notes.txt").write_text("no archive", encoding="utf-8")
    for location in (str(tmp_path), tmp_path.as_uri()):
        settings = IndexSettings(no_index=True, find_links=(location,))
        with fetching(settings=settings, offline=True) as fetcher:
            assert metadata_of(fetcher, "app", "1.0").origin == "local"
            assert only(fetcher, "lib-a", "1.0", kind="sdist").index == location
            names = fetcher.listing(only(fetcher, "app", "2.0"))
            assert not isinstance(names, Missing)
            assert "app/fast.so" in names
            assert metadata_of(fetcher, "lib-a", "1.0", kind="sdist").source
            assert fetcher.record.replayable is (location == str(tmp_path)), "the reader witnesses absolute paths"
            assert fetcher.record.pages == ()
    settings = IndexSettings(index_url=pypi.url, find_links=(str(tmp_path),))
    with fetching(settings=settings) as fetcher:
        assert [file.index for file in page_of(fetcher, "app").files(Version("1.0"))] == [str(tmp_path), pypi.url]


def test_find_links_of_one_archive(tmp_path: Path, pypi: Index) -> None:
    write_links_dir(UNIVERSE, tmp_path)
    local = tmp_path / "app-1.0-py3-none-any.whl"
    remote = pypi.url_of("lib_b-1.0-py3-none-any.whl")
    with fetching(settings=IndexSettings(no_index=True, find_links=(str(local), remote))) as fetcher:
        assert page_of(fetcher, "app").versions == (Version("1.0"),)
        assert metadata_of(fetcher, "lib-b", "1.0").origin == "range"


def test_find_links_of_a_local_page_and_of_nothing(tmp_path: Path) -> None:
    write_links_dir(UNIVERSE, tmp_path / "files")
    page = tmp_path / "links.html"
    page.write_text('<a href="files/app-1.0-py3-none-any.whl">x</a>', encoding="utf-8")
    settings = IndexSettings(no_index=True, find_links=(str(page), str(tmp_path / "nowhere")))
    with fetching(settings=settings) as fetcher:
        assert metadata_of(fetcher, "app", "1.0").requires
        missing(fetcher.page("lib-b"), MissingKind.NO_INDEX)
        assert not fetcher.record.replayable, "nothing witnesses what a local page leads to"


def test_find_links_that_cannot_be_had_are_missed_on_every_page(pypi: Index) -> None:
    pypi.fail("/links/", action=500)
    with fetching(settings=IndexSettings(index_url=pypi.url, find_links=(pypi.links_url,))) as fetcher:
        assert [failure.index for failure in page_of(fetcher, "app").unanswered] == [pypi.links_url]
        missing(fetcher.page("nothing"), MissingKind.UNREACHABLE)


def test_a_local_index(tmp_path: Path) -> None:
    write_links_dir(UNIVERSE, tmp_path / "files")
    page = tmp_path / "simple" / "app" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text('<a href="../../files/app-1.0-py3-none-any.whl">x</a>', encoding="utf-8")
    for url in ((tmp_path / "simple").as_uri(), str(tmp_path / "simple")):
        with fetching(url) as fetcher:
            assert metadata_of(fetcher, "app", "1.0").requires
            missing(fetcher.page("lib-b"), MissingKind.NOT_FOUND)
            assert fetcher.record.files == (str(page), str(tmp_path / "simple" / "lib-b" / "index.html"))
            assert fetcher.record.pages == ()
            assert not fetcher.record.replayable, "nothing tells when the file changes"
    digest = sha256(UNIVERSE.file("app-1.0-py3-none-any.whl"))
    page.write_text(f'<a href="../../files/app-1.0-py3-none-any.whl#sha256={digest}">x</a>', encoding="utf-8")
    with fetching(str(tmp_path / "simple")) as fetcher:
        assert metadata_of(fetcher, "app", "1.0").requires
        assert fetcher.record.replayable


def test_no_place_at_all() -> None:
    with fetching(settings=IndexSettings(no_index=True)) as fetcher:
        fetcher.prefetch(["app"])
        missing(fetcher.page("app"), MissingKind.NO_INDEX)


# The end


def test_closing_wakes_who_waits_and_answers_afterwards(pypi: Index) -> None:
    hang = pypi.hang("/simple/app/")
    answers: list[object] = []
    with fetching(pypi.url) as fetcher:
        asking = threading.Thread(target=lambda: answers.append(fetcher.page("app")))
        asking.start()
        hang.entered.wait()
        fetcher.close(flush=False)
        asking.join()
        missing(answers[0], MissingKind.UNREACHABLE)
        missing(fetcher.page("lib-b"), MissingKind.UNREACHABLE)
        fetcher.prefetch(["app"])
        fetcher.close()
    hang.release()


def test_closing_writes_what_has_arrived(pypi: Index) -> None:
    cache = MemoryCache()
    with fetching(pypi.url, cache=cache, threads=1) as fetcher:
        page_of(fetcher, "app")
        fetcher.close()
        assert cache.keys(Kind.PAGE_STATES) == [PageKey(index=pypi.url, project="app").text]
