"""Reports made by hand: a small language for a graph and its verdicts, and two realistic examples."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from nogilcheck.model.report.finding import Finding, Gap, Path, Step
from nogilcheck.model.report.report import (
    BLOCKED,
    READY,
    UNDECIDED,
    Assessment,
    Counts,
    Distribution,
    Report,
    TargetSummary,
)
from nogilcheck.model.report.requirements import Endpoint, ReportEdge, ReportRoot, RequestedBy
from nogilcheck.model.source import InputFile, Location
from nogilcheck.model.verdict import Cause, Fallback, Reason, ReasonCode, RegularBuildGets, Severity, Status, Verdict

RULES = {
    Status.UNAVAILABLE: "NGC002",
    Status.SOURCE_ONLY: "NGC003",
    Status.OTHER_PLATFORM: "NGC004",
    Status.OTHER_PYTHON: "NGC005",
    Status.GIL_ONLY: "NGC006",
    Status.GIL_ENABLED: "NGC001",
    Status.PURE_FALLBACK: "NGC101",
    Status.SOURCE_PURE: "NGC102",
    Status.UNKNOWN: "NGC201",
}
SEVERITIES = {"NGC0": Severity.BLOCKER, "NGC1": Severity.WARNING, "NGC2": Severity.GAP}


def reason(code: ReasonCode, *detail: str) -> Reason:
    return Reason(code=code, detail=detail)


def ready(status: Status = Status.PURE) -> Verdict:
    return Verdict(status=status, severity=Severity.READY, twin=RegularBuildGets.WHEEL, wheel="some-1-py3-none-any.whl")


def blocked(
    status: Status,
    *reasons: Reason,
    cause: Cause = Cause.FREE_THREADING,
    sdist: bool = True,
    fallback: Fallback | None = None,
) -> Verdict:
    twin = {Cause.FREE_THREADING: RegularBuildGets.WHEEL}.get(
        cause, RegularBuildGets.SOURCE if sdist else RegularBuildGets.NONE
    )
    return Verdict(
        status=status,
        severity=Severity.BLOCKER,
        cause=cause,
        twin=twin,
        sdist=sdist,
        reasons=(*reasons, reason(ReasonCode.SDIST if sdist else ReasonCode.NO_SDIST)),
        fallback=fallback,
    )


def warned(status: Status, *reasons: Reason) -> Verdict:
    return Verdict(status=status, severity=Severity.WARNING, twin=RegularBuildGets.WHEEL, reasons=reasons)


def unknown(*reasons: Reason) -> Verdict:
    return Verdict(status=Status.UNKNOWN, severity=Severity.GAP, twin=RegularBuildGets.NONE, reasons=reasons)


def target(python: str, platform: str = "linux-x86_64", floor: str = "glibc 2.34") -> TargetSummary:
    """An undecided target without distributions; `World.report` fills it in."""
    number = python.removesuffix("t")
    tag = f"cp{python.replace('.', '')}-{platform.replace('-', '_')}"
    return TargetSummary(
        id=tag,
        python=number,
        free_threaded=python.endswith("t"),
        platform=platform,
        floor=floor,
        verdict=UNDECIDED,
        counts=Counts(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An edge: from a root (its position) or a name to a name."""

    parent: int | str
    child: str
    specifier: str = ""
    extra: str | None = None
    marker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A graph that is the same on every target, and what each target gets."""

    targets: Sequence[TargetSummary]
    roots: Sequence[ReportRoot]
    links: Sequence[Link]
    versions: Mapping[str, str | None]
    verdicts: Mapping[str, Verdict | Mapping[str, Verdict]] = field(default_factory=dict)
    """By name; or by name and target: ``cp314t-linux_x86_64``, ``linux-x86_64`` or ``3.14t``, the most exact first.

    Whatever is not named is pure.
    """
    held_back: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    gaps: Sequence[Gap] = ()
    notes: Sequence[str] = ()
    exit_status: int = 1

    def verdict(self, name: str, on: TargetSummary) -> Verdict:
        found = self.verdicts.get(name, ready())
        if isinstance(found, Verdict):
            return found
        keys = (on.id, on.platform, on.python_name)
        return next((found[key] for key in keys if key in found), ready(Status.FREE_THREADED))

    def report(self) -> Report:
        findings = self._findings()
        targets = tuple(self._summary(each, findings) for each in self.targets)
        worst = next((v for v in (BLOCKED, UNDECIDED) if any(t.verdict == v for t in targets)), READY)
        files: dict[str, int] = Counter(root.path for root in self.roots)
        return Report(
            tool_version="0.1.0",
            options={"pythons": [each.python_name for each in self.targets]},
            verdict=worst,
            exit_status=self.exit_status,
            inputs=tuple(InputFile(path=p, kind="requirements", requirements=n) for p, n in files.items()),
            targets=targets,
            distributions=tuple(self._distribution(name) for name in sorted(self.versions)),
            edges=tuple(self._edge(each, link) for each in self.targets for link in self.links),
            roots=tuple(self.roots),
            findings=tuple(findings),
            gaps=tuple(self.gaps),
            notes=tuple(self.notes),
        )

    def _distribution(self, name: str) -> Distribution:
        asked = [link for link in self.links if link.child == name]
        requests = tuple(
            RequestedBy(
                name=link.parent if isinstance(link.parent, str) else self.roots[link.parent].requirement,
                specifier=link.specifier,
                extra=link.extra,
                marker=link.marker,
            )
            for link in asked
        )
        direct = any(isinstance(link.parent, int) for link in asked)
        assessments = {
            each.id: Assessment(verdict=self.verdict(name, each), direct=direct, requested_by=requests)
            for each in self.targets
        }
        return Distribution(
            name=name, version=self.versions[name], index="https://pypi.org/simple/", targets=assessments
        )

    def _summary(self, each: TargetSummary, findings: Sequence[Finding]) -> TargetSummary:
        verdicts = [self.verdict(name, each) for name in self.versions]
        severities = {finding.severity for finding in findings if finding.target == each.id}
        gaps = Severity.GAP in severities or any(gap.target in {None, each.id} for gap in self.gaps)
        counts = Counts(
            status=dict(Counter(verdict.status.value for verdict in verdicts)),
            twin=dict(Counter(verdict.twin.value for verdict in verdicts)),
            cause=dict(Counter(verdict.cause.value for verdict in verdicts if verdict.cause)),
        )
        return replace(
            each, verdict=BLOCKED if Severity.BLOCKER in severities else UNDECIDED if gaps else READY, counts=counts
        )

    def _edge(self, each: TargetSummary, link: Link) -> ReportEdge:
        parent = (
            Endpoint(name=link.parent, version=self.versions[link.parent])
            if isinstance(link.parent, str)
            else link.parent
        )
        return ReportEdge(
            target=each.id,
            parent=parent,
            child=Endpoint(name=link.child, version=self.versions[link.child]),
            specifier=link.specifier,
            extra=link.extra,
            marker=link.marker,
        )

    def _findings(self) -> list[Finding]:
        found = [
            self._finding(name, each, RULES[verdict.status], verdict.status.value, verdict.cause)
            for name in self.versions
            for each in self.targets
            if (verdict := self.verdict(name, each)).severity is not Severity.READY
        ]
        found += [
            replace(self._finding(name, each, "NGC103", "held-back", None), detail=detail)
            for name, detail in self.held_back.items()
            for each in self.targets
        ]
        return sorted(found, key=lambda finding: finding.rule[:4])

    def _finding(self, name: str, each: TargetSummary, rule: str, status: str, cause: Cause | None) -> Finding:
        paths = tuple(self._paths(name))
        root = self.roots[paths[0].root]
        return Finding(
            rule=rule,
            status=status,
            severity=SEVERITIES[rule[:4]],
            cause=cause,
            target=each.id,
            distribution=name,
            version=self.versions[name],
            paths=paths,
            location=Location(path=root.path, line=root.line),
            fingerprint=f"{rule[:4]}:{each.id}:{name}",
        )

    def _paths(self, name: str) -> list[Path]:
        """A shortest chain from each root that leads to the name, found from the roots downwards."""
        paths: list[Path] = []
        for root in range(len(self.roots)):
            chains: deque[tuple[int | str, tuple[Step, ...]]] = deque([(root, ())])
            seen: set[int | str] = set()
            while chains:
                here, steps = chains.popleft()
                if here == name:
                    paths.append(Path(root=root, steps=steps))
                    break
                for link in self.links:
                    if link.parent == here and link.child not in seen:
                        seen.add(link.child)
                        step = Step(
                            name=link.child,
                            version=self.versions[link.child],
                            specifier=link.specifier,
                            extra=link.extra,
                            marker=link.marker,
                        )
                        chains.append((link.child, (*steps, step)))
        return sorted(paths, key=lambda path: (len(path.steps), path.root))


def root(requirement: str, line: int | None, path: str = "r.txt", group: str | None = None) -> ReportRoot:
    return ReportRoot(requirement=requirement, path=path, line=line, group=group)


_GIL_WHEELS = reason(ReasonCode.GIL_WHEELS, "cp314-cp314")

AIRFLOW = World(
    targets=(target("3.14t"), target("3.15t")),
    roots=(
        root("apache-airflow[otel]>=3", 1),
        root("apache-airflow-providers-postgres", 2),
        root("pandas>=2,<4", 4),
    ),
    links=(
        Link(parent=0, child="apache-airflow", specifier=">=3"),
        Link(parent=1, child="apache-airflow-providers-postgres"),
        Link(parent=2, child="pandas", specifier=">=2,<4"),
        Link(parent="apache-airflow", child="apache-airflow-core", specifier="==3.2.1"),
        Link(
            parent="apache-airflow",
            child="opentelemetry-exporter-otlp",
            specifier=">=1.27",
            extra="otel",
            marker='extra == "otel"',
        ),
        Link(
            parent="opentelemetry-exporter-otlp",
            child="opentelemetry-exporter-otlp-proto-grpc",
            specifier="==1.43.0",
        ),
        Link(
            parent="opentelemetry-exporter-otlp-proto-grpc",
            child="grpcio",
            specifier=">=1.75.1,<2",
            marker='python_version >= "3.14"',
        ),
        Link(parent="opentelemetry-exporter-otlp-proto-grpc", child="protobuf", specifier=">=5,<8"),
        Link(parent="apache-airflow-core", child="psutil", specifier=">=5.8"),
        Link(parent="apache-airflow-core", child="pyyaml", specifier=">=6.0.3"),
        Link(parent="apache-airflow-core", child="cryptography", specifier=">=44"),
        Link(parent="apache-airflow-core", child="python-nvd3", specifier=">=0.15"),
        Link(parent="apache-airflow-providers-postgres", child="apache-airflow", specifier=">=2.11"),
        Link(parent="apache-airflow-providers-postgres", child="psycopg2-binary", specifier=">=2.9.9"),
        Link(parent="apache-airflow-providers-postgres", child="psycopg", specifier=">=3.2.9", extra="psycopg"),
        Link(
            parent="psycopg",
            child="psycopg-binary",
            specifier="==3.4.2",
            extra="binary",
            marker='implementation_name != "pypy" and extra == "binary"',
        ),
        Link(parent="pandas", child="numpy", specifier=">=2.3.3"),
        Link(parent="pandas", child="python-dateutil", specifier=">=2.8.2"),
        Link(parent="python-dateutil", child="six", specifier=">=1.5"),
        Link(parent="pandas", child="dask", specifier=">=2023"),
        Link(parent="dask", child="company-telemetry", specifier=">=2"),
    ),
    versions={
        "grpcio": "1.85.1",
        "psycopg-binary": "3.4.2",
        "psycopg2-binary": "2.9.13",
        "psutil": "7.2.2",
        "pyyaml": "6.0.3",
        "protobuf": "7.35.1",
        "python-nvd3": "0.16.0",
        "dask": "2026.8.0",
        "company-telemetry": None,
        "apache-airflow": "3.2.1",
        "apache-airflow-core": "3.2.1",
        "apache-airflow-providers-postgres": "6.6.1",
        "opentelemetry-exporter-otlp": "1.43.0",
        "opentelemetry-exporter-otlp-proto-grpc": "1.43.0",
        "cryptography": "50.0.2",
        "psycopg": "3.4.2",
        "pandas": "3.1.2",
        "numpy": "2.5.1",
        "python-dateutil": "2.9.0.post0",
        "six": "1.17.0",
    },
    verdicts={
        "grpcio": {
            "3.14t": blocked(Status.GIL_ONLY, _GIL_WHEELS, reason(ReasonCode.NEVER_FREE_THREADED)),
            "3.15t": blocked(
                Status.GIL_ONLY,
                reason(ReasonCode.GIL_WHEELS, "cp315-cp315"),
                reason(ReasonCode.NEVER_FREE_THREADED),
            ),
        },
        "psycopg-binary": blocked(
            Status.GIL_ONLY,
            reason(ReasonCode.GIL_WHEELS, "cp314-cp314", "cp39-abi3"),
            reason(ReasonCode.NEVER_FREE_THREADED),
            sdist=False,
            fallback=Fallback(version="3.1.9", reason="older", silent=True),
        ),
        "psycopg2-binary": blocked(
            Status.GIL_ONLY,
            _GIL_WHEELS,
            reason(ReasonCode.FREE_THREADED_RELEASES, "2.9.14rc1"),
            fallback=Fallback(version="2.9.14rc1", reason="pre-release", silent=False),
        ),
        "psutil": {
            "3.15t": blocked(
                Status.OTHER_PYTHON,
                reason(ReasonCode.FREE_THREADED_PYTHONS, "3.13", "3.14"),
                reason(ReasonCode.GIL_WHEELS, "cp36-abi3"),
            )
        },
        "pyyaml": {
            "3.15t": blocked(
                Status.SOURCE_ONLY,
                reason(ReasonCode.COMPILED_ELSEWHERE),
                reason(ReasonCode.WHEELS_FOR_PYTHONS, "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.14t"),
                cause=Cause.PYTHON,
            )
        },
        "protobuf": warned(
            Status.PURE_FALLBACK,
            reason(ReasonCode.TWIN_WHEEL, "protobuf-7.35.1-cp310-abi3-manylinux2014_x86_64.whl"),
        ),
        "python-nvd3": warned(Status.SOURCE_PURE, reason(ReasonCode.PURE_SOURCES)),
        "company-telemetry": unknown(
            reason(
                ReasonCode.GAP,
                "not-found",
                "company-telemetry is not on the configured indexes: https://pypi.org/simple/",
            )
        ),
        "cryptography": {"3.15t": ready(Status.ABI3T)},
        "numpy": ready(Status.FREE_THREADED),
        "pandas": ready(Status.FREE_THREADED),
    },
    held_back={"dask": ("2026.9.1", ">=3.16")},
    gaps=(
        Gap(
            rule="NGC203",
            text="company-telemetry is not on the configured indexes: https://pypi.org/simple/",
            distribution="company-telemetry",
        ),
        Gap(
            rule="NGC202",
            text="'pandas=>2' is not a requirement (did you mean >=?)",
            location=Location(path="r.txt", line=7),
        ),
    ),
    notes=("r.txt:9: --use-feature is ignored, as it changes nothing about what is installed.",),
)
"""Blocked on both targets, with one of everything: warnings, a held-back release, gaps, a note."""

WEB = World(
    targets=(target("3.14t"), target("3.15t")),
    roots=(root("streamlit", 1), root("uvicorn[standard]", 2)),
    links=(
        Link(parent=0, child="streamlit"),
        Link(parent=1, child="uvicorn"),
        Link(parent="streamlit", child="watchdog", specifier=">=2.1.5,<7"),
        Link(parent="uvicorn", child="httptools", specifier=">=0.6.3", extra="standard"),
    ),
    versions={"streamlit": "1.58.0", "uvicorn": "0.40.0", "watchdog": "6.0.0", "httptools": "0.8.1"},
    verdicts={"watchdog": ready(Status.NO_ABI), "httptools": ready(Status.FREE_THREADED)},
    exit_status=0,
)
"""Ready everywhere."""

FLOORS = {
    "linux-x86_64": "glibc 2.34",
    "linux-aarch64": "glibc 2.34",
    "musllinux-x86_64": "musl 1.2",
    "musllinux-aarch64": "musl 1.2",
    "macos-arm64": "macOS 14.0",
    "macos-x86_64": "macOS 14.0",
    "windows-amd64": "Windows",
    "windows-arm64": "Windows",
}
"""The platforms that have names."""


def everywhere(*pythons: str) -> tuple[TargetSummary, ...]:
    """These Pythons on every platform that has a name."""
    return tuple(target(python, platform, floor) for python in pythons for platform, floor in FLOORS.items())


_ON_MUSL = blocked(
    Status.OTHER_PLATFORM,
    reason(
        ReasonCode.FREE_THREADED_PLATFORMS,
        *("Windows amd64", "Windows arm64", "macOS arm64", "macOS x86_64", "manylinux aarch64", "manylinux x86_64"),
    ),
)
_NOT_YET = blocked(Status.OTHER_PYTHON, reason(ReasonCode.FREE_THREADED_PYTHONS, "3.13", "3.14"))

SCIENCE = World(
    targets=everywhere("3.13t", "3.14t", "3.15t"),
    roots=(root("pandas>=3", 1), root("polars", 2), root("psutil", 3), root("ctoon", 4)),
    links=(
        Link(parent=0, child="pandas", specifier=">=3"),
        Link(parent="pandas", child="numpy", specifier=">=2.3.3"),
        Link(parent="pandas", child="six"),
        Link(parent=1, child="polars"),
        Link(parent="polars", child="polars-runtime-32", specifier="==2.1.0"),
        Link(parent="polars", child="numpy"),
        Link(parent=2, child="psutil"),
        Link(parent=3, child="ctoon"),
        Link(parent="ctoon", child="protobuf"),
        Link(parent="ctoon", child="company-telemetry"),
    ),
    versions={
        "polars-runtime-32": "2.1.0",
        "pandas": "3.1.1",
        "numpy": "2.5.5",
        "psutil": "7.2.2",
        "ctoon": "0.28.0",
        "protobuf": "7.35.1",
        "company-telemetry": "2.0",
        "polars": "2.1.0",
        "six": "1.17.0",
    },
    verdicts={
        "polars-runtime-32": blocked(
            Status.GIL_ONLY, reason(ReasonCode.GIL_WHEELS, "cp311-abi3"), reason(ReasonCode.NEVER_FREE_THREADED)
        ),
        "pandas": {"3.13t": blocked(Status.OTHER_PYTHON, reason(ReasonCode.FREE_THREADED_PYTHONS, "3.14", "3.15"))},
        "numpy": {
            "3.13t": blocked(
                Status.OTHER_PYTHON,
                reason(ReasonCode.FREE_THREADED_PYTHONS, "3.14", "3.15"),
                fallback=Fallback(version="2.4.6", reason="older", silent=False),
            )
        },
        "psutil": {
            **{f"cp315t-{platform.replace('-', '_')}": _NOT_YET for platform in FLOORS},
            "musllinux-x86_64": _ON_MUSL,
            "musllinux-aarch64": _ON_MUSL,
        },
        "ctoon": {
            "windows-arm64": blocked(
                Status.SOURCE_ONLY,
                reason(ReasonCode.WHEELS_FOR_PLATFORMS, "macOS", "manylinux x86_64", "manylinux aarch64"),
                cause=Cause.SOURCE,
            ),
            "3.15t": blocked(Status.GIL_ONLY, reason(ReasonCode.FREE_THREADED_RELEASES, "0.27.0"), sdist=False),
        },
        "protobuf": {
            platform: warned(
                Status.PURE_FALLBACK,
                reason(ReasonCode.TWIN_WHEEL, f"protobuf-7.35.1-cp310-abi3-{platform.replace('-', '_')}.whl"),
            )
            for platform in FLOORS
            if platform.startswith(("linux", "musllinux"))
        },
        "company-telemetry": {
            "cp315t-windows_arm64": unknown(reason(ReasonCode.GAP, "unreachable", "the index did not answer"))
        },
    },
    held_back={"six": ("1.18.0", ">=3.16")},
    gaps=(
        Gap(rule="NGC208", text="the dependencies of ctoon are not known", target="cp315t-musllinux_x86_64"),
        Gap(rule="NGC208", text="the dependencies of ctoon are not known", target="cp315t-musllinux_aarch64"),
    ),
)
"""Everything at once, on every platform."""
