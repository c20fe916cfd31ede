"""A plan as a requirements file (pip's format): the user's own file with changed lines, or a list."""

from __future__ import annotations

from collections.abc import Sequence

from nogilcheck.model.plan import Change, TargetPlan


def changed_file(text: str, path: str, plan: TargetPlan) -> str:
    """The text of the user's requirements file with the plan's changes in their places; comments stay.

    What is further bounded comes last. ``path`` is how the changes name the file.
    """
    lines = text.splitlines()
    own = {
        change.location.line: change
        for change in plan.changes
        if change.location and change.location.path == path and change.location.line
    }
    written: list[str] = []
    position = 0
    while position < len(lines):
        end = position
        while end + 1 < len(lines) and lines[end].rstrip().endswith("\\"):
            end += 1
        change = own.get(position + 1)
        logical = lines[position : end + 1]
        written += logical if change is None else _changed(logical, change)
        position = end + 1
    return "\n".join([*written, *_further(plan)]) + "\n"


def changed_list(plan: TargetPlan) -> str:
    """Every requirement, changed or not, and after them what is further bounded.

    Of a lock: the distributions whose versions move, as pins, for a constraints file.
    """
    if plan.kind:
        lines = [f"{move.project}=={move.after}" for move in plan.moves if move.after]
    else:
        hashes = {change.after: change.hashes for change in plan.changes}
        own = dict.fromkeys(root.requirement for root in plan.after.roots)
        lines = [line for one in own for line in _with_hashes(one, hashes.get(one, ()))]
    return "\n".join([f"# written by nogilcheck plan, for {plan.python}", *lines, *_further(plan)]) + "\n"


def _changed(logical: Sequence[str], change: Change) -> list[str]:
    if change.hashes:
        return _with_hashes(change.after, change.hashes)
    before, whole = change.before or "", "\n".join(logical)
    if before and whole.count(before) == 1:
        return whole.replace(before, change.after).split("\n")
    comment = next((line[line.index(" #") :] for line in logical[-1:] if " #" in line), "")
    return [change.after + comment]


def _with_hashes(requirement: str, hashes: Sequence[str]) -> list[str]:
    options = [f"    --hash={one}" for one in hashes]
    return [f"{line} \\" for line in [requirement, *options][:-1]] + [[requirement, *options][-1]]


def _further(plan: TargetPlan) -> list[str]:
    added = [change for change in plan.changes if change.location is None]
    if not added:
        return []
    lines = [line for change in added for line in _with_hashes(change.after, change.hashes)]
    return ["# bounds on what others require, by nogilcheck plan", *lines]
