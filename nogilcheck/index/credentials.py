"""Who we are to which host: URL userinfo, then the user's netrc file. Nothing here is ever shown."""

from __future__ import annotations

import base64
import os
import threading
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from nogilcheck.model.urls import without_userinfo

_DEFAULT_PORTS = {"http": 80, "https": 443}

Origin = tuple[str, str, int | None]
"""Scheme, host and port (RFC 6454)."""


class Credentials:
    """HTTP Basic authorization (RFC 7617) by origin: what one host is told, no other host hears."""

    def __init__(self, urls: Iterable[str] = ()) -> None:
        self._by_origin: dict[Origin, str] = {}
        self._netrc: dict[str, str] | None = None
        self._lock = threading.Lock()
        for url in urls:
            self.learn(url)

    def learn(self, url: str) -> str:
        """The URL without its userinfo, which is kept for its origin."""
        if "@" not in url:
            return url
        parts = _split(url)
        if parts is None or "@" not in parts.netloc:
            return url
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if user or password:
            self._by_origin.setdefault(_origin(parts), _basic(user, password))
        return without_userinfo(url)

    def authorization(self, url: str) -> str | None:
        """The value of the ``Authorization`` header for this URL, if there is one."""
        parts = _split(url)
        if parts is None:
            return None
        known = self._by_origin.get(_origin(parts))
        return known if known is not None else self._from_netrc(parts.hostname or "")

    def _from_netrc(self, host: str) -> str | None:
        if self._netrc is None:
            with self._lock:
                if self._netrc is None:
                    self._netrc = _read_netrc()
        return self._netrc.get(host)


def origin(url: str) -> Origin:
    """The origin of a URL; raises `ValueError` for what is no URL."""
    return _origin(urlsplit(url))


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _origin(parts: SplitResult) -> Origin:
    return parts.scheme, parts.hostname or "", parts.port or _DEFAULT_PORTS.get(parts.scheme)


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def _read_netrc() -> dict[str, str]:
    """Host -> authorization; a file that is absent or cannot be parsed says nothing, as for pip."""
    names = [os.environ["NETRC"]] if os.environ.get("NETRC") else ["~/.netrc", "~/_netrc"]
    for name in names:
        try:
            path = Path(name).expanduser()
        except RuntimeError:  # no home directory
            continue
        if path.is_file():
            return _parse_netrc(path)
    return {}


def _parse_netrc(path: Path) -> dict[str, str]:
    from netrc import NetrcParseError, netrc

    try:
        hosts = netrc(str(path)).hosts
    except (NetrcParseError, OSError, UnicodeDecodeError):
        return {}
    return {host: _basic(login, password or "") for host, (login, _, password) in hosts.items() if host != "default"}
