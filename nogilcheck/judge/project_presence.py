"""Where one project stands in the graphs of a check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nogilcheck.judge.chains import Upwards
from nogilcheck.judge.findings import TargetResult
from nogilcheck.judge.shortest_chains import every_shortest
from nogilcheck.model.explanation import Direct, Presence
from nogilcheck.model.report.finding import Finding


def presences(name: str, judged: Sequence[TargetResult], findings: Iterable[Finding]) -> tuple[Presence, ...]:
    """The project (normalized name) on every target that has it: by whom, and what depends on it."""
    own: dict[tuple[str, str | None], list[Finding]] = {}
    for finding in findings:
        if finding.distribution == name:
            own.setdefault((finding.target, finding.version), []).append(finding)
    return tuple(
        _presence(one, key, own)
        for one in judged
        for key, node in one.graph.nodes.items()
        if node.name == name  # a key need not be the name
    )


def names(judged: Iterable[TargetResult]) -> list[str]:
    """Every project in the graphs, sorted."""
    return sorted({node.name for one in judged for node in one.graph.nodes.values()})


def _presence(one: TargetResult, key: str, findings: dict[tuple[str, str | None], list[Finding]]) -> Presence:
    node = one.graph.nodes[key]
    version = _text(node.version)
    ties = every_shortest(one.graphs, key)
    upwards = [Upwards(graph) for graph in one.graphs if key in graph.nodes]
    return Presence(
        target=one.target.id,
        version=version,
        verdict=one.verdicts.get(key),
        findings=() if node.local else tuple(findings.get((one.target.id, version), ())),
        paths=ties.paths,
        more_paths=ties.more,
        needed_by=len({found for graph in upwards for found in graph.held_back(key)} - {key}),
        direct=_direct(one, key, upwards),
    )


def _direct(one: TargetResult, key: str, upwards: Iterable[Upwards]) -> tuple[Direct, ...]:
    """What the user asks for that cannot be installed without the distribution, in the order of the requirements."""
    roots: dict[str, set[int]] = {}
    for graph in upwards:
        for edge in graph.from_roots(key):
            if isinstance(edge.parent, int):
                roots.setdefault(edge.child, set()).add(edge.parent)
    nodes = one.graph.nodes
    return tuple(
        Direct(name=nodes[child].name, version=_text(nodes[child].version), roots=tuple(sorted(positions)))
        for child, positions in sorted(roots.items(), key=lambda found: min(found[1]))
    )


def _text(version: object | None) -> str | None:
    return None if version is None else str(version)
