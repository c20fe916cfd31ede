"""pip's own configuration: its files and the variables ``PIP_*``, as ``pip install`` 26.3 reads them.

See pip's documentation, "Configuration". A variable replaces what the files say, ``[install]`` replaces ``[global]``,
and a later file an earlier one: global, user, site, ``PIP_CONFIG_FILE``.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import field
from pathlib import Path

from nogilcheck.frozen import frozen
from nogilcheck.inputs.settings.catalogue import settings_of
from nogilcheck.inputs.settings.catalogue.pip import OPTION
from nogilcheck.inputs.settings.configuration_files import xdg_home
from nogilcheck.inputs.settings.cooldown import pip_cutoff, text_cutoffs
from nogilcheck.inputs.settings.unfollowed import HINT, gap
from nogilcheck.inputs.text.evidence import Evidence
from nogilcheck.inputs.text.paths import kind_of, shown_path
from nogilcheck.inputs.text.sources import SourceReader, UnreadableSourceError, source_of, utf8_text
from nogilcheck.model.source import Cutoff, IndexSettings, Location, Unread

GLOBAL_DIRECTORY = "/etc"
"""Where ``pip.conf`` is for all users of a Unix system, beside the directories of ``XDG_CONFIG_DIRS``."""

FLAGS = ("no-index", "pre", "require-hashes")
LISTS = ("extra-index-url", "find-links", "constraint")
CONTROLS = ("only-binary", "no-binary", "all-releases", "only-final")
VALUES = ("index-url", "uploaded-prior-to")
OPTIONS = (*VALUES, *LISTS, *FLAGS, *CONTROLS)
"""The options that are obeyed."""

_GAPS = {name: setting for name, setting in settings_of("pip", OPTION).items() if setting.effect == "gap"}

_GAP_FLAGS = frozenset(
    {"ignore-requires-python", "isolated", "no-dependencies", "no-deps", "no-require-hashes", "only-dependencies",
     "only-deps", "prefer-binary"}
)  # fmt: skip
"""Those of them that are on or off."""

_SECTIONS = ("global", "install")
"""The later one wins."""

_BOOLEANS = {
    **dict.fromkeys(("y", "yes", "t", "true", "on", "1"), True),
    **dict.fromkeys(("n", "no", "f", "false", "off", "0"), False),
}


_Values = dict[str, tuple[str, Location]]
"""Option -> its value, and where it stands."""


@frozen
class PipConfiguration:
    """What pip's configuration says."""

    settings: IndexSettings = field(default_factory=IndexSettings)
    """Without what ``controls`` says."""
    controls: tuple[tuple[str, str, Location], ...] = ()
    """``only-binary`` and the like with their values and places, in the order in which they apply."""
    constraints: tuple[tuple[str, Location], ...] = ()
    """Paths and URLs of constraints files, and where they are named."""
    unread: tuple[Unread, ...] = ()
    unfollowed: tuple[Unread, ...] = ()
    """Gaps where pip installs."""


def read_pip_configuration(sources: SourceReader) -> PipConfiguration:
    """Everything that pip's configuration says of indexes and choice; what was looked at is witnessed.

    A file that cannot be read, and a value that makes no sense, are in ``unread``: pip refuses to run with either.
    """
    unread: list[Unread] = []
    sections = _sections(sources, unread)
    names = (*OPTIONS, *_GAPS)
    variables = {option: f"PIP_{option.upper().replace('-', '_')}" for option in names}
    variable = sources.evidence.variable
    given = {option: (value, Location(path=name)) for option, name in variables.items() if (value := variable(name))}
    merged = {**sections["global"], **sections["install"], **given}
    flags = {option: _boolean(merged, option, unread) for option in FLAGS}
    lists = {option: tuple(merged[option][0].split()) if option in merged else () for option in LISTS}
    cutoffs: tuple[Cutoff, ...] = ()
    if "uploaded-prior-to" in merged:
        text, where = merged["uploaded-prior-to"]
        name = where.path if where.path in variables.values() else "uploaded-prior-to"
        cutoffs, unusable = text_cutoffs(text.strip(), where, name, pip_cutoff)
        unread += unusable
    settings = IndexSettings(
        index_url=merged["index-url"][0].strip() if "index-url" in merged else None,
        extra_index_urls=lists["extra-index-url"],
        find_links=lists["find-links"],
        no_index=flags["no-index"],
        pre=flags["pre"],
        require_hashes=flags["require-hashes"],
        cutoffs=cutoffs,
    )
    layers = (sections["global"], sections["install"], given)
    controls = tuple((option, *layer[option]) for layer in layers for option in CONTROLS if option in layer)
    return PipConfiguration(
        settings=settings,
        controls=controls,
        constraints=tuple((path, merged["constraint"][1]) for path in lists["constraint"]),
        unread=tuple(unread),
        unfollowed=tuple(_unfollowed(merged)),
    )


def _sections(sources: SourceReader, unread: list[Unread]) -> dict[str, _Values]:
    sections: dict[str, _Values] = {name: {} for name in _SECTIONS}
    for path in _files(sources.evidence):
        if kind_of(path) is None:
            sources.evidence.file(path)
            continue
        try:
            parsed = _parsed(sources.read(source_of(path)), path)
        except UnreadableSourceError as error:
            unread.append(
                Unread(location=Location(path=path, line=error.line), text=f"pip's settings: {error.message}")
            )
            continue
        for section, values in parsed.items():
            sections[section] |= values
    return sections


def _unfollowed(merged: _Values) -> Iterator[Unread]:
    known = settings_of("pip", OPTION)
    for option, (text, where) in merged.items():
        if option not in known:
            message = f"{option} is not an option of pip that is known: it may change the choice"
            yield Unread(location=where, text=message, hint=HINT, setting="choice")
        elif option in _GAP_FLAGS:
            if _BOOLEANS.get(text.strip().lower(), True):
                yield gap(known[option], where)
        elif any(known[option].is_gap(value) for value in text.split()):
            yield gap(known[option], where)


def _boolean(merged: _Values, option: str, unread: list[Unread]) -> bool:
    if option not in merged:
        return False
    text, where = merged[option]
    if (value := _BOOLEANS.get(text.strip().lower())) is None:
        unread.append(Unread(location=where, text=f"pip's setting {option} is neither yes nor no"))
    return bool(value)


def _parsed(data: bytes, path: str) -> dict[str, _Values]:
    """Section -> option -> value, those that are not empty. Raises `UnreadableSourceError`."""
    import configparser

    parser = configparser.RawConfigParser()
    text = utf8_text(data)
    try:
        parser.read_string(text, path)
    except configparser.Error as error:
        at: int | None = getattr(error, "lineno", None)
        # Its message quotes lines, which may hold credentials.
        raise UnreadableSourceError(f"not an INI file ({type(error).__name__})", line=at) from None
    values: dict[str, _Values] = {}
    for section in filter(parser.has_section, _SECTIONS):
        for written, value in parser.items(section):
            if value:
                option = written.lower().replace("_", "-").removeprefix("--")
                where = Location(path=shown_path(path), line=_line_of(text, section, written))
                values.setdefault(section, {})[option] = (value, where)
    return values


def _line_of(text: str, section: str, written: str) -> int | None:
    """The line on which an option of a section begins; `configparser` does not tell."""
    current = None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("["):
            current = line[1:].partition("]")[0]
        elif current == section and re.match(rf"{re.escape(written)}\s*[=:]", line, re.IGNORECASE):
            return number
    return None


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
    elif sys.platform == "darwin":
        yield home / ".config" / "pip"
    else:
        yield from (directory / "pip" for directory in xdg_home(evidence))
