"""Words that are not meant as projects: existing paths, misspelt or misplaced commands, installers' verbs."""

from __future__ import annotations

from pathlib import Path

import pytest

from nogilcheck.cli.fast_parser import parse as parse_fast
from tests.support.command import Outcome, run
from tests.world import SHAPES, parse, serve

WORDS = (
    "src", "docs", "chekc", "help", "version", "install", "numpy", "why", "pip", "plac", "checkov", "installer",
    "plane", "config2", "six",
)  # fmt: skip
WORLD = "\n".join(f'[projects.{word}]\n"1.0" = {{}}' for word in WORDS)
"""Every word is a project, and ready: to take one for a project is to end with 0."""


def check(*arguments: str, cache: Path) -> Outcome:
    """Run with an index that has every word."""
    with serve(parse(WORLD), SHAPES["pypi"]) as index:
        return run(*arguments, "--python", "3.14t", "--cache-dir", str(cache), "--index-url", index.url)


@pytest.mark.parametrize(
    ("given", "suggested"),
    [
        (["chekc"], "nogilcheck check"),
        (["chekc", "six"], "nogilcheck check six"),
        (["Chekc"], "nogilcheck check"),
        (["inpsect", "six"], "nogilcheck inspect six"),
        (["expalin", "six"], "nogilcheck explain six"),
        (["paln"], "nogilcheck plan"),
        (["whyy", "six"], "nogilcheck why six"),
        (["confg"], "nogilcheck config"),
        (["help"], "nogilcheck --help"),
        (["HELP"], "nogilcheck --help"),
        (["hlep"], "nogilcheck --help"),
        (["version"], "nogilcheck --version"),
        (["verison"], "nogilcheck --version"),
        (["install", "numpy"], "nogilcheck numpy"),
        (["isntall", "numpy"], "nogilcheck numpy"),
        (["install"], "nogilcheck requirements.txt"),
        (["pip", "install", "numpy>=1", "six"], "nogilcheck 'numpy>=1' six"),
        (["uv", "pip", "compile", "six"], "nogilcheck six"),
        (["add", "numpy"], "nogilcheck numpy"),
        (["sync"], "nogilcheck requirements.txt"),
        (["six", "why"], "nogilcheck why six"),
    ],
)
def test_a_word_that_was_hardly_meant_as_a_project(given: list[str], suggested: str, cache_dir: Path) -> None:
    outcome = check(*given, cache=cache_dir)
    assert outcome.status == 2
    assert outcome.stdout == ""
    assert f"did you mean `{suggested}`?" in outcome.stderr
    assert "`nogilcheck check " in outcome.stderr, "how to ask for the project all the same"


@pytest.mark.parametrize(
    ("word", "file"),
    [
        ("requirements", "requirements.txt"),
        ("requirements.tx", "requirements.txt"),
        ("pyproject", "pyproject.toml"),
        ("pyproject.tom", "pyproject.toml"),
        ("uv.lok", "uv.lock"),
    ],
)
def test_a_word_that_was_hardly_meant_as_anything_but_a_file(word: str, file: str, here: Path, cache_dir: Path) -> None:
    (here / file).touch()
    outcome = check(word, cache=cache_dir)
    assert outcome.status == 2
    assert f"did you mean `nogilcheck {file}`? To check a project called {word}" in outcome.stderr
    assert check("check", word, cache=cache_dir).status == 3
    (here / file).unlink()
    assert "did you mean" not in check(word, cache=cache_dir).stderr


@pytest.mark.parametrize(("word", "file"), [("six", "six.txt"), ("uv", "uv.lock"), ("zope.interface", "zope.txt")])
def test_a_project_whose_name_a_file_has(word: str, file: str, here: Path, cache_dir: Path) -> None:
    (here / file).touch()
    assert "did you mean" not in check(word, cache=cache_dir).stderr


def test_options_before_a_command(cache_dir: Path) -> None:
    outcome = run("--offline", "why", "six", "--cache-dir", str(cache_dir))
    assert outcome.status == 2
    assert "did you mean `nogilcheck why six`?" in outcome.stderr


def test_options_that_the_fast_parser_leaves_to_typer(cache_dir: Path) -> None:
    assert parse_fast(["-qv"]) is None
    outcome = run("install", "six", "--cache-dir", str(cache_dir), "-qv")
    assert outcome.status == 2
    assert "did you mean `nogilcheck six`?" in outcome.stderr
    assert run("check", "install", "-qv", "--offline", "--cache-dir", str(cache_dir)).status == 3


@pytest.mark.parametrize("word", ["plac", "checkov", "installer", "plane", "numpy", "six", "config2"])
def test_a_project_that_is_called_much_like_a_command(word: str, cache_dir: Path) -> None:
    assert check(word, cache=cache_dir).status == (2 if word == "plane" else 0)


@pytest.mark.parametrize("word", ["chekc", "help", "version", "install", "why"])
def test_after_check_every_word_may_be_a_project(word: str, cache_dir: Path) -> None:
    assert check("check", word, cache=cache_dir).status == 0


@pytest.mark.parametrize("word", ["src", "docs", "chekc", "install", "help"])
def test_an_existing_directory_is_a_path(word: str, here: Path, cache_dir: Path) -> None:
    (here / word).mkdir()
    outcome = check(word, cache=cache_dir)
    assert outcome.status == 2
    assert f"{word}: no dependency declarations found" in outcome.stderr
    assert f"nogilcheck '{word}>=0'" in outcome.stderr
    (here / word / "requirements.txt").write_text("six\n", encoding="utf-8")
    outcome = check(word, "-v", cache=cache_dir)
    assert outcome.status == 0
    assert "six 1.0" in outcome.stdout
    assert f"{word}>=0" in outcome.stdout, "a note says how to ask for the project"
    assert f"{word} 1.0" not in outcome.stdout


def test_an_existing_directory_with_extras_is_a_path(here: Path, cache_dir: Path) -> None:
    (here / "src").mkdir()
    text = '[project]\nname = "x"\nversion = "1"\noptional-dependencies.fast = ["six"]\n'
    (here / "src" / "pyproject.toml").write_text(text, encoding="utf-8")
    outcome = check("src[fast]", "-v", cache=cache_dir)
    assert outcome.status == 0
    assert "six 1.0" in outcome.stdout
    assert "src 1.0" not in outcome.stdout


def test_an_existing_file_is_a_path(here: Path, cache_dir: Path) -> None:
    (here / "install").write_text("six\n", encoding="utf-8")
    outcome = check("install", "-v", cache=cache_dir)
    assert outcome.status == 0
    assert "six 1.0" in outcome.stdout


def test_the_project_of_a_directorys_name_can_be_asked_for(here: Path, cache_dir: Path) -> None:
    (here / "src").mkdir()
    outcome = check("src>=0", "-v", cache=cache_dir)
    assert outcome.status == 0
    assert "src 1.0" in outcome.stdout


@pytest.mark.parametrize("given", ["src", "src[fast]"])
def test_a_directory_that_appears_is_no_longer_a_project(given: str, here: Path, cache_dir: Path) -> None:
    assert check(given, cache=cache_dir).status == 0
    (here / "src").mkdir()
    assert check(given, cache=cache_dir).status == 2
