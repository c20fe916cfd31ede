"""Digests of logins, and which answers they stand for."""

from __future__ import annotations

import pytest

from nogilcheck.index.http.credentials import Credentials
from nogilcheck.index.http.logins import NOBODY, Logins
from tests.support.memory_cache import MemoryCache

URL = "https://index.example/simple/app/"


def logins(*urls: str) -> Logins:
    return Logins(Credentials(urls), MemoryCache().keyed)


def test_nobody_has_no_digest() -> None:
    assert logins().first(URL) == ""
    assert logins("https://me:x@other.example/").first(URL) == ""


def test_each_login_has_its_own() -> None:
    digests = {
        logins(f"https://{login}@index.example/").first(URL) for login in ("me:x", "me:y", "you:x", "me:", "m:ex")
    }
    assert len(digests) == 5
    assert logins("https://me:x@index.example/").first(URL) in digests
    assert not any("me" in digest or "x" in digest for digest in digests)


def test_a_login_in_the_url_itself_counts() -> None:
    assert logins().first("https://me:x@index.example/simple/app/") == logins("https://me:x@index.example/").first(URL)


def test_an_answer_to_the_first_login_needs_no_more() -> None:
    known = logins("https://me:x@index.example/")
    sent = known._credentials.authorization(URL)
    assert known.found(URL, [sent], first=known.first(URL)) == ""
    assert known.found(URL, [sent, None], first=known.first(URL)) == "", "redirected to where no login is sent"
    assert known.is_current(URL, "")


def test_an_answer_to_another_login_counts_for_that_one_only() -> None:
    known = logins("https://me:x@index.example/")
    sent = known._credentials.authorization(URL)
    found = known.found(URL, [sent], first="")
    assert found == known.first(URL)
    assert known.is_current(URL, found)
    assert not logins("https://me:y@index.example/").is_current(URL, found)
    assert not logins().is_current(URL, found)


@pytest.mark.parametrize("sent", [["Basic a", "Basic b"], [None, "Basic b"], ["Basic a", None, "Basic b"]])
def test_what_came_by_several_logins_is_nobodys(sent: list[str | None]) -> None:
    known = logins("https://me:x@index.example/")
    assert known.found(URL, sent, first="") == NOBODY
    assert not known.is_current(URL, NOBODY)
