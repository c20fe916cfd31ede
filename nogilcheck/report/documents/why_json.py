"""An explanation as JSON: version 1 of a format of its own, documented in ``docs/reference/why.md``."""

from __future__ import annotations

import json
from typing import Final

from nogilcheck.model.explanation import Presence, ProjectExplanation, SourceBuild, Upstream
from nogilcheck.model.json_format.kinds import Object
from nogilcheck.model.json_format.records import to_json
from nogilcheck.model.report.report import TOOL_NAME
from nogilcheck.report.ledger import facts_of

SCHEMA_VERSION: Final = "1.0"

_OF_FINDING: Final = ("rule", "status", "severity", "detail", "suppressed_by", "advice")


def render(explanation: ProjectExplanation) -> str:
    """The text, ASCII, with a final newline; names and values are those of the JSON report where it has them."""
    report = explanation.report
    data = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": TOOL_NAME, "version": report.tool_version},
        "project": explanation.name,
        "inputs": list(map(to_json, report.inputs)),
        "roots": list(map(to_json, report.roots)),
        "targets": [target.id for target in report.targets],
        "distributions": [_presence(one) for one in explanation.presences],
        "not_applicable": list(explanation.left_out),
        "index": explanation.listed and to_json(explanation.listed),
        "not_listed": explanation.not_listed,
        "sdists": [_source(source) for source in explanation.sources],
        "evidence": list(map(to_json, facts_of(report, explanation.name))),
        "shared_state": [
            {"version": one.version, **to_json(one.shared_state)}
            for one in report.distributions
            if one.name == explanation.name and one.shared_state
        ],
        "upstream": explanation.upstream and _upstream(explanation.upstream),
        "gaps": len(report.gaps),
        "reached_limit": explanation.reached_limit or None,
    }
    return json.dumps(data, indent=2, allow_nan=False) + "\n"


def _presence(one: Presence) -> Object:
    data = to_json(one)
    return {**data, "findings": [{key: finding[key] for key in _OF_FINDING} for finding in data["findings"]]}


def _source(source: SourceBuild) -> Object:
    evidence = source.evidence
    return {
        "file": source.file,
        "compiles": None if evidence is None else evidence.compiles,
        "signs": [] if evidence is None else list(evidence.signs),
        "problem": source.problem,
        "says": list(map(to_json, source.readings)),
    }


def _upstream(upstream: Upstream) -> Object:
    return {
        "version": upstream.version,
        "links": dict(upstream.links),
        "free_threading": list(upstream.free_threading),
    }
