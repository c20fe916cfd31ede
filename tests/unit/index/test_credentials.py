from __future__ import annotations

import base64
from pathlib import Path

import pytest

from nogilcheck.index.credentials import Credentials


def basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()


def test_userinfo_is_for_its_origin_only() -> None:
    credentials = Credentials(["https://me%40work:p%2Fw%3A1@index.example/simple/"])
    expected = basic("me@work:p/w:1")
    assert credentials.authorization("https://index.example/files/a.whl") == expected
    assert credentials.authorization("https://index.example:443/x") == expected
    for other in ("http://index.example/", "https://index.example:8443/", "https://files.example/", "https://example/"):
        assert credentials.authorization(other) is None


def test_learning_takes_the_userinfo_out() -> None:
    credentials = Credentials()
    assert credentials.learn("https://token@index.example/x?y#z") == "https://index.example/x?y#z"
    assert credentials.authorization("https://index.example/") == basic("token:")
    assert credentials.learn("https://index.example/@scope/") == "https://index.example/@scope/"
    assert credentials.learn("http://[bad@/") == "http://[bad@/"
    assert credentials.authorization("http://[bad@/") is None


def test_the_first_userinfo_of_an_origin_counts() -> None:
    credentials = Credentials(["https://one@index.example/a/", "https://two@index.example/b/"])
    assert credentials.authorization("https://index.example/") == basic("one:")


def test_netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "netrc"
    file.write_text("machine index.example login me password secret\ndefault login x password y\n", encoding="utf-8")
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))
    credentials = Credentials(["https://own@other.example/"])
    assert credentials.authorization("https://index.example/a") == basic("me:secret")
    assert credentials.authorization("https://other.example/a") == basic("own:")
    assert credentials.authorization("https://unknown.example/") is None


def test_a_netrc_that_cannot_be_parsed_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "netrc"
    file.write_text("machine", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(file))
    assert Credentials().authorization("https://index.example/a") is None
