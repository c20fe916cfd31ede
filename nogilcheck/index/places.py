"""What the places that were asked know of a project together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nogilcheck.index.links import rows_by_project
from nogilcheck.index.pages import Listing, RawRow
from nogilcheck.index.project import project_page
from nogilcheck.index.routes import Place, Route
from nogilcheck.index.table import Table
from nogilcheck.model.artifact import Missing, MissingKind, ProjectPage
from nogilcheck.model.cache import NOT_FOUND_DIGEST, PageKey
from nogilcheck.model.filenames import is_archive


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


def may_change_unseen(place: Place) -> bool:
    """Whether it is on the disk and nothing tells that it has changed.

    A find-links location that is named by its absolute path is witnessed by whoever has read the settings, and so is
    what it lists, unless it is a page.
    """
    if not place.is_local:
        return False
    path = Path(place.url)
    return not (place.is_links and path.is_absolute() and (is_archive(path.name) or not path.is_file()))


Said = Table | LinksPage | Missing
"""What one place says."""


def settled(project: str, route: Route, tier: int, said: Mapping[str, Said]) -> bool:
    """Whether no later tier is to be asked: this one has the project, or cannot be known to lack it.

    ``said``: by the name of the place.
    """
    if tier + 1 >= len(route.tiers):
        return True
    return any(_speaks(project, said[place.name]) for place in route.tiers[tier])


def _speaks(project: str, said: Said) -> bool:
    if isinstance(said, Missing):
        return said.kind is not MissingKind.NOT_FOUND
    return bool(said.of(project).groups) if isinstance(said, LinksPage) else True


def answer(project: str, asked: Sequence[Place], said: Sequence[Said], *, pinned: bool = False) -> Answer:
    """Join what the places said, in their order. ``pinned``: the user has chosen them for this project.

    A place that failed makes the project unknown even where another one has it: what the failed one would
    have added cannot be known.
    """
    parts: list[tuple[str, Table]] = []
    having: list[str] = []
    read: list[tuple[PageKey, str]] = []
    failure: Missing | None = None
    for place, found in zip(asked, said, strict=True):
        if isinstance(found, Missing):
            if found.kind is MissingKind.NOT_FOUND:
                if not (place.is_links and place.is_local):
                    read.append((place.key(project), NOT_FOUND_DIGEST))
            else:
                failure = failure or found
        elif isinstance(found, LinksPage):
            if not place.is_local:  # what is on the disk is witnessed as the input is
                read.append((place.key(project), found.table.digest))
            own = found.of(project)
            if own.groups:
                parts.append((place.name, own))
        else:
            read.append((place.key(project), found.digest))
            parts.append((place.name, found))
            having += [place.name] if found.groups else []
    rivals = () if pinned or len(having) < 2 else tuple(having)
    page = failure or (project_page(project, parts, rivals=rivals) if parts else _nowhere(project, asked))
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
