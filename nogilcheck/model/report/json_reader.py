"""JSON values -> `Report`. See `nogilcheck.model.report.codec`."""

from __future__ import annotations

from functools import partial

from nogilcheck.errors import ExitStatus
from nogilcheck.model.report import shape
from nogilcheck.model.report.finding import Advice, Cap, Finding, Gap, Path, Step
from nogilcheck.model.report.json_writer import TOOL_NAME
from nogilcheck.model.report.report import (
    BLOCKED,
    READY,
    UNDECIDED,
    Assessment,
    Counts,
    Distribution,
    Endpoint,
    Report,
    ReportEdge,
    ReportRoot,
    RequestedBy,
    Scanned,
    TargetSummary,
)
from nogilcheck.model.report.shape import Mismatch, Object
from nogilcheck.model.source import InputFile, Location
from nogilcheck.model.verdict import Cause, Fallback, Reason, ReasonCode, RegularBuildGets, Severity, Status, Verdict

_STATUSES = {status.value: status for status in Status}
_SEVERITIES = {severity.value: severity for severity in Severity}
_CAUSES = {cause.value: cause for cause in Cause}
_TWINS = {twin.value: twin for twin in RegularBuildGets}
_CODES = {code.value: code for code in ReasonCode}
_VERDICTS = {verdict: verdict for verdict in (READY, BLOCKED, UNDECIDED)}
_FALLBACKS = {reason: reason for reason in ("older", "newer", "pre-release")}
_SCANS = {scan: scan for scan in ("not-run", "run")}
_EXIT_STATUSES = tuple(status.value for status in ExitStatus)


def read_report(data: Object) -> Report:
    """The report that the JSON values say. Raises `Mismatch` for the first value that is wrong."""
    roots = shape.records(data, "roots", _read_root)
    return Report(
        schema_version=shape.text(data, "schema_version"),
        tool_version=shape.record(data, "tool", _read_tool_version),
        options=shape.record(data, "options", dict),
        verdict=shape.member(data, "verdict", _VERDICTS),
        exit_status=_read_exit_status(data),
        inputs=shape.records(data, "inputs", _read_input),
        scan=shape.member(data, "scan", _SCANS),
        scanned=shape.optional_record(data, "scanned", _read_scanned),
        targets=shape.records(data, "targets", _read_target),
        distributions=shape.records(data, "distributions", _read_distribution),
        edges=shape.records(data, "edges", partial(_read_edge, len(roots))),
        roots=roots,
        findings=shape.records(data, "findings", partial(_read_finding, len(roots))),
        gaps=shape.records(data, "gaps", _read_gap),
        notes=shape.strings(data, "notes"),
    )


def _read_scanned(data: Object) -> Scanned:
    return Scanned(wheels=shape.integer(data, "wheels"), modules=shape.integer(data, "modules"))


def _read_exit_status(data: Object) -> int:
    status = shape.integer(data, "exit_status")
    if status not in _EXIT_STATUSES:
        raise Mismatch(f"one of {', '.join(map(str, _EXIT_STATUSES))}", status, "exit_status")
    return status


def _read_tool_version(data: Object) -> str:
    shape.member(data, "name", {TOOL_NAME: TOOL_NAME})
    return shape.text(data, "version")


def _read_input(data: Object) -> InputFile:
    return InputFile(
        path=shape.text(data, "path"),
        kind=shape.text(data, "kind"),
        requirements=shape.integer(data, "requirements"),
    )


def _read_root(data: Object) -> ReportRoot:
    return ReportRoot(
        requirement=shape.text(data, "requirement"),
        path=shape.text(data, "path"),
        line=shape.optional_integer(data, "line"),
        group=shape.optional_text(data, "group"),
    )


def _read_target(data: Object) -> TargetSummary:
    return TargetSummary(
        id=shape.text(data, "id"),
        python=shape.text(data, "python"),
        free_threaded=shape.boolean(data, "free_threaded"),
        platform=shape.text(data, "platform"),
        floor=shape.text(data, "floor"),
        allowed=shape.boolean(data, "allowed"),
        verdict=shape.member(data, "verdict", _VERDICTS),
        counts=shape.record(data, "counts", _read_counts),
        core=shape.optional_member(data, "core", _VERDICTS),
        extras=shape.table(data, "extras", _read_verdict_name),
        groups=shape.table(data, "groups", _read_verdict_name),
    )


def _read_verdict_name(data: Object, name: str) -> str:
    return shape.member(data, name, _VERDICTS)


def _read_counts(data: Object) -> Counts:
    return Counts(
        status=shape.table(data, "status", shape.integer),
        twin=shape.table(data, "twin", shape.integer),
        cause=shape.table(data, "cause", shape.integer),
    )


def _read_distribution(data: Object) -> Distribution:
    return Distribution(
        name=shape.text(data, "name"),
        version=shape.optional_text(data, "version"),
        index=shape.optional_text(data, "index"),
        targets=shape.table(data, "targets", _read_assessment_of),
    )


def _read_assessment_of(data: Object, target: str) -> Assessment:
    return shape.record(data, target, _read_assessment)


def _read_assessment(data: Object) -> Assessment:
    return Assessment(
        verdict=Verdict(
            status=shape.member(data, "status", _STATUSES),
            severity=shape.member(data, "severity", _SEVERITIES),
            cause=shape.optional_member(data, "cause", _CAUSES),
            twin=shape.member(data, "twin", _TWINS),
            wheel=shape.optional_text(data, "wheel"),
            sdist=shape.boolean(data, "sdist"),
            reasons=shape.records(data, "reasons", _read_reason),
            fallback=shape.optional_record(data, "fallback", _read_fallback),
            extensions=shape.strings(data, "extensions"),
        ),
        direct=shape.boolean(data, "direct"),
        requested_by=shape.records(data, "requested_by", _read_requested_by),
    )


def _read_requested_by(data: Object) -> RequestedBy:
    return RequestedBy(
        name=shape.text(data, "name"),
        specifier=shape.text(data, "specifier"),
        extra=shape.optional_text(data, "extra"),
        marker=shape.optional_text(data, "marker"),
    )


def _read_reason(data: Object) -> Reason:
    return Reason(code=shape.member(data, "code", _CODES), detail=shape.strings(data, "detail"))


def _read_fallback(data: Object) -> Fallback:
    return Fallback(
        version=shape.text(data, "version"),
        reason=shape.member(data, "reason", _FALLBACKS),
        silent=shape.boolean(data, "silent"),
        uploaded=shape.optional_text(data, "uploaded"),
        months=shape.optional_integer(data, "months"),
    )


def _read_edge(roots: int, data: Object) -> ReportEdge:
    return ReportEdge(
        target=shape.text(data, "target"),
        project=shape.integer(data, "project"),
        parent=shape.record(data, "from", partial(_read_parent, roots)),
        child=shape.record(data, "to", _read_child),
        specifier=shape.text(data, "specifier"),
        extra=shape.optional_text(data, "extra"),
        marker=shape.optional_text(data, "marker"),
    )


def _read_parent(roots: int, data: Object) -> Endpoint:
    if "root" in data:
        return Endpoint(root=shape.position(data, "root", roots))
    return _read_child(data)


def _read_child(data: Object) -> Endpoint:
    return Endpoint(name=shape.text(data, "name"), version=shape.optional_text(data, "version"))


def _read_finding(roots: int, data: Object) -> Finding:
    return Finding(
        rule=shape.text(data, "rule"),
        status=shape.text(data, "status"),
        severity=shape.member(data, "severity", _SEVERITIES),
        cause=shape.optional_member(data, "cause", _CAUSES),
        target=shape.text(data, "target"),
        distribution=shape.text(data, "distribution"),
        version=shape.optional_text(data, "version"),
        paths=shape.records(data, "paths", partial(_read_path, roots)),
        location=shape.optional_record(data, "location", _read_location),
        advice=shape.records(data, "advice", _read_advice),
        detail=shape.strings(data, "detail"),
        suppressed_by=shape.optional_text(data, "suppressed_by"),
        fingerprint=shape.text(data, "fingerprint"),
    )


def _read_path(roots: int, data: Object) -> Path:
    return Path(root=shape.position(data, "root", roots), steps=shape.records(data, "edges", _read_step))


def _read_step(data: Object) -> Step:
    return Step(
        name=shape.text(data, "name"),
        version=shape.optional_text(data, "version"),
        specifier=shape.text(data, "specifier"),
        extra=shape.optional_text(data, "extra"),
        marker=shape.optional_text(data, "marker"),
    )


def _read_location(data: Object) -> Location:
    return Location(path=shape.text(data, "path"), line=shape.optional_integer(data, "line"))


def _read_advice(data: Object) -> Advice:
    return Advice(
        kind=shape.text(data, "kind"),
        project=shape.text(data, "project"),
        version=shape.optional_text(data, "version"),
        uploaded=shape.optional_text(data, "uploaded"),
        since=shape.optional_text(data, "since"),
        since_uploaded=shape.optional_text(data, "since_uploaded"),
        releases=shape.optional_integer(data, "releases"),
        months=shape.optional_integer(data, "months"),
        pre_release=shape.optional_text(data, "pre_release"),
        pythons=shape.strings(data, "pythons"),
        languages=shape.strings(data, "languages"),
        extra=shape.optional_text(data, "extra"),
        held_back_by=shape.optional_text(data, "held_back_by"),
        caps=shape.records(data, "caps", _read_cap),
        verified=shape.boolean(data, "verified"),
        text=shape.text(data, "text"),
    )


def _read_cap(data: Object) -> Cap:
    return Cap(
        by=shape.text(data, "by"),
        specifier=shape.text(data, "specifier"),
        location=shape.optional_record(data, "location", _read_location),
        floor=shape.boolean(data, "floor"),
    )


def _read_gap(data: Object) -> Gap:
    return Gap(
        rule=shape.text(data, "rule"),
        distribution=shape.optional_text(data, "distribution"),
        target=shape.optional_text(data, "target"),
        text=shape.text(data, "text"),
        location=shape.optional_record(data, "location", _read_location),
        # The first reports had none.
        suppressed_by=shape.optional_text(data, "suppressed_by") if "suppressed_by" in data else None,
    )
