"""The least versions of requirements, as lines of a requirements file with comments."""

from __future__ import annotations

from nogilcheck.model.report.minimum import Minimums, RequirementMinimum, Support, TargetMinimum
from nogilcheck.report.words import listed, safe

MAX_COLUMN = 48
"""Where comments begin at most."""

_CAVEAT = "# Your own requirements alone: what they and their extras require, `nogilcheck check` tells."


def render(found: Minimums) -> str:
    """A line for each requirement, which can be pasted."""
    lines = [(safe(one.ready), safe(_comment(one))) for one in found.requirements]
    column = min(MAX_COLUMN, max((len(line) for line, _ in lines), default=0))
    told = [f"{line:{column}}  # {comment}" for line, comment in lines]
    told += [f"# not read: {safe(text)}" for text in found.not_read]
    told += [f"# no requirement applies to {listed(found.idle)}"] if found.idle else []
    return "\n".join([*told, _CAVEAT]) + "\n"


def _comment(one: RequirementMinimum) -> str:
    if one.unknown is not None:
        return f"unknown: {one.unknown}"
    if not one.targets:
        return "does not apply to any target"
    alike: dict[str, list[str]] = {}
    for target in one.targets:
        alike.setdefault(_said(target), []).append(target.target)
    told = "; ".join(f"{listed(targets)}: {said}" for said, targets in alike.items())
    if one.kept_out is not None:
        return f"BLOCKED, {one.kept_out}; {told}"
    return f"{told} (previously: {one.specifier})" if one.specifier and one.ready != one.requirement else told


def _said(one: TargetMinimum) -> str:
    day = f" ({one.uploaded})" if one.uploaded else ""
    yanked = f"; {one.yanked} is yanked" if one.yanked else ""
    match one.support:
        case Support.MADE:
            gap = f"; had some from {one.earlier} on, and none in {one.gap}" if one.gap else ""
            return f"free-threaded wheels since {one.version}{day}{gap}{yanked}"
        case Support.PURE:
            return f"wheels for every build since {one.version}{day}{yanked}"
        case Support.FALLBACK:
            return f"no free-threaded wheels, a pure fallback since {one.version}{day}{yanked}"
        case Support.LOST:
            return f"BLOCKED, the newest release has no wheel that fits; the last that fits is {one.version}{day}"
        case Support.NONE:
            pre = f"; the pre-release {one.version}{day} has one" if one.version else ""
            return f"BLOCKED, no release has a wheel that fits{pre}"
