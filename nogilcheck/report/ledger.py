"""What the ledger has on a project, in words: lines for `track` and `known`, and every fact with its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nogilcheck.model.evidence import EvidenceFact, EvidenceKind, affects
from nogilcheck.model.report.report import Distribution, Report

_STANCES = {
    "ready": "upstream supports free-threaded builds",
    "declared-only": "upstream declares support and guarantees nothing",
    "planned": "upstream plans to support free-threaded builds",
    "will-not": "upstream does not support free-threaded builds",
}
_TESTED = {
    "tests": "upstream tests on a free-threaded build",
    "wheels": "upstream builds free-threaded wheels in CI",
}


def facts_of(report: Report, name: str) -> tuple[EvidenceFact, ...]:
    """What the ledger has on a project of the report."""
    return next((one.evidence for one in report.distributions if one.name == name and one.evidence), ())


def track(facts: Iterable[EvidenceFact]) -> list[str]:
    """Where to follow the project: the URL of its issue."""
    return [fact.source for fact in facts if fact.kind is EvidenceKind.TRACKING]


def known(facts: Iterable[EvidenceFact], version: str | None, *, told: Iterable[str] = ()) -> list[str]:
    """Problems of this version, without those that are told elsewhere; then the stance, or else that it is tested."""
    facts, told = tuple(facts), frozenset(told)
    problems = [fact for fact in facts if affects(fact, version) and fact.text not in told]
    of = {fact.kind: fact for fact in facts}
    standing = of.get(EvidenceKind.STANCE) or of.get(EvidenceKind.TESTED)
    return [*map(_problem, problems), *([in_words(standing)] if standing else [])]


def in_words(fact: EvidenceFact) -> str:
    """A fact without its source, and without a full stop."""
    text = f": {fact.text}" if fact.text else ""
    match fact.kind:
        case EvidenceKind.TESTED:
            return f"{_TESTED[fact.word or 'tests']}{f' {fact.text}' if fact.text else ''}"
        case EvidenceKind.WHEELS:
            return f"first free-threaded wheel in {fact.word}"
        case EvidenceKind.TRACKING:
            return "tracking issue"
        case EvidenceKind.STANCE:
            return f"{_STANCES[fact.word or 'planned']}{text}"
        case EvidenceKind.KNOWN:
            return f"known problem: {_problem(fact)}"
        case EvidenceKind.ALTERNATIVE:
            return f"alternative: {fact.word}, {fact.text}"
        case EvidenceKind.FALLBACK:
            return f"fallback{text}"


def _problem(fact: EvidenceFact) -> str:
    """``aborts in nested critical sections (<3.5.3; fixed in 3.5.3)``."""
    scope = "; ".join(filter(None, (fact.versions, fact.fixed and f"fixed in {fact.fixed}")))
    return f"{fact.text} ({scope})" if scope else fact.text


def with_sources(facts: Iterable[EvidenceFact]) -> Iterator[tuple[str, str, str]]:
    """Each fact in words, the URL that says so, and the day of that."""
    return ((in_words(fact), fact.source, fact.date) for fact in facts)


def ready_with_evidence(report: Report) -> Iterator[Distribution]:
    """The distributions that are ready on every target, and of which the ledger has something."""
    for one in report.distributions:
        if one.evidence and all(each.verdict.severity == "ready" for each in one.targets.values()):
            yield one
