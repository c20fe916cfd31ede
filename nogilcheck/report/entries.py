"""Findings and gaps one by one, each complete in itself: for formats whose entries stand alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Final

from nogilcheck.frozen import frozen
from nogilcheck.model.report.finding import Finding, Gap, Path
from nogilcheck.model.report.report import Report, TargetSummary
from nogilcheck.model.report.requirements import ReportRoot
from nogilcheck.model.source import Location
from nogilcheck.model.verdict import Severity, Status, Verdict
from nogilcheck.report.chains import chain
from nogilcheck.report.reasons import why
from nogilcheck.report.rows import NOT_APPLICABLE, gap_rows, left_out, place, place_of_root, rows_of
from nogilcheck.report.sentences import advised
from nogilcheck.report.words import finding_text, listed, sentence, word_of, word_of_verdict

_STATUSES: Final = {status.value: status for status in Status}


@frozen
class ReportEntry:
    """A finding on one target, or a gap."""

    rule: str
    name: str
    """What the rule is called; empty for a gap."""
    severity: Severity
    targets: tuple[TargetSummary, ...]
    """What it is about; for a gap it may be several, or none where the report has no such target."""
    distribution: str
    """Empty where it is about none."""
    version: str | None = None
    word: str
    """What the target gets, in a word or two; empty for a gap."""
    headline: str
    """``grpcio 1.85.1 blocks 3.14t: GIL-only``."""
    why: str
    """A sentence without its full stop; may be empty."""
    chain: str
    """``apache-airflow > grpcio >=1.75``; empty where nothing leads there."""
    remarks: tuple[str, ...] = ()
    """Advice."""
    location: Location | None
    suppressed_by: str | None = None
    allowed: bool
    """All that it is about never fails the run."""
    fingerprint: str
    """Stable across releases of the distribution, different for every entry of a report."""

    @property
    def subject(self) -> str:
        """``grpcio 1.85.1``; empty where it is about no distribution."""
        return f"{self.distribution} {self.version}" if self.version else self.distribution

    @property
    def counts(self) -> bool:
        """It may fail the run."""
        serious = self.severity in {Severity.BLOCKER, Severity.GAP}
        return serious and not self.allowed and self.suppressed_by is None

    @property
    def message(self) -> str:
        """Everything in one paragraph of complete sentences; names keep their case."""
        told = "; ".join(filter(None, (self.headline, self.why)))
        by = [f"Required by: {self.chain}."] if self.chain else []
        return " ".join([told if told.endswith(".") else f"{told}.", *by, *map(sentence, self.remarks)])


def entries(report: Report) -> list[ReportEntry]:
    """Every finding on every target in the report's order, then the gaps that no finding tells of."""
    targets = {target.id: target for target in report.targets}
    verdicts = {
        (d.name, d.version, target): assessment.verdict
        for d in report.distributions
        for target, assessment in d.targets.items()
    }
    found = [
        _of_finding(
            finding,
            report,
            targets.get(finding.target),
            verdicts.get((finding.distribution, finding.version, finding.target)),
        )
        for finding in report.findings
    ]
    for row in gap_rows(report, rows_of(report, Severity.GAP)):
        on = tuple(t for t in report.targets if t.id in row.targets) if row.targets else report.targets
        found.append(_of_gap(row.gap, report, on))
    return _told_apart([*found, *_left_out(report)])


def target_name(target: TargetSummary, among: Sequence[TargetSummary]) -> str:
    """``3.14t``; with its platform where the report has several."""
    if len({one.platform for one in among}) > 1:
        return f"{target.python_name} on {target.platform}"
    return target.python_name


def steps(path: Path, roots: Sequence[ReportRoot]) -> str:
    """A chain without the place where it starts: ``apache-airflow > grpcio >=1.75``."""
    units = chain(path, roots)
    return " ".join(units[1:] if place_of_root(roots[path.root]) else units)


def _of_finding(finding: Finding, report: Report, target: TargetSummary | None, verdict: Verdict | None) -> ReportEntry:
    subject = f"{finding.distribution} {finding.version}" if finding.version else finding.distribution
    on = target_name(target, report.targets) if target else finding.target
    verb = "blocks" if finding.severity is Severity.BLOCKER else "on"
    python = target.python_name if target else ""
    told = verdict and verdict.status == finding.status
    word = word_of_verdict(verdict, python) if verdict and told else word_of(finding.status, python)
    return ReportEntry(
        rule=finding.rule,
        name=finding.status,
        severity=finding.severity,
        targets=(target,) if target else (),
        distribution=finding.distribution,
        version=finding.version,
        word=word,
        headline=f"{subject} {verb} {on}: {word}",
        why=_why(finding, target, verdict),
        chain=steps(finding.paths[0], report.roots) if finding.paths else "",
        remarks=tuple(dict.fromkeys(advised(step) for step in finding.advice if step.text)),
        location=finding.location,
        suppressed_by=finding.suppressed_by,
        allowed=target is not None and target.allowed,
        fingerprint=finding.fingerprint,
    )


def _why(finding: Finding, target: TargetSummary | None, verdict: Verdict | None) -> str:
    if finding.status not in _STATUSES:
        return finding_text(finding)
    if verdict is None or target is None:
        return ""
    said = (clause.said(python=target.python, platform=target.platform) for clause in why(verdict, finding.version))
    return "; ".join(said)


def _of_gap(gap: Gap, report: Report, on: tuple[TargetSummary, ...]) -> ReportEntry:
    about = f" on {listed(target_name(one, report.targets) for one in on)}" if 0 < len(on) < len(report.targets) else ""
    return ReportEntry(
        rule=gap.rule,
        name="",
        severity=Severity.GAP,
        targets=on,
        distribution=gap.distribution or "",
        word="",
        headline=f"Unknown{about}: {gap.text}",
        why="",
        chain="",
        location=gap.location,
        suppressed_by=gap.suppressed_by,
        allowed=bool(on) and all(target.allowed for target in on),
        fingerprint=":".join(
            ("gap", gap.rule, gap.distribution or "", place(gap.location) if gap.location else "", gap.text)
        ),
    )


def _left_out(report: Report) -> Iterable[ReportEntry]:
    """The requirements that do not apply, where no finding at the same place tells so."""
    known = {(finding.target, finding.location) for finding in report.findings if not finding.paths}
    for one in left_out(report):
        targets = tuple(target for target in one.targets if (target.id, one.location) not in known)
        if targets:
            on = listed(target_name(target, report.targets) for target in targets)
            yield ReportEntry(
                rule=NOT_APPLICABLE,
                name=NOT_APPLICABLE,
                severity=Severity.READY,
                targets=targets,
                distribution="",
                word=word_of(NOT_APPLICABLE),
                headline=f"{one.title} does not apply to {on}",
                why="",
                chain="",
                location=one.location,
                allowed=all(target.allowed for target in targets),
                fingerprint=":".join((NOT_APPLICABLE, place(one.location), one.title)),
            )


def _told_apart(found: Iterable[ReportEntry]) -> list[ReportEntry]:
    """Two versions of a project may share a fingerprint, and readers take equal ones for the same entry."""
    seen: dict[str, int] = {}
    told: list[ReportEntry] = []
    for entry in found:
        number = seen[entry.fingerprint] = seen.get(entry.fingerprint, 0) + 1
        key = entry.fingerprint if number == 1 else f"{entry.fingerprint}#{number}"
        told.append(replace(entry, fingerprint=key))
    return told


def digest(fingerprint: str) -> str:
    """A fingerprint as hexadecimal digits, for readers that want nothing else."""
    return sha256(fingerprint.encode("utf-8", "surrogatepass")).hexdigest()
