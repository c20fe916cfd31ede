"""Names that lead to the page of their project."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from nogilcheck.model.report.report import Distribution, Report
from nogilcheck.report.project_pages import project_links
from nogilcheck.report.terminal.report import render
from tests.support.report_strategy import reports
from tests.support.reports import AIRFLOW

OSC8 = re.compile(r"\x1b\]8;;([^\x1b]*)\x1b\\")


def link(index: str | None, name: str = "numpy", version: str | None = "2.5.1") -> str | None:
    report = replace(AIRFLOW.report(), distributions=(Distribution(name=name, version=version, index=index),))
    return next(iter(project_links(report).values()), None)


@pytest.mark.parametrize(
    ("index", "url"),
    [
        ("https://pypi.org/simple/", "https://pypi.org/project/numpy/2.5.1/"),
        ("https://host.example/root/simple", "https://host.example/root/simple/numpy/"),
        ("file:///srv/wheels", None),
        (None, None),
        ("https://[half", None),
        ("https://host/\x1b]8;;", None),
        ("https://host/a;b", None),
        ("javascript:alert(1)", None),
    ],
)
def test_where_a_name_leads(index: str | None, url: str | None) -> None:
    assert link(index) == url


def test_a_hostile_name_ends_no_link() -> None:
    found = link("https://pypi.org/simple/", "a/../\x1b\\b", None)
    assert found == "https://pypi.org/project/a%2F..%2F%1B%5Cb/"


def test_titles_are_links_and_the_rest_is_as_without() -> None:
    report = AIRFLOW.report()
    with_links = render(report, width=100, colour=True, verbose=False, links=True)
    assert "\x1b]8;;https://pypi.org/project/grpcio/1.85.1/\x1b\\" in with_links
    assert OSC8.sub("", with_links) == render(report, width=100, colour=True, verbose=False)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=20)
@given(reports())
def test_every_link_ends_where_its_name_does(report: Report) -> None:
    for line in render(report, width=100, colour=False, verbose=True, links=True).splitlines():
        targets = OSC8.findall(line)
        assert [bool(url) for url in targets] == [True, False] * (len(targets) // 2)
        assert "\x1b" not in OSC8.sub("", line)
