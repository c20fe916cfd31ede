"""The rule that a verdict or a gap in a graph comes under."""

from __future__ import annotations

from nogilcheck.model.artifact import MissingKind
from nogilcheck.model.graph import GapKind, GraphGap
from nogilcheck.model.rules.rule import Rule
from nogilcheck.model.rules.table import BY_NAME
from nogilcheck.model.verdict import SCAN_GAPS, Severity, Verdict

_BY_MISSING = {
    MissingKind.NOT_FOUND: "unknown-project",
    MissingKind.EMPTY: "unknown-project",
    MissingKind.NO_INDEX: "unknown-project",
    MissingKind.OFFLINE: "offline",
    MissingKind.UNREACHABLE: "unreachable",
    MissingKind.FORBIDDEN: "unreachable",
    MissingKind.DIRECT_URL: "direct-reference",
    MissingKind.NO_VERSION: "conflict",
    MissingKind.CONFLICT: "conflict",
    MissingKind.UNRESOLVED: "cut-off",
}

_BY_KIND = {
    GapKind.PROJECT: "unreachable",
    GapKind.DEPENDENCIES: "dependencies-unknown",
    GapKind.MARKER: "marker-unknown",
    GapKind.CUT_OFF: "cut-off",
    GapKind.NOTHING_APPLIES: "nothing-applies",
    GapKind.HASHES: "hash-missing",
    GapKind.INDEX: "unreachable",
    GapKind.UPLOAD_TIME: "upload-time-unknown",
    GapKind.INSTALLER: "installer-refuses",
}


def rule_of_verdict(verdict: Verdict) -> Rule:
    """The rule of a verdict that is not ready; what only a scan left open has rules of its own."""
    if verdict.severity is Severity.GAP:
        for reason in verdict.reasons:
            if reason.code in SCAN_GAPS:
                return BY_NAME[reason.code]
    return BY_NAME[verdict.status]


def rule_of_gap(gap: GraphGap) -> Rule:
    """The rule of something that the walk could not know: why it is missing says more than what."""
    name = _BY_MISSING.get(gap.missing.kind) if gap.missing else None
    if gap.kind is GapKind.DEPENDENCIES and name == "unknown-project":  # a file that is gone, of a known project
        name = None
    return BY_NAME[name or _BY_KIND[gap.kind]]
