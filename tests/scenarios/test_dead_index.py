"""An index that fails is one gap, and what the others have is judged."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.support.asking import joined
from tests.support.command import Outcome, run
from tests.world import parse, serve

NAMES = [f"p{number}" for number in range(20)]
WORLD = parse(
    '[projects.app]\n"1.0" = { requires = ["speed"] }\n'
    '[projects.speed]\n"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }\n'
    + "".join(f'[projects.{name}]\n"1.0" = {{}}\n' for name in NAMES)
)


@pytest.fixture
def dead() -> str:
    """The URL of an index where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}/simple/"


def check(*arguments: str) -> Outcome:
    outcome = run("check", *arguments, "--python", "3.14t", "--no-cache")
    assert "Traceback" not in outcome.stderr
    return outcome


def report(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(check(*arguments, "--format", "json").stdout)
    return found


def statuses(found: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: verdict["status"] for one in found["distributions"] for verdict in one["targets"].values()}


def test_the_rest_is_judged_from_what_answers_and_says_so(dead: str) -> None:
    with serve(WORLD) as index:
        found = report(*NAMES, "--index-url", index.url, "--extra-index-url", dead)
    assert found["exit_status"] == 3
    assert statuses(found) == dict.fromkeys(NAMES, "pure")
    (gap,) = found["gaps"]
    assert dead in gap["text"]
    assert gap["distribution"] is None
    for one in found["distributions"]:
        (verdict,) = one["targets"].values()
        assert {"code": "unanswered-index", "detail": [dead]} in verdict["reasons"]


def test_a_blocker_is_one_all_the_same(dead: str) -> None:
    with serve(WORLD) as index:
        outcome = check("app", "--index-url", index.url, "--extra-index-url", dead)
    assert outcome.status == 1
    assert f"judged without {dead}, which did not answer" in joined(outcome.stdout)


def test_what_nobody_has_names_the_request_that_failed_for_it(dead: str) -> None:
    with serve(WORLD) as index:
        found = report("p0", "nosuch", "neither", "--index-url", index.url, "--extra-index-url", dead)
    texts = {gap["distribution"]: gap["text"] for gap in found["gaps"]}
    assert f"{dead}nosuch/" in texts["nosuch"]
    assert f"{dead}neither/" in texts["neither"]
    assert statuses(found) == {"p0": "pure", "nosuch": "unknown", "neither": "unknown"}


def test_gaps_with_one_cause_are_one_line(dead: str) -> None:
    outcome = check(*NAMES, "--index-url", dead)
    assert outcome.status == 3
    assert len(re.findall("did not answer", joined(outcome.stdout))) == 1
    assert f"pages of {dead} could not be read" in joined(outcome.stdout)
    assert "p0, p1, p10 and 17 more" in joined(outcome.stdout)
    everything = joined(check(*NAMES, "--index-url", dead, "--verbose").stdout)
    assert all(f"{dead}{name}/" in everything for name in NAMES)


def test_so_are_files_of_one_host() -> None:
    with serve(WORLD) as index:
        index.fail("/files/*", action=404)
        outcome = check(*NAMES, "--index-url", index.url)
    assert outcome.status == 3
    assert outcome.stdout.count("answered with") == 1
    assert "p0 1.0, p1 1.0, p2 1.0 and 17 more" in joined(outcome.stdout)


def test_a_page_that_fails_is_no_dead_index() -> None:
    with serve(WORLD) as index, serve(WORLD) as other:
        other.fail("/simple/p0/", action=503)
        found = report("p0", "p1", "--index-url", index.url, "--extra-index-url", other.url)
        (gap,) = found["gaps"]
        assert other.page_url("p0") in gap["text"]
        assert gap["distribution"] == "p0"
        assert found["exit_status"] == 3
        silent = [one["name"] for one in found["distributions"] if "unanswered-index" in json.dumps(one)]
        assert silent == ["p0"]


def test_nothing_of_it_is_given_again(cache_dir: Path) -> None:
    with serve(WORLD) as index, serve(WORLD) as other:
        indexes = ("--index-url", index.url, "--extra-index-url", other.url)
        arguments = ("check", "p0", "--python", "3.14t", "--cache-dir", str(cache_dir), *indexes)
        other.fail("*", action=503)
        assert run(*arguments).status == 3
        other.heal()
        assert run(*arguments).status == 0


@pytest.mark.parametrize("is_there", [True, False], ids=["refuses", "dead"])
def test_names_are_not_told_to_the_next_index_when_the_first_fails(dead: str, *, is_there: bool) -> None:
    """With the first index that has a project, any name may be private. One line tells why nothing is known."""
    with serve(WORLD) as index, serve(WORLD) as private:
        private.fail("*", action=401)
        first = private.url if is_there else dead
        arguments = ("--index-url", index.url, "--extra-index-url", first, "--index-strategy", "first-index")
        outcome = check(*NAMES, *arguments)
        assert index.requests == ()
    assert outcome.status == 3
    assert joined(outcome.stdout).count(f"pages of {first} could not be read") == 1


def test_a_lock_whose_files_the_index_tells(dead: str, tmp_path: Path) -> None:
    lock = tmp_path / "Pipfile.lock"
    entries = {name: {"version": "==1.0", "hashes": []} for name in NAMES}
    with serve(WORLD) as index:
        lock.write_text(json.dumps({"_meta": {"pipfile-spec": 6, "sources": []}, "default": entries}), encoding="utf-8")
        found = report(str(lock), "--index-url", index.url, "--extra-index-url", dead)
    assert found["exit_status"] == 3
    assert statuses(found) == dict.fromkeys(NAMES, "pure")
    assert [gap["distribution"] for gap in found["gaps"]] == [None]
