"""Which indexes are asked about a project, and which of them counts where several have it.

pip merges what its indexes have. uv takes a project from the first index that has it, the default one last, and one
that is pinned to an index from there alone ("Package indexes" in uv's documentation, "Searching across multiple
indexes"). Poetry merges primary sources and asks supplemental ones for what those do not have. PDM merges, and keeps
projects and sources apart by patterns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field, replace
from fnmatch import fnmatchcase

from nogilcheck.frozen import frozen
from nogilcheck.index.http.connections import Connections
from nogilcheck.index.http.logins import Logins
from nogilcheck.index.local_path import local_path
from nogilcheck.model.cache import PageKey
from nogilcheck.model.credentials.secrets import learn_path
from nogilcheck.model.options import DEFAULT_INDEX_URL
from nogilcheck.model.source import IndexSettings, NamedIndex
from nogilcheck.model.urls import identity


@frozen
class Place:
    """One index, or one find-links location."""

    url: str = field(repr=False)
    """May hold credentials; that of an index ends with a slash."""
    name: str
    """The same without credentials; different for different places."""
    is_links: bool
    is_local: bool
    login: str = ""
    """See `PageKey.login`."""

    def key(self, project: str) -> PageKey:
        """Of the page that lists the project's files."""
        return PageKey(index=self.name, project="" if self.is_links else project, login=self.login)


@frozen
class Route:
    """Where one project is looked for."""

    links: tuple[Place, ...]
    """Find-links locations: what they have is there in any case."""
    tiers: tuple[tuple[Place, ...], ...]
    """The places of the first tier that has the project are merged, and those of later ones not asked."""
    pinned: bool = False
    """The user has named the places for this very project."""

    def places(self, tier: int) -> tuple[Place, ...]:
        """What is asked up to and with a tier, in the order in which files of equal rank are preferred."""
        asked = [*self.links, *(place for places in self.tiers[: tier + 1] for place in places)]
        first: dict[str, Place] = {}
        for place in asked:
            first.setdefault(place.name, place)
        return tuple(first.values())


class Routes:
    """The places that settings name, and what is asked where."""

    def __init__(self, settings: IndexSettings, login: Callable[[str], str] | None = None) -> None:
        """``login``: gives `Place.login` for the URL of a remote place; without it no place has one."""
        self._login = login
        self._links = tuple(self._place(url, is_links=True) for url in settings.find_links)
        self._indexes = () if settings.no_index else tuple(_all_indexes(settings))
        self._strategy = settings.strategy
        self._pins: dict[str, list[str | None]] = {}
        for pin in settings.pins:
            self._pins.setdefault(pin.project, []).append(pin.index)
        self._known: dict[tuple[object, ...], Route] = {}
        """Most projects go the same way."""
        self.places = self._route([self._indexes]).places(0)
        """Every place that may be asked about anything."""

    def of(self, project: str) -> Route:
        """The way of one project (normalized name)."""
        pins = self._pins.get(project, ())
        only = tuple(index for index in self._indexes if _matches(project, index.only))
        never = tuple(index for index in self._indexes if _matches(project, index.never))
        key = (tuple(pins), only, never)
        if key not in self._known:
            self._known[key] = self._way(pins, only, never)
        return self._known[key]

    def _way(self, pins: Sequence[str | None], only: Sequence[NamedIndex], never: Sequence[NamedIndex]) -> Route:
        if only:
            return self._route([only], pinned=len(only) == 1)
        pinned = [index for index in self._indexes if index.name and index.name in pins]
        ordinary = [index for index in self._indexes if index.role != "explicit" and index not in never]
        if not pinned:
            return self._route(self._in_order(ordinary))
        return self._route([[*pinned, *ordinary] if None in pins else pinned], pinned=True)

    def _in_order(self, indexes: Sequence[NamedIndex]) -> list[list[NamedIndex]]:
        """Tiers; empty ones are left out."""
        first, middle, last = (
            [index for index in indexes if index.role in roles]
            for roles in (("first",), ("default", "merged"), ("supplemental",))
        )
        if self._strategy == "merge":
            return [[*middle, *first, *last]]
        if self._strategy == "first-index":
            # uv asks the default index after all others.
            further = [index for index in middle if index.role == "merged"]
            default = [index for index in middle if index.role == "default"]
            return [[index] for index in (*first, *further, *default, *last)]
        return [*([index] for index in first), *filter(None, (middle, last))]

    def _route(self, tiers: Iterable[Iterable[NamedIndex]], *, pinned: bool = False) -> Route:
        made = tuple(tuple(self._place(_url(index), is_links=index.flat) for index in tier) for tier in tiers)
        return Route(links=self._links, tiers=made, pinned=pinned)

    def _place(self, url: str, *, is_links: bool) -> Place:
        learn_path(url)
        is_local = local_path(url) is not None
        login = "" if is_local or self._login is None else self._login(url)
        return Place(url=url, name=identity(url), is_links=is_links, is_local=is_local, login=login)


def routes_of(settings: IndexSettings, connections: Connections, logins: Logins) -> Routes:
    """The routes, once the connections know the credentials of every place on them."""
    connections.learn((place.url for place in Routes(settings).places), settings.indexes)
    return Routes(settings, logins.first)


def _all_indexes(settings: IndexSettings) -> Iterable[NamedIndex]:
    """Every index, the default one first among those that are merged."""
    named = next((index for index in settings.indexes if index.role == "default"), None)
    url = settings.index_url
    if url is None:
        url = named.url if named else DEFAULT_INDEX_URL
    # An empty --index-url leaves only the further ones, as for pip.
    if url:
        yield replace(named, url=url) if named else NamedIndex(url=url, role="default")
    yield from (NamedIndex(url=extra, role="merged") for extra in settings.extra_index_urls if extra)
    yield from (index for index in settings.indexes if index.role != "default" and index.url)


def _url(index: NamedIndex) -> str:
    return index.url if index.flat else f"{index.url.rstrip('/')}/"


def _matches(project: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(project, pattern) for pattern in patterns)
