"""What lies between two reports."""

from __future__ import annotations

from enum import StrEnum

from nogilcheck.frozen import frozen
from nogilcheck.model.report.finding import Finding
from nogilcheck.model.report.report import TargetSummary
from nogilcheck.model.report.requirements import ReportRoot


class ReportChangeKind(StrEnum):
    """What became of a project on a target; the first that holds."""

    REGRESSED = "regressed"
    """It blocks, and did not."""
    UNDETERMINED = "undetermined"
    """What it gets is not known any more."""
    READY = "ready"
    """It blocked, and does no more."""
    NEW = "new"
    """It was not there."""
    GONE = "gone"
    """It is not there any more."""
    STATUS = "status"
    """It gets something else."""
    VERSION = "version"
    """Another version gets the same."""


@frozen
class FindingState:
    """A project on a target in one of the reports; of several versions the one that fares worst."""

    versions: tuple[str, ...]
    """Sorted as in the report; empty where no version is known."""
    status: str
    """A status, or the rule's name where the project itself excludes the target."""
    blocks: bool


@frozen
class ReportChange:
    """A project on a target, before and after."""

    kind: ReportChangeKind
    distribution: str
    old: FindingState | None
    new: FindingState | None
    finding: Finding | None = None
    """Why it blocks now."""
    counts: bool = False
    """A regression that no policy keeps from counting."""


@frozen
class TargetComparison:
    """One target that both reports have."""

    target: TargetSummary
    """As in the newer report."""
    changes: tuple[ReportChange, ...]
    """By kind, then by name."""
    old_blockers: int
    new_blockers: int
    new_gaps: tuple[str, ...] = ()
    """The unknowns of the newer report that the older one did not have; in sentences."""
    gaps_count: bool = False
    """One of them counts."""


@frozen
class Comparison:
    """Everything that changed."""

    targets: tuple[TargetComparison, ...]
    only_old: tuple[TargetSummary, ...] = ()
    """Targets of the older report that the newer one does not have."""
    only_new: tuple[TargetSummary, ...] = ()
    roots: tuple[ReportRoot, ...] = ()
    """Of the newer report; paths refer to them."""
    exit_status: int
    """1 when something regressed that counts, else 3 when a new gap does, else 0."""
