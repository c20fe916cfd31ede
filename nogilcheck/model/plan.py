"""Changes to the user's own requirements after which a target is ready, as far as any were found."""

from __future__ import annotations

import io
from enum import StrEnum

from nogilcheck.errors import ExitStatus
from nogilcheck.frozen import frozen
from nogilcheck.model.report.report import READY, Report
from nogilcheck.model.source import Location

BOM = "\ufeff"
"""A byte order mark, which a file may begin with."""

SCHEMA_VERSION = "1.0"
"""Of a plan as JSON."""


class RequirementChangeKind(StrEnum):
    """What is done to the user's words."""

    PIN = "pin"
    """Another version is pinned."""
    RELAX = "relax"
    """A bound is lifted."""
    CONSTRAIN = "constrain"
    """A bound is put on a project, of the user's own or one that others ask for."""
    ADD = "add"
    """A project that others ask for is pinned, which was not before."""
    DROP_EXTRA = "drop-extra"
    """An extra is not asked for any more."""


@frozen
class RequirementChange:
    """One changed, or one further, line of the user's requirements."""

    kind: RequirementChangeKind
    project: str
    """Normalized (PEP 503)."""
    before: str | None
    """The requirement as written; ``None``: a further one."""
    after: str
    location: Location | None
    """Where the requirement stands; ``None``: nowhere yet."""
    constraint: bool = False
    """It stands in a constraints file."""
    hashes: tuple[str, ...] = ()
    """``sha256:...`` of the files of the new version, where the requirement had hashes."""


@frozen
class FileEdit:
    """One of the user's files with the plan's changes in it."""

    path: str
    """As the changes name it."""
    before: str
    """The text as it stands, line ends and all."""
    after: str

    @property
    def diff(self) -> tuple[str, ...]:
        """The lines of a unified diff, each with its own line end: ``patch`` takes it."""
        from difflib import unified_diff  # which a replay of a check does without

        old, new = (io.StringIO(text, newline="\n").readlines() for text in (self.before, self.after))
        # A name with white space in it ends with a tab.
        name = f"{self.path}\t" if any(map(str.isspace, self.path)) else self.path
        ended: list[str] = []
        for line in unified_diff(old, new, name, name):
            ended += [line] if line.endswith("\n") else [f"{line}\n", "\\ No newline at end of file\n"]
        return tuple(ended)


@frozen
class PlanLine:
    """One line of a requirements file that says all that the plan rests on."""

    requirement: str
    """PEP 508, or an option of the file such as ``--pre``."""
    hashes: tuple[str, ...] = ()

    @property
    def text(self) -> list[str]:
        """The lines of a requirements file that it stands for, without line ends."""
        options = [f"    --hash={one}" for one in self.hashes]
        *continued, last = [self.requirement, *options]
        return [*(f"{line} \\" for line in continued), last]


@frozen
class Move:
    """A distribution that is installed in another version, or not any more, or newly."""

    project: str
    before: str | None
    after: str | None


@frozen
class TargetPlan:
    """What can be done for one target, in one project."""

    target: str
    """`Target.id`."""
    python: str
    """``3.14t``."""
    platform: str
    project: str
    """The lock that it is about; empty: everything else that was named."""
    kind: str
    """What wrote the lock: ``uv.lock`` and the like; empty: no lock."""
    blockers: tuple[str, ...]
    """Names of what blocks today."""
    changes: tuple[RequirementChange, ...] = ()
    edits: tuple[FileEdit, ...] = ()
    """The files of the user's in which changes have their places."""
    by_hand: tuple[RequirementChange, ...] = ()
    """The changes that have no place in a file that can be edited."""
    commands: tuple[str, ...] = ()
    """With what to lock again, where a lock is planned for or lies beside what is edited."""
    moves: tuple[Move, ...] = ()
    """Sorted by name."""
    lines: tuple[PlanLine, ...] = ()
    """Every requirement as it is after the changes, and what constrains them; empty for a lock."""
    verified: bool = False
    """A second, ordinary resolution of the changed requirements came to what the plan says."""
    stopped: bool = False
    """The search hit one of its caps: there may be more to find."""
    after: Report
    """The check of the changed requirements on this target alone; that of today where nothing is to be changed."""
    allowed: bool = False
    """The target never fails a run."""

    @property
    def is_ready(self) -> bool:
        """Whether everything is ready, after the changes if there are any."""
        return self.after.verdict == READY and (self.verified or not self.changes)

    @property
    def remaining(self) -> tuple[str, ...]:
        """Names of what still blocks."""
        names = (finding.distribution for finding in self.after.findings if finding.severity.value == "blocker")
        return tuple(dict.fromkeys(names))


@frozen
class Plan:
    """The plans for every target."""

    tool_version: str
    releases: int
    """Releases of each project that were tried at most, and …"""
    months: int
    """… how much older than the version of today they may be."""
    prefer: str
    """``smallest`` or ``newest``: which of the releases that fit was taken."""
    report: Report
    """The check of what the user has."""
    targets: tuple[TargetPlan, ...]
    reached_limit: str = ""
    """The time limit, in a sentence, where the run reached it: there may be more to find."""

    @property
    def exit_status(self) -> int:
        """0 when every target that counts is ready, or would be after the changes; else as of a check of those."""
        statuses = {
            ExitStatus(target.after.exit_status if target.verified or not target.changes else ExitStatus.UNDECIDED)
            for target in self.targets
            if not target.allowed
        }
        return next((status for status in _WORST_FIRST if status in statuses), ExitStatus.READY)


_WORST_FIRST = (ExitStatus.UNUSABLE, ExitStatus.BLOCKED, ExitStatus.UNDECIDED, ExitStatus.READY)
