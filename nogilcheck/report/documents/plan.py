"""A plan as JSON (docs/reference/plan.md lists the keys), and as a list of requirements (pip's format)."""

from __future__ import annotations

import json

from nogilcheck.model.json_format.records import to_json
from nogilcheck.model.plan import SCHEMA_VERSION, Plan, TargetPlan
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
        "changes": list(map(to_json, one.changes)),
        "diffs": [{"path": edit.path, "diff": "".join(edit.diff)} for edit in one.edits],
        "by_hand": list(map(to_json, one.by_hand)),
        "commands": list(one.commands),
        "moves": [{"name": move.project, "from": move.before, "to": move.after} for move in one.moves],
        "remaining": list(one.remaining),
        "after": to_json(one.after),
    }


def changed_list(plan: TargetPlan) -> str:
    """Every requirement, changed or not, and what constrains them.

    Of a lock: the distributions whose versions move, as pins, for a constraints file.
    """
    if plan.kind:
        lines = [f"{move.project}=={move.after}" for move in plan.moves if move.after]
    else:
        lines = [text for line in plan.lines for text in line.text]
    return "\n".join([f"# written by nogilcheck plan, for {plan.python}", *lines]) + "\n"
