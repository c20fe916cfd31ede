"""What a project file says, gathered part by part: what is unusable is set aside, and the rest counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from nogilcheck.inputs.contents.content import Content
from nogilcheck.inputs.specifiers.dependency_specifiers import fill, parse_dependency, specifier_set
from nogilcheck.inputs.specifiers.own_extras import OwnExtras
from nogilcheck.inputs.specifiers.requirement import RejectedError, parse_editable
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.paths import absolute
from nogilcheck.inputs.text.quoting import abbreviate
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.inputs.text.toml_document import TomlDocument
from nogilcheck.model.source import Bounds, IndexSettings, Location, Root, Unread
from nogilcheck.model.urls import redact

Keys = tuple[str | int, ...]
"""The path of a value in a document."""

Kind = Literal["", "extra", "group"]

MAX_REQUIREMENTS = 50_000
"""Requirements of one file, extras and groups that name one another written out."""

MAX_GROUPS = 1000
"""Dependency groups of one file."""

MAX_UNREAD = 1000
"""Parts of one file that are said to be unusable, each for itself."""

_TYPES = (
    (bool, "a boolean"),
    (str, "a string"),
    (int, "an integer"),
    (float, "a float"),
    (list, "an array"),
    (dict, "a table"),
)


class NothingStatedError(UnreadableSourceError):
    """The file can be read, and has no place where dependencies are stated: it is not what was looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What of a project a requirement belongs to."""

    group: str | None = None
    kind: Kind = ""


CORE = Part()


class ProjectCollector:
    """Gathers the content of one file."""

    def __init__(
        self, path: str, beside: Neighbours, document: TomlDocument | None = None, *, first_line: int = 1
    ) -> None:
        """``document`` begins on the line ``first_line`` of the file."""
        self.path = path
        self.beside = beside
        self.name: str | None = None
        """The project's own name, normalized: requirements on it stand for its extras."""
        self.roots: list[Root] = []
        self.constraints: list[Root] = []
        self.overrides: list[Root] = []
        self.settings = IndexSettings()
        self.extras: dict[str, None] = {}
        self.groups: dict[str, None] = {}
        self.full = False
        """A bound was hit: nothing more is taken."""
        self.notes: list[str] = []
        self.requires_python: str | None = None
        self.environments: tuple[str, ...] = ()
        self._bounds_at: Location | None = None
        self._document = document
        self._offset = first_line - 1
        self._unread: dict[Unread, None] = {}
        self._unread_by_part: dict[tuple[str | None, Kind], list[Unread]] = {}

    def where(self, *keys: str | int) -> Location:
        """The place of a value of the document."""
        line = self._document.line(*keys) if self._document and keys else None
        return Location(path=self.path, line=None if line is None else line + self._offset)

    @property
    def directory(self) -> str:
        """The absolute path of the directory that the file is in."""
        return absolute(self.beside.shown("."))

    def reject(
        self,
        where: Location,
        message: str,
        hint: str | None = None,
        *,
        part: Part = CORE,
        needs_build: bool = False,
    ) -> None:
        """Something that cannot be used, or that only a build could tell."""
        self._set_aside(
            Unread(
                location=where,
                text=abbreviate(message),
                hint=hint and abbreviate(hint),
                needs_build=needs_build,
                group=part.group,
                kind=part.kind,
            )
        )

    @property
    def complete(self) -> bool:
        """Whether nothing was rejected so far."""
        return not self._unread

    def _set_aside(self, unread: Unread) -> None:
        if unread in self._unread:
            return
        if len(self._unread) < MAX_UNREAD:
            self._unread[unread] = None
            self._unread_by_part.setdefault((unread.group, unread.kind), []).append(unread)
        elif not self.full:
            self._stop(unread.location, f"more than {MAX_UNREAD} parts that cannot be used; the rest is not read")

    def share(self, source: Part, target: Part) -> None:
        """What cannot be used of one part concerns another as well, which includes it."""
        for unread in tuple(self._unread_by_part.get((source.group, source.kind), ())):
            if self.full:
                break
            self._set_aside(replace(unread, group=target.group, kind=target.kind))

    def _stop(self, where: Location, message: str) -> None:
        self.full = True
        self._unread.setdefault(Unread(location=where, text=message))

    def note(self, where: Location, text: str) -> None:
        """Something worth saying that changes nothing."""
        self.notes.append(f"{where}: {abbreviate(text)}")

    def table(self, value: object, where: Location, what: str) -> dict[str, Any]:
        """A table, or an empty one in the place of anything else, which is rejected unless it is absent."""
        if isinstance(value, dict):
            return value
        if value is not None:
            self.reject(where, f"{what} has to be a table, not {type_name(value)}")
        return {}

    def array(self, value: object, where: Location, what: str, part: Part = CORE) -> list[Any]:
        """An array, likewise."""
        if isinstance(value, list):
            return value
        if value is not None:
            self.reject(where, f"{what} has to be an array, not {type_name(value)}", part=part)
        return []

    def string(self, value: object, where: Location, what: str, part: Part = CORE) -> str | None:
        """A string, or ``None`` in the place of anything else, likewise."""
        if isinstance(value, str):
            return value
        if value is not None:
            self.reject(where, f"{what} has to be a string, not {type_name(value)}", part=part)
        return None

    def part(self, name: str, kind: Kind) -> Part:
        """The extra (PEP 685) or the dependency group (PEP 735) of this name, which is offered from now on."""
        normalized = canonicalize_name(name)
        (self.extras if kind == "extra" else self.groups).setdefault(normalized)
        return Part(group=normalized, kind=kind)

    def add(self, value: object, where: Location, part: Part = CORE, *, editable: bool = False) -> None:
        """A dependency specifier (PEP 508), or with ``editable`` what follows ``-e``, among the requirements."""
        if not self.full and (root := self.parsed(value, where, part, editable=editable)):
            self.keep(root)

    def add_all(self, value: object, keys: Keys, part: Part = CORE) -> None:
        """An array of dependency specifiers, which is at ``keys``."""
        for root in self.all_parsed(value, keys, part):
            self.keep(root)

    def keep(self, root: Root) -> None:
        """A requirement, unless there are too many of them already."""
        if len(self.roots) < MAX_REQUIREMENTS:
            self.roots.append(root)
        elif not self.full:
            self._stop(root.location, f"more than {MAX_REQUIREMENTS} requirements in all; the rest is not read")

    def rewrite(self, change: Callable[[Root], Iterable[Root]]) -> None:
        """Put others in the place of each requirement, constraint and override."""
        before, self.roots = self.roots, []
        for root in before:
            if len(self.roots) >= MAX_REQUIREMENTS:
                self._stop(root.location, f"more than {MAX_REQUIREMENTS} requirements in all; the rest is not read")
                break
            for one in change(root):
                self.keep(one)
        self.constraints = [one for root in self.constraints for one in change(root)]
        self.overrides = [one for root in self.overrides for one in change(root)]

    def all_parsed(self, value: object, keys: Keys, part: Part = CORE) -> list[Root]:
        """The roots that an array of dependency specifiers at ``keys`` stands for."""
        roots = []
        for index, item in enumerate(self.array(value, self.where(*keys), ".".join(map(str, keys)), part)):
            if self.full:
                break
            if root := self.parsed(item, self.where(*keys, index), part):
                roots.append(root)
        return roots

    def parsed(self, value: object, where: Location, part: Part = CORE, *, editable: bool = False) -> Root | None:
        """The root that a dependency specifier stands for; ``None`` for one that is rejected."""
        text = self.string(value, where, "a requirement", part)
        if text is None:
            return None
        try:
            filled = fill(text, self.directory)
            parsed = parse_editable(filled) if editable else parse_dependency(filled)
        except RejectedError as error:
            if error.local:
                self.beside.exists(error.local)
            self.reject(where, f"{error.message}: {'-e ' if editable else ''}{text}", error.hint, part=part)
            return None
        if parsed.local:
            self.beside.exists(parsed.local)
        root = parsed.root(redact(f"-e {text}" if editable else text.strip()), where)
        return replace(root, editable=editable, group=part.group, kind=part.kind)

    def python(self, value: object, where: Location, what: str) -> None:
        """The Pythons that the project is for (a specifier set); several statements hold together."""
        text = self.string(value, where, what)
        if text is None:
            return
        found = specifier_set(text)
        if found is None:
            self.reject(where, f"{what} is no version specifier set: {text}")
            return
        if self.requires_python is not None:
            found &= SpecifierSet(self.requires_python)
        if str(found):
            self.requires_python = text.strip() if self.requires_python is None else str(found)
            self._bounds_at = self._bounds_at or where

    def limit(self, environments: Iterable[str], where: Location) -> None:
        """The environments that the project is for: markers, of which one has to hold."""
        self.environments = tuple(environments)
        if self.environments:
            self._bounds_at = self._bounds_at or where

    def take(self, other: ProjectCollector, kind: Kind) -> bool:
        """The core, or the extras, of another file that speaks for this project; whether it has any."""
        taken = [root for root in other.roots if root.kind == kind]
        extras = other.extras if kind == "extra" else {}
        if not taken and not extras:
            return False
        self.extras |= extras
        for root in taken:
            self.keep(root)
        for unread in other._unread:
            self._set_aside(unread)
        self.notes += other.notes
        return True

    def take_bounds(self, other: ProjectCollector) -> None:
        """The name and the Pythons of another file that speaks for this project, where this one has none."""
        self.name = self.name or other.name
        if self._bounds_at is None:
            self.requires_python, self._bounds_at = other.requires_python, other._bounds_at

    def content(self) -> Content:
        """Everything together, the requirements of the project on itself written out."""
        roots = self._written_out()
        bounds = None
        if self._bounds_at is not None:
            bounds = Bounds(
                project=self.name or self.path,
                location=self._bounds_at,
                requires_python=self.requires_python,
                environments=self.environments,
            )
        return Content(
            roots=tuple(dict.fromkeys(roots)),
            constraints=tuple(self.constraints),
            overrides=tuple(self.overrides),
            settings=self.settings,
            bounds=bounds,
            extras=tuple(self.extras),
            groups=tuple(self.groups),
            unread=tuple(self._unread),
            notes=tuple(dict.fromkeys(self.notes)),
        )

    def _written_out(self) -> list[Root]:
        roots: list[Root] = []
        own = OwnExtras(self.name, self.extras, self.roots)
        for root in self.roots:
            roots += own.behind(root)
            if len(roots) > MAX_REQUIREMENTS:
                self._stop(root.location, f"stands for too many requirements, more than {MAX_REQUIREMENTS} in all")
                break
        for (group, kind), extras in own.led_to.items():
            for extra in extras:
                self.share(Part(group=extra, kind="extra"), Part(group=group, kind=kind))
        for root, extra in own.missing:
            self.note(root.location, f"the project has no extra {extra!r}")
        for root in own.entangled:
            self.reject(
                root.location, f"the extras of the project name one another in too many ways: {root.requirement}"
            )
        return roots[:MAX_REQUIREMENTS]


def value_at(data: object, *keys: str) -> object:
    """The value at a path of tables; ``None`` when there is none."""
    for key in keys:
        if not isinstance(data, Mapping):
            return None
        data = data.get(key)
    return data


def type_name(value: object) -> str:
    """What TOML calls the type of a value."""
    return next((name for known, name in _TYPES if isinstance(value, known)), "a date or a time")
