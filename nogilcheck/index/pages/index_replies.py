"""Joins the replies of several indexes and find-links locations to one answer about a project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from urllib.parse import urlsplit

from nogilcheck.frozen import frozen
from nogilcheck.index.local_path import local_path
from nogilcheck.index.pages.file_table import FileTable
from nogilcheck.index.pages.find_links import local_page, rows_by_project
from nogilcheck.index.pages.index_routes import Place, Route
from nogilcheck.index.pages.project_page import project_page
from nogilcheck.index.pages.simple_api import FileRow, Listing
from nogilcheck.model.artifact import Missing, MissingKind, ProjectPage
from nogilcheck.model.cache import NOT_FOUND_DIGEST, PageKey


class LinksPage:
    """The files of many projects."""

    def __init__(self, table: FileTable) -> None:
        self.table = table

    @cached_property
    def _rows(self) -> dict[str, list[FileRow]]:
        return rows_by_project(self.table.rows(""))

    def of(self, project: str) -> FileTable:
        """What it has of one project."""
        return FileTable.of(Listing(rows=self._rows.get(project, []), base=self.table.base), project)


@frozen
class Answer:
    """The joined answer about one project."""

    page: ProjectPage | Missing
    read: tuple[tuple[PageKey, IndexReply], ...]
    """The replies that it rests on, save for those from the disk."""
    elsewhere: tuple[tuple[str, str], ...] = ()
    """The names of places whose pages came from another host, or without https, with the URL that they came from."""
    files: tuple[str, ...] = ()
    """Those of local indexes: absolute paths, where there need not be a file."""


IndexReply = FileTable | LinksPage | Missing
"""The reply of one place."""


def settled(project: str, route: Route, tier: int, replies: Mapping[str, IndexReply]) -> bool:
    """Whether no later tier is to be asked: this one has the project, or cannot be known to lack it.

    One that failed is not passed over: the name may be private, and nobody else's business. ``replies``: by the name of
    the place.
    """
    if tier + 1 >= len(route.tiers):
        return True
    return any(_speaks(project, replies[place.name]) for place in route.tiers[tier])


def _speaks(project: str, reply: IndexReply) -> bool:
    if isinstance(reply, Missing):
        return reply.kind is not MissingKind.NOT_FOUND
    return bool(reply.of(project).groups) if isinstance(reply, LinksPage) else True


def join_replies(
    project: str, asked: Sequence[Place], replies: Sequence[IndexReply], *, pinned: bool = False
) -> Answer:
    """Join the replies of the places that were asked, in their order.

    ``pinned``: the user has chosen these places for this project.

    Where a place failed and another one has the project, the page says so: what the failed one would have added cannot
    be known.
    """
    parts: list[tuple[str, FileTable]] = []
    having: list[str] = []
    failures: list[Missing] = []
    for place, reply in zip(asked, replies, strict=True):
        if isinstance(reply, Missing):
            if reply.kind is not MissingKind.NOT_FOUND:
                failures.append(replace(reply, index=place.name))
            continue
        own = reply.of(project) if isinstance(reply, LinksPage) else reply
        if own is reply or own.groups:
            parts.append((place.name, own))
        if own.groups and not (place.is_links or place.is_local):  # what is on the disk, nobody uploads to
            having.append(place.name)
    rivals = () if pinned or len(having) < 2 else tuple(having)
    page: ProjectPage | Missing
    if failures and not any(table.groups for _, table in parts):
        page = failures[0]
    elif parts:
        links = frozenset(place.name for place in asked if place.is_links)
        page = project_page(project, parts, links=links, rivals=rivals, unanswered=tuple(failures))
    else:
        page = _nowhere(project, asked)
    read = [(place.key(project), reply) for place, reply in zip(asked, replies, strict=True) if not place.is_local]
    files = [
        str(local_page(path.absolute(), project))
        for place in asked
        if not place.is_links and (path := local_path(place.url)) is not None
    ]
    elsewhere = [
        (place.name, base)
        for place, reply in zip(asked, replies, strict=True)
        if not place.is_local and (base := _base(reply)) is not None and _leads_away(place.name, base)
    ]
    return Answer(page=page, read=tuple(read), elsewhere=tuple(elsewhere), files=tuple(files))


def _leads_away(index: str, base: str) -> bool:
    """Whether pages come from another host than the index, or without its https."""
    asked, came_from = urlsplit(index), urlsplit(base)
    return asked.netloc != came_from.netloc or (asked.scheme == "https" and came_from.scheme != "https")


def _base(reply: IndexReply) -> str | None:
    """What relative URLs on a page are relative to: where it came from after redirects, or what it says of itself."""
    if isinstance(reply, Missing):
        return None
    return reply.table.base if isinstance(reply, LinksPage) else reply.base


def page_digest(reply: IndexReply) -> str | None:
    """What tells one state of a page from another; ``None`` where there is none to be told."""
    if isinstance(reply, Missing):
        return NOT_FOUND_DIGEST if reply.kind is MissingKind.NOT_FOUND else None
    return reply.table.digest if isinstance(reply, LinksPage) else reply.digest


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
