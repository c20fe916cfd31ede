"""What pixi's manifest says of indexes and of what is chosen. See pixi's reference, "The pypi-options table"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import reduce

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.content import joined_settings, with_formats
from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.settings.catalogue.pixi import OPTIONS
from nogilcheck.inputs.settings.cooldown import cutoff_at, uv_cutoff
from nogilcheck.inputs.settings.unfollowed import reject_unfollowed
from nogilcheck.inputs.settings.uv import STRATEGIES, local, locations
from nogilcheck.model.options import DEFAULT_INDEX_URL
from nogilcheck.model.source import Cutoff, IndexSettings, NamedIndex


def pixi_settings(manifest: Table, workspace: Table, tables: Iterable[Table]) -> IndexSettings:
    """The options of one environment, whose tables they are; those of the workspace come last."""
    layers = [_options(table.table("pypi-options")) for table in (*tables, workspace)]
    return replace(reduce(joined_settings, layers), cutoffs=tuple(_cutoffs(manifest, workspace)))


def find_links(table: Table) -> Iterator[str]:
    """The places in ``find-links``, ``{ url = ... }`` or ``{ path = ... }``."""
    for place in table.tables("find-links"):
        if (location := place.string("url") or place.string("path")) is None:
            place.reject("neither a url nor a path")
        else:
            yield local(table, location)


def _options(options: Table) -> IndexSettings:
    reject_unfollowed(options, "pixi", OPTIONS)
    indexes = [NamedIndex(url=url) for url in locations(options, "extra-index-urls")]
    main = options.string("index-url")
    if main and main.rstrip("/") != DEFAULT_INDEX_URL.rstrip("/"):
        indexes.append(NamedIndex(url=local(options, main), role="default"))
    settings = IndexSettings(
        indexes=tuple(indexes),
        find_links=tuple(find_links(options)),
        pre=options.at("prerelease-mode") == "allow",
        strategy=STRATEGIES.get(options.string("index-strategy") or ""),
    )
    return with_formats(settings, only_binary=_formats(options, "no-build"), no_binary=_formats(options, "no-binary"))


def _formats(options: Table, key: str) -> dict[str, str]:
    """The projects for which ``no-build`` or ``no-binary`` holds, and the setting with its place."""
    origin = f"{options.named(key)} ({options.where(key)})"
    if isinstance(options.at(key), bool):
        return {":all:": origin} if options.at(key) else {}
    return {canonicalize_name(name): origin for _, name in options.strings(key)}


def _cutoffs(manifest: Table, workspace: Table) -> Iterator[Cutoff]:
    projects = manifest.table("pypi-exclude-newer")
    for name in projects:
        yield from cutoff_at(projects, name, uv_cutoff, project=canonicalize_name(name))
    yield from cutoff_at(workspace, "exclude-newer", uv_cutoff)
