"""pixi.lock (versions 6 and 7): what it has from PyPI is judged.

The rules are those of rattler's ``rattler_lock``. A file is named for each platform, for one Python: a wheel for all of
them is taken as it is named, of any other release the index tells what the target gets.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.content import Content, unique
from nogilcheck.inputs.file_content.diagnostics import CORE, Part, group_part
from nogilcheck.inputs.file_content.document import Document, Table
from nogilcheck.inputs.locks.conda import check_conda, conda_package, platform_marker
from nogilcheck.inputs.locks.entries import listed_dependencies, locked_version, project_name, unknown_version
from nogilcheck.inputs.locks.files import PYPI, is_beside, is_url, public_reference, universal_wheel
from nogilcheck.inputs.locks.roots import lock_content, lock_roots
from nogilcheck.inputs.settings.pixi import find_links
from nogilcheck.inputs.specifiers.marker_text import any_of
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.yaml_document import YamlDocument
from nogilcheck.model.lock import LockedDistribution, LockedSource
from nogilcheck.model.source import Bounds, IndexSettings, NamedIndex, Role

KNOWN_VERSIONS = ("6", "7")

_DEFAULT = "default"
_AGAIN = "pixi add 'python-freethreading={version}'"
_KINDS = ("conda", "conda_source", "pypi")


@dataclass(frozen=True, slots=True)
class _Use:
    """What has a package; the values mean nothing."""

    parts: dict[Part, None] = field(default_factory=dict)
    markers: dict[str | None, None] = field(default_factory=dict)


def read_pixi_lock(text: str, path: str, neighbours: Neighbours) -> Content:
    """The lock; environments besides the default one are groups. Raises `UnreadableSourceError`."""
    document = Document(path, neighbours, YamlDocument(text))
    root = document.root
    if root.at("version") not in KNOWN_VERSIONS:
        told = f"version {root.at('version')} of pixi.lock"
        raise unknown_version(told, " or ".join(KNOWN_VERSIONS), document.where("version"))
    used, markers = _used(root)
    conda, provided = [], set[str]()
    entries: list[tuple[LockedDistribution, tuple[Part, ...]]] = []
    building = _building(root)
    for table in root.tables("packages"):
        kind = next((key for key in _KINDS if key in table), "pypi")
        place = table.string(kind) or ""
        if place not in used:
            if place not in building:
                table.reject("a package that no environment has", kind)
        elif kind != "pypi":
            conda.append(conda_package(place, (text for _, text in table.strings("depends")), table.where()))
            purls = (text.partition("?")[0] for _, text in table.strings("purls"))
            provided |= {canonicalize_name(text.rpartition("/")[2]) for text in purls if text.startswith("pkg:pypi/")}
        elif (one := _distribution(table, place)) is not None:
            entries.append((replace(one, marker=any_of(*used[place].markers)), tuple(used[place].parts)))
    needed = [(_without(one, provided), parts) for one, parts in entries]
    bounds = check_conda(document, conda, _AGAIN) or Bounds(project=path, location=document.where("environments"))
    return lock_content(
        document,
        "pixi.lock",
        lock_roots((), needed, lambda _: False),
        [one for one, _ in needed],
        bounds=replace(bounds, environments=tuple(markers)),
        settings=_settings(root),
        groups=[part.group for _, parts in needed for part in parts if part.group],
    )


def _used(root: Table) -> tuple[dict[str, _Use], dict[str, None]]:
    """The environments and platforms of each package, by its place; and the markers of all platforms."""
    subdirs = {table.string("name"): table.string("subdir") for table in root.tables("platforms")}
    used: dict[str, _Use] = {}
    markers: dict[str, None] = {}
    for environment in root.table("environments"):
        part = CORE if environment == _DEFAULT else group_part(environment)
        packages = root.table("environments", environment, "packages")
        for platform in packages:
            marker = platform_marker(packages, subdirs.get(platform) or platform, platform)
            markers |= {marker: None} if marker else {}
            for table in packages.tables(platform):
                for place in (str(table.at(key)) for key in _KINDS if key in table):
                    use = used.setdefault(place, _Use())
                    use.parts[part] = None
                    use.markers[marker] = None
    return used, markers


def _building(root: Table) -> set[str]:
    """The packages with which others are built; no environment has them."""
    roles = (table.tables(role) for table in root.tables("packages") for role in ("build_packages", "host_packages"))
    return {str(table.at(kind)) for tables in roles for table in tables for kind in table}


def _settings(root: Table) -> IndexSettings:
    """The indexes of every environment: the first in the place of PyPI, further ones before it, as uv has it."""
    environments = root.table("environments")
    first: dict[str, Role] = {}
    last: dict[str, Role] = {}
    places: list[str] = []
    for name in environments:
        environment = environments.table(name)
        urls = [url for _, url in environment.strings("indexes")]
        first |= dict.fromkeys(urls[1:], "first")
        last |= dict.fromkeys(urls[:1], "default")
        places += find_links(environment)
    roles = (first | last).items()
    indexes = [NamedIndex(url=url, role=role) for url, role in roles if (url.rstrip("/"), role) != (PYPI, "default")]
    return IndexSettings(indexes=tuple(indexes), find_links=unique(places))


def _without(entry: LockedDistribution, provided: set[str]) -> LockedDistribution:
    """An entry without the dependencies that conda brings."""
    return replace(entry, dependencies=tuple(need for need in entry.dependencies if need.name not in provided))


def _distribution(table: Table, place: str) -> LockedDistribution | None:
    neighbours = table.document.neighbours
    name = project_name(table)
    source = LockedSource.INDEX
    if place.startswith(("git+", "hg+")):
        source = LockedSource.VCS
    elif place.startswith("direct+"):
        source, place = LockedSource.URL, place.removeprefix("direct+")
    elif not is_url(place):
        source = LockedSource.PATH
    needs_version = "version" in table or source is LockedSource.INDEX
    version = name and locked_version(table, name) if needs_version else None
    if not name or (needs_version and not version):
        return None
    file = universal_wheel(place, name, [f"sha256:{table.at('sha256')}"])
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
        own=source is LockedSource.PATH and is_beside(place, neighbours),
    )
