"""What the user names to be inspected -> artifacts: wheels, environments, directories, single files.

The files of installed distributions are those of their RECORD ("Recording installed projects").
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from nogilcheck.errors import InputError
from nogilcheck.inputs.installed.environment import site_packages
from nogilcheck.inputs.installed.wheel_file import MAX_MODULE, MAX_TEXT, read_wheel
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.filenames import WHEEL_SUFFIX, is_sdist
from nogilcheck.model.inspection import Artifact, ArtifactKind

MAX_FILES = 2_000_000
"""Files of one directory tree that are looked at by name."""

_SOURCE = ".py"
_SUFFIXES = re.compile(r".*\.(?:so(?:\.[0-9.]+)?|pyd|dylib|dll)")
_PYTHON = re.compile(r"python3\.(\d+)(t?)(?:\.exe)?")
_VERSION = re.compile(r"^version(?:_info)?\s*=\s*3\.(\d+)", re.MULTILINE)


def is_environment(path: Path) -> bool:
    """Whether a directory is a virtual or conda environment, or a site-packages directory."""
    return os.path.isfile(path / "pyvenv.cfg") or os.path.isdir(path / "conda-meta") or path.name == "site-packages"


def read_installed_files(path: Path, shown: str) -> Iterator[Artifact]:
    """Each distribution of an environment that has files which may be extension modules. Raises `InputError`."""
    try:
        directories = site_packages(path)
    except UnreadableSourceError as error:
        raise InputError(error.message, where=shown) from error
    if not directories:
        hint = "Name the directory of a virtual environment."
        raise InputError("not an installed environment: no site-packages in it", where=shown, hint=hint)
    abi = _abi(path, directories)
    for directory in directories:
        below = {PurePosixPath(name).as_posix(): name for name in _native_files(directory, shown)}
        where = str(Path(shown, directory.relative_to(path))) if directory != path else shown
        for place in sorted(directory.glob("*.dist-info")):
            claimed = [below.pop(name) for name in _record(place) if name in below]
            if claimed:
                yield _artifact(ArtifactKind.INSTALLED, directory, f"{where}/{place.name}", claimed, abi, place)
        if below:
            yield _artifact(ArtifactKind.FILES, directory, where, list(below.values()), abi, None)


def read_directory(path: Path, shown: str) -> Artifact:
    """The files below a directory that may be extension modules, and Python sources, or a single file.

    Raises `InputError`.
    """
    if path.is_file():
        return _artifact(ArtifactKind.FILES, path.parent, shown, [path.name], None, None)
    native = _artifact(ArtifactKind.FILES, path, shown, sorted(_native_files(path, shown)), None, None)
    return replace(native, sources={name: _size(path / name) for name in sorted(_source_files(path, shown))})


def _artifact(
    kind: ArtifactKind, base: Path, shown: str, names: Sequence[str], abi: str | None, place: Path | None
) -> Artifact:
    return Artifact(
        path=shown,
        kind=kind,
        sizes={name: _size(base / name) for name in sorted(names)},
        metadata=None if place is None else _read(place / "METADATA", MAX_TEXT, shown),
        abi=abi,
        read=lambda member: _read(base / member, MAX_MODULE, shown),
    )


def _native_files(base: Path, shown: str) -> Iterator[str]:
    return (path for path in _files(base, shown, lambda _: False) if _SUFFIXES.fullmatch(path.rpartition("/")[2]))


def _source_files(base: Path, shown: str) -> Iterator[str]:
    """Without those in hidden directories and in environments."""
    return (path for path in _files(base, shown, _is_aside) if path.endswith(_SOURCE))


def _is_aside(folder: Path) -> bool:
    return folder.name.startswith(".") or is_environment(folder)


def _files(base: Path, shown: str, is_aside: Callable[[Path], bool]) -> Iterator[str]:
    """Paths below ``base``, with slashes; links to directories are not followed."""
    left = MAX_FILES
    for directory, folders, files in os.walk(base):
        folders[:] = sorted(name for name in folders if not is_aside(Path(directory, name)))
        left -= len(files)
        if left < 0:
            raise InputError(f"it has more than {MAX_FILES:,} files", where=shown, hint="Name a directory in it.")
        for name in files:
            yield Path(directory, name).relative_to(base).as_posix()


def _read(file: Path, most: int, shown: str) -> bytes:
    try:
        if not file.is_file():
            raise InputError(f"{file.name} is not a file", where=shown)
        with file.open("rb") as stream:
            data = stream.read(most + 1)
    except OSError as error:
        raise InputError(f"{file.name} cannot be read: {error.strerror or error}", where=shown) from error
    if len(data) > most:
        raise InputError(f"{file.name} has more than {most:,} bytes", where=shown)
    return data


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _record(place: Path) -> Iterator[str]:
    """The paths in a RECORD, below site-packages, with slashes; those elsewhere are left out."""
    try:
        text = _read(place / "RECORD", MAX_TEXT, place.name).decode("utf-8", "surrogateescape")
        rows = list(csv.reader(text.splitlines()))
    except (InputError, csv.Error):
        return
    for row in rows:
        if row and ".." not in PurePosixPath(row[0]).parts:
            yield PurePosixPath(row[0].replace("\\", "/")).as_posix()


def _abi(path: Path, directories: Sequence[Path]) -> str | None:
    """Of the environment: its directory on POSIX (``lib/python3.14t``), its interpreter on Windows."""
    for directory in directories:
        for part in reversed(directory.parts):
            if match := _PYTHON.fullmatch(part):
                return f"cp3{match[1]}{match[2]}"
    version = _version(path)
    if version is None:
        return None
    names = {name.lower() for name in (*_names(path / "Scripts"), *_names(path))}
    return f"cp3{version}t" if f"python3.{version}t.exe" in names else f"cp3{version}"


def _version(path: Path) -> str | None:
    try:
        text = _read(path / "pyvenv.cfg", MAX_TEXT, path.name).decode("utf-8", "replace")
    except InputError:
        return None
    match = _VERSION.search(text)
    return match[1] if match else None


def _names(directory: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in os.scandir(directory))
    except OSError:
        return []


MAX_ENTRIES = 100_000
"""Entries of one directory of wheels."""


def find_artifacts(path: Path, shown: str, *, environment: bool = False) -> Iterator[Artifact | InputError]:
    """What is at a path; for each wheel that cannot be read the error that says so. Raises `InputError`.

    ``environment``: it has to be one.
    """
    try:
        if not path.exists():
            raise InputError("there is no such file or directory", where=shown)
        if environment or (path.is_dir() and is_environment(path)):
            yield from read_installed_files(path, shown)
        elif path.is_dir():
            wheels = [name for name in _entries(path, shown) if name.endswith(WHEEL_SUFFIX)]
            for name in wheels:
                yield _wheel(path / name, str(Path(shown, name)))
            if not wheels:
                directory = read_directory(path, shown)
                if not directory.members and not directory.sources:  # a gate that looked at nothing must not be passed
                    raise InputError("it contains no wheel, extension module or Python source", where=shown)
                yield directory
        elif path.name.endswith(WHEEL_SUFFIX):
            yield read_wheel(path, shown)
        elif path.name.endswith((".so", ".pyd")):
            yield read_directory(path, shown)
        else:
            what = "neither a wheel nor an extension module"
            raise InputError(what, where=shown, hint="Name a wheel, an sdist, a directory or an environment.")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", where=shown) from error


def passed_over(path: Path) -> list[str]:
    """The source distributions in a directory of wheels."""
    names = _names(path)
    return list(filter(is_sdist, names)) if any(name.endswith(WHEEL_SUFFIX) for name in names) else []


def _wheel(path: Path, shown: str) -> Artifact | InputError:
    try:
        return read_wheel(path, shown)
    except InputError as error:
        return error


def _entries(path: Path, shown: str) -> list[str]:
    names = sorted(entry.name for entry in path.iterdir())
    if len(names) > MAX_ENTRIES:
        raise InputError(f"it has more than {MAX_ENTRIES:,} entries", where=shown)
    return names
