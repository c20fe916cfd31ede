from __future__ import annotations

import pytest

from nogilcheck.inputs.text.logical_lines import (
    MAX_LINE_LENGTH,
    LogicalLine,
    logical_lines,
    split_options,
)
from nogilcheck.inputs.text.quoting import MAX_SHOWN, abbreviate


def lines(text: str, **variables: str) -> list[tuple[int, str]]:
    return [(line.number, line.text) for line in logical_lines(text, variables.get)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\n", [(1, "a"), (2, "b")]),
        ("\n\n  a  \n", [(3, "a")]),
        ("a \\\n  b \\\n  c\nd", [(1, "a   b   c"), (4, "d")]),
        ("a \\", [(1, "a")]),
        ("a \\\n", [(1, "a")]),
        ("a\\\nb", [(1, "ab")]),
        ("a \\\n\nb", [(1, "a"), (3, "b")]),
        ("# a \\\nb", [(2, "b")]),
        ("a \\\n# b\nc", [(1, "a"), (3, "c")]),
        ("a \\\n  # b \\\nc", [(1, "a"), (3, "c")]),
        ("a # b \\\nc", [(1, "a")]),
        ("a#b", [(1, "a#b")]),
        ("a\t#b", [(1, "a")]),
        ("a\r\nb\rc", [(1, "a"), (2, "b"), (3, "c")]),
        ("\\\\a\\\nb", [(1, "ab")]),
        ("\ufeffa", [(1, "\ufeffa")]),
    ],
)
def test_lines_are_joined_and_numbered_by_their_first(text: str, expected: list[tuple[int, str]]) -> None:
    assert lines(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x==${V}", "x==1"),
        ("${V}${V}", "11"),
        ("$V ${v} ${V", "$V ${v} ${V"),
        ("${UNSET}", "${UNSET}"),
        ("${EMPTY}x", "${EMPTY}x"),
        ("${OUTER}", "${V}"),
        ("${OUTER} ${V}", "1 1"),
        ("${HASH}", "a #b"),
    ],
)
def test_variables(text: str, expected: str) -> None:
    assert lines(text, V="1", EMPTY="", OUTER="${V}", HASH="a #b") == [(1, expected)]


def test_variables_in_comments_are_not_consulted() -> None:
    asked: list[str] = []

    def lookup(name: str) -> None:
        asked.append(name)

    assert [line.text for line in logical_lines("a # ${NO}\n# ${NO}\n${YES}", lookup)] == ["a", "${YES}"]
    assert asked == ["YES"]


def test_a_line_that_grows_too_long_is_marked() -> None:
    (line,) = logical_lines("${BIG}" * 3, lambda name: "x" * (MAX_LINE_LENGTH // 2))
    assert line.oversized
    assert len(line.text) <= MAX_LINE_LENGTH
    (line,) = logical_lines("x" * (MAX_LINE_LENGTH + 1), lambda name: None)
    assert line.oversized
    (line,) = logical_lines("x" * MAX_LINE_LENGTH, lambda name: None)
    assert not line.oversized


def test_what_is_shown_holds_no_secret_and_is_bounded() -> None:
    line = LogicalLine(number=1, written="", text="", values={"${TOKEN}": "s3cret", "${N}": "1"})
    assert line.shown("https://u:p@h/ s3cret 1\n2") == "https://***@h/ ${TOKEN} 1 2"
    assert len(abbreviate("x" * 500)) == MAX_SHOWN
    assert "x" not in abbreviate("x" * 100_000).removeprefix("(a text")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", ("a", "")),
        ("a --b", ("a", "--b")),
        ("a  -b c -d", ("a ", "-b c -d")),
        ("-r a", ("", "-r a")),
        ("a-b", ("a-b", "")),
        ("a\t--b", ("a\t--b", "")),
        (" -r", ("", "-r")),
    ],
)
def test_split_options(text: str, expected: tuple[str, str]) -> None:
    assert split_options(text) == expected
