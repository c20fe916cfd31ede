"""Certificate authorities and proxies as users have them, against servers on the loopback interface."""

from __future__ import annotations

import base64
import json
import os
import shutil
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from nogilcheck.index.http import authorities, failures
from tests.support.command import Outcome, run
from tests.world import AUTHORITY, SHAPES, Answer, Index, parse, redirect, run_proxy, serve

pytestmark = pytest.mark.usefixtures("either_client")

WORLD = parse('[projects.a]\n"1.0" = {}')
SUBJECT_HASH = "0b127f0b.0"
"""What OpenSSL looks for: ``openssl x509 -subject_hash -noout -in authority.pem``."""

ALL = (*authorities.FILE_VARIABLES, authorities.DIRECTORY_VARIABLE)


@pytest.fixture(autouse=True)
def _usual_authorities(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing of the machine's own settings, and no authorities kept from another test."""
    for name in ALL:
        monkeypatch.delenv(name, raising=False)
    authorities.ssl_context.cache_clear()
    yield
    authorities.ssl_context.cache_clear()


@pytest.fixture
def index() -> Iterator[Index]:
    with serve(WORLD, SHAPES["mirror"], tls=True) as running:
        yield running


def check(url: str) -> Outcome:
    return run("a", "--index-url", url, "--no-cache", "--python", "3.14t", "--platform", "linux-x86_64")


def test_an_unknown_authority_is_a_gap_at_once(index: Index) -> None:
    outcome = check(index.url)
    assert outcome.status == 3
    assert "its certificate is not trusted" in " ".join(outcome.stdout.split())
    assert "SSL_CERT_FILE" in outcome.stdout
    assert index.requests == ()


@pytest.mark.parametrize("variable", authorities.FILE_VARIABLES)
def test_an_authority_in_a_file(index: Index, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, str(AUTHORITY))
    assert check(index.url).status == 0
    assert check(index.url.replace("127.0.0.1", "localhost")).status == 0


@pytest.mark.parametrize("variable", ["SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"])
def test_an_authority_in_a_directory(
    index: Index, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    shutil.copy(AUTHORITY, tmp_path / SUBJECT_HASH)
    empty = tmp_path / "empty"
    empty.mkdir()
    directories = [str(empty), str(tmp_path)] if variable == "SSL_CERT_DIR" else [str(tmp_path)]
    monkeypatch.setenv(variable, os.pathsep.join(directories))
    assert check(index.url).status == 0


def test_a_directory_counts_besides_a_file(index: Index, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copy(AUTHORITY, tmp_path / SUBJECT_HASH)
    other = pytest.importorskip("certifi").where()
    monkeypatch.setenv("SSL_CERT_FILE", other)
    assert check(index.url).status == 3
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert check(index.url).status == 0


def test_the_system_s_own_authorities_count(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    def installed(context: ssl.SSLContext, purpose: ssl.Purpose = ssl.Purpose.SERVER_AUTH) -> None:
        assert purpose is ssl.Purpose.SERVER_AUTH
        context.load_verify_locations(cafile=AUTHORITY)

    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", installed)
    assert check(index.url).status == 0


@pytest.mark.parametrize("trusted", [False, True])
def test_where_the_system_decides_truststore_asks_it(
    index: Index, monkeypatch: pytest.MonkeyPatch, trusted: bool
) -> None:
    """Here the system is OpenSSL; Windows and macOS are asked through the same class."""
    asked = []

    def usual(context: ssl.SSLContext) -> None:
        asked.append(context)
        if trusted:
            context.load_verify_locations(cafile=AUTHORITY)

    monkeypatch.setattr(authorities, "_SYSTEM_DECIDES", True)
    monkeypatch.setattr("truststore._openssl.ssl.SSLContext.set_default_verify_paths", usual)
    assert check(index.url).status == (0 if trusted else 3)
    assert asked


@pytest.mark.parametrize(
    ("certificate", "said"),
    [
        ("expired.pem", "has expired"),
        ("wrong.pem", "is for another host"),
        ("self.pem", "is not trusted"),
    ],
)
def test_a_certificate_that_does_not_hold(certificate: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text says what is wrong with it, and only where authorities are the matter that some may be named."""
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY.with_name("odd-authority.pem")))
    with serve(WORLD, tls=AUTHORITY.with_name(certificate)) as index:
        outcome = check(index.url)
        assert index.requests == ()
    text = " ".join(outcome.stdout.split())
    assert outcome.status == 3
    assert f"its certificate {said}" in text
    assert ("SSL_CERT_FILE" in text) == (certificate == "self.pem")


def test_a_server_that_does_not_speak_tls_is_asked_once() -> None:
    with serve(WORLD) as index:
        outcome = check(index.url.replace("http:", "https:"))
        assert not index.asked("/simple/*")
    assert outcome.status == 3
    assert "no TLS connection can be made" in " ".join(outcome.stdout.split())


def test_an_old_tls_is_refused() -> None:
    error = ssl.SSLError(1, "[SSL: TLSV1_ALERT_PROTOCOL_VERSION] tlsv1 alert protocol version")
    error.reason = "TLSV1_ALERT_PROTOCOL_VERSION"
    assert failures.tls_failure(error) is not None
    broken = ssl.SSLError(1, "[SSL: UNEXPECTED_EOF_WHILE_READING]")
    broken.reason = "UNEXPECTED_EOF_WHILE_READING"
    assert failures.tls_failure(broken) is None, "another attempt may succeed"


def test_a_host_that_the_certificate_is_not_for(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))
    with run_proxy() as proxy:  # leads every name to this machine
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        outcome = check(index.url.replace("127.0.0.1", "other.example"))
    assert outcome.status == 3
    assert "other.example" in outcome.stdout


FILE = "a-1.0-py3-none-any.whl"


@pytest.mark.parametrize("what", ["page", "base", "file"])
def test_the_way_from_https_to_http_takes_no_credentials_and_is_told(
    what: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """pip follows it; netrc has a login for both, which the index alone gets."""
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))
    netrc = tmp_path / "netrc"
    netrc.write_text("default login me password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    with serve(WORLD, SHAPES["html"]) as plain, serve(WORLD, SHAPES["html"], tls=True) as index:
        if what == "page":
            index.fail("/simple/a/", action=redirect(plain.page_url("a")))
        elif what == "base":
            page = f'<base href="{plain.page_url("a")}"><a href="{index.url_of(FILE)}">{FILE}</a>'
            index.fail("/simple/a/", action=Answer(body=page.encode(), headers=(("Content-Type", "text/html"),)))
        else:
            index.fail("/files/*", action=redirect(plain.url_of(FILE)))
        outcome = check(index.url)
        assert outcome.status == 0
        assert all("authorization" in request.headers for request in index.requests)
        through_redirects = [request for request in plain.requests if what == "file" or "simple" in request.path]
        assert bool(through_redirects) is (what != "base")
        assert not any("authorization" in request.headers for request in through_redirects)
        assert ("over plain http" in " ".join(outcome.stdout.split())) is (what != "file")


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_proxy_for_tls(index: Index, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))
    with run_proxy("Basic " + base64.b64encode(b"me:pass word").decode()) as proxy:
        monkeypatch.setenv(variable, f"http://me:pass%20word@{proxy.address}")
        assert check(index.with_userinfo("you", "secret")).status == 0
    port = index.base.rpartition(":")[2]
    assert {target for target, _ in proxy.asked} == {f"127.0.0.1:{port}"}
    assert not any("authorization" in headers for _, headers in proxy.asked), "the index's password is the index's"
    assert not any("proxy-authorization" in request.headers for request in index.requests)


def test_no_proxy(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))
    with run_proxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        monkeypatch.setenv("NO_PROXY", "elsewhere.example,127.0.0.1")
        assert check(index.url).status == 0
    assert proxy.asked == []


def test_a_proxy_that_wants_credentials(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))
    with run_proxy("Basic other") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:hunter2@{proxy.address}")
        outcome = check(index.url)
    assert outcome.status == 3
    assert "HTTPS_PROXY" in outcome.stdout
    assert "hunter2" not in outcome.stdout + outcome.stderr
    assert len(proxy.asked) == 1


def test_nobody_is_at_the_proxy(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))
    with run_proxy() as proxy:
        pass
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:hunter2@{proxy.address}")
    outcome = check(index.url)
    assert outcome.status == 3
    assert "hunter2" not in outcome.stdout + outcome.stderr


def test_a_proxy_for_plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(WORLD) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.base)
        outcome = run("a", "--index-url", "http://index.example/simple/", "--no-cache", "--format", "json")
        assert outcome.status == 0
        assert proxy.requests[0].path == "http://index.example/simple/a/"
    assert json.loads(outcome.stdout)["distributions"][0]["index"] == "http://index.example/simple/"
