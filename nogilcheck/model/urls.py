"""URLs that are safe to show."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

_USERINFO = re.compile(r"(?P<scheme>(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*://)[^/?#\s@]*(?::[^/?#\s]*)?@", re.IGNORECASE)


def without_credentials(url: str) -> str:
    """The URL without userinfo, for display and for cache keys; anything else comes back unchanged.

    ``git@`` in ``ssh://git@host`` is a login name rather than a secret, and goes all the same.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return redact(url)
    if "@" not in parts.netloc:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def redact(text: str) -> str:
    """Free text with the userinfo of every URL in it replaced by ``***``."""
    return _USERINFO.sub(r"\g<scheme>***@", text)
