"""The result of a check, complete enough for every output format (JSON report, version 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nogilcheck.model.report.finding import Finding, Gap
from nogilcheck.model.source import InputFile
from nogilcheck.model.verdict import Verdict

SCHEMA_VERSION = "1.0"

READY, BLOCKED, UNDECIDED = "ready", "blocked", "undecided"
"""The verdicts of a target and of a report, before policy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many distributions of a target have each status, twin and cause; zeros left out."""

    status: Mapping[str, int] = field(default_factory=dict)
    twin: Mapping[str, int] = field(default_factory=dict)
    cause: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSummary:
    """One target and what came of it."""

    id: str
    python: str
    """``3.14``, or ``3.14.2`` where one patch release is meant; without the ``t``."""
    free_threaded: bool
    platform: str
    floor: str
    """``glibc 2.34``."""
    allowed: bool = False
    """Shown, and never fails the run."""
    verdict: str
    counts: Counts
    core: str | None = None
    """The verdict without any extra or group; ``None`` where none was asked for, or nothing else was."""
    extras: Mapping[str, str] = field(default_factory=dict)
    """The verdict of the core with each extra that was asked for."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """The same of each dependency group."""

    @property
    def python_name(self) -> str:
        """``3.14t``."""
        return self.python + ("t" if self.free_threaded else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedBy:
    """One requirement that asks for a distribution."""

    name: str
    """The requiring distribution, or the requirement as the user wrote it."""
    specifier: str = ""
    extra: str | None = None
    marker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """A distribution on one target: the verdict and its place in that target's graph."""

    verdict: Verdict
    direct: bool
    """A root asks for it."""
    requested_by: tuple[RequestedBy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """One project at one version, on every target that chose this version."""

    name: str
    version: str | None
    index: str | None = None
    """The index that listed its files; no credentials."""
    targets: Mapping[str, Assessment] = field(default_factory=dict)
    """By target id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Either end of an edge: a distribution, or (as a parent) a root."""

    name: str | None = None
    version: str | None = None
    root: int | None = None
    """Position in `Report.roots`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportEdge:
    """One requirement that holds on one target."""

    target: str
    project: int = 0
    """Which of the projects of the run says so, from 0; no chain leads from one of them into another."""
    parent: Endpoint
    child: Endpoint
    specifier: str = ""
    extra: str | None = None
    marker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRoot:
    """A requirement that the user wrote."""

    requirement: str
    path: str
    line: int | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """How much a scan has looked at."""

    wheels: int
    """Wheels with extension modules of which at least one was read."""
    modules: int
    """Extension modules that were read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that a check found out."""

    tool_version: str
    options: Mapping[str, object] = field(default_factory=dict)
    """What was asked, for the record: JSON values, no credentials."""
    verdict: str
    exit_status: int
    inputs: tuple[InputFile, ...] = ()
    scan: str = "not-run"
    """``not-run`` or ``run``."""
    scanned: Scanned | None = None
    """How much was read; ``None`` where no scan was run."""
    targets: tuple[TargetSummary, ...] = ()
    distributions: tuple[Distribution, ...] = ()
    """Sorted by name, then version."""
    edges: tuple[ReportEdge, ...] = ()
    roots: tuple[ReportRoot, ...] = ()
    findings: tuple[Finding, ...] = ()
    """Blockers, then warnings, then gaps; within each those that hold back most first."""
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()
    schema_version: str = SCHEMA_VERSION

    def to_json(self) -> str:
        """The JSON report, version 1; deterministic for equal reports."""
        from nogilcheck.model.report.codec import encode

        return encode(self)

    @classmethod
    def from_json(cls, text: str) -> Report:
        """Read a JSON report back: ``Report.from_json(r.to_json()) == r``.

        Raises `InputError` for anything that is not a report of a known schema version.
        """
        from nogilcheck.model.report.codec import decode

        return decode(text)
