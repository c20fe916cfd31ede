"""The one table of rules."""

from __future__ import annotations

import re

import pytest

from nogilcheck.model.rules.rule import Rule
from nogilcheck.model.rules.table import ALL_RULES, BY_CODE, BY_NAME, severity_of
from nogilcheck.model.verdict import READY_STATUSES, SCAN_GAPS, Severity, Status


def test_codes_names_and_signs_are_given_once_and_in_order() -> None:
    codes = [rule.code for rule in ALL_RULES]
    assert codes == sorted(codes)
    assert len(BY_CODE) == len(BY_NAME) == len(ALL_RULES)
    signs = [rule.sign for rule in ALL_RULES if rule.sign]
    assert len(set(signs)) == len(signs)


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.name)
def test_a_code_tells_how_much_its_rule_counts(rule: Rule) -> None:
    assert re.fullmatch(r"NGC[0123]\d\d", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    by_digit = {"0": Severity.BLOCKER, "1": Severity.WARNING, "2": Severity.GAP, "3": rule.severity}
    assert rule.severity is by_digit[rule.code[3]] is not Severity.READY
    assert not rule.unusable or rule.severity is Severity.GAP
    assert not rule.sign or rule.sign.isupper() == (rule.severity is Severity.BLOCKER)


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.name)
def test_the_prose_is_made_of_sentences(rule: Rule) -> None:
    for text in (rule.meaning, rule.detail, rule.example, rule.remedy):
        assert text.isprintable()
        assert text.endswith("."), text
        assert text.count("`") % 2 == 0, text
        assert "  " not in text
    assert rule.meaning[0].isupper()
    assert len(rule.detail) > 60


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.name)
def test_advice_is_a_sentence_without_a_full_stop(rule: Rule) -> None:
    assert bool(rule.advice) == bool(rule.advice_text)
    assert not rule.advice_text.endswith(".")


@pytest.mark.parametrize("status", Status)
def test_a_status_is_ready_or_has_a_rule(status: Status) -> None:
    assert (status in READY_STATUSES) != (status in BY_NAME)
    assert (severity_of(status) is Severity.READY) == (status in READY_STATUSES)


def test_what_a_scan_leaves_open_has_rules_of_the_same_names() -> None:
    assert BY_NAME.keys() >= SCAN_GAPS


def test_only_what_the_user_must_correct_makes_the_input_unusable() -> None:
    assert {rule.name for rule in ALL_RULES if rule.unusable} == {"unread", "conflict", "hash-missing"}
