"""The HTTP client: the only module that imports one.

``httpx2``, the maintained successor of httpx with the same interface, is taken where it is installed. HTTP/1.1
over several kept-alive connections: over one HTTP/2 connection the threads would take turns at its lock.
"""

from __future__ import annotations

import os
import ssl
import sys
import threading
from functools import cache
from importlib import import_module
from typing import Any

from nogilcheck import __version__
from nogilcheck.errors import UsageError
from nogilcheck.index.lookup import LookUpOnce
from nogilcheck.model.urls import redact

CONNECT_SECONDS = 10.0
"""For the connection and the TLS handshake, each."""

READ_SECONDS = 15.0
"""Between two pieces of an answer."""

MAX_REDIRECTS = 10

KEEP_ALIVE_SECONDS = 30.0


def open_client(threads: int) -> tuple[Any, Any]:
    """The client's module and a client for this many threads.

    Proxies come from the environment (``HTTPS_PROXY``, ``NO_PROXY``, ...), certificate authorities from
    ``SSL_CERT_FILE``, ``REQUESTS_CA_BUNDLE`` or ``SSL_CERT_DIR``. Raises `UsageError` when those make no sense.
    """
    # Reading some 150 certificates takes as long as importing the client, and runs without the GIL.
    context: list[ssl.SSLContext | UsageError] = []

    def build() -> None:
        try:
            context.append(_ssl_context(*_authorities()))
        except UsageError as error:
            context.append(error)

    builder = threading.Thread(target=build, daemon=True)
    builder.start()
    client = _client_module()
    builder.join()
    if isinstance(context[0], UsageError):
        raise context[0]
    try:
        opened = client.Client(
            verify=context[0],
            follow_redirects=True,
            max_redirects=MAX_REDIRECTS,
            timeout=client.Timeout(READ_SECONDS, connect=CONNECT_SECONDS, pool=None),
            limits=client.Limits(
                # Pages and files usually come from two hosts; each may fill its gate.
                max_connections=2 * threads,
                max_keepalive_connections=2 * threads,
                keepalive_expiry=KEEP_ALIVE_SECONDS,
            ),
            headers={"User-Agent": f"nogilcheck/{__version__}"},
        )
    except (ValueError, ImportError, client.InvalidURL) as error:
        raise UsageError(
            f"the proxy settings of the environment cannot be used: {redact(str(error))}",
            hint="look at HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY",
        ) from None
    _look_up_once(opened)
    return client, opened


def _look_up_once(opened: Any) -> None:
    """Put `LookUpOnce` into the direct connections of a client; neither httpx nor httpx2 offers a parameter for it.

    A client that is built otherwise looks names up for every connection, and works all the same.
    """
    pool = vars(opened).get("_transport")
    pool = vars(pool).get("_pool") if pool is not None else None
    if pool is not None and "_network_backend" in vars(pool):
        vars(pool)["_network_backend"] = LookUpOnce(vars(pool)["_network_backend"])


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


def _authorities() -> tuple[str | None, str | None]:
    """A file and a directory of certificate authorities; ``None`` twice for the client's own."""
    environment = os.environ
    file = environment.get("SSL_CERT_FILE") or environment.get("REQUESTS_CA_BUNDLE") or None
    return file, None if file else environment.get("SSL_CERT_DIR") or None


@cache
def _ssl_context(file: str | None, directory: str | None) -> ssl.SSLContext:
    if file is None and directory is None:
        try:
            file = str(import_module("certifi").where())
        except ImportError:
            return ssl.create_default_context()
    try:
        return ssl.create_default_context(cafile=file, capath=directory)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            f"the certificate authorities in {file or directory} cannot be read: {error}",
            hint="look at SSL_CERT_FILE, REQUESTS_CA_BUNDLE and SSL_CERT_DIR",
        ) from None
