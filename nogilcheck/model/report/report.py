"""The result of a check, complete enough for every output format (JSON report, version 1)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Any, Final, NoReturn

from nogilcheck.errors import ExitStatus, InputError
from nogilcheck.frozen import frozen
from nogilcheck.model.evidence import EvidenceFact
from nogilcheck.model.json_format.kinds import Choice, JsonKind, JsonTable, Mismatch, Object, integer, read_key, text
from nogilcheck.model.json_format.records import kind_of, to_json
from nogilcheck.model.report.finding import Finding, Gap
from nogilcheck.model.report.requirements import ReportEdge, ReportRoot, RequestedBy
from nogilcheck.model.report.shared_state import SharedStateReading
from nogilcheck.model.source import Count, InputFile
from nogilcheck.model.verdict import Severity, Verdict

SCHEMA_VERSION: Final = "1.0"

TOOL_NAME: Final = "nogilcheck"

READY, BLOCKED, UNDECIDED = "ready", "blocked", "unknown"

Outcome = Annotated[str, Choice([READY, BLOCKED, UNDECIDED], formerly={"undecided": UNDECIDED})]
"""The verdict of a target or of a report, before policy."""

_COUNT = integer(minimum=1)

_HINT: Final = f"`{TOOL_NAME} --format json` writes a report."


CountByStatus = Annotated[Mapping[str, int], JsonTable(_COUNT, keys="Status")]
CountByTwin = Annotated[Mapping[str, int], JsonTable(_COUNT, keys="RegularBuildGets")]
CountByCause = Annotated[Mapping[str, int], JsonTable(_COUNT, keys="Cause")]


@frozen
class Counts:
    """How many distributions of a target have each status, twin and cause; zeros left out."""

    status: CountByStatus = field(default_factory=dict)
    twin: CountByTwin = field(default_factory=dict)
    cause: CountByCause = field(default_factory=dict)


PythonVersion = Annotated[str, text(pattern=r"^[0-9]+\.[0-9]+(\.[0-9]+)?$")]


@frozen
class TargetSummary:
    """One target and what came of it."""

    id: str
    python: PythonVersion
    """``3.14``, or ``3.14.2`` where one patch release is meant; without the ``t``."""
    free_threaded: bool
    platform: str
    floor: str
    """``glibc 2.34``."""
    allowed: bool = False
    """Shown, and never fails the run."""
    verdict: Outcome
    counts: Counts
    core: Outcome | None = None
    """The verdict without any extra or group; ``None`` where none was asked for, or nothing else was."""
    extras: Mapping[str, Outcome] = field(default_factory=dict)
    """The verdict of the core with each extra that was asked for."""
    groups: Mapping[str, Outcome] = field(default_factory=dict)
    """Dependency group -> the verdict of the core together with it."""

    @property
    def python_name(self) -> str:
        """``3.14t``."""
        return self.python + ("t" if self.free_threaded else "")


@frozen
class Assessment:
    """A distribution on one target: the verdict and its place in that target's graph."""

    verdict: Verdict = field(metadata={"flat": True})
    direct: bool = field(metadata={"before": "wheel"})
    """A root asks for it."""
    requested_by: tuple[RequestedBy, ...] = field(default=(), metadata={"before": "wheel"})


@frozen
class Distribution:
    """One project at one version, on every target that chose this version."""

    name: str
    version: str | None
    index: str | None = None
    """The index that listed its files; no credentials."""
    targets: Mapping[str, Assessment] = field(default_factory=dict)
    """By target id."""
    evidence: tuple[EvidenceFact, ...] | None = field(default=None, metadata={"added": True})
    """What the ledger has on the project; ``None`` where it has nothing. It changes no verdict."""
    shared_state: SharedStateReading | None = field(default=None, metadata={"added": True})
    """What a scan found in its Python sources; ``None`` where they were not read. It changes no verdict."""


@frozen
class Scanned:
    """How much a scan has looked at."""

    wheels: Count
    """Wheels with extension modules of which at least one was read."""
    modules: Count
    """Extension modules that were read."""


class _Tool(JsonKind):
    """``{"name": "nogilcheck", "version": "0.1.0"}`` for the version alone."""

    def __init__(self) -> None:
        keys = {"name": {"const": TOOL_NAME}, "version": {"type": "string"}}
        closed = {"type": "object", "additionalProperties": False, "required": list(keys), "properties": keys}
        super().__init__("an object", schema=closed)

    def read(self, value: Any) -> str:
        if type(value) is not dict:
            raise Mismatch(self.expected, value)
        read_key(value, "name", Choice([TOOL_NAME]))
        version: str = read_key(value, "version", text())
        return version

    def write(self, value: str) -> Object:
        return {"name": TOOL_NAME, "version": value}


ToolVersion = Annotated[str, _Tool()]

SchemaVersion = Annotated[str, JsonKind("a string", [str], {"const": SCHEMA_VERSION})]

ExitCode = Annotated[int, Choice([status.value for status in ExitStatus])]

ScanState = Annotated[str, Choice(["not-run", "run"])]


@frozen
class Report:
    """Everything that a check found out."""

    schema_version: SchemaVersion = SCHEMA_VERSION
    tool_version: ToolVersion = field(metadata={"key": "tool"})
    options: Mapping[str, object] = field(default_factory=dict)
    """What was asked, for the record: JSON values, no credentials."""
    verdict: Outcome
    """Before policy."""
    exit_status: ExitCode
    """After policy."""
    inputs: tuple[InputFile, ...] = ()
    scan: ScanState = "not-run"
    scanned: Scanned | None = None
    """How much was read; ``None`` where no scan was run."""
    targets: tuple[TargetSummary, ...] = ()
    distributions: tuple[Distribution, ...] = ()
    """Sorted by name, then version; a target that chose another version is absent from its targets."""
    edges: tuple[ReportEdge, ...] = ()
    roots: tuple[ReportRoot, ...] = ()
    findings: tuple[Finding, ...] = ()
    """Blockers, then warnings, then gaps; within each those that hold back most first."""
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def blockers(self) -> tuple[Finding, ...]:
        """The findings that block a target, without what a policy suppressed."""
        return self._of(Severity.BLOCKER)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that block nothing, likewise."""
        return self._of(Severity.WARNING)

    @property
    def unknowns(self) -> tuple[Finding, ...]:
        """The findings of what could not be known; ``gaps`` has what stands behind them."""
        return self._of(Severity.GAP)

    def target(self, name: str) -> TargetSummary:
        """The target of this id (``3.14t-linux-x86_64``), or the first of a Python (``3.14t``). Raises `KeyError`."""
        for target in self.targets:
            if name in (target.id, target.python_name):
                return target
        raise KeyError(name)

    def distribution(self, name: str) -> Distribution:
        """The distribution of a project, the first where targets have several versions of it. Raises `KeyError`."""
        wanted = re.sub(r"[-_.]+", "-", name).lower()  # PEP 503
        for distribution in self.distributions:
            if distribution.name == wanted:
                return distribution
        raise KeyError(name)

    def _of(self, severity: Severity) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.severity is severity and one.suppressed_by is None)

    def to_json(self, *, compact: bool = False) -> str:
        """The JSON report, version 1: ASCII, with a final newline; the same text for equal reports.

        Two spaces of indent for people; ``compact`` is for the cache, a tenth of the work to write and half of it to
        read.
        """
        indent, separators = (None, (",", ":")) if compact else (2, None)
        return json.dumps(to_json(self), indent=indent, separators=separators, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, document: str) -> Report:
        """Read a JSON report back: ``Report.from_json(r.to_json()) == r``.

        Raises `InputError`, with the JSON path of the first value that is wrong, for anything that is not a report of
        schema version 1.
        """
        try:
            data = json.loads(document, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise InputError(f"not a {TOOL_NAME} report: not JSON ({error})", hint=_HINT) from None
        if not isinstance(data, dict):
            raise InputError(f"not a {TOOL_NAME} report: the document is not an object", hint=_HINT)
        try:
            _check_schema_version(read_key(data, "schema_version", text()))
            report: Report = kind_of(cls).read(data)
            _check_root_positions(report)
        except Mismatch as problem:
            raise InputError(f"not a {TOOL_NAME} report: {problem}", hint=_HINT) from None
        return report


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _check_schema_version(version: str) -> None:
    major, dot, minor = version.partition(".")
    if not (dot and major.isdecimal() and minor.isdecimal()):
        raise Mismatch("a version such as 1.0", version, "schema_version")
    if major != SCHEMA_VERSION.partition(".")[0]:
        raise InputError(
            f"the report has schema version {version}, and this {TOOL_NAME} reads version 1",
            hint=f"Use a {TOOL_NAME} of the release that wrote it.",
        )


def _check_root_positions(report: Report) -> None:
    """Raise `Mismatch` for a position in an array of roots that does not have it."""
    count = len(report.roots)
    for index, edge in enumerate(report.edges):
        if isinstance(edge.parent, int) and not 0 <= edge.parent < count:
            raise Mismatch(f"a position in an array of {count}", edge.parent, "edges", index, "from", "root")
    for index, finding in enumerate(report.findings):
        for number, path in enumerate(finding.paths):
            if not 0 <= path.root < count:
                place = ("findings", index, "paths", number, "root")
                raise Mismatch(f"a position in an array of {count}", path.root, *place)
