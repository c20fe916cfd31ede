"""Pipfile.lock of Pipenv ("pipfile-spec" 6), and the Pipfile beside it.

There is no specification; the rules are those of Pipenv's documentation, "Pipfile & Pipfile.lock", and of
``pipenv/utils/locking.py``. Markers and hashes are in it, file names and who requires what are not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from packaging.utils import canonicalize_name

from nogilcheck.frozen import frozen
from nogilcheck.inputs.file_content.content import Content, unique, with_formats
from nogilcheck.inputs.file_content.diagnostics import CORE, Part, group_part
from nogilcheck.inputs.file_content.document import Document, Table, open_toml
from nogilcheck.inputs.locks.entries import (
    checked_name,
    checked_version,
    entry_marker,
    normalized_names,
    pinned_root,
    unknown_version,
)
from nogilcheck.inputs.locks.files import VCS, allowed_hashes, is_beside, public_reference, vcs_reference
from nogilcheck.inputs.locks.roots import as_stated, lock_content
from nogilcheck.inputs.settings.pipenv import pipenv_settings, pipfile_settings
from nogilcheck.inputs.specifiers.dependency_specifiers import specifier_set
from nogilcheck.inputs.text.json_lines import JsonDocument, parse_json
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.filenames import parse_version
from nogilcheck.model.lock import LockedDistribution, LockedSource
from nogilcheck.model.source import Bounds, Root

KNOWN_SPEC = 6
"""The ``pipfile-spec`` whose rules are known; there was no other since 2017."""

_META = "_meta"
_PARTS = {"default": CORE, "develop": group_part("dev")}
"""Category -> what it stands for; the others are groups of their own name."""


@frozen
class _PipfileEntry:
    distribution: LockedDistribution
    root: Root
    no_binary: bool


def read_pipfile_lock(text: str, path: str, neighbours: Neighbours) -> Content:
    """The lock: every entry is a root. Raises `UnreadableSourceError`."""
    data = parse_json(text)
    if not isinstance(data, dict) or not isinstance(data.get(_META), dict):
        raise UnreadableSourceError(f"no {_META!r} in it: not a lock file of Pipenv")
    document = Document(path, neighbours, JsonDocument(text, data))
    meta = document.root.table(_META)
    _check_version(meta)
    settings, default = pipenv_settings(meta)
    project = pipfile_beside(neighbours, meta.at("hash", "sha256"))
    parts = {name: _PARTS.get(name) or group_part(name) for name in document.root if name != _META}
    entries = [entry for name, part in parts.items() for entry in _entries(document.root.table(name), part, default)]
    # An entry that was installed so is installed so again, by `pipenv install` and `pipenv sync`.
    no_binary = {one.distribution.name: f"no_binary ({one.root.location})" for one in entries if one.no_binary}
    distributions: dict[tuple[str, str | None, str], LockedDistribution] = {}
    for entry in entries:
        locked = entry.distribution
        distributions.setdefault((locked.name, locked.version, locked.reference), locked)
    return lock_content(
        document,
        "Pipfile.lock",
        as_stated(unique(entry.root for entry in entries), project.roots),
        distributions.values(),
        has_graph=False,
        bounds=_bounds(meta),
        settings=with_formats(settings, no_binary=no_binary),
        groups=[part.group for part in parts.values() if part.group is not None],
        project=project,
    )


def _check_version(meta: Table) -> None:
    """Raises `UnreadableSourceError` for a version that is not known."""
    spec = meta.at("pipfile-spec")
    if not isinstance(spec, int):
        meta.note(f"no usable pipfile-spec: read by the rules of {KNOWN_SPEC}", "pipfile-spec")
    elif spec != KNOWN_SPEC:
        raise unknown_version(f"pipfile-spec {spec}", f"pipfile-spec {KNOWN_SPEC}", meta.where("pipfile-spec"))


def _entries(category: Table, part: Part, default: str) -> Iterator[_PipfileEntry]:
    """The packages of a category; ``default`` is the source of those that name none."""
    for key in category:
        name = checked_name(category, key, key)
        table = category.table(key)
        distribution = name and _distribution(name, table)
        if distribution:
            marker, _ = entry_marker(table, table.at("markers"), "markers")
            index = table.string("index")
            root = pinned_root(distribution, part, extras=tuple(sorted(normalized_names(table, "extras"))))
            yield _PipfileEntry(
                distribution=distribution,
                root=replace(
                    root,
                    marker=marker,
                    url=distribution.reference or None,
                    editable=table.at("editable") is True,
                    index=None if index == default else index,
                ),
                no_binary=table.at("no_binary") not in (None, False),
            )


def _distribution(name: str, table: Table) -> LockedDistribution | None:
    kind, reference = _source(table)
    written = table.string("version")
    version = None
    if kind is LockedSource.INDEX:
        if written is None or not written.startswith("=="):
            table.reject(f"{name} is not pinned with ==")
            return None
        version = checked_version(table, name, written.lstrip("="))
        if version is None:
            return None
    elif written is not None and parse_version(written.lstrip("=")[:256]) is not None:
        version = written.lstrip("=")
    return LockedDistribution(
        name=name,
        version=version,
        location=table.where(),
        files_known=False,
        hashes=allowed_hashes(table.array("hashes")),
        source=kind,
        reference=reference,
        own=kind is LockedSource.PATH and is_beside(str(table.at("path")), table.document.neighbours),
    )


def _bounds(meta: Table) -> Bounds | None:
    """The Python that ``[requires]`` of the Pipfile asks for."""
    requires = meta.table("requires")
    for key, suffix in (("python_full_version", ""), ("python_version", ".*")):
        text = requires.string(key)
        if text is None or text == "*":
            continue
        if len(text) > 64 or parse_version(text) is None:
            requires.reject(f"{key} is not a version: {text!r}", key)
            continue
        path = meta.document.path
        setting = f"{key} in [requires] of the Pipfile"
        return Bounds(project=path, location=requires.where(key), requires_python=f"=={text}{suffix}", setting=setting)
    return None


def _source(table: Table) -> tuple[LockedSource, str]:
    """Where an entry comes from, and what to show of it."""
    for key in (*VCS, "path", "file"):
        place = table.at(key)
        if not isinstance(place, str):
            continue
        if key in VCS:
            return LockedSource.VCS, vcs_reference(key, place, table.at("ref"))
        remote = place.lower().startswith(("http:", "https:", "ftp:"))
        return LockedSource.URL if remote else LockedSource.PATH, public_reference(place)
    return LockedSource.INDEX, ""


_NAME = "Pipfile"
_NO_CATEGORIES = frozenset({"source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv"})
_PYPI = {"name": "pypi", "url": "https://pypi.org/simple", "verify_ssl": True}
"""The source that Pipenv adds to a Pipfile without any."""


def pipfile_beside(neighbours: Neighbours, digest: object) -> Content:
    """What the Pipfile beside a lock says; ``digest``: the hash of the Pipfile that the lock was made for."""
    if not neighbours.exists(_NAME):
        return Content()
    try:
        document = open_toml(neighbours, _NAME)
    except UnreadableSourceError as error:
        return Content(unread=(error.unread(neighbours.shown(_NAME)),))
    settings = pipfile_settings(document.root.table("pipenv"))
    if not isinstance(digest, str) or not _is_of(document.root.data, digest):
        text = "Pipfile.lock was made for another Pipfile: pipenv install locks anew, pipenv sync takes it as it is"
        document.diagnostics.reject(document.where(), text, "Lock it: pipenv lock", setting="install")
    roots = tuple(_roots(document))
    return Content(roots=roots, settings=settings, unread=document.diagnostics.unread)


def _roots(document: Document) -> Iterator[Root]:
    """What is required by version; what cannot be read says nothing, for the lock tells what is installed."""
    for category, part in _categories(document.root):
        table = document.root.table(category)
        for key in table:
            value = table.at(key)
            of = Table(document, value, (category, key)) if isinstance(value, dict) else None
            written = of.at("version") if of else value
            specifier = "" if written == "*" else written
            if not isinstance(specifier, str) or specifier_set(specifier) is None:
                continue
            extras = tuple(sorted(normalized_names(of, "extras"))) if of else ()
            listed = f"[{','.join(extras)}]" if extras else ""
            yield Root(
                requirement=f"{key}{listed}{specifier}",
                name=canonicalize_name(key),
                specifier=specifier,
                extras=extras,
                location=table.where(key),
                group=part.group,
                kind=part.kind,
            )


def _categories(root: Table) -> Iterator[tuple[str, Part]]:
    for name in root:
        if name == "packages":
            yield name, CORE
        elif name == "dev-packages":
            yield name, group_part("dev")
        elif name not in _NO_CATEGORIES and isinstance(root.at(name), dict):
            yield name, group_part(name)


def _is_of(pipfile: Mapping[str, Any], digest: str) -> bool:
    """Whether it is the hash of a Pipfile: with normalized names (``pipenv/utils/pipfile.py``), or as it used to be."""
    try:
        return digest in {_digest(pipfile, canonicalize_name), _digest(pipfile, str)}
    except RecursionError:  # nested too deeply for Pipenv, too
        return False


def _digest(pipfile: Mapping[str, Any], named: Callable[[str], str]) -> str:
    def section(value: Any) -> Any:
        return {named(key): each for key, each in value.items()} if isinstance(value, dict) else value

    others = pipfile.keys() - _NO_CATEGORIES - {"default", "develop"}
    data = {
        "_meta": {"sources": pipfile.get("source", [_PYPI]), "requires": pipfile.get("requires", {})},
        "default": section(pipfile.get("packages", {})),
        "develop": section(pipfile.get("dev-packages", {})),
        **{name: section(pipfile[name]) for name in others},
    }
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
