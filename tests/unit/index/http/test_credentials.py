from __future__ import annotations

import base64
import os
import sys
from pathlib import Path

import pytest

from nogilcheck.index.http import keyring
from nogilcheck.index.http.credentials import Credentials
from tests.support.together import together

needs_scripts = pytest.mark.skipif(os.name == "nt", reason="a script is no program there")


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


def test_of_several_for_an_origin_the_nearest_counts() -> None:
    """Two projects of one server, each with a token of its own."""
    host = "https://gitlab.example"
    credentials = Credentials()
    for number in (1, 12):
        credentials.learn_index(f"https://t{number}:x@gitlab.example/api/projects/{number}/simple/")
    for number in (1, 12):
        for path in ("simple/app/", "files/app.whl"):
            expected = basic(f"t{number}:x")
            assert credentials.authorization(f"{host}/api/projects/{number}/{path}") == expected
            assert not credentials.after_refusal(f"{host}/api/projects/{number}/{path}", expected)
    assert credentials.authorization(f"{host}/elsewhere") == basic("t1:x")
    assert credentials.authorization("https://other.example/api/projects/12/simple/") is None


def test_what_poetrys_variables_have_for_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POETRY_HTTP_BASIC_IN_HOUSE_USERNAME", "me")
    monkeypatch.setenv("POETRY_HTTP_BASIC_IN_HOUSE_PASSWORD", "secret")
    credentials = Credentials()
    credentials.learn_index("https://index.example/simple/", "in-house")
    assert credentials.authorization("https://index.example/simple/a/") == basic("me:secret")
    monkeypatch.setenv("UV_INDEX_IN_HOUSE_PASSWORD", "of uv")
    credentials.learn_index("https://index.example/simple/", "in-house")
    assert credentials.authorization("https://index.example/simple/a/") == basic(":of uv")


def test_netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "netrc"
    file.write_text("machine index.example login me password secret\ndefault login x password y\n", encoding="utf-8")
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))
    credentials = Credentials(["https://own@other.example/"])
    assert credentials.authorization("https://index.example/a") == basic("me:secret")
    assert credentials.authorization("https://other.example/a") == basic("own:")
    assert credentials.authorization("https://unknown.example/") == basic("x:y")


def test_a_netrc_that_cannot_be_parsed_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "netrc"
    file.write_text("machine", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(file))
    assert Credentials().authorization("https://index.example/a") is None


def test_what_the_environment_has_for_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_INDEX_INTERNAL_PROXY_2_USERNAME", "me")
    monkeypatch.setenv("UV_INDEX_INTERNAL_PROXY_2_PASSWORD", "s p:ä/ce")
    monkeypatch.setenv("UV_INDEX_TOKENS_PASSWORD", "token")
    credentials = Credentials()
    credentials.learn_index("https://other:pass@index.example/simple/", "internal-proxy.2")
    credentials.learn_index("https://tokens.example/simple/", "tokens")
    credentials.learn_index("https://me:pass@userinfo.example/simple/", "unknown")
    assert credentials.authorization("https://index.example/") == basic("me:s p:ä/ce")
    assert credentials.authorization("https://tokens.example/") == basic(":token")
    assert credentials.authorization("https://userinfo.example/") == basic("me:pass")


def write_netrc(path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file = path / "netrc"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("NETRC", str(file))


def test_netrc_completes_a_user_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_netrc(tmp_path, 'machine index.example login me password "a b#c"', monkeypatch)
    assert Credentials(["https://me@index.example/"]).authorization("https://index.example/") == basic("me:a b#c")
    assert Credentials(["https://you@index.example/"]).authorization("https://index.example/") == basic("you:")
    assert Credentials(["https://me:x@index.example/"]).authorization("https://index.example/") == basic("me:x")


def test_the_default_entry_of_netrc_is_for_every_other_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_netrc(tmp_path, "machine known.example login a password b\ndefault login me password secret", monkeypatch)
    credentials = Credentials(["https://you:other@given.example/", "https://me@given.example/half/"])
    assert credentials.authorization("https://index.example/a") == basic("me:secret")
    assert credentials.authorization("http://other.example:8080/a") == basic("me:secret")
    assert credentials.authorization("https://known.example/a") == basic("a:b")
    assert credentials.authorization("https://given.example/a") == basic("you:other")
    assert credentials.authorization("https://given.example/half/a") == basic("me:secret")
    assert not credentials.after_refusal("https://index.example/b", basic("me:secret"))
    assert not credentials.after_refusal("https://known.example/b", basic("a:b"))
    assert not credentials.after_refusal("http://[bad@/", None)


FAKE = """#!{python}
import os, sys
with open({log!r}, "a") as log:
    print(*sys.argv[1:], file=log)
{code}
"""


def install_keyring(path: Path, monkeypatch: pytest.MonkeyPatch, code: str, *, provider: str = "subprocess") -> Path:
    """A ``keyring`` command that runs this code; what it was asked is in the file that comes back."""
    directory, log = path / "bin", path / "asked"
    directory.mkdir()
    log.touch()
    command = directory / "keyring"
    command.write_text(FAKE.format(python=sys.executable, log=str(log), code=code), encoding="utf-8")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(directory))
    monkeypatch.setenv("PIP_KEYRING_PROVIDER", provider)
    return log


@needs_scripts
def test_the_keyring_completes_a_user_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = install_keyring(tmp_path, monkeypatch, "print('s p:ä') if sys.argv[2] == 'index.example:8443' else exit(1)")
    credentials = Credentials()
    credentials.learn_index("https://me@index.example:8443/simple/")
    for _ in range(2):
        assert credentials.authorization("https://index.example:8443/files/a") == basic("me:s p:ä")
    assert log.read_text().splitlines() == ["get https://index.example:8443/simple/ me", "get index.example:8443 me"]


@needs_scripts
def test_the_keyring_is_asked_after_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = install_keyring(tmp_path, monkeypatch, "print('me'); print('secret')", provider="auto")
    credentials = Credentials()
    credentials.learn_index("https://index.example/simple/")
    assert credentials.authorization("https://index.example/simple/a/") is None
    assert credentials.after_refusal("https://index.example/simple/a/", None)
    assert credentials.authorization("https://index.example/simple/a/") == basic("me:secret")
    assert credentials.authorization("https://other.example/") is None
    assert log.read_text().splitlines() == ["get --mode creds --output plain https://index.example/simple/"]


@needs_scripts
def test_the_keyring_is_asked_for_each_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_keyring(tmp_path, monkeypatch, "print('of', sys.argv[2], sys.argv[3])")
    credentials = Credentials()
    for user in ("ann", "bob"):
        credentials.learn_index(f"https://{user}@index.example/{user}/simple/")
    for user in ("ann", "bob"):
        answer = credentials.authorization(f"https://index.example/{user}/files/a.whl")
        assert answer == basic(f"{user}:of https://index.example/{user}/simple/ {user}")


@needs_scripts
def test_one_who_asks_many_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = install_keyring(tmp_path, monkeypatch, "print('secret')")
    credentials = Credentials(["https://me@index.example/"])
    told = together(lambda _: credentials.authorization("https://index.example/"), threads=8)
    assert set(told) == {basic("me:secret")}
    assert len(log.read_text().splitlines()) == 1


@needs_scripts
@pytest.mark.parametrize("code", ["exit(1)", "exit(0)", "os.kill(os.getpid(), 9)", "sys.stdin.read(); exit(1)"])
def test_a_keyring_that_knows_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    install_keyring(tmp_path, monkeypatch, code)
    credentials = Credentials(["https://me@index.example/"])
    assert credentials.authorization("https://index.example/") == basic("me:")
    assert not credentials.after_refusal("https://index.example/", basic("me:"))


@needs_scripts
def test_a_keyring_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_keyring(tmp_path, monkeypatch, "import time; time.sleep(60)")
    monkeypatch.setattr(keyring, "SECONDS", 0.05)
    assert Credentials(["https://me@index.example/"]).authorization("https://index.example/") == basic("me:")


@needs_scripts
@pytest.mark.parametrize("provider", ["", "disabled"])
def test_nobody_who_did_not_ask_for_it_meets_the_keyring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    log = install_keyring(tmp_path, monkeypatch, "print('secret')", provider=provider)
    credentials = Credentials(["https://me@index.example/"])
    assert credentials.authorization("https://index.example/") == basic("me:")
    assert not credentials.after_refusal("https://index.example/", basic("me:"))
    assert not log.read_text()
    monkeypatch.setenv("UV_KEYRING_PROVIDER", "subprocess")
    assert Credentials(["https://me@index.example/"]).authorization("https://index.example/") == basic("me:secret")


@needs_scripts
def test_a_keyring_in_the_working_directory_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = install_keyring(tmp_path, monkeypatch, "print('secret')")
    monkeypatch.chdir(tmp_path / "bin")
    monkeypatch.setenv("PATH", ".")
    assert Credentials(["https://me@index.example/"]).authorization("https://index.example/") == basic("me:")
    assert not log.read_text()


@pytest.mark.parametrize(
    "url",
    [
        "https://--help@index.example/", "https://--keyring-backend=evil.Backend@index.example/",
        "https://-p%2Ftmp%2Fevil@index.example/", "https://-v:@index.example/", "https://--output@index.example/",
        "https://user%0Aname@index.example/", "https://user%00@index.example/",
    ],
)  # fmt: skip
def test_no_url_decides_the_options_of_the_keyring_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    log = install_keyring(tmp_path, monkeypatch, "print('secret')")
    credentials = Credentials([url])
    credentials.authorization("https://index.example/simple/")
    credentials.after_refusal("https://index.example/simple/", None)
    assert not log.exists() or not log.read_text(encoding="utf-8")


def test_a_host_that_looks_like_an_option_is_not_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = install_keyring(tmp_path, monkeypatch, "exit(1)")
    Credentials(["https://user@--help/simple/"]).authorization("https://--help/simple/")
    assert [line.split()[1] for line in log.read_text(encoding="utf-8").splitlines()] == ["https://--help/"]
