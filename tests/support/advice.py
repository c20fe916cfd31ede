"""Advice as data on one line, for tests."""

from __future__ import annotations

from nogilcheck.model.report.finding import Advice, Cap


def in_short(advice: Advice) -> str:
    """Everything but the text and the days: ``relax 3.0 since 2.1 for ==1.0 of line 1``, ``drop app[fast]``."""
    if advice.kind == "drop":
        return f"drop {advice.project}[{advice.extra}]" if advice.extra else f"drop {advice.project}"
    parts = [advice.kind, advice.version or ""]
    if advice.since:
        parts += ["since", advice.since]
    if advice.releases is not None:
        parts += ["back", str(advice.releases), "releases", str(advice.months), "months"]
    if advice.pre_release:
        parts += ["pre", advice.pre_release]
    if advice.pythons:
        parts += ["on", *advice.pythons]
    if advice.languages:
        parts += ["with", *advice.languages]
    if advice.caps:
        parts += ["for", " and ".join(map(_cap, advice.caps))]
    elif advice.held_back_by:
        parts += ["by", advice.held_back_by]
    return " ".join(filter(None, parts))


def _cap(cap: Cap) -> str:
    by = cap.by if cap.location is None else f"line {cap.location.line}"
    return f"{cap.specifier} of {by}"
