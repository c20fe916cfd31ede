"""Well-known stacks as the real index had them on one day: the versions and the blockers of that day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nogilcheck.jobs.check import check
from tests.support.own_tree import RECORDING
from tests.support.pip_oracle import require_pip
from tests.support.stacks import (
    ANSWERS,
    FREE_THREADING,
    PAGES,
    PYTHONS,
    STACKS,
    Answer,
    differences,
    options,
    our_answers,
    pip_answers,
    recorded_answers,
    recorded_index,
)
from tests.world import SHAPES, serve

LIGHT = replace(SHAPES["pypi"], sizes=False, hashes=False)
"""Thousands of archives need not be made to be measured."""


@pytest.fixture(scope="module")
def index() -> Iterator[str]:
    with serve(recorded_index(), LIGHT) as index:
        yield index.url


def test_the_stacks_resolve_and_are_blocked_as_recorded(index: str) -> None:
    assert list(differences(recorded_answers(), our_answers(index))) == []


@pytest.mark.tools
def test_pip_says_of_the_recording_what_it_said_of_the_index(index: str) -> None:
    """As when it was recorded; here for a pip that is newer."""
    require_pip()
    assert list(differences(recorded_answers(), pip_answers(index, recorded_answers()))) == []


def test_an_upload_date_takes_the_index_back(index: str) -> None:
    """Every recorded file has the upload time of its release."""
    django = recorded_index().project("django")
    assert django is not None
    newest, older = django.versions[:2]
    uploaded = next(file.upload_time for file in django.files if file.version == newest)
    report = check(replace(options("django", index), inputs=("django",), exclude_newer=uploaded.removesuffix("Z")))
    assert report.gaps == ()
    assert {d.name: d.version for d in report.distributions}["django"] == older


def test_every_stack_was_recorded_with_something_to_find() -> None:
    answers = recorded_answers()
    assert set(answers) == {(stack, python) for stack in STACKS for python in PYTHONS}
    assert any(answer.blockers for answer in answers.values())
    assert not answers["nogilcheck", "3.14t"].blockers


def test_what_moved_is_told_once_with_every_place() -> None:
    was = Answer(versions={"brotli": "1.2", "django": "6.1"}, blockers={"brotli": FREE_THREADING})
    now = Answer(versions={"brotli": "1.3", "django": "6.1"}, blockers={})
    places = [("django", "3.14t"), ("django", "3.15t")]
    assert list(differences(dict.fromkeys(places, was), dict.fromkeys(places, now)))[2:] == [
        "| brotli | 1.2, blocks (free-threading) | 1.3 | django 3.14t, django 3.15t |"
    ]


@pytest.mark.parametrize("path", [PAGES, ANSWERS, RECORDING], ids=lambda path: path.name)
def test_a_recording_names_no_host(path: Path) -> None:
    assert "://" not in path.read_text(encoding="utf-8")
