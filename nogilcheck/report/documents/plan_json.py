"""A plan as JSON, for programs; docs/reference/plan.md lists the keys."""

from __future__ import annotations

import json

from nogilcheck.model.json_format.records import to_json
from nogilcheck.model.plan import SCHEMA_VERSION, Plan, RequirementChange, TargetPlan
from nogilcheck.model.report.report import TOOL_NAME


def render_plan_json(plan: Plan) -> str:
    """The plan as text that ends with a newline; deterministic for equal plans."""
    value = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": TOOL_NAME, "version": plan.tool_version},
        "window": {"releases": plan.releases, "months": plan.months, "prefer": plan.prefer},
        "exit_status": plan.exit_status,
        "reached_limit": plan.reached_limit or None,
        "targets": [_target(one) for one in plan.targets],
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _target(one: TargetPlan) -> dict[str, object]:
    return {
        "id": one.target,
        "project": one.project or None,
        "allowed": one.allowed,
        "blockers": list(one.blockers),
        "verdict": one.after.verdict,
        "verified": one.verified,
        "stopped": one.stopped,
        "changes": [_change(change) for change in one.changes],
        "diffs": [{"path": edit.path, "diff": "".join(edit.diff)} for edit in one.edits],
        "by_hand": [_change(change) for change in one.by_hand],
        "commands": list(one.commands),
        "moves": [{"name": move.project, "from": move.before, "to": move.after} for move in one.moves],
        "remaining": list(one.remaining),
        "after": to_json(one.after),
    }


def _change(change: RequirementChange) -> dict[str, object]:
    return {
        "kind": change.kind.value,
        "project": change.project,
        "before": change.before,
        "after": change.after,
        "location": change.location and to_json(change.location),
        "constraint": change.constraint,
        "hashes": list(change.hashes),
    }
