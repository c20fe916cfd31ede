"""The step that the user can take about one blocker, as the beginning of a sentence."""

from __future__ import annotations

from typing import Final

from nogilcheck.model.report.finding import AdviceKind, Cap, Finding
from nogilcheck.report.rows import place
from nogilcheck.report.words import OWN_BOUNDS, listed

MAX_LINES: Final = 3
"""How many of the user's lines one step names."""


def what_to_do(finding: Finding) -> str:
    """The step that is up to the user, up to the name of the project that it frees; empty where there is none."""
    best = finding.advice[0] if finding.advice else None
    if best is None or finding.status == OWN_BOUNDS:
        return ""
    if best.kind == AdviceKind.SEARCH:
        return "Let `nogilcheck plan` look for a way around"
    if any(cap.location is None for cap in best.caps):
        return ""
    if best.kind == AdviceKind.RELAX and any(cap.project for cap in best.caps):
        if len(best.caps) > MAX_LINES:
            return f"Relax the {len(best.caps)} lines named above for"
        return f"Relax {listed([_line(cap, finding.distribution) for cap in best.caps])} for"
    if best.kind in {AdviceKind.UPGRADE, AdviceKind.DOWNGRADE} and best.project != finding.distribution:
        return f"Take {best.project} {best.version} for"
    if best.kind == AdviceKind.NEWER_FLOOR:
        return f"Check with `{best.held_back_by}` for"
    if best.kind == AdviceKind.ADMIT:
        return f"Let {best.held_back_by} admit files of"
    told = {
        AdviceKind.BUILD: "Build the sdist of",
        AdviceKind.UPGRADE: "Take newer releases of",
        AdviceKind.RELAX: "Take newer releases of",
        AdviceKind.DOWNGRADE: "Go back to older releases of",
    }
    return next((text for kind, text in told.items() if kind == best.kind), "")


def _line(cap: Cap, distribution: str) -> str:
    """```pydantic==2.10.6` (r.txt:1)``."""
    where = place(cap.location) if cap.location else ""
    return f"`{cap.project or distribution}{cap.specifier}`{f' ({where})' if where else ''}"
