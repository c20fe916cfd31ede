"""The page of one project, from the tables of every place that lists it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from packaging.version import Version

from nogilcheck.index.pages.file_table import FileTable
from nogilcheck.index.pages.simple_api import FileRow, PageError
from nogilcheck.model.artifact import Missing, MissingKind, Outline, ProjectPage, ReleaseFile
from nogilcheck.model.filenames import WHEEL_SUFFIX, parse_version, parse_wheel_name

T = TypeVar("T")


def project_page(
    name: str,
    parts: Sequence[tuple[str, FileTable]],
    *,
    links: Container[str] = (),
    rivals: tuple[str, ...] = (),
    unanswered: tuple[Missing, ...] = (),
) -> ProjectPage:
    """Join what several places list, in their order, as pip does.

    ``parts`` are pairs of a location without credentials and what it lists of the project. One of them at least.
    ``links``: those of the locations that are find-links. ``rivals``, ``unanswered``: see `ProjectPage`.
    """
    files: dict[Version, _Files] = {}
    failures = [*unanswered]
    for index, table in parts:
        for text in table.groups:
            version = parse_version(text)
            if version is not None:
                known = files.get(version)
                if known is None:
                    known = files[version] = _Files(name, version, links, failures)
                known.groups.append((index, table, text))
    return ProjectPage(
        name=name,
        files_by_version=files,
        indexes=tuple(dict.fromkeys(index for index, _ in parts)),
        rivals=rivals,
        status=parts[0][1].status,
        unanswered=failures,
    )


class _Files:
    """The files of one version, made on the first call."""

    __slots__ = ("_failures", "_files", "_links", "_name", "_outline", "_tags", "_version", "groups")

    def __init__(self, name: str, version: Version, links: Container[str], failures: list[Missing]) -> None:
        """``failures``: where the places are added whose pages turn out to be none."""
        self.groups: list[tuple[str, FileTable, str]] = []
        self._name = name
        self._version = version
        self._links = links
        self._files: tuple[ReleaseFile, ...] | None = None
        self._tags: list[str] | None = None
        self._outline: Outline | Literal[False] | None = None
        """``False``: it tells too little."""
        self._failures = failures

    def __call__(self) -> tuple[ReleaseFile, ...]:
        if self._files is None:
            files = [
                file
                for index, table, rows in self._read(FileTable.rows)
                for file in self._release_files(index, table, rows)
            ]
            self._files = tuple(files if len(self.groups) == 1 else _read_in_one_place(files, self._links))
        return self._files

    def wheel_tags(self) -> list[str]:
        """The compressed tag set of each wheel."""
        if self._tags is None:
            self._tags = _wheel_tags(name for _, _, found in self._read(FileTable.filenames) for name in found)
        return self._tags

    def outline(self) -> Outline | None:
        """The files as their names tell; ``None``: several places list them, or that tells too little."""
        if self._outline is None and len(self.groups) == 1:
            self._outline = next((_outline(*alike) for _, _, alike in self._read(FileTable.alike) if alike), False)
        return self._outline or None

    def _read(self, what: Callable[[FileTable, str], T]) -> Iterator[tuple[str, FileTable, T]]:
        """Places, their tables, and what these have of the version."""
        for index, table, version in self.groups:
            try:
                yield index, table, what(table, version)
            except PageError as error:
                text = f"the page of {self._name} at {index} {error}"
                failure = Missing(kind=MissingKind.UNREACHABLE, text=text, index=index, reason=f"{error}")
                if failure not in self._failures:
                    self._failures.append(failure)

    def _release_files(self, index: str, table: FileTable, rows: list[FileRow]) -> list[ReleaseFile]:
        files = []
        for row in rows:
            name = parse_wheel_name(row.filename)
            file = ReleaseFile(
                filename=row.filename,
                url=table.url(row),
                version=self._version,
                kind="wheel" if name else "sdist",
                tags=name.tags if name else "",
                build=name.build if name else "",
                requires_python=row.requires_python,
                yanked=row.yanked,
                upload_time=row.upload_time,
                size=row.size,
                hashes=row.hashes,
                core_metadata=row.core_metadata,
                metadata_hash=row.metadata_hash,
                index=index,
            )
            files.append(file)
        return files


def _outline(names: Sequence[str], requires_python: str) -> Outline:
    tags = _wheel_tags(names)
    return Outline(wheel_tags=tuple(tags), has_sdist=len(tags) < len(names), requires_python=requires_python)


def _wheel_tags(names: Iterable[str]) -> list[str]:
    # The table holds only what `version_text` took: a wheel has all of its parts.
    stems = (name.removesuffix(WHEEL_SUFFIX) for name in names if name.endswith(WHEEL_SUFFIX))
    return ["-".join(stem.rsplit("-", 3)[1:]) for stem in stems]


def _read_in_one_place(files: Sequence[ReleaseFile], links: Container[str]) -> Iterator[ReleaseFile]:
    """The files; one that has a name and a hash of another one is read where the first of them is.

    They are the same by what all say of them. Should a later index be wrong about it, an installer refuses its file,
    and what it serves must not decide. Find-links locations come last: of equals pip takes the file of the index.
    """
    first: dict[tuple[str, str, str], ReleaseFile] = {}
    for file in sorted(files, key=lambda each: each.index in links):
        for algorithm, digest in file.hashes.items():
            first.setdefault((file.filename, algorithm, digest), file)
    for file in files:
        claimed = (first[file.filename, algorithm, digest] for algorithm, digest in file.hashes.items())
        same = next((each for each in claimed if each is not file), file)
        if same is file:
            yield file
        else:
            yield replace(
                file,
                url=same.url,
                size=same.size,
                hashes=same.hashes,
                core_metadata=same.core_metadata,
                metadata_hash=same.metadata_hash,
            )
