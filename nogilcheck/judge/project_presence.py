"""Where one project stands in the graphs of a check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nogilcheck.judge.chains import ChainStart, Upwards
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
        markers=_markers(key, upwards),
    )


def _direct(one: TargetResult, key: str, upwards: Iterable[Upwards]) -> tuple[Direct, ...]:
    """What the user asks for that cannot be installed without the distribution, in the order of the requirements."""
    found: dict[str, list[ChainStart]] = {}
    for graph in upwards:
        for entry in graph.entries(key):
            found.setdefault(entry.name, []).append(entry)
    versions = {node.name: node.version for node in one.graph.nodes.values()}
    return tuple(
        Direct(
            name=name,
            version=_text(versions.get(name)),
            roots=tuple(sorted(entry.root for entry in entries)),
            extras=_extras(entries),
        )
        for name, entries in sorted(found.items(), key=lambda each: min(entry.root for entry in each[1]))
    )


def _extras(entries: Iterable[ChainStart]) -> tuple[str, ...]:
    extras = {extra for entry in entries for extra in entry.extras}
    return () if "" in extras else tuple(sorted(extras))


def _markers(key: str, upwards: Iterable[Upwards]) -> tuple[str, ...]:
    """The markers of what asks for a distribution; none where one asks without, or for an extra alone."""
    asking = [edge for graph in upwards for edge in graph.asking((key, ""))]
    markers = {None if edge.extra else edge.marker for edge in asking}
    return () if None in markers else tuple(sorted(filter(None, markers)))


def _text(version: object | None) -> str | None:
    return None if version is None else str(version)
