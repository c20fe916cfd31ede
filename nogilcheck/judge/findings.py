"""Graphs and verdicts -> findings and gaps, each with its rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace

from nogilcheck.frozen import frozen
from nogilcheck.judge.chains import Chains
from nogilcheck.judge.finding_advice import steps, to_admit, told_environments
from nogilcheck.judge.policy import ORDER
from nogilcheck.model.artifact import MissingKind
from nogilcheck.model.evidence import EvidenceFact, affects
from nogilcheck.model.graph import GapKind, Graph, GraphGap, Node
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.report.finding import Advice, Finding, Gap
from nogilcheck.model.rules.rule import Rule
from nogilcheck.model.rules.table import BY_NAME
from nogilcheck.model.source import Bounds, Location, Root, Unread
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import SCAN_GAPS, Cause, ReasonCode, Severity, Status, Verdict


@frozen
class TargetResult:
    """One target, what its twin installs, and what the target gets of that."""

    target: Target
    graph: Graph
    verdicts: Mapping[str, Verdict]
    """By key of the graph; one for every node that is not local."""
    advice: Mapping[str, tuple[Advice, ...]] = field(default_factory=dict)
    """By key: what the index offers instead of what is not ready."""
    projects: tuple[Graph, ...] = ()
    """The graphs of the projects that ``graph`` was merged from, under its keys; empty where it was not merged."""
    excluded_by: tuple[Bounds, ...] = ()
    """What says that the target is not one for its project."""
    discouraged_by: tuple[Bounds, ...] = ()
    """What admits the target by the letter, and does not mean to."""

    @property
    def graphs(self) -> tuple[Graph, ...]:
        """One graph for each project; a chain never leads from one to another."""
        return self.projects or (self.graph,)


def find(
    inputs: Inputs, judged: Sequence[TargetResult], evidence: Mapping[str, tuple[EvidenceFact, ...]]
) -> tuple[Finding, ...]:
    """Every finding: blockers, then warnings, then gaps; those that hold back most come first."""
    found: list[Finding] = []
    weight: dict[str, int] = {}
    roots = inputs.all_roots
    for one in judged:
        chains = Chains(*one.graphs)
        for key, verdict in one.verdicts.items():
            node = one.graph.nodes[key]
            known = _known_problems(node, verdict, one.target, evidence.get(node.name, ()))
            for rule, detail in (*_rules(node, verdict, one.target), *known):
                weight[node.name] = max(weight.get(node.name, 0), chains.held_back(key))
                found.append(_finding(roots, one, key, rule, chains, detail))
    targets = {one.target.id: position for position, one in enumerate(judged)}
    found.sort(key=lambda f: (ORDER[f.severity], -weight[f.distribution], f.distribution, targets[f.target], f.rule))
    left_out = [(one, roots[position]) for one in judged for position in sorted(one.graph.capped)]
    capped = [
        _without_chain("python-cap", one, root.name or root.requirement, root.location, (root.with_marker,))
        for one, root in left_out
    ]
    first_warning = next((i for i, f in enumerate(found) if ORDER[f.severity] > ORDER[Severity.BLOCKER]), len(found))
    found[first_warning:first_warning] = capped
    # Where the project itself is not for a target, nothing else matters there.
    excluded = (_excluded(one, bounds) for one in judged for bounds in one.excluded_by)
    return (*excluded, *found, *(_discouraged(one, bounds) for one in judged for bounds in one.discouraged_by))


def collect_gaps(inputs: Inputs, judged: Sequence[TargetResult]) -> tuple[Gap, ...]:
    """Everything that could not be known; what is the same on every target is told once."""
    gaps = [
        Gap(
            rule=BY_NAME[_rule_of_unread(unread)].code,
            text=f"{unread.text} ({unread.hint})" if unread.hint else unread.text,
            location=unread.location,
        )
        for unread in inputs.unread
    ]
    targets_of: dict[Gap, dict[str, None]] = {}
    for one in judged:
        for gap in _gaps_of(one):
            targets_of.setdefault(gap, {})[one.target.id] = None
    for gap, targets in targets_of.items():
        gaps += [gap] if len(targets) == len(judged) else [replace(gap, target=target) for target in targets]
    return tuple(gaps)


def _rule_of_unread(unread: Unread) -> str:
    if unread.setting:
        return "setting-not-followed"
    return "dependencies-unknown" if unread.needs_build else "unread"


def _rules(node: Node, verdict: Verdict, target: Target) -> Iterable[tuple[Rule, tuple[str, ...]]]:
    if verdict.severity is not Severity.READY:
        rule = rule_of_verdict(verdict)
        yield rule, () if rule.name == verdict.status.value else tuple(_open(verdict))
    for reason in verdict.reasons:
        if reason.code is ReasonCode.ODD_TAG:
            yield BY_NAME["odd-tag"], reason.detail
        if reason.code is ReasonCode.REGRESSED:
            yield BY_NAME["regressed"], reason.detail
    yield from _rules_of_node(node, target)
    if node.refused and verdict.severity in {Severity.READY, Severity.WARNING}:  # a blocker says it as a reason
        yield BY_NAME["discarded"], (node.refused[0].filename, node.refused[0].why)


def _rules_of_node(node: Node, target: Target) -> Iterable[tuple[Rule, tuple[str, ...]]]:
    """The rules that hold whatever the verdict is."""
    held_back = () if node.held_back_from is None else (str(node.held_back_from), node.held_back_by or "")
    assumed = () if node.assumed_from is None else (node.assumed_from,)
    stated = (node.stated_python, *(file.requires_python for file in node.files))
    aimed = next(filter(target.is_aimed_at, stated), None)
    details = {
        "missing-extra": node.missing_extras,
        "held-back": held_back,
        "excluded-by-intent": (f"Requires-Python is {aimed}", target.version) if aimed else (),
        "discarded": node.discarded,
        "wheels-disagree": node.disagreeing,
        "assumed": assumed,
        "two-indexes": node.rivals,
    }
    return ((BY_NAME[name], detail) for name, detail in details.items() if detail)


def _known_problems(
    node: Node, verdict: Verdict, target: Target, facts: Iterable[EvidenceFact]
) -> Iterable[tuple[Rule, tuple[str, ...]]]:
    """The rule about problems that the ledger knows of a version which a free-threaded build installs."""
    version = str(node.version) if node.version else None
    known = tuple(fact.text for fact in facts if affects(fact, version))
    if known and target.free_threaded and verdict.severity in {Severity.READY, Severity.WARNING}:
        yield BY_NAME["known-problem"], known


def _finding(
    roots: Sequence[Root], judged: TargetResult, key: str, rule: Rule, chains: Chains, detail: tuple[str, ...]
) -> Finding:
    node, verdict = judged.graph.nodes[key], judged.verdicts[key]
    paths = chains.shortest(key)
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
        location=roots[paths[0].root].location if paths else None,
        detail=detail,
        advice=steps(
            rule,
            node,
            verdict,
            judged.advice.get(key, ()),
            roots=roots,
            entries=chains.entries(key),
        ),
        fingerprint=f"{family}:{judged.target.family_id}:{node.name}",
    )


def _excluded(judged: TargetResult, bounds: Bounds) -> Finding:
    """The finding about a project that leaves the target out."""
    detail = told_environments(bounds) or (bounds.requires_python or "",)
    found = _without_chain("own-requires-python", judged, bounds.project, bounds.location, detail)
    return replace(found, advice=(to_admit(bounds, judged.target),))


def _discouraged(judged: TargetResult, bounds: Bounds) -> Finding:
    """The finding about a project that does not mean to be for the target."""
    newest = max(bounds.pythons, key=lambda each: tuple(map(int, each.split("."))), default="")
    says = f"Requires-Python is {bounds.requires_python}" if bounds.requires_python else f"classifiers end at {newest}"
    detail = (says, judged.target.version)
    return _without_chain("excluded-by-intent", judged, bounds.project, bounds.location, detail)


def _without_chain(
    name: str, judged: TargetResult, project: str, location: Location, detail: tuple[str, ...]
) -> Finding:
    """A finding about what stands in the user's own files; no chain leads to it."""
    rule = BY_NAME[name]
    return Finding(
        rule=rule.code,
        status=rule.name,
        severity=rule.severity,
        target=judged.target.id,
        distribution=project,
        version=None,
        location=location,
        detail=detail,
        fingerprint=f"{rule.name}:{judged.target.family_id}:{project}",
    )


def _gaps_of(judged: TargetResult) -> Iterable[Gap]:
    for gap in judged.graph.gaps:
        yield Gap(rule=rule_of_gap(gap).code, text=gap.text, distribution=gap.distribution, location=gap.location)
    explained = {gap.distribution for gap in judged.graph.gaps if gap.kind is GapKind.PROJECT}
    for key, verdict in judged.verdicts.items():
        node = judged.graph.nodes[key]
        if verdict.severity is Severity.GAP and not (node.version is None and node.name in explained):
            rule = rule_of_verdict(verdict)
            subject = f"{node.name} {node.version}" if node.version else node.name
            if rule.name == Status.UNKNOWN.value:
                why = "; ".join(reason.detail[-1] for reason in verdict.reasons if reason.detail)
                text = f"what the target gets for {subject} is unknown: {why}"
            else:
                text = f"whether {subject} keeps the GIL off is unknown: {'; '.join(_open(verdict))}"
            yield Gap(rule=rule.code, text=text, distribution=node.name)


def _open(verdict: Verdict) -> Iterable[str]:
    """Why a scan left the verdict open, in sentences."""
    return (reason.detail[-1] for reason in verdict.reasons if reason.code in SCAN_GAPS)


_BY_MISSING = {
    MissingKind.NOT_FOUND: "unknown-project",
    MissingKind.EMPTY: "unknown-project",
    MissingKind.NO_INDEX: "unknown-project",
    MissingKind.OFFLINE: "offline",
    MissingKind.UNREACHABLE: "unreachable",
    MissingKind.FORBIDDEN: "unreachable",
    MissingKind.DIRECT_URL: "direct-reference",
    MissingKind.NO_VERSION: "conflict",
    MissingKind.CONFLICT: "conflict",
    MissingKind.UNRESOLVED: "cut-off",
}

_BY_KIND = {
    GapKind.PROJECT: "unreachable",
    GapKind.DEPENDENCIES: "dependencies-unknown",
    GapKind.MARKER: "marker-unknown",
    GapKind.CUT_OFF: "cut-off",
    GapKind.NOTHING_APPLIES: "nothing-applies",
    GapKind.HASHES: "hash-missing",
    GapKind.INDEX: "unreachable",
    GapKind.UPLOAD_TIME: "upload-time-unknown",
    GapKind.INSTALLER: "installer-refuses",
}


def rule_of_verdict(verdict: Verdict) -> Rule:
    """The rule of a verdict that is not ready; what only a scan left open has rules of its own."""
    if verdict.severity is Severity.GAP:
        for reason in verdict.reasons:
            if reason.code in SCAN_GAPS:
                return BY_NAME[reason.code]
    return BY_NAME[verdict.status]


def rule_of_gap(gap: GraphGap) -> Rule:
    """The rule of something that the walk could not know: why it is missing says more than what."""
    name = _BY_MISSING.get(gap.missing.kind) if gap.missing else None
    if gap.kind is GapKind.DEPENDENCIES and name == "unknown-project":  # a file that is gone, of a known project
        name = None
    return BY_NAME[name or _BY_KIND[gap.kind]]
