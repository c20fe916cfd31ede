"""Hypothesis: any report that the schema admits."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from nogilcheck.model.report.finding import Advice, Cap, Finding, Gap, Path, Step
from nogilcheck.model.report.report import Assessment, Counts, Distribution, Report, Scanned, TargetSummary
from nogilcheck.model.report.requirements import Endpoint, ReportEdge, ReportRoot, RequestedBy
from nogilcheck.model.source import COMMAND_LINE, STDIN, InputFile, Location
from nogilcheck.model.verdict import (
    Cause,
    Fallback,
    Offered,
    Reason,
    ReasonCode,
    RegularBuildGets,
    ReleaseSpan,
    Severity,
    Status,
    Verdict,
)

FINDINGS = (*(status.value for status in Status), "held-back", "odd-tag", "own-requires-python", "assumed")
PLATFORMS = ("linux-x86_64", "macos-arm64", "windows-amd64")
HOSTILE = (
    "\x1b[2J",
    "\x1b]0;title\x07",
    "a\r\nb",
    "\u202egpj.exe",
    "\u200b",
    "\u2028",
    "名前",
    "a b  c",
    "",
    "\x9b31m",
    "é́",
)

short = st.text(max_size=12) | st.sampled_from(HOSTILE)
maybe = st.none() | short
lines = st.none() | st.integers(1, 10**6)
verdict_names = st.sampled_from(("ready", "blocked", "unknown"))
names = st.sampled_from(("grpcio", "numpy", "a-distribution-with-quite-a-long-name")) | short
versions = st.none() | st.sampled_from(("1.0", "2026.8.0.post1")) | short
rules = st.from_regex(r"NGC[0-9]{3}", fullmatch=True)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | short,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(short, inner, max_size=3),
    max_leaves=6,
)


def several(strategy: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=most).map(tuple)


def counts_of(values: Any) -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(st.sampled_from([value.value for value in values]), st.integers(1, 999), max_size=3)


locations = st.none() | st.builds(Location, path=short, line=lines)
verdicts = st.builds(
    Verdict,
    status=st.sampled_from(Status),
    severity=st.sampled_from(Severity),
    cause=st.none() | st.sampled_from(Cause),
    twin=st.sampled_from(RegularBuildGets),
    wheel=maybe,
    sdist=st.booleans(),
    reasons=several(st.builds(Reason, code=st.sampled_from(ReasonCode), detail=several(short))),
    fallback=st.none()
    | st.builds(
        Fallback, version=short, reason=st.sampled_from(("older", "newer", "pre-release")), silent=st.booleans()
    ),
    extensions=several(short),
    releases=st.none()
    | several(
        st.builds(
            ReleaseSpan,
            offered=st.sampled_from(Offered),
            first=short,
            first_day=maybe,
            last=short,
            last_day=maybe,
            releases=st.integers(1, 999),
        )
    ),
)
assessments = st.builds(
    Assessment,
    verdict=verdicts,
    direct=st.booleans(),
    requested_by=several(st.builds(RequestedBy, name=short, specifier=short, extra=maybe, marker=maybe)),
)
steps = st.builds(Step, name=names, version=versions, specifier=short, extra=maybe, marker=maybe)
nodes = st.builds(Endpoint, name=names, version=versions)
advice = st.builds(
    Advice,
    kind=short,
    project=names,
    version=versions,
    uploaded=maybe,
    since=maybe,
    since_uploaded=maybe,
    releases=st.none() | st.integers(0, 99),
    months=st.none() | st.integers(0, 99),
    pre_release=maybe,
    pythons=several(short),
    languages=several(short),
    extra=maybe,
    held_back_by=maybe,
    caps=several(st.builds(Cap, by=short, specifier=short, location=locations, floor=st.booleans()), 1),
    verified=st.booleans(),
    text=short,
)


def _target(platform: str, python: str, *, free_threaded: bool, **values: Any) -> TargetSummary:
    tag = f"cp{python.replace('.', '')}{'t' if free_threaded else ''}-{platform.replace('-', '_')}"
    return TargetSummary(id=tag, python=python, free_threaded=free_threaded, platform=platform, **values)


targets = st.builds(
    _target,
    platform=st.sampled_from(PLATFORMS),
    python=st.sampled_from(("3.13", "3.14", "3.15")),
    free_threaded=st.booleans(),
    floor=short,
    allowed=st.booleans(),
    verdict=verdict_names,
    counts=st.builds(Counts, status=counts_of(Status), twin=counts_of(RegularBuildGets), cause=counts_of(Cause)),
    core=st.none() | verdict_names,
    extras=st.dictionaries(short, verdict_names, max_size=2),
    groups=st.dictionaries(short, verdict_names, max_size=2),
)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Consistent where the format demands it (positions of roots), arbitrary everywhere else."""
    roots = draw(
        several(st.builds(ReportRoot, requirement=short, path=short | st.just(COMMAND_LINE), line=lines, group=maybe))
    )
    chosen = draw(st.lists(targets, max_size=6, unique_by=lambda target: target.id).map(tuple))
    ids = st.sampled_from([*(target.id for target in chosen), "cp399t-elsewhere"])
    paths = st.builds(Path, root=st.integers(0, len(roots) - 1), steps=several(steps)) if roots else st.nothing()
    parents = nodes | st.integers(0, len(roots) - 1) if roots else nodes
    findings = st.builds(
        Finding,
        rule=rules,
        status=st.sampled_from(FINDINGS),
        severity=st.sampled_from(Severity),
        cause=st.none() | st.sampled_from(Cause),
        target=ids,
        distribution=names,
        version=versions,
        paths=several(paths) if roots else st.just(()),
        location=locations,
        advice=several(advice, 1),
        detail=several(short),
        suppressed_by=maybe,
        fingerprint=short,
    )
    return Report(
        tool_version=draw(short),
        options=draw(st.dictionaries(short, json_values, max_size=3)),
        verdict=draw(verdict_names),
        exit_status=draw(st.sampled_from((0, 1, 2, 3, 130))),
        inputs=draw(
            several(
                st.builds(
                    InputFile,
                    path=short | st.sampled_from((COMMAND_LINE, STDIN)),
                    kind=short,
                    requirements=st.integers(0, 9),
                )
            )
        ),
        scan=draw(st.sampled_from(("not-run", "run"))),
        scanned=draw(st.none() | st.builds(Scanned, wheels=st.integers(0, 9), modules=st.integers(0, 9))),
        targets=chosen,
        distributions=draw(
            several(
                st.builds(
                    Distribution,
                    name=names,
                    version=versions,
                    index=maybe,
                    targets=st.dictionaries(ids, assessments, max_size=3),
                )
            )
        ),
        edges=draw(
            several(
                st.builds(
                    ReportEdge,
                    target=ids,
                    project=st.integers(0, 2),
                    parent=parents,
                    child=nodes,
                    specifier=short,
                    extra=maybe,
                    marker=maybe,
                )
            )
        ),
        roots=roots,
        findings=draw(several(findings, 5)),
        gaps=draw(
            several(
                st.builds(
                    Gap,
                    rule=rules,
                    text=short | st.just("two\n  lines"),
                    distribution=st.none() | names,
                    target=st.none() | ids,
                    location=locations,
                    suppressed_by=maybe,
                )
            )
        ),
        notes=draw(several(short)),
    )
