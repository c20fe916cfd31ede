"""The catalogue of settings knows all that the tools have."""

from __future__ import annotations

from collections import Counter

import pytest

from nogilcheck.inputs.settings.catalogue import SETTINGS, settings_of
from tests.support.installer_settings import RECORDED, recorded


def test_each_setting_has_one_row() -> None:
    counts = Counter((setting.tool, setting.place, setting.name) for setting in SETTINGS)
    assert [key for key, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("tool", RECORDED)
def test_every_recorded_setting_has_a_row(tool: str) -> None:
    for place, names in recorded(tool).items():
        assert names
        assert (place, set(names) - settings_of(tool, place).keys()) == (place, set())
