"""The result of a check, complete enough for every output format (JSON report, version 1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, NoReturn

from nogilcheck.errors import ExitStatus, InputError
from nogilcheck.model.json_format import (
    Choice,
    JsonKind,
    JsonTable,
    Mismatch,
    Object,
    integer,
    kind_of,
    read_key,
    text,
    to_json,
)
from nogilcheck.model.report.finding import Finding, Gap
from nogilcheck.model.source import Count, InputFile, LineNumber
from nogilcheck.model.verdict import Verdict

SCHEMA_VERSION: Final = "1.0"

TOOL_NAME: Final = "nogilcheck"

READY, BLOCKED, UNDECIDED = "ready", "blocked", "undecided"

Outcome = Annotated[str, Choice([READY, BLOCKED, UNDECIDED])]
"""The verdict of a target or of a report, before policy."""

_COUNT, _ROOT = integer(minimum=1), integer()

_HINT: Final = f"`{TOOL_NAME} --format json` writes a report."


CountByStatus = Annotated[Mapping[str, int], JsonTable(_COUNT, keys="Status")]
CountByTwin = Annotated[Mapping[str, int], JsonTable(_COUNT, keys="RegularBuildGets")]
CountByCause = Annotated[Mapping[str, int], JsonTable(_COUNT, keys="Cause")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many distributions of a target have each status, twin and cause; zeros left out."""

    status: CountByStatus = field(default_factory=dict)
    twin: CountByTwin = field(default_factory=dict)
    cause: CountByCause = field(default_factory=dict)


PythonVersion = Annotated[str, text(pattern=r"^[0-9]+\.[0-9]+(\.[0-9]+)?$")]


@dataclass(frozen=True, slots=True, kw_only=True)
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

    verdict: Verdict = field(metadata={"flat": True})
    direct: bool = field(metadata={"before": "wheel"})
    """A root asks for it."""
    requested_by: tuple[RequestedBy, ...] = field(default=(), metadata={"before": "wheel"})


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
    """A distribution at either end of an edge."""

    name: str
    version: str | None = None


class _Parent(JsonKind):
    """``{"root": 0}`` for a root, or the object of an `Endpoint`."""

    def __init__(self) -> None:
        root = {"type": "object", "additionalProperties": False, "required": ["root"]}
        root["properties"] = {"root": {"$ref": "#/$defs/RootPosition"}}
        super().__init__("an object", schema={"anyOf": [{"$ref": "#/$defs/Endpoint"}, root]})

    def read(self, value: Any) -> int | Endpoint:
        if type(value) is not dict or "root" not in value:
            end: Endpoint = kind_of(Endpoint).read(value)
            return end
        root: int = read_key(value, "root", _ROOT)
        return root

    def write(self, value: int | Endpoint) -> Object:
        return {"root": value} if isinstance(value, int) else kind_of(Endpoint).write(value)


Parent = Annotated[int | Endpoint, _Parent()]
"""What requires something: a distribution, or a root by its position in `Report.roots`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportEdge:
    """One requirement that holds on one target."""

    target: str
    project: Count = 0
    """Which of the projects of the run says so, from 0; no chain leads from one of them into another."""
    parent: Parent = field(metadata={"key": "from"})
    child: Endpoint = field(metadata={"key": "to"})
    specifier: str = ""
    extra: str | None = None
    marker: str | None = None


JUDGED, NOT_APPLICABLE, NOT_CHECKED = "judged", "not-applicable", "not-checked"

RootState = Annotated[Mapping[str, str], JsonTable(Choice([JUDGED, NOT_APPLICABLE, NOT_CHECKED]))]
"""By target id: whether what a requirement asks for was judged, the marker is false, or a gap tells why it was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRoot:
    """A requirement that the user wrote, and what became of it."""

    requirement: str
    path: str
    line: LineNumber | None = None
    group: str | None = None
    # The first reports had neither.
    marker: str | None = field(default=None, metadata={"added": True})
    targets: RootState | None = field(default=None, metadata={"added": True})

    @property
    def left_out_on(self) -> tuple[str, ...]:
        """The ids of the targets to which it does not apply."""
        return tuple(target for target, state in (self.targets or {}).items() if state == NOT_APPLICABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
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
