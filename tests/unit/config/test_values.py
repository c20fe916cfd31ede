"""What the user typed -> options."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nogilcheck.config.values import is_relative, options_of, parse_cutoff, parse_formats, parse_number, parse_size
from nogilcheck.errors import UsageError


@pytest.mark.parametrize(
    ("text", "cutoff"),
    [
        ("2026-11-22", "2026-11-23T00:00:00"),
        ("20261122", "2026-11-23T00:00:00"),
        ("2026-12-31", "2027-01-01T00:00:00"),
        ("9999-12-31", "9999-12-31T23:59:59"),
        ("2026-11-22T12:00:00Z", "2026-11-22T12:00:00"),
        ("2026-11-22T12:00:00", "2026-11-22T12:00:00"),
        ("2026-11-22 12:00", "2026-11-22T12:00:00"),
        ("2026-11-22T00:30:00+02:00", "2026-11-21T22:30:00"),
        ("2026-11-22T12:00:00.25Z", "2026-11-22T12:00:00.250000"),
    ],
)
def test_a_cutoff(text: str, cutoff: str) -> None:
    assert parse_cutoff(text) == cutoff
    assert not is_relative(text)


@pytest.mark.parametrize("text", ["7 days", "1 week", "P7D", "P1W", "168h", "1w", "7d"])
def test_a_cutoff_counts_back_from_now_as_that_of_uv(text: str) -> None:
    before = datetime.now(UTC).replace(tzinfo=None, microsecond=0) - timedelta(days=7)
    assert before <= datetime.fromisoformat(parse_cutoff(text)) <= before + timedelta(minutes=10)
    assert is_relative(text), "what was printed is not for tomorrow"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-13-01",
        "2026-02-30",
        "9999-12-31T23:59:59-01:00",
        "0001-01-01T00:00:00+02:00",
        "1700000000",
    ],
)
def test_what_is_no_date_is_told_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match="for --exclude-newer") as error:
        parse_cutoff(text)
    assert error.value.hint is not None
    assert "2026-11-22" in error.value.hint


@pytest.mark.parametrize(
    ("values", "formats"),
    [
        ([], set()),
        ([""], set()),
        (["Foo_Bar,baz", "qux"], {"foo-bar", "baz", "qux"}),
        ([":all:"], {":all:"}),
        ([":all:,foo"], {":all:", "foo"}),
        (["foo,:none:,bar"], {"bar"}),
        ([":all:", ":none:"], set()),
        ([" foo , bar "], {"foo", "bar"}),
    ],
)
def test_formats(values: list[str], formats: set[str]) -> None:
    assert parse_formats("--only-binary", values) == formats


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("500MB", 500_000_000),
        ("500 mb", 500_000_000),
        ("1GiB", 1 << 30),
        ("1.5 KiB", 1536),
        ("20", 20),
        ("20b", 20),
        ("2k", 2000),
        ("0", 0),
        ("1T", 10**12),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size("--scan-limit", text) == size


@pytest.mark.parametrize("text", ["", "MB", "-1", "1e3", "1iB", "1 PB", "1,5MB", "٣MB", "9" * 100])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(UsageError, match="for --scan-limit"):
        parse_size("--scan-limit", text)


@pytest.mark.parametrize(
    ("text", "meant"), [("1h", "3600"), ("2 d", "172800"), ("90s", "90"), ("1y", None), ("-1", None)]
)
def test_a_duration_in_the_place_of_seconds_is_understood_and_refused(text: str, meant: str | None) -> None:
    with pytest.raises(UsageError, match="for --max-age") as error:
        parse_number("--max-age", text)
    assert (f"did you mean '{meant}'?" in str(error.value)) == (meant is not None)
    assert error.value.hint == "allowed: a whole number of seconds"


@pytest.mark.parametrize("value", ["foo bar", "-foo", "foo==1", ":some:", "https://user:secret@host.test/x"])
def test_what_is_no_project_name_is_told_without_secrets(value: str) -> None:
    with pytest.raises(UsageError, match="for --only-binary") as error:
        parse_formats("--only-binary", [value])
    assert "secret" not in str(error.value)


def test_a_path_below_the_working_directory_is_called_as_people_there_call_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here = Path.cwd()
    (here / "c.txt").touch()
    given = [f"{here}/r.txt", f"{here}/a/r.txt", f"{here}x/r.txt", str(here), "r.txt", "numpy"]
    assert options_of({"inputs": given}).inputs == ("./r.txt", "a/r.txt", f"{here}x/r.txt", str(here), "r.txt", "numpy")
    assert options_of({"constraint": [f"{here}/c.txt"]}).constraints == ("./c.txt",)
