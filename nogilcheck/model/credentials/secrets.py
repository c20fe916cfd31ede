"""What this process knows of secrets: once learned, a secret is shown by no function of `nogilcheck.model.urls`.

Some indexes take a token as a part of the path (``https://packages.example/TOKEN/simple/``), where nothing marks it as
a secret; and what is made of a malformed URL may hold a part of its password (`nogilcheck.model.credentials.logins`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import quote, unquote, urlsplit

HIDDEN = "***"
"""What is shown of a secret that has no name."""

MIN_LENGTH = 3
"""Characters; a shorter value is no secret, and hiding it would garble messages."""

MIN_GUESSED_LENGTH = 6
"""The same for the value of a variable that was not named where the URL was written."""

MIN_TOKEN_LENGTH = 12
"""Characters of a part of a path that is taken for a token by its looks."""

MIN_CHANGES = 3
"""How often letters and digits take turns in such a part."""

MIN_PASSWORD_LENGTH = 6
"""Characters; a shorter part of a password is hidden only where it is a word of its own."""

_SPLITS = re.compile(r"[^!$&()*+=\w.~%-]+", re.ASCII)
"""Where a password is split: at what no userinfo may hold (RFC 3986, section 3.2.1), and at commas and quotes."""

_PUNCTUATION = "!$&()*+=.~%-_"

_TOKEN = re.compile(r"[\w.~=%-]+")
_CHANGE = re.compile(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])", re.IGNORECASE)
_SECRET_NAME = re.compile(r"token|key|secret|passw|pwd|auth|credential", re.IGNORECASE)
_URL = re.compile(r"(?P<host>[a-z][a-z0-9+.-]{0,31}://[^/?#\s]*+)(?P<rest>[/?#]\S*+)", re.IGNORECASE)
"""Schemes have fewer than 32 characters; without a bound a long word is gone through from each of its letters."""

_everywhere: dict[str, str] = {}
"""Secret -> what is shown instead, wherever it turns up."""
_words: dict[str, re.Pattern[str]] = {}
"""Parts of passwords that may be ordinary words -> where they are hidden: where they stand by themselves."""
_by_host: dict[str, dict[str, str]] = {}
"""The same for values that may be ordinary words: they are hidden in URLs of the host that they were used for."""


def learn_path(url: str) -> None:
    """Keep secrets that the path of an index's URL seems to hold.

    A part of it that looks like a token, and the value of an environment variable whose name says that it is secret:
    a shell has expanded the variable before anybody could see that it was one.
    """
    try:
        path = urlsplit(url).path
    except ValueError:
        return
    for name, value in tuple(os.environ.items()):
        if len(value) >= MIN_GUESSED_LENGTH and value in path and "/" not in value and _SECRET_NAME.search(name):
            _learn(value, f"${{{name}}}", url)
    for part in path.split("/"):
        if _looks_like_a_token(part):
            _learn(part, HIDDEN, url)


def learn_values(text: str, values: Mapping[str, str]) -> None:
    """Keep the values of variables (``${NAME}`` -> value) that stand in the path or query of a URL in ``text``."""
    for url in _URL.finditer(text) if values else ():
        for variable, value in values.items():
            if len(value) >= MIN_LENGTH and "://" not in value and value in url["rest"]:
                _learn(value, variable, url["host"])


def learn_password(password: str) -> None:
    """Keep a password, and the parts of it into which a parser of URLs, paths or options may split it."""
    parts = _SPLITS.split(password)
    for part in dict.fromkeys((password, unquote(password), *parts, *(part.strip(_PUNCTUATION) for part in parts))):
        if len(part) >= MIN_PASSWORD_LENGTH:
            _everywhere.setdefault(part, HIDDEN)
            _everywhere.setdefault(quote(part), HIDDEN)
            _everywhere.setdefault(quote(part, safe=""), HIDDEN)
        elif len(part) >= MIN_LENGTH:
            _words.setdefault(part, re.compile(rf"(?<![^\W_]){re.escape(part)}(?![^\W_])"))


def concealed(text: str) -> str:
    """The text without the secrets that are known."""
    for secret, shown in tuple(_everywhere.items()):
        text = text.replace(secret, shown)
    for word, places in tuple(_words.items()):
        if word in text:
            text = places.sub(HIDDEN, text)
    return _URL.sub(_concealed_url, text) if _by_host and "://" in text else text


def sealed(text: str, *urls: str) -> str:
    """Text to be kept, about the hosts of these URLs: a hash stands in the place of each secret."""
    for secret in known(*urls):
        text = text.replace(secret, _seal(secret))
    return text


def unsealed(text: str, *urls: str) -> str:
    """What was `sealed`. Raises `ValueError` when a secret is not known any more."""
    if _SEAL not in text:
        return text
    for secret in known(*urls):
        text = text.replace(_seal(secret), secret)
    if _SEAL in text:
        raise ValueError("a secret in a URL is not known any more")
    return text


def known(*urls: str) -> list[str]:
    """The secrets that `sealed` replaces, longer ones first, since one may be a part of another."""
    found = {*_everywhere, *(secret for url in urls for secret in _by_host.get(_host(url), ()))}
    return sorted(found, key=len, reverse=True)


_SEAL = "{sealed:"


def _seal(secret: str) -> str:
    return f"{_SEAL}{sha256(secret.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}}}"


def _concealed_url(url: re.Match[str]) -> str:
    rest = url["rest"]
    for secret, shown in _by_host.get(_host(url["host"]), {}).items():
        rest = rest.replace(secret, shown)
    return url["host"] + rest


def _learn(secret: str, shown: str, url: str) -> None:
    secrets = _everywhere if _looks_like_a_token(secret) else _by_host.setdefault(_host(url), {})
    for form in (secret, quote(secret), quote(secret, safe="")):  # also as it looks once a client has encoded it
        secrets.setdefault(form, shown)


def _host(url: str) -> str:
    authority = url.partition("://")[2].partition("/")[0]
    return authority.rpartition("@")[2].lower()


def _looks_like_a_token(text: str) -> bool:
    return (
        len(text) >= MIN_TOKEN_LENGTH
        and _TOKEN.fullmatch(text) is not None
        and len(_CHANGE.findall(text)) >= MIN_CHANGES
    )
