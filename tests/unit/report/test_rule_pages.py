"""The pages of rules, in the terminal and in the documentation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nogilcheck.model.rules.rule import Rule
from nogilcheck.model.rules.table import ALL_RULES
from nogilcheck.report.rule_pages import as_json
from nogilcheck.report.terminal.layout import cells
from nogilcheck.report.terminal.rule_pages import render, render_list
from tests.docs import DOCUMENTS
from tests.support.rules_page import rules_page

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("page", ALL_RULES, ids=lambda page: page.code)
def test_a_page_says_everything_within_the_terminal(page: Rule) -> None:
    text = render(page, width=72)
    assert all(cells(line) <= 72 for line in text.splitlines())
    words = " ".join(text.split())
    for part in (page.code, page.name, page.meaning, page.detail, f"Example {page.example}", f"Remedy {page.remedy}"):
        assert part in words
    assert "\x1b" not in text
    assert "\x1b[1m" in render(page, width=72, colour=True)


def test_the_list_has_a_line_for_each() -> None:
    lines = render_list(ALL_RULES, width=200).splitlines()
    assert [line.split()[:2] for line in lines] == [[page.code, page.name] for page in ALL_RULES]


def test_json_has_every_rule_and_one_alone() -> None:
    every = json.loads(as_json(ALL_RULES))
    assert [(one["code"], one["name"]) for one in every] == [(page.code, page.name) for page in ALL_RULES]
    assert {one["exit_status"] for one in every if one["severity"] == "gap"} == {2, 3}
    assert json.loads(as_json(ALL_RULES[0])) == every[0]


def test_every_link_of_the_table_leads_to_a_heading() -> None:
    text = rules_page()
    for page in ALL_RULES:
        anchor = f"{page.code} {page.name}".lower().replace(" ", "-")
        assert f"(#{anchor})" in text
        assert f"\n## {page.code} {page.name}\n" in text


@pytest.mark.parametrize("path", DOCUMENTS)
def test_the_documentation_is_what_the_package_says(path: str) -> None:
    """After an intended change: ``make docs``."""
    assert (ROOT / path).read_text(encoding="utf-8") == DOCUMENTS[path]()
