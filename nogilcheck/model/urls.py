"""URLs, and text of strangers, that are safe to show."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import urlsplit, urlunsplit

from nogilcheck.model.credentials.secrets import concealed

_USERINFO = re.compile(
    r"(?P<scheme>(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*:[/\\]+)"
    # A password may hold a bare / or # by mistake: it goes up to the last @. To show too little is the safe error.
    r"(?:[^/?#\s@:]*:\S*|[^/?#\s@]*)@",
    re.IGNORECASE,
)
_PARAMETER = re.compile(r"[?&;#](?P<name>[^=&;\s#]*+)(?P<equals>=(?=[^&;\s#]))?+")
_TELLING = re.compile(r"token|key|secret|passw|pwd|auth|sig|credential", re.IGNORECASE)
"""What the name of a parameter has in it when its value is nobody's business."""
_VALUE = re.compile(r"[^&;\s#]++")
_WORD = re.compile(r"\S++")

QUOTE_LIMIT = 200
"""Characters of text from a stranger that a sentence quotes."""


def without_userinfo(url: str) -> str:
    """The URL without userinfo and otherwise as it is, to be asked for; perhaps not to be shown.

    ``git@`` in ``ssh://git@host`` is a login name rather than a secret, and goes all the same.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return redact(url)
    if "@" not in parts.netloc:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def without_credentials(url: str) -> str:
    """The URL for display: no userinfo, nothing that may be half a password, no secret in the query or in the path.

    Of a path only `nogilcheck.model.credentials.secrets` can tell. What comes back need not lead anywhere: use
    `without_userinfo` to ask for it, `identity` to tell it apart.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for half a password
    except ValueError:
        return redact(url)
    if "@" not in parts.netloc and "@" in url and ":" in parts.netloc:
        return redact(url)  # perhaps a password that begins with digits and a slash
    return concealed(_without_parameters(without_userinfo(url)))


def identity(url: str) -> str:
    """A name for what is kept of a URL: the same with any userinfo, different for different URLs, and no secret."""
    bare, shown = without_userinfo(url), without_credentials(url)
    return shown if shown == bare else f"{shown}#{sha256(bare.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def redact(text: str) -> str:
    """Free text with the userinfo of every URL in it, and secrets in its query or path, replaced."""
    return concealed(_without_parameters(_WORD.sub(_without_userinfo_in_word, text)))


def quotable(text: str) -> str:
    """Text from a stranger, fit to be quoted: no control characters, no credentials, at most `QUOTE_LIMIT` long."""
    short = text[: QUOTE_LIMIT * 4]
    clean = "".join(character if character.isprintable() else " " for character in redact(short)).strip()
    return clean if len(clean) <= QUOTE_LIMIT else clean[: QUOTE_LIMIT - 3] + "..."


def _without_userinfo_in_word(match: re.Match[str]) -> str:
    """What follows the last ``@`` is not looked at: every URL there would be followed to the end, and in vain."""
    word = match[0]
    end = word.rfind("@") + 1
    return _USERINFO.sub(r"\g<scheme>***@", word[:end]) + word[end:] if end else word


def _without_parameters(text: str) -> str:
    """The text with ``***`` for the value of each telling parameter. A stranger's text is gone through once, too."""
    parts: list[str] = []
    done = at = 0
    while parameter := _PARAMETER.search(text, at):
        at = parameter.end()
        if parameter["equals"] and _TELLING.search(parameter["name"]):
            parts += text[done:at], "***"
            value = _VALUE.match(text, at)
            done = at = value.end() if value else at
    return "".join((*parts, text[done:]))
