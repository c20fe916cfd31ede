"""Every fault of an index, at every kind of request: what a check of it ends in.

The table in docs/reference/faults.md is this one.
"""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from nogilcheck.index.http import network_backend as lookup
from nogilcheck.index.http import redirects, retrying_transport
from nogilcheck.model.rules.table import BY_NAME
from tests.support.command import Outcome, run
from tests.world import (
    SHAPES,
    Answer,
    Close,
    Garbage,
    Hang,
    Index,
    Truncate,
    WrongLength,
    parse,
    redirect,
    serve,
    status,
)
from tests.world.faults import Action

pytestmark = pytest.mark.usefixtures("either_client")

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "faults.md"

# Each project needs one kind of request to be known, and ``leaf`` is known through it alone.
WORLD = parse("""
[projects]
leaf."1.0" = {}
other."1.0" = {}
paged."1.0" = { requires = ["leaf"] }
described."1.0" = { requires = ["leaf"] }
blocked."1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }

[projects.ranged."1.0"]
requires = ["leaf"]
wheels = [{ tag = "py3-none-any", padding = 100000, metadata-first = true }]

[projects.listed."1.0"]
requires = ["leaf"]
wheels = ["cp314-none-manylinux_2_28_x86_64"]

[projects.streamed."1.0"]
requires = ["leaf"]
wheels = []
sdist = {}
""")


@dataclass(frozen=True)
class Kind:
    """One kind of request."""

    name: str
    """As in the documentation."""
    project: str
    path: str
    part: str = "*"
    """A pattern of the ``Range`` header."""
    shape: str = "pypi"


KINDS = (
    Kind("page", "paged", "/simple/paged/", shape="mirror"),
    Kind("`.metadata`", "described", "/files/described-*.metadata"),
    Kind("end of a wheel", "ranged", "/files/ranged-*.whl", "bytes=-*", "mirror"),
    Kind("middle of a wheel", "ranged", "/files/ranged-*.whl", "bytes=[0-9]*", "mirror"),
    Kind("table of contents", "listed", "/files/listed-*.whl", "bytes=*"),
    Kind("sdist", "streamed", "/files/streamed-*.tar.gz"),
)

AWAY = "/round/"
OTHER_PART = Answer(status=206, body=b"abc", headers=(("Content-Range", "bytes 1-3/9"),))
LOGIN = Answer(body=b"<html><form>Please log in</form></html>", headers=(("Content-Type", "text/html"),))

BROKEN, UNKNOWN, NOWHERE = "`dependencies-unknown`", "`unknown`", "`unknown-project`"
GONE, WHOLE, PARTS = "`unreachable`", "whole wheel", "parts of the wheel"
AGAIN = "again, then "

# In the order of `KINDS`. "again": the request is repeated. Then: the gap that it ends in, or what is asked instead.
PASSING = (AGAIN + GONE, AGAIN + PARTS, AGAIN + GONE, AGAIN + GONE, AGAIN + UNKNOWN, AGAIN + GONE)
REFUSED = (GONE, PARTS, GONE, GONE, UNKNOWN, GONE)
TABLE: dict[str, tuple[Action, tuple[str, str, str, str, str, str]]] = {
    "closes the connection": (Close(), PASSING),
    "stops midway": (Truncate(), PASSING),
    "announces more than it sends": (WrongLength(by=7), PASSING),
    "announces less than it sends": (WrongLength(by=-100), (AGAIN + GONE, AGAIN + PARTS, WHOLE, WHOLE, WHOLE, BROKEN)),
    "sends garbage": (Garbage(), (AGAIN + GONE, PARTS, WHOLE, WHOLE, WHOLE, BROKEN)),
    "sends a login page": (LOGIN, (NOWHERE, PARTS, BROKEN, BROKEN, UNKNOWN, BROKEN)),
    "sends another part (206)": (OTHER_PART, (GONE, PARTS, WHOLE, WHOLE, WHOLE, GONE)),
    "knows no ranges (416)": (status(416), (GONE, PARTS, WHOLE, WHOLE, WHOLE, GONE)),
    "redirects for ever": (redirect(AWAY), REFUSED),
    "wants credentials (401)": (status(401), REFUSED),
    "forbids it (403)": (status(403), REFUSED),
    "does not find it (404)": (status(404), (NOWHERE, PARTS, GONE, GONE, UNKNOWN, GONE)),
    "has waited too long (408)": (status(408), PASSING),
    "is asked too often (429)": (status(429, retry_after="0"), PASSING),
    "wants an hour of patience (429, 503)": (status(503, retry_after="3600"), REFUSED),
    "fails (500, 502, 503, 504, ...)": (status(502), PASSING),
}

CASES = [
    pytest.param(kind, action, ending, id=f"{kind.project}-{kind.part}-{fault}")
    for fault, (action, endings) in TABLE.items()
    for kind, ending in zip(KINDS, endings, strict=True)
]


@pytest.fixture(scope="module")
def indexes() -> Iterator[dict[str, Index]]:
    with serve(WORLD, SHAPES["pypi"]) as pypi, serve(WORLD, SHAPES["mirror"]) as mirror:
        yield {"pypi": pypi, "mirror": mirror}


def check(index: Index, *names: str) -> Outcome:
    return run(
        *names, "--index-url", index.url, "--no-cache", "--python", "3.14t", "--platform", "manylinux_2_28_x86_64",
        "--format", "json",
    )  # fmt: skip


def meet(index: Index, kind: Kind, action: Action, times: int | None) -> Outcome:
    """Check the project while the fault is met."""
    index.heal()
    index.forget()
    index.fail(AWAY, action=redirect(AWAY))
    index.fail(kind.path, action=action, times=times, part=kind.part)
    outcome = check(index, kind.project, "other")
    index.heal()
    return outcome


@pytest.mark.parametrize(("kind", "action", "ending"), CASES)
def test_what_a_fault_ends_in(indexes: dict[str, Index], kind: Kind, action: Action, ending: str) -> None:
    index = indexes[kind.shape]
    lasting = meet(index, kind, action, None)
    report = json.loads(lasting.stdout)
    asked = [r for r in index.asked(kind.path) if fnmatchcase(r.headers.get("range", ""), kind.part)]
    assert "other" in names(report), "what the fault has nothing to do with is reported"
    if (rule := re.search("`(.*)`", ending)) is None:
        assert (lasting.status, report["gaps"]) == (0, [])
        assert "leaf" in names(report)
    else:
        assert lasting.status == 3
        gaps = [gap for gap in report["gaps"] if gap["distribution"] == kind.project]
        assert BY_NAME[rule[1]].code in {gap["rule"] for gap in gaps}
        assert all(kind.path.rstrip("/").rpartition("/")[2].partition("*")[0] in gap["text"] for gap in gaps)
    passing = meet(index, kind, action, 1)
    if ending.startswith(AGAIN):
        assert len(asked) > 1
        assert (passing.status, "leaf" in names(json.loads(passing.stdout))) == (0, True)
    else:
        assert len(asked) == 1
        assert passing.status == lasting.status


def names(report: dict[str, Any]) -> set[str]:
    """The distributions that are known."""
    return {one["name"] for one in report["distributions"] if one["version"]}


def test_the_documentation_has_this_table() -> None:
    lines = ["| the server ... | " + " | ".join(kind.name for kind in KINDS) + " |", "|---" * (len(KINDS) + 1) + "|"]
    lines += [f"| {fault} | {' | '.join(endings)} |" for fault, (_, endings) in TABLE.items()]
    assert "\n".join(lines) in PAGE.read_text(encoding="utf-8"), "\n".join(lines)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.project}-{kind.part}")
def test_a_server_that_falls_silent(indexes: dict[str, Index], kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "READ_SECONDS", 0.3)
    monkeypatch.setattr(retrying_transport, "RETRIES", 1)
    index = indexes[kind.shape]
    outcome = meet(index, kind, Hang(), None)
    report = json.loads(outcome.stdout)
    assert "other" in names(report)
    if kind.project == "described":
        assert outcome.status == 0
    else:
        assert outcome.status == 3
        assert "did not answer: " in outcome.stdout


def test_a_blocker_counts_more_than_a_gap(indexes: dict[str, Index]) -> None:
    index = indexes["pypi"]
    index.heal()
    index.fail("/simple/paged/", action=503)
    outcome = check(index, "paged", "blocked")
    index.heal()
    assert outcome.status == 1
    assert index.page_url("paged") in outcome.stdout


def test_a_name_that_cannot_be_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    outcome = run("paged", "other", "--index-url", "http://index.invalid/simple/", "--no-cache")
    assert outcome.status == 3
    assert "pages of http://index.invalid/simple/ could not be read: it did not answer: " in " ".join(
        outcome.stdout.split()
    )


def test_a_look_up_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()
    monkeypatch.setattr(lookup, "LOOK_UP_SECONDS", 0.02)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: never.wait())
    outcome = run("paged", "other", "--index-url", "http://index.invalid/simple/", "--no-cache")
    never.set()
    assert outcome.status == 3
    assert "look-up" in outcome.stdout


def test_nobody_is_at_home() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    outcome = run("paged", "other", "--index-url", f"http://127.0.0.1:{port}/simple/", "--no-cache")
    assert outcome.status == 3
    assert "did not answer: " in " ".join(outcome.stdout.split())


def test_an_answer_that_drips(indexes: dict[str, Index], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redirects, "HEAD_SECONDS", 0.0)
    outcome = check(indexes["pypi"], "paged")
    assert outcome.status == 3
    assert "took too long" in outcome.stdout


def test_a_body_that_drips(indexes: dict[str, Index], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redirects, "BODY_SECONDS", 0.0)
    index = indexes["mirror"]
    index.fail("/simple/paged/", action=Answer(body=b"x" * (1 << 20)))
    outcome = check(index, "paged")
    index.heal()
    assert outcome.status == 3
    assert "took too long" in outcome.stdout
