"""What the user wrote about what counts -> `Policy`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nogilcheck.config.policy import parse_fail_on, parse_ignore, read_policy
from nogilcheck.errors import NogilcheckError, UsageError
from nogilcheck.model.policy import CAUSES, FAIL_WORDS, SEVERITY_WORDS, FailOn, Policy, Waiver
from nogilcheck.model.source import Location
from nogilcheck.model.verdict import Cause, Severity
from tests.unit.config.test_effective import effective


def policy(here: Path, toml: str, *, has_baseline: bool = False) -> Policy:
    return read_policy(effective(here, toml), has_baseline=has_baseline)


def waivers(here: Path, toml: str) -> tuple[Waiver, ...]:
    return policy(here, "".join(f"[[waivers]]\n{one}\n" for one in toml.split("---\n"))).waivers


def test_the_words_are_those_of_the_model() -> None:
    assert tuple(cause.value for cause in Cause) == CAUSES
    assert {word for word in SEVERITY_WORDS if word != "off"} <= {severity.value for severity in Severity}


@pytest.mark.parametrize(
    ("values", "direct", "transitive"),
    [
        ([], {"blocker", "unknown"}, {"blocker", "unknown"}),
        (["warning"], {"warning"}, {"warning"}),
        (["blocker,free-threading", "new"], {"blocker", "free-threading", "new"}, {"blocker", "free-threading", "new"}),
        (["direct:warning"], {"warning"}, {"blocker", "unknown"}),
        (["new", "direct:warning, direct:gap"], {"warning", "unknown"}, {"new"}),
        (["transitive:never"], {"blocker", "unknown"}, {"never"}),
    ],
)
def test_fail_on(values: list[str], direct: set[str], transitive: set[str]) -> None:
    assert parse_fail_on(values) == FailOn(direct=frozenset(direct), transitive=frozenset(transitive))


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("blockers", "did you mean 'blocker'?"),
        ("free_threading", "did you mean 'free-threading'?"),
        ("direkt:warning", "did you mean 'direct:warning'?"),
        ("direct:warnings", "did you mean 'direct:warning'?"),
        ("NGC006", "allowed: blocker"),
    ],
)
def test_a_word_that_nothing_fails_on(value: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_fail_on([value])
    assert hint in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize("values", [["never,new"], ["direct:never", "direct:blocker"]])
def test_never_and_something_else(values: list[str]) -> None:
    with pytest.raises(UsageError, match="never contradicts"):
        parse_fail_on(values)


def test_only_new_ones_need_a_baseline(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="needs a baseline") as caught:
        policy(tmp_path, "fail-on = 'transitive:new'")
    assert "--write-baseline" in (caught.value.hint or "")
    assert policy(tmp_path, "fail-on = 'new'", has_baseline=True).fail_on.direct == {"new"}


@pytest.mark.parametrize(
    ("text", "distribution", "rule"),
    [
        ("grpcio", "grpcio", None),
        ("Zope.Interface", "zope-interface", None),
        ("NGC206", None, "NGC206"),
        ("ngc206", None, "NGC206"),
        ("grpcio:NGC006", "grpcio", "NGC006"),
        ("grpcio:gil-only", "grpcio", "NGC006"),
        (":gil-only", None, "NGC006"),
        ("ngc", "ngc", None),
    ],
)
def test_what_to_ignore(text: str, distribution: str | None, rule: str | None) -> None:
    found = parse_ignore(text)
    assert (found.distribution, found.rule, found.text) == (distribution, rule, text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("NGC999", "NGC"),
        ("grpcio:gilonly", "did you mean 'grpcio:gil-only'?"),
        ("grpcio<2", "NGC006"),
        ("-x", "NGC006"),
        (":", "NGC006"),
        ("gil-only", "did you mean 'NGC006'?"),
    ],
)
def test_what_cannot_be_ignored(text: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_ignore(text)
    assert hint in f"{caught.value} {caught.value.hint}"


@given(st.text(max_size=20))
def test_any_text_is_understood_or_refused(text: str) -> None:
    for parse in (parse_ignore, lambda word: parse_fail_on([word])):
        try:
            parse(text)
        except NogilcheckError:
            continue


def test_severities_by_code_and_by_name(tmp_path: Path) -> None:
    toml = "severity = { NGC102 = 'off', held-back = 'off', ngc101 = 'blocker', gil-only = 'warning' }"
    assert policy(tmp_path, toml).severity == {
        "NGC102": "off", "NGC103": "off", "NGC101": "blocker", "NGC006": "warning"
    }  # fmt: skip


def test_a_waiver(tmp_path: Path) -> None:
    first, second = waivers(
        tmp_path,
        "distribution = 'Zope.Interface >=6,<7'\nrule = 'gil-only'\ntargets = ['3.14t', 'windows-amd64']\n"
        "reason = ' no release yet '\nexpires = 2027-01-31\n---\nrule = 'NGC206'\nreason = 'ours'\n",
    )
    assert first == Waiver(
        distribution="zope-interface",
        specifier=">=6,<7",
        rule="NGC006",
        targets=("3.14t", "windows-amd64"),
        reason="no release yet",
        expires=date(2027, 1, 31),
        location=Location(path="nogilcheck.toml", line=1),
    )
    assert second == Waiver(rule="NGC206", reason="ours", location=Location(path="nogilcheck.toml", line=8))
    assert (first.subject, second.subject) == ("NGC006 of zope-interface>=6,<7", "NGC206")


@pytest.mark.parametrize("written", ["2027-01-31", "'2027-01-31'", "2027-01-31T12:00:00Z"])
def test_a_last_day(tmp_path: Path, written: str) -> None:
    (found,) = waivers(tmp_path, f"rule = 'NGC206'\nreason = 'x'\nexpires = {written}")
    assert found.expires == date(2027, 1, 31)


WAIVER = "[[waivers]]\n"
SOUND = "distribution = 'a'\nreason = 'x'\n"


@pytest.mark.parametrize(
    ("toml", "line", "message", "hint"),
    [
        ("severity = { NGC999 = 'off' }", 1, "there is no such rule: 'NGC999'", "NGC"),
        ("severity = { gil-onyl = 'off' }", 1, "there is no such rule: 'gil-onyl'", "did you mean 'gil-only'?"),
        ("severity = { NGC102 = 'warn' }", 1, "there is no severity 'warn'", "did you mean 'warning'?"),
        ("[severity]\nNGC102 = 'error'", 2, "there is no severity 'error'", "did you mean 'blocker'?"),
        ("[severity]\nNGC102 = 3", 2, "severity of NGC102: expected a string, found an integer", ""),
        (f"{WAIVER}distribution = 'x'", 1, "a waiver needs a reason", "reason ="),
        (f"{WAIVER}reason = 'x'", 1, "a waiver needs a distribution, or a rule", "distribution ="),
        (f"{WAIVER}rule = 'x'\nreason = 'x'", 2, "there is no such rule: 'x'", "known: NGC001"),
        (f"{WAIVER}rule = 7\nreason = 'x'", 2, "rule: expected a string that is not empty, found an integer", ""),
        (f"{WAIVER}rule = 'NGC206'\nreason = ' '", 3, "reason: expected a string that is not empty, found an emp", ""),
        (f"{WAIVER}distribution = 'a b'\nreason = 'x'", 2, "'a b' is not a project name with versions", "grpcio"),
        (f"{WAIVER}distribution = 'a>=x'\nreason = 'x'", 2, "'a>=x' is not a project name with versions", "grpcio"),
        (f"{WAIVER}distribution = 'a'\nreasn = 'x'\nreason = 'x'", 3, "unknown key of a waiver: 'reasn'", "'reason'"),
        (f"{WAIVER}{SOUND}expires = 'soon'", 4, "expires: expected a date, found a string", "2027-01-31"),
        (f"{WAIVER}{SOUND}until = 'soon'", 4, "until: expected 'fixed', found 'soon'", "fixed"),
        (f"{WAIVER}{SOUND}expires = 2027", 4, "expires: expected a date, found an integer", "2027-01-31"),
        (f"{WAIVER}{SOUND}targets = ['soon']", 4, "'soon' is not a target", "3.15t"),
        (f"{WAIVER}{SOUND}targets = []", 4, "targets: expected a non-empty array", "every target"),
        (f"{WAIVER}{SOUND}targets = 3.15", 4, "targets: expected an array of strings, found a float", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_line(tmp_path: Path, toml: str, line: int, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        policy(tmp_path, toml)
    assert str(caught.value).startswith(f"nogilcheck.toml:{line}: {message}")
    assert hint in f"{caught.value} {caught.value.hint}"


def test_every_word_of_fail_on_is_documented() -> None:
    page = Path(__file__).parents[3] / "docs" / "how-to" / "hold-the-line.md"
    text = page.read_text(encoding="utf-8")
    assert all(f"`{word}`" in text for word in FAIL_WORDS)
