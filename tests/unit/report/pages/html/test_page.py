"""The HTML page, read back by the standard library. What it does in a browser: tests/integration/test_browser.py."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings

from nogilcheck.model.report.report import Report
from nogilcheck.model.verdict import Offered, ReleaseSpan, Status
from nogilcheck.report.pages.html.markup import packaged
from nogilcheck.report.pages.html.page import render
from tests.support.report_strategy import reports
from tests.support.reports import AIRFLOW, SCIENCE, WEB, blocked

VOID = {"meta"}
ELEMENTS = VOID | {
    "html", "head", "title", "style", "body", "script", "h1", "h2", "header", "nav", "main", "section", "footer", "div",
    "table", "caption", "thead", "tbody", "tr", "th", "td", "b", "code", "span", "p", "a", "small", "ul", "ol",
    "li", "dl", "dt", "dd", "details", "summary", "svg", "g", "rect", "text", "path",
}  # fmt: skip


class Reader(HTMLParser):
    """Elements that are closed in order, of the kinds that the page is made of, and their text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS
        for name, value in attrs:
            assert not name.startswith("on")
            assert name not in {"src", "style", "srcset", "action"}, "the policy of the page forbids them"
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.append(value or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] in (["style"], ["script"]):
            assert data == packaged({"style": "page.css", "script": "page.js"}[self.open[-1]])
        else:
            self.text.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def read(report: Report) -> Reader:
    reader = Reader()
    reader.feed(render(report))
    reader.close()
    assert reader.open == []
    assert len(set(reader.ids)) == len(reader.ids)
    inner = [link[1:] for link in reader.links if link.startswith("#")]
    assert set(inner) <= set(reader.ids)
    assert all(link.startswith(("#", "https://", "http://")) for link in reader.links)
    return reader


def text_of(report: Report) -> str:
    return " ".join("".join(read(report).text).split())


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=30)
@given(reports())
def test_whatever_a_report_says_is_text(report: Report) -> None:
    text_of(report)


HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.mark.parametrize(
    "hostile", [HOSTILE, "</td></table></style></script>", "&lt;b&gt;", "<!-- -->", "<?php ?>", "<![CDATA["]
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
    assert "3.14t is blocked by 3, 3.15t is blocked by 5" in text
    assert "3 blockers · 2 unknown · 3 warnings · 16/20 ready" in text, (
        "a line that cannot be read is unknown everywhere"
    )
    assert "commandnogilcheck" in text
    for said in (
        "cp315-cp315 wheels only",
        "apache-airflow[otel]>=3r.txt:1",
        "pure fallback",
        "Installable does not mean",
    ):
        assert said in text
    assert "numpy 2.5.1" in text, "what is ready, too"
    assert "All distributions" in text_of(WEB.report())
    assert "<dt>written</dt><dd>2024-08-18</dd>" in render(WEB.report(), day="2024-08-18")


def test_a_name_leads_to_what_is_known_of_it() -> None:
    reader = read(AIRFLOW.report())
    assert reader.links.count("#grpcio") == 1
    assert {"grpcio", "numpy"} <= set(reader.ids)


def test_a_blocker_tells_what_its_releases_have() -> None:
    """Targets that get the same of them are told together."""
    old = ReleaseSpan(offered=Offered.SOURCE, first="0.1", last="0.1", releases=1)
    new = ReleaseSpan(offered=Offered.ELSEWHERE, first="1.0", first_day="2024-08-18", last="1.85.1", releases=166)
    told = replace(blocked(Status.GIL_ONLY), releases=(old, new))
    text = text_of(replace(AIRFLOW, verdicts={**AIRFLOW.verdicts, "grpcio": told}).report())
    assert (
        "releasesno wheels 0.1 free-threaded wheels for other targets 1.0 (2024-08-18) to 1.85.1, 166 releases" in text
    )
    assert text.count("166 releases") == 1
    apart = {"3.14t": told, "3.15t": replace(told, releases=(new,))}
    text = text_of(replace(AIRFLOW, verdicts={**AIRFLOW.verdicts, "grpcio": apart}).report())
    assert "releases3.14tno wheels 0.1" in text
    assert text.count("166 releases") == 2


def test_equal_reports_give_equal_bytes() -> None:
    assert render(SCIENCE.report()) == render(Report.from_json(SCIENCE.report().to_json()))


def test_it_needs_nothing_else_and_is_small() -> None:
    page = render(SCIENCE.report())
    assert page.isascii()
    assert len(page) < 200_000
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    for name, kind in (("page.js", "script-src"), ("page.css", "style-src")):
        digest = b64encode(sha256(packaged(name).encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in policy[1]
    assert policy[1].startswith("default-src 'none'")
    assert "unsafe" not in policy[1]
    assert "http" not in packaged("page.css") + packaged("page.js")


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_words_stand_out_from_what_is_behind_them() -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1, in the light and in the dark."""
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    blocks = re.findall(r":root \{([^}]*--page[^}]*--ready-back[^}]*)\}", packaged("page.css"))
    for colours, block in zip((light, dark), blocks, strict=True):
        colours.update(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
    assert light.keys() == dark.keys()
    plain = product(("text", "soft", "link"), ("page", "panel"))
    marks = [pair for one in ("blocker", "gap", "warning", "ready") for pair in ((one, f"{one}-back"), (one, "panel"))]
    for colours, (front, back) in product((light, dark), [*plain, *marks]):
        high, low = sorted((luminance(colours[front]), luminance(colours[back])), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, (front, back)
