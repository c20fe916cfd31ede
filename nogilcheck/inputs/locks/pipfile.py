"""Pipfile.lock of Pipenv ("pipfile-spec" 6).

There is no specification; the rules are those of Pipenv's documentation, "Pipfile & Pipfile.lock", and of
``pipenv/utils/locking.py``. Markers and hashes are in it, file names and who requires what are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from packaging.utils import canonicalize_name

from nogilcheck.inputs.contents.content import Content
from nogilcheck.inputs.locks.entries import (
    PYPI,
    allowed_hashes,
    entry_marker,
    locked_version,
    project_name,
    public_reference,
)
from nogilcheck.inputs.project_contents import CORE, Part, ProjectCollector
from nogilcheck.inputs.text.json_lines import key_lines, parse_json
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.filenames import parse_version
from nogilcheck.model.lock import Lock, LockedDistribution, LockedSource
from nogilcheck.model.source import Bounds, IndexSettings, Location, NamedIndex, Root

KNOWN_SPEC = 6
"""The ``pipfile-spec`` whose rules are known; there was no other since 2017."""

_META = "_meta"
_PARTS = {"default": CORE, "develop": Part(group="dev", kind="group")}
"""Category -> what it stands for; the others are groups of their own name."""

_VCS = ("git", "hg", "svn", "bzr")


def read_pipfile_lock(text: str, path: str, beside: Neighbours) -> Content:
    """The lock: every entry is a root. Raises `UnreadableSourceError`."""
    data = parse_json(text)
    meta = data.get(_META) if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(meta, dict):
        raise UnreadableSourceError(f"no {_META!r} in it: not a lock file of Pipenv")
    reader = _PipfileLockReader(ProjectCollector(path, beside), path, key_lines(text, 3))
    reader.read_meta(meta)
    for category, entries in data.items():
        if category != _META:
            reader.read_category(category, entries)
    return reader.content(meta)


class _PipfileLockReader:
    def __init__(self, gathering: ProjectCollector, path: str, lines: Mapping[tuple[str, ...], int]) -> None:
        self._gathering = gathering
        self._path = path
        self._lines = lines
        self._roots: list[Root] = []
        self._default = ""
        self._distributions: dict[tuple[str, str | None, str], LockedDistribution] = {}

    def _where(self, *keys: str) -> Location:
        return Location(path=self._path, line=self._lines.get(keys))

    def read_meta(self, meta: Mapping[str, Any]) -> None:
        """What is worth saying of the lock as a whole."""
        spec = meta.get("pipfile-spec")
        if spec != KNOWN_SPEC:
            told = f"pipfile-spec {spec}" if isinstance(spec, int) else "no usable pipfile-spec"
            self._gathering.note(self._where(_META, "pipfile-spec"), f"{told}: read by the rules of {KNOWN_SPEC}")
        self._gathering.settings = IndexSettings(indexes=tuple(self._sources(meta)))

    def _sources(self, meta: Mapping[str, Any]) -> Iterator[NamedIndex]:
        """The first source is that of every entry which does not name another; none of the others is asked for it.

        PyPI in the first place is what every Pipfile begins with, and says nothing.
        """
        where = self._where(_META, "sources")
        for number, source in enumerate(self._gathering.array(meta.get("sources"), where, "sources")):
            name, url = (source.get("name"), source.get("url")) if isinstance(source, dict) else (None, None)
            if not isinstance(url, str) or not url:
                self._gathering.reject(where, "a source without a URL")
            elif number or url.rstrip("/") != PYPI:
                self._default = self._default if number else str(name)
                yield NamedIndex(name=str(name), url=url, role="explicit" if number else "default")
            else:
                self._default = str(name)

    def read_category(self, category: str, entries: object) -> None:
        """One category of packages."""
        where = self._where(category)
        part = _PARTS.get(category) or self._gathering.part(category, "group")
        if part.group is not None:
            self._gathering.part(part.group, "group")
        for key, value in self._gathering.table(entries, where, category).items():
            where = self._where(category, key)
            name = project_name(self._gathering, key, where)
            table = self._gathering.table(value, where, key)
            distribution = name and self._distribution(name, table, where)
            if not name or not distribution:
                continue
            identity = (name, distribution.version, distribution.reference)
            self._distributions.setdefault(identity, distribution)
            self._roots.append(self._root(name, table, distribution, part))

    def _distribution(self, name: str, table: Mapping[str, Any], where: Location) -> LockedDistribution | None:
        kind, reference = _source(table)
        written = self._gathering.string(table.get("version"), where, f"{name}.version")
        version = None
        if kind is LockedSource.INDEX:
            if written is None or not written.startswith("=="):
                self._gathering.reject(where, f"{name} is not pinned with ==")
                return None
            version = locked_version(self._gathering, written.lstrip("="), where, name)
            if version is None:
                return None
        elif written is not None and parse_version(written.lstrip("=")[:256]) is not None:
            version = written.lstrip("=")
        hashes = self._gathering.array(table.get("hashes"), where, f"{name}.hashes")
        return LockedDistribution(
            name=name,
            version=version,
            location=where,
            files_known=False,
            hashes=allowed_hashes(hashes),
            source=kind,
            reference=reference,
        )

    def _root(self, name: str, table: Mapping[str, Any], distribution: LockedDistribution, part: Part) -> Root:
        where = distribution.location
        marker, _ = entry_marker(self._gathering, table.get("markers"), where)
        index = self._gathering.string(table.get("index"), where, f"{name}.index")
        written = self._gathering.array(table.get("extras"), where, f"{name}.extras")
        extras = tuple(sorted({canonicalize_name(extra) for extra in written if isinstance(extra, str)}))
        specifier = f"=={distribution.version}" if distribution.version else ""
        listed = f"[{','.join(extras)}]" if extras else ""
        return Root(
            requirement=f"{name}{listed}{specifier}",
            name=name,
            specifier=specifier,
            extras=extras,
            marker=marker,
            editable=table.get("editable") is True,
            location=where,
            group=part.group,
            kind=part.kind,
            index=None if index == self._default else index,
        )

    def content(self, meta: Mapping[str, Any]) -> Content:
        """Everything together."""
        lock = Lock(
            path=self._path,
            kind="Pipfile.lock",
            roots=tuple(dict.fromkeys(self._roots)),
            distributions=tuple(self._distributions.values()),
            has_graph=False,
        )
        bounds = self._bounds(meta)
        return replace(self._gathering.content(), lock=lock, bounds=bounds)

    def _bounds(self, meta: Mapping[str, Any]) -> Bounds | None:
        """The Python that ``[requires]`` of the Pipfile asks for."""
        requires = self._gathering.table(meta.get("requires"), self._where(_META, "requires"), "requires")
        for key, suffix in (("python_full_version", ""), ("python_version", ".*")):
            where = self._where(_META, "requires", key)
            text = self._gathering.string(requires.get(key), where, key)
            if text is None or text == "*":
                continue
            if len(text) > 64 or parse_version(text) is None:
                self._gathering.reject(where, f"{key} is no version: {text!r}")
                continue
            return Bounds(project=self._path, location=where, requires_python=f"=={text}{suffix}")
        return None


def _source(table: Mapping[str, Any]) -> tuple[LockedSource, str]:
    """Where an entry comes from, and what to show of it."""
    for key in (*_VCS, "path", "file"):
        value = table.get(key)
        if not isinstance(value, str):
            continue
        shown = public_reference(value)
        if key in _VCS:
            revision = table.get("ref")
            return LockedSource.VCS, f"{key}+{shown}@{public_reference(revision)}" if isinstance(
                revision, str
            ) else f"{key}+{shown}"
        if value.lower().startswith(("http:", "https:", "ftp:")):
            return LockedSource.URL, shown
        return LockedSource.PATH, shown
    return LockedSource.INDEX, ""
