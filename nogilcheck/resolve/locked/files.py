"""The files of a locked distribution: those that the lock names, else those of the index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from packaging.version import Version

from nogilcheck.model.artifact import Fetcher, Missing, MissingKind, ProjectPage, ReleaseFile
from nogilcheck.model.filenames import parse_filename, parse_version
from nogilcheck.model.graph import GraphGap, Node
from nogilcheck.model.lock import LockedDistribution, LockedSource
from nogilcheck.model.source import IndexSettings, Root
from nogilcheck.model.target import Target
from nogilcheck.model.urls import redact
from nogilcheck.resolve.admission import EVERYTHING, Admission
from nogilcheck.resolve.roots import missing_project


class LockedFiles:
    """Makes the nodes of a lock's entries, for one build."""

    def __init__(
        self, build: Target, fetcher: Fetcher | None, settings: IndexSettings, *, exclude_newer: str | None
    ) -> None:
        """Without a ``fetcher``, files that the lock does not name are missing; ``exclude_newer`` is for the index.

        The settings' cutoffs were for making the lock: no installer asks again how old a locked file is.
        """
        self._build = build
        self._fetcher = fetcher
        self._settings = replace(settings, cutoffs=())
        self._exclude_newer = exclude_newer
        self._named = Admission(self._settings, exclude_newer=None, roots=())

    def prefetch(self, entries: Iterable[LockedDistribution]) -> None:
        """Start fetching the pages of entries whose files the lock does not name; returns at once."""
        names = dict.fromkeys(entry.name for entry in entries if _is_left_to_the_index(entry))
        if names and self._fetcher is not None:
            self._fetcher.prefetch(names)

    def node(self, entry: LockedDistribution) -> Node:
        """The node of an entry with its files; `Node.missing` is set when these cannot be determined."""
        version = None if entry.version is None else parse_version(entry.version)
        if entry.own:
            return Node(name=entry.name, version=version, local=True)
        if files := _files(entry):
            return self._node(
                entry, version or files[0].version, files, EVERYTHING if _is_direct(entry) else self._named
            )
        if version is None:
            return _missing(entry, *_without_version(entry))
        if _is_direct(entry):
            text = f"{entry.name} {version} is taken from {entry.reference}, which is not checked"
            return _missing(entry, MissingKind.DIRECT_URL, text)
        return self._joined(entry, version)

    def _joined(self, entry: LockedDistribution, version: Version) -> Node:
        """The node with the files that the index lists for the version and that the lock's hashes allow."""
        result = self._page_files(entry, version)
        if entry.source is LockedSource.VCS and isinstance(result, Missing):
            text = f"{entry.name} {version} is taken from {entry.reference}, which is not checked: {result.text}"
            not_there = {MissingKind.NOT_FOUND, MissingKind.EMPTY, MissingKind.NO_INDEX}
            return _missing(entry, MissingKind.DIRECT_URL if result.kind in not_there else result.kind, text)
        if isinstance(result, Missing):
            return Node(name=entry.name, version=None, missing=result)
        files, admission, page = result
        return replace(self._node(entry, version, files, admission), unanswered=tuple(page.unanswered))

    def _page_files(
        self, entry: LockedDistribution, version: Version
    ) -> tuple[tuple[ReleaseFile, ...], Admission, ProjectPage] | Missing:
        """The files of the version on the index, the admission that decides about them, and the page."""
        if self._fetcher is None:
            text = f"the files of {entry.name} are not in {entry.location.path}, and no index is asked"
            return Missing(kind=MissingKind.OFFLINE, text=text)
        page = self._fetcher.page(entry.name)
        if isinstance(page, Missing):
            return page
        pin = Root(
            requirement=f"{entry.name}=={version}", name=entry.name, hashes=entry.hashes, location=entry.location
        )
        admission = Admission(self._settings, exclude_newer=self._exclude_newer, roots=(pin,))
        files = admission.existing(page, version)
        where = ", ".join(page.indexes) or "the index"
        if not files:
            text = f"{entry.name}: {where} lists no file of {version}, which {entry.location} asks for"
        elif all((one := admission.refusal(entry.name, file)) and one.option == "hash" for file in files):
            text = f"{entry.name} {version}: no file at {where} has a hash that {entry.location} allows"
        else:
            return files, admission, page
        return Missing(kind=MissingKind.EMPTY, text=text)

    def _node(
        self, entry: LockedDistribution, version: Version, files: tuple[ReleaseFile, ...], admission: Admission
    ) -> Node:
        refusals = [admission.refusal(entry.name, file) for file in files]
        excluded = entry.requires_python is not None and not self._build.admits_python(entry.requires_python)
        return Node(
            name=entry.name,
            version=version,
            files=tuple(file for file, refusal in zip(files, refusals, strict=True) if refusal is None),
            not_admitted=tuple(dict.fromkeys(filter(None, refusals))),
            requires_python=entry.requires_python if excluded else None,
            direct=_is_direct(entry),
            assumed_from=entry.reference if entry.source is LockedSource.VCS else None,
        )


def _is_direct(entry: LockedDistribution) -> bool:
    """Whether an entry is an archive or a directory of its own, of which no index knows."""
    return entry.source in {LockedSource.URL, LockedSource.PATH}


def _is_left_to_the_index(entry: LockedDistribution) -> bool:
    return entry.source in {LockedSource.INDEX, LockedSource.VCS} and bool(entry.version) and not _files(entry)


def locate(file: ReleaseFile, node: Node, fetcher: Fetcher) -> ReleaseFile | Missing:
    """The file of a node with its URL, which some locks (poetry.lock, pdm.lock) leave to the index; blocks.

    A file with the same name and another hash is not the locked one, which may be on
    another index; what is taken has the hashes of the lock, by which an installer checks it.
    """
    if file.url:
        return file
    if node.direct:
        return Missing(kind=MissingKind.DIRECT_URL, text=f"the lock does not say where {file.filename} is")
    page = fetcher.page(node.name)
    if isinstance(page, Missing):
        return page
    where = ", ".join(page.indexes) or "the index"
    listed = [other for other in page.files(file.version) if other.filename == file.filename]
    if not listed:
        return Missing(kind=MissingKind.EMPTY, text=f"{where} does not list {file.filename}")
    best = max(listed, key=lambda other: _agreement(file, other))
    if _agreement(file, best) < 0:
        text = f"{file.filename} at {where} is not the one that is locked: its hash is another"
        return Missing(kind=MissingKind.BROKEN, text=text)
    return replace(best, hashes={**best.hashes, **file.hashes})


def exchanged(nodes: Iterable[Node], fetcher: Fetcher) -> Iterator[GraphGap]:
    """A gap for each archive of its own, of which a lock has the hash, that is another file now; blocks.

    No index vouches for such an archive. One that cannot be had here, or not whole, is believed as those of an index
    are.
    """
    archives = [(node, file) for node in nodes if node.direct for file in node.files if file.url and file.hashes]
    for _, file in archives:
        fetcher.prefetch_metadata(file)
    for node, file in archives:
        found = fetcher.metadata(file)
        if isinstance(found, Missing) and found.kind is MissingKind.BROKEN:
            yield missing_project(found, node.name)


def _agreement(locked: ReleaseFile, listed: ReleaseFile) -> int:
    """1: they have a hash in common; 0: none of which both tell; -1: another one."""
    shared = [
        (locked.hashes[kind].lower(), listed.hashes[kind].lower()) for kind in locked.hashes if kind in listed.hashes
    ]
    return -1 if any(ours != theirs for ours, theirs in shared) else int(bool(shared))


def _files(entry: LockedDistribution) -> tuple[ReleaseFile, ...]:
    """The files that the lock names, or the archive that it refers to."""
    if entry.source is LockedSource.VCS:
        return ()
    if entry.files or entry.source is LockedSource.INDEX:
        return entry.files if entry.files_known or _is_direct(entry) else ()
    filename = _last_part(entry.reference)
    parsed = parse_filename(filename, entry.name)
    version = parse_version(parsed.version) if parsed else None
    if parsed is None or version is None:
        return ()
    digests = (text.partition(":") for text in entry.hashes)
    return (
        ReleaseFile(
            filename=filename,
            url=entry.reference if entry.source is LockedSource.URL or entry.reference.startswith("file:") else "",
            version=version,
            kind=parsed.kind,
            tags=parsed.tags,
            build=parsed.build,
            hashes={algorithm: digest for algorithm, _, digest in digests},
        ),
    )


def _last_part(reference: str) -> str:
    """The file name at the end of a URL or of a path."""
    try:
        parts = urlsplit(reference)
    except ValueError:
        return ""
    path = unquote(parts.path) if parts.scheme and parts.netloc else reference.partition("#")[0]
    return path.replace("\\", "/").rpartition("/")[2]


def _without_version(entry: LockedDistribution) -> tuple[MissingKind, str]:
    if entry.source is not LockedSource.INDEX:
        return MissingKind.DIRECT_URL, f"{entry.name} is taken from {entry.reference}, which is not checked"
    if entry.version is None:
        return MissingKind.BROKEN, f"{entry.name}: {entry.location} names no version of it"
    return MissingKind.BROKEN, f"{entry.name}: {entry.location} names {entry.version!r}, which is no version (PEP 440)"


def _missing(entry: LockedDistribution, kind: MissingKind, text: str) -> Node:
    return Node(name=entry.name, version=None, missing=Missing(kind=kind, text=redact(text)))
