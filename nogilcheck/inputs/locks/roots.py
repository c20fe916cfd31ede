"""Roots of a lock that does not tell them: from the project beside it, or from what nothing else requires."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from packaging.specifiers import SpecifierSet

from nogilcheck.inputs.file_content.content import Content, joined_settings, unique
from nogilcheck.inputs.file_content.diagnostics import CORE, MAX_REQUIREMENTS, NothingStatedError, Part, group_part
from nogilcheck.inputs.file_content.document import Document
from nogilcheck.inputs.file_content.graph import covering, reach
from nogilcheck.inputs.locks.entries import pinned_root
from nogilcheck.inputs.text.neighbours import PROJECT_FILE, Neighbours
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.lock import Lock, LockedDistribution
from nogilcheck.model.source import Bounds, IndexSettings, Root

Member = tuple[LockedDistribution, tuple[Part, ...]]
"""An entry of a lock, and the parts of the project for which it is locked."""


def project_beside(neighbours: Neighbours) -> Content | None:
    """What pyproject.toml beside a lock says; ``None`` where there is none, only ``unread`` where it cannot be read."""
    if not neighbours.exists(PROJECT_FILE):
        return None
    from nogilcheck.inputs.projects.pyproject import read_pyproject

    shown = neighbours.shown(PROJECT_FILE)
    try:
        return read_pyproject(neighbours.text(PROJECT_FILE), shown, neighbours)
    except NothingStatedError:  # it configures tools only
        return None
    except UnreadableSourceError as error:
        return Content(unread=(error.unread(shown),))


def lock_content(
    document: Document,
    kind: str,
    roots: Iterable[Root],
    distributions: Iterable[LockedDistribution],
    *,
    has_graph: bool = True,
    bounds: Bounds | None = None,
    settings: IndexSettings | None = None,
    extras: Iterable[str] = (),
    groups: Iterable[str] = (),
    defaults: Iterable[str] = (),
    conflicts: tuple[frozenset[tuple[str, str | None]], ...] = (),
    project: Content | None = None,
    states_core: bool = True,
    again: str = "",
    is_for_every_python: bool = True,
) -> Content:
    """What a lock says, with what of it could not be understood.

    ``defaults`` are groups that are always installed.
    ``project`` is what the project beside the lock says of itself; its roots are in the lock already.
    """
    project = project or Content()
    diagnostics = document.diagnostics
    return Content(
        lock=Lock(
            path=document.path,
            kind=kind,
            roots=tuple(roots),
            distributions=tuple(distributions),
            selected=frozenset(("group", name) for name in defaults),
            conflicts=conflicts,
            has_graph=has_graph,
            again=again,
            is_for_every_python=is_for_every_python,
            bounding=project.constraints,
            overrides=project.overrides,
        ),
        settings=joined_settings(settings or IndexSettings(), _choice(project.settings)),
        bounds=bounds or project.bounds,
        extras=unique((*project.extras, *extras)),
        groups=unique((*project.groups, *groups)),
        states_core=states_core,
        # What only a build could tell, the lock knows.
        unread=(
            *(unread for unread in project.unread if not unread.needs_build and unread.setting != "choice"),
            *diagnostics.unread,
        ),
        notes=(*project.notes, *diagnostics.notes),
    )


def lock_roots(
    asked: Sequence[Root], members: Sequence[Member], held: Callable[[str], bool] = lambda _: True
) -> tuple[Root, ...]:
    """``asked``, and a root for what they do not lead to and nothing else requires.

    The parts of a project are looked at one by one: what the core asks for may be required within a group as well.
    Of entries that require one another, the first is a root. ``held``: whether a requirement with a marker was one of
    the reasons for what is listed (`held_in`). Raises `UnreadableSourceError` where there are too many.
    """
    graph = _Graph([entry for entry, _ in members], held)
    reached = graph.reached((root.name, root.extras) for root in asked if root.name is not None)
    by_part: dict[Part, list[LockedDistribution]] = {}
    for entry, parts in members:
        for part in parts if entry.name not in reached else ():
            by_part.setdefault(part, []).append(entry)
    roots = dict.fromkeys(asked)
    for part, distributions in by_part.items():
        tops = set(_Graph(distributions, held).tops())
        roots |= dict.fromkeys(pinned_root(entry, part) for entry in distributions if entry.name in tops)
        if len(roots) > MAX_REQUIREMENTS:
            raise UnreadableSourceError(f"more than {MAX_REQUIREMENTS} requirements in all")
    return tuple(roots)


def as_stated(pins: Iterable[Root], stated: Iterable[Root]) -> Iterator[Root]:
    """Pins of a lock without a graph, in the words of the project's requirement that each comes from: these bound it.

    A pin stays as it is where several requirements are about it, or what is locked does not satisfy the one.
    """
    known: dict[tuple[str | None, ...], list[Root]] = {}
    for root in stated:
        known.setdefault((root.name, root.group, root.kind), []).append(root)
    for pin in pins:
        match known.get((pin.name, pin.group, pin.kind), ()):
            case [root] if root.url is None and pin.url is None and _admits(root, version := pin.specifier[2:]):
                words = replace(pin, requirement=root.requirement, specifier=root.specifier, location=root.location)
                yield replace(words, locked=version)
            case _:
                yield pin


def _admits(root: Root, version: str) -> bool:
    return bool(version) and SpecifierSet(root.specifier).contains(version, prereleases=True)


def _choice(settings: IndexSettings) -> IndexSettings:
    """What the settings beside a lock say of choice: for plans, and for what of the locked files is installed."""
    return IndexSettings(
        cutoffs=settings.cutoffs,
        only_binary=settings.only_binary,
        no_binary=settings.no_binary,
        origins=settings.origins,
    )


_Step = tuple[str, str | None]
"""A project, or one extra of it."""


class _Graph:
    """Which project leads to which; entries of one project count as one."""

    def __init__(self, distributions: Iterable[LockedDistribution], held: Callable[[str], bool]) -> None:
        self._edges: dict[_Step, dict[_Step, None]] = {}
        self._names: dict[str, None] = {}
        for distribution in distributions:
            self._names[distribution.name] = None
            for dependency in distribution.dependencies:
                if dependency.marker and not held(dependency.marker):
                    continue
                edges = self._edges.setdefault((distribution.name, dependency.extra), {})
                edges.update(dict.fromkeys(_steps(dependency.name, dependency.extras)))

    def reached(self, starts: Iterable[tuple[str, Iterable[str]]]) -> set[str]:
        """The projects that requirements (name, extras) lead to, with themselves."""
        return {name for name, _ in reach((step for start in starts for step in _steps(*start)), self._edges)}

    def tops(self) -> list[str]:
        """Projects that together lead to all the others: those that no other requires, and one of each cycle."""
        asked = {target for targets in self._edges.values() for target in targets}
        required = {
            name
            for step, targets in self._edges.items()
            if step[1] is None or step in asked
            for name, extra in targets
            if extra is None and name != step[0]
        }
        steps = covering([(name, None) for name in self._names], self._edges, {(name, None) for name in required})
        return [name for name, _ in steps]


def _steps(name: str, extras: Iterable[str]) -> Iterator[_Step]:
    yield name, None
    for extra in extras:
        yield name, extra


def parts_named(names: Iterable[str], core: str, kinds: Mapping[str, Part]) -> tuple[Part, ...]:
    """The parts behind the normalized names of a lock's groups: ``core`` is the project's own requirements.

    ``kinds`` tells the parts that are known otherwise; all others are dependency groups.
    """
    return tuple(dict.fromkeys(CORE if name == core else kinds.get(name, group_part(name)) for name in names))
