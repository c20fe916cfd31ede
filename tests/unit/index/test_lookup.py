from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import Any

import pytest

from nogilcheck.index.lookup import LookUpOnce


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
    ) -> str:
        self.tried.append(host)
        if host not in self.reachable:
            raise ConnectionRefusedError(host)
        return f"{host}:{port}"

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
    once = LookUpOnce(backend)
    assert [once.connect_tcp("index.example", 443) for _ in range(3)] == ["192.0.2.1:443"] * 3
    assert backend.tried == ["2001:db8::1", "192.0.2.1", "192.0.2.1", "192.0.2.1"]
    assert once.connect_tcp("files.example", 80) == "192.0.2.1:80"
    assert asked == ["index.example", "files.example"]


def test_the_last_error_is_raised_and_the_next_connection_starts_anew(asked: list[str]) -> None:
    backend = Backend()
    once = LookUpOnce(backend)
    for _ in range(2):
        with pytest.raises(ConnectionRefusedError, match=r"192\.0\.2\.1"):
            once.connect_tcp("index.example", 443)
    assert backend.tried == ["2001:db8::1", "192.0.2.1"] * 2
    assert asked == ["index.example"] * 2


def test_everything_else_is_the_inner_one() -> None:
    assert LookUpOnce(Backend()).sleep(2) == "slept 2"
