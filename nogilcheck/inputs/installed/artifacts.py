"""What the user names to be inspected -> artifacts: wheels, environments, directories, single files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nogilcheck.errors import InputError
from nogilcheck.inputs.installed.files import is_environment, read_directory, read_installed_files
from nogilcheck.inputs.installed.wheel_file import read_wheel
from nogilcheck.model.filenames import WHEEL_SUFFIX, is_sdist
from nogilcheck.model.inspection import Artifact

MAX_ENTRIES = 100_000
"""Entries of one directory of wheels."""

_SUFFIXES = (".so", ".pyd")


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
            wheels = [name for name in _names(path, shown) if name.endswith(WHEEL_SUFFIX)]
            for name in wheels:
                yield _wheel(path / name, str(Path(shown, name)))
            if not wheels:
                directory = read_directory(path, shown)
                if not directory.members and not directory.sources:  # a gate that looked at nothing must not be passed
                    raise InputError("it contains no wheel, extension module or Python source", where=shown)
                yield directory
        elif path.name.endswith(WHEEL_SUFFIX):
            yield read_wheel(path, shown)
        elif path.name.endswith(_SUFFIXES):
            yield read_directory(path, shown)
        else:
            what = "neither a wheel nor an extension module"
            raise InputError(what, where=shown, hint="Name a wheel, an sdist, a directory or an environment.")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", where=shown) from error


def passed_over(path: Path) -> list[str]:
    """The source distributions in a directory of wheels."""
    try:
        names = [entry.name for entry in path.iterdir()] if path.is_dir() else []
    except OSError:
        return []
    if not any(name.endswith(WHEEL_SUFFIX) for name in names):
        return []
    return sorted(filter(is_sdist, names))


def _wheel(path: Path, shown: str) -> Artifact | InputError:
    try:
        return read_wheel(path, shown)
    except InputError as error:
        return error


def _names(path: Path, shown: str) -> list[str]:
    names = sorted(entry.name for entry in path.iterdir())
    if len(names) > MAX_ENTRIES:
        raise InputError(f"it has more than {MAX_ENTRIES:,} entries", where=shown)
    return names
