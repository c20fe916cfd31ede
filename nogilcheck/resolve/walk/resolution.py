"""resolvelib's resolution, without asking again what cannot have changed."""

from __future__ import annotations

from typing import Any

from resolvelib import BaseReporter
from resolvelib.resolvers import Resolution
from resolvelib.resolvers.criterion import Criterion

from nogilcheck.resolve.walk.provider import Provider
from nogilcheck.resolve.walk.requirements import Candidate, Identifier, Requirement


class KeptResolution(Resolution[Requirement, Candidate, Identifier]):
    """The same steps in less time.

    In every round resolvelib asks of every project whether what is chosen satisfies all that is asked: with some
    hundred requirements of the user's own that is half of its time. What is asked (a criterion) is never changed but
    replaced. Should resolvelib give the method another name, nothing but the time is lost.
    """

    def __init__(self, provider: Provider, reporter: BaseReporter[Requirement, Candidate, Identifier]) -> None:
        super().__init__(provider, reporter)
        self._known: dict[tuple[int, int], tuple[bool, Any, Candidate]] = {}
        """By identity; the values keep what they are about alive."""

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
