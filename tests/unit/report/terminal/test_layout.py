from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nogilcheck.report.terminal.layout import cells, columns, pad, wrap
from nogilcheck.report.words import safe
from tests.support.report_strategy import HOSTILE

texts = st.text() | st.sampled_from(HOSTILE)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("numpy 2.5.1", "numpy 2.5.1"),
        ("Müller & 名前", "Müller & 名前"),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("a\r\nb\tc\x00\x7f\x9b", r"a\x0d\x0ab\x09c\x00\x7f\x9b"),
        ("\u202egpj.exe\u2066\u200f", r"\u202egpj.exe\u2066\u200f"),
        ("zero\u200bwidth\ufeff\u2028", r"zero\u200bwidth\ufeff\u2028"),
        ("\U000e0041\ud800", r"\U000e0041\ud800"),
    ],
)
def test_what_does_not_print_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert safe(text) == shown


@given(texts)
def test_whatever_is_made_safe_prints_and_can_be_written(text: str) -> None:
    assert safe(text).isprintable()
    safe(text).encode("utf-8")
    assert safe(safe(text)) == safe(text)


def test_wide_and_combining_characters_are_measured_as_terminals_draw_them() -> None:
    assert cells("numpy") == 5
    assert cells("名前") == 4
    assert cells("e\u0301") == 1
    assert pad("名前", 6) == "名前  "


def test_lines_break_between_units_and_hang() -> None:
    assert wrap(["r.txt:1", "> apache-airflow", "> psutil >=5.8"], 28, first="    ", rest="      ") == [
        "    r.txt:1 > apache-airflow",
        "      > psutil >=5.8",
    ]


def test_a_unit_that_no_line_can_hold_breaks_and_keeps_its_sign() -> None:
    assert wrap(["r.txt:1 a", '> b ; python_version < "3.15"'], 18, first="  ", rest="  ") == [
        "  r.txt:1 a > b ;",
        "  python_version <",
        '  "3.15"',
    ]


def test_what_cannot_be_broken_has_a_line_of_its_own() -> None:
    assert wrap("see https://example.org/a/long/address now", 20, first="- ") == [
        "- see",
        "  https://example.org/a/long/address",
        "  now",
    ]


@given(texts, st.integers(10, 60))
def test_wrapping_loses_nothing(text: str, width: int) -> None:
    lines = wrap(text, width, first="> ", rest="  ")
    assert " ".join(line[2:] for line in lines).split() == safe(text).split()
    assert all(cells(line) <= width or " " not in line[2:] for line in lines)


def test_columns_read_downwards() -> None:
    assert columns(["a", "bb", "c", "d", "e"], 12, indent="  ") == ["  a   c   e", "  bb  d"]
    assert columns(["much-too-long-for-it"], 10, indent="  ") == ["  much-too-long-for-it"]
    assert columns([], 80, indent="  ") == []
