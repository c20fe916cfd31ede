"""Ledgers: the package's own is in order, a company's is checked, and a release may overtake either."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from nogilcheck.errors import InputError
from nogilcheck.evidence.ledger import Ledger, merged, part_of, read_ledger
from nogilcheck.jobs.evidence import ledger_of, read_file
from nogilcheck.model.evidence import EvidenceKind
from tests.support.command import run
from tests.world import SHAPES, parse, serve

TEXT = files("nogilcheck.evidence").joinpath("ledger.toml").read_text(encoding="utf-8")

WORLD = """
[projects.app]
"1.0" = { wheels = ["cp314-cp314t-manylinux_2_28_x86_64", "cp314-cp314-manylinux_2_28_x86_64"] }
[projects.late]
"2.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
"""

KNOWN = """
[app]
known = [{ versions = "<2", text = "drops every second row", source = "https://tracker.example/1", date = 2026-01-01 }]
tracking = { source = "https://tracker.example/2", date = 2026-01-01 }
"""

SAID = 'source = "https://tracker.example/1", date = 2026-01-01'


@pytest.fixture
def company(tmp_path: Path) -> str:
    path = tmp_path / "company.toml"
    path.write_text(KNOWN, encoding="utf-8")
    return str(path)


def test_the_ledger_of_the_package() -> None:
    ledger = ledger_of(None)
    assert len(ledger) >= 200
    assert list(tomllib.loads(TEXT)) == sorted(ledger), "sorted, and normalized"
    assert all(canonicalize_name(name) == name for name in ledger)
    facts = [fact for each in ledger.values() for fact in each]
    assert all(fact.source.startswith("https://") and date.fromisoformat(fact.date) for fact in facts)
    assert all(fact.text.rstrip(".") == fact.text for fact in facts)
    judged = (EvidenceKind.STANCE, EvidenceKind.KNOWN, EvidenceKind.ALTERNATIVE, EvidenceKind.FALLBACK)
    assert len({name for name, each in ledger.items() if any(fact.kind in judged for fact in each)}) >= 30


def test_a_part_of_it_says_what_the_whole_says() -> None:
    whole = ledger_of(None)
    names = frozenset(["psycopg2", "greenlet", "not-in-it"])
    assert ledger_of(names) == {name: whole[name] for name in names & whole.keys()}
    assert len(tomllib.loads(part_of(TEXT, names))) == 2


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (f'[a]\n[b]\nstance = {{ word = "perhaps", text = "t", {SAID} }}', 3, "perhaps"),
        (
            f'[a]\nknown = [\n  {{ versions = "<2", text = "t", {SAID} }},\n  {{ text = "t", {SAID} }},\n]',
            4,
            "versions",
        ),
        (f'[a]\nknown = [{{ versions = "2<", text = "t", {SAID} }}]', 2, "specifier"),
        ('[a]\ntracking = { source = "https://tracker.example/1" }', 2, "date"),
        ('[a]\ntracking = { source = "somebody", date = 2026-01-01 }', 2, "URL"),
        ('[a]\ntracking = { source = "https://tracker.example/1", date = "soon" }', 2, "date"),
        (f"[a]\ntrackin = {{ {SAID} }}", 2, "trackin"),
        (f"[a]\ntracking = {{ {SAID} }}\n[A]\ntracking = {{ {SAID} }}", 3, "second"),
        ("[a]\ntracking =", 2, "TOML"),
        (f'["a b"]\ntracking = {{ {SAID} }}', 1, "name of a project"),
        (f'[a]\nknown = [{{ versions = "<=2", fixed = "2.0", text = "t", {SAID} }}]', 2, "one of the versions"),
    ],
)
def test_a_bad_entry_is_told_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = tmp_path / "company.toml"
    path.write_text(text.replace("[b]", f"tracking = {{ {SAID} }}\n[b]") if "[b]" in text else text, encoding="utf-8")
    with pytest.raises(InputError, match=said) as error:
        read_file(str(path))
    assert error.value.where == f"{path}:{line + ('[b]' in text)}"


def _ledger(text: str) -> Ledger:
    return read_ledger(tomllib.loads(text), lambda *_: "here")


def test_a_kind_of_fact_that_a_file_repeats_is_replaced() -> None:
    own = _ledger(KNOWN)
    other = _ledger(f"[app]\ntracking = {{ {SAID} }}\n[b]\ntracking = {{ {SAID} }}")
    both = merged(own, other)
    assert [fact.source[-1] for fact in both["app"]] == ["1", "1"]
    assert {fact.kind for fact in both["app"]} == {EvidenceKind.KNOWN, EvidenceKind.TRACKING}
    assert both["b"] == other["b"]


def test_a_known_problem_is_shown_and_fails_where_that_is_asked(company: str, tmp_path: Path) -> None:
    with serve(parse(WORLD), SHAPES["pypi"]) as index:
        always = ("app", "-p", "3.14t", "-i", index.url, "--evidence", company, "--cache-dir", str(tmp_path / "cache"))
        shown = run("check", *always)
        assert shown.status == 0
        assert "drops every second row" in shown.stdout
        assert "track  https://tracker.example/2" in shown.stdout
        assert run("check", *always, "--fail-on", "known-problem").status == 1
        assert run("check", *always, "--fail-on", "known-problem", "--ignore", "app:NGC115").status == 0
        assert run("check", *always, "-p", "3.14", "--fail-on", "known-problem").status == 1
        regular = [each if each != "3.14t" else "3.14" for each in always]
        assert "drops every second row" not in run("check", *regular).stdout
        told = run("why", "app", *always).stdout
        assert "known problem: drops every second row (<2)" in told
        assert "https://tracker.example/1" in told
        Path(company).write_text(KNOWN.replace("<2", ">2"), encoding="utf-8")
        assert "drops every second row" not in run("check", *always).stdout, "a change of the file is noticed"


def test_a_blocker_fails_beside_known_problems(company: str) -> None:
    with serve(parse(WORLD), SHAPES["pypi"]) as index:
        always = ("late", "-p", "3.14t", "-i", index.url, "--evidence", company, "--no-cache")
        assert run("check", *always, "--fail-on", "known-problem").status == 1


def test_a_day_by_its_week_is_compared_as_a_day() -> None:
    fact = {"versions": "", "text": "t", "source": "https://a.example", "date": "2026-W01-1"}
    assert read_ledger({"a": {"known": [fact]}}, lambda *_: "here")["a"][0].date == "2025-12-29"


def test_what_releases_have_overtaken(tmp_path: Path) -> None:
    path = tmp_path / "company.toml"
    planned = f'stance = {{ word = "planned", text = "some day", {SAID} }}'
    path.write_text(
        f"[app]\n{planned}\n[late]\n{planned}\n[gone]\n{planned}\n[other]\ntracking = {{ {SAID} }}", "utf-8"
    )
    with serve(parse(WORLD), SHAPES["pypi"]) as index:
        always = ("evidence", "check", str(path), "-i", index.url, "--no-cache")
        found = run(*always)
        assert found.status == 1
        assert "app: stance planned of 2026-01-01, but 1.0" in found.stdout
        assert "late" not in found.stdout
        assert "gone: " in found.stdout
        path.write_text(f"[late]\n{planned}\n[gone]\n{planned}", "utf-8")
        assert run(*always).status == 3
        path.write_text(f"[late]\n{planned}", "utf-8")
        assert run(*always).status == 0
