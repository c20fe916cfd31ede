"""One request and its redirects. Each host on the way gets its own credentials and nobody else's."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from nogilcheck.index.http.clients import Clients
from nogilcheck.index.http.credentials import Credentials
from nogilcheck.index.http.failures import TransportError
from nogilcheck.index.http.hosts import Hosts
from nogilcheck.index.http.network_backend import Deadline
from nogilcheck.index.http.raw_answer import AUTHORIZATION, RawAnswer
from nogilcheck.model.artifact import MissingKind
from nogilcheck.model.urls import without_credentials, without_userinfo

_log = logging.getLogger(__name__)

HEAD_SECONDS = 60.0
"""From a request to the end of the head of its answer: a server that drips never ends a read timeout."""

BODY_SECONDS = 120.0
"""For the body that follows."""

MAX_REDIRECTS = 10
"""From one host to the next, for one request."""

REDIRECT_BODY = 64 * 1024
"""Bytes of a redirect's body that are read and dropped to keep the connection; a longer one costs the connection."""


class Messenger:
    """Sends requests for any number of threads."""

    def __init__(self, *, clients: Clients, credentials: Credentials, deadline: Deadline, hosts: Hosts) -> None:
        self._clients = clients
        self._credentials = credentials
        self._deadline = deadline
        self._hosts = hosts
        self._lock = threading.Lock()
        self.requests = 0
        """Sent so far."""

    @contextmanager
    def send(self, url: str, headers: Mapping[str, str]) -> Iterator[RawAnswer]:
        """The answer to a GET after redirects, its body still to be read.

        Raises what the clients raise, and `TransportError` after `MAX_REDIRECTS`.
        """
        target = self._credentials.learn(url)
        was_secure = False
        before: list[str | None] = []
        for _ in range(MAX_REDIRECTS + 1):
            with self._lock:
                self.requests += 1
            authorized = self._authorized(target, headers, was_secure=was_secure)
            if _log.isEnabledFor(logging.DEBUG):
                has = "with" if AUTHORIZATION in authorized else "without"
                _log.debug("GET %s %s credentials", without_credentials(target), has)
            self._deadline.allow(HEAD_SECONDS)
            with self._clients.stream(target, authorized) as raw:
                self._deadline.allow(BODY_SECONDS)
                self._hosts.has_answered(url)
                if raw.location is None:
                    raw.before = tuple(before)
                    yield raw
                    return
                _drain(raw)
                before.append(raw.authorization)
            was_secure |= target.startswith("https:")
            target = without_userinfo(raw.location)
        raise TransportError(
            MissingKind.UNREACHABLE, f"{without_credentials(url)} was redirected more than {MAX_REDIRECTS} times"
        )

    def _authorized(self, target: str, headers: Mapping[str, str], *, was_secure: bool) -> Mapping[str, str]:
        if was_secure and not target.startswith("https:"):
            _log.debug("no credentials for %s: it was redirected to from https", without_credentials(target))
            return headers  # nothing that was meant for TLS goes in the clear
        authorization = self._credentials.authorization(target)
        return headers if authorization is None else {**headers, AUTHORIZATION: authorization}


def _drain(raw: RawAnswer) -> None:
    """Read what follows a redirect, so that the connection can be used again."""
    read = 0
    for piece in raw.pieces:
        read += len(piece)
        if read > REDIRECT_BODY:
            break
