"""Every rule has prose, and it is worth reading."""

from __future__ import annotations

import pytest

from nogilcheck.judge.explanations import EXPLANATIONS, RuleExplanation, pages
from nogilcheck.judge.rules import BY_NAME, INSPECTION_RULES, RULES


def test_every_rule_has_prose_and_nothing_else_has() -> None:
    assert EXPLANATIONS.keys() == BY_NAME.keys()


def test_the_pages_are_the_rules_in_order_of_their_codes() -> None:
    assert [page.code for page in pages()] == sorted(rule.code for rule in (*RULES, *INSPECTION_RULES))
    for page in pages():
        rule = BY_NAME[page.name]
        assert (page.code, page.severity, page.meaning, page.unusable) == (
            rule.code, rule.severity, rule.meaning, rule.unusable,
        )  # fmt: skip


@pytest.mark.parametrize("name", EXPLANATIONS)
def test_the_prose_is_made_of_sentences(name: str) -> None:
    prose: RuleExplanation = EXPLANATIONS[name]
    for text in (prose.detail, prose.example, prose.remedy):
        assert text.isprintable()
        assert text.endswith("."), text
        assert text.count("`") % 2 == 0, text
        assert "  " not in text
    assert len(prose.detail) > 60
