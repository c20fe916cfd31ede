"""The JSON of ``pip inspect`` and of ``pip install --report`` (version 1).

See pip's "pip inspect JSON output specification" and "Installation Report". Both hold core metadata as JSON (PEP 566).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from packaging.metadata import RawMetadata
from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.file_content.document import Document, Table
from nogilcheck.inputs.installed.environment import TOOLS
from nogilcheck.inputs.installed.metadata import distribution_of
from nogilcheck.inputs.listings.listing import PIP_REPORT, listed_content, open_listing
from nogilcheck.inputs.locks.entries import held_in, pinned_root, unknown_version
from nogilcheck.inputs.locks.files import universal_wheel
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.lock import ENVIRONMENT, LockedDistribution
from nogilcheck.model.source import Root

KNOWN_VERSION = "1"

_FIELDS = ("name", "version", "requires_python")


def read_pip_inspect(text: str, path: str, neighbours: Neighbours) -> Content:
    """An environment, as `read_environment` reads it. Raises `UnreadableSourceError`."""
    document = _opened(text, path, neighbours, "installed")
    read = [*_distributions(document, "installed")]
    asked = [pinned_root(one) for table, one in read if table.boolean("requested") and one.name not in TOOLS]
    entries = [one for _, one in read]
    return listed_content(document, ENVIRONMENT, asked, entries, tools=TOOLS, held=_held(document))


def read_pip_report(text: str, path: str, neighbours: Neighbours) -> Content:
    """What pip chose, for one interpreter. Raises `UnreadableSourceError`.

    A wheel for every platform and Python 3 is taken as it is named; any other is for the interpreter that pip ran on,
    and the index has to tell what the release has for the target.
    """
    document = _opened(text, path, neighbours, "install")
    read = [(table, _as_named(table, one)) for table, one in _distributions(document, "install")]
    asked = [_asked(table, one) for table, one in read if table.boolean("requested")]
    return listed_content(document, PIP_REPORT, asked, [one for _, one in read], held=_held(document))


def _opened(text: str, path: str, neighbours: Neighbours, key: str) -> Document:
    document = open_listing(text, path, neighbours, key)
    version = document.root.at("version")
    if version != KNOWN_VERSION:
        raise unknown_version(f"version {version!r} of pip's JSON", KNOWN_VERSION, document.where("version"))
    return document


def _held(document: Document) -> Callable[[str], bool]:
    environment = document.root.table("environment").data
    return held_in({name: value for name, value in environment.items() if isinstance(value, str)})


def _distributions(document: Document, key: str) -> Iterator[tuple[Table, LockedDistribution]]:
    for table in document.root.tables(key):
        metadata = table.table("metadata")
        fields = RawMetadata(requires_dist=[line for _, line in metadata.strings("requires_dist")])
        for field in _FIELDS:
            if (value := metadata.string(field)) is not None:
                fields[field] = value  # type: ignore[literal-required]
        is_direct = "direct_url" in table if key == "installed" else table.boolean("is_direct")
        origin = table.table("direct_url" if key == "installed" else "download_info")
        if is_direct and origin.string("url") is None:
            table.reject("nothing tells where it was installed from")
        try:
            where = table.where("metadata", "version")
            yield table, distribution_of(fields, origin.data if is_direct else {}, where, document.diagnostics)
        except UnreadableSourceError as error:
            table.reject(error.message)


def _asked(table: Table, distribution: LockedDistribution) -> Root:
    extras = (canonicalize_name(extra) for _, extra in table.strings("requested_extras"))
    return pinned_root(distribution, extras=tuple(sorted({*extras})))


def _as_named(table: Table, distribution: LockedDistribution) -> LockedDistribution:
    url, hashes = table.at("download_info", "url"), table.at("download_info", "archive_info", "hashes")
    if table.at("is_direct") is True or not isinstance(url, str):
        return distribution
    told = [f"{kind}:{digest}" for kind, digest in hashes.items()] if isinstance(hashes, dict) else []
    file = universal_wheel(url, distribution.name, told)
    return replace(distribution, files=(file,), files_known=True) if file else distribution
