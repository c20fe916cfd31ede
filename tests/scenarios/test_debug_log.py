"""``-vv`` tells why a page or a credential was not used."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.support.command import run
from tests.world import Index, Shape, parse, serve

WORLD = parse("""
[projects.app."1.0"]
requires = ["leaf"]
[projects.leaf]
"1.0" = {}
""")


@pytest.fixture(autouse=True)
def _logger_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    logger = logging.getLogger("nogilcheck")
    for name in ("handlers", "level", "propagate"):
        monkeypatch.setattr(logger, name, getattr(logger, name))


@pytest.fixture
def index() -> Iterator[Index]:
    with serve(WORLD, Shape(credentials=("me", "s3cret"))) as running:
        yield running


def log_of(*arguments: str) -> list[str]:
    """The lines of the log."""
    lines = run("app", *arguments).stderr.splitlines()
    return [line for line in lines if line.startswith("nogilcheck: debug: ")]


def test_without_credentials_it_says_that_none_are_known_and_the_keyring_is_not_asked(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PIP_KEYRING_PROVIDER", "UV_KEYRING_PROVIDER"):
        monkeypatch.delenv(name, raising=False)
    log = "\n".join(log_of("-vv", "--no-cache", "--index-url", index.url))
    assert "HTTP status 401" in log
    assert "without credentials" in log
    assert "PIP_KEYRING_PROVIDER" in log


def test_it_says_where_credentials_come_from_and_never_what_they_are(index: Index) -> None:
    log = "\n".join(log_of("-vv", "--no-cache", "--index-url", index.url_with_credentials))
    assert "from a URL" in log
    assert "s3cret" not in log


def test_it_says_why_metadata_came_from_the_wheel_and_why_a_request_was_sent_again(index: Index) -> None:
    index.fail("*.metadata", action=404)
    index.fail("/simple/leaf/", action=503, times=1)
    log = "\n".join(log_of("-vv", "--no-cache", "--index-url", index.url_with_credentials))
    assert "app-1.0-py3-none-any.whl" in log
    assert "HTTP status 503" in log
    assert "attempt 2" in log


def test_it_says_which_page_came_from_the_cache(index: Index, cache_dir: object) -> None:
    arguments = ("--cache-dir", str(cache_dir), "--index-url", index.url_with_credentials)
    run("app", *arguments)
    assert any("leaf" in line and "cache" in line for line in log_of("-vv", "leaf", *arguments))


def test_nothing_is_logged_unless_asked_for(index: Index) -> None:
    assert log_of("-v", "--no-cache", "--index-url", index.url_with_credentials) == []


def test_the_replay_imports_no_logging() -> None:
    program = "import sys, nogilcheck.jobs.replay, nogilcheck.store.sqlite_cache; print('logging' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
