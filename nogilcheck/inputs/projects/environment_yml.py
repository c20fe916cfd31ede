"""conda's environment.yml: the requirements under ``pip:``. See conda's guide, "Managing environments"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.file_content.diagnostics import NothingStatedError
from nogilcheck.inputs.file_content.document import Document, Keys
from nogilcheck.inputs.specifiers.conda import CONDA_HINT, PYTHON_HINT, not_checked
from nogilcheck.inputs.specifiers.requirement import ParsedRequirement, RejectedError, parse_editable, parse_requirement
from nogilcheck.inputs.text.logical_lines import logical_lines, split_options
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.paths import absolute
from nogilcheck.inputs.text.quoting import abbreviate
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.inputs.text.yaml_document import YamlDocument
from nogilcheck.model.source import Location, Root
from nogilcheck.model.urls import redact

MAX_FILES = 100
"""Requirements files that the pip section includes."""

_PACKAGE = re.compile(r"(?:[^\s:]+::)?(?P<name>[A-Za-z0-9_][A-Za-z0-9_.-]*)")
"""The name at the start of a conda match specification, after the channel."""

_NO_PACKAGES = frozenset({"python", "pip"})
"""What is no dependency of the project."""

_INCLUDE = re.compile(r"(?:-r\s*|--requirement[ =]\s*)(?P<path>\S.*)")
_EDITABLE = re.compile(r"(?:-e\s*|--editable[ =]\s*)(?P<path>\S.*)")
_HASH = re.compile(r"--hash[ =](?P<hash>[a-z0-9]+:[0-9A-Fa-f]+)")

_HARMLESS = re.compile(r"--(?:trusted-host|prefer-binary|use-feature)\b")
"""Options for pip that change nothing of what is chosen here."""

_OPTION_HINT = "Move the pip section to a requirements file, and check that: there, options are followed."


def read_environment_yml(text: str, path: str, neighbours: Neighbours) -> Content:
    """The requirements of the pip section; conda packages are only named. Raises `UnreadableSourceError`."""
    document = YamlDocument(text)
    if "dependencies" not in document.data:
        raise NothingStatedError("no dependencies in it: not an environment file of conda")
    reader = _EnvironmentReader(Document(path, neighbours, document))
    reader.read_dependencies(document.data["dependencies"])
    return reader.content()


class _EnvironmentReader:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._diagnostics = document.diagnostics
        self._neighbours = document.neighbours
        self._roots: list[Root] = []
        self._packages: dict[str, Location] = {}
        self._included: set[str] = set()

    def content(self) -> Content:
        """Everything together."""
        if self._packages:
            self._not_followed(next(iter(self._packages.values())), not_checked(list(self._packages)), CONDA_HINT)
        return Content(
            roots=self._diagnostics.bounded(dict.fromkeys(self._roots)),
            unread=self._diagnostics.unread,
            notes=self._diagnostics.notes,
        )

    def _not_followed(self, where: Location, text: str, hint: str) -> None:
        """Nothing is wrong, but what conda makes of it is not known here."""
        self._diagnostics.reject(where, redact(text), hint, needs_build=True)

    def read_dependencies(self, value: object) -> None:
        """The value of ``dependencies``."""
        for place, item in self._items(("dependencies",), value):
            pip = item.pop("pip", None) if isinstance(item, dict) else None
            for of_pip, requirement in self._items((*place, "pip"), pip):
                if isinstance(requirement, str):
                    self._read_requirement(requirement, self._document.where(*of_pip))
                else:
                    self._cannot_follow(of_pip, requirement)
            if isinstance(item, str):
                self._read_package(item, place)
            elif item != {}:
                self._cannot_follow(place, item)

    def _items(self, place: Keys, value: object) -> Iterator[tuple[Keys, Any]]:
        if isinstance(value, list):
            yield from (((*place, number), item) for number, item in enumerate(value))
        elif value is not None:
            self._cannot_follow(place, value)

    def _read_package(self, text: str, place: Keys) -> None:
        where = self._document.where(*place)
        package = _PACKAGE.match(text)
        if package is None:
            self._cannot_follow(place, text)
        elif package["name"].lower() not in _NO_PACKAGES:
            self._packages.setdefault(package["name"], where)
        elif package["name"].lower() == "python" and package.end() != len(text):
            self._not_followed(where, f"{text}: the Python that conda takes is not checked", PYTHON_HINT)

    def _cannot_follow(self, place: Keys, value: object) -> None:
        self._diagnostics.reject(
            self._document.where(*place),
            f"cannot be followed, as conda would not write it: {abbreviate(str(value))}",
            "Write one item per line, after a dash.",
        )

    def _read_requirement(self, text: str, where: Location) -> None:
        """One line of what conda hands to ``pip install -r``."""
        if include := _INCLUDE.fullmatch(text):
            self._read_file(include["path"].strip(), where)
        elif editable := _EDITABLE.fullmatch(text):
            self._add(editable["path"].strip(), where, editable=True)
        elif _HARMLESS.match(text):
            self._diagnostics.note(f"an option for pip that changes nothing here: {text}", where)
        elif text.startswith("-"):
            self._not_followed(where, f"an option for pip that is not followed: {text}", _OPTION_HINT)
        else:
            requirement, options = split_options(text)
            self._add(requirement, where, options=options)

    def _read_file(self, name: str, where: Location) -> None:
        shown = self._neighbours.shown(name)
        if shown in self._included:
            return
        self._included.add(shown)
        if len(self._included) > MAX_FILES:
            self._diagnostics.reject(where, f"more than {MAX_FILES} files are included")
            return
        try:
            text = self._neighbours.text(name)
        except UnreadableSourceError as error:
            self._diagnostics.reject(where, f"{name}: {error.message}", error.hint)
            return
        for line in logical_lines(text, lambda _: None):
            place = Location(path=shown, line=line.number)
            if line.oversized:
                self._diagnostics.reject(place, "a line that is too long")
            elif line.text.startswith("-") and _INCLUDE.fullmatch(line.text):
                # Its paths are relative to itself, and it is one that can be named.
                self._diagnostics.reject(place, f"a file that includes others: {line.text}", f"Name {shown} as well.")
            else:
                self._read_requirement(line.text, place)

    def _add(self, text: str, where: Location, *, editable: bool = False, options: str = "") -> None:
        hashes = tuple(match["hash"].lower() for match in _HASH.finditer(options))
        if _HASH.sub("", options).strip():
            self._not_followed(where, f"options of a requirement that are not followed: {options}", _OPTION_HINT)
        try:
            parsed = self._parsed(text, editable=editable)
        except RejectedError as error:
            self._diagnostics.reject(where, f"{error.message}: {text}", error.hint)
            return
        root = parsed.root(redact(f"-e {text}" if editable else text), where)
        self._roots.append(replace(root, editable=editable, hashes=hashes))

    def _parsed(self, text: str, *, editable: bool) -> ParsedRequirement:
        """What a requirement says; conda runs pip in the directory of the file. Raises `RejectedError`."""
        if text.startswith(("./", "../", ".[", ".\\")) or text in {".", ".."}:
            path, bracket, extras = text.partition("[")
            text = absolute(path, self._neighbours.directory) + bracket + extras
        parsed = parse_editable(text) if editable else parse_requirement(text)
        if parsed.local:
            self._neighbours.exists(parsed.local)
        return parsed
