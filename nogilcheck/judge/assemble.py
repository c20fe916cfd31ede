"""Everything that was found out -> `Report`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from packaging.version import Version

from nogilcheck.judge.findings import Judged, collect_gaps, find
from nogilcheck.judge.policy import exit_status, overall_verdict, verdict_of_target
from nogilcheck.model.finding import Finding, Gap
from nogilcheck.model.graph import Edge, Graph
from nogilcheck.model.report import (
    Assessment,
    Counts,
    Distribution,
    Endpoint,
    Report,
    ReportEdge,
    ReportRoot,
    RequestedBy,
    TargetSummary,
)
from nogilcheck.model.source import Inputs


def assemble(
    inputs: Inputs,
    judged: Sequence[Judged],
    *,
    allowed: Collection[str],
    options: Mapping[str, object],
    tool_version: str,
) -> Report:
    """The report of a check; ``allowed`` are the ids of targets that never fail it."""
    findings = find(inputs, judged)
    gaps = collect_gaps(inputs, judged)
    # A gap that all targets share names none; it counts only where some of them counts.
    counting = collect_gaps(inputs, [one for one in judged if one.target.id not in allowed])
    targets = tuple(_summary(one, findings, gaps, allowed=allowed) for one in judged)
    return Report(
        tool_version=tool_version,
        options=options,
        verdict=overall_verdict([target.verdict for target in targets], gaps),
        exit_status=exit_status(findings, counting, allowed=allowed),
        inputs=inputs.files,
        targets=targets,
        distributions=_distributions(inputs, judged),
        edges=tuple(_edge(one, edge) for one in judged for edge in one.graph.edges),
        roots=tuple(
            ReportRoot(requirement=r.requirement, path=r.location.path, line=r.location.line, group=r.group)
            for r in inputs.roots
        ),
        findings=findings,
        gaps=gaps,
        notes=inputs.notes,
    )


def _summary(
    judged: Judged, findings: Sequence[Finding], gaps: Sequence[Gap], *, allowed: Collection[str]
) -> TargetSummary:
    target, verdicts = judged.target, judged.verdicts.values()
    return TargetSummary(
        id=target.id,
        python=target.version,
        free_threaded=target.free_threaded,
        platform=target.platform,
        floor=target.floor,
        allowed=target.id in allowed,
        verdict=verdict_of_target(target.id, findings, gaps),
        counts=Counts(
            status=_count(verdict.status.value for verdict in verdicts),
            twin=_count(verdict.twin.value for verdict in verdicts),
            cause=_count(verdict.cause.value for verdict in verdicts if verdict.cause),
        ),
    )


def _count(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _distributions(inputs: Inputs, judged: Sequence[Judged]) -> tuple[Distribution, ...]:
    """One entry for each project and version, with the targets that chose it."""
    on_target: defaultdict[tuple[str, str | None], dict[str, Assessment]] = defaultdict(dict)
    indexes: dict[tuple[str, str | None], str | None] = {}
    for one in judged:
        asked = _requested_by(inputs, one.graph)
        for name, node in one.graph.nodes.items():
            key = (name, str(node.version) if node.version else None)
            edges = asked[name]
            indexes.setdefault(key, next((file.index for file in node.files if file.index), None))
            on_target[key][one.target.id] = Assessment(
                verdict=one.verdicts[name],
                direct=any(isinstance(edge.parent, int) for edge, _ in edges),
                requested_by=tuple(request for _, request in edges),
            )
    keys = sorted(on_target, key=_by_version)
    return tuple(Distribution(name=key[0], version=key[1], index=indexes[key], targets=on_target[key]) for key in keys)


def _by_version(key: tuple[str, str | None]) -> tuple[str, bool, Version]:
    name, version = key
    return (name, version is not None, Version(version or "0"))


def _requested_by(inputs: Inputs, graph: Graph) -> defaultdict[str, list[tuple[Edge, RequestedBy]]]:
    asked: defaultdict[str, list[tuple[Edge, RequestedBy]]] = defaultdict(list)
    for edge in graph.edges:
        name = edge.parent if isinstance(edge.parent, str) else inputs.roots[edge.parent].requirement
        request = RequestedBy(name=name, specifier=edge.specifier, extra=edge.extra, marker=edge.marker)
        asked[edge.child].append((edge, request))
    return asked


def _edge(judged: Judged, edge: Edge) -> ReportEdge:
    parent = Endpoint(root=edge.parent) if isinstance(edge.parent, int) else _endpoint(judged.graph, edge.parent)
    return ReportEdge(
        target=judged.target.id,
        parent=parent,
        child=_endpoint(judged.graph, edge.child),
        specifier=edge.specifier,
        extra=edge.extra,
        marker=edge.marker,
    )


def _endpoint(graph: Graph, name: str) -> Endpoint:
    version = graph.nodes[name].version
    return Endpoint(name=name, version=str(version) if version else None)
