"""The walk while nothing is in conflict: resolvelib's choices in resolvelib's order, at a cost linear in the graph.

In every round resolvelib copies all that is known, to be able to go back, and asks for the preference of every open
project. Until something is in conflict it never goes back. One state that is changed in place, and a heap of the open
projects, then lead to the same choices.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush

from nogilcheck.resolve.versions import specifier_set
from nogilcheck.resolve.walk.effort import STEPS_PER_LOOK
from nogilcheck.resolve.walk.provider import Preference, Provider
from nogilcheck.resolve.walk.requirements import Candidate, Identifier, Requirement

SPARE_ROUNDS = 1000
"""Beyond three for each project. Two projects that change each other's version in turn never come to an end."""


class ConflictError(Exception):
    """A requirement left a project without a candidate; only a search can tell how to go on."""


@dataclass(slots=True)
class _Criterion:
    """What is known of one identifier."""

    requirements: list[tuple[Requirement, Identifier | None]] = field(default_factory=list)
    """Each with what requires it; ``None``: the user."""
    candidate: Candidate | None = None
    """The first that satisfies all of them; as in resolvelib, it stays when some are taken away."""
    is_complete: bool = True
    """None was taken away since ``candidate`` was found."""
    preference: Preference | None = None
    """Of the requirements together; ``None``: there was none yet."""
    is_open: bool = True
    """It has no pin, or one that does not satisfy all requirements."""


class ConflictFreeWalk:
    """Resolves requirements of which none is in conflict with others."""

    def __init__(self, provider: Provider) -> None:
        """Create the walk, which resolves once."""
        self._provider = provider
        self._criteria: dict[Identifier, _Criterion] = {}
        self._mapping: dict[Identifier, Candidate] = {}
        self._heap: list[tuple[Preference, Identifier]] = []
        self._required_by: dict[Identifier | None, set[Identifier]] = {}
        """What the candidates of each identifier have required so far."""

    def resolve(self, requirements: Iterable[Requirement]) -> dict[Identifier, Candidate]:
        """The candidates that resolvelib pins, in its order.

        Raises `ConflictError`, and what the `Provider` raises.
        """
        for requirement in requirements:
            self._add(requirement, None)
        rounds = 0
        while self._heap:
            preference, identifier = heappop(self._heap)
            criterion = self._criteria[identifier]
            if not criterion.is_open or criterion.preference != preference:
                continue
            rounds += 1
            if rounds > SPARE_ROUNDS + 3 * len(self._criteria):
                raise ConflictError
            self._pin(identifier, criterion)
        return self._mapping

    def _pin(self, identifier: Identifier, criterion: _Criterion) -> None:
        candidate = criterion.candidate
        assert candidate is not None
        self._provider.effort.spend(STEPS_PER_LOOK)
        required = list(self._provider.get_dependencies(candidate))
        for requirement in required:
            self._add(requirement, identifier)
        self._mapping.pop(identifier, None)
        self._mapping[identifier] = candidate
        violated = {key for one in required if not self._is_met(one, key := self._provider.identify(one))}
        invalidated = {key for key in violated if not self._criteria[key].is_open}
        criterion.is_open = False
        for key in violated & {identifier, *invalidated}:
            self._open(key)
        self._take_away(invalidated)

    def _is_met(self, requirement: Requirement, identifier: Identifier) -> bool:
        """Whether a requirement is satisfied by the pin; by none, it is open as it was."""
        pin = self._mapping.get(identifier)
        return pin is None or self._provider.is_satisfied_by(requirement, pin)

    def _open(self, identifier: Identifier) -> None:
        criterion = self._criteria[identifier]
        criterion.is_open = True
        if criterion.preference is not None:
            heappush(self._heap, (criterion.preference, identifier))

    def _add(self, requirement: Requirement, parent: Identifier | None) -> None:
        """Add a requirement. Raises `ConflictError` when no candidate satisfies all."""
        identifier = self._provider.identify(requirement)
        criterion = self._criteria.setdefault(identifier, _Criterion())
        criterion.requirements.append((requirement, parent))
        self._required_by.setdefault(parent, set()).add(identifier)
        if not (criterion.is_complete and self._stays_first(criterion.candidate, requirement)):
            criterion.candidate = self._first(identifier)
            criterion.is_complete = True
        preference = self._provider.preference(identifier, [requirement])
        known = criterion.preference
        self._prefer(identifier, criterion, _both(preference, known) if known else preference)

    def _prefer(self, identifier: Identifier, criterion: _Criterion, preference: Preference) -> None:
        if criterion.preference != preference:
            criterion.preference = preference
            if criterion.is_open:
                heappush(self._heap, (preference, identifier))

    def _stays_first(self, candidate: Candidate | None, requirement: Requirement) -> bool:
        """Whether the first candidate is the first with one more requirement; ``False`` also where that is not plain.

        Fewer versions satisfy more requirements, unless these admit pre-releases (PEP 440) or name an archive; what
        bounds a project with extras is not all in its own requirements.
        """
        if candidate is None or candidate.extras or requirement.url or requirement.exact:
            return False
        if specifier_set(requirement.specifier).prereleases:
            return False
        return self._provider.is_satisfied_by(requirement, candidate)

    def _first(self, identifier: Identifier) -> Candidate:
        asked = {
            key: iter([requirement for requirement, _ in self._criteria[key].requirements])
            for key in {identifier, Identifier(identifier.name)} & self._criteria.keys()
        }
        candidate = next(self._provider.find_matches(identifier, asked, {identifier: iter(())})(), None)
        if candidate is None:
            raise ConflictError
        return candidate

    def _take_away(self, parents: set[Identifier]) -> None:
        """Forget what candidates required that are pins no more."""
        for identifier in {each for parent in parents for each in self._required_by.pop(parent, ())}:
            criterion = self._criteria[identifier]
            criterion.requirements = [each for each in criterion.requirements if each[1] not in parents]
            criterion.is_complete = False
            left = [requirement for requirement, _ in criterion.requirements]
            if criterion.is_open and identifier in self._mapping:
                criterion.is_open = not all(self._is_met(requirement, identifier) for requirement in left)
            self._prefer(identifier, criterion, self._provider.preference(identifier, left))


def _both(one: Preference, other: Preference) -> Preference:
    """The preference of two sets of requirements together."""
    promoted, direct, pinned, bounded, order, unconstrained, name = one
    return (
        promoted,
        direct and other[1],
        pinned and other[2],
        bounded and other[3],
        order,
        unconstrained and other[5],
        name,
    )
