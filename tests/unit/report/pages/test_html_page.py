"""The HTML page, read back by the standard library."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings

from nogilcheck.model.report.report import Report
from nogilcheck.report.pages.html_page import render
from tests.support.report_strategy import reports
from tests.support.reports import AIRFLOW, SCIENCE

VOID = {"meta", "br"}
ELEMENTS = VOID | {
    "html", "head", "title", "style", "body", "h1", "h2", "table", "tr", "th", "td", "strong", "code", "span", "p",
    "small", "ul", "li", "details", "summary",
}  # fmt: skip
ATTRIBUTES = {"class", "lang", "charset", "http-equiv", "content", "name"}


class Reader(HTMLParser):
    """Elements that are closed in order, of the kinds that the page is made of, and their text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS
        assert {name for name, _ in attrs} <= ATTRIBUTES
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def text_of(report: Report) -> str:
    reader = Reader()
    reader.feed(render(report))
    reader.close()
    assert reader.open == []
    return " ".join("".join(reader.text).split())


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=30)
@given(reports())
def test_whatever_a_report_says_is_text(report: Report) -> None:
    text_of(report)


HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.mark.parametrize(
    "hostile", [HOSTILE, "</td></table></style>", "&lt;b&gt;", "<!-- -->", "<?php ?>", "<![CDATA["]
)
def test_hostile_names_are_shown_as_they_are(hostile: str) -> None:
    report = AIRFLOW.report()
    finding = replace(report.findings[0], distribution=hostile, suppressed_by=hostile)
    gap = replace(report.gaps[1], text=hostile)
    distribution = replace(report.distributions[0], name=hostile)
    changed = replace(
        report, findings=(finding,), gaps=(gap,), distributions=(distribution,), notes=(hostile,), tool_version=hostile
    )
    assert text_of(changed).count(hostile) >= 6


def test_what_it_says() -> None:
    text = text_of(AIRFLOW.report())
    assert text.startswith("nogilcheck: 3.14t is blocked by 3, 3.15t is blocked by 5")
    for said in (
        "cp315-cp315 wheels only",
        "r.txt:1 apache-airflow[otel] > ",
        "pure fallback",
        "Installable does not mean",
    ):
        assert said in text
    assert "numpy 2.5.1" in text, "what is ready, too"


def test_it_needs_nothing_else_and_is_small() -> None:
    page = render(SCIENCE.report())
    assert "src=" not in page
    assert "href=" not in page
    assert "http://" not in page
    assert "<script" not in page
    assert page.isascii()
    assert len(page) < 200_000
