"""How the program ends when the machine is at fault."""

from __future__ import annotations

import pytest

from nogilcheck.jobs import check
from tests.support.command import run


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("can't start new thread")])
def test_too_little_memory_is_no_defect(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(check, "answer", fail)
    outcome = run("x", "--offline", "--no-cache")
    assert outcome.status == 2
    assert "out of memory" in outcome.stderr
    assert "Traceback" not in outcome.stderr
