"""What a resolution came to, and whether it proves a plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nogilcheck.model.artifact import MissingKind
from nogilcheck.model.graph import GapKind, Graph, GraphGap
from nogilcheck.model.plan import Move
from nogilcheck.model.verdict import Severity

if TYPE_CHECKING:
    from packaging.version import Version

    from nogilcheck.judge.findings import TargetResult

_BROKEN = frozenset({MissingKind.CONFLICT, MissingKind.NO_VERSION, MissingKind.UNRESOLVED})
"""An installer would refuse."""


def proves(judged: TargetResult, *, today: TargetResult) -> bool:
    """Whether it contradicts nothing and rests on nothing unknown that the resolution of ``today`` does not rest on."""
    if any(
        gap.kind is GapKind.CUT_OFF or (gap.missing is not None and gap.missing.kind in _BROKEN)
        for gap in judged.graph.gaps
    ):
        return False
    return _doubts(judged) <= _doubts(today)


def _doubts(judged: TargetResult) -> set[tuple[str, str]]:
    """What is not known: the kind of gap, and about whom."""
    unknown = {
        ("verdict", judged.graph.nodes[key].name)
        for key, one in judged.verdicts.items()
        if one.severity is Severity.GAP
    }
    return unknown | {(gap.kind.value, _about(gap)) for gap in judged.graph.gaps}


def _about(gap: GraphGap) -> str:
    """About whom it is. That an index does not tell when files were uploaded is about no single project."""
    return "" if gap.kind is GapKind.UPLOAD_TIME else gap.distribution or gap.text


def blocked_names(judged: TargetResult) -> list[str]:
    """The projects that are blocked."""
    found = (judged.graph.nodes[key].name for key, one in judged.verdicts.items() if one.severity is Severity.BLOCKER)
    return list(dict.fromkeys(found))


def versions_of(graph: Graph) -> dict[str, Version]:
    """The versions that were chosen."""
    return {node.name: node.version for node in graph.nodes.values() if node.version is not None}


def moves(before: Graph, after: Graph) -> tuple[Move, ...]:
    """The distributions that are installed in another version, or not any more, or newly; by name."""
    old, new = versions_of(before), versions_of(after)
    return tuple(
        Move(project=name, before=_text(old.get(name)), after=_text(new.get(name)))
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    )


def numbered_from(first: int, graph: Graph) -> Graph:
    """The graph of one project with its own roots counted from 0."""
    edges = (
        replace(edge, parent=edge.parent - first) if isinstance(edge.parent, int) else edge for edge in graph.edges
    )
    return replace(graph, edges=tuple(edges))


def _text(version: Version | None) -> str | None:
    return None if version is None else str(version)
