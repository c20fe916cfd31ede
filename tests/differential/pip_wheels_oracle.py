"""Which file pip would take for many pinned distributions on many builds: JSON on stdin, JSON on stdout.

Asks pip's own finder, page by page: each page is fetched once, however many builds there are. For each build and
distribution the answer is the wheel that pip takes with ``--only-binary :all:``; where it takes none, what it takes
without that option; and whether the version has wheels at all.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from pip._internal.exceptions import InvalidWheelFilename
from pip._internal.index.collector import IndexContent, LinkCollector, parse_links
from pip._internal.index.package_finder import PackageFinder
from pip._internal.models.format_control import FormatControl
from pip._internal.models.link import Link
from pip._internal.models.search_scope import SearchScope
from pip._internal.models.selection_prefs import SelectionPreferences
from pip._internal.models.target_python import TargetPython
from pip._internal.models.wheel import Wheel
from pip._internal.network.session import PipSession
from pip._vendor.packaging.specifiers import SpecifierSet

CONNECTIONS = 4


class OnceCollector(LinkCollector):  # type: ignore[misc]
    """Fetches and parses every page once."""

    def __init__(self, session: PipSession, index: str) -> None:
        super().__init__(session, SearchScope.create(find_links=[], index_urls=[index], no_index=False))
        self.pages: dict[str, IndexContent | None] = {}

    def fetch_response(self, location: Link, package_name: str | None = None) -> IndexContent | None:
        if location.url not in self.pages:
            page = super().fetch_response(location, package_name)
            self.pages[location.url] = page and IndexContent(
                page.content, page.content_type, page.encoding, page.url, cache_link_parsing=True
            )
        return self.pages[location.url]

    def prefetch(self, name: str) -> None:
        for location in self.search_scope.get_index_urls_locations(name):
            self.fetch_response(Link(location))

    def has_wheels(self, name: str, version: str) -> bool:
        pages = [self.fetch_response(Link(location)) for location in self.search_scope.get_index_urls_locations(name)]
        files = [link.filename for page in pages if page for link in parse_links(page)]
        return any(_is_wheel_of(filename, version) for filename in files)


@cache
def _is_wheel_of(filename: str, version: str) -> bool:
    if not filename.endswith(".whl"):
        return False
    try:
        return bool(SpecifierSet(f"=={version}").contains(Wheel(filename).version, prereleases=True))
    except InvalidWheelFilename:
        return False


def ask(question: dict[str, Any]) -> list[dict[str, Any]]:
    collector = OnceCollector(PipSession(), question["index"])
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(collector.prefetch, {name for build in question["builds"] for name in build["wanted"]}))
    return [_ask_build(collector, build) for build in question["builds"]]


def _ask_build(collector: OnceCollector, build: dict[str, Any]) -> dict[str, Any]:
    target = TargetPython(
        platforms=build["platforms"],
        py_version_info=tuple(map(int, build["python"].split("."))),
        abis=[build["abi"]],
        implementation="cp",
    )
    wheels, files = (
        PackageFinder.create(
            collector,
            SelectionPreferences(allow_yanked=True, format_control=FormatControl(set(), only_binary)),
            target,
        )
        for only_binary in ({":all:"}, set())
    )
    answers = {}
    for name, version in build["wanted"].items():
        wheel = _best(wheels, name, version)
        other = None if wheel else _best(files, name, version)
        answers[name] = {"wheel": wheel, "other": other, "has_wheels": collector.has_wheels(name, version)}
    return answers


def _best(finder: PackageFinder, name: str, version: str) -> str | None:
    best = finder.find_best_candidate(name, SpecifierSet(f"=={version}")).best_candidate
    return str(best.link.filename) if best else None


if __name__ == "__main__":
    json.dump(ask(json.load(sys.stdin)), sys.stdout)
