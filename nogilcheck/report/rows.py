"""Findings of one distribution on several targets, drawn together. Data only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from nogilcheck.frozen import frozen
from nogilcheck.model.evidence import EvidenceFact
from nogilcheck.model.report.finding import Advice, AdviceKind, Finding, Gap
from nogilcheck.model.report.report import Report, TargetSummary
from nogilcheck.model.report.requirements import ReportRoot
from nogilcheck.model.source import COMMAND_LINE, STDIN, Location
from nogilcheck.model.verdict import PAGES_OF, SCAN_GAPS, ReasonCode, Severity, Status, Verdict
from nogilcheck.report import words
from nogilcheck.report.reasons import Clause, why

READY_WORD: Final = "ready"
ABSENT: Final = "-"
"""The word for a target that did not choose this version."""

_WITH_INDEX: Final = 3
"""Items of the detail of `ReasonCode.GAP` where an index is at fault."""

_STATUSES: Final = frozenset(status.value for status in Status)


@frozen
class FindingRow:
    """One distribution in one section of the report."""

    name: str
    version: str | None
    findings: Mapping[str, Finding]
    """By target id: the targets that this row is about."""
    verdicts: Mapping[str, Verdict]
    """By target id: every target that chose this version."""
    pythons: Mapping[str, str]
    """By target id: ``3.14t``."""
    facts: tuple[EvidenceFact, ...]
    """What the ledger has on the project."""

    @property
    def title(self) -> str:
        """``grpcio 1.85.1``."""
        return f"{self.name} {self.version}" if self.version else self.name

    @property
    def is_suppressed(self) -> bool:
        """Every finding is suppressed."""
        return all(finding.suppressed_by is not None for finding in self.findings.values())

    def warns_on(self, target: str) -> bool:
        """Whether it is a warning there."""
        return target in self.findings and self.findings[target].severity is Severity.WARNING

    def cell(self, target: str, *, named: bool = True) -> tuple[str, str]:
        """What the target gets, in a few words, and its severity; ``-`` where it is not in the graph.

        ``named``: words may name the target's Python, so that they differ between targets.
        """
        finding, verdict = self.findings.get(target), self.verdicts.get(target)
        if verdict and (finding is None or finding.status in _STATUSES):
            ready = verdict.severity is Severity.READY
            python = self.pythons.get(target, "") if named else ""
            return READY_WORD if ready else words.word_of_verdict(verdict, python), verdict.severity
        if finding:
            return words.word_of(finding.status), finding.severity
        return ABSENT, ""

    def why(self, target: str) -> list[Clause]:
        """The clauses behind the finding on one target; none where the report gives no reason."""
        finding, verdict = self.findings[target], self.verdicts.get(target)
        if finding.status not in _STATUSES:
            if verdict and finding.status in SCAN_GAPS:
                return why(verdict, self.version)
            return [Clause(text=words.finding_text(finding))]
        best = finding.advice[:1]
        advised = {version for step in best for version in (step.version, step.since) if version}
        return why(verdict, self.version, advised=advised) if verdict else []

    def advice(self, target: str, *, verbose: bool) -> list[Advice]:
        """The best step, or all of them where it is verbose, omitting what the reasons already say.

        A warning asks for nothing, so that its steps are told only where everything is.
        """
        finding, verdict = self.findings[target], self.verdicts.get(target)
        texts = [step.text for step in finding.advice]
        # A search says by itself what is waited for.
        told = [text for text in texts if text and not any(text in other != text for other in texts)]
        steps = [step for step in finding.advice if step.text in told]
        if not verbose:
            steps = steps[:1] if finding.severity is Severity.BLOCKER else []
        return [step for step in steps if verdict is None or not _is_told(step, verdict)]


def _is_told(step: Advice, verdict: Verdict) -> bool:
    """Whether the reasons say already what the advice does."""
    if step.kind == AdviceKind.BUILD:
        return verdict.cause is not None
    by_itself = step.kind in {AdviceKind.DOWNGRADE, AdviceKind.UPGRADE}
    return by_itself and verdict.fallback is not None and verdict.fallback.version == step.version


def is_remark(finding: Finding) -> bool:
    """A warning that was switched off or put aside, or one that is good news: notes tell how many there are."""
    aside = finding.suppressed_by is not None or finding.status == words.BASELINE_STALE
    return aside and finding.severity is Severity.WARNING


def rows_of(report: Report, severity: Severity) -> list[FindingRow]:
    """The rows of one section, in the report's order: what holds back most comes first."""
    found: dict[tuple[str, str | None, str], dict[str, Finding]] = {}
    for finding in report.findings:
        if finding.severity is severity:
            kind = "" if finding.status in _STATUSES else finding.status
            if finding.status in {words.OWN_BOUNDS, words.PYTHON_CAP} and finding.location:
                kind = f"{kind} {finding.location}"
            found.setdefault((finding.distribution, finding.version, kind), {}).setdefault(finding.target, finding)
    verdicts = {(d.name, d.version): {at: a.verdict for at, a in d.targets.items()} for d in report.distributions}
    facts = {d.name: d.evidence for d in report.distributions if d.evidence}
    pythons = {target.id: target.python_name for target in report.targets}
    return [
        FindingRow(
            name=name,
            version=version,
            findings=on,
            verdicts=verdicts.get((name, version), {}),
            pythons=pythons,
            facts=facts.get(name, ()),
        )
        for (name, version, _), on in found.items()
    ]


def labels_of(targets: Sequence[TargetSummary]) -> dict[str, str]:
    """Target id -> the shortest name that tells these targets apart."""
    pythons = {target.id: target.python_name for target in targets}
    if len(set(pythons.values())) == len(pythons):
        return pythons
    if len(set(pythons.values())) == 1:
        return {target.id: target.platform for target in targets}
    return {target.id: f"{target.python_name} {target.platform}" for target in targets}


def place(location: Location) -> str:
    """``r.txt:1``; nothing for the command line, where the chain begins with what was typed."""
    if location.path == COMMAND_LINE:
        return ""
    return str(Location(path="stdin", line=location.line)) if location.path == STDIN else str(location)


def place_of_root(root: ReportRoot) -> str:
    """The place of a requirement, with the group that it belongs to: ``pyproject.toml:12 (dev)``."""
    where = place(Location(path=root.path, line=root.line))
    return f"{where} ({root.group})".lstrip() if root.group else where


def places(roots: Iterable[ReportRoot]) -> list[str]:
    """The places of requirements, each once, that of a file in which there are several in one: ``r.txt:1, :4``."""
    by_file: dict[str, list[str]] = {}
    for where in dict.fromkeys(filter(None, map(place_of_root, roots))):
        path, _, line = where.rpartition(":")
        numbered = path and line[:1].isdigit()
        by_file.setdefault(path if numbered else where, []).append(f":{line}" if numbered else "")
    return [path + ", ".join(lines) for path, lines in by_file.items()]


@frozen
class GapRow:
    """Something that could not be known, on one target or several."""

    gap: Gap
    targets: frozenset[str]
    """Target ids; empty when it concerns all of them."""


def folded_by_index(report: Report, rows: Sequence[FindingRow]) -> tuple[list[FindingRow], dict[str, list[str]]]:
    """The rows without those of which a failed index is the only cause; and the text of its gap -> their names."""
    failed = [gap.text for gap in report.gaps if gap.distribution is None]
    left: list[FindingRow] = []
    names: dict[str, list[str]] = {}
    for row in rows:
        indexes = {_failed_index(row.verdicts.get(target)) for target in row.findings}
        index = indexes.pop() if len(indexes) == 1 else ""
        text = next((text for text in failed if index and text.startswith(PAGES_OF.format(index))), None)
        if text is None or row.is_suppressed:
            left.append(row)
        else:
            names.setdefault(text, []).append(row.name)
    return left, names


def _failed_index(verdict: Verdict | None) -> str:
    """The index of which the failure is why nothing is known; empty where it is not."""
    gaps = [reason.detail for reason in verdict.reasons if reason.code is ReasonCode.GAP] if verdict else []
    return gaps[0][1] if len(gaps) == 1 and len(gaps[0]) == _WITH_INDEX else ""


def split_conflicts(report: Report) -> tuple[Report, Report]:
    """The report with nothing but conflicting requirements, and with everything else: the former come first."""
    if not report.gaps:
        return replace(report, findings=()), report
    conflicts = [gap for gap in report.gaps if words.is_of_rule(gap.rule, CONFLICT)]
    names = {gap.distribution for gap in conflicts}
    without_version = [
        one
        for one in report.findings
        if one.severity is Severity.GAP and one.version is None and one.distribution in names
    ]
    others = tuple(finding for finding in report.findings if finding not in without_version)
    rest = tuple(gap for gap in report.gaps if gap not in conflicts)
    return (
        replace(report, gaps=tuple(conflicts), findings=tuple(without_version)),
        replace(report, gaps=rest, findings=others),
    )


def gap_rows(report: Report, rows: Iterable[FindingRow]) -> list[GapRow]:
    """The gaps of the report, each once, without those that a row tells of already.

    A row that does not count tells of no gap that does.
    """
    told: dict[tuple[str, bool], set[str]] = {}
    for row in rows:
        reasons = [reason for verdict in row.verdicts.values() for reason in verdict.reasons]
        for counts in {False, not row.is_suppressed}:
            told.setdefault((row.name, counts), set()).update(one.detail[-1] for one in reasons if one.detail)
    alike: dict[tuple[str | Location | None, ...], list[Gap]] = {}
    for gap in report.gaps:
        texts = told.get((gap.distribution or "", gap.suppressed_by is None), ())
        if not any(text and text in gap.text for text in texts):
            alike.setdefault((gap.text, gap.location, gap.distribution, gap.suppressed_by), []).append(gap)
    return [GapRow(gap=gaps[0], targets=_targets(gaps, report)) for gaps in alike.values()]


def _targets(gaps: Sequence[Gap], report: Report) -> frozenset[str]:
    named = {gap.target for gap in gaps if gap.target is not None}
    everywhere = len(named) >= len(report.targets) or any(gap.target is None for gap in gaps)
    return frozenset() if everywhere else frozenset(named)


CONFLICT: Final = "conflict"
"""The rule of requirements that contradict one another."""
CONFLICTS: Final = "Conflicting requirements"
LEFT_OUT: Final = "Not applicable"
NOT_APPLICABLE: Final = "not-applicable"
"""What entries about them have in the place of a rule's code and name: it is no finding."""


@frozen
class LeftOut:
    """A requirement, and the targets to which it does not apply: all that the report has where ``everywhere``."""

    root: ReportRoot
    targets: tuple[TargetSummary, ...]
    everywhere: bool

    @property
    def title(self) -> str:
        """The requirement with its marker, which a lock has beside it: ``lib==1.0 ; python_version < "3.13"``."""
        written, marker = self.root.requirement, self.root.marker
        return written if marker is None or ";" in written else f"{written} ; {marker}"

    @property
    def location(self) -> Location:
        """Where it stands."""
        return Location(path=self.root.path, line=self.root.line)

    @property
    def on(self) -> str:
        """``3.14t and 3.15t on linux-x86_64``; empty for all targets."""
        if self.everywhere:
            return ""
        pythons = words.listed(dict.fromkeys(target.python_name for target in self.targets))
        return f"{pythons} on {words.listed(dict.fromkeys(target.platform for target in self.targets))}"

    @property
    def text(self) -> str:
        """``r.txt:1: lib==1.0 ; python_version < "3.13"``, and on which targets where that is not all."""
        told = ": ".join(filter(None, (place_of_root(self.root), self.title)))
        return f"{told} (on {self.on})" if self.on else told


def left_out(report: Report) -> Iterator[LeftOut]:
    """The requirements that do not apply somewhere, in the order in which they were written."""
    for root in report.roots:
        ids = root.left_out_on
        targets = tuple(target for target in report.targets if target.id in ids)
        if targets:
            yield LeftOut(root=root, targets=targets, everywhere=len(targets) == len(report.targets))


def told(report: Report, most: int | None = None) -> list[str]:
    """The texts of all of them; of at most ``most``, with a word on the rest."""
    texts = [one.text for one in left_out(report)]
    if most is None or len(texts) <= most:
        return texts
    return [*texts[: most - 1], f"and {words.counted(len(texts) - most + 1, 'more requirement')}"]
