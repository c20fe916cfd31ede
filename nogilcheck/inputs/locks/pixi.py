"""pixi.lock (version 6): what it has from PyPI is judged.

The rules are those of rattler's ``rattler_lock``. A file is named for each platform, for one Python: a wheel for all of
them is taken as it is named, of any other release the index tells what the target gets.
"""

from __future__ import annotations

from dataclasses import replace

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.file_content.diagnostics import CORE, Part, group_part
from nogilcheck.inputs.file_content.document import Document, Table
from nogilcheck.inputs.locks.conda import check_conda, conda_package, platform_marker
from nogilcheck.inputs.locks.entries import listed_dependencies, locked_version, project_name, unknown_version
from nogilcheck.inputs.locks.files import is_beside, is_url, public_reference, universal_wheel
from nogilcheck.inputs.locks.roots import lock_content, lock_roots
from nogilcheck.inputs.specifiers.marker_text import any_of
from nogilcheck.inputs.text.block_yaml import YamlDocument
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.model.lock import LockedDistribution, LockedSource
from nogilcheck.model.source import Bounds

KNOWN_VERSION = "6"

_DEFAULT = "default"
_AGAIN = "pixi add 'python-freethreading={version}'"


def read_pixi_lock(text: str, path: str, neighbours: Neighbours) -> Content:
    """The lock; environments besides the default one are groups. Raises `UnreadableSourceError`."""
    document = Document(path, neighbours, YamlDocument(text))
    root = document.root
    if root.at("version") != KNOWN_VERSION:
        told = f"version {root.at('version')} of pixi.lock"
        raise unknown_version(told, KNOWN_VERSION, document.where("version"))
    used: dict[str, dict[Part, None]] = {}
    platforms: dict[str, dict[str | None, None]] = {}
    markers: dict[str, None] = {}
    for environment in root.table("environments"):
        part = CORE if environment == _DEFAULT else group_part(environment)
        packages = root.table("environments", environment, "packages")
        for platform in packages:
            marker = platform_marker(packages, platform, platform)
            markers |= {marker: None} if marker else {}
            for table in packages.tables(platform):
                for place in (str(table.at(key)) for key in ("conda", "pypi") if key in table):
                    used.setdefault(place, {})[part] = None
                    platforms.setdefault(place, {})[marker] = None
    conda, provided = [], set[str]()
    entries: list[tuple[LockedDistribution, tuple[Part, ...]]] = []
    for table in root.tables("packages"):
        place = table.string("conda") or table.string("pypi") or ""
        if place not in used:
            table.reject("a package that no environment has", "conda" if "conda" in table else "pypi")
        elif "conda" in table:
            conda.append(conda_package(place, (text for _, text in table.strings("depends")), table.where()))
            purls = (text.partition("?")[0] for _, text in table.strings("purls"))
            provided |= {canonicalize_name(text.rpartition("/")[2]) for text in purls if text.startswith("pkg:pypi/")}
        elif (one := _distribution(table, place)) is not None:
            entries.append((replace(one, marker=any_of(*platforms[place])), tuple(used[place])))
    needed = [(_without(one, provided), parts) for one, parts in entries]
    bounds = check_conda(document, conda, _AGAIN) or Bounds(project=path, location=document.where("environments"))
    return lock_content(
        document,
        "pixi.lock",
        lock_roots((), needed),
        [one for one, _ in needed],
        bounds=replace(bounds, environments=tuple(markers)),
        groups=[part.group for _, parts in needed for part in parts if part.group],
    )


def _without(entry: LockedDistribution, provided: set[str]) -> LockedDistribution:
    """An entry without the dependencies that conda brings."""
    return replace(entry, dependencies=tuple(need for need in entry.dependencies if need.name not in provided))


def _distribution(table: Table, place: str) -> LockedDistribution | None:
    neighbours = table.document.neighbours
    name = project_name(table)
    own = not is_url(place) and is_beside(place, neighbours)
    version = name and (locked_version(table, name) if "version" in table or not own else None)
    if not name or not (version or own):
        return None
    file = universal_wheel(place, name, [f"sha256:{table.at('sha256')}"])
    source = LockedSource.INDEX
    if place.startswith(("git+", "hg+")):
        source = LockedSource.VCS
    elif not is_url(place):
        source = LockedSource.PATH
    return LockedDistribution(
        name=name,
        version=version or None,
        location=table.where(),
        requires_python=table.string("requires_python"),
        files=(file,) if file and source is LockedSource.INDEX else (),
        files_known=file is not None and source is LockedSource.INDEX,
        dependencies=tuple(listed_dependencies(table, "requires_dist")),
        source=source,
        reference="" if source is LockedSource.INDEX else public_reference(place),
        own=own,
    )
