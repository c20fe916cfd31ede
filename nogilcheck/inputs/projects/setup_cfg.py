"""setup.cfg: ``[options]`` and ``[options.extras_require]``, as setuptools reads them ("Configuring setuptools")."""

from __future__ import annotations

import configparser
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath, PureWindowsPath

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.content import Content, unique
from nogilcheck.inputs.file_content.dependencies import read_dependency
from nogilcheck.inputs.file_content.diagnostics import CORE, NothingStatedError, Part, extra_part
from nogilcheck.inputs.file_content.document import Document
from nogilcheck.inputs.projects.own_extras import completed
from nogilcheck.inputs.projects.setup_py import REPLACING, gap, may_require
from nogilcheck.inputs.specifiers.dependency_specifiers import specifier_set
from nogilcheck.inputs.text.logical_lines import MAX_LINE_LENGTH, logical_lines, split_options
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.source import Bounds, Location, Root

_MARK = "\x01"
"""Between the text of a line and its number: no blank, and no part of configparser's syntax."""

_EXTRAS = "options.extras_require"

_Lines = list[tuple[str, int | None]]


def read_setup_cfg(text: str, path: str, neighbours: Neighbours) -> Content:
    """The dependencies, the extras and the Pythons of a project.

    Raises `NothingStatedError` for a file with settings of other tools only, `UnreadableSourceError` for one that
    cannot be read. What a setup.py beside it passes to ``setup()`` replaces what is here, and is never run.
    """
    document = Document(path, neighbours)
    content = read_stated(text, document)
    if document.diagnostics.complete and not content.has_roots(""):
        document.diagnostics.note("no install_requires: the project itself requires nothing", Location(path=path))
    return completed(content, document)


def read_stated(text: str, document: Document) -> Content:
    """What a setup.cfg states, for a pyproject.toml too that leaves some of it to setup.cfg.

    Raises what `read_setup_cfg` does.
    """
    parser = _parsed(text)
    if not parser.has_section("options") and not parser.has_section(_EXTRAS):
        raise NothingStatedError(
            "states no dependencies: it has no section [options]",
            hint="Name the file that states them, such as pyproject.toml or requirements.txt.",
        )
    name = _option(parser, "metadata", "name")
    extras = parser.options(_EXTRAS) if parser.has_section(_EXTRAS) else []
    if may_require(document.neighbours):
        document.diagnostics.take([gap(document.neighbours, REPLACING)])
    stated = [(_option(parser, "options", "install_requires"), CORE)]
    stated += [(_option(parser, _EXTRAS, extra), extra_part(extra)) for extra in extras]
    roots = (root for lines, part in stated for root in _roots(document, lines, part))
    return Content(
        name=canonicalize_name(name[0][0]) if name and not name[0][0].startswith(("file:", "attr:")) else None,
        roots=document.diagnostics.bounded(roots),
        bounds=_bounds(document, _option(parser, "options", "python_requires")),
        extras=unique(map(canonicalize_name, extras)),
    )


def _bounds(document: Document, lines: _Lines) -> Bounds | None:
    for text, line in lines[:1]:
        where = Location(path=document.path, line=line)
        if (specifiers := specifier_set(text)) is None:
            document.diagnostics.reject(where, f"python_requires is not a version specifier set: {text}")
        elif specifiers:
            return Bounds(project="", location=where, requires_python=text)
    return None


def _parsed(text: str) -> configparser.RawConfigParser:
    """The file, with its number after each line, since configparser tells no places."""
    parser = configparser.RawConfigParser()
    lines = text.replace(_MARK, " ").replace("\r\n", "\n").split("\n")
    marked = (f"{line}{_MARK}{number}" if line.strip() else line for number, line in enumerate(lines, 1))
    try:
        parser.read_string("\n".join(marked))
    except configparser.MissingSectionHeaderError as error:
        raise UnreadableSourceError("not a setup.cfg: no section header", line=error.lineno) from error
    except configparser.ParsingError as error:
        line = error.errors[0][0] if getattr(error, "errors", None) else getattr(error, "lineno", None)
        raise UnreadableSourceError("not a setup.cfg: a line that is neither key nor value", line=line) from error
    except (configparser.DuplicateSectionError, configparser.DuplicateOptionError) as error:
        what = f"[{error.section}]"
        if isinstance(error, configparser.DuplicateOptionError):
            what = f"{error.option} in {what}"
        raise UnreadableSourceError(f"not a usable setup.cfg: {what} is there twice", line=error.lineno) from error
    return parser


def _option(parser: configparser.RawConfigParser, section: str, name: str) -> _Lines:
    """The parts of a value, lines or, on a single line, what semicolons separate; each with its line number."""
    for spelling in (name, name.replace("_", "-")):
        if parser.has_option(section, spelling):
            return list(_value_lines(parser.get(section, spelling)))
    return []


def _value_lines(value: str) -> Iterator[tuple[str, int | None]]:
    lines = value.split("\n")
    for line in lines:
        written, _, number = line.partition(_MARK)
        for part in written.split(";") if len(lines) == 1 else [written]:
            text = part.strip()
            if text and not text.startswith("#"):
                yield text, int(number) if number.isdecimal() else None


def _roots(document: Document, lines: _Lines, part: Part) -> Iterator[Root]:
    """Requirements, or ``file:`` and the names of files."""
    if lines and lines[0][0].startswith("file:"):
        joined = [(text.removeprefix("file:"), line) for text, line in lines]
        names = [(name.strip(), line) for text, line in joined for name in text.split(",")]
        places = ((name, Location(path=document.path, line=line)) for name, line in names if name)
        yield from read_requirement_files(document, places, part)
        return
    for text, line in lines:
        if root := read_dependency(document, text, Location(path=document.path, line=line), part):
            yield root


def read_requirement_files(document: Document, names: Iterable[tuple[str, Location]], part: Part) -> Iterator[Root]:
    """The requirements of files inside the project, each of which is named at a place."""
    for name, asked in names:
        if _outside(name):
            document.diagnostics.reject(asked, f"{name} is not inside the project, as build backends want it")
            continue
        shown = document.neighbours.shown(name)
        try:
            text = document.neighbours.text(name)
        except UnreadableSourceError as error:
            where = asked if error.line is None else Location(path=shown, line=error.line)
            document.diagnostics.reject(where, f"{name}: {error.message}", error.hint)
            continue
        yield from _lines(document, text, shown, part)


def _lines(document: Document, text: str, shown: str, part: Part) -> Iterator[Root]:
    # A build backend expands no variables.
    for line in logical_lines(text, lambda _: None):
        where = Location(path=shown, line=line.number)
        if line.oversized:
            document.diagnostics.reject(where, f"a line of more than {MAX_LINE_LENGTH} characters")
            continue
        requirement, options = split_options(line.text)
        if options:
            document.diagnostics.reject(
                where,
                f"an option in a file that a build backend reads, which takes requirements only: {line.text}",
                "Write the requirements out, without options.",
            )
        elif requirement and (root := read_dependency(document, requirement, where, part)):
            yield root


def _outside(name: str) -> bool:
    """Whether a path leads out of the project (setuptools refuses it; such a file would not be in the sdist)."""
    path = PureWindowsPath(name)
    return bool(path.anchor) or PurePosixPath(name).is_absolute() or ".." in path.parts
