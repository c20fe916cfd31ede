"""Failures that nobody has foreseen: the file is read once more, and then its answer is unknown."""

from __future__ import annotations

from typing import Any

import pytest

from nogilcheck.binary import analysis
from nogilcheck.binary.declare import judge
from nogilcheck.model.declaration import Declared
from tests.support.binaries import ROOT

FILE = ROOT / "built" / "export-O0-1"


@pytest.mark.parametrize(("failures", "right"), [(0, True), (1, True), (2, False)])
def test_what_fails_once_is_read_again(failures: int, right: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    (path,) = FILE.glob("*.so")
    expected = analysis.declaration_of(path.read_bytes(), path.name, "abi3t")
    left = [StopIteration()] * failures

    def failing(*given: Any) -> Any:
        if left:
            raise left.pop()
        return judge(*given)

    monkeypatch.setattr("nogilcheck.binary.analysis.judge", failing)
    answer = analysis.declaration_of(path.read_bytes(), path.name, "abi3t")
    assert expected.declared is not Declared.UNKNOWN
    assert answer == expected if right else answer.declared is Declared.UNKNOWN
