"""Read what a resolution chose, and decide whether it proves a plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from packaging.version import Version

from nogilcheck.jobs.advice.ways_out import is_refusal
from nogilcheck.judge.findings import TargetResult
from nogilcheck.model.graph import GapKind, Graph, GraphGap, versions_of
from nogilcheck.model.plan import Move
from nogilcheck.model.verdict import Severity


def proves(judged: TargetResult, *, today: TargetResult) -> bool:
    """Whether a resolution has no contradictions, and no unknowns that the one of ``today`` does not have as well."""
    if any(map(is_refusal, judged.graph.gaps)):
        return False
    return _doubts(judged) <= _doubts(today)


def _doubts(judged: TargetResult) -> set[tuple[str, str]]:
    """What is unknown: kinds of gaps, with the project that each is about."""
    unknown = {("verdict", name) for name in _names(judged, Severity.GAP)}
    return unknown | {(gap.kind.value, _about(gap)) for gap in judged.graph.gaps}


def _about(gap: GraphGap) -> str:
    """The project that a gap is about; missing upload times, and missing answers, concern the index as a whole."""
    return "" if gap.kind in {GapKind.UPLOAD_TIME, GapKind.INDEX} else gap.distribution or gap.text


def blocked_names(judged: TargetResult) -> list[str]:
    """The names of the blocked projects, each once."""
    return list(dict.fromkeys(_names(judged, Severity.BLOCKER)))


def _names(judged: TargetResult, severity: Severity) -> Iterator[str]:
    return (judged.graph.nodes[key].name for key, verdict in judged.verdicts.items() if verdict.severity is severity)


def moves(before: Graph, after: Graph) -> tuple[Move, ...]:
    """The distributions that are installed in another version, newly, or no longer; sorted by name."""
    old, new = versions_of(before), versions_of(after)
    return tuple(
        Move(project=name, before=_text(old.get(name)), after=_text(new.get(name)))
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    )


def numbered_from(first: int, graph: Graph) -> Graph:
    """The graph of one project with its roots numbered from 0 instead of ``first``."""
    edges = (
        replace(edge, parent=edge.parent - first) if isinstance(edge.parent, int) else edge for edge in graph.edges
    )
    return replace(graph, edges=tuple(edges))


def _text(version: Version | None) -> str | None:
    return None if version is None else str(version)
