"""Each promise of SECURITY.md names the tests that hold it, and they are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", TEXT)))


@pytest.mark.parametrize("named", NAMED)
def test_a_test_that_is_named_is_there(named: str) -> None:
    path, _, name = named.partition("::")
    source = (ROOT / path).read_text(encoding="utf-8")
    assert re.search(rf"^(def|class) {name}\b" if name else r"^ *def test_", source, re.MULTILINE)


def test_every_promise_names_one() -> None:
    table = TEXT.split("| it must never |")[1].split("\n\n")[0]
    promises = table.splitlines()[2:]
    assert len(promises) >= 8
    for promise in promises:
        assert "`tests/" in promise, promise
