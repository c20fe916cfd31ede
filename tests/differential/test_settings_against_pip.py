"""What we choose with a setting of pip against what pip chooses with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from nogilcheck.inputs.settings.catalogue import settings_of
from nogilcheck.inputs.settings.catalogue.pip import OPTION
from tests.support.pip_oracle import ask_pip, require_pip
from tests.support.settings_cases import PIP_CASES, Answer, Case, agrees, ours, random_pip_case, served

PROGRAM = Path(__file__).with_name("pip_settings_oracle.py")

RANDOM_CASES = 80
LEAST_PASSED = 10
"""If fewer random cases than this end with 0, they have lost their worth."""


def test_every_option_of_pip_has_a_row() -> None:
    require_pip()
    options = ask_pip(PROGRAM, "options")
    known = settings_of("pip", OPTION)
    assert {name for names in options.values() for name in names} <= known.keys()
    install = set(options["install"])
    others = [name for name, setting in known.items() if setting.note == "options of other commands than install"]
    assert not install & set(others)
    assert known.keys() - set(others) <= install, "an option that pip does not have any more"


def test_each_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require_pip()
    for case, answer, theirs in _answers(PIP_CASES, tmp_path, monkeypatch):
        agrees(case, answer, theirs)


def test_whatever_settings_are_thrown_together_what_passes_is_what_pip_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_pip()
    passed = 0
    for case, answer, theirs in _answers(
        [random_pip_case(seed) for seed in range(RANDOM_CASES)], tmp_path, monkeypatch
    ):
        if answer.status == 0:
            passed += 1
            assert (case.name, answer.versions) == (case.name, theirs)
    assert passed >= LEAST_PASSED


def _answers(
    cases: Sequence[Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Case, Answer, dict[str, str] | None]]:
    with served() as index:
        questions = []
        for number, case in enumerate(cases):
            directory = tmp_path / str(number)
            case.write(directory, index.url)
            questions.append({"directory": str(directory), "variables": case.environment(index.url)})
        theirs = ask_pip(PROGRAM, questions)
        for number, (case, answer) in enumerate(zip(cases, theirs, strict=True)):
            yield case, ours(case, tmp_path / str(number), index.url, monkeypatch), answer.get("versions")
