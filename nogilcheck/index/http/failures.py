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

_EXPIRED = "its certificate has expired, or this machine's clock is wrong"
_NOT_YET_VALID = "its certificate is not valid yet, or this machine's clock is wrong"
_OTHER_HOST = "its certificate is for another host; check the host name in the URL"
_BY_VERIFY_CODE = {
    9: _NOT_YET_VALID, 10: _EXPIRED, 62: _OTHER_HOST, 64: _OTHER_HOST,
    -67818: _EXPIRED, -67602: _OTHER_HOST,
    0x800B0101: _EXPIRED, 0x800B010F: _OTHER_HOST,
}  # fmt: skip
"""OpenSSL's ``X509_V_ERR_*``, macOS' ``errSec*``, Windows' ``CERT_E_*``; the last is for what is not yet valid, too."""

_NO_HANDSHAKE = "no TLS connection can be made: the server offers TLS 1.1 or older, or does not speak TLS"
_HANDSHAKE_REASONS = (
    "PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "WRONG_VERSION_NUMBER", "HANDSHAKE_FAILURE", "UNKNOWN_PROTOCOL",
    "NO_SHARED_CIPHER", "HTTP_REQUEST", "INSUFFICIENT_SECURITY", "RECORD_LAYER_FAILURE",
)  # fmt: skip
"""How OpenSSL's reasons end where another attempt would end in the same."""

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

    def __init__(self, kind: MissingKind, text: str, *, reason: str = "") -> None:
        """``reason``: see `Missing.reason`."""
        super().__init__(Missing(kind=kind, text=text, reason=reason))


class SilenceError(TransportError):
    """No answer came, or none that was whole."""

    def __init__(self, url: str, reason: str, *, connected: bool, passing: bool, dripping: bool = False) -> None:
        missing = lasting(url, reason).missing
        super().__init__(missing.kind, missing.text, reason=missing.reason)
        self.connected = connected
        """Whether there was a connection at all."""
        self.passing = passing
        """Whether another attempt may succeed."""
        self.dripping = dripping
        """Whether an answer came that would never have been whole."""


def lasting(url: str, reason: str) -> TransportError:
    """The error for an answer that did not come and that another attempt would not bring either."""
    said = f"did not answer: {reason}"
    return TransportError(MissingKind.UNREACHABLE, f"{without_credentials(url)} {said}", reason=said)


def refused(url: str, status: int, *, authorized: bool = False) -> TransportError:
    """The error for an answer with a status that is of no use.

    ``authorized``: whether credentials were sent.
    """
    kind = MissingKind.FORBIDDEN if status in REFUSALS else MissingKind.UNREACHABLE
    reason = f"answered with HTTP status {status}"
    if status in REFUSALS:
        reason = f"{reason}: {_NOT_ACCEPTED if authorized else _NOT_AUTHORIZED}"
    elif status == PROXY_UNAUTHORIZED:
        reason = f"{reason}: {PROXY_WANTS}"
    return TransportError(kind, f"{without_credentials(url)} {reason}", reason=reason)


def impatient(url: str, status: int, seconds: float) -> TransportError:
    """The error for a server that wants to be asked again in so many seconds, which is too late for this run."""
    reason = f"answered with HTTP status {status}, and asks to be asked again in {min(seconds, 1e9):.0f} seconds"
    return TransportError(MissingKind.UNREACHABLE, f"{without_credentials(url)} {reason}", reason=reason)


def tls_failure(error: BaseException | None) -> str | None:
    """What the TLS handshake failed for, where another attempt would fail as well; ``None``: it did not."""
    from ssl import SSLCertVerificationError, SSLError

    while error is not None and not isinstance(error, SSLError):
        error = error.__cause__ or error.__context__
    if isinstance(error, SSLCertVerificationError):
        return _BY_VERIFY_CODE.get(error.verify_code, NOT_TRUSTED)
    if isinstance(error, SSLError) and (error.reason or "").endswith(_HANDSHAKE_REASONS):
        return _NO_HANDSHAKE
    return None


def too_large(url: str, limit: int) -> TransportError:
    """The error for a body over its limit."""
    return TransportError(MissingKind.TOO_LARGE, f"{without_credentials(url)} is larger than {limit:,} bytes")


def out_of_time(limit: TimeLimit) -> TransportError:
    """The error for what was asked for when the time of the run was up."""
    return TransportError(MissingKind.UNRESOLVED, limit.text)


def stopped(url: str) -> TransportError:
    """The error for what was asked for when the run had ended."""
    return TransportError(MissingKind.UNREACHABLE, f"{without_credentials(url)} was not read: the run was stopped")
