from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest

from nogilcheck.index.http import network_backend as lookup
from nogilcheck.index.http.network_backend import Deadline, DeadlineError, LookUpOnce


@dataclass
class Stream:
    """A connection that says with which timeouts it was read."""

    address: str
    timeouts: list[float | None] = field(default_factory=list)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.timeouts.append(timeout)
        return b"x" * max_bytes

    def start_tls(self, context: object, name: str | None = None, timeout: float | None = None) -> Stream:
        return Stream(f"{self.address} by TLS", self.timeouts)


class Backend:
    """Connects to some addresses only."""

    def __init__(self, *reachable: str) -> None:
        self.reachable = reachable
        self.tried: list[str] = []

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> Stream:
        self.tried.append(host)
        if host not in self.reachable:
            raise ConnectionRefusedError(host)
        return Stream(f"{host}:{port}")

    def sleep(self, seconds: float) -> str:
        return f"slept {seconds}"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names that were looked up; each has two addresses."""
    names: list[str] = []

    def look_up(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        names.append(host)
        return [(0, 0, 0, "", (address, port)) for address in ("2001:db8::1", "2001:db8::1", "192.0.2.1")]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return names


def test_the_address_that_answers_is_remembered(asked: list[str]) -> None:
    backend = Backend("192.0.2.1")
    once = LookUpOnce(backend, Deadline())
    assert [once.connect_tcp("index.example", 443).address for _ in range(3)] == ["192.0.2.1:443"] * 3
    assert backend.tried == ["2001:db8::1", "192.0.2.1", "192.0.2.1", "192.0.2.1"]
    assert once.connect_tcp("files.example", 80).address == "192.0.2.1:80"
    assert asked == ["index.example", "files.example"]


def test_the_last_error_is_raised_and_the_next_connection_starts_anew(asked: list[str]) -> None:
    backend = Backend()
    once = LookUpOnce(backend, Deadline())
    for _ in range(2):
        with pytest.raises(ConnectionRefusedError, match=r"192\.0\.2\.1"):
            once.connect_tcp("index.example", 443)
    assert backend.tried == ["2001:db8::1", "192.0.2.1"] * 2
    assert asked == ["index.example"] * 2


def test_everything_else_is_the_inner_one() -> None:
    assert LookUpOnce(Backend(), Deadline()).sleep(2) == "slept 2"


def test_a_look_up_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()
    monkeypatch.setattr(lookup, "LOOK_UP_SECONDS", 0.01)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: never.wait())
    with pytest.raises(TimeoutError, match=r"index\.example"):
        LookUpOnce(Backend(), Deadline()).connect_tcp("index.example", 443)
    never.set()


def test_what_the_look_up_raises_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(socket.gaierror):
        LookUpOnce(Backend(), Deadline()).connect_tcp("index.example", 443)


def test_reading_keeps_to_the_deadline(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    deadline = Deadline()
    stream = LookUpOnce(Backend("192.0.2.1"), deadline).connect_tcp("index.example", 443).start_tls(None)
    assert stream.address == "192.0.2.1:443 by TLS"
    assert stream.read(1, 15.0) == b"x"
    deadline.allow(20.0)
    stream.read(1, 15.0)
    now[0] += 12.0
    stream.read(1, 15.0)
    stream.read(1)
    now[0] += 8.0
    with pytest.raises(DeadlineError):
        stream.read(1, 15.0)
    deadline.allow(None)
    stream.read(1, 15.0)
    assert stream.timeouts == [15.0, 15.0, 8.0, 8.0, 15.0]


def test_the_deadline_is_that_of_the_thread() -> None:
    deadline = Deadline()
    deadline.allow(-1.0)
    found: list[float | None] = []
    other = threading.Thread(target=lambda: found.append(deadline.left(3.0)))
    other.start()
    other.join()
    assert found == [3.0]
