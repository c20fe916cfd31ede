"""Each spelling was given to the tool itself (pip 26.3, uv 0.13.9, PDM 2.29.4, Pipenv 2026.10.3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nogilcheck.inputs.settings.cooldown import days_ago, pdm_cutoff, pip_cutoff, pipenv_cutoff, uv_cutoff
from nogilcheck.model.source import Cutoff

TWO_WEEKS = timedelta(days=14)


def is_ago(cutoff: Cutoff, span: timedelta) -> bool:
    """Whether a cutoff is a span before now, give or take a minute."""
    then = datetime.fromisoformat(str(cutoff.before)).replace(tzinfo=UTC)
    return cutoff.span == span and abs(datetime.now(UTC) - span - then) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "text",
    ["14 days", "P14D", "p14d", "+P14D", "P2W", "2 weeks", "2w", "14d", "2wks", "14days", "14 days ago", "336h",
     "PT336H", "1wk 7d", "13 days, 24 hours", "P13DT24H", "13d 23h 60m", "13d 23h 59m 60s"],
)  # fmt: skip
def test_spans_of_uv(text: str) -> None:
    assert is_ago(uv_cutoff(text), TWO_WEEKS)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("2026-11-20T00:00:00Z", "2026-11-20T00:00:00"),
        ("2026-11-20T00:00:00+01:00", "2026-11-19T23:00:00"),
        ("2026-11-20T00:00:00+01:00[Europe/Paris]", "2026-11-19T23:00:00"),
        ("2026-11-20 10:00:00Z", "2026-11-20T10:00:00"),
    ],
)
def test_times_of_uv(text: str, before: str) -> None:
    assert uv_cutoff(text) == Cutoff(before=before)


@pytest.mark.parametrize("text", ["2026-11-20", "20261120", "2026-11-20T00:00", "2026-11-20T10:00:00"])
def test_a_day_of_uv_ends_with_it_and_a_time_without_a_zone_is_dropped(text: str) -> None:
    assert uv_cutoff(text) == uv_cutoff("2026-11-20")
    assert str(uv_cutoff(text).before) > str(pip_cutoff("2026-11-20T23:00:00").before)


@pytest.mark.parametrize(
    "text",
    ["", "14", "P1M", "P1Y", "1 month", "P1.5D", "1.5 days", "today", "14 Days", "P14DT", "P", "-", "9" * 10 + " days",
     "1d" * 200, "2026-11-20T00:00:00[Europe/Paris]"],
)  # fmt: skip
def test_what_uv_does_not_read(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (the words are the standard library's)
        uv_cutoff(text)


@pytest.mark.parametrize("text", ["P2W", "PT24H", "14 days", "14d", "14", "p14d", "P1.5D", "P" + "9" * 12 + "D"])
def test_what_pip_does_not_read(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (the words are the standard library's)
        pip_cutoff(text)


def test_pip() -> None:
    assert is_ago(pip_cutoff("P14D"), TWO_WEEKS)
    assert pip_cutoff("2026-11-20T00:00:00+01:00") == Cutoff(before="2026-11-19T23:00:00")


@pytest.mark.parametrize("text", ["14d", "2w", "336h"])
def test_spans_of_pdm(text: str) -> None:
    assert is_ago(pdm_cutoff(text), TWO_WEEKS)


def test_times_of_pdm_are_in_utc() -> None:
    assert pdm_cutoff("2026-11-20").before == "2026-11-20T00:00:00"
    assert pdm_cutoff("2026-11-20t01:00:00z").before == "2026-11-20T01:00:00"


@pytest.mark.parametrize("text", ["14 days", "P14D", "14m", ""])
def test_what_pdm_does_not_read(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (the words are the standard library's)
        pdm_cutoff(text)


def test_days_of_poetry_and_pipenv() -> None:
    assert is_ago(days_ago(14), TWO_WEEKS)
    assert is_ago(pipenv_cutoff("14d"), TWO_WEEKS)
    with pytest.raises(ValueError):  # noqa: PT011 (the words are the standard library's)
        pipenv_cutoff("2w")


def test_a_span_longer_than_the_calendar_leaves_nothing() -> None:
    assert pip_cutoff("P999999999D").before == "0001-01-02T00:00:00"
