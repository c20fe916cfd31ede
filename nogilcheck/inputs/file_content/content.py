"""What one file says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from functools import reduce
from types import MappingProxyType
from typing import Literal, TypeVar

from packaging.specifiers import SpecifierSet

from nogilcheck.frozen import frozen
from nogilcheck.inputs.file_content.diagnostics import Diagnostics
from nogilcheck.model.lock import Lock
from nogilcheck.model.source import Bounds, Cutoff, IndexSettings, Root, Unread

_T = TypeVar("_T")

_NOBODY: Mapping[str, str] = MappingProxyType({})

Installer = Literal["pip", "uv pip", "uv", "Poetry", "PDM", "Pipenv", "pixi"]
"""Who installs what a file states. uv has two ways that obey different settings: requirements, and projects."""


@frozen
class Content:
    """Everything that a file says, for all extras and groups: what of it was asked for is chosen later."""

    name: str | None = None
    """The project's own name, normalized."""
    roots: tuple[Root, ...] = ()
    """With ``group`` and ``kind``, where they belong to an extra or a dependency group."""
    constraints: tuple[Root, ...] = ()
    overrides: tuple[Root, ...] = ()
    settings: IndexSettings = field(default_factory=IndexSettings)
    """What it says of indexes, as the tool does that it is written for."""
    bounds: Bounds | None = None
    lock: Lock | None = None
    """Set by lock files, whose roots are in it."""
    extras: tuple[str, ...] = ()
    """Every extra that the project offers, normalized, in its order; with the empty ones."""
    groups: tuple[str, ...] = ()
    """Every dependency group, normalized, in its order; with the empty ones."""
    installers: frozenset[Installer] = frozenset()
    """Those whose settings count; empty: whoever installs requirements (pip, ``uv pip``)."""
    resolved_together: frozenset[Literal["extra", "group"]] = frozenset()
    """The project's tool resolves all of these with the core: those that are not installed bound the versions, too."""
    states_core: bool = True
    """Whether it says what the project itself requires, and be it nothing; some files have groups alone."""
    unread: tuple[Unread, ...] = ()
    """Parts that could not be understood; the rest counts all the same."""
    notes: tuple[str, ...] = ()

    def has_roots(self, kind: Literal["", "extra", "group"]) -> bool:
        """Whether there are requirements of the core (``""``), of an extra, or of a group."""
        return any(root.kind == kind for root in self.roots)


def joined(*contents: Content) -> Content:
    """What the tables of a project file say together, without what could not be understood.

    Of settings that exclude one another the later ones win, of names and of places of bounds the earlier ones.
    """
    return Content(
        name=next((content.name for content in contents if content.name), None),
        roots=tuple(root for content in contents for root in content.roots),
        constraints=tuple(root for content in contents for root in content.constraints),
        overrides=tuple(root for content in contents for root in content.overrides),
        settings=reduce(joined_settings, [content.settings for content in reversed(contents)]),
        bounds=reduce(_joined_bounds, [content.bounds for content in contents]),
        extras=unique(extra for content in contents for extra in content.extras),
        groups=unique(group for content in contents for group in content.groups),
        installers=frozenset(name for content in contents for name in content.installers),
        states_core=any(content.states_core for content in contents),
    )


def joined_settings(first: IndexSettings, second: IndexSettings) -> IndexSettings:
    """What two places say of indexes together; the first one wins."""
    return replace(
        first,
        indexes=(*first.indexes, *second.indexes),
        find_links=(*first.find_links, *second.find_links),
        no_index=first.no_index or second.no_index,
        pre=first.pre or second.pre,
        strategy=first.strategy or second.strategy,
        only_binary=first.only_binary | second.only_binary,
        no_binary=first.no_binary | second.no_binary,
        origins={**second.origins, **first.origins},
        cutoffs=first_cutoffs((*first.cutoffs, *second.cutoffs)),
    )


def with_formats(
    settings: IndexSettings, *, only_binary: Mapping[str, str] = _NOBODY, no_binary: Mapping[str, str] = _NOBODY
) -> IndexSettings:
    """Settings that admit only the wheels, or only the sdists, of projects; each with who says so, for people."""
    rows = (("only-binary", only_binary), ("no-binary", no_binary))
    return replace(
        settings,
        only_binary=frozenset(only_binary),
        no_binary=frozenset(no_binary),
        origins={f"{option} {name}": said for option, names in rows for name, said in names.items()},
    )


def without_choice(settings: IndexSettings) -> IndexSettings:
    """What of a tool's settings is about indexes."""
    return replace(settings, pre=False, only_binary=frozenset(), no_binary=frozenset(), cutoffs=())


def first_cutoffs(cutoffs: Iterable[Cutoff]) -> tuple[Cutoff, ...]:
    """The first cutoff of each project, and the first for all others."""
    return tuple({cutoff.project: cutoff for cutoff in reversed(tuple(cutoffs))}.values())


def _joined_bounds(first: Bounds | None, second: Bounds | None) -> Bounds | None:
    if first is None or second is None:
        return first or second
    stated = [text for text in (first.requires_python, second.requires_python) if text is not None]
    both = str(SpecifierSet(stated[0]) & SpecifierSet(stated[1])) if len(stated) == 2 else None
    return replace(
        first,
        requires_python=both or (stated[0] if stated else None),
        environments=first.environments or second.environments,
        pythons=first.pythons or second.pythons,
    )


def rewritten(content: Content, change: Callable[[Root], Iterable[Root]], diagnostics: Diagnostics) -> Content:
    """The content with others in the place of each requirement, constraint and override."""
    return replace(
        content,
        roots=diagnostics.bounded(new for root in content.roots for new in change(root)),
        constraints=tuple(new for root in content.constraints for new in change(root)),
        overrides=tuple(new for root in content.overrides for new in change(root)),
    )


def unique(values: Iterable[_T]) -> tuple[_T, ...]:
    """Each value once, in order."""
    return tuple(dict.fromkeys(values))
