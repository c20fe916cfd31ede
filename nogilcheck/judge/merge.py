"""Several projects on one target -> one graph, as a report shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from packaging.version import Version

from nogilcheck.judge.findings import TargetResult
from nogilcheck.model.graph import Edge, Graph, GraphGap, Node, node_key
from nogilcheck.model.report.finding import Advice
from nogilcheck.model.source import Bounds
from nogilcheck.model.verdict import WORST_FIRST, Verdict

_Identity = tuple[str, Version | None, bool]


def merge(
    judged: Sequence[TargetResult],
    *,
    excluded_by: Iterable[Bounds] = (),
    discouraged_by: tuple[Bounds, ...] = (),
    gaps: Iterable[GraphGap] = (),
) -> TargetResult:
    """What several projects (at least one) get on the same target, together.

    A version that several of them have is one distribution, with the worst verdict and with the edges of all;
    different versions stand side by side. The graphs must number their roots as `Inputs.all_roots` does.
    ``excluded_by``, ``discouraged_by`` and ``gaps`` are what else there is to say of the target.
    """
    merging = _Merging()
    projects = tuple(map(merging.add, judged))
    graph = Graph(
        nodes=merging.nodes,
        edges=tuple(dict.fromkeys(edge for project in projects for edge in project.edges)),
        gaps=tuple(dict.fromkeys([*(gap for one in judged for gap in one.graph.gaps), *gaps])),
        not_applicable=frozenset[int]().union(*(one.graph.not_applicable for one in judged)),
        capped=frozenset[int]().union(*(one.graph.capped for one in judged)),
    )
    return TargetResult(
        target=judged[0].target,
        graph=graph,
        verdicts=merging.verdicts,
        advice=merging.advice,
        projects=projects,
        discouraged_by=discouraged_by,
        excluded_by=tuple(dict.fromkeys([*(bounds for one in judged for bounds in one.excluded_by), *excluded_by])),
    )


class _Merging:
    """The distributions of the projects so far."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.verdicts: dict[str, Verdict] = {}
        self.advice: dict[str, tuple[Advice, ...]] = {}
        self._keys: dict[_Identity, str] = {}

    def add(self, one: TargetResult) -> Graph:
        """Take in a project, and give back its graph under the keys of all of them."""
        keys = {
            key: self._take_in(node, one.verdicts.get(key), one.advice.get(key, ()))
            for key, node in one.graph.nodes.items()
        }
        return Graph(
            nodes={keys[key]: node for key, node in one.graph.nodes.items()},
            edges=tuple(_renamed(edge, keys) for edge in one.graph.edges),
            gaps=one.graph.gaps,
        )

    def _take_in(self, node: Node, verdict: Verdict | None, advice: tuple[Advice, ...]) -> str:
        identity = (node.name, node.version, node.local)
        key = self._keys.get(identity)
        if key is None:
            key = self._keys[identity] = node_key(node.name, node.version, self.nodes)
            self.nodes[key] = node
            if verdict is not None:
                self.verdicts[key], self.advice[key] = verdict, advice
        elif verdict is not None:
            known = self.verdicts[key]
            if WORST_FIRST.index(verdict.severity) < WORST_FIRST.index(known.severity):
                self.nodes[key], self.verdicts[key] = _with_warnings(node, self.nodes[key]), verdict
                self.advice[key] = advice
            else:
                self.nodes[key] = _with_warnings(self.nodes[key], node)
                if verdict.severity is known.severity:  # each project has its own way out
                    self.advice[key] = tuple(dict.fromkeys((*self.advice[key], *advice)))
        return key


def _with_warnings(node: Node, other: Node) -> Node:
    """The node with what there is to warn of in either."""
    held_back = node if node.held_back_from is not None else other
    return replace(
        node,
        missing_extras=tuple(dict.fromkeys((*node.missing_extras, *other.missing_extras))),
        held_back_from=held_back.held_back_from,
        held_back_by=held_back.held_back_by,
        discarded=node.discarded or other.discarded,
        disagreeing=node.disagreeing or other.disagreeing,
        assumed_from=node.assumed_from or other.assumed_from,
        rivals=node.rivals or other.rivals,
        unanswered=node.unanswered or other.unanswered,
    )


def _renamed(edge: Edge, keys: dict[str, str]) -> Edge:
    parent = keys[edge.parent] if isinstance(edge.parent, str) else edge.parent
    child = keys[edge.child]
    return edge if (parent, child) == (edge.parent, edge.child) else replace(edge, parent=parent, child=child)
