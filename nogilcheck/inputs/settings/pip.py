"""pip's own configuration: its files and the variables ``PIP_*``, as ``pip install`` 26.3 reads them.

See pip's documentation, "Configuration". A variable replaces what the files say, ``[install]`` replaces ``[global]``,
and a later file an earlier one: global, user, site, ``PIP_CONFIG_FILE``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nogilcheck.inputs.text.evidence import Evidence
from nogilcheck.inputs.text.paths import kind_of
from nogilcheck.inputs.text.sources import SourceReader, UnreadableSourceError, source_of, utf8_text
from nogilcheck.model.source import IndexSettings, Location, Unread

GLOBAL_DIRECTORY = "/etc"
"""Where ``pip.conf`` is for all users of a Unix system, beside the directories of ``XDG_CONFIG_DIRS``."""

FLAGS = ("no-index", "pre", "require-hashes")
LISTS = ("extra-index-url", "find-links")
CONTROLS = ("only-binary", "no-binary")
OPTIONS = ("index-url", *LISTS, *FLAGS, *CONTROLS)
"""The options that bear on what is found."""

_SECTIONS = ("global", "install")
"""The later one wins."""

_BOOLEANS = {
    **dict.fromkeys(("y", "yes", "t", "true", "on", "1"), True),
    **dict.fromkeys(("n", "no", "f", "false", "off", "0"), False),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PipConfiguration:
    """What pip's configuration says."""

    settings: IndexSettings = field(default_factory=IndexSettings)
    """Without what ``controls`` says."""
    controls: tuple[tuple[str, str], ...] = ()
    """``only-binary`` and ``no-binary`` with their values, in the order in which they apply."""
    unread: tuple[Unread, ...] = ()


def read_pip_configuration(evidence: Evidence, sources: SourceReader) -> PipConfiguration:
    """Everything that pip's configuration says of indexes and files; what was looked at is witnessed.

    A file that cannot be read, and a value that makes no sense, are in ``unread``: pip refuses to run with either.
    """
    sections: dict[str, dict[str, tuple[str, str]]] = {name: {} for name in _SECTIONS}
    unread: list[Unread] = []
    for path in _files(evidence):
        if kind_of(path) is None:
            evidence.file(path)
            continue
        try:
            parsed = _parsed(sources.read(source_of(path)), path)
        except UnreadableSourceError as error:
            unread.append(
                Unread(location=Location(path=path, line=error.line), text=f"pip's settings: {error.message}")
            )
            continue
        for section, values in parsed.items():
            sections[section] |= {option: (value, path) for option, value in values.items()}
    variables = {option: f"PIP_{option.upper().replace('-', '_')}" for option in OPTIONS}
    given = {option: (value, name) for option, name in variables.items() if (value := evidence.variable(name))}
    merged = {**sections["global"], **sections["install"], **given}
    flags = {option: _boolean(merged, option, unread) for option in FLAGS}
    lists = {option: tuple(merged[option][0].split()) if option in merged else () for option in LISTS}
    settings = IndexSettings(
        index_url=merged["index-url"][0].strip() if "index-url" in merged else None,
        extra_index_urls=lists["extra-index-url"],
        find_links=lists["find-links"],
        no_index=flags["no-index"],
        pre=flags["pre"],
        require_hashes=flags["require-hashes"],
    )
    layers = (sections["global"], sections["install"], given)
    controls = tuple((option, layer[option][0]) for layer in layers for option in CONTROLS if option in layer)
    return PipConfiguration(settings=settings, controls=controls, unread=tuple(unread))


def _boolean(merged: Mapping[str, tuple[str, str]], option: str, unread: list[Unread]) -> bool:
    if option not in merged:
        return False
    text, origin = merged[option]
    if (value := _BOOLEANS.get(text.strip().lower())) is None:
        unread.append(Unread(location=Location(path=origin), text=f"pip's setting {option} is neither yes nor no"))
    return bool(value)


def _parsed(data: bytes, path: str) -> dict[str, dict[str, str]]:
    """Section -> option -> value, those that count. Raises `UnreadableSourceError`."""
    import configparser

    parser = configparser.RawConfigParser()
    try:
        parser.read_string(utf8_text(data), path)
    except configparser.Error as error:
        at: int | None = getattr(error, "lineno", None)
        # Its message quotes lines, which may hold credentials.
        raise UnreadableSourceError(f"not a file of sections and options ({type(error).__name__})", line=at) from None
    values: dict[str, dict[str, str]] = {}
    for section in filter(parser.has_section, _SECTIONS):
        for written, value in parser.items(section):
            option = written.lower().replace("_", "-").removeprefix("--")
            if option in OPTIONS and value:
                values.setdefault(section, {})[option] = value
    return values


def _files(evidence: Evidence) -> Iterator[str]:
    """Where pip looks for its files, in the order in which it reads them."""
    named = evidence.variable("PIP_CONFIG_FILE")
    if named == os.devnull:
        return
    name = "pip.ini" if os.name == "nt" else "pip.conf"
    for directory in _global_directories(evidence):
        yield str(directory / name)
    if not named or kind_of(named) is None:
        for directory in _user_directories(evidence):
            yield str(directory / name)
    # pip asks the interpreter that runs it: that of the active environment, which need not be ours.
    yield str(Path(evidence.variable("VIRTUAL_ENV") or sys.prefix, name))
    if named:
        yield str(Path(named).absolute())


def _global_directories(evidence: Evidence) -> Iterator[Path]:
    if os.name == "nt":
        yield Path(evidence.variable("PROGRAMDATA") or "C:\\ProgramData", "pip")
    elif sys.platform == "darwin":
        yield Path("/Library/Application Support/pip")
    else:
        directories = evidence.variable("XDG_CONFIG_DIRS") or "/etc/xdg"
        yield from (Path(directory, "pip") for directory in directories.split(os.pathsep) if directory)
        yield Path(GLOBAL_DIRECTORY)


def _user_directories(evidence: Evidence) -> Iterator[Path]:
    home = evidence.home()
    if home is None:
        return
    if os.name == "nt":
        yield home / "pip"
        yield Path(evidence.variable("APPDATA") or home / "AppData" / "Roaming", "pip")
        return
    yield home / ".pip"
    support = home / "Library" / "Application Support" / "pip"
    if sys.platform == "darwin" and kind_of(str(support)) == "directory":
        yield support
    else:
        configuration = None if sys.platform == "darwin" else evidence.variable("XDG_CONFIG_HOME")
        yield Path(configuration or home / ".config", "pip")
