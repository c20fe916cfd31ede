"""Which projects come from which index alone: what uv, Poetry and Pipenv call the source of a dependency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.model.lock import Lock
from nogilcheck.model.options import DEFAULT_INDEX_URL
from nogilcheck.model.source import IndexSettings, NamedIndex, Pin, Root, Unread
from nogilcheck.model.urls import redact

IMPLICIT = "pypi"
"""What Poetry and Pipenv call the default index without being told of it."""


def with_pins(
    settings: IndexSettings, contents: Sequence[Content], *, replaced: bool
) -> tuple[IndexSettings, list[Unread]]:
    """The settings with the pins that the contents ask for, and gaps for indexes that nothing defines.

    A locked distribution comes from the index that the lock names, unless the user's own words name the default index
    (``replaced``): it is asked whether there is more to know.
    """
    locks = [content.lock for content in contents if content.lock]
    roots = [root for content in contents for root in (*content.roots, *content.constraints, *content.overrides)]
    roots += [root for lock in locks for root in lock.roots]
    pins, unknown = _pins_of(roots, settings.indexes)
    locked = () if replaced else tuple(pin for pin in _locked(locks) if pin.project not in {p.project for p in pins})
    registries = {pin.index: NamedIndex(name=pin.index, url=pin.index, role="explicit") for pin in locked if pin.index}
    settings = replace(settings, pins=(*pins, *locked), indexes=(*settings.indexes, *registries.values()))
    return settings, [
        Unread(
            location=root.location,
            text=f"{root.name} must come from the index '{redact(root.index or '')}', which is not defined",
        )
        for root in unknown
    ]


def _pins_of(roots: Sequence[Root], indexes: Iterable[NamedIndex]) -> tuple[tuple[Pin, ...], tuple[Root, ...]]:
    """The pins that the roots ask for, and the roots that name an index which nothing defines.

    A pin that holds in some environments only leaves a root of the same line without one: that project is looked for
    on the ordinary indexes as well.
    """
    names = {index.name.lower(): index.name for index in indexes if index.name}
    pins: dict[Pin, None] = {}
    unknown: dict[Root, None] = {}
    for root in roots:
        if root.index is None or root.name is None:
            continue
        if (name := names.get(root.index.lower())) is not None:
            pins[Pin(project=root.name, index=name)] = None
        elif root.index.lower() != IMPLICIT:
            unknown[root] = None
    pinned = {(root.name, root.location) for root in roots if root.index is not None}
    projects = {pin.project for pin in pins}
    for root in roots:
        if root.index is None and root.url is None and root.name in projects and (root.name, root.location) in pinned:
            pins[Pin(project=root.name, index=None)] = None
    return tuple(pins), tuple(unknown)


def _locked(locks: Iterable[Lock]) -> Iterator[Pin]:
    pins: dict[Pin, None] = {}
    for entry in (entry for lock in locks for entry in lock.distributions):
        index = next((file.index for file in entry.files if file.index), "")
        # With a secret taken out of it, a URL leads nowhere.
        if (
            index.startswith(("https://", "http://"))
            and index.rstrip("/") != DEFAULT_INDEX_URL.rstrip("/")
            and "***" not in index
        ):
            pins[Pin(project=entry.name, index=index)] = None
    yield from pins
