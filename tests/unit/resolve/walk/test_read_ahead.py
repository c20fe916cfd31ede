"""What is read before it is asked for, where a walk goes back through versions."""

from __future__ import annotations

from nogilcheck.model.artifact import Metadata, Missing, ReleaseFile
from nogilcheck.resolve.walk.graph import GraphBuilder
from nogilcheck.resolve.walk.read_ahead import MOST_AHEAD
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
    assert len(fetcher.ahead) == len(set(fetcher.ahead)) == 198
    assert fetcher.furthest <= MOST_AHEAD


def test_what_the_specifiers_exclude_is_not_read() -> None:
    fetcher, _ = _walk(_project("app", 200, "lib>=2"), "lib<2", "app>=150,!=170")
    assert not {f"app-{n}.0-py3-none-any.whl" for n in (*range(1, 150), 170)} & set(fetcher.ahead)


def test_a_bound_that_comes_late_costs_two_requests() -> None:
    world = _project("app", 200, "lib") + '[projects.other]\n"1.0" = { requires = ["app<100"] }'
    fetcher, chosen = _walk(world, "app", "other")
    assert chosen["app"] == "99.0"
    assert fetcher.ahead == ["app-98.0-py3-none-any.whl", "app-97.0-py3-none-any.whl"]
