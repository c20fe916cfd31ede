"""The HTTP client: the only module that imports one.

``httpx2``, the maintained successor of httpx with the same interface, is taken where it is installed. HTTP/1.1
over several kept-alive connections: over one HTTP/2 connection the threads would take turns at its lock.
"""

from __future__ import annotations

import logging
import os
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from nogilcheck import __version__
from nogilcheck.errors import UsageError
from nogilcheck.index.http.content_codings import ACCEPTED
from nogilcheck.index.http.network_backend import Deadline, LookUpOnce
from nogilcheck.model.urls import redact

_log = logging.getLogger(__name__)

CONNECT_SECONDS = 10.0
"""For the connection and the TLS handshake, each."""

READ_SECONDS = 15.0
"""Between two pieces of an answer."""

KEEP_ALIVE_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenClient:
    """A client and all that belongs to it."""

    module: Any
    """httpx, or httpx2."""
    client: Any
    networks: tuple[LookUpOnce, ...]
    """What opens its connections."""

    def close(self) -> None:
        """Close every connection; requests under way fail, and none is begun any more."""
        for network in self.networks:
            network.close()
        self.client.close()


def open_client(threads: int, deadline: Deadline) -> OpenClient:
    """A client for this many threads, whose requests keep to the deadline.

    Proxies come from the environment (``HTTPS_PROXY``, ``NO_PROXY``, ...), certificate authorities from it
    (`FILE_VARIABLES`, `DIRECTORY_VARIABLE`), certifi and the system. Redirects are left to the caller. Raises
    `UsageError` for settings that make no sense.
    """
    # Reading some 150 certificates takes as long as importing the client, and runs without the GIL.
    context: list[ssl.SSLContext | Exception] = []

    def build() -> None:
        try:
            context.append(_ssl_context(_authorities()))
        except Exception as error:  # noqa: BLE001  raised where it is waited for
            context.append(error)

    builder = threading.Thread(target=build, daemon=True)
    builder.start()
    client = _client_module()
    from http.cookiejar import CookieJar, DefaultCookiePolicy  # which the client has imported anyway

    builder.join()
    if isinstance(context[0], Exception):
        raise context[0]
    try:
        opened = client.Client(
            verify=context[0],
            follow_redirects=False,
            timeout=client.Timeout(READ_SECONDS, connect=CONNECT_SECONDS, pool=None),
            limits=client.Limits(
                # Pages and files usually come from two hosts, and connections are kept.
                max_connections=2 * threads,
                max_keepalive_connections=2 * threads,
                keepalive_expiry=KEEP_ALIVE_SECONDS,
            ),
            # No server of packages needs cookies, and those of all answers would be sent with each request.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"User-Agent": f"nogilcheck/{__version__}", "Accept-Encoding": ACCEPTED},
        )
    except (ValueError, ImportError, client.InvalidURL) as error:
        raise UsageError(
            f"the proxy settings of the environment cannot be used: {redact(str(error))}",
            hint="look at HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY",
        ) from None
    return OpenClient(module=client, client=opened, networks=tuple(_look_up_once(opened, deadline)))


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


FILE_VARIABLES = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""What names certificate authorities instead of the usual ones, the first that is set: a file, or a directory."""

DIRECTORY_VARIABLE = "SSL_CERT_DIR"
"""Directories of them, as ``c_rehash`` makes them, in addition to the file."""


@dataclass(frozen=True, slots=True)
class _Authorities:
    """Files and directories of certificate authorities, each with the variable that names it."""

    files: tuple[tuple[str, str], ...] = ()
    directories: tuple[tuple[str, str], ...] = ()


def _authorities() -> _Authorities:
    """What the environment names; nothing: the usual ones."""
    environment = os.environ
    files: list[tuple[str, str]] = []
    directories: list[tuple[str, str]] = []
    for variable in FILE_VARIABLES:
        if path := environment.get(variable):
            (directories if os.path.isdir(path) else files).append((variable, path))
            break
    further = environment.get(DIRECTORY_VARIABLE, "").split(os.pathsep)
    directories += [(DIRECTORY_VARIABLE, path) for path in further if path]
    return _Authorities(tuple(files), tuple(directories))


@cache
def _ssl_context(named: _Authorities) -> ssl.SSLContext:
    """Those that the environment names; without any, certifi's and those of the system.

    The system's own come into it where a company has installed its authority there (OpenSSL's directories, on Windows
    the certificate store).
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # As `ssl.create_default_context`, but for VERIFY_X509_STRICT: many a company's authority does not pass it.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if not (named.files or named.directories):
        with suppress(ImportError, OSError):
            context.load_verify_locations(cafile=str(import_module("certifi").where()))
        with suppress(OSError):
            context.load_default_certs()
        return context
    for variable, path in (*named.files, *named.directories):
        _log.debug("certificate authorities: from %s (%s)", path, variable)
        try:
            if (variable, path) in named.files:
                context.load_verify_locations(cafile=path)
            elif os.path.isdir(path):
                context.load_verify_locations(capath=path)
            else:
                raise NotADirectoryError("there is no such directory")
        except (OSError, ValueError) as error:
            raise UsageError(
                f"the certificate authorities in {path} cannot be read: {error}", hint=f"look at {variable}"
            ) from None
    return context
