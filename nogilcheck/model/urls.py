"""URLs that are safe to show."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

_USERINFO = re.compile(
    r"(?P<scheme>(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*://)"
    # A password may hold a bare / or # by mistake: it goes up to the last @. To show too little is the safe error.
    r"(?:[^/?#\s@:]*:\S*|[^/?#\s@]*)@",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"(?P<name>[?&;#][^=&;\s#]*(?:token|key|secret|passw|pwd|auth|sig|credential)[^=&;\s#]*=)[^&;\s#]+", re.IGNORECASE
)
"""A value in a query whose name says that it is nobody's business."""


def without_credentials(url: str) -> str:
    """The URL without userinfo, for display and for cache keys; anything else comes back unchanged.

    ``git@`` in ``ssh://git@host`` is a login name rather than a secret, and goes all the same.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for half a password
    except ValueError:
        return redact(url)
    if "@" in parts.netloc:
        url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    elif "@" in url and ":" in parts.netloc:  # perhaps a password that begins with digits and a slash
        return redact(url)
    return _SECRET.sub(r"\g<name>***", url) if "=" in url else url


def redact(text: str) -> str:
    """Free text with the userinfo of every URL in it, and secrets in its query, replaced by ``***``."""
    return _SECRET.sub(r"\g<name>***", _USERINFO.sub(r"\g<scheme>***@", text))
