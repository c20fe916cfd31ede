"""Live tests reach the real index as the machine does, but ask nothing beside it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.stacks import set_aside_pip_settings


@pytest.fixture(autouse=True, scope="session")
def home() -> Iterator[None]:
    """Replaces the empty home of other tests: proxies and certificates of the machine hold, pip's settings do not."""
    with pytest.MonkeyPatch.context() as patch:
        set_aside_pip_settings(patch)
        yield
