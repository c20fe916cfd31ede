"""An explanation as JSON: version 1 of a format of its own, documented in ``docs/reference/why.md``."""

from __future__ import annotations

import json
from typing import Final

from nogilcheck.model.explanation import Dated, Listed, Offer, Presence, ProjectExplanation, SourceBuild, Upstream
from nogilcheck.model.report.json_writer import TOOL_NAME, advice_object, path_object, verdict_object
from nogilcheck.model.report.shape import Object

SCHEMA_VERSION: Final = "1.0"


def render(explanation: ProjectExplanation) -> str:
    """The text, ASCII, with a final newline; names and values are those of the JSON report where it has them."""
    report = explanation.report
    data = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": TOOL_NAME, "version": report.tool_version},
        "project": explanation.name,
        "inputs": [{"path": i.path, "kind": i.kind, "requirements": i.requirements} for i in report.inputs],
        "roots": [
            {"requirement": r.requirement, "path": r.path, "line": r.line, "group": r.group} for r in report.roots
        ],
        "targets": [target.id for target in report.targets],
        "distributions": [_presence(one) for one in explanation.presences],
        "index": explanation.listed and _listed(explanation.listed),
        "not_listed": explanation.not_listed,
        "sdists": [_source(source) for source in explanation.sources],
        "upstream": explanation.upstream and _upstream(explanation.upstream),
        "gaps": len(report.gaps),
    }
    return json.dumps(data, indent=2, allow_nan=False) + "\n"


def _presence(one: Presence) -> Object:
    return {
        "target": one.target,
        "version": one.version,
        "verdict": one.verdict and verdict_object(one.verdict),
        "findings": [
            {
                "rule": finding.rule,
                "status": finding.status,
                "severity": finding.severity,
                "detail": list(finding.detail),
                "suppressed_by": finding.suppressed_by,
                "advice": [advice_object(advice) for advice in finding.advice],
            }
            for finding in one.findings
        ],
        "paths": [path_object(path) for path in one.paths],
        "more_paths": one.more_paths,
        "needed_by": one.needed_by,
        "direct": [{"name": d.name, "version": d.version, "roots": list(d.roots)} for d in one.direct],
    }


def _listed(found: Listed) -> Object:
    return {
        "indexes": list(found.indexes),
        "status": found.status,
        "newest": _dated(found.newest),
        "ships": list(found.ships),
        "sdist": found.sdist,
        "offers": [_offer(offer) for offer in found.offers],
    }


def _offer(offer: Offer) -> Object:
    return {
        "target": offer.target,
        "first": _dated(offer.first),
        "last": _dated(offer.last),
        "fitting": _dated(offer.fitting),
        "pre_release": _dated(offer.pre_release),
    }


def _dated(release: Dated | None) -> Object | None:
    return None if release is None else {"version": release.version, "uploaded": release.uploaded}


def _source(source: SourceBuild) -> Object:
    evidence = source.evidence
    return {
        "file": source.file,
        "compiles": None if evidence is None else evidence.compiles,
        "signs": [] if evidence is None else list(evidence.signs),
        "problem": source.problem,
    }


def _upstream(upstream: Upstream) -> Object:
    return {
        "version": upstream.version,
        "links": dict(upstream.links),
        "free_threading": list(upstream.free_threading),
    }
