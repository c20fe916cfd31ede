"""From findings and gaps to verdicts (before policy) and to the exit status, findings and notes (after it)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date

from nogilcheck.judge.baseline import gone, not_covered
from nogilcheck.judge.counting import Counting, gaps_that_may_count
from nogilcheck.judge.waivers import PolicySubject, Waivers
from nogilcheck.model.policy import OFF, WARNING, Baseline, Policy, Waiver
from nogilcheck.model.report.finding import Advice, AdviceKind, Finding, Gap
from nogilcheck.model.report.report import BLOCKED, READY, UNDECIDED, Report
from nogilcheck.model.rules.rule import Rule
from nogilcheck.model.rules.table import BY_NAME
from nogilcheck.model.source import Location
from nogilcheck.model.verdict import Severity

ORDER = {Severity.BLOCKER: 0, Severity.WARNING: 1, Severity.GAP: 2}
"""The order of findings in a report; within each, those that count come first."""


def verdict_of_target(target: str, findings: Iterable[Finding], gaps: Iterable[Gap]) -> str:
    """``blocked``, ``unknown`` or ``ready``; a gap that names no target concerns every target."""
    severities = {finding.severity for finding in findings if finding.target == target}
    if Severity.BLOCKER in severities:
        return BLOCKED
    if Severity.GAP in severities or any(gap.target in {None, target} for gap in gaps):
        return UNDECIDED
    return READY


def overall_verdict(verdicts: Collection[str], gaps: Collection[Gap]) -> str:
    """The worst of the targets' verdicts; without a target nothing is decided."""
    if BLOCKED in verdicts:
        return BLOCKED
    return READY if verdicts and not gaps and set(verdicts) == {READY} else UNDECIDED


def apply_policy(report: Report, policy: Policy, *, today: date) -> Report:
    """The report with what keeps findings and gaps from counting, what there is to tell of that, and its exit status.

    The verdicts stay what they were: they are what was found. ``report`` is one to which no policy was applied;
    ``today`` decides which waivers have expired (UTC).
    """
    counting = Counting.of(report, policy)
    judging = _Judging(report, policy, counting, today)
    gaps = tuple(map(judging.gap, report.gaps))
    findings = [_explained(judging.finding(finding), gaps) for finding in report.findings]
    judged = replace(report, gaps=gaps)
    findings += [*judging.expired, *(stale(judged, policy.baseline) if policy.baseline else ())]
    findings.sort(key=lambda one: (ORDER.get(one.severity, len(ORDER)), one.suppressed_by is not None))
    return replace(
        judged,
        findings=tuple(findings),
        notes=(*report.notes, *notes(replace(judged, findings=tuple(findings)), policy.baseline), *judging.notes(gaps)),
        exit_status=counting.exit_status(findings, gaps_that_may_count(gaps, report.targets)),
    )


def _explained(found: Finding, gaps: Iterable[Gap]) -> Finding:
    """The finding; what is unknown for the sake of gaps that are all put aside is put aside with them.

    Otherwise nobody could let a gap through by its rule: what the target gets stays unknown all the same.
    """
    if found.severity is not Severity.GAP or found.suppressed_by is not None:
        return found
    about = (gap for gap in gaps if gap.distribution == found.distribution and gap.target in {None, found.target})
    whys = [gap.suppressed_by for gap in about]
    return replace(found, suppressed_by=whys[0]) if whys and None not in whys else found


def _fixes(advice: Advice, found: Finding) -> bool:
    """Whether a step is a release that fits, or a wheel of the chosen one, that was not there when the user waited."""
    kinds = {AdviceKind.UPGRADE, AdviceKind.RELAX, AdviceKind.RELOCK}
    return advice.kind in kinds and advice.project == found.distribution and advice.version is not None


class _Judging:
    """One policy on its way through one report."""

    def __init__(self, report: Report, policy: Policy, counting: Counting, today: date) -> None:
        self._policy = policy
        self._counting = counting
        self._targets = {target.id: target for target in report.targets}
        self._versions: dict[str, set[tuple[str, str]]] = {}
        for one in report.distributions:
            if one.version is not None:
                self._versions.setdefault(one.name, set()).update((target, one.version) for target in one.targets)
        self._waivers = Waivers(policy, self._targets, today)
        self.expired: list[Finding] = []
        """One for each finding that counts again."""
        self._told: dict[str, None] = {}
        """Of gaps that count again, in sentences."""

    def finding(self, found: Finding) -> Finding:
        """The finding as the policy sees it."""
        made = self._policy.severity.get(found.rule)
        if made == OFF:
            return replace(found, suppressed_by=f"{found.rule} is off")
        if made:
            found = replace(found, severity=Severity(made))
        subject = PolicySubject(
            distribution=found.distribution,
            versions=frozenset([found.version] if found.version else []),
            rule=found.rule,
            targets=[found.target],
            failing=found.severity in {Severity.BLOCKER, Severity.GAP} or self._counting.is_failing(found),
            fixed_by=next((one.version for one in found.advice if _fixes(one, found)), None),
        )
        if why := self._waivers.suppressing(subject):
            return replace(found, suppressed_by=why)
        if over := self._waivers.expired(subject):
            self.expired.append(expired(found, *over))
            return found
        baseline = self._policy.baseline
        if baseline and found.fingerprint in baseline.fingerprints:
            return replace(found, suppressed_by=f"in the baseline {baseline.path}")
        return found

    def gap(self, gap: Gap) -> Gap:
        """The gap as the policy sees it."""
        made = self._policy.severity.get(gap.rule)
        if made == OFF or (made == WARNING and not self._counting.is_made_to_fail(gap)):
            return replace(gap, suppressed_by=f"{gap.rule} {'is off' if made == OFF else 'counts as a warning'}")
        targets = [gap.target] if gap.target in self._targets else list(self._targets)
        known = self._versions.get(gap.distribution or "", set())
        subject = PolicySubject(
            distribution=gap.distribution,
            versions=frozenset(version for target, version in known if target in targets),
            rule=gap.rule,
            targets=targets,
            failing=True,
        )
        if why := self._waivers.suppressing(subject):
            return replace(gap, suppressed_by=why)
        if over := self._waivers.expired(subject):
            self._told[f"the waiver of {over[0].subject} ({over[0].location}) has ended ({over[1]})"] = None
        return gap

    def notes(self, gaps: Iterable[Gap]) -> list[str]:
        """What became of the waivers, once everything has been judged."""
        if any(gap.suppressed_by is None for gap in gaps):  # what is unknown may be what a waiver is for
            return [*self._told]
        return [*self._told, *self._waivers.unused()]


MAX_NAMED = 5
"""Blockers that are gone which a note names."""

_EXPIRED, _STALE = BY_NAME["waiver-expired"], BY_NAME["baseline-stale"]


def expired(found: Finding, waiver: Waiver, end: str) -> Finding:
    """The finding that a waiver of this finding has ended, and with what, at the line of the waiver."""
    return Finding(
        rule=_EXPIRED.code,
        status=_EXPIRED.name,
        severity=_EXPIRED.severity,
        target=found.target,
        distribution=found.distribution,
        version=found.version,
        paths=found.paths,
        location=waiver.location,
        detail=(str(waiver.location), end, waiver.reason),
        fingerprint=_fingerprint(_EXPIRED, found.fingerprint),
    )


def stale(report: Report, baseline: Baseline) -> Iterator[Finding]:
    """A finding for each blocker of the baseline that is gone."""
    for fingerprint, project, target in gone(baseline, report, report.findings):
        yield Finding(
            rule=_STALE.code,
            status=_STALE.name,
            severity=_STALE.severity,
            target=target.id,
            distribution=project,
            version=None,
            location=Location(path=baseline.path),
            detail=(baseline.path,),
            fingerprint=_fingerprint(_STALE, fingerprint),
        )


def _fingerprint(rule: Rule, fingerprint: str) -> str:
    return ":".join((rule.name, *fingerprint.split(":", 2)[1:]))


def notes(report: Report, baseline: Baseline | None) -> Iterator[str]:
    """What does not count, and how the baseline stands, in sentences."""
    aside = {
        "blocker": [finding.suppressed_by for finding in report.findings if finding.severity is Severity.BLOCKER],
        "warning": [finding.suppressed_by for finding in report.findings if finding.severity is Severity.WARNING],
        "unknown": [gap.suppressed_by for gap in report.gaps],
    }
    for noun, reasons in aside.items():
        kinds = Counter(_kind(reason) for reason in reasons if reason is not None)
        if number := kinds.total():
            why = ", ".join(f"{each} {kind}" if len(kinds) > 1 else kind for kind, each in sorted(kinds.items()))
            yield f"{_counted(number, noun)} ignored{'' if why == 'ignored' else f' ({why})'}"
    if baseline is not None:
        yield from _of_the_baseline(report, baseline)


def _kind(suppressed_by: str) -> str:
    """Of a reason, what several findings have in common: ``waived``, ``baseline b.json``."""
    return next(
        (kind for kind in ("waived", "ignored") if suppressed_by.startswith(kind)),
        suppressed_by.removeprefix("in the "),
    )


def _of_the_baseline(report: Report, baseline: Baseline) -> Iterator[str]:
    names = {target.id: f"{target.python_name} {target.platform}" for target in report.targets}
    found = [finding for finding in report.findings if finding.status == _STALE.name]
    if found:
        named = [f"{finding.distribution} on {names[finding.target]}" for finding in found[:MAX_NAMED]]
        if len(found) > MAX_NAMED:
            named.append(f"{len(found) - MAX_NAMED} more")
        are = "is" if len(found) == 1 else "are"
        yield (
            f"{len(found)} of {_counted(len(baseline.fingerprints), 'blocker')} in the baseline {are} gone "
            f"({', '.join(named)}): tighten it with --write-baseline {baseline.path}"
        )
    if missing := not_covered(baseline, report):
        targets = ", ".join(names[target.id] for target in missing)
        yield f"the baseline {baseline.path} does not cover {targets}: every blocker there is new"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
