"""Tell what an argument of the command line is: a file, a requirement, or standard input."""

from __future__ import annotations

import errno
import os
import urllib.parse
from dataclasses import replace
from enum import Enum, auto
from pathlib import Path

from nogilcheck.frozen import frozen
from nogilcheck.inputs.foreign import foreign_name
from nogilcheck.inputs.formats import NAMES, format_of
from nogilcheck.inputs.specifiers.spelling import has_separator, is_archive, is_url, looks_like_path, strip_extras
from nogilcheck.inputs.text.paths import absolute, kind_of
from nogilcheck.model.source import STDIN

READABLE = (
    "nogilcheck reads requirements files, pyproject.toml, setup.cfg, scripts, lock files, directories, "
    "names such as 'numpy', and -"
)

_PLAIN_SUFFIXES = (".txt", ".in")
_FILE_SUFFIXES = (*_PLAIN_SUFFIXES, ".toml", ".lock", ".cfg", ".yml", ".json", ".xml", ".spdx", ".ini", ".ipynb")
_AMBIGUOUS_SUFFIXES = (".py", ".yaml")
"""Projects are called so too (discord.py, ruamel.yaml): a file only when it exists, or by a well-known name."""
_WELL_KNOWN = frozenset({"setup.py", "environment.yaml", "conda.yaml"})

_HINTS = {
    "pipfile": "Lock it (pipenv lock) and name Pipfile.lock.",
    "setup.py": "It is a program: name the requirements that it installs, or what `pip freeze` says.",
}
"""What to do about a file that is not read."""


class ArgumentKind(Enum):
    """What to do with an argument."""

    STDIN = auto()
    FILE = auto()
    """A file that is read, or one that is missing: a path, a file URL or a remote URL."""
    REQUIREMENT = auto()
    INSTALLABLE = auto()
    """The path of an archive, which pip takes for a requirement."""
    DIRECTORY = auto()
    UNSUPPORTED = auto()
    """An existing file of a format that is not read."""


@frozen
class Argument:
    """One argument, sorted."""

    text: str
    kind: ArgumentKind
    path: str | None = None
    """The absolute path whose existence was asked for."""
    extras: tuple[str, ...] = ()
    """Extras of the file alone, as written: ``pylock.toml[socks]``."""


def sort_argument(text: str) -> Argument:
    """Tell what an argument is; whether a file of that name exists counts most."""
    if text == STDIN:
        return Argument(text=text, kind=ArgumentKind.STDIN)
    bare, extras = strip_extras(text)
    if extras and is_pylock(bare):  # as pip 26.3 takes ``-r pylock.toml[socks]``
        names = tuple(filter(None, (name.strip() for name in extras[1:-1].split(","))))
        return replace(sort_argument(bare), extras=names)
    try:
        if is_url(text):
            return Argument(text=text, kind=_url_kind(text))
    except ValueError:
        # Malformed; parsing it as a requirement will say how.
        return Argument(text=text, kind=ArgumentKind.REQUIREMENT)
    path = absolute(text)
    there = kind_of(path)
    bare, extras = strip_extras(text)
    if there is None and extras:
        path = absolute(bare)
        if kind_of(path) == "directory":
            shown = text if looks_like_path(text) else f".{os.sep}{text}"
            return Argument(text=shown, kind=ArgumentKind.INSTALLABLE, path=path)
    if there in {"file", "other"}:
        kind = ArgumentKind.INSTALLABLE if is_archive(text) else _format_kind(text)
    elif there == "directory" and text:
        kind = ArgumentKind.DIRECTORY
    else:
        kind = ArgumentKind.FILE if _is_out_of_sight(path) else _missing_kind(text)
    return Argument(text=text, kind=kind, path=path)


def is_pylock(path: str) -> bool:
    """Whether a path or a URL has the name of a pylock.toml (PEP 751), or ``pylock.NAME.toml``."""
    form = format_of(path.partition("#")[0].partition("?")[0])
    return form is not None and form.name == "pylock.toml"


def hint_for(path: str) -> str:
    """What to do with a file of a format that is not read."""
    return _HINTS.get(
        Path(path).name.lower(), f"If it is one of these, say so with --input-format: {', '.join(NAMES)}."
    )


def _url_kind(text: str) -> ArgumentKind:
    parts = urllib.parse.urlsplit(text)
    if parts.scheme not in {"http", "https", "file"}:
        return ArgumentKind.REQUIREMENT
    is_file = parts.path.lower().endswith(_PLAIN_SUFFIXES) or format_of(parts.path)
    return ArgumentKind.FILE if is_file else ArgumentKind.REQUIREMENT


def _format_kind(text: str) -> ArgumentKind:
    name = Path(text).name.lower()
    if name.endswith(_PLAIN_SUFFIXES) or (name not in _HINTS and format_of(name)):
        return ArgumentKind.FILE
    other = foreign_name(name) is not None or name in _HINTS or name.endswith((*_FILE_SUFFIXES, *_AMBIGUOUS_SUFFIXES))
    return ArgumentKind.UNSUPPORTED if other else ArgumentKind.FILE


def _missing_kind(text: str) -> ArgumentKind:
    if _is_direct_reference(text):
        return ArgumentKind.REQUIREMENT
    bare, extras = strip_extras(text)
    if is_archive(bare):
        return ArgumentKind.INSTALLABLE if extras else ArgumentKind.FILE
    name = text.lower()
    if has_separator(text) or name in _WELL_KNOWN or name in _HINTS or name.endswith(_FILE_SUFFIXES):
        return ArgumentKind.FILE
    return ArgumentKind.REQUIREMENT


def _is_out_of_sight(path: str) -> bool:
    """Whether something is there, or may be, that cannot be looked at: a broken link, or in a closed directory."""
    try:
        Path(path).lstat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError as error:
        return error.errno in {errno.EACCES, errno.EPERM, errno.ELOOP}
    return kind_of(path) is None


def _is_direct_reference(text: str) -> bool:
    """``name @ URL``, or a requirement whose marker happens to hold a slash."""
    name = text.partition("@")[0].partition(";")[0]
    return name != text and not looks_like_path(name)
