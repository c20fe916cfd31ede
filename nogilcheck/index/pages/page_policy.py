"""When a kept page may be used without asking its index (RFC 9111)."""

from __future__ import annotations

import time
from collections.abc import Callable

from nogilcheck.frozen import frozen
from nogilcheck.model.cache import PageState


@frozen
class PagePolicy:
    """What the user asked for, and the clock that it goes by."""

    offline: bool = False
    """Use no network: kept pages are used whatever their age."""
    refresh: bool = False
    """Ask the index about every page."""
    max_age: int | None = None
    """Seconds for which a kept page is fresh, instead of what the index said."""
    asked_since: float | None = None
    """Unix time: pages that were asked for since then are fresh in any case."""
    clock: Callable[[], float] = time.time

    def allows(self, state: PageState) -> bool:
        """Whether the kept page may be used without asking."""
        if self.offline or (self.asked_since is not None and state.fetched_at >= self.asked_since):
            return True
        return not self.refresh and state.fresh(self.clock(), self.max_age)
