"""The certificate authorities that a server is verified with."""

from __future__ import annotations

import logging
import os
import ssl
import sys
from contextlib import suppress
from functools import cache
from importlib import import_module

from nogilcheck.errors import UsageError
from nogilcheck.frozen import frozen

_log = logging.getLogger(__name__)

FILE_VARIABLES = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""What names certificate authorities instead of the usual ones, the first that is set: a file, or a directory."""

DIRECTORY_VARIABLE = "SSL_CERT_DIR"
"""Directories of them, as ``c_rehash`` makes them, in addition to the file."""

_SYSTEM_DECIDES = sys.platform in {"win32", "darwin"}
"""Whether the system has to be asked: OpenSSL reads no keychain, and Windows loads authorities when they are needed."""


@frozen
class Authorities:
    """Files and directories of certificate authorities, each with the variable that names it."""

    files: tuple[tuple[str, str], ...] = ()
    directories: tuple[tuple[str, str], ...] = ()


def named_authorities() -> Authorities:
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
    return Authorities(files=tuple(files), directories=tuple(directories))


@cache
def ssl_context(named: Authorities) -> ssl.SSLContext:
    """A context that verifies with those that the environment names; without any, certifi's and those of the system.

    Raises `UsageError` for what cannot be read.

    The system's own come into it where a company has installed its authority there: OpenSSL's directories on Linux,
    the certificate store on Windows, the keychain on macOS.
    """
    if not (named.files or named.directories):
        return _usual_context()
    context = _openssl_context()
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


def _usual_context() -> ssl.SSLContext:
    context = (_system_context() if _SYSTEM_DECIDES else None) or _openssl_context()
    with suppress(ImportError, OSError):
        context.load_verify_locations(cafile=str(import_module("certifi").where()))
    if not _SYSTEM_DECIDES:
        with suppress(OSError):
            context.load_default_certs()
    return context


def _openssl_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # As `ssl.create_default_context`, but for VERIFY_X509_STRICT: many a company's authority does not pass it.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def _system_context() -> ssl.SSLContext | None:
    """What has the system verify, as pip does it; ``None`` where it cannot be had."""
    try:
        from truststore import SSLContext

        return SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    except (ImportError, OSError) as error:
        _log.debug("certificates: the system is not asked (%s)", error)
        return None
