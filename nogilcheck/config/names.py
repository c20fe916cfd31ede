"""Projects and rules, as users name them."""

from __future__ import annotations

import re

from nogilcheck.model.rules.table import BY_CODE, BY_NAME

IS_CODE = re.compile(r"ngc\d+", re.IGNORECASE)
"""A rule's code."""

NAME = re.compile(r"[A-Z0-9](?:[A-Z0-9._-]*[A-Z0-9])?", re.IGNORECASE | re.ASCII)
"""A project's name (PEP 508)."""


def rule_code(rule: str) -> str | None:
    """The code of the rule with this code or name; ``None`` where there is none."""
    if rule.upper() in BY_CODE:
        return rule.upper()
    named = BY_NAME.get(rule.lower())
    return named.code if named else None


def normalized(name: str) -> str:
    """The normalized name of a project (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
