"""conda's environment.yml: the requirements under ``pip:``. See conda's guide, "Managing environments"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.file_content.diagnostics import NothingStatedError
from nogilcheck.inputs.file_content.document import Document
from nogilcheck.inputs.specifiers.requirement import ParsedRequirement, RejectedError, parse_editable, parse_requirement
from nogilcheck.inputs.text.block_yaml import YamlLine, flow_list, key_of, scalar, sections, yaml_lines
from nogilcheck.inputs.text.logical_lines import logical_lines, split_options
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.paths import absolute
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.source import Location, Root
from nogilcheck.model.urls import redact

MAX_FILES = 100
"""Requirements files that the pip section includes."""

MAX_SHOWN_PACKAGES = 20
"""Names of conda packages in the note on them."""

CONDA_HINT = "Check an environment that conda has made (nogilcheck --env DIRECTORY), or name what PyPI has of them."
PYTHON_HINT = "The targets are those of --python; conda's own free-threaded build is python-freethreading."

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
    reader = _EnvironmentReader(Document(path, neighbours))
    stated = False
    for key, line, value, lines in sections(yaml_lines(text)):
        if key == "dependencies":
            stated = True
            reader.read_dependencies(line, value, lines)
    if not stated:
        raise NothingStatedError("no dependencies in it: not an environment file of conda")
    return reader.content()


def not_checked(names: Sequence[str]) -> str:
    """The sentence on conda packages."""
    shown = ", ".join(names[:MAX_SHOWN_PACKAGES]) + (", ..." if len(names) > MAX_SHOWN_PACKAGES else "")
    return f"{'1 conda package is' if len(names) == 1 else f'{len(names)} conda packages are'} not checked: {shown}"


class _EnvironmentReader:
    def __init__(self, document: Document) -> None:
        self._diagnostics = document.diagnostics
        self._neighbours = document.neighbours
        self._path = document.path
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

    def _where(self, line: YamlLine) -> Location:
        return Location(path=self._path, line=line.number)

    def _not_followed(self, where: Location, text: str, hint: str) -> None:
        """Nothing is wrong, but what conda makes of it is not known here."""
        self._diagnostics.reject(where, redact(text), hint, needs_build=True)

    def _cannot_follow(self, line: YamlLine) -> None:
        self._diagnostics.reject(
            self._where(line),
            f"cannot be followed, as conda would not write it: {line.text}",
            "Write one item per line, after a dash.",
        )

    def read_dependencies(self, line: YamlLine, value: str, lines: Sequence[YamlLine]) -> None:
        """The value of ``dependencies``."""
        for item, text, inner in self._items(line, value, lines):
            pair = key_of(text)
            if pair is not None and pair[0] == "pip":
                for line_of_item, requirement, deeper in self._items(item, pair[1], inner):
                    self._read_scalar(line_of_item, requirement, deeper, pip=True)
            else:
                self._read_scalar(item, text, inner, pip=False)

    def _items(
        self, line: YamlLine, value: str, lines: Sequence[YamlLine]
    ) -> Iterator[tuple[YamlLine, str, list[YamlLine]]]:
        """The items of a list: the line, what is on it, the lines below that belong to the item."""
        if value:
            flow = flow_list(" ".join((value, *(below.text for below in lines))))
            if flow is None and value not in {"null", "~"}:
                self._cannot_follow(line)
            yield from ((line, text, []) for text in flow or ())
            return
        indent = lines[0].indent if lines else 0
        at = 0
        while at < len(lines):
            item = lines[at]
            end = at + 1
            while end < len(lines) and lines[end].indent > indent:
                end += 1
            if item.indent == indent and item.is_item:
                yield item, item.item(), list(lines[at + 1 : end])
            else:
                self._cannot_follow(item)
            at = end

    def _read_scalar(self, line: YamlLine, text: str, inner: Sequence[YamlLine], *, pip: bool) -> None:
        value = scalar(text)
        if value is None or inner:
            self._cannot_follow(inner[0] if inner else line)
        elif pip:
            self._read_requirement(value, self._where(line))
        elif package := _PACKAGE.match(value):
            if package["name"].lower() not in _NO_PACKAGES:
                self._packages.setdefault(package["name"], self._where(line))
            elif package["name"].lower() == "python" and package.end() != len(value):
                self._not_followed(
                    self._where(line), f"{value}: the Python that conda takes is not checked", PYTHON_HINT
                )
        else:
            self._cannot_follow(line)

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
