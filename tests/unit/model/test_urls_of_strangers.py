"""Text that strangers wrote is gone through once, and what is hidden of it stays the same."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nogilcheck.model.urls import QUOTE_LIMIT, quotable, redact, without_credentials

USERINFO = re.compile(
    r"(?P<scheme>(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*:[/\\]+)(?:[^/?#\s@:]*:\S*|[^/?#\s@]*)@",
    re.IGNORECASE,
)
SECRET = re.compile(
    r"(?P<name>[?&;#][^=&;\s#]*(?:token|key|secret|passw|pwd|auth|sig|credential)[^=&;\s#]*=)[^&;\s#]+", re.IGNORECASE
)
"""What is to be hidden, said in the shortest way, which takes time that grows with the third power of the text."""

WORDS = ("a", "://", "@", ":", "/", "?", "#", "&", ";", "=", "key", "TOKEN", "x", " ", "\n", "https", "1", "-", "sig")


@settings(max_examples=500)
@given(st.lists(st.sampled_from(WORDS), max_size=18).map("".join))
def test_the_same_is_hidden_as_by_the_definition(text: str) -> None:
    assert redact(text) == SECRET.sub(r"\g<name>***", USERINFO.sub(r"\g<scheme>***@", text))


LARGE = 300_000


@pytest.mark.parametrize(
    "text", ["a://", "a://a:", "?key", "?", "key", "?key=", "@a://", "a", "?a=", "://", "a:b@", "&;"]
)
def test_a_large_text_is_gone_through_once(text: str) -> None:
    """With a look back or ahead from each of its parts these would take hours."""
    large = text * (LARGE // len(text))
    for each in (large, f"?{large}", f"https://host/{large}", f"https://u:p@host/?{large}"):
        redact(each)
        without_credentials(each)


def test_quoted_text_is_safe_and_short() -> None:
    assert quotable("a\x1b[0m\r\n\u202eb") == "a [0m   b"
    assert quotable("https://user:secret@host/x") == "https://***@host/x"
    assert len(quotable("x" * 10_000)) == QUOTE_LIMIT
