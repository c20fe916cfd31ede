"""JUnit XML, as continuous integration servers read it: a suite for each target, a case for each distribution."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from nogilcheck.model.report.report import Report, TargetSummary
from nogilcheck.model.verdict import Severity
from nogilcheck.report.entries import ReportEntry, entries, target_name
from nogilcheck.report.rows import NOT_APPLICABLE, place
from nogilcheck.report.words import safe

_GAPS = "unknown"
"""The suite of gaps that concern every target, or none that the report has."""


@dataclass(slots=True, kw_only=True)
class _Case:
    """A distribution on a target, or a gap."""

    name: str
    entries: list[ReportEntry] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """The worst of its entries: ``failure``, ``error``, ``skipped``; empty when it passes."""
        outcomes = {_outcome(entry) for entry in self.entries}
        return next((one for one in ("failure", "error", "skipped") if one in outcomes), "")


def render(report: Report) -> str:
    """Blockers are failures, gaps are errors; what is waived or only watched is skipped, and warnings pass."""
    found = entries(report)
    suites = [(target_name(target, report.targets), _cases(report, target, found)) for target in report.targets]
    if others := [entry for entry in found if _is_general(entry, report)]:
        suites.append((_GAPS, [_Case(name=_name(entry), entries=[entry]) for entry in others]))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="nogilcheck" {_counts(case for _, cases in suites for case in cases)}>',
    ]
    for name, cases in suites:
        lines.append(f"  <testsuite name={_attribute(name)} {_counts(cases)}>")
        lines += [line for case in cases for line in _drawn(case, name)]
        lines.append("  </testsuite>")
    text = "\n".join([*lines, "</testsuites>"]) + "\n"
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _cases(report: Report, target: TargetSummary, found: Iterable[ReportEntry]) -> list[_Case]:
    """The distributions of the target by name, then what is about no distribution."""
    cases = {
        title: _Case(name=title)
        for d in report.distributions
        if target.id in d.targets
        for title in [f"{d.name} {d.version}" if d.version else d.name]
    }
    for entry in found:
        if target in entry.targets and not _is_general(entry, report):
            cases.setdefault(_name(entry), _Case(name=_name(entry))).entries.append(entry)
    return list(cases.values())


def _is_general(entry: ReportEntry, report: Report) -> bool:
    """It is about no target of the report, or a gap on all of them."""
    return not entry.targets or (not entry.word and len(entry.targets) == len(report.targets))


def _name(entry: ReportEntry) -> str:
    if entry.name == NOT_APPLICABLE:
        return entry.headline
    return entry.subject if entry.word else " ".join(filter(None, (entry.rule, entry.subject)))


def _outcome(entry: ReportEntry) -> str:
    if entry.severity is Severity.WARNING:
        return ""
    if not entry.counts:
        return "skipped"
    return "failure" if entry.severity is Severity.BLOCKER else "error"


def _counts(cases: Iterable[_Case]) -> str:
    outcomes = [case.outcome for case in cases]
    failures, errors, skipped = (outcomes.count(one) for one in ("failure", "error", "skipped"))
    return f'tests="{len(outcomes)}" failures="{failures}" errors="{errors}" skipped="{skipped}" time="0"'


def _drawn(case: _Case, suite: str) -> list[str]:
    head = f"    <testcase classname={_attribute(f'nogilcheck.{suite}')} name={_attribute(case.name)}"
    if not case.entries:
        return [f'{head} time="0"/>']
    lines = [f'{head} time="0">']
    outcome = case.outcome
    if outcome:
        worst = [entry for entry in case.entries if _outcome(entry) == outcome]
        said = f" message={_attribute(_headline(worst[0]))}"
        kind = f" type={_attribute(' '.join(filter(None, (worst[0].rule, worst[0].name))))}"
        body = escape("\n".join(map(_told, worst)))
        lines.append(
            f"      <{outcome}{said}/>" if outcome == "skipped" else f"      <{outcome}{said}{kind}>{body}</{outcome}>"
        )
    if others := [entry for entry in case.entries if not outcome or _outcome(entry) != outcome]:
        lines.append(f"      <system-out>{escape(chr(10).join(map(_told, others)))}</system-out>")
    return [*lines, "    </testcase>"]


def _headline(entry: ReportEntry) -> str:
    if entry.suppressed_by is not None:
        return f"{entry.headline} ({entry.suppressed_by})"
    return f"{entry.headline} (allowed)" if entry.allowed and entry.severity is not Severity.WARNING else entry.headline


def _told(entry: ReportEntry) -> str:
    where = place(entry.location) if entry.location else ""
    return safe(": ".join(filter(None, (where, f"{entry.rule} {entry.message}"))))


def _attribute(text: str) -> str:
    return quoteattr(safe(text))
