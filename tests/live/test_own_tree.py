"""The tool checked by itself on the real index. Opt in: ``make test-live``."""

from __future__ import annotations

import pytest

from nogilcheck.checker import check
from nogilcheck.model.options import Options
from tests.support.own_tree import EXTRAS, PYTHONS, check_ready, own_requirements

pytestmark = pytest.mark.live


@pytest.fixture(autouse=True)
def home() -> None:
    """The real index is reached with the machine's own settings."""


@pytest.mark.parametrize("extras", EXTRAS, ids=lambda extras: "-".join(extras) or "default")
def test_the_own_tree_is_ready_today(extras: tuple[str, ...]) -> None:
    requirements = own_requirements(*extras)
    check_ready(check(Options(inputs=requirements, pythons=PYTHONS, platforms=("all",), no_cache=True)), requirements)
