"""Which client sends a request: the plain one whatever is ordinary, httpx the rest."""

from __future__ import annotations

import os
import ssl
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from nogilcheck.index.http.authorities import named_authorities, ssl_context
from nogilcheck.index.http.network_backend import Deadline
from nogilcheck.index.http.raw_answer import RawAnswer

if TYPE_CHECKING:
    from nogilcheck.index.http.httpx_client import HttpxClient

_KEEPS_PROXIES: bool = sys.platform in {"win32", "darwin"}
"""Whether the system has settings of its own."""

_PROXIES = frozenset({"http_proxy", "https_proxy", "all_proxy"})


class Clients:
    """For any number of threads. Redirects are left to the caller."""

    def __init__(self, *, threads: int, deadline: Deadline) -> None:
        """Open what is needed at once.

        Proxies come from the environment (``HTTPS_PROXY``, ``NO_PROXY``, ...), certificate authorities from it, from
        certifi and the system. Raises `UsageError` for settings that make no sense.
        """
        # Reading some 150 certificates takes as long as importing the client, and runs without the GIL.
        context: list[ssl.SSLContext | Exception] = []

        def build() -> None:
            try:
                context.append(ssl_context(named_authorities()))
            except Exception as error:  # noqa: BLE001  raised where it is waited for
                context.append(error)

        builder = threading.Thread(target=build, daemon=True)
        builder.start()
        from nogilcheck.index.http import plain_client

        builder.join()
        if isinstance(context[0], Exception):
            raise context[0]
        self._context = context[0]
        self._threads = threads
        self._deadline = deadline
        self._lock = threading.Lock()
        self._is_closed = False
        self._plain = plain_client.PlainClient(context=self._context, deadline=deadline)
        self._httpx: HttpxClient | None = None
        self._module = plain_client
        self._has_proxies = has_proxies()
        if self._has_proxies:
            self._open_httpx()

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What the clients raise, besides `OSError`, where no usable answer comes."""
        return (*self._plain.errors, *(self._httpx.errors if self._httpx is not None else ()))

    @contextmanager
    def stream(self, url: str, headers: Mapping[str, str]) -> Iterator[RawAnswer]:
        """The answer to a GET, its body still to be read. Raises `errors` and `OSError`."""
        with ExitStack() as stack:
            answer = None
            if not self._has_proxies and self._module.is_ordinary(url):
                with suppress(self._module.UnusualError):
                    answer = stack.enter_context(self._plain.stream(url, headers))
            yield answer or stack.enter_context(self._open_httpx().stream(url, headers))

    def close(self) -> None:
        """Close every connection; requests under way fail, and none is begun any more."""
        with self._lock:
            self._is_closed = True
            opened = self._httpx
        self._plain.close()
        if opened is not None:
            opened.close()

    def _open_httpx(self) -> HttpxClient:
        from nogilcheck.index.http.httpx_client import HttpxClient

        with self._lock:
            if self._httpx is None:
                if self._is_closed:
                    raise OSError("the run was stopped")
                self._httpx = HttpxClient(threads=self._threads, context=self._context, deadline=self._deadline)
            return self._httpx


def has_proxies() -> bool:
    """Whether the environment names a proxy, or the settings of the system do on Windows and macOS."""
    if any(name.lower() in _PROXIES and value for name, value in os.environ.items()):
        return True
    return _KEEPS_PROXIES and _system_has_proxies()


def _system_has_proxies() -> bool:
    from urllib.request import getproxies

    return not _PROXIES.isdisjoint(f"{scheme}_proxy" for scheme in getproxies())
