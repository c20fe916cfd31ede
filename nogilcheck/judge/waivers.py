"""What the user has waived or ignored, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from nogilcheck.frozen import frozen
from nogilcheck.model.policy import Ignore, Policy, Waiver
from nogilcheck.model.report.report import TargetSummary


@frozen
class PolicySubject:
    """A finding or a gap, as far as a waiver is concerned."""

    distribution: str | None
    versions: frozenset[str]
    """Those that the targets chose; empty where none is known."""
    rule: str
    targets: Collection[str]
    """Ids."""
    failing: bool
    """It would fail the run, were nothing waived."""
    fixed_by: str | None = None
    """The release of the distribution that would fit."""


class Waivers:
    """The waivers and ignores of a run, and which of them were of use."""

    def __init__(
        self,
        policy: Policy,
        targets: Mapping[str, TargetSummary],
        today: date,
    ) -> None:
        self._waivers = policy.waivers
        self._ignores = policy.ignores
        self._names = {id_: frozenset(_names_of(target)) for id_, target in targets.items()}
        self._today = today
        self._used: set[Waiver | Ignore] = set()

    def suppressing(self, subject: PolicySubject) -> str | None:
        """What keeps the subject from counting, in words; ``None`` when nothing does."""
        for ignore in self._ignores:
            if ignore.distribution in {None, subject.distribution} and ignore.rule in {None, subject.rule}:
                self._used.add(ignore)
                return f"ignored with --ignore {ignore.text}"
        for waiver in self._waivers:
            if self._end(waiver, subject) is None and self._is_for(waiver, subject):
                self._used.add(waiver)
                until = " or ".join(filter(None, (str(waiver.expires or ""), "fixed" if waiver.until_fixed else "")))
                return f"waived{f' until {until}' if until else ''}: {waiver.reason}"
        return None

    def expired(self, subject: PolicySubject) -> tuple[Waiver, str] | None:
        """The waiver that would have been for the subject, had it not ended, and with what it did."""
        for waiver in self._waivers:
            if (end := self._end(waiver, subject)) is not None and self._is_for(waiver, subject):
                self._used.add(waiver)
                return waiver, end
        return None

    def unused(self) -> Iterator[str]:
        """What was of no use in this run, in sentences; waivers for targets that were not checked are left out."""
        for ignore in self._ignores:
            if ignore not in self._used:
                yield f"--ignore {ignore.text} matched nothing"
        for waiver in self._waivers:
            checked = not waiver.targets or any(names & {*waiver.targets} for names in self._names.values())
            if waiver not in self._used and checked:
                yield f"the waiver of {waiver.subject} ({waiver.location}) matched nothing: it may be removed"

    def _end(self, waiver: Waiver, subject: PolicySubject) -> str | None:
        """With what the waiver has ended for a subject; ``None``: it holds."""
        if waiver.expires is not None and self._today > waiver.expires:
            return str(waiver.expires)
        if waiver.until_fixed and subject.fixed_by is not None:
            return f"{subject.distribution} {subject.fixed_by} fits"
        return None

    def _is_for(self, waiver: Waiver, subject: PolicySubject) -> bool:
        if waiver.distribution not in {None, subject.distribution}:
            return False
        if not subject.failing if waiver.rule is None else waiver.rule != subject.rule:
            return False
        if waiver.targets and not all(self._names[target] & {*waiver.targets} for target in subject.targets):
            return False
        return not waiver.specifier or _is_within(subject.versions, waiver.specifier)


def _is_within(versions: Collection[str], specifier: str) -> bool:
    from packaging.specifiers import SpecifierSet  # most waivers have none

    admitted = SpecifierSet(specifier)
    return bool(versions) and all(admitted.contains(version, prereleases=True) for version in versions)


def _names_of(target: TargetSummary) -> Iterator[str]:
    """Everything that a waiver may call a target."""
    minor = ".".join(target.python.split(".")[:2]) + ("t" if target.free_threaded else "")
    yield from (target.id, target.platform)
    for python in (target.python_name, minor):
        yield from (python, f"{python} {target.platform}")
