"""Integration tests install things, with the machine's own settings."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def home() -> None:
    """This replaces the isolation of the other tests."""
