"""Everything that was found out -> `Report`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from packaging.version import Version

from nogilcheck.judge.counting import Counting
from nogilcheck.judge.extras_and_groups import judge_parts
from nogilcheck.judge.findings import TargetResult, collect_gaps, find
from nogilcheck.judge.policy import overall_verdict, verdict_of_target
from nogilcheck.model.evidence import EvidenceFact
from nogilcheck.model.graph import Edge, Graph
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.report.finding import Finding, Gap
from nogilcheck.model.report.report import Assessment, Counts, Distribution, Report, Scanned, TargetSummary
from nogilcheck.model.report.requirements import (
    JUDGED,
    NOT_APPLICABLE,
    NOT_CHECKED,
    Endpoint,
    ReportEdge,
    ReportRoot,
    RequestedBy,
)
from nogilcheck.model.report.shared_state import SharedStateReading
from nogilcheck.model.source import Root
from nogilcheck.model.urls import redact

_NO_EVIDENCE: Final[Mapping[str, tuple[EvidenceFact, ...]]] = MappingProxyType({})
_NO_READINGS: Final[Mapping[tuple[str, str], SharedStateReading]] = MappingProxyType({})


def assemble(
    inputs: Inputs,
    judged: Sequence[TargetResult],
    *,
    allowed: Collection[str],
    options: Mapping[str, object],
    tool_version: str,
    scanned: Scanned | None = None,
    evidence: Mapping[str, tuple[EvidenceFact, ...]] = _NO_EVIDENCE,
    shared_state: Mapping[tuple[str, str], SharedStateReading] = _NO_READINGS,
) -> Report:
    """The report of a check; ``allowed`` are the ids of targets that never fail it, ``scanned`` what a scan read.

    ``evidence``: by project, what the ledger has. ``shared_state``: by project and version, what a scan has read.
    """
    findings = find(inputs, judged, evidence)
    gaps = collect_gaps(inputs, judged)
    # A gap that all targets share names none; it counts only where some of them counts.
    counting = collect_gaps(inputs, [one for one in judged if one.target.id not in allowed])
    roots = inputs.all_roots
    distributions = tuple(
        replace(one, evidence=evidence.get(one.name), shared_state=shared_state.get((one.name, one.version or "")))
        for one in _distributions(roots, judged)
    )
    targets = tuple(_summary(inputs, roots, one, findings, gaps, allowed=allowed) for one in judged)
    return Report(
        tool_version=tool_version,
        options=options,
        verdict=overall_verdict([target.verdict for target in targets], gaps),
        exit_status=Counting(allowed=allowed).exit_status(findings, counting),
        inputs=inputs.files,
        scan="not-run" if scanned is None else "run",
        scanned=scanned,
        targets=targets,
        distributions=distributions,
        edges=tuple(
            _edge(one, number, edge)
            for one in judged
            for number, project in enumerate(one.graphs)
            for edge in project.edges
        ),
        roots=_roots(roots, judged),
        findings=findings,
        gaps=gaps,
        notes=(*map(redact, inputs.notes), *which_index(distributions), *undeclared_pythons(judged)),
    )


def _roots(roots: Sequence[Root], judged: Sequence[TargetResult]) -> tuple[ReportRoot, ...]:
    """The requirements, with what became of each on each target."""
    states = {one.target.id: _states(roots, one) for one in judged}
    return tuple(
        ReportRoot(
            requirement=root.requirement,
            path=root.location.path,
            line=root.location.line,
            group=root.group,
            marker=root.marker,
            targets={target: known.get(position, NOT_CHECKED) for target, known in states.items()},
        )
        for position, root in enumerate(roots)
    )


def _states(roots: Sequence[Root], judged: TargetResult) -> dict[int, str]:
    """By position: what became of the requirements of which anything is known.

    A lock of which parts conflict has one several times; what does not apply may do so in another of its choices.
    """
    graph = judged.graph
    states = dict.fromkeys(graph.not_applicable, NOT_APPLICABLE)
    for edge in graph.edges:
        if isinstance(edge.parent, int):
            node = graph.nodes[edge.child]
            known = node.local or node.version is not None
            states[edge.parent] = JUDGED if known and states.get(edge.parent) != NOT_CHECKED else NOT_CHECKED
    elsewhere = {roots[position]: state for position, state in states.items() if state != NOT_APPLICABLE}
    left_out = {position: elsewhere.get(roots[position], NOT_APPLICABLE) for position in graph.not_applicable}
    return states | {position: state for position, state in left_out.items() if states[position] == NOT_APPLICABLE}


def _summary(
    inputs: Inputs,
    roots: Sequence[Root],
    judged: TargetResult,
    findings: Sequence[Finding],
    gaps: Sequence[Gap],
    *,
    allowed: Collection[str],
) -> TargetSummary:
    target, verdicts = judged.target, judged.verdicts.values()
    core, extras, groups = judge_parts(roots, judged, unread=bool(inputs.unread))
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
        core=core,
        extras=extras,
        groups=groups,
    )


def _count(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _distributions(roots: Sequence[Root], judged: Sequence[TargetResult]) -> tuple[Distribution, ...]:
    """One entry for each project and version that was judged, with the targets that chose it."""
    on_target: defaultdict[tuple[str, str | None], dict[str, Assessment]] = defaultdict(dict)
    indexes: dict[tuple[str, str | None], str | None] = {}
    for one in judged:
        asked = _requested_by(roots, one.graph)
        for key, verdict in one.verdicts.items():
            node = one.graph.nodes[key]
            chosen = (node.name, str(node.version) if node.version else None)
            indexes.setdefault(chosen, next((file.index for file in node.files if file.index), None))
            on_target[chosen][one.target.id] = Assessment(
                verdict=verdict,
                direct=any(isinstance(edge.parent, int) for edge, _ in asked[key]),
                requested_by=tuple(request for _, request in asked[key]),
            )
    found = sorted(on_target, key=_by_version)
    return tuple(Distribution(name=one[0], version=one[1], index=indexes[one], targets=on_target[one]) for one in found)


def _by_version(key: tuple[str, str | None]) -> tuple[str, bool, Version]:
    name, version = key
    return (name, version is not None, Version(version or "0"))


def _requested_by(roots: Sequence[Root], graph: Graph) -> defaultdict[str, list[tuple[Edge, RequestedBy]]]:
    """By key."""
    asked: defaultdict[str, list[tuple[Edge, RequestedBy]]] = defaultdict(list)
    for edge in graph.edges:
        name = graph.nodes[edge.parent].name if isinstance(edge.parent, str) else roots[edge.parent].requirement
        request = RequestedBy(name=name, specifier=edge.specifier, extra=edge.extra, marker=edge.marker)
        asked[edge.child].append((edge, request))
    return asked


def _edge(judged: TargetResult, project: int, edge: Edge) -> ReportEdge:
    parent = edge.parent if isinstance(edge.parent, int) else _endpoint(judged.graph, edge.parent)
    return ReportEdge(
        target=judged.target.id,
        project=project,
        parent=parent,
        child=_endpoint(judged.graph, edge.child),
        specifier=edge.specifier,
        extra=edge.extra,
        marker=edge.marker,
    )


def _endpoint(graph: Graph, key: str) -> Endpoint:
    node = graph.nodes[key]
    return Endpoint(name=node.name, version=str(node.version) if node.version else None)


MAX_PROJECTS = 3
"""Projects of one index that are named; of more only the number is told."""

MAX_DISTRIBUTIONS = 5
"""Distributions that the note on classifiers names."""


def which_index(distributions: Iterable[Distribution]) -> Iterator[str]:
    """A sentence, where the distributions come from several places; the report has the place of each."""
    projects: dict[str, dict[str, None]] = {}
    for distribution in distributions:
        if distribution.index is not None:
            projects.setdefault(distribution.index, {})[distribution.name] = None
    if len(projects) > 1:
        by_size = sorted(projects.items(), key=lambda found: (-len(found[1]), found[0]))
        told = "; ".join(f"{_told(list(names))} from {index}" for index, names in by_size)
        yield f"several indexes answered: {told}"


def _told(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= MAX_PROJECTS else f"{len(names)} projects"


def undeclared_pythons(judged: Sequence[TargetResult]) -> Iterator[str]:
    """One note for each Python: classifiers that end below it claim nothing, so they are no finding of their own."""
    beyond: dict[str, dict[str, None]] = {}
    total: dict[str, dict[str, None]] = {}
    for one in judged:
        python = ".".join(map(str, one.target.python))
        nodes = [node for node in one.graph.nodes.values() if not node.local]
        total.setdefault(python, {}).update(dict.fromkeys(node.name for node in nodes))
        names = dict.fromkeys(node.name for node in nodes if one.target.is_beyond(node.pythons))
        beyond.setdefault(python, {}).update(names)
    for python, names in beyond.items():
        if names:
            named = ", ".join(sorted(names)[:MAX_DISTRIBUTIONS])
            more = f" and {len(names) - MAX_DISTRIBUTIONS} more" if len(names) > MAX_DISTRIBUTIONS else ""
            yield (
                f"{len(names)} of {len(total[python])} distributions have classifiers for older Pythons but not for "
                f"{python}: {named}{more}"
            )
