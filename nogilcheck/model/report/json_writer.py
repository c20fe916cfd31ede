"""`Report` -> JSON values. See `nogilcheck.model.report.codec`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nogilcheck.model.report.finding import Advice, Cap, Finding, Gap, Path, Step
from nogilcheck.model.report.report import Assessment, Distribution, Endpoint, Report, ReportEdge, TargetSummary
from nogilcheck.model.report.shape import Object
from nogilcheck.model.source import Location
from nogilcheck.model.verdict import Fallback, Verdict

TOOL_NAME = "nogilcheck"


def report_object(report: Report) -> Object:
    """The report as JSON values, keys in the order in which they are written."""
    return {
        "schema_version": report.schema_version,
        "tool": {"name": TOOL_NAME, "version": report.tool_version},
        "options": _sorted(report.options),
        "verdict": report.verdict,
        "exit_status": report.exit_status,
        "inputs": [{"path": i.path, "kind": i.kind, "requirements": i.requirements} for i in report.inputs],
        "scan": report.scan,
        "scanned": report.scanned and {"wheels": report.scanned.wheels, "modules": report.scanned.modules},
        "targets": [_target(target) for target in report.targets],
        "distributions": [_distribution(distribution) for distribution in report.distributions],
        "edges": [_edge(edge) for edge in report.edges],
        "roots": [
            {"requirement": r.requirement, "path": r.path, "line": r.line, "group": r.group} for r in report.roots
        ],
        "findings": [_finding(finding) for finding in report.findings],
        "gaps": [_gap(gap) for gap in report.gaps],
        "notes": list(report.notes),
    }


def _sorted(value: object) -> Any:
    """Mappings with sorted keys at every level: equal mappings may differ in their order."""
    if isinstance(value, Mapping):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [_sorted(item) for item in value]
    return value


def _target(target: TargetSummary) -> Object:
    counts = target.counts
    return {
        "id": target.id,
        "python": target.python,
        "free_threaded": target.free_threaded,
        "platform": target.platform,
        "floor": target.floor,
        "allowed": target.allowed,
        "verdict": target.verdict,
        "counts": {"status": _sorted(counts.status), "twin": _sorted(counts.twin), "cause": _sorted(counts.cause)},
        "core": target.core,
        "extras": _sorted(target.extras),
        "groups": _sorted(target.groups),
    }


def _distribution(distribution: Distribution) -> Object:
    targets = distribution.targets
    return {
        "name": distribution.name,
        "version": distribution.version,
        "index": distribution.index,
        "targets": {target: _assessment(targets[target]) for target in sorted(targets)},
    }


def _assessment(assessment: Assessment) -> Object:
    verdict = verdict_object(assessment.verdict)
    requested_by = [
        {"name": r.name, "specifier": r.specifier, "extra": r.extra, "marker": r.marker}
        for r in assessment.requested_by
    ]
    place = {"direct": assessment.direct, "requested_by": requested_by}
    return {**{key: verdict.pop(key) for key in ("status", "severity", "cause", "twin")}, **place, **verdict}


def verdict_object(verdict: Verdict) -> Object:
    """What a target gets, as JSON values."""
    return {
        "status": verdict.status,
        "severity": verdict.severity,
        "cause": verdict.cause,
        "twin": verdict.twin,
        "wheel": verdict.wheel,
        "sdist": verdict.sdist,
        "reasons": [{"code": reason.code, "detail": list(reason.detail)} for reason in verdict.reasons],
        "fallback": verdict.fallback and _fallback(verdict.fallback),
        "extensions": list(verdict.extensions),
    }


def _fallback(fallback: Fallback) -> Object:
    return {
        "version": fallback.version,
        "reason": fallback.reason,
        "silent": fallback.silent,
        "uploaded": fallback.uploaded,
        "months": fallback.months,
    }


def _edge(edge: ReportEdge) -> Object:
    return {
        "target": edge.target,
        "project": edge.project,
        "from": _endpoint(edge.parent),
        "to": _endpoint(edge.child),
        "specifier": edge.specifier,
        "extra": edge.extra,
        "marker": edge.marker,
    }


def _endpoint(endpoint: Endpoint) -> Object:
    if endpoint.root is not None:
        return {"root": endpoint.root}
    return {"name": endpoint.name, "version": endpoint.version}


def _finding(finding: Finding) -> Object:
    return {
        "rule": finding.rule,
        "status": finding.status,
        "severity": finding.severity,
        "cause": finding.cause,
        "target": finding.target,
        "distribution": finding.distribution,
        "version": finding.version,
        "paths": [path_object(path) for path in finding.paths],
        "location": _location(finding.location),
        "advice": [advice_object(advice) for advice in finding.advice],
        "detail": list(finding.detail),
        "suppressed_by": finding.suppressed_by,
        "fingerprint": finding.fingerprint,
    }


def path_object(path: Path) -> Object:
    """A chain, as JSON values."""
    return {"root": path.root, "edges": [_step(step) for step in path.steps]}


def _step(step: Step) -> Object:
    return {
        "name": step.name,
        "version": step.version,
        "specifier": step.specifier,
        "extra": step.extra,
        "marker": step.marker,
    }


def _location(location: Location | None) -> Object | None:
    return None if location is None else {"path": location.path, "line": location.line}


def advice_object(advice: Advice) -> Object:
    """A next step, as JSON values."""
    return {
        "kind": advice.kind,
        "project": advice.project,
        "version": advice.version,
        "uploaded": advice.uploaded,
        "since": advice.since,
        "since_uploaded": advice.since_uploaded,
        "releases": advice.releases,
        "months": advice.months,
        "pre_release": advice.pre_release,
        "pythons": list(advice.pythons),
        "languages": list(advice.languages),
        "extra": advice.extra,
        "held_back_by": advice.held_back_by,
        "caps": [_cap(cap) for cap in advice.caps],
        "verified": advice.verified,
        "text": advice.text,
    }


def _cap(cap: Cap) -> Object:
    return {"by": cap.by, "specifier": cap.specifier, "location": _location(cap.location), "floor": cap.floor}


def _gap(gap: Gap) -> Object:
    return {
        "rule": gap.rule,
        "distribution": gap.distribution,
        "target": gap.target,
        "text": gap.text,
        "location": _location(gap.location),
        "suppressed_by": gap.suppressed_by,
    }
