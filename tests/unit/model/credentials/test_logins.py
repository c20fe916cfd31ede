from __future__ import annotations

import json

import pytest

from nogilcheck.model.credentials.logins import MAX_LINE, learn_logins
from nogilcheck.model.urls import redact


@pytest.mark.parametrize(
    ("given", "made_of_it"),
    [
        ("git+https://u:quince-9@h/x", "/here/git+https:/u:quince-9@h/x"),
        ("-r s3://u:quince-9@h/x", "s3:/u:quince-9@h/x: no such file"),
        ("u:quince-9@h/simple", "https://u:quince-9"),
        ("-i https://u:quince-9 tail-8@h/simple", "tail-8@h/simple and quince-9"),
        ("https://u:quince-9/tail-8@h/", "the port 'quince-9' is no number; tail-8@h"),
        ('url = "https://u:quin\\u0020tail-8@h"', "quin and tail-8"),
        ("https://u:pw@h/ https://v:quince-9@h/", "quince-9"),
    ],
)
def test_nothing_of_a_password_is_left_in_what_is_made_of_a_text(given: str, made_of_it: str) -> None:
    learn_logins(given)
    assert "***" in redact(made_of_it)
    assert not [part for part in ("quin", "tail-8") if part in redact(made_of_it)]


@pytest.mark.parametrize(
    "text",
    [
        "x @ https://h.example:8443/simple/x-1.0.whl", "https://h.example/@scope/x:1@2", "mailto:someone@h.example",
        "authors = [{name = 'Some: One', email = 'someone@h.example'}]", "pkg:pypi/simple@1.0", "git@h.example:a/b",
        "https://h.example:8443/simple/ and someone@h.example",
    ],
)  # fmt: skip
def test_text_without_a_password_teaches_nothing(text: str) -> None:
    learn_logins(text)
    words = "h.example simple someone Some One scope 8443 pypi x-1.0.whl"
    assert redact(words) == words


@pytest.mark.parametrize("text", ["a:", "://a:b", "@a://", '"', '\\"', "(", " ", "a:b@", " -a", "a://", "=a:"])
def test_a_large_text_is_gone_through_once(text: str) -> None:
    """With a look ahead from each of its parts these would take hours."""
    line = (text * (MAX_LINE // len(text)))[:-3] + ":@"
    learn_logins("\n".join([line] * 50))


def test_a_description_in_a_string_is_looked_at_line_by_line() -> None:
    prose = "Clone https://host.example:\n\n$ pip install\n\nor\n\nwrite to a@b.example"
    learn_logins(json.dumps({"description": prose}))
    assert redact("pip install or write") == "pip install or write"
