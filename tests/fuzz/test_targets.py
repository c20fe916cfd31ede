"""The targets of `make fuzz` work: each takes its seeds, damaged seeds and any bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import SEEDS, TARGETS


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", list(TARGETS))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_bytes_are_taken(name: str, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from(SEEDS[name]))
    at = data.draw(st.integers(0, len(seed)))
    for each in (seed, seed[:at], seed[:at] + data.draw(st.binary(max_size=50)) + seed[at:], data.draw(st.binary())):
        TARGETS[name](each)


def test_every_target_has_seeds() -> None:
    assert SEEDS.keys() == TARGETS.keys()
