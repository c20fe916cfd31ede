from __future__ import annotations

import gzip
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from nogilcheck.errors import UsageError
from nogilcheck.index.http import hosts, httpx_client, network_backend, redirects, retrying_transport
from nogilcheck.index.http.credentials import Credentials
from nogilcheck.index.http.failures import TransportError, refused
from nogilcheck.index.http.network_backend import Deadline, LookUpOnce
from nogilcheck.index.http.raw_answer import RawAnswer
from nogilcheck.index.http.retrying_transport import RETRIES, Transport
from nogilcheck.model.artifact import MissingKind
from tests.unit.index.http.test_credentials import basic
from tests.world import (
    AUTHORITY,
    SHAPES,
    Answer,
    Close,
    Index,
    Shape,
    Truncate,
    WrongLength,
    parse,
    redirect,
    serve,
    status,
)

pytestmark = pytest.mark.usefixtures("either_client")

PAGE = "/simple/a/"
LIMIT = 1 << 20


@pytest.fixture
def index() -> Iterator[Index]:
    with serve(parse('[projects.a]\n"1.0" = {}'), SHAPES["mirror"]) as running:
        yield running


@pytest.fixture
def http() -> Iterator[Transport]:
    opened = Transport(threads=4)
    yield opened
    opened.close()


def refusal(http: Transport, url: str, limit: int = LIMIT) -> TransportError:
    with pytest.raises(TransportError) as caught:
        http.get(url, limit=limit)
    return caught.value


def test_an_answer(index: Index, http: Transport) -> None:
    response = http.get(index.page_url("a"), limit=LIMIT, headers={"X-Own": "1"})
    assert (response.status, response.url) == (200, index.page_url("a"))
    assert response.headers["CONTENT-TYPE"] == response.headers["content-type"]
    (request,) = index.requests
    assert request.headers["x-own"] == "1"
    assert request.headers["user-agent"].startswith("nogilcheck/")
    assert (http.requests, http.bytes) == (1, len(response.content))


def test_statuses_are_answers(index: Index, http: Transport) -> None:
    assert http.get(index.page_url("unknown"), limit=LIMIT).status == 404
    index.fail(PAGE, action=403)
    assert http.get(index.page_url("a"), limit=LIMIT).status == 403


@pytest.mark.parametrize("fault", [429, 500, 502, 503, 504, Close(), Truncate(), WrongLength()], ids=str)
def test_what_may_pass_is_tried_again(index: Index, http: Transport, fault: int | Close | Truncate) -> None:
    index.fail(PAGE, action=fault, times=RETRIES)
    assert http.get(index.page_url("a"), limit=LIMIT).status == 200
    assert len(index.asked(PAGE)) == RETRIES + 1


@pytest.mark.parametrize("fault", [503, Close(), Truncate(), WrongLength()], ids=str)
def test_but_not_for_ever(index: Index, http: Transport, fault: int | Close | Truncate) -> None:
    index.fail(PAGE, action=fault)
    missing = refusal(http, index.page_url("a")).missing
    assert missing.kind is MissingKind.UNREACHABLE
    assert index.page_url("a") in missing.text
    assert len(index.asked(PAGE)) == RETRIES + 1


def test_retry_after_is_honoured(index: Index, http: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    def pause(seconds: float) -> bool:
        waits.append(seconds)
        return False

    monkeypatch.setattr(http, "_pause", pause)
    index.fail(PAGE, action=status(429, retry_after="7"), times=1)
    assert http.get(index.page_url("a"), limit=LIMIT).status == 200
    assert waits == [7.0]


@pytest.mark.parametrize("retry_after", ["3600", "Fri, 31 Dec 2199 23:59:59 GMT"])
def test_a_server_that_wants_hours_is_unreachable(index: Index, http: Transport, retry_after: str) -> None:
    index.fail(PAGE, action=status(503, retry_after=retry_after))
    text = refusal(http, index.page_url("a")).missing.text
    assert "503" in text
    assert "asks to be asked again in" in text
    assert len(index.asked(PAGE)) == 1


@pytest.mark.parametrize("code", [429, 503])
def test_a_server_that_says_so_again_and_again_is_left_alone(index: Index, http: Transport, code: int) -> None:
    index.fail("*", action=status(code, retry_after="3600"))
    for number in range(10):
        assert "3600 seconds" in refusal(http, index.page_url(f"p{number}")).missing.text
    assert len(index.requests) == hosts.PATIENT_CHANCES


class TestDripping:
    """Bodies whose bytes come one by one, by a clock that goes on with each piece."""

    BODY = b"x" * 2000

    @pytest.fixture(autouse=True)
    def _clock(self, index: Index, http: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 0.0
        index.fail("/simple/slow*", action=Answer(body=self.BODY))

        def pieces() -> Iterator[bytes]:
            for place in range(0, len(self.BODY), 100):
                self.seconds += self.each
                yield self.BODY[place : place + 100]

        stream = http._clients.stream

        @contextmanager
        def slow_stream(url: str, headers: Mapping[str, str]) -> Iterator[RawAnswer]:
            with stream(url, headers) as raw:
                raw.pieces = pieces()
                yield raw

        monkeypatch.setattr(http._clients, "stream", slow_stream)
        monkeypatch.setattr(http, "_clock", lambda: self.seconds)

    def test_slow_is_not_dripping(self, index: Index, http: Transport) -> None:
        self.each = 100 / retrying_transport.SLOW_BYTES_PER_SECOND
        assert http.get(index.page_url("slow"), limit=LIMIT).content == self.BODY

    def test_a_short_drip_is_not_either(self, index: Index, http: Transport) -> None:
        self.each = retrying_transport.SLOW_SECONDS / (len(self.BODY) / 100)
        assert http.get(index.page_url("slow"), limit=LIMIT).content == self.BODY

    def test_after_some_of_them_the_host_is_given_up(self, index: Index, http: Transport) -> None:
        self.each = 101 / retrying_transport.SLOW_BYTES_PER_SECOND * 4
        for number in range(10):
            assert "bytes per second" in refusal(http, index.page_url(f"slow{number}")).missing.text
        assert len(index.requests) == hosts.DRIPPING_CHANCES


def test_a_retry_after_that_means_nothing_is_ignored(index: Index, http: Transport) -> None:
    index.fail(PAGE, action=status(503, retry_after="soon"), times=1)
    assert http.get(index.page_url("a"), limit=LIMIT).status == 200


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_over_the_limit(index: Index, http: Transport, *, announced: bool) -> None:
    compressed = () if announced else (("Content-Encoding", "gzip"),)
    import gzip

    body = b"x" * 5000
    index.fail(PAGE, action=Answer(body=body if announced else gzip.compress(body), headers=compressed))
    assert refusal(http, index.page_url("a"), limit=4999).missing.kind is MissingKind.TOO_LARGE
    assert len(http.get(index.page_url("a"), limit=5000).content) == 5000


def test_a_body_that_unpacks_to_nothing_is_bounded_too(http: Transport) -> None:
    """The name in a gzip header may be of any length (RFC 1952, section 2.3.1)."""
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        yield b"\x1f\x8b\x08\x08" + bytes(6)
        while True:
            taken += 1000
            yield b"x" * 1000

    body = RawAnswer(
        status=200,
        headers={"content-encoding": "gzip"},
        pieces=endless(),
        url="https://index.test/",
        location=None,
        authorization=None,
    )
    with pytest.raises(TransportError) as caught:
        list(http._unpacked(http._arriving(body, "https://index.test/", 5000), body, "https://index.test/", 5000))
    assert caught.value.missing.kind is MissingKind.TOO_LARGE
    assert taken == 5000


def test_redirects_are_followed_and_end(index: Index, http: Transport) -> None:
    index.fail("/there/", action=redirect(PAGE))
    assert http.get(f"{index.base}/there/", limit=LIMIT).url == index.page_url("a")
    index.fail("/round/", action=redirect("/round/"))
    assert refusal(http, f"{index.base}/round/").missing.kind is MissingKind.UNREACHABLE


def test_credentials_go_to_their_host_only() -> None:
    universe = parse('[projects.a]\n"1.0" = {}')
    closed = Shape(credentials=("me@work", "p/w"))
    with serve(universe, closed) as private, serve(universe) as public:
        http = Transport(threads=1, credentials=Credentials([private.url_with_credentials]))
        assert http.get(private.page_url("a"), limit=LIMIT).status == 200
        private.fail("/away/", action=redirect(public.page_url("a")))
        assert http.get(f"{private.base}/away/", limit=LIMIT).status == 200
        assert "authorization" not in public.requests[0].headers
        http.close()


def test_userinfo_of_a_url_is_used_and_never_told() -> None:
    with serve(parse('[projects.a]\n"1.0" = {}'), Shape(credentials=("me", "secret"))) as private:
        http = Transport(threads=1)
        response = http.get(f"{private.url_with_credentials}a/", limit=LIMIT)
        assert (response.status, response.url) == (200, private.page_url("a"))
        private.fail(PAGE, action=503)
        assert "secret" not in refusal(http, f"{private.url_with_credentials}a/").missing.text
        http.close()


def test_a_host_that_never_answers_is_given_up_once(http: Transport) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    first = refusal(http, f"http://127.0.0.1:{port}/a/").missing
    sent = http.requests
    second = refusal(http, f"http://127.0.0.1:{port}/b/").missing
    assert first.reason == second.reason
    assert f"{port}/a/" in first.text
    assert f"{port}/b/" in second.text, "each names what was wanted"
    assert (sent, http.requests) == (RETRIES + 1, RETRIES + 1)


@pytest.mark.parametrize("url", ["http://[bad/", "ftp://x.example/", "http://x.example:port/", "nonsense", "http://"])
def test_what_is_no_url(http: Transport, url: str) -> None:
    assert refusal(http, url).missing.kind is MissingKind.UNREACHABLE


def test_a_stream_ends_when_it_is_closed(index: Index, http: Transport) -> None:
    pieces = http.stream(index.page_url("a"), limit=LIMIT)
    assert next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    whole = b"".join(http.stream(index.page_url("a"), limit=LIMIT))
    assert whole == http.get(index.page_url("a"), limit=LIMIT).content


def test_a_stream_goes_on_where_it_ended(index: Index, http: Transport) -> None:
    whole = http.get(index.page_url("a"), limit=LIMIT).content
    index.fail(PAGE, action=503, times=1)
    index.fail(PAGE, action=Truncate(keep=3), times=1)
    index.fail(PAGE, action=Truncate(keep=7), times=1)
    index.forget()
    assert b"".join(http.stream(index.page_url("a"), limit=LIMIT)) == whole
    assert len(index.asked(PAGE)) == 4
    index.fail(PAGE, action=Truncate(keep=3))
    pieces = http.stream(index.page_url("a"), limit=LIMIT)
    with pytest.raises(TransportError):
        b"".join(pieces)
    assert len(index.asked(PAGE)) == 4 + RETRIES + 1


@pytest.mark.parametrize(("code", "kind"), [(404, MissingKind.UNREACHABLE), (401, MissingKind.FORBIDDEN)])
def test_a_stream_of_nothing(index: Index, http: Transport, code: int, kind: MissingKind) -> None:
    index.fail(PAGE, action=code)
    with pytest.raises(TransportError) as caught:
        next(iter(http.stream(index.page_url("a"), limit=LIMIT)))
    assert caught.value.missing.kind is kind


def test_requests_after_the_end_fail(index: Index, http: Transport) -> None:
    http.close()
    assert "stopped" in refusal(http, index.page_url("a")).missing.text


def test_one_look_up_for_many_connections(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    look_up = socket.getaddrinfo

    def counted(host: str, *rest: object, **named: object) -> object:
        if host == "localhost":
            asked.append(host)
        return look_up("127.0.0.1" if host == "localhost" else host, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", counted)
    http = Transport(threads=4)
    url = index.page_url("a").replace("127.0.0.1", "localhost")
    hang = index.hang(PAGE)
    threads = [threading.Thread(target=http.get, args=(url,), kwargs={"limit": LIMIT}) for _ in range(3)]
    index.fail("/warm/", action=404)
    assert http.get(url.replace(PAGE, "/warm/"), limit=LIMIT).status == 404
    for thread in threads:
        thread.start()
    hang.entered.wait()
    hang.release()
    for thread in threads:
        thread.join()
    http.close()
    assert asked == ["localhost"]


def test_certificate_authorities_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nothing.pem"))
    with pytest.raises(UsageError, match=r"nothing\.pem"):
        Transport(threads=1)
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "other.pem"))
    with pytest.raises(UsageError, match=r"other\.pem"):
        Transport(threads=1)


def test_proxy_settings_that_make_no_sense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "nonsense://me:secret@proxy.example")
    with pytest.raises(UsageError, match="proxy settings") as caught:
        Transport(threads=1)
    assert "secret" not in str(caught.value)


def test_a_proxy_is_asked(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", index.base)
    http = Transport(threads=1)
    assert http.get("http://somewhere.invalid/simple/a/", limit=LIMIT).status == 200
    http.close()
    assert [request.path for request in index.requests] == ["http://somewhere.invalid/simple/a/"]


def test_the_command_line_of_the_client_is_not_imported() -> None:
    httpx_client._client_module.cache_clear()
    assert httpx_client._client_module().__name__ in {"httpx", "httpx2"}
    assert sys.modules.get("httpx._main", ...) is not None


UNIVERSE = parse('[projects.a]\n"1.0" = {}')


def test_each_host_on_the_way_hears_its_own_credentials() -> None:
    first, second = Shape(credentials=("me", "p1")), Shape(credentials=("you", "p2"))
    with serve(UNIVERSE, first) as here, serve(UNIVERSE, second) as there, serve(UNIVERSE) as nowhere:
        credentials = Credentials([here.url_with_credentials, there.url_with_credentials])
        http = Transport(threads=1, credentials=credentials)
        here.fail("/away/", action=redirect(f"{nowhere.base}/away/"))
        nowhere.fail("/away/", action=redirect(there.page_url("a")))
        there.fail(PAGE, action=redirect(here.page_url("a")), times=1)
        assert http.get(f"{here.base}/away/", limit=LIMIT).url == here.page_url("a")
        http.close()
        told = [[request.headers.get("authorization") for request in one.requests] for one in (here, nowhere, there)]
    assert told == [[basic("me:p1")] * 2, [None], [basic("you:p2")]]


def test_another_name_is_another_host() -> None:
    with serve(UNIVERSE) as index:
        http = Transport(threads=1, credentials=Credentials([index.with_userinfo("me", "secret")]))
        index.fail("/away/", action=redirect(index.page_url("a").replace("127.0.0.1", "localhost")))
        assert http.get(f"{index.base}/away/", limit=LIMIT).status == 200
        http.close()
        assert ["authorization" in request.headers for request in index.requests] == [True, False]


def test_nothing_goes_in_the_clear_after_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    with serve(UNIVERSE, tls=True) as secure, serve(UNIVERSE) as plain:
        secure.fail("/away/", action=redirect(plain.page_url("a")))
        http = Transport(threads=1)
        assert http.get(f"{secure.base}/away/", limit=LIMIT).status == 200
        http.close()
        assert "authorization" in secure.requests[0].headers
        assert "authorization" not in plain.requests[0].headers


def test_userinfo_in_a_redirect_is_nobody_s() -> None:
    with serve(UNIVERSE) as index, serve(UNIVERSE, Shape(credentials=("me", "secret"))) as other:
        index.fail("/away/", action=redirect(f"{other.url_with_credentials}a/"))
        http = Transport(threads=1)
        response = http.get(f"{index.base}/away/", limit=LIMIT)
        http.close()
        assert (response.status, response.url) == (401, other.page_url("a"))
        assert "authorization" not in other.requests[0].headers


def test_the_body_of_a_redirect_is_bounded(index: Index, http: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redirects, "REDIRECT_BODY", 10)
    away = redirect(PAGE)
    index.fail("/there/", action=Answer(status=302, headers=away.headers, body=b"x" * (1 << 22)))
    assert http.get(f"{index.base}/there/", limit=LIMIT).url == index.page_url("a")


def test_what_a_refusal_says_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(UNIVERSE, Shape(credentials=("me", "secret"))) as index:
        http = Transport(threads=1)
        for url, said in ((index.page_url("a"), "netrc"), (f"{index.with_userinfo('me', 'old')}a/", "not accept")):
            response = http.get(url, limit=LIMIT)
            text = str(refused(url, response.status, authorized=response.authorized))
            assert said in text
            assert "old" not in text
        http.close()


def test_the_default_entry_of_netrc_is_sent_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login me password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    with serve(UNIVERSE, Shape(credentials=("me", "secret"))) as index:
        http = Transport(threads=1)
        assert [http.get(index.page_url("a"), limit=LIMIT).status for _ in range(2)] == [200, 200]
        assert b"".join(http.stream(index.page_url("a"), limit=LIMIT))
        http.close()
        assert [request.status for request in index.requests] == [200, 200, 200]


def test_a_host_is_given_up_once_two_urls_have_failed(http: Transport, index: Index) -> None:
    index.fail("/simple/*", action=Close())
    first = refusal(http, index.page_url("x")).missing
    assert refusal(http, index.page_url("y")).missing != first
    sent = http.requests
    refusal(http, index.page_url("z"))
    assert http.requests == sent == 2 * (RETRIES + 1)


def test_one_bad_page_does_not_condemn_its_host(http: Transport, index: Index) -> None:
    index.fail(PAGE, action=Close())
    refusal(http, index.page_url("a"))
    assert http.get(index.url, limit=LIMIT).status == 200
    refusal(http, index.page_url("a"))
    assert http.get(index.url, limit=LIMIT).status == 200


def test_closing_ends_the_requests_that_wait(index: Index, http: Transport) -> None:
    """A read may take 15 seconds; nobody waits for it any more."""
    hang = index.hang(PAGE)
    said: list[str] = []
    asking = threading.Thread(target=lambda: said.append(str(refusal(http, index.page_url("a")))))
    asking.start()
    assert hang.entered.wait(10)
    http.close()
    asking.join(network_backend.READ_SECONDS / 2)
    assert not asking.is_alive()
    index.heal()
    assert "the run was stopped" in said[0]


class Late:
    """Connects only when it is let."""

    def __init__(self, server: socket.socket) -> None:
        self.entered, self.let = threading.Event(), threading.Event()
        self._address = server.getsockname()
        self.made: list[socket.socket] = []

    def connect_tcp(self, *_: object) -> Late:
        self.entered.set()
        self.let.wait(10)
        self.made.append(socket.create_connection(self._address))
        return self

    def close(self) -> None:
        self.made[-1].close()

    def get_extra_info(self, _: str) -> socket.socket:
        return self.made[-1]


def test_a_connection_that_comes_too_late_is_closed_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        late = Late(server)
        network = LookUpOnce(late, Deadline())
        errors: list[str] = []

        def connect() -> None:
            try:
                network.connect_tcp("127.0.0.1", 80)
            except OSError as error:
                errors.append(str(error))

        connecting = threading.Thread(target=connect)
        connecting.start()
        assert late.entered.wait(10)
        network.close()
        late.let.set()
        connecting.join(10)
        assert errors == ["the run was stopped"]
        assert late.made[0].fileno() == -1, "closed"


def test_connections_that_are_open_are_ended() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        late = Late(server)
        late.let.set()
        network = LookUpOnce(late, Deadline())
        stream = network.connect_tcp("127.0.0.1", 80)
        network.close()
        assert late.made[0].recv(1) == b""
        stream.close()


def test_a_host_that_drips_is_given_up(http: Transport, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """It never gets to the end of a head: the next hundred pages need not find out."""
    monkeypatch.setattr(redirects, "HEAD_SECONDS", 0.0)
    for name in "abc":
        assert "took too long" in str(refusal(http, index.page_url(name)))
    assert http.requests == 2
    assert not index.requests


def test_cookies_are_not_kept(http: Transport, index: Index) -> None:
    """A server may set thousands with each answer, and all would be sent with the next request."""
    index.fail(PAGE, action=Answer(body=b"x", headers=(("Set-Cookie", "a=b"),)))
    for _ in range(2):
        http.get(index.page_url("a"), limit=LIMIT)
    assert ["cookie" in request.headers for request in index.requests] == [False, False]


@pytest.mark.parametrize(
    ("body", "packed"),
    [
        (gzip.compress(b"x" * 100_000), True),
        (gzip.compress(b"x") + gzip.compress(b"y"), False),
        (b"plain", False),
    ],
    ids=["one", "two", "none"],
)
def test_what_came_compressed_in_one_piece_is_handed_on_as_it_came(
    http: Transport, index: Index, body: bytes, *, packed: bool
) -> None:
    is_gzip = body != b"plain"
    index.fail(PAGE, action=Answer(body=body, headers=(("Content-Encoding", "gzip"),) if is_gzip else ()))
    answer = http.get(index.page_url("a"), limit=LIMIT)
    assert answer.content == (gzip.decompress(body) if is_gzip else body)
    assert answer.packed == (body if packed else None)
    assert http.bytes == len(answer.content)
