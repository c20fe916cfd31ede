"""Any HTTP request: by httpx, which no other module imports.

``httpx2``, the maintained successor of httpx with the same interface, is taken where it is installed. HTTP/1.1
over several kept-alive connections: over one HTTP/2 connection the threads would take turns at its lock.
"""

from __future__ import annotations

import ssl
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Any

from nogilcheck.errors import UsageError
from nogilcheck.index.http import network_backend
from nogilcheck.index.http.network_backend import CONNECT_SECONDS, KEEP_ALIVE_SECONDS, Deadline, LookUpOnce
from nogilcheck.index.http.raw_answer import AUTHORIZATION, USUAL_HEADERS, RawAnswer
from nogilcheck.model.urls import redact


class HttpxClient:
    """Sends any request, for any number of threads; proxies come from the environment (``HTTPS_PROXY``, ...)."""

    def __init__(self, *, threads: int, context: ssl.SSLContext, deadline: Deadline) -> None:
        """Open it. Its requests keep to the deadline. Raises `UsageError` for settings that make no sense."""
        client = _client_module()
        from http.cookiejar import CookieJar, DefaultCookiePolicy  # which the client has imported anyway

        try:
            self._client = client.Client(
                verify=context,
                follow_redirects=False,
                timeout=client.Timeout(network_backend.READ_SECONDS, connect=CONNECT_SECONDS, pool=None),
                limits=client.Limits(
                    # Pages and files usually come from two hosts, and connections are kept.
                    max_connections=2 * threads,
                    max_keepalive_connections=2 * threads,
                    keepalive_expiry=KEEP_ALIVE_SECONDS,
                ),
                # No server of packages needs cookies, and those of all answers would be sent with each request.
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                headers=USUAL_HEADERS,
            )
        except (ValueError, ImportError, client.InvalidURL) as error:
            raise UsageError(
                f"the proxy settings of the environment cannot be used: {redact(str(error))}",
                hint="look at HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY",
            ) from None
        self.errors: tuple[type[Exception], ...] = (client.HTTPError, client.InvalidURL, client.StreamError)
        self._networks = tuple(_look_up_once(self._client, deadline))

    @contextmanager
    def stream(self, url: str, headers: Mapping[str, str]) -> Iterator[RawAnswer]:
        """The answer to a GET, its body still to be read. Raises what httpx raises."""
        with self._client.stream("GET", url, headers=headers) as raw:
            following = raw.next_request
            yield RawAnswer(
                status=raw.status_code,
                headers=raw.headers,
                pieces=raw.iter_raw(),
                url=str(raw.url),
                location=None if following is None else str(following.url),
                authorization=raw.request.headers.get(AUTHORIZATION),
            )

    def close(self) -> None:
        """Close every connection; requests under way fail, and none is begun any more."""
        for network in self._networks:
            network.close()
        self._client.close()


def _look_up_once(opened: Any, deadline: Deadline) -> Iterator[LookUpOnce]:
    """Put `LookUpOnce` into the connections of a client; neither httpx nor httpx2 offers a parameter for it.

    A client that is built otherwise looks names up for every connection, and works all the same.
    """
    for transport in (vars(opened).get("_transport"), *vars(opened).get("_mounts", {}).values()):
        pool = vars(transport).get("_pool") if transport is not None else None
        if pool is not None and "_network_backend" in vars(pool):
            network = vars(pool)["_network_backend"] = LookUpOnce(vars(pool)["_network_backend"], deadline)
            yield network


@cache
def _client_module() -> Any:
    try:
        return import_module("httpx2")
    except ImportError:
        pass
    # The command line of httpx is imported with it and brings rich and click along: a third of the import time.
    # An entry of None makes that import fail, which httpx provides for.
    command_line = "httpx._main"
    blocked = sys.modules.setdefault(command_line, None) is None  # type: ignore[arg-type]
    try:
        return import_module("httpx")
    finally:
        if blocked:
            sys.modules.pop(command_line, None)
