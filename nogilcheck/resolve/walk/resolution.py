"""resolvelib's resolution with answers cached that cannot change."""

from __future__ import annotations

from typing import Any

from resolvelib import BaseReporter
from resolvelib.resolvers import Resolution
from resolvelib.resolvers.criterion import Criterion

from nogilcheck.resolve.walk.provider import Provider
from nogilcheck.resolve.walk.requirements import Candidate, Identifier, Requirement


class KeptResolution(Resolution[Requirement, Candidate, Identifier]):
    """Takes the same steps as resolvelib's in less time.

    In every round resolvelib checks for every project whether its pin satisfies its criterion, which takes half of the
    time with some hundred roots. Criteria are replaced, never changed, so the answers can be kept. Should resolvelib
    rename the method, only the time is lost.
    """

    def __init__(self, provider: Provider, reporter: BaseReporter[Requirement, Candidate, Identifier]) -> None:
        super().__init__(provider, reporter)
        self._known: dict[tuple[int, int], tuple[bool, Any, Candidate]] = {}
        """Keyed by identity; the values keep the objects alive."""

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
