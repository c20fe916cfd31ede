"""Sentences that say the same of many distributions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nogilcheck.report.folding import MAX_ALIKE, folded


def test_what_is_said_of_many_is_said_once_where_the_first_was() -> None:
    names = ["a", "b-1", "c", "d", "e"]
    sentences = ["r.txt:2: it is odd", *(f"{name}: no upload times" for name in names), "z: something else"]
    assert folded(sentences) == [
        "r.txt:2: it is odd",
        "a, b-1, c and 2 more: no upload times",
        "z: something else",
    ]


def test_lines_of_files_are_never_folded() -> None:
    sentences = [f"r.txt:{number}: it is odd" for number in range(9)]
    assert folded(sentences) == sentences


@given(st.lists(st.sampled_from(["a: x", "b: x", "c: x", "a: y", "so it is", "R: x", "a: x: z\nmore"]), unique=True))
def test_few_are_left_as_they_are(sentences: list[str]) -> None:
    assert sorted(folded(sentences)) == sorted(sentences)


@given(st.integers(1, 40))
def test_everything_is_counted(number: int) -> None:
    (first, *others) = folded(f"n{each}: x" for each in range(number))
    if number <= MAX_ALIKE:
        assert len(others) == number - 1
    else:
        assert (first, others) == (f"n0, n1, n2 and {number - MAX_ALIKE} more: x", [])
