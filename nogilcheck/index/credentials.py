"""Who we are to which host. Nothing here is ever shown.

In this order: ``UV_INDEX_<NAME>_USERNAME`` and ``_PASSWORD`` for an index with a name, the userinfo of a URL, the
user's netrc file; once a host has refused an answer, the default entry of that file and the keyring.
"""

from __future__ import annotations

import base64
import os
import re
import threading
from collections.abc import Iterable
from functools import cached_property
from urllib.parse import SplitResult, unquote, urlsplit

from nogilcheck.index.keyring import ask_keyring, is_asked_for
from nogilcheck.index.netrc_file import DEFAULT, Login, read_netrc
from nogilcheck.model.urls import without_userinfo

_DEFAULT_PORTS = {"http": 80, "https": 443}

_NO_NAME = re.compile(r"[^A-Z0-9]")
"""What uv writes as an underscore in the name of a variable."""

Origin = tuple[str, str, int | None]
"""Scheme, host and port (RFC 6454)."""


class Credentials:
    """HTTP Basic authorization (RFC 7617) by origin: what one host is told, no other host hears.

    For any number of threads.
    """

    def __init__(self, urls: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._given: dict[Origin, Login] = {}
        self._services: dict[Origin, str] = {}
        """By what the keyring knows an origin: the first index there."""
        self._from_keyring: dict[Origin, Login | None] = {}
        self._second: dict[Origin, str | None] = {}
        """What was found once an origin had refused the first answer."""
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
            self._given.setdefault(_origin(parts), (user, password))
        return without_userinfo(url)

    def learn_index(self, url: str, name: str | None = None) -> None:
        """Keep what is known of an index: its userinfo, and what the environment has for its name.

        uv's variables (``UV_INDEX_INTERNAL_PROXY_USERNAME``, ``..._PASSWORD`` for ``internal-proxy``) go before the
        userinfo, as they do in uv; one of the two is enough.
        """
        bare = self.learn(url)
        parts = _split(bare)
        if parts is None or not parts.hostname:
            return
        key = _origin(parts)
        self._services.setdefault(key, bare)
        if name:
            variable = f"UV_INDEX_{_NO_NAME.sub('_', name.upper())}_"
            user, password = (os.environ.get(variable + half) for half in ("USERNAME", "PASSWORD"))
            if user is not None or password is not None:
                self._given[key] = user or "", password or ""

    def authorization(self, url: str) -> str | None:
        """The value of the ``Authorization`` header for this URL, if there is one; may ask the keyring and block."""
        parts = _split(url)
        if parts is None:
            return None
        key = _origin(parts)
        second = self._second.get(key)
        if second is not None:
            return second
        given = self._given.get(key)
        own = self._netrc.get(key[1])
        if given is None:
            return None if own is None else _basic(*own)
        user, password = given
        if user and not password:
            if own is not None and own[0] == user:
                return _basic(*own)
            return _basic(*(self._ask(key, user) or given))
        return _basic(user, password)

    def after_refusal(self, url: str, sent: str | None) -> bool:
        """Whether `authorization` has another answer now that the host has refused this one (401, 403).

        Looks for one once per origin; may block.
        """
        parts = _split(url)
        if parts is None:
            return False
        key = _origin(parts)
        if key not in self._second:
            known = self._given.get(key) or self._netrc.get(key[1])
            found = self._ask(key, known[0]) if known else self._netrc.get(DEFAULT) or self._ask(key, "")
            self._second.setdefault(key, None if found is None else _basic(*found))
        second = self._second[key]
        return second is not None and second != sent

    @cached_property
    def _netrc(self) -> dict[str, Login]:
        return read_netrc()

    def _ask(self, key: Origin, user: str) -> Login | None:
        """What the keyring has for an origin, asked once, by one thread at a time: it may ask its user in turn."""
        with self._lock:
            if key not in self._from_keyring:
                service = self._services.get(key) or f"{key[0]}://{_host(key)}/"
                found = ask_keyring((service, _host(key)), user) if is_asked_for() else None
                self._from_keyring[key] = found
            return self._from_keyring[key]


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


def _host(key: Origin) -> str:
    """Host and, unless it is the usual one, port."""
    scheme, host, port = key
    host = f"[{host}]" if ":" in host else host
    return host if port == _DEFAULT_PORTS.get(scheme) else f"{host}:{port}"


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode("utf-8", "surrogateescape")).decode("ascii")
