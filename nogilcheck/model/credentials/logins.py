"""Passwords in the text that the user gave, learned before anything is made of it.

A path is normalized, a line split into words, and an error message quotes half a host name: what is left of a password
in a malformed URL is recognized by nothing then.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from nogilcheck.model.credentials.secrets import learn_password

MAX_LINE = 16 * 1024
"""Characters of a line in which a login is looked for; longer ones are lists of hashes."""

MAX_BREAKS = 3
"""Line breaks in a string that is one value; one with more of them is prose, such as a description, line by line."""

_SCHEME = re.compile(r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,31}:+[/\\]+|(?<![\w:/])//", re.IGNORECASE)
_START = re.compile(r"(?:^|(?<=[\s=@\"'(,/\\]))(?=[^/?#\s@:\\=\"'(,]*:\S)")
"""Where a login without a scheme may begin."""
_USER = re.compile(
    r"(?!(?:mailto|pkg):|[a-z][a-z0-9+.-]{0,31}:+[/\\])[^/?#\s@:\\]*:(?!\d{1,5}(?:[/?#\s]|$))", re.IGNORECASE
)
"""A user name before a password, which goes up to the last ``@``; digits alone are a port."""
_NEXT = re.compile(r"\s(?=-{1,2}[a-z]|[a-z][a-z0-9+.-]{0,31}://)", re.IGNORECASE)
"""Between two URLs of a line."""
_STRING = re.compile(r'"(?:[^"\\]|\\.)*(?:"|$)')


def learn_logins(text: str) -> None:
    """Learn the passwords of all URLs in a text, malformed ones and those without a scheme included."""
    if "@" not in text:
        return
    for line in text.splitlines():
        if "@" in line and ":" in line and len(line) <= MAX_LINE:
            for value in tuple(_strings(line)) or (line,):
                for part in value.splitlines() if value.count("\n") > MAX_BREAKS else (value,):
                    _learn_in(part)


def _strings(line: str) -> Iterator[str]:
    """The quoted strings of a line of TOML or JSON that may hold a login."""
    for quoted in _STRING.finditer(line):
        if "@" in quoted[0] and quoted[0][1:].endswith('"'):
            try:
                yield json.loads(quoted[0], strict=False)
            except ValueError:
                yield quoted[0][1:-1]


def _learn_in(value: str) -> None:
    last = value.rfind("@")
    starts = sorted((*_SCHEME.finditer(value, 0, last), *_START.finditer(value, 0, last)), key=re.Match.start)
    done = 0
    for start in starts:
        if start.start() >= done and (user := _USER.match(value, start.end(), last)) is not None:
            done = _end(value, user.end())
            learn_password(value[user.end() : value.rfind("@", user.end(), done)])


def _end(value: str, start: int) -> int:
    """Where what begins at ``start`` ends: before the next URL or option, once there was an ``@``."""
    following = _NEXT.search(value, value.find("@", start))
    return len(value) if following is None else following.start()
