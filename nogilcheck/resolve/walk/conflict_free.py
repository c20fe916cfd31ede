"""The walk while no choice has to be taken back: resolvelib's choices in its order, at a cost linear in the graph.

In every round resolvelib copies all that is known, to be able to go back, and asks for the preference of every open
project. Until every candidate of some project is in conflict it never goes back. One state that is changed in place,
and a heap of the open projects, then lead to the same choices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from nogilcheck.resolve.versions import specifier_set
from nogilcheck.resolve.walk.effort import STEPS_PER_LOOK
from nogilcheck.resolve.walk.provider import Preference, Provider
from nogilcheck.resolve.walk.requirements import Candidate, Identifier, Requirement

SPARE_ROUNDS = 1000
"""Beyond three for each project. Two projects that change each other's version in turn never come to an end."""


class ConflictError(Exception):
    """Every candidate of some project is in conflict; only a search can tell how to go on."""


@dataclass(slots=True, kw_only=True)
class _Criterion:
    """What is known of one identifier."""

    requirements: Sequence[tuple[Requirement, Identifier | None]]
    """Each with what requires it; ``None``: the user."""
    matches: Callable[[], Iterator[Candidate]]
    """Its candidates, with some more that do not satisfy all requirements."""
    first: Candidate
    """The first that satisfies them all; as in resolvelib, it stays when some are taken away."""
    preference: Preference
    is_open: bool = True
    """It has no pin, or one that does not satisfy all requirements."""
    is_reduced: bool = False
    """Requirements were taken away since ``first`` was found."""


_Criteria = dict[Identifier, _Criterion]


class ConflictFreeWalk:
    """Resolves requirements as long as no choice has to be taken back."""

    def __init__(self, provider: Provider) -> None:
        """Create the walk, which resolves once."""
        self._provider = provider
        self._criteria: _Criteria = {}
        self._mapping: dict[Identifier, Candidate] = {}
        self._heap: list[tuple[Preference, Identifier]] = []
        self._required_by: dict[Identifier, set[Identifier]] = {}
        """What the pins of each identifier have required so far."""

    def resolve(self, requirements: Iterable[Requirement]) -> dict[Identifier, Candidate]:
        """The candidates that resolvelib pins, in its order.

        Raises `ConflictError`, and what the `Provider` raises.
        """
        self._update(self._with(requirements, None))
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
        candidate, required, changed = self._choose(identifier, criterion)
        self._update(changed)
        self._mapping.pop(identifier, None)  # as in resolvelib, the last pin comes last
        self._mapping[identifier] = candidate
        self._required_by.setdefault(identifier, set()).update(changed)
        violated = {key for one in required if not self._is_met(one, key := self._provider.identify(one))}
        invalidated = {key for key in violated if not self._criteria[key].is_open}
        self._criteria[identifier].is_open = False
        for key in violated & {identifier, *invalidated}:
            self._criteria[key].is_open = True
            self._push(key)
        self._take_away(invalidated)

    def _choose(
        self, identifier: Identifier, criterion: _Criterion
    ) -> tuple[Candidate, Sequence[Requirement], _Criteria]:
        """The first candidate whose requirements leave every project a candidate, and the criteria that they change."""
        for candidate in self._candidates(criterion):
            self._provider.effort.spend(STEPS_PER_LOOK)
            required = list(self._provider.get_dependencies(candidate))
            try:
                return candidate, required, self._with(required, identifier)
            except ConflictError:
                continue
        raise ConflictError

    def _candidates(self, criterion: _Criterion) -> Iterator[Candidate]:
        yield criterion.first
        if criterion.is_reduced:
            return  # which requirements bounded the others is not known any more
        for candidate in criterion.matches():
            satisfies = (self._provider.is_satisfied_by(one, candidate) for one, _ in criterion.requirements)
            if candidate != criterion.first and all(satisfies):
                yield candidate

    def _is_met(self, requirement: Requirement, identifier: Identifier) -> bool:
        """Whether a requirement is satisfied by the pin; without one, the project is open anyway."""
        pin = self._mapping.get(identifier)
        return pin is None or self._provider.is_satisfied_by(requirement, pin)

    def _with(self, requirements: Iterable[Requirement], parent: Identifier | None) -> _Criteria:
        """The criteria that more requirements change. Raises `ConflictError` where no candidate satisfies all."""
        changed: _Criteria = {}
        for requirement in requirements:
            identifier = self._provider.identify(requirement)
            known = changed.get(identifier) or self._criteria.get(identifier)
            preference = self._provider.preference(identifier, [requirement])
            added: list[tuple[Requirement, Identifier | None]] = [(requirement, parent)]
            if known and not known.is_reduced and self._stays_first(known.first, requirement):
                matches, first = known.matches, known.first
            else:
                matches, first = self._look(identifier, requirement, changed)
            changed[identifier] = _Criterion(
                requirements=[*known.requirements, *added] if known else added,
                matches=matches,
                first=first,
                preference=_both(preference, known.preference) if known else preference,
                is_open=known.is_open if known else True,
            )
        return changed

    def _stays_first(self, candidate: Candidate, requirement: Requirement) -> bool:
        """Whether the first candidate is the first with one more requirement; ``False`` also where that is not plain.

        Fewer versions satisfy more requirements, unless these admit pre-releases (PEP 440) or name an archive; and what
        bounds a project with extras is not all in its own requirements.
        """
        if candidate.extras or requirement.url or requirement.exact:
            return False
        if specifier_set(requirement.specifier).prereleases:
            return False
        return self._provider.is_satisfied_by(requirement, candidate)

    def _look(
        self, identifier: Identifier, requirement: Requirement, changed: _Criteria
    ) -> tuple[Callable[[], Iterator[Candidate]], Candidate]:
        """The candidates for one more requirement, and the first of them."""
        asked: dict[Identifier, list[Requirement]] = {}
        for key in (identifier, Identifier(identifier.name)):
            if known := changed.get(key) or self._criteria.get(key):
                asked[key] = [one for one, _ in known.requirements]
        asked[identifier] = [*asked.get(identifier, ()), requirement]
        wanted = {key: iter(requirements) for key, requirements in asked.items()}
        matches = self._provider.find_matches(identifier, wanted, {identifier: iter(())})
        if (first := next(matches(), None)) is None:
            raise ConflictError
        return matches, first

    def _update(self, changed: _Criteria) -> None:
        for identifier, criterion in changed.items():
            known = self._criteria.get(identifier)
            self._criteria[identifier] = criterion
            if criterion.is_open and (known is None or known.preference != criterion.preference):
                self._push(identifier)

    def _push(self, identifier: Identifier) -> None:
        heappush(self._heap, (self._criteria[identifier].preference, identifier))

    def _take_away(self, parents: set[Identifier]) -> None:
        """Forget what candidates required that are pins no more."""
        for identifier in {each for parent in parents for each in self._required_by.pop(parent, ())}:
            criterion = self._criteria[identifier]
            criterion.requirements = [each for each in criterion.requirements if each[1] not in parents]
            criterion.is_reduced = True
            left = [requirement for requirement, _ in criterion.requirements]
            criterion.preference = self._provider.preference(identifier, left)
            if criterion.is_open:
                has_pin = identifier in self._mapping
                criterion.is_open = not (has_pin and all(self._is_met(one, identifier) for one in left))
                self._push(identifier)


def _both(one: Preference, other: Preference) -> Preference:
    """The preference of two sets of requirements together."""
    promoted, direct, pinned, bounded, order, free, name = one
    return promoted, direct and other[1], pinned and other[2], bounded and other[3], order, free and other[5], name
