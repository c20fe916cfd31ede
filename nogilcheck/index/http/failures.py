"""The errors of a read, and their texts, none of which has credentials.

`ReadError` > `TransportError` (no usable answer) > `SilenceError` (no answer).
"""

from __future__ import annotations

from nogilcheck.model.artifact import Missing, MissingKind
from nogilcheck.model.time_limit import TimeLimit
from nogilcheck.model.urls import without_credentials

REFUSALS = frozenset({401, 403})
"""Statuses of a host that wants other credentials."""

PROXY_UNAUTHORIZED = 407

PROXY_WANTS = "the proxy wants credentials; write them into HTTPS_PROXY or HTTP_PROXY (http://USER:PASSWORD@...)"

NOT_TRUSTED = "its certificate is not trusted; SSL_CERT_FILE may name a file of authorities to trust"

_NOT_ACCEPTED = "it does not accept the credentials that it was given"
_NOT_AUTHORIZED = (
    "no credentials are known for it; write them into its URL (https://USER:PASSWORD@...) or the netrc file, "
    "or set PIP_KEYRING_PROVIDER=subprocess for those in the keyring"
)


class ReadError(Exception):
    """The bytes of a page or a file could not be read; ``missing`` is the answer to hand on."""

    def __init__(self, missing: Missing) -> None:
        super().__init__(missing.text)
        self.missing = missing


class TransportError(ReadError):
    """No usable answer; ``missing`` says why, and names the URL without credentials."""

    def __init__(self, kind: MissingKind, text: str) -> None:
        super().__init__(Missing(kind=kind, text=text))


class SilenceError(TransportError):
    """No answer came, or none that was whole."""

    def __init__(self, text: str, *, connected: bool, passing: bool, dripping: bool = False) -> None:
        super().__init__(MissingKind.UNREACHABLE, text)
        self.connected = connected
        """Whether there was a connection at all."""
        self.passing = passing
        """Whether another attempt may succeed."""
        self.dripping = dripping
        """Whether an answer came that would never have been whole."""


def refused(url: str, status: int, *, authorized: bool = False) -> TransportError:
    """The error for an answer with a status that is of no use.

    ``authorized``: whether credentials were sent.
    """
    kind = MissingKind.FORBIDDEN if status in REFUSALS else MissingKind.UNREACHABLE
    text = f"{without_credentials(url)} answered with HTTP status {status}"
    if status in REFUSALS:
        text = f"{text}: {_NOT_ACCEPTED if authorized else _NOT_AUTHORIZED}"
    elif status == PROXY_UNAUTHORIZED:
        text = f"{text}: {PROXY_WANTS}"
    return TransportError(kind, text)


def impatient(url: str, status: int, seconds: float) -> TransportError:
    """The error for a server that wants to be asked again in so many seconds, which is too late for this run."""
    wait = f"asks to be asked again in {min(seconds, 1e9):.0f} seconds"
    return TransportError(
        MissingKind.UNREACHABLE, f"{without_credentials(url)} answered with HTTP status {status}, and {wait}"
    )


def too_large(url: str, limit: int) -> TransportError:
    """The error for a body over its limit."""
    return TransportError(MissingKind.TOO_LARGE, f"{without_credentials(url)} is larger than {limit:,} bytes")


def out_of_time(limit: TimeLimit) -> TransportError:
    """The error for what was asked for when the time of the run was up."""
    return TransportError(MissingKind.UNRESOLVED, limit.text)


def stopped(url: str) -> TransportError:
    """The error for what was asked for when the run had ended."""
    return TransportError(MissingKind.UNREACHABLE, f"{without_credentials(url)} was not read: the run was stopped")
