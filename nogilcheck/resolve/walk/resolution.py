"""Resolve: without resolvelib while nothing is in conflict, else with its answers cached that cannot change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from resolvelib import BaseReporter
from resolvelib.resolvers import Resolution
from resolvelib.resolvers.criterion import Criterion

from nogilcheck.resolve.walk.conflict_free import ConflictError, ConflictFreeWalk
from nogilcheck.resolve.walk.provider import Provider
from nogilcheck.resolve.walk.requirements import Candidate, Identifier, Requirement

Reporter = BaseReporter[Requirement, Candidate, Identifier]


def resolve(
    provider: Provider, requirements: Sequence[Requirement], max_rounds: int, reporter: Reporter | None = None
) -> Mapping[Identifier, Candidate]:
    """What resolvelib chooses, in its order: found without it where no requirement is in conflict with others.

    ``max_rounds`` and ``reporter`` are for the search that a conflict makes necessary. Raises resolvelib's errors, and
    those of the provider.
    """
    try:
        return ConflictFreeWalk(provider).resolve(requirements)
    except ConflictError:
        # resolvelib's `Resolver` would also trace every pin back to a root, recursively, and never end in a cycle.
        return KeptResolution(provider, reporter or BaseReporter()).resolve(requirements, max_rounds).mapping


class KeptResolution(Resolution[Requirement, Candidate, Identifier]):
    """Takes the same steps as resolvelib's in less time.

    In every round resolvelib checks for every project whether its pin satisfies its criterion, and asks for the
    preference of each that has none, which takes nearly all of the time with some hundred roots. Criteria are replaced,
    never changed, so the answers can be kept. Should resolvelib rename the methods, only the time is lost.
    """

    def __init__(self, provider: Provider, reporter: Reporter) -> None:
        super().__init__(provider, reporter)
        self._promoted = provider.is_promoted
        self._known: dict[tuple[int, int], tuple[bool, Any, Candidate]] = {}
        """Keyed by identity; the values keep the objects alive."""
        self._preferences: dict[int, tuple[tuple[Any, ...], Any]] = {}
        """Likewise, by criterion."""
        self._effort = provider.effort

    def _push_new_state(self) -> None:
        # A state is a copy of all that is known, and the round that it is for looks at all of it.
        self._effort.check_time()
        self._effort.spend(len(self.state.criteria))
        super()._push_new_state()

    def _save_state(self) -> None:
        if self._save_states is None:
            self._effort.spend(sum(len(state.criteria) for state in self._states))
        super()._save_state()

    def _get_preference(self, name: Identifier) -> Any:
        criterion = self.state.criteria[name]
        known = self._preferences.get(id(criterion))
        if known is None:
            known = self._preferences[id(criterion)] = (tuple(super()._get_preference(name)), criterion)  # type: ignore[arg-type]
        # Promotion is the one part that changes while the criterion does not.
        return (not self._promoted(name), *known[0][1:])

    def _is_current_pin_satisfying(self, name: Identifier, criterion: Criterion[Requirement, Candidate]) -> bool:
        pin = self.state.mapping.get(name)
        if pin is None:
            return False
        key = (id(criterion), id(pin))
        known = self._known.get(key)
        if known is None:
            answer = super()._is_current_pin_satisfying(name, criterion)
            known = self._known[key] = (answer, criterion, pin)
        return known[0]
