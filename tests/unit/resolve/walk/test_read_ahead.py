"""What is read before it is asked for, where a walk goes back through versions."""

from __future__ import annotations

from dataclasses import replace

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from nogilcheck.model.artifact import Metadata, Missing, ProjectPage, ReleaseFile
from nogilcheck.resolve.admission import Admission
from nogilcheck.resolve.walk.graph import GraphBuilder
from nogilcheck.resolve.walk.project_candidates import ProjectCandidates
from nogilcheck.resolve.walk.read_ahead import MOST_AHEAD, ReadAhead
from nogilcheck.resolve.walk.walk import walk
from nogilcheck.targets.builds import make_target
from tests.support.memory_fetcher import MemoryFetcher
from tests.support.small_worlds import inputs, versions
from tests.world import Universe, parse

TWIN = make_target("3.14", "linux-x86_64")


class Watching(MemoryFetcher):
    """Knows what was read ahead, and what had to be waited for."""

    def __init__(self, universe: Universe) -> None:
        super().__init__(universe)
        self.ahead: list[str] = []
        self.waited: list[str] = []
        self.furthest = 0
        self._asked: set[str] = set()

    def not_asked_for(self) -> set[str]:
        """What was read ahead for nothing."""
        return set(self.ahead) - self._asked

    def prefetch_metadata(self, file: ReleaseFile) -> None:
        self.ahead.append(file.filename)
        self.furthest = max(self.furthest, len(set(self.ahead) - self._asked))

    def metadata(self, file: ReleaseFile) -> Metadata | Missing:
        if file.filename not in (*self.ahead, *self._asked):
            self.waited.append(file.filename)
        self._asked.add(file.filename)
        return super().metadata(file)


def _walk(world: str, *lines: str) -> tuple[Watching, dict[str, str | None]]:
    fetcher = Watching(parse(world))
    graph = GraphBuilder(walk(inputs(lines), TWIN, fetcher, exclude_newer=None)).build()
    return fetcher, versions(graph)


def _project(name: str, count: int, requires: str) -> str:
    numbers = "\n".join(f'"{n}.0" = {{ requires = [{requires!r}] }}' for n in range(2, count + 1))
    return f'[projects.{name}]\n"1.0" = {{}}\n{numbers}\n[projects.lib]\n"1.0" = {{}}\n"2.0" = {{}}\n'


def test_a_long_way_back_is_read_in_growing_steps() -> None:
    fetcher, chosen = _walk(_project("app", 200, "lib>=2"), "lib<2", "app")
    assert chosen == {"lib": "1.0", "app": "1.0"}
    waited = [name for name in fetcher.waited if name.startswith("app")]
    assert waited == ["app-200.0-py3-none-any.whl", "app-199.0-py3-none-any.whl"]
    ahead = [name for name in fetcher.ahead if name.startswith("app")]
    assert len(ahead) == len(set(ahead)) == 199
    assert fetcher.furthest <= MOST_AHEAD


def test_what_the_specifiers_exclude_is_not_read() -> None:
    fetcher, _ = _walk(_project("app", 200, "lib>=2"), "lib<2", "app>=150,!=170")
    assert not {f"app-{n}.0-py3-none-any.whl" for n in (*range(1, 150), 170)} & set(fetcher.ahead)


def test_a_bound_that_comes_late_costs_two_requests() -> None:
    world = _project("app", 200, "lib") + '[projects.other]\n"1.0" = { requires = ["app<100"] }'
    stated = world.replace("{ requires", '{ requires-python = ">=3.9", requires')
    fetcher, chosen = _walk(stated, "app", "other")
    assert chosen["app"] == "99.0"
    assert fetcher.not_asked_for() == {"app-98.0-py3-none-any.whl", "app-97.0-py3-none-any.whl"}
    assert "app-99.0-py3-none-any.whl" not in fetcher.waited


def _ahead_of(page: ProjectPage, fetcher: Watching) -> ReadAhead:
    admission = Admission(inputs(()).settings, exclude_newer=None, roots=())
    return ReadAhead(ProjectCandidates(page, TWIN, admission, fetcher, pre=False), fetcher)


def _page(fetcher: Watching) -> ProjectPage:
    page = fetcher.page("app")
    assert isinstance(page, ProjectPage)
    return page


def test_a_search_that_comes_back_with_other_bounds_reads_ahead_what_these_permit() -> None:
    fetcher = Watching(parse(_project("app", 200, "lib")))
    ahead = _ahead_of(_page(fetcher), fetcher)
    for version, permitted in (("200.0", ">198"), ("199.0", ">198"), ("189.0", "<190")):
        ahead.asked_for(Version(version), SpecifierSet(permitted).contains)
    assert fetcher.ahead == [f"app-{n}.0-py3-none-any.whl" for n in (188, 187, 186, 185)]


def test_of_large_sdists_few_are_read_ahead() -> None:
    releases = "\n".join(f'"{n}.0" = {{ sdist = {{ backend = "hatchling.build" }} }}' for n in range(1, 101))
    fetcher = Watching(parse(f"[projects.app]\n{releases}"))
    page = _page(fetcher)
    files = {version: (replace(page.files(version)[0], size=4 << 20),) for version in page.versions}
    ahead = _ahead_of(replace(page, files_by_version=files), fetcher)
    for asked, version in enumerate(page.versions[:-4], 1):
        ahead.asked_for(version, lambda _: True)
        assert len(fetcher.ahead) <= asked + 3
    assert len(fetcher.ahead) > 90


def test_where_the_page_states_no_python_the_file_that_says_it_is_read_ahead() -> None:
    release = '{ sdist = { backend = "hatchling.build" }, wheels = ["py2-none-any"] }'
    fetcher = Watching(parse("[projects.app]\n" + "\n".join(f'"{n}.0" = {release}' for n in range(1, 6))))
    page = _page(fetcher)
    ahead = _ahead_of(page, fetcher)
    for version in page.versions[:2]:
        ahead.asked_for(version, lambda _: True)
    assert fetcher.ahead == ["app-3.0-py2-none-any.whl", "app-3.0.tar.gz"]
