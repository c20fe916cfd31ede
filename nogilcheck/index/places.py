"""Where the settings say that distributions come from, and what the places together know of a project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from nogilcheck.index.links import local_path, rows_by_project
from nogilcheck.index.pages import Listing, RawRow
from nogilcheck.index.project import project_page
from nogilcheck.index.table import Table
from nogilcheck.model.artifact import Missing, MissingKind, ProjectPage
from nogilcheck.model.cache import NOT_FOUND_DIGEST, PageKey
from nogilcheck.model.options import DEFAULT_INDEX_URL
from nogilcheck.model.source import IndexSettings
from nogilcheck.model.urls import identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One index, or one find-links location."""

    url: str
    """May hold credentials; that of an index ends with a slash."""
    name: str
    """The same without credentials; different for different places."""
    is_links: bool
    is_local: bool

    def key(self, project: str) -> PageKey:
        """Of the page that lists the project's files."""
        return PageKey(index=self.name, project="" if self.is_links else project)


def places(settings: IndexSettings) -> tuple[Place, ...]:
    """Every place, in pip's order: find-links locations, the index, further indexes."""
    indexes: list[str] = []
    if not settings.no_index:
        # An empty --index-url leaves only the further ones, as for pip.
        first = DEFAULT_INDEX_URL if settings.index_url is None else settings.index_url
        indexes = [f"{url.rstrip('/')}/" for url in (first, *settings.extra_index_urls) if url]
    found = [_place(url, is_links=True) for url in settings.find_links]
    found += [_place(url, is_links=False) for url in indexes]
    return tuple(
        {place.name: place for place in reversed(found)}[name] for name in dict.fromkeys(p.name for p in found)
    )


def _place(url: str, *, is_links: bool) -> Place:
    return Place(url=url, name=identity(url), is_links=is_links, is_local=local_path(url) is not None)


class LinksPage:
    """The files of many projects."""

    def __init__(self, table: Table) -> None:
        self.table = table

    @cached_property
    def _rows(self) -> dict[str, list[RawRow]]:
        return rows_by_project(self.table.raw_rows(""))

    def of(self, project: str) -> Table:
        """What it has of one project."""
        return Table.of(Listing(rows=self._rows.get(project, []), base=self.table.base), project)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the places say about one project."""

    page: ProjectPage | Missing
    read: tuple[tuple[PageKey, str], ...]
    """Every page that it rests on, with its digest."""


def answer(project: str, asked: Sequence[Place], said: Sequence[Table | LinksPage | Missing]) -> Answer:
    """Join what the places said, in their order.

    A place that failed makes the project unknown even where another one has it: what the failed one would
    have added cannot be known.
    """
    parts: list[tuple[str, Table]] = []
    read: list[tuple[PageKey, str]] = []
    failure: Missing | None = None
    for place, found in zip(asked, said, strict=True):
        if isinstance(found, Missing):
            if found.kind is MissingKind.NOT_FOUND:
                read.append((place.key(project), NOT_FOUND_DIGEST))
            else:
                failure = failure or found
        elif isinstance(found, LinksPage):
            read.append((place.key(project), found.table.digest))
            own = found.of(project)
            if own.groups:
                parts.append((place.name, own))
        else:
            read.append((place.key(project), found.digest))
            parts.append((place.name, found))
    page = failure or (project_page(project, parts) if parts else _nowhere(project, asked))
    return Answer(page=page, read=tuple(read))


def _nowhere(project: str, asked: Sequence[Place]) -> Missing:
    indexes = [place.name for place in asked if not place.is_links]
    if indexes:
        text = f"{project} was not found on {_enumerated(indexes)}"
        return Missing(kind=MissingKind.NOT_FOUND, text=text)
    links = [place.name for place in asked]
    where = f"and {_enumerated(links)} does not have it" if links else "and no find-links location is given"
    return Missing(kind=MissingKind.NO_INDEX, text=f"{project} was not looked for: indexes are switched off, {where}")


def _enumerated(names: Sequence[str]) -> str:
    return " or ".join(names)
