"""conda-lock.yml of conda-lock (version 1): what pip installs of it is judged.

The rules are those of ``conda_lock/lockfile/v1/models.py``. A file is named for each platform, for one Python: a wheel
for all of them is taken as it is named, of any other release the index tells what the target gets.
"""

from __future__ import annotations

import shlex
from dataclasses import replace

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.file_content.diagnostics import CORE, Part, group_part
from nogilcheck.inputs.file_content.document import Document, Table
from nogilcheck.inputs.locks.conda import CondaPackage, check_conda, conda_package, platform_marker
from nogilcheck.inputs.locks.entries import locked_version, normalized_name, project_name, unknown_version
from nogilcheck.inputs.locks.files import universal_wheel
from nogilcheck.inputs.locks.roots import lock_content, lock_roots
from nogilcheck.inputs.specifiers.marker_text import any_of
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.yaml_document import YamlDocument
from nogilcheck.model.lock import LockedDependency, LockedDistribution
from nogilcheck.model.source import Bounds

KNOWN_VERSION = "1"


def read_conda_lock(text: str, path: str, neighbours: Neighbours) -> Content:
    """The lock. Raises `UnreadableSourceError`."""
    document = Document(path, neighbours, YamlDocument(text))
    root = document.root
    if root.at("version") != KNOWN_VERSION or "package" not in root:
        told = f"version {root.at('version')} of conda-lock.yml"
        raise unknown_version(told, KNOWN_VERSION, document.where("version"))
    conda: list[CondaPackage] = []
    merged: dict[tuple[str, str | None], LockedDistribution] = {}
    parts: dict[tuple[str, str | None], dict[Part, None]] = {}
    for table in root.tables("package"):
        marker = platform_marker(table, table.string("platform") or "", "platform")
        if table.at("manager") == "conda":
            needs = (f"{name} {spec}" for name, spec in table.table("dependencies").data.items())
            conda.append(conda_package(table.string("url") or "", needs, table.where()))
        elif table.at("manager") != "pip":
            table.reject(f"a package of neither conda nor pip: {table.at('manager')}", "manager")
        elif (one := _distribution(table, marker)) is not None:
            key = one.name, one.version
            known = merged.get(key)
            merged[key] = one if known is None else replace(known, marker=any_of(known.marker, marker))
            category = table.string("category") or "main"
            parts.setdefault(key, {})[CORE if category == "main" else group_part(category)] = None
    # What conda brings is no part of the graph.
    names = {one.name for one in merged.values()}
    entries = {
        key: replace(one, dependencies=tuple(need for need in one.dependencies if need.name in names))
        for key, one in merged.items()
    }
    roots = lock_roots((), [(one, tuple(parts[key])) for key, one in entries.items()])
    groups = [part.group for several in parts.values() for part in several if part.group]
    source = next((text for _, text in root.table("metadata").strings("sources")), "environment.yml")
    again = f"ask for python-freethreading {{version}}.* in {source}, then conda-lock lock -f {shlex.quote(source)}"
    bounds = with_platforms(document, check_conda(document, conda, again), root.table("metadata"))
    return lock_content(document, "conda-lock.yml", roots, entries.values(), bounds=bounds, groups=groups)


def with_platforms(document: Document, bounds: Bounds | None, metadata: Table) -> Bounds:
    """The bounds of a lock, which holds for its platforms alone."""
    bounds = bounds or Bounds(project=document.path, location=metadata.where("platforms"))
    markers = (platform_marker(metadata, text, "platforms", index) for index, text in metadata.strings("platforms"))
    return replace(bounds, environments=tuple(filter(None, markers)))


def _distribution(table: Table, marker: str | None) -> LockedDistribution | None:
    name = project_name(table)
    version = name and locked_version(table, name)
    if not name or not version:
        return None
    file = universal_wheel(table.string("url") or "", name, [f"sha256:{table.at('hash', 'sha256')}"])
    needs = (normalized_name(need) for need in table.table("dependencies"))
    return LockedDistribution(
        name=name,
        version=version,
        location=table.where(),
        marker=marker,
        files=(file,) if file else (),
        files_known=file is not None,
        dependencies=tuple(LockedDependency(name=need) for need in needs if need),
    )
