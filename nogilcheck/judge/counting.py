"""Which findings and gaps fail a run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from dataclasses import field

from nogilcheck.errors import ExitStatus
from nogilcheck.frozen import frozen
from nogilcheck.model.policy import BLOCKER, KNOWN_PROBLEM, NEVER, NEW, WARNING, FailOn, Policy
from nogilcheck.model.report.finding import Finding, Gap
from nogilcheck.model.report.report import Report, TargetSummary
from nogilcheck.model.rules.table import BY_CODE
from nogilcheck.model.verdict import Cause, Severity

_FROM_THE_INPUT = frozenset({"unread", "dependencies-unknown", "setting-not-followed"})
"""Rules of gaps that concern no target in particular, because the input itself is not understood."""


@frozen
class Counting:
    """What counts, and as what. Nothing that is suppressed does."""

    allowed: Collection[str] = frozenset()
    """Ids of targets that never fail a run."""
    policy: Policy = field(default_factory=Policy)
    direct: Set[tuple[str, str | None, str]] = frozenset()
    """Name, version and target id of every distribution that a root asks for."""
    transitive: Set[str] = frozenset()
    """Names of projects that no root asks for on any target."""

    @classmethod
    def of(cls, report: Report, policy: Policy) -> Counting:
        """As the report has it."""
        chosen = [(one, target) for one in report.distributions for target in one.targets]
        direct = frozenset((one.name, one.version, target) for one, target in chosen if one.targets[target].direct)
        return cls(
            allowed=frozenset(target.id for target in report.targets if target.allowed),
            policy=policy,
            direct=direct,
            transitive=frozenset(d.name for d in report.distributions) - {name for name, *_ in direct},
        )

    def is_failing(self, finding: Finding) -> bool:
        """Whether it fails a run for its severity or its cause, wherever it is; gaps do not."""
        words = self._words(finding)
        if NEVER in words:
            return False
        if finding.severity is Severity.WARNING:
            return WARNING in words or (finding.status == KNOWN_PROBLEM and KNOWN_PROBLEM in words)
        if finding.severity is not Severity.BLOCKER:
            return False
        causes = {Cause.LOCK, Cause.PYTHON} if finding.cause is Cause.LOCK else {finding.cause}
        return not words.isdisjoint({BLOCKER, WARNING, KNOWN_PROBLEM, NEW, *filter(None, causes)})

    def exit_status(self, findings: Iterable[Finding], gaps: Iterable[Gap]) -> ExitStatus:
        """What the process ends with: what is unusable before what blocks, and that before what is unknown."""
        gaps = [gap for gap in gaps if gap.suppressed_by is None and gap.target not in self.allowed]
        if any(BY_CODE[gap.rule].unusable for gap in gaps):
            return ExitStatus.UNUSABLE
        findings = [one for one in findings if one.suppressed_by is None and one.target not in self.allowed]
        counting = [gap for gap in gaps if self._is_counting(gap)]
        if any(map(self.is_failing, findings)) or any(map(self.is_made_to_fail, counting)):
            return ExitStatus.BLOCKED
        unknown = (one for one in findings if one.severity is Severity.GAP)
        if counting or any(NEVER not in self._words(finding) for finding in unknown):
            return ExitStatus.UNDECIDED
        return ExitStatus.READY

    def is_made_to_fail(self, gap: Gap) -> bool:
        """Whether its rule was made a blocker, or a warning where warnings fail."""
        made = self.policy.severity.get(gap.rule)
        return made == BLOCKER or (made == WARNING and any(WARNING in words for words in self._words_for(gap)))

    def _is_counting(self, gap: Gap) -> bool:
        return any(NEVER not in words for words in self._words_for(gap))

    def _words_for(self, gap: Gap) -> Collection[frozenset[str]]:
        """What fails a run for the dependencies that a gap may be about."""
        fail_on = self.policy.fail_on
        if gap.distribution in self.transitive:
            return [fail_on.transitive]
        if any(name == gap.distribution for name, *_ in self.direct):
            return [fail_on.direct]
        return fail_on.both

    def _words(self, finding: Finding) -> frozenset[str]:
        """What fails a run for a distribution like this; no chain leads to what a project says of itself."""
        fail_on: FailOn = self.policy.fail_on
        key = (finding.distribution, finding.version, finding.target)
        return fail_on.direct if not finding.paths or key in self.direct else fail_on.transitive


def gaps_that_may_count(gaps: Iterable[Gap], targets: Iterable[TargetSummary]) -> list[Gap]:
    """The gaps without those that concern allowed targets only.

    A gap that all targets share names none. Where all of them are allowed, only the input's own gaps are left.
    """
    if any(not target.allowed for target in targets):
        return list(gaps)
    return [
        gap
        for gap in gaps
        if gap.target is None and gap.distribution is None and BY_CODE[gap.rule].name in _FROM_THE_INPUT
    ]
