"""Follow a lock for one build: nothing is resolved, and no network is needed where the lock names files."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence

from packaging.version import Version

from nogilcheck.model.artifact import Fetcher, Missing, MissingKind
from nogilcheck.model.filenames import parse_version
from nogilcheck.model.graph import Edge, GapKind, Graph, GraphGap, Node, node_key
from nogilcheck.model.lock import Lock, LockedDependency, LockedDistribution
from nogilcheck.model.source import IndexSettings, Location, Root
from nogilcheck.model.target import Target
from nogilcheck.resolve.locked.conditions import Conditions
from nogilcheck.resolve.locked.contradictions import disobeyed, doubled
from nogilcheck.resolve.locked.files import LockedFiles
from nogilcheck.resolve.markers import MarkerEvaluator
from nogilcheck.resolve.roots import (
    NOTHING_APPLIES,
    applying_roots,
    capped,
    missing_project,
    nothing_applies,
    unknown_marker,
)
from nogilcheck.resolve.unanswered import unanswered_indexes
from nogilcheck.resolve.versions import specifier_set

MAX_FORKS = 64
"""Entries of one project that one requirement may lead to; uv writes one for each fork of its resolution."""


def follow(
    lock: Lock,
    build: Target,
    fetcher: Fetcher | None,
    *,
    settings: IndexSettings | None = None,
    exclude_newer: str | None = None,
    first_root: int = 0,
) -> Graph:
    """The graph of what an installer takes from the lock on this build.

    The index is asked only for the files of entries that name none; without a ``fetcher`` those are gaps.
    ``first_root``: the position of the lock's first root in the run (`Inputs.first_roots`).
    """
    files = LockedFiles(build, fetcher, settings or IndexSettings(), exclude_newer=exclude_newer)
    return _Follower(lock, build, first_root).graph(files)


class _Follower:
    """Follows one lock for one build, once."""

    def __init__(self, lock: Lock, build: Target, first_root: int) -> None:
        self._lock = lock
        self._build = build
        self._first_root = first_root
        self._roots = dict(enumerate(lock.roots, start=first_root))
        """By their position in the run."""
        self._markers = MarkerEvaluator(build.environment)
        self._conditions = Conditions(self._markers, lock)
        self._of_name: defaultdict[str, list[int]] = defaultdict(list)
        self._of_version: defaultdict[tuple[str, Version | str | None], list[int]] = defaultdict(list)
        for number, entry in enumerate(lock.distributions):
            self._of_name[entry.name].append(number)
            self._of_version[entry.name, _comparable(entry.version)].append(number)
        self._applying: dict[tuple[str, str | None], list[int]] = {}
        self._fitting: dict[tuple[str, str | None, str, str | None], list[int]] = {}
        self._required: dict[int, dict[str, list[LockedDependency]]] = {}
        self._keys: dict[int, str] = {}
        self._taken: set[str] = set()
        self._seen: set[tuple[int, str]] = set()
        self._queue: deque[tuple[int, str]] = deque()
        self._edges: list[Edge] = []
        self._gaps: dict[GraphGap, None] = {}
        self._not_applicable: frozenset[int] = frozenset()
        self._left_out = False
        """A dependency does not apply."""

    def graph(self, files: LockedFiles) -> Graph:
        """The graph of every entry that is reached, breadth first, with every edge between them."""
        self._follow()
        reached = {key: self._lock.distributions[number] for number, key in self._keys.items()}
        for gap in disobeyed(self._lock, reached.values(), self._markers.holds):
            self._note(gap)
        files.prefetch(reached.values())
        nodes = {key: self._node(files, entry) for key, entry in reached.items()}
        if self._left_out and not self._gaps and all(node.local for node in nodes.values()):
            where = Location(path=self._lock.path)
            self._note(GraphGap(kind=GapKind.NOTHING_APPLIES, text=NOTHING_APPLIES, location=where))
        failed = unanswered_indexes(
            [(node.name, missing) for node in nodes.values() for missing in node.unanswered],
            [node.missing for node in nodes.values() if node.missing],
        )
        return Graph(
            nodes=nodes,
            edges=tuple(self._edges),
            gaps=(*failed, *self._gaps),
            not_applicable=self._not_applicable,
            capped=capped(self._roots, self._not_applicable, self._build),
        )

    def _follow(self) -> None:
        applying, gaps = applying_roots(self._lock.roots, self._conditions.of_project)
        positions = {position for position, _ in applying}
        for gap in (*gaps, *nothing_applies(self._lock.roots, positions, Location(path=self._lock.path))):
            self._note(gap)
        others = set(range(len(self._lock.roots))) - positions
        self._not_applicable = frozenset(self._first_root + position for position in others)
        for position, root in applying:
            self._start(self._first_root + position, root)
        for gap in doubled(self._lock, self._applying_for_certain()):
            self._note(gap)
        while self._queue:
            number, extra = self._queue.popleft()
            entry = self._lock.distributions[number]
            for wanted in self._dependencies(number).get(extra, ()):
                holds = self._conditions.of_dependency(wanted.marker, extra)
                if holds is False:
                    self._left_out = True
                    continue
                if holds is None:
                    self._note(unknown_marker(wanted.marker, entry.name, entry.location))
                asker = " ".join(filter(None, (entry.name, entry.version)))
                self._ask(self._keys[number], wanted, f"{asker} requires", about=entry.name, location=entry.location)

    def _applying_for_certain(self) -> Iterator[LockedDistribution]:
        """The entries whose marker holds; what is said of the others is that it cannot be known."""
        return (entry for entry in self._lock.distributions if self._conditions.of_project(entry.marker))

    def _start(self, position: int, root: Root) -> None:
        if root.name is None:
            text = f"'{root.requirement}' is a direct reference, which is not checked"
            missing = Missing(kind=MissingKind.DIRECT_URL, text=text)
            self._note(missing_project(missing, location=root.location))
            return
        wanted = LockedDependency(
            name=root.name,
            version=root.locked,
            specifier=root.specifier,
            extras=root.extras,
            marker=root.marker,
            reference=root.url,
        )
        self._ask(position, wanted, f"'{root.requirement}' asks for", about=root.name, location=root.location)

    def _ask(self, parent: int | str, wanted: LockedDependency, asker: str, *, about: str, location: Location) -> None:
        """Follow one requirement to every entry that it leads to; where there is none, add a gap ``about`` it."""
        entries = self._matching(wanted)
        if not entries:
            subject = " ".join(filter(None, (wanted.name, wanted.version)))
            which = "no entry that applies to the target" if self._known(wanted.name, wanted.version) else "no entry"
            text = f"{asker} {subject}, for which {self._lock.path} has {which}"
            self._note(GraphGap(kind=GapKind.DEPENDENCIES, text=text, distribution=about, location=location))
        for number in entries:
            edge = Edge(
                parent=parent,
                child=self._key(number),
                specifier=wanted.specifier,
                extra=wanted.extra,
                marker=wanted.marker,
                child_extras=wanted.extras,
            )
            self._edges.append(edge)
            for stage in ((number, extra) for extra in ("", *wanted.extras)):
                if stage not in self._seen:
                    self._seen.add(stage)
                    self._queue.append(stage)

    def _matching(self, wanted: LockedDependency) -> list[int]:
        """The entries that a requirement leads to: by version and marker, and by specifier if any entry satisfies it.

        Where none does, all of them: an installer takes what the lock has, whatever the specifier says.
        """
        key = (wanted.name, wanted.version, wanted.specifier, wanted.reference)
        if key not in self._fitting:
            applying = self._entries(wanted.name, wanted.version)
            if wanted.reference is not None:
                named = [one for one in applying if self._lock.distributions[one].reference == wanted.reference]
                applying = named or applying
            # ``==2.5`` admits ``2.5+cpu`` as well (PEP 440), and a lock may have entries for both.
            exact = [number for number in applying if self._pinned(number, wanted.specifier)]
            fitting = exact or [number for number in applying if self._fits(number, wanted.specifier)]
            self._fitting[key] = fitting or applying
        return self._fitting[key]

    def _entries(self, name: str, version: str | None) -> list[int]:
        """The entries of a project, or of one version of it, that belong to the build."""
        key = (name, version)
        if key not in self._applying:
            applying = []
            for number in self._known(name, version):
                entry = self._lock.distributions[number]
                holds = self._conditions.of_project(entry.marker)
                if holds is None:
                    self._note(unknown_marker(entry.marker, name, entry.location))
                if holds is not False:
                    applying.append(number)
            if len(applying) > MAX_FORKS:
                text = f"{self._lock.path} has {len(applying)} entries for {name}, of which {MAX_FORKS} are followed"
                self._note(GraphGap(kind=GapKind.CUT_OFF, text=text, distribution=name))
            self._applying[key] = applying[:MAX_FORKS]
        return self._applying[key]

    def _known(self, name: str, version: str | None) -> Sequence[int]:
        if version is None:
            return self._of_name.get(name, ())
        return self._of_version.get((name, _comparable(version)), ())

    def _pinned(self, number: int, specifier: str) -> bool:
        return specifier.startswith("==") and _comparable(self._lock.distributions[number].version) == _comparable(
            specifier.removeprefix("==")
        )

    def _fits(self, number: int, specifier: str) -> bool:
        version = _comparable(self._lock.distributions[number].version)
        return isinstance(version, Version) and specifier_set(specifier).contains(version, prereleases=True)

    def _dependencies(self, number: int) -> dict[str, list[LockedDependency]]:
        """The dependencies of an entry, by the extra that adds them."""
        if number not in self._required:
            required: dict[str, list[LockedDependency]] = {}
            if self._lock.has_graph:
                for dependency in self._lock.distributions[number].dependencies:
                    required.setdefault(dependency.extra or "", []).append(dependency)
            self._required[number] = required
        return self._required[number]

    def _key(self, number: int) -> str:
        if number not in self._keys:
            entry = self._lock.distributions[number]
            key = self._keys[number] = node_key(entry.name, entry.version, self._taken)
            self._taken.add(key)
        return self._keys[number]

    def _node(self, files: LockedFiles, entry: LockedDistribution) -> Node:
        node = files.node(entry)
        if node.missing:
            self._note(missing_project(node.missing, node.name, entry.location))
        return node

    def _note(self, gap: GraphGap) -> None:
        self._gaps[gap] = None


def _comparable(version: str | None) -> Version | str | None:
    return None if version is None else parse_version(version) or version
