"""Locks of Pex, which Pants uses as well; JSON, with comments above where Pants wrote it.

There is no specification; the rules are those of ``pex/resolve/lockfile/json_codec.py``. Every artifact is named.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.file_content.dependencies import exclusion
from nogilcheck.inputs.file_content.diagnostics import CORE
from nogilcheck.inputs.file_content.document import Document, Table
from nogilcheck.inputs.listings.listing import open_listing
from nogilcheck.inputs.locks.entries import checked_name, listed_dependencies, locked_version
from nogilcheck.inputs.locks.files import PYPI, public_reference, release_files
from nogilcheck.inputs.locks.pdm import python_clauses
from nogilcheck.inputs.locks.roots import lock_content, lock_roots
from nogilcheck.inputs.specifiers.marker_text import all_of
from nogilcheck.inputs.specifiers.requirement import RejectedError, parse_requirement
from nogilcheck.inputs.text.json_lines import without_comments
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.model.lock import LockedDependency, LockedDistribution, LockedSource
from nogilcheck.model.source import Bounds, Root

_VCS = ("git+", "hg+", "svn+", "bzr+")
_CONSTRAINT = re.compile(
    r"(?:(?P<name>CPython|PyPy)(?P<build>[+-]t|\[free-threaded\]|\[gil\])?)?(?P<versions>.*)", re.DOTALL
)
_BUILDS = {"+t": True, "[free-threaded]": True, "-t": False, "[gil]": False}
_AGAIN = "pex3 lock create --style universal --interpreter-constraint 'CPython+t=={version}.*'"


def read_pex_lock(text: str, path: str, neighbours: Neighbours) -> Content:
    """The lock; of several resolves (one for each platform) all are read. Raises `UnreadableSourceError`."""
    document = open_listing(without_comments(text), path, neighbours, "locked_resolves")
    root = document.root
    entries = [
        entry
        for resolve in root.tables("locked_resolves")
        for table in resolve.tables("locked_requirements")
        if (entry := _distribution(table)) is not None
    ]
    merged: dict[tuple[str, str | None], LockedDistribution] = {}
    for entry in entries:
        known = merged.setdefault((entry.name, entry.version), entry)
        files = {file.filename: file for file in (*entry.files, *known.files)}
        merged[entry.name, entry.version] = replace(known, files=tuple(files.values()))
    excluded = {one.name or "": one for one in _roots(root, "excluded")}
    left_out = excluded.keys() - {entry.name for entry in merged.values()}
    if left_out:
        root.note(f"the lock excludes {', '.join(sorted(left_out))}: not checked", "excluded")
    if root.at("transitive") is False:
        text = "the lock leaves out what its requirements require (--intransitive), which is not checked"
        root.reject(text, "transitive")
        left_out |= {need.name for entry in merged.values() for need in entry.dependencies}
        left_out -= {entry.name for entry in merged.values()}
    overrides = [*_roots(root, "overridden")]  # NAME=OTHER is rejected
    entries = [replace(one, dependencies=_dependencies(one, overrides, left_out)) for one in merged.values()]
    asked = [one for one in _roots(root, "requirements") if one.name not in left_out]
    overrides += (exclusion(name, excluded[name].location) for name in left_out & excluded.keys())
    roots = lock_roots(asked, [(entry, (CORE,)) for entry in entries])
    project = Content(overrides=tuple(overrides))
    return lock_content(document, "pex.lock", roots, entries, bounds=_bounds(document), project=project)


def _roots(root: Table, key: str) -> Iterator[Root]:
    for index, text in root.strings(key):
        try:
            yield parse_requirement(text).root(text, root.where(key, index))
        except RejectedError as error:
            root.reject(f"{error.message}: {text}", key, index)


def _dependencies(
    entry: LockedDistribution, overrides: Iterable[Root], left_out: Collection[str]
) -> tuple[LockedDependency, ...]:
    """What a distribution requires of the lock, with overrides in the place of the requirements that they replace."""
    needs: list[LockedDependency] = []
    for need in (need for need in entry.dependencies if need.name not in left_out):
        replacing = [
            replace(need, specifier=one.specifier, extras=one.extras, marker=one.marker)
            for one in overrides
            if one.name == need.name
        ]
        needs += replacing or [need]
    return tuple(needs)


def _bounds(document: Document) -> Bounds:
    """The interpreter constraints, of which one has to hold: ``>=3.11``, ``CPython==3.14.*``, ``CPython+t==3.14.*``."""
    environments: list[str] = []
    builds: list[bool | None] = []
    for index, text in document.root.strings("requires_python"):
        told = _CONSTRAINT.fullmatch(text)
        assert told is not None
        try:
            clauses = python_clauses(told["versions"])
        except ValueError as error:
            document.root.reject(str(error), "requires_python", index)
            continue
        if told["name"] == "PyPy" or (told["build"] and not clauses):
            clauses.append(f'implementation_name == "{told["name"].lower()}"')
        environments.append(all_of(*clauses) or "")
        builds.append(_BUILDS.get(told["build"]))
    where = document.where("requires_python")
    bounds = Bounds(project=document.path, location=where, again=_AGAIN)
    if "" in environments:  # an empty constraint holds for every Python
        return bounds
    return replace(bounds, environments=tuple(environments), free_threaded=tuple(builds))


def _distribution(table: Table) -> LockedDistribution | None:
    written = table.string("project_name")
    name = checked_name(table, written, "project_name") if written is not None else None
    version = name and locked_version(table, name)
    if not name or not version:
        if table.at("project_name") is None:
            table.reject("an entry without a name")
        return None
    rows = [
        {"url": url, "hash": f"{row.at('algorithm')}:{row.at('hash')}"}
        for row in table.tables("artifacts")
        if (url := row.string("url")) is not None
    ]
    files = release_files(rows[::-1], name, index=PYPI, version=version)
    vcs = next((row["url"] for row in rows if row["url"].startswith(_VCS)), "")
    return LockedDistribution(
        name=name,
        version=version,
        location=table.where("project_name"),
        requires_python=table.string("requires_python"),
        files=() if vcs else files,
        dependencies=tuple(listed_dependencies(table, "requires_dists")),
        source=LockedSource.VCS if vcs else LockedSource.INDEX,
        reference=public_reference(vcs),
    )
