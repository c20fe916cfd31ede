from __future__ import annotations

import pytest

from nogilcheck.inputs.file_content import diagnostics as module
from nogilcheck.inputs.file_content.diagnostics import Diagnostics, extra_part, group_part
from nogilcheck.model.source import Location, Root

HERE = Location(path="f", line=1)


def roots(count: int) -> list[Root]:
    return [Root(requirement=f"a{number}", name=f"a{number}", location=HERE) for number in range(count)]


def test_what_is_rejected_twice_is_reported_once() -> None:
    diagnostics = Diagnostics()
    assert diagnostics.complete
    diagnostics.reject(HERE, "odd")
    diagnostics.reject(HERE, "odd")
    assert [unread.text for unread in diagnostics.unread] == ["odd"]
    assert not diagnostics.complete


def test_credentials_are_not_quoted() -> None:
    diagnostics = Diagnostics()
    diagnostics.reject(HERE, "https://user:secret@host/", hint="not https://user:secret@host/")
    diagnostics.note("https://user:secret@host/", HERE)
    assert "secret" not in repr((diagnostics.unread, diagnostics.notes))


def test_a_problem_of_one_part_concerns_the_parts_that_include_it() -> None:
    diagnostics = Diagnostics()
    diagnostics.reject(HERE, "odd", part=extra_part("A"))
    diagnostics.share(extra_part("a"), group_part("b"))
    assert [(unread.group, unread.kind) for unread in diagnostics.unread] == [("a", "extra"), ("b", "group")]


def test_too_many_requirements_are_cut_off_and_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_REQUIREMENTS", 3)
    diagnostics = Diagnostics()
    assert len(diagnostics.bounded(roots(5))) == 3
    assert [unread.text for unread in diagnostics.unread] == ["more than 3 requirements in all; the rest is not read"]


def test_what_was_read_before_a_bound_was_hit_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_UNREAD", 1)
    diagnostics = Diagnostics()
    for number in range(3):
        diagnostics.reject(HERE, f"odd {number}")
    assert [unread.text for unread in diagnostics.unread] == [
        "odd 0",
        "more than 1 parts cannot be used; the others are not listed",
    ]
    assert len(diagnostics.bounded(roots(2))) == 2
