"""A plan as a requirements file (pip's format): the user's own file with changed lines, or a list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nogilcheck.model.plan import RequirementChange, TargetPlan

_HASH = re.compile(r"--hash[=\s]\s*\S+")
_CONTINUED = re.compile(r"\\\n")
_GAP = r"(?:\s|\\\n)*"
"""What may stand between two words of a requirement that goes on in the next line."""


def changes_only(plan: TargetPlan, path: str) -> bool:
    """Whether all that is changed stands in one file, so that `changed_file` says the whole of it."""
    return all(change.location is None or change.location.path == path for change in plan.changes)


def changed_file(text: str, path: str, plan: TargetPlan) -> str:
    """The text of the user's requirements file with the plan's changes in their places; comments stay.

    What is further required comes last. ``path`` is how the changes name the file.
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
        # A requirement is said to stand where its words begin, which may be after a line that only goes on.
        change = next((own[line] for line in range(position + 1, end + 2) if line in own), None)
        logical = lines[position : end + 1]
        written += logical if change is None else _changed("\n".join(logical), change).split("\n")
        position = end + 1
    return "\n".join([*written, *_further(plan)]) + "\n"


def changed_list(plan: TargetPlan) -> str:
    """Every requirement, changed or not, and what constrains them.

    Of a lock: the distributions whose versions move, as pins, for a constraints file.
    """
    if plan.kind:
        lines = [f"{move.project}=={move.after}" for move in plan.moves if move.after]
    else:
        lines = [text for line in plan.lines for text in _with_hashes(line.requirement, line.hashes)]
    return "\n".join([f"# written by nogilcheck plan, for {plan.python}", *lines]) + "\n"


def _changed(logical: str, change: RequirementChange) -> str:
    """A line of the file, however many it goes over, with its options and its comment."""
    pattern = _GAP.join(map(re.escape, (change.before or "").split()))
    found = re.search(pattern, logical)
    if found is None:
        return "\n".join(_with_hashes(change.after, change.hashes))
    if not change.hashes:
        after = " ".join(change.after.split()) if "\n" in found[0] else change.after
        return logical[: found.start()] + after + logical[found.end() :]
    head, rest = logical[: found.start()], _CONTINUED.sub(" ", logical[found.end() :])
    options, mark, comment = rest.partition(" #")
    kept = " ".join(_HASH.sub(" ", options).split())
    lines = _with_hashes(f"{head}{change.after} {kept}".rstrip(), change.hashes)
    return "\n".join([*lines[:-1], lines[-1] + mark + comment])


def _with_hashes(requirement: str, hashes: Sequence[str]) -> list[str]:
    options = [f"    --hash={one}" for one in hashes]
    return [f"{line} \\" for line in [requirement, *options][:-1]] + [[requirement, *options][-1]]


def _further(plan: TargetPlan) -> list[str]:
    added = [change for change in plan.changes if change.location is None]
    if not added:
        return []
    lines = [line for change in added for line in _with_hashes(change.after, change.hashes)]
    return ["# what others require, by nogilcheck plan", *lines]
