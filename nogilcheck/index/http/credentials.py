"""Credentials for indexes: where they are looked for, and which host gets which. None is ever shown.

Looked for in this order: ``UV_INDEX_<NAME>_USERNAME`` and ``_PASSWORD`` (or ``POETRY_HTTP_BASIC_<NAME>_...``) for an
index with a name, the userinfo of a URL, the user's netrc file with its default entry; after a 401 or 403, the keyring.
"""

from __future__ import annotations

import base64
import logging
import os
import re
import threading
from collections.abc import Iterable
from functools import cached_property
from itertools import takewhile
from operator import eq
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from nogilcheck.index.http.keyring import ask_keyring, is_asked_for
from nogilcheck.index.http.netrc_file import DEFAULT, Login, read_netrc
from nogilcheck.model.credentials.login_sources import KEYRING_VARIABLES, NAMED
from nogilcheck.model.urls import without_userinfo

_log = logging.getLogger(__name__)

_DEFAULT_PORTS = {"http": 80, "https": 443}

_NO_NAME = re.compile(r"[^A-Z0-9]")
"""What uv writes as an underscore in the name of a variable."""

Origin = tuple[str, str, int | None]
"""Scheme, host and port (RFC 6454)."""


class _Realm(NamedTuple):
    """A part of an origin where one login counts."""

    origin: Origin
    given: str
    """The path for which a login was given; empty: for none."""
    service: str
    """The path of an index; empty: of none."""


class Credentials:
    """HTTP Basic authorization (RFC 7617) by origin: no host gets the credentials of another.

    Where several logins are known for an origin, such as the tokens of two indexes on one server, that of the URL
    counts which shares most of its path with what is asked for, as in pip. For any number of threads.
    """

    def __init__(self, urls: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._given: dict[Origin, dict[str, Login]] = {}
        """By the path for which it was given."""
        self._services: dict[Origin, dict[str, str]] = {}
        """By what the keyring knows the indexes of an origin: path -> URL."""
        self._from_keyring: dict[tuple[_Realm, str], Login | None] = {}
        """By user name."""
        self._second: dict[_Realm, str | None] = {}
        """What was found once a realm had refused the first answer."""
        for url in urls:
            self.learn(url)

    def learn(self, url: str) -> str:
        """The URL without its userinfo, which is kept for its origin."""
        if "@" not in url:
            return url
        parts = _split(url)
        if parts is None or "@" not in parts.netloc:
            return url
        login = unquote(parts.username or ""), unquote(parts.password or "")
        # What is known need not be kept once more for each file of a long lock.
        if any(login) and self._login(self._realm(parts)) != login:
            self._given.setdefault(_origin(parts), {}).setdefault(parts.path, login)
            _log.debug("credentials for %s: from a URL", _host(_origin(parts)))
        return without_userinfo(url)

    def learn_index(self, url: str, name: str | None = None) -> None:
        """Keep what is known of an index: its userinfo, and what the environment has for its name.

        uv's variables (``UV_INDEX_INTERNAL_PROXY_USERNAME``, ``..._PASSWORD`` for ``internal-proxy``) go before the
        userinfo, as they do in uv, and so do Poetry's (``POETRY_HTTP_BASIC_...``); one of the two is enough.
        """
        bare = self.learn(url)
        parts = _split(bare)
        if parts is None or not parts.hostname:
            return
        key = _origin(parts)
        self._services.setdefault(key, {}).setdefault(parts.path, bare)
        if login := _named_login(name) if name else None:
            self._given.setdefault(key, {})[parts.path] = login
            _log.debug("credentials for %s: from the variables of the index %s", _host(key), name)

    def authorization(self, url: str) -> str | None:
        """The value of the ``Authorization`` header for this URL, if there is one; may ask the keyring and block."""
        parts = _split(url)
        if parts is None:
            return None
        realm = self._realm(parts)
        second = self._second.get(realm)
        return self._first(realm)[0] if second is None else second

    def first(self, url: str) -> tuple[str | None, bool]:
        """What `authorization` says before any refusal, and whether the keyring knew it."""
        parts = _split(url)
        return (None, False) if parts is None else self._first(self._realm(parts))

    def _first(self, realm: _Realm) -> tuple[str | None, bool]:
        given = self._login(realm)
        own = self._own(realm)
        if given is None:
            return None if own is None else _basic(*own), False
        user, password = given
        if user and not password:
            if own is not None and own[0] == user:
                return _basic(*own), False
            known = self._ask(realm, user)
            return _basic(*(known or given)), known is not None
        return _basic(user, password), False

    def after_refusal(self, url: str, sent: str | None) -> bool:
        """Whether `authorization` has another answer now that the host has refused this one (401, 403).

        Looks for one once per realm; may block.
        """
        parts = _split(url)
        if parts is None:
            return False
        realm = self._realm(parts)
        if realm not in self._second:
            known = self._login(realm) or self._netrc.get(realm.origin[1])
            login = self._ask(realm, known[0] if known else "")
            self._second.setdefault(realm, None if login is None else _basic(*login))
            _log.debug(
                "%s refused the request %s credentials; %s",
                _host(realm.origin),
                "without" if sent is None else "with these",
                "no others are known" if login is None else "trying others, from the keyring",
            )
        second = self._second[realm]
        return second is not None and second != sent

    def _realm(self, parts: SplitResult) -> _Realm:
        key = _origin(parts)
        return _Realm(
            key, _nearest(self._given.get(key, ()), parts.path), _nearest(self._services.get(key, ()), parts.path)
        )

    def _login(self, realm: _Realm) -> Login | None:
        return self._given.get(realm.origin, {}).get(realm.given)

    def _own(self, realm: _Realm) -> Login | None:
        """What the netrc file has for the host: as for pip, its default entry is for every host without one."""
        return self._netrc.get(realm.origin[1]) or self._netrc.get(DEFAULT)

    @cached_property
    def _netrc(self) -> dict[str, Login]:
        return read_netrc()

    def _ask(self, realm: _Realm, user: str) -> Login | None:
        """What the keyring has for a realm, asked once, by one thread at a time: it may ask its user in turn."""
        with self._lock:
            question = realm, user
            if question not in self._from_keyring:
                host = _host(realm.origin)
                service = self._services.get(realm.origin, {}).get(realm.service) or f"{realm.origin[0]}://{host}/"
                asked_for = is_asked_for()
                if not asked_for:
                    _log.debug("the keyring is not asked: neither %s is set to use it", " nor ".join(KEYRING_VARIABLES))
                self._from_keyring[question] = ask_keyring((service, host), user) if asked_for else None
            return self._from_keyring[question]


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


def _named_login(name: str) -> Login | None:
    """What the environment has for the name of an index."""
    for before in NAMED:
        variable = f"{before}{_NO_NAME.sub('_', name.upper())}_"
        user, password = (os.environ.get(variable + half) for half in ("USERNAME", "PASSWORD"))
        if user is not None or password is not None:
            return user or "", password or ""
    return None


def _nearest(paths: Iterable[str], path: str) -> str:
    """The path that shares the most directories with this one, the first of several; empty when there is none."""
    parts = path.split("/")

    def shared(other: str) -> int:
        return sum(1 for _ in takewhile(bool, map(eq, other.split("/"), parts)))

    return max(tuple(paths), key=shared, default="")


def _host(key: Origin) -> str:
    """Host and, unless it is the usual one, port."""
    scheme, host, port = key
    host = f"[{host}]" if ":" in host else host
    return host if port == _DEFAULT_PORTS.get(scheme) else f"{host}:{port}"


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode("utf-8", "surrogateescape")).decode("ascii")
