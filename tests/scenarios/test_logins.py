"""What was asked with one login answers nobody else, neither page by page nor as a finished report."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.command import run
from tests.world import SHAPES, Answer, Index, parse, serve

pytestmark = pytest.mark.usefixtures("either_client")

WORLD = parse('[projects.app]\n"1.0" = { requires = ["more"] }\n[projects.more]\n"1.0" = {}\n')
ME = ("me", "Sesame-open-7")
SECRET = ME[1].encode()


@pytest.fixture
def private() -> Iterator[Index]:
    with serve(WORLD, replace(SHAPES["pypi"], credentials=ME)) as index:
        yield index


def ask(cache: Path, url: str, *more: str) -> int:
    outcome = run("check", "app", "--python", "3.14t", "--cache-dir", str(cache), "--index-url", url, *more)
    assert "Traceback" not in outcome.stderr
    return outcome.status


WAYS = [(), ("--offline",), ("--max-age", "3600"), ("--refresh",), ("--max-age", "0")]


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
@pytest.mark.parametrize("other", [("me", "wrong"), ("you", ME[1]), None], ids=["password", "user", "nobody"])
def test_another_login_in_the_url(
    private: Index, cache_dir: Path, other: tuple[str, str] | None, way: tuple[str, ...]
) -> None:
    right = private.url_with_credentials
    assert ask(cache_dir, right) == 0
    assert ask(cache_dir, private.with_userinfo(*other) if other else private.url, *way) == 3
    private.forget()
    assert ask(cache_dir, right) == 0
    assert private.requests == (), "the other one has taken nothing away"


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_another_login_in_the_netrc_file(
    private: Index, cache_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: tuple[str, ...]
) -> None:
    netrc = tmp_path / "netrc"
    monkeypatch.setenv("NETRC", str(netrc))
    netrc.write_text(f"machine 127.0.0.1 login me password {ME[1]}\n", encoding="utf-8")
    assert ask(cache_dir, private.url) == 0
    private.forget()
    assert ask(cache_dir, private.url) == 0
    assert private.requests == ()
    netrc.write_text("machine 127.0.0.1 login me password other\n", encoding="utf-8")
    assert ask(cache_dir, private.url, *way) == 3
    netrc.unlink()
    assert ask(cache_dir, private.url, *way) == 3


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_another_default_login_of_the_netrc_file(
    private: Index, cache_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: tuple[str, ...]
) -> None:
    """It is sent after a refusal."""
    netrc = tmp_path / "netrc"
    monkeypatch.setenv("NETRC", str(netrc))
    netrc.write_text(f"default login me password {ME[1]}\n", encoding="utf-8")
    assert ask(cache_dir, private.url) == 0
    netrc.write_text("default login me password other\n", encoding="utf-8")
    assert ask(cache_dir, private.url, *way) == 3


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_another_login_in_the_variables_of_an_index(
    private: Index, cache_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: tuple[str, ...]
) -> None:
    project = tmp_path / "pyproject.toml"
    table = f'[[tool.uv.index]]\nname = "mine"\nurl = "{private.url}"\ndefault = true\n'
    project.write_text(f'[project]\nname = "it"\nversion = "1"\ndependencies = ["app"]\n{table}', encoding="utf-8")

    def check(*more: str) -> int:
        return run("check", str(project), "--python", "3.14t", "--cache-dir", str(cache_dir), *more).status

    monkeypatch.setenv("UV_INDEX_MINE_USERNAME", "me")
    monkeypatch.setenv("UV_INDEX_MINE_PASSWORD", ME[1])
    assert check() == 0
    monkeypatch.setenv("UV_INDEX_MINE_PASSWORD", "other")
    assert check(*way) == 3


@pytest.mark.skipif(os.name == "nt", reason="the command is a shell script")
@pytest.mark.parametrize("user", ["", "me"])
def test_another_login_in_the_keyring(
    private: Index, cache_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, user: str
) -> None:
    command = tmp_path / "keyring"

    def knows(password: str) -> None:
        lines = f"case $* in *--mode*) echo me;; esac\necho {password}\n"
        command.write_text(f"#!/bin/sh\n{lines}", encoding="utf-8")
        command.chmod(0o700)

    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PIP_KEYRING_PROVIDER", "subprocess")
    url = private.url.replace("://", f"://{user}@") if user else private.url
    knows(ME[1])
    assert ask(cache_dir, url) == 0
    private.forget()
    assert ask(cache_dir, url) == 0
    assert [request.path for request in private.requests if request.path.startswith("/simple/")] == []
    for way in WAYS:
        knows("other")
        assert ask(cache_dir, url, *way) == 3, way
    monkeypatch.delenv("PIP_KEYRING_PROVIDER")
    assert ask(cache_dir, url) == 3


def test_each_login_has_its_own_pages(cache_dir: Path) -> None:
    """A server that shows each user something else."""
    with serve(WORLD) as index:
        one, two = (index.with_userinfo(user, "x") for user in ("one", "two"))
        assert ask(cache_dir, one) == 0
        index.fail("/simple/more/", action=Answer(status=404))
        assert ask(cache_dir, two) == 3
        assert ask(cache_dir, index.url) == 3
        assert ask(cache_dir, one) == 0


def test_no_login_is_kept(private: Index, cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither as it is nor as a hash that anybody could try guesses on."""
    import base64
    import hashlib

    monkeypatch.setenv("PIP_INDEX_URL", private.url_with_credentials)
    assert run("check", "app", "--python", "3.14t", "--cache-dir", str(cache_dir)).status == 0
    (database,) = cache_dir.glob("*.sqlite3")
    content = database.read_bytes()
    basic = base64.b64encode(":".join(ME).encode())
    for form in (SECRET, basic, b"Basic " + basic, private.url_with_credentials.encode(), ":".join(ME).encode()):
        assert form not in content
        for algorithm in ("sha256", "blake2b"):
            assert hashlib.new(algorithm, form).hexdigest()[:24].encode() not in content
    if os.name != "nt":
        assert database.stat().st_mode & 0o077 == 0
    with sqlite3.connect(database) as connection:
        ((key,),) = connection.execute("SELECT key FROM secret")
    assert len(key) == 32


ETAGS = ['"caf\xe9"', '"\x85"', '"a\tb"', "\xff", '"' + "a" * 5000 + '"', 'W/"\xfc"', "", '"fine"', "bare"]


@pytest.mark.parametrize("etag", ETAGS)
def test_a_validator_that_cannot_be_sent_back_is_not_kept(cache_dir: Path, etag: str) -> None:
    with serve(WORLD, replace(SHAPES["pypi"], etag=False)) as index:
        page = index.answer("/simple/app/", {"accept": "application/vnd.pypi.simple.v1+json"})
        index.fail("/simple/app/", action=page.adding(("ETag", etag)))
        assert [ask(cache_dir, index.url, *way) for way in ((), *WAYS)] == [0] * (len(WAYS) + 1)
        sent = [request.headers.get("if-none-match") for request in index.asked("/simple/app/")]
    assert set(sent) == ({None, etag} if etag in {'"fine"', "bare"} else {None})
