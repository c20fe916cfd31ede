"""A ``.metadata`` file counts when it is what its page says of it, by whatever hash (PEP 658, 714)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.asking import joined
from tests.support.command import run
from tests.world import Answer, Index, metadata, parse, serve

WORLD = parse(
    '[projects.app]\n"1.0" = { requires = ["speed"] }\n'
    '[projects.speed]\n"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }\n'
)
FILE = WORLD.file("app-1.0-py3-none-any.whl")
OTHER = b"Metadata-Version: 2.4\nName: app\nVersion: 1.0\n\n"


@pytest.fixture
def index() -> Iterator[Index]:
    with serve(WORLD) as served:
        yield served


def announce(index: Index, core_metadata: object) -> None:
    entry = {
        "filename": FILE.filename,
        "url": index.url_of(FILE.filename),
        "hashes": {"sha256": index.sha256_of(FILE.filename)},
        "core-metadata": core_metadata,
    }
    body = json.dumps({"meta": {"api-version": "1.0"}, "name": "app", "files": [entry]}).encode()
    headers = (("Content-Type", "application/vnd.pypi.simple.v1+json"), ("Cache-Control", "max-age=600"))
    index.fail("/simple/app/", action=Answer(body=body, headers=headers))


def check(index: Index, cache: Path, *more: str) -> tuple[int, dict[str, Any]]:
    arguments = ("check", "app", "--python", "3.14t", "--cache-dir", str(cache), "--index-url", index.url, *more)
    outcome = run(*arguments, "--format", "json")
    return outcome.status, json.loads(outcome.stdout)


def digest(algorithm: str, data: bytes) -> str:
    return hashlib.new(algorithm, data).hexdigest()


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512", "sha224", "sha1", "md5"])
def test_one_that_is_something_else_is_not_used_and_that_is_said(index: Index, cache_dir: Path, algorithm: str) -> None:
    announce(index, {algorithm: digest(algorithm, metadata(FILE))})
    index.fail("*app*.metadata", action=Answer(body=OTHER))
    for way in ((), (), ("--refresh",), ("--max-age", "0")):
        status, report = check(index, cache_dir, *way)
        assert status == 1
        (note,) = (note for note in report["notes"] if "hash" in note)
        assert f"{index.url_of(FILE.filename)}.metadata" in note
    shown = run("check", "app", "--python", "3.14t", "--no-cache", "--index-url", index.url)
    assert "it is not used" in joined(shown.stdout)


@pytest.mark.parametrize("algorithm", ["sha256", "sha512", "md5"])
def test_one_that_is_what_the_page_says_is_used(index: Index, cache_dir: Path, algorithm: str) -> None:
    announce(index, {algorithm: digest(algorithm, metadata(FILE)).upper()})
    status, report = check(index, cache_dir)
    assert (status, report["notes"]) == (1, [])
    assert [request.path for request in index.asked("/files/app*")] == [f"/files/{FILE.filename}.metadata"]


@pytest.mark.parametrize("weak", ["md5", "sha1"])
def test_the_strongest_hash_decides(index: Index, cache_dir: Path, weak: str) -> None:
    announce(index, {weak: digest(weak, OTHER), "sha256": digest("sha256", metadata(FILE))})
    index.fail("*app*.metadata", action=Answer(body=OTHER))
    assert check(index, cache_dir)[0] == 1
