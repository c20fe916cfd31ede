from __future__ import annotations

from nogilcheck.judge.assemble import which_index
from nogilcheck.model.report.report import Distribution


def told(*pairs: tuple[str, str | None]) -> list[str]:
    return list(which_index(Distribution(name=name, version="1.0", index=index) for name, index in pairs))


def test_one_index_needs_no_word() -> None:
    assert told(("a", "https://one/"), ("b", "https://one/"), ("c", None)) == []


def test_the_one_with_most_comes_first_and_few_are_named() -> None:
    many = [(name, "https://one/") for name in "abcd"]
    assert told(("z", "/wheels"), ("y", "https://two/"), ("z", "/wheels"), *many) == [
        "several indexes answered: 4 projects from https://one/; z from /wheels; y from https://two/"
    ]
