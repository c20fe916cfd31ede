"""The verdicts of a project's extras and groups, and of what is left without any."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence, Set

from nogilcheck.judge.findings import TargetResult
from nogilcheck.model.graph import Edge, GraphGap
from nogilcheck.model.report.report import BLOCKED, READY, UNDECIDED
from nogilcheck.model.source import Root
from nogilcheck.model.verdict import Severity

Parts = tuple[str | None, Mapping[str, str], Mapping[str, str]]
"""The verdicts on one target: of the core, its extras and its groups, as in `TargetSummary`."""
_Stage = tuple[int, str, str]
"""The number of a project, the key of a distribution in it, and an extra of that."""


def judge_parts(roots: Sequence[Root], judged: TargetResult, *, unread: bool) -> Parts:
    """What the core, each extra and each group of ``roots`` amount to; every part needs the core as well.

    ``unread``: something of the input could not be read, so that nothing can be called ready.
    """
    of_part: dict[tuple[str, str], list[int]] = {}
    core: list[int] = []
    for position, root in enumerate(roots):
        if root.kind and root.group is not None:
            of_part.setdefault((root.kind, root.group), []).append(position)
        else:
            core.append(position)
    if not of_part:
        return None, {}, {}
    weighing = _Weighing(roots, judged, unread=unread)
    shared = weighing.reach(core, frozenset())
    verdicts = {
        part: weighing.verdict([*core, *positions], shared | weighing.reach(positions, shared))
        for part, positions in of_part.items()
    }
    extras, groups = (
        {name: verdict for (kind, name), verdict in verdicts.items() if kind == wanted} for wanted in ("extra", "group")
    )
    return weighing.verdict(core, shared) if core else None, extras, groups


class _Weighing:
    """The graphs of one target, read from the roots down."""

    def __init__(self, roots: Sequence[Root], judged: TargetResult, *, unread: bool) -> None:
        self._roots = roots
        self._judged = judged
        self._unread = unread
        self._names = {node.name for node in judged.graph.nodes.values()}
        self._locations = {root.location for root in roots}
        self._from_root: defaultdict[int, list[tuple[int, Edge]]] = defaultdict(list)
        self._from_stage: defaultdict[_Stage, list[Edge]] = defaultdict(list)
        for number, graph in enumerate(judged.graphs):
            for edge in graph.edges:
                if isinstance(edge.parent, int):
                    self._from_root[edge.parent].append((number, edge))
                else:
                    self._from_stage[number, edge.parent, edge.extra or ""].append(edge)

    def reach(self, positions: Iterable[int], known: Set[_Stage]) -> set[_Stage]:
        """Everything that these roots bring in, save for what is known already."""
        found: set[_Stage] = set()
        queue: deque[_Stage] = deque()

        def meet(number: int, edge: Edge) -> None:
            for extra in ("", *edge.child_extras):
                stage = (number, edge.child, extra)
                if stage not in found and stage not in known:
                    found.add(stage)
                    queue.append(stage)

        for position in positions:
            for number, edge in self._from_root[position]:
                meet(number, edge)
        while queue:
            stage = queue.popleft()
            for edge in self._from_stage[stage]:
                meet(stage[0], edge)
        return found

    def verdict(self, positions: Iterable[int], reached: Set[_Stage]) -> str:
        """What everything that was reached from the roots at these positions amounts to."""
        keys = {key for _, key, _ in reached}
        verdicts = self._judged.verdicts
        severities = {verdicts[key].severity for key in keys if key in verdicts}
        if self._judged.excluded_by or Severity.BLOCKER in severities:
            return BLOCKED
        names = {self._judged.graph.nodes[key].name for key in keys}
        locations = {self._roots[position].location for position in positions}
        concerned = any(self._concerns(gap, names, locations) for gap in self._judged.graph.gaps)
        return UNDECIDED if self._unread or concerned or Severity.GAP in severities else READY

    def _concerns(self, gap: GraphGap, names: Set[str], locations: Set[object]) -> bool:
        """Whether a gap is about any of these; one that is about nothing in particular concerns everything."""
        if gap.distribution in self._names:
            return gap.distribution in names
        return gap.location not in self._locations or gap.location in locations
