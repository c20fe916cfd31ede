"""Graphs and verdicts -> findings and gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nogilcheck.judge.paths import Chains
from nogilcheck.judge.rules import BY_NAME, Rule, rule_of_gap
from nogilcheck.model.finding import Finding, Gap
from nogilcheck.model.graph import GapKind, Graph, Node
from nogilcheck.model.source import Inputs
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import Cause, ReasonCode, Severity, Verdict

_ORDER = {Severity.BLOCKER: 0, Severity.WARNING: 1, Severity.GAP: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One target, what its twin installs, and what the target gets of that."""

    target: Target
    graph: Graph
    verdicts: Mapping[str, Verdict]
    """By normalized name; one for every node."""


def find(inputs: Inputs, judged: Sequence[Judged]) -> tuple[Finding, ...]:
    """Every finding: blockers, then warnings, then gaps; those that hold back most come first."""
    found: list[Finding] = []
    weight: dict[str, int] = {}
    for one in judged:
        chains = Chains(one.graph)
        for name, node in one.graph.nodes.items():
            for rule, detail in _rules(node, one.verdicts[name]):
                weight[name] = max(weight.get(name, 0), chains.held_back(name))
                found.append(_finding(inputs, one, node, rule, chains, detail))
    targets = {one.target.id: position for position, one in enumerate(judged)}
    found.sort(key=lambda f: (_ORDER[f.severity], -weight[f.distribution], f.distribution, targets[f.target], f.rule))
    return tuple(found)


def collect_gaps(inputs: Inputs, judged: Sequence[Judged]) -> tuple[Gap, ...]:
    """Everything that could not be known; what is the same on every target is told once."""
    gaps = [
        Gap(rule=BY_NAME["unread"].code, text=_with_hint(unread.text, unread.hint), location=unread.location)
        for unread in inputs.unread
    ]
    targets_of: dict[Gap, dict[str, None]] = {}
    for one in judged:
        for gap in _gaps_of(one):
            targets_of.setdefault(gap, {})[one.target.id] = None
    for gap, targets in targets_of.items():
        gaps += [gap] if len(targets) == len(judged) else [_on_target(gap, target) for target in targets]
    return tuple(gaps)


def _rules(node: Node, verdict: Verdict) -> Iterable[tuple[Rule, tuple[str, ...]]]:
    if verdict.severity is not Severity.READY:
        yield BY_NAME[verdict.status.value], ()
    for reason in verdict.reasons:
        if reason.code is ReasonCode.ODD_TAG:
            yield BY_NAME["odd-tag"], reason.detail
    if node.missing_extras:
        yield BY_NAME["missing-extra"], node.missing_extras
    if node.held_back_from is not None:
        yield BY_NAME["held-back"], (str(node.held_back_from), node.held_back_by or "")


def _finding(
    inputs: Inputs, judged: Judged, node: Node, rule: Rule, chains: Chains, detail: tuple[str, ...]
) -> Finding:
    paths = chains.shortest(node.name)
    verdict = judged.verdicts[node.name]
    cause: Cause | None = verdict.cause if rule.severity is Severity.BLOCKER else None
    # A blocker keeps its identity when the status or the version changes: a new release is not a new blocker.
    family = "blocker" if rule.severity is Severity.BLOCKER else rule.name
    return Finding(
        rule=rule.code,
        status=rule.name,
        severity=rule.severity,
        cause=cause,
        target=judged.target.id,
        distribution=node.name,
        version=str(node.version) if node.version else None,
        paths=paths,
        location=inputs.roots[paths[0].root].location if paths else None,
        detail=detail,
        fingerprint=f"{family}:{judged.target.family_id}:{node.name}",
    )


def _gaps_of(judged: Judged) -> Iterable[Gap]:
    for gap in judged.graph.gaps:
        yield Gap(rule=rule_of_gap(gap).code, text=gap.text, distribution=gap.distribution, location=gap.location)
    explained = {gap.distribution for gap in judged.graph.gaps if gap.kind is GapKind.PROJECT}
    for name, verdict in judged.verdicts.items():
        if verdict.severity is Severity.GAP and name not in explained:
            node = judged.graph.nodes[name]
            why = "; ".join(reason.detail[-1] for reason in verdict.reasons if reason.detail)
            subject = f"{name} {node.version}" if node.version else name
            text = f"what the target gets for {subject} could not be determined: {why}"
            yield Gap(rule=BY_NAME["unknown"].code, text=text, distribution=name)


def _on_target(gap: Gap, target: str) -> Gap:
    return Gap(rule=gap.rule, text=gap.text, distribution=gap.distribution, target=target, location=gap.location)


def _with_hint(text: str, hint: str | None) -> str:
    return f"{text} ({hint})" if hint else text
