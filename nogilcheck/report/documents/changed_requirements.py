"""A plan as a list of requirements (pip's format)."""

from __future__ import annotations

from nogilcheck.model.plan import TargetPlan


def changed_list(plan: TargetPlan) -> str:
    """Every requirement, changed or not, and what constrains them.

    Of a lock: the distributions whose versions move, as pins, for a constraints file.
    """
    if plan.kind:
        lines = [f"{move.project}=={move.after}" for move in plan.moves if move.after]
    else:
        lines = [text for line in plan.lines for text in line.text]
    return "\n".join([f"# written by nogilcheck plan, for {plan.python}", *lines]) + "\n"
