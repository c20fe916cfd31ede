"""What an answer rests on outside the options, so that a replay can see whether it still holds.

A replayed run imports this module and no parser: keep it light.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from nogilcheck.model.cache import Witness
from nogilcheck.model.credentials.login_sources import KEYRING_VARIABLES, NAMED, netrc_names

MAX_FILE_BYTES = 32 * 1024 * 1024
"""Bytes of a file that are ever read; a larger file is witnessed by its size and modification time."""

FILE = "file"
"""The bytes of a regular file; empty when there is none."""
VARIABLE = "variable"
"""The value of an environment variable; empty when it is unset."""
DIRECTORY = "directory"
"""Name, size and modification time of each file directly in a directory, or of one file that is not read."""

NAMES = "names"
"""The names of what is directly in a directory, whatever it holds."""

LOGINS = "logins"
"""The netrc file, and the variables with logins for indexes or about the keyring; no ``name``. It is of secrets, and
not to be kept as it is."""


def current(witness: Witness) -> Witness:
    """Take the witness again: the result equals ``witness`` when nothing changed. Never raises."""
    return witness_of(witness.kind, witness.name)


def witness_of(kind: str, name: str) -> Witness:
    """A witness of the world as it is now.

    ``kind`` is `FILE`, `VARIABLE`, `DIRECTORY`, `NAMES` or `LOGINS`; ``name`` an absolute path or the name of a
    variable. Raises `ValueError` for any other kind.
    """
    match kind:
        case "file":
            digest = _file(name)
        case "variable":
            value = os.environ.get(name)
            digest = "" if value is None else _sha256(os.fsencode(value))
        case "directory":
            digest = _directory(name)
        case "names":
            digest = _names(name)
        case "logins":
            digest = _logins()
        case _:
            raise ValueError(f"no witness is of kind {kind!r}")
    return Witness(kind=kind, name=name, sha256=digest)


def witness_of_bytes(path: str, data: bytes) -> Witness:
    """The witness of a regular file of at most `MAX_FILE_BYTES` that was just read."""
    return Witness(kind=FILE, name=path, sha256=_sha256(data))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _file(path: str) -> str:
    try:
        status = Path(path).stat()
        if not stat.S_ISREG(status.st_mode):
            return ""
        if status.st_size > MAX_FILE_BYTES:
            return _sha256(f"{status.st_size}\0{status.st_mtime_ns}".encode())
        return _sha256(Path(path).read_bytes())
    except (OSError, ValueError):
        return ""


def _directory(path: str) -> str:
    try:
        status = Path(path).stat()
        if stat.S_ISREG(status.st_mode):
            rows = [(Path(path).name, status.st_size, status.st_mtime_ns)]
        else:
            with os.scandir(path) as entries:
                rows = [row for entry in entries if (row := _row(entry)) is not None]
    except (OSError, ValueError):
        return ""
    text = "\n".join(f"{name}\0{size}\0{time}" for name, size, time in sorted(rows))
    return _sha256(os.fsencode(text))


def _names(path: str) -> str:
    try:
        with os.scandir(path) as entries:
            names = sorted(entry.name for entry in entries)
    except (OSError, ValueError):
        return ""
    return _sha256(os.fsencode("\0".join(names)))


def _logins() -> str:
    prefixes = (*NAMED, *KEYRING_VARIABLES)
    variables = [f"{name}={value}" for name, value in os.environ.items() if name.startswith(prefixes)]
    paths = map(os.path.expanduser, netrc_names(os.environ))
    file = next((digest for path in paths if (digest := _file(path))), "")
    return _sha256(os.fsencode("\0".join([file, *sorted(variables)]))) if file or variables else ""


def _row(entry: os.DirEntry[str]) -> tuple[str, int, int] | None:
    try:
        if not entry.is_file():
            return None
        status = entry.stat()
    except OSError:
        return entry.name, -1, -1
    return entry.name, status.st_size, status.st_mtime_ns
